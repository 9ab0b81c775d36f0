// Dark or light: as the system has it, until somebody switches.
const KEY = "theme";
const system = matchMedia("(prefers-color-scheme: dark)");
const root = document.documentElement;

const isDark = () => (root.dataset.theme ? root.dataset.theme === "dark" : system.matches);

export function themeSwitch(button) {
  const draw = () => button.setAttribute("aria-checked", String(isDark()));
  button.addEventListener("click", () => {
    root.dataset.theme = isDark() ? "light" : "dark";
    try { localStorage.setItem(KEY, root.dataset.theme); } catch { /* It is kept for this page only. */ }
    draw();
  });
  system.addEventListener("change", draw);
  draw();
}

try {
  const kept = localStorage.getItem(KEY);
  if (kept) root.dataset.theme = kept;
} catch { /* Nothing was kept. */ }
