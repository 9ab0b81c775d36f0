// The clock in the rail: what time it is for the person who looks, and where it may be moved.
import { el } from "./dom.js";
import { send } from "./server.js";
import { ahead, now, setAhead } from "./time.js";

const $ = (id) => document.getElementById(id);
const NEAR_MS = 30_000;
let zone = "UTC";

// *hands*: attempt(promise maker), toast(words).
export function drawClock(clock, person, hands) {
  $("clock").hidden = !clock;
  if (!clock) return;
  setAhead(clock.ahead_ms);
  zone = person.time_zone;
  tick();
  if ($("jumps").childElementCount) return;
  $("jumps").append(...Object.entries(clock.jumps).map(([name, words]) =>
    el("button", { type: "button", id: `jump-${name}`, "data-jump": name, onclick: (event) => jump(event.currentTarget, hands) }, words)));
}

async function jump(button, hands) {
  button.setAttribute("aria-busy", "true");
  await hands.attempt(async () => {
    await send("/clock", { user: hands.viewer(), jump: button.dataset.jump });
    hands.toast("The clock was moved. Anything due arrives within a few seconds.");
  });
  button.removeAttribute("aria-busy");
}

function tick() {
  const moment = new Date(now());
  const part = (options) => new Intl.DateTimeFormat("en-GB", { timeZone: zone, ...options }).format(moment);
  $("time").dateTime = moment.toISOString();
  $("time").textContent = `${part({ weekday: "short", day: "numeric", month: "short" })}, ${part({ hour: "2-digit", minute: "2-digit" })}`;
  $("ahead").textContent = Math.abs(ahead()) < NEAR_MS ? "real time" : span(ahead());
}

function span(ms) {
  const units = [["day", 86_400_000], ["hour", 3_600_000], ["minute", 60_000]];
  const [unit, length] = units.find(([, each]) => Math.abs(ms) >= each) ?? units[2];
  const number = Math.round(Math.abs(ms) / length);
  return `${number} ${unit}${number === 1 ? "" : "s"} ${ms < 0 ? "behind" : "ahead"}`;
}

setInterval(() => { if (!$("clock").hidden) tick(); }, 5_000);
