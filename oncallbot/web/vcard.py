"""How is a contact written so that a phone can save it? As a vCard 3.0, which iPhones and Androids both import.

It must not know whose contact it is. Ours, because it is these lines: a library would bring a parser and three more.
https://www.rfc-editor.org/rfc/rfc2426 (checked 2026-11)
"""

from __future__ import annotations

from collections.abc import Sequence

MEDIA_TYPE = "text/vcard; charset=utf-8"
_MOST_OCTETS = 75


def vcard(name: str, uid: str, numbers: Sequence[str], note: str, url: str) -> str:
    """One contact, shown as a company. A second import with the same `uid` replaces the first where phones can."""
    lines = [
        "BEGIN:VCARD",
        "VERSION:3.0",
        f"UID:{_text(uid)}",
        f"FN:{_text(name)}",
        f"N:;{_text(name)};;;",
        f"ORG:{_text(name)}",
        "X-ABShowAs:COMPANY",
        *(f"TEL;TYPE=CELL,VOICE:{_text(number)}" for number in numbers),
        f"URL:{url}",
        f"NOTE:{_text(note)}",
        "END:VCARD",
    ]
    return "".join(f"{folded}\r\n" for line in lines for folded in _folded(line))


def _text(value: str) -> str:
    plain = "".join(one for one in value.replace("\r\n", "\n") if one == "\n" or one.isprintable())
    escaped = plain.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,")
    return escaped.replace("\n", "\\n")


def _folded(line: str) -> list[str]:
    """In pieces of at most 75 octets, never within a letter; each further one begins with a space."""
    pieces, piece, octets = [], "", 0
    for letter in line:
        size = len(letter.encode())
        if octets + size > _MOST_OCTETS:
            pieces.append(piece)
            piece, octets = " ", 1
        piece, octets = piece + letter, octets + size
    return [*pieces, piece]
