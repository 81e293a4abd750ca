// How does Slack show its own markup? As nodes, never as HTML.
// Must not guess: what is no markup of Slack's stays as it was written.

import { h } from "./dom.js";

const MARK = /(```[\s\S]+?```|`[^`\n]+`|<[^<>]+>|(?<![\w*])\*[^*\n]+\*(?![\w*])|(?<!\w)_[^_\n]+_(?!\w)|(?<!\w)~[^~\n]+~(?!\w))/;
const TAGS = { "*": "strong", _: "em", "~": "s" };

export const plain = (text) => text.replace(/&lt;/g, "<").replace(/&gt;/g, ">").replace(/&amp;/g, "&");

export function mrkdwn(text, names) {
  const lines = text.split("\n");
  const made = [];
  for (let n = 0; n < lines.length; n += 1) {
    if (/^(&gt;|>)/.test(lines[n])) {
      const quoted = [];
      while (n < lines.length && /^(&gt;|>)/.test(lines[n])) quoted.push(lines[n++].replace(/^(&gt;|>) ?/, ""));
      n -= 1;
      made.push(h("blockquote", {}, inline(quoted.join("\n"), names)));
    } else {
      made.push(...inline(lines[n], names), n + 1 < lines.length ? h("br") : "");
    }
  }
  return made;
}

function inline(text, names) {
  return text.split(MARK).filter(Boolean).map((part) => piece(part, names)).flat();
}

function piece(part, names) {
  if (/^```[\s\S]+```$/.test(part)) return h("pre", {}, plain(part.slice(3, -3)));
  if (/^`[^`]+`$/.test(part)) return h("code", {}, plain(part.slice(1, -1)));
  if (/^<[^<>]+>$/.test(part)) return token(part.slice(1, -1), names);
  const tag = part.length > 2 && part[0] === part.at(-1) ? TAGS[part[0]] : undefined;
  if (tag) return h(tag, {}, inline(part.slice(1, -1), names));
  return part.split("\n").flatMap((line, n) => (n ? [h("br"), plain(line)] : [plain(line)]));
}

function token(inside, names) {
  const [target, label] = inside.split("|");
  if (target[0] === "@" || target[0] === "#") {
    return h("span", { class: "mention" }, target[0] + (names[target.slice(1)] ?? label ?? target.slice(1)));
  }
  if (target.startsWith("!date^")) return plain(label ?? "");
  if (target.startsWith("!")) return h("span", { class: "mention" }, `@${label ?? target.slice(1)}`);
  if (!/^(https?|mailto|tel):/.test(target)) return plain(inside);
  return h("a", { href: plain(target), target: "_blank", rel: "noopener noreferrer" }, plain(label ?? target));
}
