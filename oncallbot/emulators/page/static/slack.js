// What stands in the channel and in the direct messages, and what can the person who acts do there?
// Must not draw blocks itself, nor let anybody do what Slack would not: a refusal is shown.

import { atEnd, h, reconcile, say, show, toEnd } from "./dom.js";
import { blocks, words } from "./blocks.js";
import { mrkdwn } from "./mrkdwn.js";
import { Modal, confirmed } from "./modal.js";
import { hour, initials } from "./phone.js";
import { get, post, repeatable } from "./sim.js";

const NEWEST = 5; // lines of a thread that are always shown

export class Slack {
  constructor({ channel, responders, managers = [] }, remark) {
    this.channel = channel;
    this.people = [...responders, ...managers];
    this.remark = remark;
    this.person = responders[0];
    this.place = "channel";
    this.unfolded = new Set(); // threads
    this.names = { [channel.id]: channel.name };
    this.element = document.getElementById("slack").content.firstElementChild.cloneNode(true);
    this.at = (selector) => this.element.querySelector(selector);
    this.refresh = repeatable(() => this.look());
    this.modal = new Modal(this.at(".modal"), {
      click: (element, block, value, values) => this.click(element, block, { values }, value),
      submit: (values) => this.act("submit", { values }),
      close: () => this.act("close"),
    });
    this.build();
  }

  build() {
    const { at, element } = this;
    element.setAttribute("aria-label", `Slack #${this.channel.name}`);
    element.id = "slack-pane";
    say(at("h2"), `Slack #${this.channel.name}`);
    for (const each of this.people) {
      const choose = h("input", { type: "radio", name: "persona", checked: each === this.person, onchange: () => this.become(each) });
      at(".persona").append(h("label", {}, choose, h("span", {}, each.name)));
    }
    for (const [place, name] of [["channel", `# ${this.channel.name}`], ["direct", "Direct messages"]]) {
      at(".places").append(h("button", { type: "button", "data-place": place, "aria-pressed": String(place === this.place), onclick: () => this.go(place) }, name));
    }
    at(".stream").setAttribute("aria-label", "Messages");
    at(".say").addEventListener("submit", (event) => this.send(event));
    this.invite();
  }

  invite() {
    const box = this.at(".say input");
    box.placeholder = `${this.person.name}: a message, or /oncall`;
    box.setAttribute("aria-label", `Message as ${this.person.name}`);
  }

  become(person) {
    this.person = person;
    this.invite();
    this.refresh();
  }

  go(place) {
    this.place = place;
    for (const button of this.at(".places").children) button.setAttribute("aria-pressed", String(button.dataset.place === place));
    this.refresh().then(() => toEnd(this.at(".stream")));
  }

  async act(verb, wish) {
    try {
      const done = await post(`/slack/users/${this.person.slack}/${verb}`, wish);
      if (done.status === null) this.remark("The product does not answer.");
    } catch (refused) {
      this.remark(refused.message);
    }
    this.refresh();
  }

  async click(element, block, where, value) {
    if (element.confirm && !(await confirmed(this.at(".sure"), element.confirm))) return;
    if (element.url) window.open(element.url, "_blank", "noopener");
    this.act("click", { ...where, action_id: element.action_id, block_id: block.block_id, ...(value == null ? {} : { value }) });
  }

