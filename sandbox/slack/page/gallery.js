import { drawBlocks } from "./blocks.js";
import { el } from "./dom.js";
import { mrkdwn, plain } from "./mrkdwn.js";
import { themeSwitch } from "./theme.js";

const context = {
  people: {},
  channels: { C0IMAGES: "cloud-images" },
  timeZone: Intl.DateTimeFormat().resolvedOptions().timeZone,
  heading: "h3",
  act: () => {},
  suggest: async () => [],
};

const message = ({ text, blocks }) => [
  el("div", { class: "content" }, blocks.length ? drawBlocks(blocks, context) : el("div", { class: "text" }, mrkdwn(text, context))),
  el("p", { class: "fallback" }, "As a notification: ", el("span", {}, ...mrkdwn(text, context)).textContent)];

const form = ({ title, blocks, submit, close }) => [
  el("form", { class: "content modal", onsubmit: (event) => event.preventDefault() },
    el("h3", {}, plain(title.text)),
    drawBlocks(blocks, context),
    el("div", { class: "dialog-buttons" },
      close && el("button", { type: "button", class: "button" }, plain(close.text)),
      submit && el("button", { type: "button", class: "button primary" }, plain(submit.text))))];

// A sample that cannot be drawn says so, and keeps no other from being drawn.
function drawn(sample) {
  try {
    if (sample.error) throw new Error(sample.error);
    return sample.view ? form(sample.view) : message(sample);
  } catch (error) {
    return el("p", { class: "problem broken", role: "alert" }, `This sample cannot be drawn: ${error.message}`);
  }
}

async function show(names) {
  const place = document.querySelector("#samples");
  place.setAttribute("aria-busy", "true");
  const samples = await (await fetch(`/samples?names=${names}`)).json();
  place.replaceChildren(...samples.map((sample) =>
    el("article", { class: "sample" }, el("h2", {}, sample.name), drawn(sample))));
  place.removeAttribute("aria-busy");
}

themeSwitch(document.querySelector("#theme"));
const names = document.querySelector("#names");
names.addEventListener("change", () => show(names.value));
show(names.value);
