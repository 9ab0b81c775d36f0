// A menu whose options the app finds for the words typed: a combobox with a list below it.
import { el } from "./dom.js";
import { plain } from "./mrkdwn.js";

const PAUSE_MS = 250;
const words = (option) => plain(option.text.text).join("");
let serial = 0;

// *each* is the element of Block Kit; context.suggest(each, typed) promises its options,
// and context.act(each, chosen, control) is told of a choice.
export function typeahead(each, context) {
  const several = each.type === "multi_external_select";
  const least = each.min_query_length ?? 3;
  const id = `menu-${serial += 1}`;
  let chosen = [each.initial_option, ...(each.initial_options ?? [])].filter(Boolean);
  let options = [];
  let active = -1;
  let asked = 0;
  let timer = 0;

  const list = el("ul", { id, class: "options", role: "listbox", popover: "manual", "aria-label": "Options" });
  const status = el("span", { class: "unseen", role: "status" });
  const chips = el("span", { class: "chosen" });
  const field = el("input", {
    type: "text", role: "combobox", autocomplete: "off", spellcheck: "false", class: "typed",
    "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": id,
    placeholder: each.placeholder ? plain(each.placeholder.text).join("") : "Type to search",
  });
  const menu = el("div", {
    class: `typeahead ${several ? "several" : ""}`, "data-action-id": each.action_id, "data-type": each.type,
  }, chips, field, list, status);

  // --- what is chosen ---
  const showChosen = () => {
    menu.given = several ? chosen.map((option) => option.value) : chosen[0]?.value ?? "";
    if (!several) field.value = chosen[0] ? words(chosen[0]) : "";
    else chips.replaceChildren(...chosen.map(chip));
  };
  const chip = (option) => el("span", { class: "chosen-one" }, words(option),
    el("button", { type: "button", "aria-label": `Remove ${words(option)}`, onclick: () => choose(chosen.filter((o) => o !== option)) }, "✕"));
  const choose = (newer) => {
    chosen = newer;
    if (several) field.value = "";
    showChosen();
    close();
    context.act(each, menu.given, menu);
  };
  menu.chosen = () => chosen;
  menu.restore = (before) => { chosen = before; showChosen(); };
  const pick = (option) => choose(several ? [...chosen.filter((o) => o.value !== option.value), option] : [option]);

  // --- the list ---
  const open = (note, items) => {
    list.replaceChildren(...items.map((option, i) => el("li", {
      id: `${id}-${i}`, role: "option", "aria-selected": String(chosen.some((o) => o.value === option.value)),
      onclick: () => pick(option),
    }, words(option), option.description && el("span", { class: "option-about" }, plain(option.description.text)))));
    if (note) list.append(el("li", { class: "note", role: "presentation" }, note));
    status.textContent = note || `${items.length} ${items.length === 1 ? "option" : "options"}`;
    options = items;
    activate(-1);
    if (!list.matches(":popover-open")) list.showPopover();
    place();
    field.setAttribute("aria-expanded", "true");
  };
  const close = () => {
    clearTimeout(timer);
    asked += 1;
    if (list.matches(":popover-open")) list.hidePopover();
    field.setAttribute("aria-expanded", "false");
    field.removeAttribute("aria-activedescendant");
  };
  const place = () => {
    const box = field.getBoundingClientRect();
    const room = { below: innerHeight - box.bottom - 8, above: box.top - 8 };
    const below = room.below > 180 || room.below > room.above;
    list.style.width = `${box.width}px`;
    list.style.left = `${box.left}px`;
    list.style.maxHeight = `${Math.min(260, below ? room.below : room.above)}px`;
    list.style.top = below ? `${box.bottom + 4}px` : "auto";
    list.style.bottom = below ? "auto" : `${innerHeight - box.top + 4}px`;
  };
  const activate = (i) => {
    active = i;
    [...list.children].forEach((node, j) => node.classList.toggle("active", j === i));
    if (i < 0) field.removeAttribute("aria-activedescendant");
    else field.setAttribute("aria-activedescendant", `${id}-${i}`);
    list.children[i]?.scrollIntoView({ block: "nearest" });
  };

  // --- asking ---
  const typedWords = () => (!several && chosen[0] && field.value === words(chosen[0]) ? "" : field.value.trim());
  const search = (pause) => {
    clearTimeout(timer);
    const typed = typedWords();
    if (typed.length < least) {
      asked += 1;
      open(`Type ${least} ${least === 1 ? "character" : "characters"} or more.`, []);
    } else {
      timer = setTimeout(ask, pause, typed);
    }
  };
  const ask = async (typed) => {
    const mine = asked += 1;
    field.setAttribute("aria-busy", "true");
    const found = await context.suggest(each, typed).catch(() => null);
    if (mine === asked) {
      if (found) open(found.length ? "" : "No results.", found);
      else open("The options could not be loaded.", []);
    }
    field.removeAttribute("aria-busy");
  };

  // --- hands ---
  field.addEventListener("input", () => search(PAUSE_MS));
  field.addEventListener("focus", () => field.select());
  field.addEventListener("click", () => search(0));
  field.addEventListener("blur", () => {
    if (!several && each.optional && !field.value.trim() && chosen.length) choose([]);
    else if (!several) showChosen();
    else field.value = "";
    close();
  });
  field.addEventListener("keydown", (event) => {
    const opened = list.matches(":popover-open");
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step && !opened) search(0);
    else if (step && options.length) activate((active + step + options.length) % options.length);
    else if (event.key === "Enter") { if (options[active] && opened) pick(options[active]); }
    else if (event.key === "Escape" && opened) { showChosen(); close(); }
    else if (event.key === "Backspace" && several && !field.value && chosen.length) { choose(chosen.slice(0, -1)); return; }
    else return;
    event.preventDefault();
    event.stopPropagation();
  });
  // A press on the list must not take the focus, which would close the list before the click.
  list.addEventListener("pointerdown", (event) => event.preventDefault());
  list.addEventListener("mousedown", (event) => event.preventDefault());
  showChosen();
  return menu;
}
