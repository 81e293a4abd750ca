// What can go wrong at the click of a switch, and what has been switched on?
// Must not break anything itself: the emulators do, and the demo kills the product.

import { h, say } from "./dom.js";
import { get, post, remove, repeatable } from "./sim.js";

const PLANNED = {
  "Slack is down": { kind: "down", match: { vendor: "slack" } },
  // Every order of the product is carried out, and no answer to it ever comes back.
  "Twilio accepts and times out": {
    kind: "accept_and_timeout", count: null, seconds: 30, match: { vendor: "twilio", method: "POST" },
  },
};
const MAILBOX = "The first responder's mailbox picks up";

export class Faults {
  constructor(first, remark) {
    this.first = first;
    this.remark = remark;
    this.planned = [];
    this.boxes = {};
    this.wanted = {}; // a switch that was just clicked stays so until the emulators know
    this.refresh = repeatable(async () => this.draw(await get("/faults")));
    const list = document.getElementById("faults-list");
    list.replaceChildren(...[MAILBOX, ...Object.keys(PLANNED)].map((name) => h("li", {}, this.switchOf(name))));
    this.kill = h("button", { type: "button", class: "danger", onclick: () => this.order("/kill") }, "Kill the product");
    list.append(h("li", {}, this.kill));
    const title = document.querySelector(".faults-title");
    title.onclick = () => title.setAttribute("aria-expanded", String(title.getAttribute("aria-expanded") !== "true"));
  }

  switchOf(name) {
    const box = h("input", { type: "checkbox", role: "switch", onchange: () => this.set(name, box.checked) });
    this.boxes[name] = box;
    return h("label", { class: "switch" }, box, h("span", {}, name));
  }

  async set(name, on) {
    this.wanted[name] = on;
    try {
      if (name === MAILBOX) await this.first.behave(on ? "mailbox" : "manual");
      else if (on) await post("/faults", PLANNED[name]);
      else await Promise.all(this.like(PLANNED[name]).map((fault) => remove(`/faults/${fault.id}`)));
    } catch (refused) {
      this.remark(refused.message);
    }
    delete this.wanted[name];
    await this.first.refresh();
    await this.refresh();
  }

  async order(path) {
    try {
      await post(path);
    } catch (refused) {
      this.remark(refused.message);
    }
  }

  like(wish) {
    return this.planned.filter(({ kind, match }) => kind === wish.kind && match.vendor === wish.match.vendor);
  }

  draw(planned) {
    this.planned = planned;
    let on = 0;
    for (const [name, box] of Object.entries(this.boxes)) {
      const known = name === MAILBOX ? this.first.behaviour === "mailbox" : this.like(PLANNED[name]).length > 0;
      box.checked = this.wanted[name] ?? known;
      on += box.checked ? 1 : 0;
    }
    say(document.querySelector(".faults-title"), on ? `Faults (${on} on)` : "Faults");
  }

  get slackIsDown() {
    return this.like(PLANNED["Slack is down"]).length > 0;
  }
}
