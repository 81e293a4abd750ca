// Which modal is open for the person who acts, and what happens to what is filled in?
// Must not keep anything: what is open, and what is wrong with an answer, the emulated Slack says.

import { h, say } from "./dom.js";
import { blocks, valueOf } from "./blocks.js";
import { plain } from "./mrkdwn.js";

export class Modal {
  constructor(dialog, acts) {
    this.dialog = dialog;
    this.acts = acts;
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

  build(view, names) {
    const title = plain(view.title.text);
    const form = h("form", { onsubmit: (event) => this.submit(event, view) },
      h("header", {}, h("h3", {}, title)),
      h("div", { class: "body" }, blocks(view.blocks, names, this.acts)),
      h("p", { class: "wrong", "data-block": "" }),
      h("footer", {},
        h("button", { type: "button", class: "act", onclick: () => this.acts.close() }, plain(view.close?.text ?? "Close")),
        view.submit ? h("button", { type: "submit", class: "act primary" }, plain(view.submit.text)) : null));
    this.dialog.setAttribute("aria-label", title);
    this.dialog.replaceChildren(form);
  }

  submit(event, view) {
    event.preventDefault();
    const values = {};
    for (const block of view.blocks.filter(({ type }) => type === "input")) {
      values[block.block_id] = valueOf(event.target.elements[block.block_id]);
    }
    this.acts.submit(values);
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
