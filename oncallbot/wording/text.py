"""What of somebody's words can be written here? Cleaning, and the 7-bit alphabet of texts (GSM 03.38).

It must not escape markup: each renderer escapes for its own medium.
"""

from __future__ import annotations

import re
import unicodedata

ONE_TEXT = 160  # septets of a text in one segment
TWO_TEXTS = 306  # ... in two: each of several segments holds 153

_BASIC = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿"
    "abcdefghijklmnopqrstuvwxyzäöñüà"
)
_EXTENDED = frozenset("^{}\\[~]|€")  # an escape before them: two septets each
_PER_SEGMENT = 153

# What Unicode does not decompose, or not as a person would write it.
_SPELLED = {
    "“": '"', "”": '"', "„": '"', "‟": '"', "«": '"', "»": '"', "″": '"',
    "‘": "'", "’": "'", "‚": "'", "‛": "'", "‹": "'", "›": "'", "′": "'", "`": "'", "´": "'",
    "‐": "-", "‑": "-", "‒": "-", "–": "-", "—": "-", "―": "-", "−": "-",
    "…": "...", "•": "*", "·": "*", "×": "x", "→": "->", "←": "<-", "⇒": "=>", "⁄": "/", "\t": " ",
    "ł": "l", "Ł": "L", "đ": "d", "Đ": "D", "ð": "d", "Ð": "D", "þ": "th", "Þ": "Th", "ı": "i",
    "œ": "oe", "Œ": "OE", "ẞ": "SS", "ħ": "h", "Ħ": "H", "ŋ": "n", "Ŋ": "N", "ŧ": "t", "Ŧ": "T",
}  # fmt: skip

_CONTROLS = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")
_DROPPED = frozenset({"Cf", "Cs", "Co", "Cn"})  # invisible, half a character, private, none at all
_SYMBOLS = frozenset({"So", "Sk", "Mn", "Me", "Cf", "Cs", "Co", "Cn", "Cc"})


def clean(text: str, limit: int) -> str:
    """One line of at most `limit` characters: controls and invisible characters gone, blanks collapsed; a longer one
    ends in "..."."""
    # Hostile input is long: nothing behind this can reach the result, but for blanks that collapse.
    spaced = _CONTROLS.sub(" ", text[: limit * 8 + 1_000])
    visible = "".join(one for one in spaced if one.isascii() or unicodedata.category(one) not in _DROPPED)
    line = " ".join(visible.split())
    if len(line) <= limit:
        return line
    return line[: max(limit - 3, 0)].rstrip() + "..."[:limit]


def gsm7(text: str) -> str:
    """The same words in the 7-bit alphabet: accents that it lacks are left off, emoji dropped, other scripts "?"."""
    if is_gsm7(text):
        return text
    written = "".join(_spelled(one) for one in unicodedata.normalize("NFC", text))
    return re.sub(r"\?{2,}(?=\?)", "", written)  # a word in another script is one "?"


def is_gsm7(text: str) -> bool:
    """Does this go out in the 7-bit alphabet? One character outside makes the whole text UCS-2, 70 to a segment."""
    return all(one in _BASIC or one in _EXTENDED for one in text)


def septets(text: str) -> int:
    """How many of a segment's 160 this takes; `text` must be GSM-7."""
    return sum(2 if one in _EXTENDED else 1 for one in text)


def segments(text: str) -> int:
    """How many segments this GSM-7 text goes out in. An escape and its character never stand in two."""
    if septets(text) <= ONE_TEXT:
        return 1
    count, room = 1, _PER_SEGMENT
    for one in text:
        width = 2 if one in _EXTENDED else 1
        if width > room:
            count, room = count + 1, _PER_SEGMENT
        room -= width
    return count


def cut(text: str, room: int) -> str:
    """A GSM-7 text in at most `room` septets; a longer one ends in "...", "" when there is no room for words."""
    if septets(text) <= room:
        return text
    if room < 4:
        return ""
    taken, left = [], room - 3
    for one in text:
        left -= 2 if one in _EXTENDED else 1
        if left < 0:
            break
        taken.append(one)
    return "".join(taken).rstrip() + "..."


def sentence(text: str) -> str:
    """The words as one sentence: exactly one stop at the end, whichever they had; "" stays ""."""
    bare = text.rstrip()
    if not bare:
        return ""
    return bare if bare[-1] in ".!?" else bare.rstrip(",;:- ") + "."


def _spelled(one: str) -> str:
    if one in _BASIC or one in _EXTENDED:
        return one
    if one in _SPELLED:
        return _SPELLED[one]
    plain = "".join(part for part in unicodedata.normalize("NFKD", one) if not unicodedata.combining(part))
    if plain and plain != one:
        return "".join(_spelled(part) for part in plain)
    category = unicodedata.category(one)
    if category == "Zs":
        return " "
    return "" if category in _SYMBOLS else "?"
