// What has the product said about the night, and is it alive?
// Must not conclude anything from the phones: every word comes from `issue --json`, by way of the demo.

import { h, reconcile, say, show } from "./dom.js";

const at = (selector) => document.querySelector(`.story ${selector}`);
let story = {};
let product = {};
let heard = 0; // when the story came, on this browser's own clock
let reported = 0;

export function tell(told) {
  story = told;
  heard = performance.now();
  draw();
}

export function report(told) {
  const before = product.state;
  const runs = told.state === "running";
  if (runs && before === "back") return; // it is being said
  product = runs ? { state: "running" } : told; // that it runs is said for a moment, and only to who saw it away
  reported = performance.now();
  if (runs && before && before !== "running") {
    product = { state: "back", words: told.words ?? "The product runs again." };
    setTimeout(() => { if (product.state === "back") { product = { state: "running" }; draw(); } }, 4000);
  }
  draw();
}

export function lose(isLost) {
  document.body.classList.toggle("lost", isLost);
  if (isLost) report({ state: "lost", words: "The emulators do not answer. Has the demo ended?" });
  else if (product.state === "lost") report({ state: "running", words: "The emulators answer again." });
}

export function start() {
  setInterval(draw, 250);
}

function left(told, since) {
  return typeof told.seconds === "number" ? Math.max(0, told.seconds - (performance.now() - since) / 1000) : null;
}

function draw() {
  const seconds = left(story, heard);
  const counted = seconds === null ? "" : `, ${Math.ceil(seconds)} s left`;
  say(at(".what"), (story.words ?? "Connecting…") + counted);
  say(at(".detail"), story.detail ?? "");
  document.body.dataset.status = story.status ?? "";
  document.body.dataset.product = product.state ?? "";
  drawSteps(seconds);
  const again = left(product, reported);
  const then = again === null ? "" : again > 0 ? `It starts again in ${Math.ceil(again)} s…` : "It starts again…";
  show(at(".product"), Boolean(product.words));
  say(at(".product [role=alert]"), product.words ?? "");
  say(at(".product .then"), then); // apart: an alert is read aloud at every change
}

function drawSteps(seconds) {
  const levels = story.levels ?? 2;
  const paged = story.level ?? 0;
  const taken = ["acknowledged", "resolved", "closed"].includes(story.status);
  const steps = [
    ["Reported", story.reference ? "done" : "next"],
    ...Array.from({ length: levels }, (_, n) => [`Level ${n + 1}`, state(n + 1, paged, taken)]),
    ["Acknowledged", taken ? "done" : "next"],
  ];
  reconcile(at(".steps"), steps.map(([name, how], number) => ({
    key: String(number),
    sign: name + how,
    make: () => h("li", { class: how }, h("i", { "aria-hidden": "true" }, h("i")), h("span", {}, name)),
  })));
  const active = at(".steps .active > i > i");
  if (active && seconds !== null && story.of) active.style.width = `${Math.min(100, 100 - (100 * seconds) / story.of)}%`;
}

function state(level, paged, taken) {
  if (level < paged || (level === paged && taken)) return level === paged ? "done" : "passed";
  if (level === paged) return "active";
  return "next";
}
