// Asks the sandbox's own server.

export async function send(path, body) {
  const response = await fetch(path, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(body),
  });
  if (!response.ok) throw new Error(wordsOf(await response.text()));
  return response.json();
}

// An error of the server is a small page; its last paragraph tells what went wrong.
function wordsOf(page) {
  return page.replace(/[\s\S]*<p>/, "").replace(/<[^>]*>/g, " ").trim();
}
