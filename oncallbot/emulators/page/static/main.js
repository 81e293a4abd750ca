// What is on the page, and which part looks again when something happens?
// Must not poll: the emulators tell of everything that changes.

import { h, say } from "./dom.js";
import { Faults } from "./faults.js";
import { Phone } from "./phone.js";
import { get, listen, post } from "./sim.js";
import { Slack } from "./slack.js";
import * as speech from "./speech.js";
import * as strip from "./strip.js";

const panes = document.querySelector(".panes");
const tabs = document.querySelector(".tabs");
const another = document.getElementById("another");
const CALLER = "It is night, and something is broken. Call, or write a text.";
const RESPONDER = { empty: "No calls, no texts: a quiet night.", hello: "Say something" };
const newest = { story: 0, product: 0 }; // ids of events
let parts = null;

function remark(words) {
  const news = document.getElementById("news");
  say(news, "");
  say(news, words);
  news.classList.add("shown");
  clearTimeout(remark.timer);
  remark.timer = setTimeout(() => news.classList.remove("shown"), 5000);
}

function build({ cast, carries_out }) {
  const [first, second] = cast.responders;
  const phones = [
    new Phone({ ...cast.customer, id: "customer", title: "Customer phone", empty: CALLER, hello: "Say what is broken" }, cast.hotline),
    new Phone({ ...first, ...RESPONDER, id: "first", title: "First responder's phone" }, cast.hotline),
    new Phone({ ...second, ...RESPONDER, id: "second", title: "Second responder's phone" }, cast.hotline),
  ];
  const slack = new Slack(cast, remark);
  const faults = new Faults(phones[1], remark);
  faults.kill.disabled = !carries_out.includes("kill");
  another.disabled = !carries_out.includes("another_night");
  panes.replaceChildren(...phones.map((phone) => phone.element), slack.element);
  const places = [...phones.map(({ element, facts }) => [element, facts.name]), [slack.element, "Slack"]];
  tabs.replaceChildren(...places.map(([element, name]) => h("a", { href: `#${element.id}`, "data-pane": element.id }, name)));
  parts = { phones, slack, faults };
  seen.disconnect();
  for (const pane of panes.children) seen.observe(pane);
}

function lookAtAll() {
  for (const phone of parts.phones) phone.refresh().then(markTabs);
  parts.slack.refresh();
  parts.faults.refresh().then(() => parts.slack.outage(parts.faults.slackIsDown));
}

// On a narrow screen the tabs say which pane is seen.
const seen = new IntersectionObserver((changes) => {
  for (const { target, isIntersecting } of changes) {
    const tab = tabs.querySelector(`[data-pane="${target.id}"]`);
    if (isIntersecting) tab?.setAttribute("aria-current", "true");
    else tab?.removeAttribute("aria-current");
  }
}, { root: panes, threshold: .6 });

// And where it rings.
function markTabs() {
  for (const tab of tabs.children) tab.dataset.state = document.getElementById(tab.dataset.pane).dataset.state ?? "";
}

// The event to go on from.
async function begin() {
  const stage = await get("/stage");
  if (!stage.cast.hotline) {
    strip.tell({ words: "Not ready", detail: "The stage is not set: this page is for `oncallbot demo`." });
    return stage.event; // once it is set, an event says so
  }
  build(stage);
  if (stage.event >= newest.story) strip.tell(stage.story); // else something newer was heard while this came
  if (stage.event >= newest.product) strip.report(stage.product);
  lookAtAll();
  return stage.event;
}

function hear(event) {
  switch (event.kind) {
    case "stage":
      speech.hush();
      begin();
      break;
    case "story":
      newest.story = event.id;
      strip.tell(event.story);
      break;
    case "product":
      newest.product = event.id;
      strip.report(event.product);
      break;
    case "faults":
    case "behaviour":
      lookAtAll();
      break;
    default:
      if (event.kind.startsWith("slack_")) parts.slack.refresh();
      else for (const phone of parts.phones) phone.hear(event);
      setTimeout(markTabs, 150);
  }
}

let wasLost = false;
function lost(isLost) {
  const isBack = wasLost && !isLost;
  wasLost = isLost;
  strip.lose(isLost);
  if (isBack) follow();
}

// From the beginning, also when the line was lost: the demo may have been started anew, and count its events anew.
let stopListening = () => {};
async function follow() {
  stopListening();
  newest.story = newest.product = 0;
  stopListening = listen(await begin().catch(() => 0), hear, lost);
}

another.addEventListener("click", () => post("/another_night").catch((refused) => remark(refused.message)));
speech.start();
strip.start();
setInterval(() => parts?.phones.forEach((phone) => phone.tick()), 5000);
follow();
