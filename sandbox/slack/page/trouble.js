// What may go wrong on purpose: a switch each in the rail, and a banner while it is on.
import { el } from "./dom.js";
import { send } from "./server.js";

const $ = (id) => document.getElementById(id);

export function drawTrouble(switches, attempt) {
  $("trouble").hidden = !switches.length;
  const turn = ({ name }, on) => attempt(() => send("/switch", { name, on }));
  if (!$("switches").childElementCount) {
    $("switches").append(...switches.map((each) => el("li", {}, knob(each, turn))));
  }
  for (const { name, on } of switches) {
    $("switches").querySelector(`[data-switch="${name}"]`).setAttribute("aria-checked", String(on));
  }
  drawBanners(switches.filter((each) => each.on), turn);
}

const knob = (each, turn) => el("button", {
  type: "button", class: "switch", role: "switch", "data-switch": each.name, "aria-checked": "false",
  "aria-label": each.words, "aria-describedby": `note-${each.name}`,
  onclick: (event) => turn(each, event.currentTarget.getAttribute("aria-checked") !== "true"),
}, el("span", {}, each.words), el("span", { class: "knob" }), el("small", { id: `note-${each.name}` }, each.note));

// Only those that came or went are touched, so that the others are not read aloud again.
function drawBanners(on, turn) {
  const names = on.map((each) => each.name);
  const there = [...$("banners").children];
  for (const each of there) if (!names.includes(each.dataset.on)) each.remove();
  const shown = there.map((each) => each.dataset.on);
  $("banners").append(...on.filter((each) => !shown.includes(each.name)).map((each) =>
    el("div", { class: "banner", "data-on": each.name },
      el("span", {}, el("strong", {}, `${each.words}. `), each.note),
      el("button", { type: "button", "aria-label": `Switch off: ${each.words}`, onclick: () => turn(each, false) }, "Switch off"))));
}
