import { drawBlocks } from "./blocks.js";
import { el } from "./dom.js";
import { mrkdwn } from "./mrkdwn.js";

const context = {
  people: {},
  timeZone: Intl.DateTimeFormat().resolvedOptions().timeZone,
  act: () => {},
  suggest: async () => [],
};

const samples = await (await fetch("/samples")).json();
document.querySelector("#samples").append(...samples.map(({ name, text, blocks }) =>
  el("article", { class: "sample" },
    el("h2", {}, name),
    el("div", { class: "content" }, blocks.length ? drawBlocks(blocks, context) : el("div", { class: "text" }, mrkdwn(text, context))),
    el("p", { class: "fallback" }, "As a notification: ", el("span", {}, ...mrkdwn(text, context)).textContent))));
