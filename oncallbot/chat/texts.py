"""How do words become harmless Slack text? Escaped once, cut to length, with markup only from the functions below.

It must not let a word of a customer become a mention, a link or a command: a plain `str` is always escaped.
Source: https://docs.slack.dev/messaging/formatting-message-text (checked 2026-11).
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

ELLIPSIS = "…"
EMPTY = "–"  # Slack refuses empty texts

_ENTITIES = {"&": "&amp;", "<": "&lt;", ">": "&gt;"}
# Control characters, halves of characters, and what turns the writing direction of the words that follow.
_INVISIBLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
_USER = re.compile(r"[UW][A-Z0-9]{2,}")
_CHANNEL = re.compile(r"[CGD][A-Z0-9]{2,}")
_ADDRESS = re.compile(r"https?://[^\s<>|\"]+")
_TOKEN = re.compile(r"<([^<>]*)>")


class Markdown(str):
    """Text that is ready for Slack: escaped, with our own markup. Never made of a customer's words by hand."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class Marked:
    """Words between two pieces of our own markup; the words are escaped. Made by the functions below only."""

    before: str
    text: str
    after: str = ""


Part = str | Marked


@dataclass(frozen=True, slots=True)
class Words:
    """A text of several parts: a plain `str` is escaped, `Marked` carries our markup."""

    parts: tuple[Part, ...]

    def __add__(self, other: Words) -> Words:
        return Words(self.parts + other.parts)


def words(*parts: Part) -> Words:
    """`words("What: ", bold(summary))`."""
    return Words(parts)


def bold(text: str) -> Marked:
    """The text in bold."""
    return Marked("*", text, "*")


def table(lines: Iterable[str]) -> Marked:
    """Lines in letters of one width, so that columns stay columns."""
    return Marked("```\n", "\n".join(lines).replace("```", "'''"), "\n```")


def person(user_id: str) -> Part:
    """A mention, which Slack shows by name (and which rings, where it is new)."""
    return Marked(f"<@{user_id}>", "") if _USER.fullmatch(user_id) else user_id


def channel(channel_id: str) -> Part:
    """A link to a channel."""
    return Marked(f"<#{channel_id}>", "") if _CHANNEL.fullmatch(channel_id) else channel_id


def link(url: str, label: str) -> Part:
    """The label, leading to an http(s) address; only the label where the address is none."""
    if not _ADDRESS.fullmatch(url):
        return label
    return Marked(f"<{escape(url)}|", re.sub(r"[|\s]+", " ", label), ">")


def moment(at: datetime, otherwise: str, form: str = "{time}") -> Part:
    """An instant in each reader's own zone; `form` takes Slack's {time}, {date_short_pretty} …

    `otherwise` is what programs show that cannot.
    """
    return Marked(f"<!date^{int(at.timestamp())}^{escape(form)}|", otherwise.replace("|", "/"), ">")


def quote(text: str) -> Words:
    """Somebody's own words, set apart line by line."""
    return Words(tuple(Marked("> " if not index else "\n> ", line) for index, line in enumerate(text.splitlines())))


def joined(lines: Iterable[str | Words]) -> Words:
    """The lines below each other."""
    parts: tuple[Part, ...] = ()
    for index, line in enumerate(lines):
        parts += (("\n",) if index else ()) + (line.parts if isinstance(line, Words) else (line,))
    return Words(parts)


def escape(text: str) -> Markdown:
    """The text with & < > made harmless, and without what cannot be seen. Text that is ready stays as it is."""
    if isinstance(text, Markdown):
        return text
    return Markdown("".join(_ENTITIES.get(one, one) for one in _INVISIBLE.sub("", text)))


def plain(text: str, limit: int) -> Markdown:
    """One text, escaped and cut to `limit` characters; "–" for an empty one."""
    return render(Words((text,)), limit)


def render(text: str | Words, limit: int) -> Markdown:
    """The text for Slack, at most `limit` characters of what is sent, ending in "…" where it was cut.

    Markup and escapes are never cut in the middle.
    """
    parts = text.parts if isinstance(text, Words) else (text,)
    whole = "".join(_whole(part) for part in parts)
    if size(whole) > limit:
        whole = _cut(parts, limit)
    return Markdown(whole if whole.strip() else EMPTY)


def size(text: str) -> int:
    """Length as the strictest reader counts it: characters beyond the basic plane are two."""
    return len(text) + sum(1 for one in text if ord(one) > 0xFFFF)


def read(text: str) -> str:
    """What a person wrote in Slack, in plain words: mentions and links by their label, escapes undone."""
    plain_words = _TOKEN.sub(_token, text)
    for character in "<>&":  # & last: "&amp;lt;" was written "&lt;"
        plain_words = plain_words.replace(_ENTITIES[character], character)
    return plain_words


def _whole(part: Part) -> str:
    if isinstance(part, Marked):
        return f"{part.before}{escape(part.text)}{part.after}"
    return escape(part)


def _cut(parts: tuple[Part, ...], limit: int) -> str:
    made: list[str] = []
    room = limit - size(ELLIPSIS)
    for part in parts:
        whole = _whole(part)
        if size(whole) <= room:
            made.append(whole)
            room -= size(whole)
            continue
        before, text, after = (part.before, part.text, part.after) if isinstance(part, Marked) else ("", part, "")
        inside = _beginning(text, room - size(before) - size(after))
        if inside:
            made.append(f"{before}{inside}{after}")
        break
    return "".join(made).rstrip() + ELLIPSIS


def _beginning(text: str, room: int) -> str:
    """As many of the text's first characters as fit, escaped (text that is ready: as it is)."""
    is_ready = isinstance(text, Markdown)
    made: list[str] = []
    for one in text if is_ready else _INVISIBLE.sub("", text):
        sent = one if is_ready else _ENTITIES.get(one, one)
        room -= size(sent)
        if room < 0:
            break
        made.append(sent)
    beginning = "".join(made)
    for opening, closing in ("<>", "&;"):
        start = beginning.rfind(opening)
        if start >= 0 and closing not in beginning[start:]:
            beginning = beginning[:start]
    return beginning


def _token(found: re.Match[str]) -> str:
    target, bar, label = found[1].partition("|")
    sign, rest = target[:1], target[1:]
    match sign:
        case "@" | "#":
            return f"{sign}{label or rest}"
        case "!":
            if label:
                return label
            return f"@{rest.partition('^')[2] or rest}"
        case _:
            address = target.removeprefix("mailto:").removeprefix("tel:")
            return f"{label} ({address})" if bar and label and label != address else address
