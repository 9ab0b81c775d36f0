// Block Kit, as Slack draws it.
import { el } from "./dom.js";
import { INPUTS, inputBlock, names } from "./inputs.js";
import { closeMenu } from "./keys.js";
import { clock, mrkdwn, plain, text } from "./mrkdwn.js";

// *context*: people, viewer, timeZone, heading (the tag of a header), act(element, value, control), what a
// control does, and suggest(element, words), which promises the options of a menu.
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
  header: (block, context) => el(context.heading, {}, plain(block.text.text)),
  alert(block, context) {
    const { sign, name } = LEVELS[block.level] ?? LEVELS.default;
    return el("div", { class: `alert-box level-${block.level ?? "default"}`, role: "note" },
      el("span", { class: "sign", "aria-hidden": "true" }, sign),
      el("div", { class: "text" }, el("span", { class: "unseen" }, `${name}: `), text(block.text, context)));
  },
  // Slack sorts it by column, and shows a page of it at a time. Here it is whole.
  data_table(block, context) {
    const [head, ...rows] = block.rows;
    const lead = block.row_header_column_index ?? 0;
    const draw = (each) => (each.type === "rich_text"
      ? each.elements.map((part) => rich(part, context)) : plain(each.text));
    const kind = (each) => (each.type === "raw_number" ? "number" : "words");
    const columns = head.map((each, n) => el("th", { scope: "col", class: rows[0] && kind(rows[0][n]) }, draw(each)));
    const lines = rows.map((row) => el("tr", {}, row.map((each, n) =>
      (n === lead ? el("th", { scope: "row" }, draw(each)) : el("td", { class: kind(each) }, draw(each))))));
    const table = el("table", {}, el("caption", {}, plain(block.caption)), el("thead", {}, el("tr", {}, columns)),
      el("tbody", {}, lines));
    return el("div", { class: "scrolls", role: "group", tabindex: "0", "aria-label": block.caption }, table);
  },
  divider: () => el("hr"),
  context: (block, context) => block.elements.map((each) =>
    (each.type === "image" ? picture(each) : el("span", {}, text(each, context)))),
  actions: (block, context) => block.elements.map((each) => element(each, block, context)),
  image: (block) => el("figure", {}, block.title && el("figcaption", {}, plain(block.title.text)), picture(block)),
  markdown: (block, context) => el("div", { class: "text" }, mrkdwn(block.text, context)),
  rich_text: (block, context) => block.elements.map((each) => rich(each, context)),
  input: (block, context) => inputBlock(block, (each) => element(each, block, context)),
};

const LEVELS = {
  default: { sign: "i", name: "Note" },
  info: { sign: "i", name: "Note" },
  warning: { sign: "!", name: "Warning" },
  error: { sign: "✕", name: "Error" },
  success: { sign: "✓", name: "Done" },
};

function element(each, block, context) {
  const draw = ELEMENTS[each.type];
  return draw ? draw({ ...each, block_id: block.block_id, optional: block.optional, dispatch: block.dispatch_action }, context) : unknown(each);
}

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
  overflow(each, context) {
    const choose = (value) => (event) => {
      const menu = event.currentTarget.closest("details");
      closeMenu(menu);
      context.act(each, value, menu);
    };
    const items = each.options.map((option) =>
      el("button", { type: "button", onclick: choose(option.value) }, plain(option.text.text)));
    return el("details", { class: "overflow", ...names(each) },
      el("summary", { "aria-label": "More actions" }, "⋯"), el("div", { class: "menu" }, items));
  },
  ...INPUTS,
  image: (each) => picture(each),
};

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

export { clock };
