// Slack's text: mrkdwn, emoji, mentions and dates, as DOM nodes.
import { el } from "./dom.js";
import { now } from "./time.js";

const EMOJI = {
  white_check_mark: "✅", heavy_check_mark: "✔️", x: "❌", warning: "⚠️", bell: "🔔", eyes: "👀",
  information_source: "ℹ️", hourglass: "⌛", hourglass_flowing_sand: "⏳", lock: "🔒", unlock: "🔓",
  key: "🔑", package: "📦", floppy_disk: "💾", cloud: "☁️", inbox_tray: "📥", outbox_tray: "📤",
  envelope: "✉️", email: "📧", incoming_envelope: "📨", mailbox: "📫", mailbox_with_mail: "📬",
  mag: "🔍", gear: "⚙️", link: "🔗", wave: "👋", tada: "🎉", thumbsup: "👍", "+1": "👍", "-1": "👎",
  rocket: "🚀", calendar: "📅", clock1: "🕐", clock9: "🕘", stopwatch: "⏱️", zzz: "💤", bulb: "💡",
  no_entry: "⛔", no_entry_sign: "🚫", octagonal_sign: "🛑", question: "❓", exclamation: "❗",
  arrow_right: "➡️", arrow_left: "⬅️", arrow_up: "⬆️", arrow_down: "⬇️", point_right: "👉",
  large_green_circle: "🟢", large_yellow_circle: "🟡", red_circle: "🔴", white_circle: "⚪",
  large_blue_circle: "🔵", label: "🏷️", computer: "💻", desktop_computer: "🖥️", memo: "📝",
  wastebasket: "🗑️", busts_in_silhouette: "👥", bust_in_silhouette: "👤", earth_americas: "🌎",
  handshake: "🤝", star: "⭐", sparkles: "✨", pushpin: "📌", pencil2: "✏️", hammer_and_wrench: "🛠️",
  arrow_forward: "▶️", leftwards_arrow_with_hook: "↩️", grey_question: "❔",
  white_large_square: "⬜", white_small_square: "▫️",
};
// Between two marks, but not those inside code: *bold with `a * b` in it*.
const marked = (name, mark) =>
  `(?<![\\w${mark}])[${mark}](?<${name}>(?!\\s)(?:\`[^\`\\n]+\`|[^${mark}\\n\`])+(?<!\\s))[${mark}](?![\\w${mark}])`;
const PATTERN = new RegExp(
  [
    "```(?<block>[\\s\\S]+?)```",
    "`(?<code>[^`\\n]+)`",
    "<(?<angle>[^<>\\n]+)>",
    marked("bold", "*"),
    marked("italic", "_"),
    marked("strike", "~"),
    ":(?<emoji>[a-z0-9_+'-]+):",
  ].join("|"),
);

// *context*: people (by user id), the viewer's id and time zone.
export function text(object, context) {
  if (!object) return [];
  return object.type === "mrkdwn" ? mrkdwn(object.text, context) : plain(object.text);
}

export function mrkdwn(source, context) {
  const nodes = [];
  let quote = null;
  for (const part of source.split(/(```[\s\S]+?```)/)) {
    if (part.startsWith("```") && part.length > 6) {
      nodes.push(el("pre", {}, decoded(part.slice(3, -3).replace(/^\n|\n$/g, ""))));
      continue;
    }
    const lines = part.replace(nodes.length ? /^\n/ : /^/, "").split("\n");
    lines.forEach((line, i) => {
      const last = i === lines.length - 1;
      const quoted = /^(?:&gt;|>) ?/.exec(line);
      if (quoted) {
        if (!quote) nodes.push((quote = el("blockquote")));
        else quote.append(el("br"));
        quote.append(...spans(line.slice(quoted[0].length), context));
      } else {
        quote = null;
        nodes.push(...spans(line, context));
        if (!last) nodes.push(el("br"));
      }
    });
  }
  return nodes;
}

