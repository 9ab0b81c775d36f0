// A tour above the composer: a step at a time, each with what it takes as buttons; it can be skipped.
import { el } from "./dom.js";
import { rove } from "./keys.js";

const KEY = "tour";
const place = document.getElementById("tour");
let steps = [];
let at = -1;
let hands = {};

const kept = () => { try { return localStorage.getItem(KEY); } catch { return null; } };
const keep = (word) => { try { localStorage.setItem(KEY, word); } catch { /* It begins again next time. */ } };

// *hands*: type(user, command) and press(id of a control), which do what a step offers.
export function drawTour(given, doing) {
  if (steps.length || !given.length) return;
  steps = given;
  hands = doing;
  if (!kept()) show(0);
}

export function beginTour() {
  show(0);
  place.querySelector("h2").focus();
}

function show(step) {
  at = step;
  place.hidden = at < 0 || at >= steps.length;
  if (place.hidden) {
    keep("seen");
    return;
  }
  const { title, words, acts } = steps[at];
  const last = at === steps.length - 1;
  place.replaceChildren(
    el("h2", { id: "tour-title", tabindex: "-1" }, el("span", { class: "tour-number" }, `${at + 1} of ${steps.length}`), ` ${title}`),
    el("p", {}, words),
    el("div", { class: "tour-buttons", role: "group", "aria-label": `Tour: ${title}` },
      acts.map((act) => el("button", { type: "button", class: "chip", onclick: () => perform(act) }, act.words)),
      el("span", { class: "tour-space" }),
      at > 0 && el("button", { type: "button", class: "tour-go", onclick: () => go(at - 1) }, "Back"),
      el("button", { type: "button", class: "tour-go", onclick: () => go(at + 1) }, last ? "Done" : "Next"),
      !last && el("button", { type: "button", class: "tour-go", onclick: () => go(steps.length) }, "Skip the tour")));
  rove(place.parentElement, "#tour button, #chips button");
}

function go(step) {
  show(step);
  (place.hidden ? document.getElementById("text") : place.querySelector("h2")).focus();
}

const perform = (act) => (act.press ? hands.press(act.press) : hands.type(act.user, act.command));
