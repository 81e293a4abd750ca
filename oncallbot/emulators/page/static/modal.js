// Which modal is open for the person who acts, and what happens to what is filled in?
// Must not keep anything: what is open, and what is wrong with an answer, the emulated Slack says.

import { h, say } from "./dom.js";
import { blocks, valueOf } from "./blocks.js";
import { plain } from "./mrkdwn.js";

export class Modal {
  constructor(dialog, acts) {
    this.dialog = dialog;
    this.acts = { ...acts, click: (element, block, value) => acts.click(element, block, value, this.values()) };
    this.id = "";
    this.sign = "";
    dialog.addEventListener("cancel", (event) => {
      event.preventDefault();
      acts.close();
    });
  }

  draw(view, names) {
    if (!view) {
      this.sign = "";
      if (this.dialog.open) this.dialog.close();
      return;
    }
    const sign = `${view.id} ${view.hash}`;
    if (sign !== this.sign) {
      this.sign = sign;
      this.build(view, names);
    }
    for (const place of this.dialog.querySelectorAll(".wrong")) say(place, view.errors[place.dataset.block] ?? "");
    if (!this.dialog.open) this.dialog.showModal();
  }

  // What stands in the fields, by block.
  values() {
    return Object.fromEntries(this.fields().map((field) => [field.name, valueOf(field)]));
  }

  fields() {
    return [...this.dialog.querySelectorAll("[name]")];
  }

  // A view that the app updates keeps what was written into a field that stays, and the place where one writes.
  build(view, names) {
    const written = new Map(view.id === this.id ? this.fields().map((field) => [field.name, field.value]) : []);
    const { name, selectionStart } = document.activeElement ?? {};
    this.id = view.id;
    this.fill(view, names);
    for (const field of this.fields().filter((one) => written.has(one.name))) {
      field.value = written.get(field.name);
      if (field.name !== name) continue;
      field.focus();
      if (selectionStart != null) field.setSelectionRange(selectionStart, selectionStart);
    }
  }

  fill(view, names) {
    const title = plain(view.title.text);
    const form = h("form", { onsubmit: (event) => this.submit(event) },
      h("header", {}, h("h3", {}, title)),
      h("div", { class: "body" }, blocks(view.blocks, names, this.acts)),
      h("p", { class: "wrong", "data-block": "" }),
      h("footer", {},
        h("button", { type: "button", class: "act", onclick: () => this.acts.close() }, plain(view.close?.text ?? "Close")),
        view.submit ? h("button", { type: "submit", class: "act primary" }, plain(view.submit.text)) : null));
    this.dialog.setAttribute("aria-label", title);
    this.dialog.replaceChildren(form);
  }

  submit(event) {
    event.preventDefault();
    this.acts.submit(this.values());
  }
}

// Slack's question before a button acts; resolves to whether it was confirmed.
export function confirmed(dialog, question) {
  return new Promise((answer) => {
    const end = (yes) => () => {
      dialog.close();
      answer(yes);
    };
    dialog.setAttribute("aria-label", plain(question.title.text));
    dialog.replaceChildren(h("form", { method: "dialog" },
      h("header", {}, h("h3", {}, plain(question.title.text))),
      h("div", { class: "body" }, h("p", {}, plain(question.text.text))),
      h("footer", {},
        h("button", { type: "button", class: "act", onclick: end(false) }, plain(question.deny.text)),
        h("button", { type: "button", class: "act primary", onclick: end(true) }, plain(question.confirm.text)))));
    dialog.oncancel = end(false);
    dialog.showModal();
  });
}
