// What does the browser's own voice say, where it is switched on?
// Must not change what the product said but for marks that nobody speaks, such as [beep].

const box = () => document.getElementById("aloud");

export function start() {
  const label = box().closest("label");
  if (!("speechSynthesis" in window)) {
    label.hidden = true;
    return;
  }
  box().addEventListener("change", () => {
    speechSynthesis.cancel();
    if (box().checked) aloud("I speak what the phones say.");
  });
}

export function aloud(text) {
  if (!box().checked || !("speechSynthesis" in window) || /^\[.*\]$/.test(text)) return;
  const words = new SpeechSynthesisUtterance(text);
  words.lang = "en-GB";
  words.rate = 1.1;
  speechSynthesis.speak(words);
}

export function hush() {
  if ("speechSynthesis" in window) speechSynthesis.cancel();
}
