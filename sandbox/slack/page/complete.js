// Completes what is typed into the composer: /commands, @people and #channels.
import { el } from "./dom.js";

const MOST = 8;

// *offers()* gives what there is: a list of { insert, words, about } for each of "/", "@" and "#".
export class Completion {
  constructor(field, list, offers) {
    Object.assign(this, { field, list, offers, found: [], active: 0 });
    field.addEventListener("input", () => this.look());
    field.addEventListener("blur", () => this.close());
    list.addEventListener("mousedown", (event) => event.preventDefault());
  }

  get open() { return !this.list.hidden; }

  // The word before the cursor that may be completed, and where it begins.
  word() {
    const before = this.field.value.slice(0, this.field.selectionStart);
    const found = /^\/\S*(?: +\S*)?$/.exec(before) ?? /(?<=^|\s)[@#][\w.-]*$/.exec(before);
    return found && { typed: found[0].toLowerCase(), begin: found.index };
  }

  look() {
    const word = this.word();
    const known = word ? this.offers()[word.typed[0]] ?? [] : [];
    const typed = word?.typed.replace(/ +/, " ") ?? "";
    this.found = known.filter((each) => each.insert.startsWith(typed) && each.insert !== typed).slice(0, MOST);
    this.active = 0;
    if (!this.found.length) this.close();
    else this.draw();
  }

  draw() {
    this.list.replaceChildren(...this.found.map((each, i) => el("li", {
      id: `complete-${i}`, role: "option", "aria-selected": String(i === this.active),
      class: i === this.active ? "active" : "", onclick: () => this.take(i),
    }, el("span", { class: "complete-words" }, each.words), each.about && el("span", { class: "option-about" }, each.about))));
    this.list.hidden = false;
    this.field.setAttribute("aria-expanded", "true");
    this.field.setAttribute("aria-activedescendant", `complete-${this.active}`);
    this.list.children[this.active].scrollIntoView({ block: "nearest" });
  }

  close() {
    this.list.hidden = true;
    this.field.setAttribute("aria-expanded", "false");
    this.field.removeAttribute("aria-activedescendant");
  }

  take(i) {
    const { begin } = this.word();
    const end = this.field.selectionStart;
    const { insert } = this.found[i];
    this.field.setRangeText(`${insert} `, begin, end, "end");
    this.close();
    this.field.focus();
  }

  // Whether the key was ours.
  key(event) {
    if (!this.open) return false;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) {
      this.active = (this.active + step + this.found.length) % this.found.length;
      this.draw();
    } else if (event.key === "Escape") this.close();
    else if (event.key === "Tab" && !event.shiftKey) this.take(this.active);
    else if (event.key === "Enter" && this.chosen) this.take(this.active);
    else return false;
    event.preventDefault();
    event.stopPropagation();
    return true;
  }

  // Enter sends what is a whole command already, and completes one that is not.
  get chosen() {
    const { typed } = this.word() ?? { typed: "" };
    return !this.offers()["/"].some((each) => each.insert === typed.trim());
  }
}
