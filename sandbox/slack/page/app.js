// Draws what the workspace holds, and sends what the person does.
import { clock, drawBlocks } from "./blocks.js";
import { drawClock } from "./clock.js";
import { Completion } from "./complete.js";
import { el } from "./dom.js";
import { carryOver } from "./inputs.js";
import { closeMenu, closeMenus, readByArrows, rove, stops } from "./keys.js";
import { drawModals } from "./modals.js";
import { mrkdwn, plain, text } from "./mrkdwn.js";
import { send } from "./server.js";
import { themeSwitch } from "./theme.js";
import { beginTour, drawTour } from "./tour.js";
import { drawTrouble } from "./trouble.js";
import { askForWorkflow, drawRuns } from "./workflow.js";

const $ = (id) => document.getElementById(id);
const state = { version: -1, people: [], shortcuts: {}, channels: {}, commands: [], handles: [] };
const seen = {};       // user id -> keys of the messages that were on screen
const typed = {};      // user id -> what they typed, newest last
let viewer = decodeURIComponent(location.hash.slice(1));
let recalled = 0;
let tab = "messages";

// --- talking to the sandbox -------------------------------------------------

async function listen() {
  for (;;) {
    try {
      const response = await fetch(`/state?since=${state.version}`);
      if (!response.ok) throw new Error(response.statusText);
      const news = await response.json();
      $("lost").hidden = true;
      if (news.version !== state.version) {
        Object.assign(state, news);
        draw();
      }
    } catch {
      $("lost").hidden = false;
      state.version = -1;
      await new Promise((resolve) => setTimeout(resolve, 1500));
    }
  }
}

// --- drawing ------------------------------------------------------------------

const me = () => state.people.find((person) => person.id === viewer) ?? state.people[0];
const keyOf = (message) => `${message.channel} ${message.ts}`;
const last = (list) => list[list.length - 1];

function draw() {
  viewer = me().id;
  drawClock(state.clock, me(), { attempt, toast, viewer: () => viewer });
  drawTrouble(state.switches, attempt);
  drawMessages(me());
  drawHome(me());
  seen[viewer] = new Set(me().messages.map(keyOf));
  drawPeople();
  drawChips(me());
  drawShortcuts();
  keepEnd(() => drawRuns(me().runs, { attempt, viewer: () => viewer }));
  drawTour(state.tour, { type: (user, command) => { become(user); offer(command); }, press: (id) => $(id).click() });
  drawModals($("modal"), me(), handsOf(me()));
  $("seen-as").textContent = `What ${me().name} sees · ${me().time_zone.replace("_", " ")} time`;
  $("scheduler").hidden = !state.digest;
  $("gallery").hidden = !state.gallery;
  $("reset").hidden = !state.reset;
  $("begin-tour").hidden = !state.tour.length;
  for (const group of ["jumps", "tabs"]) rove($(group));
  rove($("switches"));
  rove($("foot"), "#tour button, #chips button");
  rove($("tools"), "button, a");
}

function drawPeople() {
  const focused = document.activeElement?.dataset?.user;
  $("people").replaceChildren(...state.people.map((person) => {
    const unread = person.messages.filter((m) => m.author !== "person" && !seen[person.id]?.has(keyOf(m))).length;
    const current = person.id === viewer;
    return el("li", {}, el("button", {
      type: "button", class: "person", "data-user": person.id, onclick: () => become(person.id),
      "aria-current": current ? "true" : null,
    },
    avatar(person),
    el("span", { class: "person-words" },
      el("span", { class: "person-name" }, person.name),
      el("span", { class: "person-about" }, person.about)),
    unread ? el("span", { class: "badge" }, String(unread), el("span", { class: "unseen" }, " unread")) : null));
  }));
  if (focused) $("people").querySelector(`[data-user="${focused}"]`)?.focus();
  rove($("people"));
}

function avatar(person) {
  const number = state.people.indexOf(person);
  return el("span", { class: `avatar person-${number}`, "aria-hidden": "true" }, last(person.name.split(" "))[0]);
}

function drawChips(person) {
  if ($("chips").dataset.of === person.id) return;
  $("chips").dataset.of = person.id;
  $("chips").replaceChildren(...person.tries.map((command) =>
    el("button", { type: "button", class: "chip", onclick: () => type(command) }, command)));
}

