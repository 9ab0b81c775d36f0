// What people fill in, and what they have filled in.
import { el } from "./dom.js";
import { plain, text } from "./mrkdwn.js";
import { typeahead } from "./typeahead.js";

const label = (object) => plain(object.text).join("");
const placeholder = (each) => each.placeholder && label(each.placeholder);
let serial = 0;

export const names = (each) => ({ "data-action-id": each.action_id, "data-type": each.type });

// A label, its control, a hint and a place for what is wrong, tied together for screen readers.
export function inputBlock(block, draw) {
  const id = `input-${serial += 1}`;
  const control = draw(block.element);
  const focused = control.querySelector('[role="combobox"]') ?? control;
  const optional = block.optional && el("span", { class: "optional" }, " (optional)");
  const title = control.tagName === "FIELDSET"
    ? el("span", { class: "label", id: `${id}-label` }, plain(block.label.text), optional)
    : el("label", { class: "label", for: id }, plain(block.label.text), optional);
  focused.id = id;
  focused.removeAttribute("aria-label");
  if (control.tagName === "FIELDSET") focused.setAttribute("aria-labelledby", `${id}-label`);
  if (!block.optional && control.tagName !== "FIELDSET") focused.setAttribute("aria-required", "true");
  focused.setAttribute("aria-describedby", `${id}-problem ${id}-hint`);
  return [title, control,
    el("p", { class: "problem", id: `${id}-problem`, role: "alert", hidden: true }),
    block.hint && el("p", { class: "hint", id: `${id}-hint` }, plain(block.hint.text))];
}

export const INPUTS = {
  static_select(each, context) {
    const initial = each.initial_option?.value;
    const choose = (event) => context.act(each, event.currentTarget.value, event.currentTarget);
    const none = placeholder(each) ?? "Select an option";
    return el("select", { onchange: choose, "aria-label": placeholder(each), ...names(each) },
      (each.optional || !initial) && el("option", { value: "", selected: !initial, disabled: !each.optional, hidden: !each.optional }, none),
      options(each, initial));
  },
  multi_static_select: (each, context) => boxes(each, context, "checkbox", each.initial_options),
  external_select: typeahead,
  multi_external_select: typeahead,
  checkboxes: (each, context) => boxes(each, context, "checkbox", each.initial_options),
  radio_buttons: (each, context) => boxes(each, context, "radio", [each.initial_option]),
  plain_text_input(each) {
    if (!each.multiline) return typed(each, { type: "text", maxlength: each.max_length });
    const shared = { ...names(each), placeholder: placeholder(each), maxlength: each.max_length };
    return el("textarea", { rows: 4, ...shared }, each.initial_value ?? "");
  },
  // Not type=number, which hides from us what was typed if it is none.
  number_input: (each) => typed(each, { type: "text", inputmode: each.is_decimal_allowed ? "decimal" : "numeric" }),
  email_text_input: (each) => typed(each, { type: "email" }),
  url_text_input: (each) => typed(each, { type: "url", inputmode: "url" }),
  datepicker: (each) => el("input", { type: "date", value: each.initial_date, ...names(each) }),
  timepicker: (each) => el("input", { type: "time", value: each.initial_time, ...names(each) }),
  // The sandbox has one channel, and this menu is of channels only.
  conversations_select: (each, context) => el("select", names(each),
    el("option", { value: "" }, placeholder(each) ?? "Select a channel"),
    Object.entries(context.channels).map(([id, name]) => el("option", { value: id, selected: id === each.initial_conversation }, `#${name}`))),
  multi_conversations_select: (each, context) => own(each, each.initial_conversations, context.channels, "#"),
  multi_users_select: (each, context) => own(each, each.initial_users, context.people, ""),
  users_select: (each, context) => el("select", names(each),
    (each.optional || !each.initial_user) && el("option", { value: "" }, placeholder(each) ?? "Select a person"),
    Object.entries(context.people).map(([id, name]) => el("option", { value: id, selected: id === each.initial_user }, name))),
};

const typed = (each, more) => el("input", {
  ...more, ...names(each), value: each.initial_value, placeholder: placeholder(each), autocomplete: "off", spellcheck: "false",
});

function options(each, initial) {
  const option = (o) => el("option", { value: o.value, selected: o.value === initial }, label(o.text));
  if (!each.option_groups) return each.options.map(option);
  return each.option_groups.map((group) => el("optgroup", { label: label(group.label) }, group.options.map(option)));
}

function boxes(each, context, type, initial) {
  const chosen = new Set((initial ?? []).filter(Boolean).map((option) => option.value));
  const name = `boxes-${serial += 1}`;
  const all = (each.option_groups ?? [each]).flatMap((group) => group.options);
  const choose = (event) => context.act(each, held(event.currentTarget), event.currentTarget);
  return el("fieldset", { onchange: choose, ...names(each) }, all.map((option) => el("label", { class: "box" },
    el("input", { type, name, value: option.value, checked: chosen.has(option.value) }),
    el("span", {}, text(option.text, context),
      option.description && el("span", { class: "option-about" }, text(option.description, context))))));
}

// Any of what Slack itself knows, by id.
function own(each, initial, known, mark) {
  const chosen = new Set(initial ?? []);
  return el("fieldset", names(each), Object.entries(known).map(([id, name]) => el("label", { class: "box" },
    el("input", { type: "checkbox", value: id, checked: chosen.has(id) }), el("span", {}, `${mark}${name}`))));
}

// What one control holds: a text, an option's value, or several; "" where it was emptied.
function held(control) {
  const { type } = control.dataset;
  if (control.given !== undefined) return control.given;
  if (control.tagName !== "FIELDSET") return control.value;
  const checked = [...control.querySelectorAll("input:checked")].map((box) => box.value);
  return type === "radio_buttons" ? checked[0] ?? "" : checked;
}

const controls = (form) => [...form.querySelectorAll("[data-action-id]")]
  .filter((control) => !["button", "overflow"].includes(control.dataset.type));

// What stands in the inputs inside *form*, by action id.
export function values(form) {
  return Object.fromEntries(controls(form).map((control) => [control.dataset.actionId, held(control)]));
}

// What stood in one form stays in the next, where block and field have the same names: as in Slack.
export function carryOver(before, after) {
  const key = (control) => [control.closest(".block").dataset.blockId, control.dataset.actionId, control.dataset.type].join(" ");
  const old = new Map(controls(before).map((control) => [key(control), control]));
  for (const control of controls(after)) {
    if (old.has(key(control))) restore(control, old.get(key(control)));
  }
}

function restore(control, before) {
  if (control.restore) control.restore(before);
  else if (control.tagName !== "FIELDSET") control.value = before.value;
  else {
    const given = new Set([held(before)].flat());
    control.querySelectorAll("input").forEach((box) => { box.checked = given.has(box.value); });
  }
}
