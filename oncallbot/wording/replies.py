"""What did this text mean? A responder's answer, a carrier's word, or neither.

It must not guess: what could mean two things is None, and is read as plain words. Whether the sender is a responder
is the door's question.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from enum import StrEnum

from oncallbot.escalation.events import Answer
from oncallbot.wording.text import clean


@dataclass(frozen=True, slots=True)
class Reply:
    """A responder's answer. `number` is the issue's, None when left out; `words` only with a note."""

    answer: Answer
    number: int | None = None
    words: str = ""


class CarrierKind(StrEnum):
    """What the carrier does at the word, before it reaches us."""

    OUT = "out"  # no more texts: later ones fail with 21610
    IN = "in"
    HELP = "help"


@dataclass(frozen=True, slots=True)
class CarrierWord:
    """A word that belongs to the carrier: never one of our commands."""

    kind: CarrierKind


_CARRIER_WORDS = {
    **dict.fromkeys(
        ("stop", "stopall", "unsubscribe", "cancel", "end", "quit", "revoke", "optout"), CarrierWord(CarrierKind.OUT)
    ),
    **dict.fromkeys(("start", "yes", "unstop"), CarrierWord(CarrierKind.IN)),
    **dict.fromkeys(("help", "info"), CarrierWord(CarrierKind.HELP)),
}
_ANSWERS = {
    "4": Answer.ACKNOWLEDGE, "ack": Answer.ACKNOWLEDGE, "acknowledge": Answer.ACKNOWLEDGE,
    "acknowledged": Answer.ACKNOWLEDGE,
    "5": Answer.PASS, "pass": Answer.PASS, "pass on": Answer.PASS,
    "6": Answer.RESOLVE, "resolve": Answer.RESOLVE, "resolved": Answer.RESOLVE,
}  # fmt: skip
_LONGEST_NOTE = 1_000

# Everything below reads cleaned text: one line, single blanks.
_NUMBER = r"(?P<named>ah[ -]?)?#?(?P<number>\d{1,9})"
_COMMAND = re.compile(
    rf"(?P<verb>[456]|ack(?:nowledged?)?|pass(?: on)?|resolved?)(?:[.,:;]? {_NUMBER})?[ .,:;!]*",
    re.ASCII | re.IGNORECASE,
)
_NOTE = re.compile(rf"note:? {_NUMBER}\b[.,:;-]* (?P<words>.*\w.*)", re.IGNORECASE)
_NAMED_REFERENCE = re.compile(r"\bah[ -]?(\d{1,9})\b", re.ASCII | re.IGNORECASE)
_FIRST_WORD_REFERENCE = re.compile(r"#?(\d{4,8})(?=[ .,:;!?]|$)", re.ASCII)


def parse_reply(text: str) -> Reply | CarrierWord | None:
    """The command in `text`: `4`, `ack 1042`, `4 AH-1042`, `note 1042 …`, in any case; None when it is none.

    `4 5` is None: two keys, or issue 5? `4 AH-5` is not.
    """
    line = clean(_keys(text), _LONGEST_NOTE)
    carrier_word = _CARRIER_WORDS.get(line.rstrip(".,:;! ").lower())
    if carrier_word is not None:
        return carrier_word
    if note := _NOTE.fullmatch(line):
        return Reply(Answer.NOTE, int(note["number"]), note["words"].strip())
    command = _COMMAND.fullmatch(line)
    if command is None:
        return None
    number = command["number"]
    if number is None:
        return Reply(_ANSWERS[command["verb"].lower()])
    if command["verb"].isdigit() and len(number) == 1 and not command["named"]:
        return None
    return Reply(_ANSWERS[command["verb"].lower()], int(number))


def mentioned_reference(text: str) -> int | None:
    """The issue that a customer's text names: `AH-1042` anywhere, or 1042 as its first word; None when it names two."""
    line = clean(unicodedata.normalize("NFKC", text), 2_000)
    named = {int(number) for number in _NAMED_REFERENCE.findall(line)}
    if named:
        return named.pop() if len(named) == 1 else None
    first = _FIRST_WORD_REFERENCE.match(line)
    return int(first[1]) if first else None


def _keys(text: str) -> str:
    """Full-width digits and keycap emoji are keys too."""
    return unicodedata.normalize("NFKC", text).replace("\ufe0f", "").replace("\u20e3", "")
