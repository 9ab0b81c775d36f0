// Block Kit, as Slack draws it.
import { el } from "./dom.js";
import { INPUTS, inputBlock, names } from "./inputs.js";
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
  divider: () => el("hr"),
  context: (block, context) => block.elements.map((each) =>
    (each.type === "image" ? picture(each) : el("span", {}, text(each, context)))),
  actions: (block, context) => block.elements.map((each) => element(each, block, context)),
  image: (block) => el("figure", {}, block.title && el("figcaption", {}, plain(block.title.text)), picture(block)),
  markdown: (block, context) => el("div", { class: "text" }, mrkdwn(block.text, context)),
  rich_text: (block, context) => block.elements.map((each) => rich(each, context)),
  input: (block, context) => inputBlock(block, (each) => element(each, block, context)),
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
      menu.open = false;
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