// The app's shortcuts that belong to no message, and the workflow.
function drawShortcuts() {
  const all = Object.entries(state.global_shortcuts).map(([name, words]) =>
    [words, () => attempt(() => send("/global-shortcut", { user: viewer, name }))]);
  if (state.workflow) all.push([`Workflow: ${state.workflow}…`, () => askForWorkflow(state.workflow)]);
  $("shortcuts").hidden = !all.length;
  if ($("shortcuts-menu").childElementCount === all.length) return;
  $("shortcuts-menu").replaceChildren(...all.map(([words, act]) => el("button", {
    type: "button",
    onclick: () => { $("shortcuts").open = false; act(); },
  }, words)));
}

// Changes only what changed, so that nothing jumps: an edited message takes the place of the old.
function drawMessages(person) {
  const list = $("messages");
  const within = list.contains(document.activeElement);
  const atEnd = isAtEnd(list);
  const before = new Map([...list.children].map((node) => [node.dataset.key, node]));
  const nodes = person.messages.map((message) => {
    const key = `${person.id} ${keyOf(message)}`;
    const old = before.get(key);
    if (old?.dataset.version === String(message.version)) return old;
    const node = drawMessage(message, person, key);
    if (old) replaceQuietly(old, node);
    return node;
  });
  if (!nodes.length) nodes.push(before.get(`welcome ${person.id}`) ?? welcome(person));
  for (const node of [...list.children]) if (!nodes.includes(node)) node.remove();
  nodes.forEach((node, i) => { if (list.children[i] !== node) list.insertBefore(node, list.children[i] ?? null); });
  if (atEnd) list.scrollTop = list.scrollHeight;
  if (within && document.activeElement === document.body) $("text").focus({ preventScroll: true });
  stops(list);
}

const isAtEnd = (list) => list.scrollHeight - list.scrollTop - list.clientHeight < 80;

// What takes room below the messages does not hide the newest.
function keepEnd(draw) {
  const list = $("messages");
  const atEnd = isAtEnd(list);
  draw();
  if (atEnd) list.scrollTop = list.scrollHeight;
}

// A card that is redrawn every second is not read aloud every second, and keeps the focus and what was chosen.
// Where the button that was pressed is gone, the focus is on the message: never on another button.
function replaceQuietly(old, node) {
  const refocus = focusWithin(old);
  carryOver(old, node);
  node.setAttribute("aria-live", "off");
  old.replaceWith(node);
  refocus(node);
}

// Returns what gives the focus to the like of the control that had it, in what is drawn in its place.
function focusWithin(old) {
  const controls = (within) => [...within.querySelectorAll("button, input, select, summary")];
  const likeness = (control, i) => [control.tagName, control.dataset.actionId ?? i, control.textContent].join(" ");
  const focused = controls(old).indexOf(document.activeElement);
  const like = focused >= 0 ? likeness(document.activeElement, focused) : null;
  if (!old.contains(document.activeElement)) return () => {};
  return (node) => (controls(node).find((each, i) => likeness(each, i) === like) ?? node).focus({ preventScroll: true });
}

// The home tab, anew only when the app has published another one.
function drawHome(person) {
  const home = $("home");
  const key = `${person.id} ${person.home?.hash ?? ""}`;
  if (home.dataset.key === key) return;
  home.dataset.key = key;
  const context = contextFor(person, (element, value, control) => press(person, { home: true }, element, value, control));
  const refocus = focusWithin(home);
  home.replaceChildren(...(person.home
    ? drawBlocks(person.home.blocks, context)
    : [el("p", { class: "note" }, "The app draws this page when it is opened for the first time.")]));
  refocus(home);
}

function show(name) {
  tab = name;
  for (const each of ["home", "messages"]) {
    $(each).hidden = each !== tab;
    $(`tab-${each}`).setAttribute("aria-selected", String(each === tab));
  }
  rove($("tabs"));
  $("foot").hidden = tab !== "messages";
  if (tab === "home") attempt(() => send("/home", { user: viewer }));
}

function welcome(person) {
  return el("div", { class: "welcome", "data-key": `welcome ${person.id}` },
    el("img", { src: "/bot.svg", alt: "", width: 56, height: 56 }),
    el("h2", {}, `You are ${person.name}`),
    el("p", {}, person.welcome),
    el("p", {}, "Type a command below, or press one that is ready."));
}

