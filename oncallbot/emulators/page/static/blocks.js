// How does Slack lay out blocks, and what can be done in them?
// Must not act: `acts.click(element, block, value)` does.

import { h } from "./dom.js";
import { mrkdwn, plain } from "./mrkdwn.js";

const PAUSE = 500; // milliseconds

export function blocks(list, names, acts) {
  return list.map((block) => drawBlock(block, names, acts));
}

export function words(text, names) {
  return text.type === "mrkdwn" ? mrkdwn(text.text, names) : plain(text.text).split("\n").flatMap((line, n) => (n ? [h("br"), line] : [line]));
}

function drawBlock(block, names, acts) {
  switch (block.type) {
    case "header":
      return h("h3", {}, words(block.text, names));
    case "divider":
      return h("hr");
    case "section":
      return h("div", { class: "section" },
        block.text ? h("div", { class: "text" }, words(block.text, names)) : null,
        block.fields ? h("div", { class: "fields" }, block.fields.map((field) => h("div", {}, words(field, names)))) : null,
        block.accessory ? h("div", { class: "accessory" }, element(block.accessory, block, names, acts)) : null);
    case "context":
      return h("div", { class: "context" }, block.elements.map((each) => h("span", {}, each.type === "image" ? each.alt_text : words(each, names))));
    case "actions":
      return h("div", { class: "actions" }, block.elements.map((each) => element(each, block, names, acts)));
    case "input":
      return question(block, names, acts);
    default:
      return h("p", { class: "context" }, `(${block.type})`);
  }
}

function element(each, block, names, acts) {
  if (each.type === "button") {
    const facts = { type: "button", class: `act ${each.style ?? ""}`, "data-name": `${block.block_id}/${each.action_id}` };
    return h("button", { ...facts, onclick: () => acts.click(each, block) }, plain(each.text.text));
  }
  const field = input(each, names, each.placeholder?.text ?? each.action_id);
  field.addEventListener("change", () => acts.click(each, block, valueOf(field, each)));
  return field;
}

function question(block, names, acts) {
  const field = input(block.element, names);
  if (block.dispatch_action) tellOfChanges(field, (value) => acts.click(block.element, block, value));
  field.id = `field-${block.block_id}`;
  field.name = block.block_id;
  field.required = !block.optional;
  const optional = block.optional ? h("small", {}, " (optional)") : null;
  return h("div", { class: "question" },
    h("label", { for: field.id }, plain(block.label.text), optional),
    field,
    block.hint ? h("p", { class: "context" }, plain(block.hint.text)) : null,
    h("p", { class: "wrong", "data-block": block.block_id }));
}

// A choice at once; words when the hand rests, not with each letter.
function tellOfChanges(field, tell) {
  const isChosen = field.tagName === "SELECT";
  let resting;
  field.addEventListener(isChosen ? "change" : "input", () => {
    clearTimeout(resting);
    resting = setTimeout(() => field.isConnected && tell(valueOf(field)), isChosen ? 0 : PAUSE);
  });
}

// The field for one element; its value, as the emulated Slack takes it, is `valueOf` it.
function input(each, names, label) {
  const facts = { "aria-label": label, "data-name": each.action_id, "data-kind": each.type };
  const options = (each.options ?? []).map(({ text, value }) => h("option", { value, selected: each.initial_option?.value === value }, plain(text.text)));
  switch (each.type) {
    case "static_select":
      return h("select", facts, each.initial_option ? null : h("option", { value: "" }, each.placeholder?.text ?? "Choose…"), options);
    case "users_select":
      return h("select", facts, h("option", { value: "" }, each.placeholder?.text ?? "Choose somebody…"),
        Object.entries(names).filter(([id]) => /^U/.test(id)).map(([id, name]) => h("option", { value: id, selected: each.initial_user === id }, name)));
    case "datetimepicker":
      return h("input", { ...facts, type: "datetime-local", value: each.initial_date_time ? localInput(each.initial_date_time) : "" });
    case "datepicker":
      return h("input", { ...facts, type: "date", value: each.initial_date });
    case "timepicker":
      return h("input", { ...facts, type: "time", value: each.initial_time });
    default: {
      const most = { ...facts, maxlength: each.max_length, placeholder: each.placeholder?.text };
      if (!each.multiline) return h("input", { ...most, type: "text", value: each.initial_value });
      return h("textarea", { ...most, rows: 3 }, each.initial_value ?? "");
    }
  }
}

export function valueOf(field) {
  if (field.value === "") return null;
  return field.dataset.kind === "datetimepicker" ? Math.floor(new Date(field.value).getTime() / 1000) : field.value;
}

function localInput(seconds) {
  const at = new Date(seconds * 1000);
  return new Date(at.getTime() - at.getTimezoneOffset() * 60000).toISOString().slice(0, 16);
}
