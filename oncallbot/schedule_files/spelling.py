"""What is wrong with a text that a person wrote, and what should stand there instead?

It must not know where the text stood: whoever reads the file adds that.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from difflib import get_close_matches

RESERVED = ("nobody", "everyone", "forever")
_NAME = re.compile(r"\w[\w.-]{0,63}")


class Misspelt(ValueError):
    """A text that cannot be read: what is wrong, and the cure."""

    def __init__(self, wrong: str, cure: str) -> None:
        super().__init__(f"{wrong}: {cure}")
        self.wrong = wrong
        self.cure = cure

    @classmethod
    def from_error(cls, error: ValueError) -> Misspelt:
        """Our pure rooms say `what is wrong: what to write`."""
        if isinstance(error, Misspelt):
            return error
        wrong, colon, cure = str(error).rpartition(": ")
        return cls(wrong, cure) if colon else cls(cure, "correct it")


def nearest(word: str, known: Iterable[str]) -> str | None:
    """The known word that this one was probably meant to be, whatever its case."""
    by_folded = {one.casefold(): one for one in known}
    close = get_close_matches(word.casefold(), by_folded, n=1, cutoff=0.6)
    return by_folded[close[0]] if close else None


def instead_of(word: str, known: Iterable[str], otherwise: str) -> str:
    """The cure for an unknown word: the nearest known one, else a short list of them, else `otherwise`."""
    words = sorted(set(known))
    near = nearest(word, words)
    if near is not None:
        return f"did you mean {near}?"
    return f"write one of {', '.join(words)}" if 0 < len(words) <= 15 else otherwise


def name(text: str) -> str:
    """An id: letters, digits, `_`, `-` and `.`, so that commands and Slack can say it."""
    if text.casefold() in RESERVED:
        raise Misspelt(f"{text!r} is a reserved name", "choose another one")
    if not _NAME.fullmatch(text):
        raise Misspelt(f"{text!r} is not a name", "use letters, digits, hyphens and underscores, without blanks")
    return text


def tier_name(text: str) -> str:
    """A tier's id: `default` is what `policies` calls all the other tiers."""
    if text.casefold() == "default":
        raise Misspelt("'default' is a reserved name for a tier", "choose another one, such as standard")
    return name(text)


def plain_text(text: str) -> str:
    """Words for people: not empty, no line breaks."""
    words = " ".join(text.split())
    if not words:
        raise Misspelt("the text is empty", "write something, or leave the key out")
    return words


def one_of(*allowed: str) -> Callable[[str], str]:
    """A reader of one of these words, whatever its case."""

    def read(text: str) -> str:
        if text.casefold() in allowed:
            return text.casefold()
        raise Misspelt(f"{text!r} is not known here", instead_of(text, allowed, ""))

    return read


def whole_number(text: str) -> str:
    """A whole number of 1 or more, in its plain form."""
    if not text.isdecimal() or int(text) < 1:
        raise Misspelt(f"{text!r} is not a whole number of 1 or more", "write digits, for example 3")
    return str(int(text))