function drawMessage(message, person, key) {
  const human = message.author === "person";
  const author = state.people.find((each) => each.id === message.user) ?? person;
  const names = { bot: "Cloud Images", slack: "Slackbot", person: author.name };
  const context = contextFor(
    person,
    (element, value, control) => press(person, { channel: message.channel, ts: message.ts }, element, value, control),
    (element, words) => suggest(person, message, element, words),
  );
  const body = message.blocks.length
    ? drawBlocks(message.blocks, context)
    : el("div", { class: "text" }, mrkdwn(message.text, context));
  const below = message.unfurls.map((blocks) => el("div", { class: "unfurl" }, drawBlocks(blocks, context)));
  return el("article", { class: `message ${message.author}`, "data-key": key, "data-ts": message.ts, "data-version": message.version,
    tabindex: "-1", "aria-label": `${names[message.author]}, ${clock(new Date(message.ts * 1000), person.time_zone)}` },
    message.ephemeral && !human ? el("p", { class: "private" }, "Only visible to you") : null,
    human ? avatar(author) : el("img", { class: "avatar", src: "/bot.svg", alt: "", width: 36, height: 36 }),
    el("div", { class: "content" },
      el("p", { class: "byline" }, el("strong", {}, names[message.author]),
        message.author === "bot" ? el("span", { class: "app-tag" }, "APP") : null,
        el("time", {}, clock(new Date(message.ts * 1000), person.time_zone)),
        message.channel.startsWith("C") ? el("span", { class: "where" }, "in #cloud-images") : null),
      body,
      below,
      message.edited ? el("span", { class: "edited" }, "(edited)") : null,
      message.warning ? el("p", { class: "warning", role: "alert" }, `⚠️ ${message.warning}`) : null),
    messageMenu(person, message));
}

// What only one person sees has no shortcuts.
function messageMenu(person, message) {
  const choose = (name) => (event) => {
    closeMenu(event.currentTarget.closest("details"));
    attempt(() => send("/shortcut", { user: person.id, channel: message.channel, ts: message.ts, name }));
  };
  const items = Object.entries(message.ephemeral ? {} : state.shortcuts).map(([name, words]) =>
    el("button", { type: "button", onclick: choose(name) }, words));
  const look = (event) => { closeMenu(event.currentTarget.closest("details")); showJson(message); };
  return el("details", { class: "overflow message-menu" },
    el("summary", { "aria-label": "More message shortcuts" }, "⋮"),
    el("div", { class: "menu" }, items, el("button", { type: "button", onclick: look }, "Show the JSON")));
}

// A message as the app sent it.
function showJson({ text: words, blocks }) {
  const dialog = $("json");
  dialog.replaceChildren(
    el("h2", { id: "json-title" }, "The message as JSON"),
    el("pre", { tabindex: "0", "aria-labelledby": "json-title" }, JSON.stringify({ text: words, blocks }, null, 2)),
    el("div", { class: "dialog-buttons" },
      el("button", { type: "button", class: "button primary", onclick: () => dialog.close() }, "Close")));
  dialog.showModal();
}

function handsOf(person) {
  return {
    context: (act, suggest) => ({ ...contextFor(person, act, suggest), heading: "h3" }),
    confirmed: (confirm) => confirmed(confirm, person),
    attempt,
  };
}

function contextFor(person, act, suggest) {
  const people = Object.fromEntries(state.people.map((each) => [each.id, each.name]));
  return { people, channels: state.channels, viewer: person.id, timeZone: person.time_zone, heading: "h2", act, suggest };
}

// --- doing ----------------------------------------------------------------------

function become(userId) {
  viewer = userId;
  $("more").setAttribute("aria-expanded", "false");
  show("messages");
  history.replaceState(null, "", `#${userId}`);
  hint("");
  draw();
  $("messages").scrollTop = $("messages").scrollHeight;
  $("text").focus({ preventScroll: true });
}

function type(command) {
  $("text").value = command;
  $("composer").requestSubmit();
}

// Has it stand in the composer, to be sent by whoever reads it.
function offer(command) {
  if (!command) return;
  $("text").value = command;
  $("text").focus();
}

const completion = new Completion($("text"), $("completions"), () => ({
  "/": state.commands,
  "@": state.handles,
  "#": Object.values(state.channels).map((name) => ({ insert: `#${name}`, words: `#${name}` })),
}));

