// How is an element made, and how is a list brought up to date without touching what has not changed?
// Must not know what is shown. Texts become text nodes only: nothing a customer says is ever read as HTML.

export function h(tag, facts = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(facts)) {
    if (name.startsWith("on")) made.addEventListener(name.slice(2), value);
    else if (name === "class") made.className = value;
    else if (value === true) made.setAttribute(name, "");
    else if (value !== false && value != null) made.setAttribute(name, value);
  }
  made.append(...children.flat().filter((child) => child != null));
  return made;
}

// `items`: {key, sign (what it looks like, as text), make()}. A child whose sign is as before stays, focus and all.
export function reconcile(parent, items) {
  const held = new Map([...parent.children].map((child) => [child.dataset.key, child]));
  let place = parent.firstElementChild;
  let changed = false;
  for (const { key, sign, make } of items) {
    let child = held.get(key);
    held.delete(key);
    if (!child || child.dataset.sign !== sign) {
      const fresh = make();
      fresh.dataset.key = key;
      fresh.dataset.sign = sign;
      if (child) {
        const focused = child.contains(document.activeElement) && document.activeElement.dataset.name;
        if (place === child) place = fresh;
        child.replaceWith(fresh);
        if (focused) fresh.querySelector(`[data-name="${CSS.escape(focused)}"]`)?.focus();
      }
      child = fresh;
      changed = true;
    }
    if (child === place) place = place.nextElementSibling;
    else parent.insertBefore(child, place);
  }
  for (const child of held.values()) child.remove();
  return changed;
}

export function show(element, visible) {
  if (element.hidden === visible) element.hidden = !visible;
}

export function say(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

export function atEnd(element) {
  return element.scrollHeight - element.scrollTop - element.clientHeight < 60;
}

export function toEnd(element) {
  element.scrollTop = element.scrollHeight;
}
