// What the keyboard does: one Tab stop for each group, arrows within it, Esc closes.

const STEPS = { ArrowDown: 1, ArrowRight: 1, ArrowUp: -1, ArrowLeft: -1 };

// Have the items of a group be one Tab stop. Called again after each drawing.
export function rove(group, selector = "button") {
  const items = () => [...group.querySelectorAll(selector)].filter((item) => !item.closest("[hidden]"));
  const stopAt = (item) => { for (const each of items()) each.tabIndex = each === item ? 0 : -1; };
  if (!group.roving) {
    group.roving = true;
    group.addEventListener("focusin", (event) => {
      const item = event.target.closest(selector);
      if (item) stopAt(item);
    });
    group.addEventListener("keydown", (event) => {
      const all = items();
      const next = target(event.key, all.indexOf(document.activeElement), all.length);
      if (next === null) return;
      event.preventDefault();
      all[next].focus();
    });
  }
  const all = items();
  const chosen = all.find((item) => item === document.activeElement)
    ?? all.find((item) => item.matches('[aria-current="true"], [aria-selected="true"]'))
    ?? all.find((item) => item.getAttribute("tabindex") === "0") ?? all[0];
  stopAt(chosen);
}

// Where a key leads from number *at* of *length*; null if nowhere.
function target(key, at, length) {
  if (at < 0) return null;
  if (key === "Home") return 0;
  if (key === "End") return length - 1;
  return STEPS[key] ? (at + STEPS[key] + length) % length : null;
}

const CONTROLS = "button, input, select, textarea, summary, a[href]";

// A list of messages is one Tab stop. Arrows go from message to message, Tab into the one with the focus.
export function readByArrows(list) {
  list.addEventListener("focusin", () => stops(list));
  list.addEventListener("focusout", () => setTimeout(() => stops(list)));
  list.addEventListener("keydown", (event) => {
    const messages = [...list.children];
    const at = messages.findIndex((each) => each === document.activeElement);
    if (event.key === "Escape" && at < 0 && document.activeElement !== list) current(list)?.focus();
    else if (at >= 0 || document.activeElement === list) move(event, messages, at);
  });
}

function move(event, messages, at) {
  const steps = { ArrowDown: at + 1, ArrowUp: at < 0 ? messages.length - 1 : at - 1, Home: 0, End: messages.length - 1 };
  const next = messages[steps[event.key]];
  if (!next) return;
  event.preventDefault();
  next.focus();
  next.scrollIntoView({ block: "nearest" });
}

const current = (list) => [...list.children].find((each) => each.contains(document.activeElement));

// Called after each drawing, too.
export function stops(list) {
  const here = current(list);
  for (const each of list.children) {
    for (const control of each.querySelectorAll(CONTROLS)) control.tabIndex = each === here ? 0 : -1;
  }
}

// Gives the focus back to what opened the menu: a hidden item cannot keep it.
export function closeMenu(menu) {
  menu.open = false;
  menu.querySelector("summary").focus({ preventScroll: true });
}

// A menu closes by Esc, which gives the focus back, and by a press elsewhere; arrows go through it.
export function closeMenus() {
  const open = () => [...document.querySelectorAll("details.overflow[open]")];
  document.addEventListener("keydown", (event) => {
    const menu = document.activeElement?.closest("details.overflow[open]");
    if (!menu) return;
    if (event.key === "Escape") {
      closeMenu(menu);
    } else if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      const items = [...menu.querySelectorAll(".menu button")];
      const at = items.indexOf(document.activeElement) + STEPS[event.key];
      items[(at + items.length) % items.length]?.focus();
    } else return;
    event.preventDefault();
    event.stopImmediatePropagation();
  }, true);
  document.addEventListener("pointerdown", (event) => {
    for (const menu of open()) if (!menu.contains(event.target)) menu.open = false;
  });
}
