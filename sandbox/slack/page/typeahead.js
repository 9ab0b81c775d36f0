// A menu whose options the app finds for the words typed: a combobox with a list below it.
import { el } from "./dom.js";
import { plain } from "./mrkdwn.js";

const PAUSE_MS = 250;
const LEAST = 3;
const words = (object) => plain(object.text).join("");
let serial = 0;

// *each* is the element of Block Kit; context.suggest(each, words) promises its options, and
// context.act(each, given, control) is told of a choice. The control has `given`, what is
// chosen, and `restore(menu)`, which takes over what was chosen in another.
export const typeahead = (each, context) => new Typeahead(each, context).control;

class Typeahead {
  constructor(each, context) {
    this.each = each;
    this.context = context;
    this.several = each.type === "multi_external_select";
    this.least = each.min_query_length ?? LEAST;
    this.chosen = [each.initial_option, ...(each.initial_options ?? [])].filter(Boolean);
    this.options = [];
    this.active = -1;
    this.asked = 0;
    this.draw(`options-${serial += 1}`);
    this.listen();
    this.showChosen();
  }

  draw(id) {
    this.chips = el("span", { class: "chosen" });
    this.field = el("input", {
      type: "text", role: "combobox", autocomplete: "off", spellcheck: "false", class: "typed",
      "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": id,
      placeholder: this.each.placeholder ? words(this.each.placeholder) : "Type to search",
    });
    this.list = el("ul", { id, class: "options", role: "listbox", popover: "manual", "aria-label": "Options" });
    this.status = el("span", { class: "unseen", role: "status" });
    this.control = el("div", { class: "typeahead", "data-action-id": this.each.action_id, "data-type": this.each.type },
      this.chips, this.field, this.list, this.status);
    this.control.restore = (control) => { this.chosen = control.menu.chosen; this.showChosen(); };
    this.control.menu = this;
  }

  listen() {
    this.field.addEventListener("focus", () => this.field.select());
    this.field.addEventListener("input", () => this.search(PAUSE_MS));
    this.field.addEventListener("click", () => this.search(0));
    this.field.addEventListener("blur", () => this.leave());
    this.field.addEventListener("keydown", (event) => this.key(event));
    // A press on the list must not take the focus, which would close the list before the click.
    this.list.addEventListener("mousedown", (event) => event.preventDefault());
  }

  // --- what is chosen -----------------------------------------------------------

  showChosen() {
    const values = this.chosen.map((option) => option.value);
    this.control.given = this.several ? values : values[0] ?? "";
    if (this.several) this.chips.replaceChildren(...this.chosen.map((option) => this.chip(option)));
    this.field.value = this.shown;
  }

  get shown() {
    return this.several || !this.chosen.length ? "" : words(this.chosen[0].text);
  }

  chip(option) {
    const name = words(option.text);
    return el("span", { class: "chosen-one" }, name, el("button", {
      type: "button", "aria-label": `Remove ${name}`,
      onclick: () => { this.choose(this.chosen.filter((each) => each !== option)); this.field.focus(); },
    }, "✕"));
  }

  pick(option) {
    const others = this.chosen.filter((each) => each.value !== option.value);
    this.choose(this.several ? [...others, option] : [option]);
  }

  choose(options) {
    this.chosen = options;
    this.showChosen();
    this.close();
    this.context.act(this.each, this.control.given, this.control);
  }

  // Words that were typed but not chosen are none; an emptied menu is, where it may be.
  leave() {
    if (this.shown && this.each.optional && !this.field.value.trim()) this.choose([]);
    this.field.value = this.shown;
    this.close();
  }

  // --- asking -------------------------------------------------------------------

  search(pauseMs) {
    clearTimeout(this.timer);
    const typed = this.field.value === this.shown ? "" : this.field.value.trim();
    if (typed.length >= this.least) {
      this.timer = setTimeout(() => this.ask(typed), pauseMs);
      return;
    }
    this.asked += 1;
    this.open([], `Type ${this.least} ${this.least === 1 ? "character" : "characters"} or more.`);
  }

  async ask(typed) {
    const mine = this.asked += 1;
    this.field.setAttribute("aria-busy", "true");
    const found = await this.context.suggest(this.each, typed).catch(() => null);
    if (mine !== this.asked) return;
    this.field.removeAttribute("aria-busy");
    if (!found) this.open([], "The options could not be loaded.");
    else this.open(found, found.length ? "" : "No results.");
  }

  // --- the list -----------------------------------------------------------------

  open(options, note) {
    this.options = options;
    this.list.replaceChildren(...options.map((option, i) => this.item(option, i)));
    if (note) this.list.append(el("li", { class: "note", role: "presentation" }, note));
    this.status.textContent = note || `${options.length} ${options.length === 1 ? "option" : "options"}`;
    this.activate(-1);
    if (!this.opened) this.list.showPopover();
    this.place();
    this.field.setAttribute("aria-expanded", "true");
  }

  item(option, i) {
    const chosen = this.chosen.some((each) => each.value === option.value);
    return el("li", { id: `${this.list.id}-${i}`, role: "option", "aria-selected": String(chosen), onclick: () => this.pick(option) },
      words(option.text), option.description && el("span", { class: "option-about" }, words(option.description)));
  }

  get opened() {
    return this.list.matches(":popover-open");
  }

  close() {
    clearTimeout(this.timer);
    this.asked += 1;
    if (this.opened) this.list.hidePopover();
    this.field.removeAttribute("aria-busy");
    this.field.setAttribute("aria-expanded", "false");
    this.field.removeAttribute("aria-activedescendant");
  }

  // Below the field, or above where there is more room, on top of whatever scrolls.
  place() {
    const box = this.field.getBoundingClientRect();
    const [above, below] = [box.top - 8, innerHeight - box.bottom - 8];
    const down = below > 180 || below > above;
    Object.assign(this.list.style, {
      left: `${box.left}px`,
      width: `${box.width}px`,
      maxHeight: `${Math.min(260, down ? below : above)}px`,
      top: down ? `${box.bottom + 4}px` : "auto",
      bottom: down ? "auto" : `${innerHeight - box.top + 4}px`,
    });
  }

  activate(i) {
    this.active = i;
    [...this.list.children].forEach((item, j) => item.classList.toggle("active", j === i));
    if (i < 0) this.field.removeAttribute("aria-activedescendant");
    else this.field.setAttribute("aria-activedescendant", `${this.list.id}-${i}`);
    this.list.children[i]?.scrollIntoView({ block: "nearest" });
  }

  // --- the keyboard -------------------------------------------------------------

  key(event) {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) this.step(step);
    else if (event.key === "Enter") this.enter();
    else if (event.key === "Escape" && this.opened) this.leave();
    else if (event.key === "Backspace" && this.several && !this.field.value && this.chosen.length) this.choose(this.chosen.slice(0, -1));
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  step(by) {
    if (!this.opened) this.search(0);
    else if (this.options.length) this.activate((Math.max(this.active, by < 0 ? 0 : -1) + by + this.options.length) % this.options.length);
  }

  enter() {
    if (this.opened && this.options[this.active]) this.pick(this.options[this.active]);
  }
}
