// The workflow that people may start: Slack's form for it, and how far its steps are.
import { el } from "./dom.js";
import { send } from "./server.js";

const $ = (id) => document.getElementById(id);
const WORDS = { later: "not yet", running: "running", done: "done", failed: "failed" };
const MARKS = { later: "○", running: "●", done: "✓", failed: "✕" };
let hands = {};

// *doing*: attempt(promise maker), viewer().
export function drawRuns(runs, doing) {
  hands = doing;
  const place = $("runs");
  const drawn = JSON.stringify(runs);
  if (place.dataset.drawn === drawn) return;
  place.dataset.drawn = drawn;
  const opened = new Map([...place.children].map((each) => [each.dataset.run, each.open]));
  const had = place.contains(document.activeElement) ? document.activeElement.closest("details").dataset.run : null;
  place.replaceChildren(...runs.map((run) => drawRun(run, opened.get(run.id) ?? true)));
  const kept = [...place.children].find((each) => each.dataset.run === had);
  if (had) (kept?.querySelector("summary") ?? $("text")).focus();
}

function drawRun(run, open) {
  const done = run.steps.filter((step) => step.state === "done").length;
  const failed = run.steps.some((step) => step.state === "failed");
  const how = failed ? "failed" : `${done} of ${run.steps.length} steps done`;
  return el("details", { class: "run", "data-run": run.id, open },
    el("summary", {}, el("strong", {}, `Workflow: ${run.image} with ${run.account}`), ` · ${how}`),
    el("ol", {}, run.steps.map(drawStep)),
    el("button", { type: "button", class: "tour-go", onclick: () => hands.attempt(() => send("/dismiss", { run: run.id })) }, "Dismiss"));
}

const drawStep = ({ title, state, told }) => el("li", {},
  el("span", { "aria-hidden": "true" }, `${MARKS[state]} `), el("strong", {}, title), `: ${WORDS[state]}`,
  el("span", { class: "told" }, Object.entries(told).map(([name, value]) => el("span", {}, `${name}: ${value}`))));

export function askForWorkflow(title) {
  $("workflow-form").reset();
  $("workflow-title").textContent = title;
  $("workflow").showModal();
}

$("workflow-cancel").addEventListener("click", () => $("workflow").close());
$("workflow-form").addEventListener("submit", () => {
  const inputs = Object.fromEntries(new FormData($("workflow-form")));
  hands.attempt(() => send("/workflow", { user: hands.viewer(), inputs }));
});
