// How does one telephone look, and what can its owner do with it?
// Must not know what a call is about: it shows what was said to it, and lets its owner answer.

import { atEnd, h, reconcile, say, show, toEnd } from "./dom.js";
import { get, post, put, repeatable } from "./sim.js";
import { aloud } from "./speech.js";

const KEYS = ["1", "2 ABC", "3 DEF", "4 GHI", "5 JKL", "6 MNO", "7 PQRS", "8 TUV", "9 WXYZ", "*", "0 +", "#"];
const ENDINGS = { "no-answer": "missed", canceled: "stopped ringing", busy: "declined", failed: "failed" };
const HINTS = { record: "It records: talk, then # or hang up.", gather: "It waits for a key." };
const BREATH = 3000; // milliseconds: while somebody types, the line hears them breathe

export class Phone {
  constructor(facts, hotline) {
    this.number = facts.number;
    this.facts = facts;
    this.hotline = hotline;
    this.call = null;
    this.dialled = "";
    this.unsaid = [];
    this.ended = 0; // how many calls
    this.dials = null; // how many there were, from the click until the call is there
    this.breathed = 0;
    this.refresh = repeatable(async () => this.draw(await get(`/handsets/${this.number}`)));
    this.element = document.getElementById("phone").content.firstElementChild.cloneNode(true);
    this.at = (selector) => this.element.querySelector(selector);
    this.build();
  }