export function plain(source) {
  return source.split(/(:[a-z0-9_+'-]+:)/).map((part, i) => (i % 2 ? EMOJI[part.slice(1, -1)] ?? part : part));
}

function spans(source, context) {
  const nodes = [];
  let rest = source;
  for (let match = PATTERN.exec(rest); match; match = PATTERN.exec(rest)) {
    if (match.index) nodes.push(decoded(rest.slice(0, match.index)));
    nodes.push(span(match, context));
    rest = rest.slice(match.index + match[0].length);
  }
  if (rest) nodes.push(decoded(rest));
  return nodes;
}

function span(match, context) {
  const { block, code, angle, bold, italic, strike, emoji } = match.groups;
  if (block !== undefined) return el("pre", {}, decoded(block));
  if (code !== undefined) return el("code", {}, ...codeParts(code, context));
  if (angle !== undefined) return bracketed(angle, context);
  if (bold !== undefined) return el("strong", {}, ...spans(bold, context));
  if (italic !== undefined) return el("em", {}, ...spans(italic, context));
  if (strike !== undefined) return el("s", {}, ...spans(strike, context));
  return EMOJI[emoji] ?? match[0];
}

function codeParts(code, context) {
  return code.split(/(<[^<>]+>)/).map((part) =>
    /^<[^<>]+>$/.test(part) ? bracketed(part.slice(1, -1), context) : decoded(part));
}

function bracketed(inside, context) {
  const [target, label] = split(inside, "|");
  if (target.startsWith("@")) return mention(target.slice(1), context);
  if (target.startsWith("#")) return el("span", { class: "mention" }, `#${label ?? "cloud-images"}`);
  if (target.startsWith("!date^")) return date(target, label, context.timeZone);
  if (target.startsWith("!")) return el("span", { class: "mention" }, `@${target.slice(1)}`);
  const shown = decoded(label ?? target.replace(/^mailto:/, ""));
  if (!/^(https?:|mailto:)/.test(target)) return shown;
  return el("a", { href: decoded(target), target: "_blank", rel: "noreferrer noopener" }, shown);
}

function mention(userId, context) {
  const known = context.people?.[userId];
  const me = userId === context.viewer;
  return el("span", { class: me ? "mention me" : "mention" }, `@${known ?? userId}`);
}

function split(whole, separator) {
  const at = whole.indexOf(separator);
  return at < 0 ? [whole] : [whole.slice(0, at), whole.slice(at + 1)];
}

function decoded(source) {
  return source.replace(/&lt;/g, "<").replace(/&gt;/g, ">").replace(/&amp;/g, "&");
}

function date(target, fallback, timeZone) {
  const [, seconds, format, link] = target.split("^");
  const moment = new Date(Number(seconds) * 1000);
  if (Number.isNaN(moment.getTime())) return decoded(fallback ?? "");
  const words = format.replace(/\{(\w+)\}/g, (whole, token) =>
    (DATES[token] ? DATES[token](moment, timeZone) : whole));
  const time = el("time", { datetime: moment.toISOString(), title: fallback }, words);
  return link ? el("a", { href: link, target: "_blank", rel: "noreferrer noopener" }, time) : time;
}

const part = (options) => (moment, timeZone) =>
  new Intl.DateTimeFormat("en-US", { timeZone, ...options }).format(moment);
const day = part({ year: "numeric", month: "2-digit", day: "2-digit" });
const pretty = (otherwise) => (moment, timeZone) => {
  const days = { yesterday: -1, today: 0, tomorrow: 1 };
  const near = Object.entries(days).find(([, off]) =>
    day(new Date(now() + off * 86_400_000), timeZone) === day(moment, timeZone));
  return near ? near[0] : otherwise(moment, timeZone);
};
const long = part({ year: "numeric", month: "long", day: "numeric" });
const short = part({ year: "numeric", month: "short", day: "numeric" });
const full = part({ weekday: "long", year: "numeric", month: "long", day: "numeric" });
const DATES = {
  date: long,
  date_num: (moment, zone) => day(moment, zone).replace(/(\d+)\/(\d+)\/(\d+)/, "$3-$1-$2"),
  date_short: short,
  date_long: full,
  date_pretty: pretty(long),
  date_short_pretty: pretty(short),
  date_long_pretty: pretty(full),
  time: part({ hour: "numeric", minute: "2-digit" }),
  time_secs: part({ hour: "numeric", minute: "2-digit", second: "2-digit" }),
  ago: (moment) => ago((moment - now()) / 1000),
};

function ago(seconds) {
  const words = new Intl.RelativeTimeFormat("en", { numeric: "auto" });
  const units = [["day", 86_400], ["hour", 3_600], ["minute", 60], ["second", 1]];
  const [unit, length] = units.find(([, s]) => Math.abs(seconds) >= s) ?? units[3];
  return words.format(Math.round(seconds / length), unit);
}

export const clock = DATES.time;
