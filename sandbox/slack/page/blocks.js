// Block Kit, as Slack draws it.
import { el } from "./dom.js";
import { clock, mrkdwn, plain, text } from "./mrkdwn.js";

// *context*: people, viewer, timeZone, and act(element, value, control), what a control does.
export function drawBlocks(blocks, context) {
  return blocks.map((block) => {
    const draw = BLOCKS[block.type] ?? unknown;
    return el("div", { class: `block ${block.type}`, "data-block-id": block.block_id }, draw(block, context));
  });
}

const unknown = (block) => el("p", { class: "unknown" }, `(a ${block.type} block, which the sandbox does not draw)`);

const BLOCKS = {
  section(block, context) {
    const words = [];
    if (block.text) words.push(el("div", { class: "text" }, text(block.text, context)));
    if (block.fields) {
      const fields = block.fields.map((field) => el("div", { class: "field" }, text(field, context)));
      words.push(el("div", { class: "fields" }, fields));
    }
    const beside = block.accessory && element(block.accessory, block, context);
    return [el("div", { class: "words" }, words), beside && el("div", { class: "accessory" }, beside)];
  },
  header: (block) => el("h3", {}, plain(block.text.text)),
  divider: () => el("hr"),
  context: (block, context) => block.elements.map((each) =>
    (each.type === "image" ? picture(each) : el("span", {}, text(each, context)))),
  actions: (block, context) => block.elements.map((each) => element(each, block, context)),
  image: (block) => el("figure", {}, block.title && el("figcaption", {}, plain(block.title.text)), picture(block)),
  markdown: (block, context) => el("div", { class: "text" }, mrkdwn(block.text, context)),
  rich_text: (block, context) => block.elements.map((each) => rich(each, context)),
  input(block, context) {
    const control = element(block.element, block, context);
    control.id ||= `input-${block.block_id}`;
    return [
      el("label", { for: control.id }, plain(block.label.text),
        block.optional && el("span", { class: "optional" }, " (optional)")),
      control,
      block.hint && el("p", { class: "hint" }, plain(block.hint.text)),
      el("p", { class: "problem", role: "alert", hidden: true }),
    ];
  },
};

function element(each, block, context) {
  const draw = ELEMENTS[each.type];
  return draw ? draw({ ...each, block_id: block.block_id }, context) : unknown(each);
}

const label = (object) => plain(object.text).join("");
const names = (each) => ({ "data-action-id": each.action_id, "data-type": each.type, name: each.action_id });

const ELEMENTS = {
  button(each, context) {
    const style = `button ${each.style ?? ""}`;
    const press = (event) => {
      if (each.url) window.open(each.url, "_blank", "noopener,noreferrer");
      context.act(each, null, event.currentTarget);
    };
    return el("button", { type: "button", class: style, onclick: press, ...names(each),
      "aria-label": each.accessibility_label }, plain(each.text.text));
  },
  static_select(each, context) {
    const initial = each.initial_option?.value;
    const choose = (event) => context.act(each, event.currentTarget.value, event.currentTarget);
    return el("select", { onchange: choose, "aria-label": each.placeholder && label(each.placeholder), ...names(each) },
      !initial && el("option", { value: "", disabled: true, selected: true, hidden: true },
        each.placeholder ? label(each.placeholder) : "Select an option"),
      options(each, initial));
  },
  overflow(each, context) {
    const choose = (value) => (event) => {
      const menu = event.currentTarget.closest("details");
      menu.open = false;
      context.act(each, value, menu);
    };
    const items = each.options.map((option) =>
      el("button", { type: "button", onclick: choose(option.value) }, plain(option.text.text)));
    return el("details", { class: "overflow", ...names(each) },
      el("summary", { "aria-label": "More actions" }, "⋯"), el("div", { class: "menu" }, items));
  },
  multi_static_select: (each) => boxes(each, "checkbox", each.initial_options ?? []),
  checkboxes: (each) => boxes(each, "checkbox", each.initial_options ?? []),
  radio_buttons: (each) => boxes(each, "radio", each.initial_option ? [each.initial_option] : []),
  plain_text_input(each) {
    const shared = { ...names(each), placeholder: each.placeholder && label(each.placeholder), maxlength: each.max_length };
    if (!each.multiline) return el("input", { type: "text", value: each.initial_value, ...shared });
    return el("textarea", { rows: 4, ...shared }, each.initial_value ?? "");
  },
  number_input: (each) => el("input", { type: "number", value: each.initial_value, step: each.is_decimal_allowed ? "any" : 1, ...names(each) }),
  email_text_input: (each) => el("input", { type: "email", value: each.initial_value, ...names(each) }),
  url_text_input: (each) => el("input", { type: "url", value: each.initial_value, ...names(each) }),
  datepicker: (each) => el("input", { type: "date", value: each.initial_date, ...names(each) }),
  timepicker: (each) => el("input", { type: "time", value: each.initial_time, ...names(each) }),
  users_select: (each, context) => el("select", names(each),
    Object.entries(context.people).map(([id, name]) => el("option", { value: id, selected: id === each.initial_user }, name))),
  image: (each) => picture(each),
};

function options(each, initial) {
  const option = (o) => el("option", { value: o.value, selected: o.value === initial }, label(o.text));
  if (!each.option_groups) return each.options.map(option);
  return each.option_groups.map((group) => el("optgroup", { label: label(group.label) }, group.options.map(option)));
}

function boxes(each, type, initial) {
  const chosen = new Set(initial.map((option) => option.value));
  const group = `${each.block_id}-${each.action_id}`;
  return el("fieldset", names(each), each.options.map((option) => el("label", { class: "box" },
    el("input", { type, name: group, value: option.value, checked: chosen.has(option.value) }), plain(option.text.text))));
}

function picture(each) {
  return el("img", { src: each.image_url, alt: each.alt_text, loading: "lazy" });
}

function rich(each, context) {
  const inner = () => each.elements.map((part) => (part.elements ? rich(part, context) : richPart(part, context)));
  if (each.type === "rich_text_list") {
    return el(each.style === "ordered" ? "ol" : "ul", {}, inner().map((item) => el("li", {}, item)));
  }
  const tags = { rich_text_preformatted: "pre", rich_text_quote: "blockquote" };
  return el(tags[each.type] ?? "div", { class: "text" }, inner());
}

function richPart(part, context) {
  const drawn = {
    link: () => mrkdwn(`<${part.url}|${part.text ?? part.url}>`, context)[0],
    user: () => mrkdwn(`<@${part.user_id}>`, context)[0],
    emoji: () => plain(`:${part.name}:`).join(""),
    date: () => mrkdwn(`<!date^${part.timestamp}^${part.format}|${part.fallback ?? ""}>`, context)[0],
  }[part.type]?.() ?? part.text ?? "";
  const tags = { bold: "strong", italic: "em", strike: "s", code: "code" };
  return Object.entries(tags).reduce((inner, [style, tag]) => (part.style?.[style] ? el(tag, {}, inner) : inner), drawn);
}

// What was put into the inputs inside *form*, by action id.
export function values(form) {
  const given = {};
  for (const control of form.querySelectorAll("[data-action-id]")) {
    const { actionId, type } = control.dataset;
    const checked = [...control.querySelectorAll("input:checked")].map((box) => box.value);
    if (type === "checkboxes" || type === "multi_static_select") given[actionId] = checked;
    else if (type === "radio_buttons") given[actionId] = checked[0] ?? null;
    else if (type !== "button" && type !== "overflow") given[actionId] = control.value || null;
  }
  return given;
}

export { clock };
