// Keeps a page live: told that something has changed, it fetches the page again and puts in what differs.
// Without it everything works by reloading. A page takes part by an element #live with data-live and data-stamp;
// its children with an id are its parts.
"use strict";

(() => {
  const live = document.getElementById("live");
  if (!live || !live.dataset.live || !window.EventSource) return;
  const news = document.getElementById("news");
  const trouble = document.getElementById("trouble");
  const served = new Map(partsOf(live).map((part) => [part.id, part.outerHTML])); // as sent, before anybody opened a timeline
  let stamp = live.dataset.stamp;
  let wanted = stamp;
  let isLoading = false;
  let retry = 0;

  function partsOf(root) {
    return Array.from(root.children).filter((child) => child.id);
  }

  function newsOf(root) {
    return new Map(Array.from(root.querySelectorAll("[data-news]"), (one) => [one.id, one.dataset.news]));
  }

  function say(before, after) {
    const said = [];
    for (const [id, words] of after) if (before.get(id) !== words) said.push(words);
    for (const id of before.keys()) if (!after.has(id)) said.push(`${id} is closed`);
    if (news && said.length) news.textContent = said.join(". ");
  }

  // What the reader has opened, closed or focused stays so.
  function replace(old, fresh) {
    const states = new Map(Array.from(old.querySelectorAll("details[id]"), (one) => [one.id, one.open]));
    const focused = old.contains(document.activeElement) ? document.activeElement : null;
    const holder = focused && focused.closest("[id]");
    const isSummary = focused && focused.localName === "summary";
    for (const one of fresh.querySelectorAll("details[id]")) if (states.has(one.id)) one.open = states.get(one.id);
    old.replaceWith(fresh);
    const again = holder && document.getElementById(holder.id);
    const target = again && isSummary ? again.querySelector("summary") : again;
    if (target) target.focus({ preventScroll: true });
  }

  function show(page) {
    const fresh = page.getElementById("live");
    if (!fresh) return;
    const before = newsOf(live);
    for (const part of partsOf(fresh)) {
      const old = document.getElementById(part.id);
      if (served.get(part.id) === part.outerHTML) continue;
      served.set(part.id, part.outerHTML);
      if (old) replace(old, part);
      else live.append(part);
    }
    say(before, newsOf(live));
    stamp = fresh.dataset.stamp;
  }

  async function refresh() {
    if (isLoading) return;
    isLoading = true;
    try {
      while (wanted !== stamp) {
        const asked = wanted;
        const answer = await fetch(location.href, { cache: "no-store", headers: { Accept: "text/html" } });
        if (answer.redirected) {
          location.reload(); // signed out: this page is asked for again once signed in
          return;
        }
        if (!answer.ok) throw new Error(`answered ${answer.status}`);
        show(new DOMParser().parseFromString(await answer.text(), "text/html"));
        if (wanted === asked) wanted = stamp; // the page is at least as new as what we were told
      }
      if (trouble) trouble.hidden = true;
    } catch {
      if (trouble) trouble.hidden = false;
      clearTimeout(retry);
      retry = setTimeout(refresh, 3000);
    } finally {
      isLoading = false;
    }
  }

  // A closed line does not heal by itself: a proxy has answered for us, or we are signed out. What stands here stays
  // until the page can be fetched again, which tells which of both it was.
  function connect() {
    const events = new EventSource(live.dataset.live);
    events.onmessage = (event) => {
      wanted = event.data;
      refresh();
    };
    events.onopen = () => {
      if (trouble) trouble.hidden = true;
    };
    events.onerror = () => {
      if (trouble) trouble.hidden = false;
      if (events.readyState !== EventSource.CLOSED) return;
      setTimeout(() => {
        wanted = null;
        refresh();
        connect();
      }, 3000);
    };
  }

  connect();
})();
