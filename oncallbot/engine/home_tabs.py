"""Whose home tab in Slack is to be brought up to date, and what is answered to a click in it?

It must not draw anything: the tab is drawn when it is sent. A click there has no conversation: it is answered by
direct message.
"""

from __future__ import annotations

from datetime import datetime

from oncallbot.engine import letters
from oncallbot.engine.handle import Door
from oncallbot.engine.whispers import say_once
from oncallbot.storage import keys, outbox
from oncallbot.storage.outbox import Notification, Purpose


def show(door: Door, user: str, responder: str | None, key: str) -> None:
    """Let this Slack user's tab show the newest state; `responder` is theirs, None for a colleague who is none."""
    say_once(door, key, _row(user, responder, door.clock.now()))


def answer(door: Door, user: str, responder: str, words: str, key: str) -> None:
    """What came of a click, once: by direct message, and the tab shows the new state."""
    now = door.clock.now()
    with door.database.write() as connection:
        if isinstance(keys.claim(connection, key, now), keys.Repeated):
            return
        keys.keep_answer(connection, key, words)
        told = letters.to_person(door.rules.of(connection), responder, words, now)
        rows = [_row(user, responder, now)] if told is None else [told, _row(user, responder, now)]
        outbox.put(connection, rows)
        door.wake_after(connection)


def _row(user: str, responder: str | None, now: datetime) -> Notification:
    return letters.slack_row(Purpose.HOME, user, "", now, responder=responder, priority=letters.CARD)
