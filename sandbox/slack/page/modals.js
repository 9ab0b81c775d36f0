// The modals a person has open, stacked: the one on top is shown, those below keep what was typed.
import { drawBlocks } from "./blocks.js";
import { el } from "./dom.js";
import { carryOver, values } from "./inputs.js";
import { plain } from "./mrkdwn.js";
import { send } from "./server.js";

// *hands*: context(act, suggest) for drawing, attempt(promise maker), confirmed(confirm).
export function drawModals(dialog, person, hands) {
  const before = new Map([...dialog.children].map((form) => [form.dataset.view, form]));
  const forms = person.modals.map((view) => {
    const old = before.get(view.id);
    if (old?.dataset.hash === view.hash) return old;
    const form = drawForm(view, person, hands);
    if (old) succeed(old, form);
    return form;
  });
  for (const form of dialog.children) if (!forms.includes(form)) form.remove();
  forms.forEach((form, i) => {
    if (dialog.children[i] !== form) dialog.insertBefore(form, dialog.children[i] ?? null);
    form.hidden = i < forms.length - 1;
    tell(form, person.modals[i].errors);
  });
  show(dialog, forms.at(-1));
}

function show(dialog, top) {
  const before = dialog.dataset.top;
  dialog.dataset.top = top?.dataset.view ?? "";
  if (!top) {
    dialog.close();
    return;
  }
  dialog.setAttribute("aria-labelledby", `title-${top.dataset.view}`);
  dialog.oncancel = (event) => { event.preventDefault(); top.back(); };
  if (!dialog.open) dialog.showModal();
  if (before !== dialog.dataset.top) (top.focused ?? firstField(top))?.focus();
}

const firstField = (form) => form.querySelector(".modal-blocks :is(input, select, textarea)");

function drawForm({ id, hash, body, previous }, person, hands) {
  const user = person.id;
  const close = (everything) => hands.attempt(() => send("/close", { user, everything }));
  const act = (element, value, control) => press(form, user, element, value, control, hands);
  const suggest = async (element, words) => (await send("/suggest", {
    user, view: id, action: element.action_id, words, values: values(form),
  })).options;
  const context = hands.context(act, suggest);
  const submit = el("button", { type: "submit", class: "button primary" }, plain(body.submit?.text ?? ""));
  const form = el("form", { "data-view": id, "data-hash": hash, novalidate: true, onsubmit: (event) => sendForm(event, user, submit, hands) },
    el("header", {},
      previous && el("button", { type: "button", class: "cross back", "aria-label": "Back", onclick: () => close(false) }, "←"),
      el("h2", { id: `title-${id}` }, plain(body.title.text)),
      el("button", { type: "button", class: "cross", "aria-label": "Close", onclick: () => close(true) }, "✕")),
    el("p", { class: "modal-problem problem", role: "alert", hidden: true }),
    el("div", { class: "modal-blocks" }, drawBlocks(body.blocks, context)),
    el("div", { class: "dialog-buttons" },
      el("button", { type: "button", class: "button", onclick: () => close(false) }, plain(body.close?.text ?? "Close")),
      body.submit && submit));
  form.back = () => close(false);
  form.addEventListener("focusin", (event) => { form.focused = event.target; });
  return form;
}

// The same view drawn anew: what was typed, the place scrolled to and the focus stay.
function succeed(old, form) {
  carryOver(old, form);
  const all = (within) => [...within.querySelectorAll("button, input, select, textarea")];
  const focused = all(old).indexOf(document.activeElement);
  const scrolled = old.querySelector(".modal-blocks").scrollTop;
  old.replaceWith(form);
  form.querySelector(".modal-blocks").scrollTop = scrolled;
  const next = firstField(old) ? all(form)[focused] : firstField(form);
  if (next && !form.hidden) next.focus();
}

async function sendForm(event, user, submit, hands) {
  event.preventDefault();
  if (submit.disabled) return;
  const form = event.currentTarget;
  tell(form, {});
  submit.disabled = true;
  submit.setAttribute("aria-busy", "true");
  await hands.attempt(() => send("/submit", { user, view: form.dataset.view, values: values(form) }));
  submit.disabled = false;
  submit.removeAttribute("aria-busy");
}

async function press(form, user, element, value, control, hands) {
  if (control.closest(".input") && !element.dispatch) return;
  if (element.confirm && !(await hands.confirmed(element.confirm))) return;
  control.setAttribute("aria-busy", "true");
  await hands.attempt(() => send("/click", {
    user, view: form.dataset.view, block: element.block_id, action: element.action_id, value, values: values(form),
  }));
  control.removeAttribute("aria-busy");
}

// Shows what is wrong beside its field, or above the form, and takes the reader to the first of it.
function tell(form, errors) {
  const told = JSON.stringify(errors);
  if ((form.dataset.told ?? "{}") === told) return;
  form.dataset.told = told;
  for (const place of form.querySelectorAll(".problem")) {
    const blockId = place.closest(".block")?.dataset.blockId ?? "";
    const field = place.closest(".block")?.querySelector("[aria-describedby]");
    place.textContent = errors[blockId] ?? "";
    place.hidden = !place.textContent;
    if (errors[blockId]) field?.setAttribute("aria-invalid", "true");
    else field?.removeAttribute("aria-invalid");
  }
  const first = form.querySelector("[aria-invalid]");
  if (first) (first.tagName === "FIELDSET" ? first.querySelector("input") : first).focus();
}