  send(event) {
    event.preventDefault();
    const box = this.at(".say input");
    const typed = box.value.trim();
    box.value = "";
    if (!typed) return;
    const channel = this.place === "channel" ? this.channel.id : "dm";
    const text = this.mentions(typed.replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/>/g, "&gt;"));
    if (typed.startsWith("/")) this.act("command", { text, channel });
    else this.act("post", { channel, text });
  }

  // `@ben` becomes what Slack's client makes of a name that was chosen from its list.
  mentions(text) {
    return text.replace(/@(\w+)/g, (typed, name) => {
      const found = Object.entries(this.users ?? {}).find(([, user]) => user.name === name.toLowerCase());
      return found ? `<@${found[0]}>` : typed;
    });
  }

  async look() {
    if (!this.users) {
      const all = await get("/slack/users");
      this.users = Object.fromEntries(all.filter((user) => !user.is_bot).map((user) => [user.id, user]));
      for (const [id, user] of Object.entries(this.users)) this.names[id] = user.real_name;
    }
    const [posted, mine] = await Promise.all([
      get(`/slack/channels/${this.channel.id}/messages`),
      get(`/slack/users/${this.person.slack}`),
    ]);
    const here = this.place === "channel";
    const messages = here ? posted : threaded(mine.direct);
    const room = here ? this.channel.id : mine.direct[0]?.channel;
    const own = mine.ephemerals.filter(({ channel }) => (here ? channel === this.channel.id : channel !== this.channel.id));
    const items = [
      ...messages.map((message) => this.item(message, room)),
      ...own.map((message) => this.item({ ...message, ephemeral: true, thread: [] }, message.channel)),
    ].sort((one, other) => one.ts - other.ts);
    if (!items.length) items.push({ key: "none", sign: "", make: () => h("p", { class: "empty" }, "Nothing has been posted yet. Try /oncall.") });
    const stream = this.at(".stream");
    const stays = atEnd(stream);
    if (reconcile(stream, items) && stays) toEnd(stream);
    this.modal.draw(mine.modal, this.names);
  }

  item(message, channel) {
    const { ts, text, blocks: laid, edited, thread, user, ephemeral } = message;
    const sign = JSON.stringify([text, laid, edited, thread.map((reply) => [reply.ts, reply.edited]), Boolean(ephemeral), user]);
    return { ts: Number(ts), key: `${ts} ${this.place}`, sign, make: () => this.entry(message, channel) };
  }

  entry(message, channel) {
    const acts = { click: (element, block, value) => this.click(element, block, { channel, ts: message.ts }, value) };
    const fromPerson = !message.ephemeral && this.users[message.user];
    const author = fromPerson ? fromPerson.real_name : "oncallbot";
    const body = message.blocks?.length ? blocks(message.blocks, this.names, acts) : [h("div", { class: "section" }, mrkdwn(message.text, this.names))];
    return h("article", { class: `message ${message.ephemeral ? "ephemeral" : ""}` },
      fromPerson
        ? h("span", { class: "face", "aria-hidden": "true" }, initials(author))
        : h("img", { class: "face", src: "/page/icon.svg", alt: "" }),
      h("div", { class: "content" },
        message.ephemeral ? h("p", { class: "private" }, `Only visible to ${this.person.name}`) : null,
        h("p", { class: "byline" }, h("b", {}, author), fromPerson ? null : h("span", { class: "badge" }, "APP"), h("time", {}, hour(Number(message.ts)))),
        body,
        this.thread(message)));
  }

  thread({ thread, ts }) {
    if (!thread.length) return null;
    const lines = thread.flatMap((reply) => reply.text.split("\n")); // a reply tells all of one moment
    const replies = lines.map((text) => h("p", {}, words({ type: "mrkdwn", text }, this.names)));
    const earlier = replies.slice(0, -NEWEST);
    if (!earlier.length) return h("div", { class: "thread" }, replies);
    const count = earlier.length === 1 ? "1 earlier line" : `${earlier.length} earlier lines`;
    const fold = h("details", { open: this.unfolded.has(ts) }, h("summary", {}, count), earlier);
    fold.addEventListener("toggle", () => (fold.open ? this.unfolded.add(ts) : this.unfolded.delete(ts)));
    return h("div", { class: "thread" }, fold, replies.slice(-NEWEST));
  }

  outage(isDown) {
    show(this.at(".outage"), isDown);
  }
}

// Direct messages come as one list: replies go below what they reply to.
function threaded(messages) {
  const isReply = ({ thread_ts, ts }) => thread_ts && thread_ts !== ts;
  return messages.filter((one) => !isReply(one)).map((one) => ({
    ...one, thread: messages.filter((other) => isReply(other) && other.thread_ts === one.ts),
  }));
}