$("composer").addEventListener("submit", async (event) => {
  event.preventDefault();
  const words = $("text").value.trim();
  if (!words) return;
  if (/^\/(?!images\b)/.test(words)) {
    hint("The bot only answers its command. Start with /images, for example /images help.", "wrong");
    return;
  }
  hint("");
  completion.close();
  $("text").value = "";
  (typed[viewer] ??= []).push(words);
  recalled = 0;
  $("messages").scrollTop = $("messages").scrollHeight;
  if (words.startsWith("/")) await attempt(() => send("/command", { user: viewer, text: words }));
  else await attempt(() => post(words));
});

function hint(words, kind = "") {
  $("hint").textContent = words;
  $("hint").className = `hint ${kind}`;
}

async function post(words) {
  const { channel } = await send("/say", { user: viewer, text: words, where: $("where").value });
  if (channel) hint(`Posted in #${channel}. The bot only answers /images, for example /images help.`);
}

$("tab-home").addEventListener("click", () => show("home"));
$("tab-messages").addEventListener("click", () => show("messages"));
$("begin-tour").addEventListener("click", beginTour);
$("text").addEventListener("keydown", (event) => {
  if (completion.key(event)) return;
  const history = typed[viewer] ?? [];
  const step = { ArrowUp: 1, ArrowDown: -1 }[event.key];
  if (!step || !history.length) return;
  recalled = Math.min(Math.max(recalled + step, 0), history.length);
  event.currentTarget.value = recalled ? history[history.length - recalled] : "";
  event.preventDefault();
});

// *place*: a message by its channel and ts, or the home tab.
async function press(person, place, element, value, control) {
  if (element.confirm && !(await confirmed(element.confirm, person))) return;
  control.setAttribute("aria-busy", "true");
  await attempt(() => send("/click", {
    user: person.id, ...place, block: element.block_id, action: element.action_id, value,
  }));
  control.removeAttribute("aria-busy");
}

async function suggest(person, message, element, words) {
  const { options } = await send("/suggest", {
    user: person.id, channel: message.channel, ts: message.ts,
    block: element.block_id, action: element.action_id, words,
  });
  return options;
}

$("deliver").addEventListener("click", async () => {
  const button = $("deliver");
  button.setAttribute("aria-busy", "true");
  button.disabled = true;
  await attempt(async () => toast((await send("/deliver", {})).said));
  button.disabled = false;
  button.removeAttribute("aria-busy");
});

$("reset").addEventListener("click", async () => {
  const asked = { title: { text: "Reset the sandbox?" }, text: { type: "plain_text", text: "This deletes all messages, and restores the images, shares and clock. It takes a few seconds." }, confirm: { text: "Reset" }, style: "danger" };
  if (!(await confirmed(asked, me()))) return;
  $("reset").setAttribute("aria-busy", "true");
  $("reset").disabled = true;
  await attempt(async () => { await send("/reset", {}); toast("The sandbox was reset."); });
  $("reset").disabled = false;
  $("reset").removeAttribute("aria-busy");
});

async function attempt(act) {
  try {
    return await act();
  } catch (error) {
    toast(`That did not work: ${error.message}`);
    return null;
  }
}

let hiding;
function toast(words) {
  $("toast").textContent = words;
  $("toast").hidden = false;
  clearTimeout(hiding);
  hiding = setTimeout(() => { $("toast").hidden = true; }, 6000);
}

// --- dialogs ----------------------------------------------------------------------

function confirmed(confirm, person) {
  const dialog = $("confirm");
  const context = contextFor(person, () => {});
  const style = confirm.style === "danger" ? "danger" : "primary";
  const close = (answer) => () => dialog.close(answer);
  dialog.replaceChildren(
    el("h2", { id: "confirm-title" }, plain(confirm.title?.text ?? "Are you sure?")),
    el("div", { class: "text" }, text(confirm.text, context)),
    el("div", { class: "dialog-buttons" },
      el("button", { type: "button", class: "button", onclick: close("no") }, plain(confirm.deny?.text ?? "Cancel")),
      el("button", { type: "button", class: `button ${style}`, onclick: close("yes") }, plain(confirm.confirm?.text ?? "Yes"))));
  dialog.returnValue = "no";
  dialog.showModal();
  return new Promise((resolve) => {
    dialog.onclose = () => resolve(dialog.returnValue === "yes");
  });
}

$("more").addEventListener("click", () => {
  const open = $("more").getAttribute("aria-expanded") !== "true";
  $("more").setAttribute("aria-expanded", String(open));
});
themeSwitch($("theme"));
readByArrows($("messages"));
closeMenus();
$("text").focus({ preventScroll: true });
listen();