  build() {
    const { element, at, facts, hotline } = this;
    element.setAttribute("aria-label", facts.title);
    element.id = facts.id;
    say(at("h2"), facts.title);
    at(".who").append(h("b", {}, facts.name), ` · ${facts.about}`);
    say(at(".contact b"), hotline.name);
    say(at(".contact .avatar"), initials(hotline.name));
    say(at(".ringing .avatar span"), initials(hotline.name));
    say(at(".ringing .from b"), hotline.name);
    say(at(".ringing .from span"), "is calling");
    this.tick();
    at(".log").setAttribute("aria-label", `${facts.name}: calls and texts`);
    for (const key of KEYS) {
      const [digit, letters] = key.split(" ");
      const small = h("small", { "aria-hidden": "true" }, letters ?? "");
      at(".keys").append(h("button", { type: "button", "aria-label": digit, onclick: () => this.press(digit) }, digit, small));
    }
    at(".call").addEventListener("click", () => this.dial());
    for (const [name, verb] of [[".hang-up", "hang_up"], [".answer", "answer"], [".decline", "decline"]]) {
      at(name).addEventListener("click", () => this.does(verb));
    }
    at(".say").addEventListener("submit", (event) => this.send(event));
    at(".say input").addEventListener("input", () => this.breathe());
    element.addEventListener("keydown", (event) => {
      if (event.target.tagName !== "INPUT" && /^[0-9*#]$/.test(event.key)) this.press(event.key);
    });
  }

  tick() {
    say(this.at(".clock"), hour(Date.now() / 1000));
  }

  async does(verb, wish) {
    try {
      return await post(`/handsets/${this.number}/${verb}`, wish);
    } catch (refused) {
      this.remark(refused.message);
    } finally {
      this.refresh();
    }
  }

  async dial() {
    this.dials = this.ended;
    const digits = this.dialled.replace(/^00/, "").replace(/\D/g, "");
    const to = digits ? `+${digits}` : this.dialled || this.hotline.number;
    this.dialled = "";
    say(this.at(".dialled"), "");
    if (!(await this.does("call", { to }))) this.dials = null;
  }

  press(digit) {
    if (this.call?.state === "in-call") return this.does("press", { digits: digit });
    if (!this.call) say(this.at(".dialled"), (this.dialled = (this.dialled + digit).slice(-16)));
  }

  async send(event) {
    event.preventDefault();
    const box = this.at(".say input");
    const text = box.value.trim();
    if (!text) return box.focus();
    box.value = "";
    if (!this.isTalking) return this.does("text", { to: this.hotline.number, body: text });
    this.unsaid.push(text);
    this.refresh();
  }

  // From the click on Call; a call that only rings here is none yet.
  get isTalking() {
    return this.dials !== null || Boolean(this.call && (this.call.direction === "outgoing" || this.call.state === "in-call"));
  }

  // Whoever talks waits until somebody listens, as people do.
  talk() {
    if (!this.isTalking) this.unsaid = [];
    const listens = this.call && (this.call.waiting_for in HINTS || this.call.bridged);
    if (listens && this.unsaid.length) this.does("speak", { text: this.unsaid.splice(0).join(" ") });
  }

  breathe() {
    if (this.call?.waiting_for !== "record" || Date.now() - this.breathed < BREATH) return;
    this.breathed = Date.now();
    this.does("speak", { text: "", seconds: 0 });
  }

  behave(behaviour) {
    return put(`/handsets/${this.number}`, { behaviour });
  }

  remark(words) {
    say(this.at(".hint"), words);
    this.remarked = Date.now();
    setTimeout(() => this.refresh(), 3100);
  }

  hear(event) {
    if (event.number !== this.number) return;
    if (event.kind === "heard") aloud(event.text);
    this.refresh();
  }

  draw(shown) {
    const { at, element } = this;
    const focused = element.contains(document.activeElement) ? document.activeElement : null;
    const call = (this.call = shown.call);
    const state = call ? call.state : "idle";
    const rings = state === "ringing" && call.direction === "incoming";
    this.ended = shown.calls.length;
    if (call || (this.dials !== null && this.ended > this.dials)) this.dials = null;
    this.behaviour = shown.behaviour.behaviour;
    element.dataset.state = rings ? "ringing" : state;
    this.drawLog(shown);
    show(at(".ringing"), rings);
    at(".flat").inert = rings;
    if (rings) say(at(".notice span"), newest(shown, call));
    show(at(".call"), !call);
    show(at(".hang-up"), Boolean(call) && !rings);
    const speaks = this.isTalking;
    const box = at(".say input");
    box.placeholder = speaks ? this.facts.hello : "Text message";
    box.setAttribute("aria-label", speaks ? "Say something" : "Text message");
    say(at(".state"), this.stateWords(call));
    this.talk();
    const waits = this.unsaid.length ? "You talk as soon as somebody listens." : "";
    if (!this.remarked || Date.now() - this.remarked > 3000) say(at(".hint"), waits || (speaks && HINTS[call?.waiting_for]) || "");
    if (focused && !focused.getClientRects().length) this.firstButton()?.focus();
  }

  firstButton() {
    return [".answer", ".hang-up", ".call"].map(this.at).find((button) => button.getClientRects().length);
  }

  stateWords(call) {
    if (!call) return this.behaviour === "mailbox" ? "the mailbox is on" : this.hotline.shown;
    if (call.state === "in-call") return this.behaviour === "mailbox" ? "the mailbox picked up" : "in a call";
    return call.direction === "incoming" ? "ringing" : "calling…";
  }

  drawLog(shown) {
    const log = this.at(".log");
    const items = [
      ...shown.texts.map((text) => ({ at: text.at, key: text.sid, sign: text.body, make: () => bubble(text) })),
      ...[...shown.calls, ...(shown.call ? [shown.call] : [])].map((call) => callItem(call)),
    ].sort((one, other) => one.at - other.at);
    const stays = atEnd(log);
    if (!items.length) items.push({ key: "none", sign: "", make: () => h("p", { class: "empty" }, this.facts.empty) });
    if (reconcile(log, items) && stays) toEnd(log);
  }
}

function callItem(call) {
  const talk = call.talk.length ? JSON.stringify(call.talk) : "";
  return { at: call.began_at, key: call.sid, sign: call.state + talk, make: () => callEntry(call) };
}

function callEntry(call) {
  const way = call.direction === "incoming" ? "Incoming call" : "Outgoing call";
  const how = call.state !== "ended" ? "now" : call.talk.length ? "ended" : ENDINGS[call.ended] ?? "ended";
  const lines = call.talk.map(({ kind, text }) =>
    h("p", { class: `line ${kind}` }, kind === "pressed" ? [h("span", { class: "unseen" }, "pressed "), h("kbd", {}, text)] : text));
  const title = h("p", { class: "about" }, h("span", {}, `${way}, ${how}`), h("time", {}, hour(call.began_at)));
  return h("article", { class: `call-entry ${call.state === "ended" ? how.replace(" ", "-") : "live"}` }, title, lines);
}

function bubble(text) {
  const parts = text.body.split(/(https?:\/\/\S+)/).map((part, number) =>
    number % 2 ? h("a", { href: part, target: "_blank", rel: "noopener noreferrer" }, "link to answer") : part);
  return h("article", { class: `bubble ${text.direction}` }, h("p", {}, parts), h("time", {}, hour(text.at)));
}

// The text that came with this call, as a telephone shows it above a ringing call.
function newest(shown, call) {
  const fresh = shown.texts.filter((text) => text.direction === "in" && text.at > call.began_at - 10);
  return fresh.length ? fresh[fresh.length - 1].body.replace(/https?:\/\/\S+/, "").trim() : "";
}

export function hour(seconds) {
  return new Date(seconds * 1000).toLocaleTimeString("en-GB", { hour: "2-digit", minute: "2-digit" });
}

export function initials(name) {
  return name.split(/\s+/).map((word) => word[0]).join("").slice(0, 2).toUpperCase();
}
