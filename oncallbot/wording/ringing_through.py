"""How does a page ring through a silent phone? The steps, by kind of phone, as the contact card and its page say them.

It must not promise that a phone rings: only a test page on this very phone shows it. Menus as guides to iOS 26 and
Android 16 describe them (checked 2026-11; not tried on phones of ours). Makers move them.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Steps:
    """What to do on one kind of phone, in order."""

    phone: str
    steps: tuple[str, ...]


PHONES = (
    Steps(
        "iPhone",
        (
            "Save this contact.",
            "Open it in Contacts: Edit, Ringtone, Emergency Bypass on. It then rings in silent mode and in any Focus.",
            "Do the same under Text Tone, so that texts are heard. Done.",
            "Call screening and Silence Unknown Callers let saved contacts through. To be sure: Settings, Apps, Phone.",
            "Do not block or report one of these numbers: it would be silent without a word.",
        ),
    ),
    Steps(
        "Android",
        (
            "Save this contact, open it and mark it with the star.",
            "Settings, Modes (or Notifications), Do Not Disturb, People: allow calls and messages of starred contacts.",
            "Look into every other mode that may be on at night, such as Bedtime, likewise.",
            "Give the contact a loud ringtone of its own: open it, the three dots, Set ringtone.",
            "Phone app, Settings: Call Screen and the spam filter leave saved contacts alone. To be sure, look there.",
            "If the phone itself is silent, Do Not Disturb lets through what cannot be heard: leave the volume up.",
        ),
    ),
)

TEST = "Then test it: lay the phone down as you do at night, locked, and have somebody page you."


def lines() -> Iterator[str]:
    """All of it as plain lines, for a note."""
    for one in PHONES:
        yield f"{one.phone}:"
        yield from (f"{number}. {step}" for number, step in enumerate(one.steps, 1))
    yield TEST
