"""What is said privately to one person in Slack, or in one thread? Rows for the outbox, made beside a decision.

It must not decide, nor send: a request that carries no answer of its own is answered through the outbox.
"""

from __future__ import annotations

import uuid
from datetime import datetime

from oncallbot.engine.handle import Door
from oncallbot.engine.letters import UPDATE
from oncallbot.oncall.people import Method
from oncallbot.storage import keys, outbox
from oncallbot.storage.outbox import Notification, Purpose


def whisper(
    words: str,
    now: datetime,
    channel: str,
    user: str,
    *,
    response_url: str = "",
    thread: str = "",
    about_channel: str = "",
) -> Notification:
    """Words for this user alone: to the address that the click brought, else in the channel (or thread) where they
    are. `about_channel` is linked behind the words."""
    given = {"user": user, "response_url": response_url, "thread": thread, "about_channel": about_channel}
    detail = {name: value for name, value in given.items() if value}
    return _row(Purpose.WHISPER, channel, words, now, detail)


def in_thread(words: str, now: datetime, channel: str, ts: str, issue: int | None) -> Notification:
    """Words for a customer, in the thread of their post."""
    return _row(Purpose.CUSTOMER_TOLD, channel, words, now, {"thread": ts}, issue)


def say_once(door: Door, key: str, said: Notification) -> None:
    """Put it into the outbox, unless this key was answered before. Raises DatabaseUnavailable: nothing happened."""
    with door.database.write() as connection:
        if isinstance(keys.claim(connection, key, door.clock.now()), keys.Repeated):
            return
        keys.keep_answer(connection, key, said.words)
        outbox.put(connection, (said,))
        door.wake_after(connection)


def is_first(door: Door, key: str) -> bool:
    """Is this its first delivery? For what is answered without a decision; a repeat is no other."""
    with door.database.write() as connection:
        if isinstance(keys.claim(connection, key, door.clock.now()), keys.Repeated):
            return False
        keys.keep_answer(connection, key, "")
        return True


def _row(
    purpose: Purpose, channel: str, words: str, now: datetime, detail: dict[str, str], issue: int | None = None
) -> Notification:
    return Notification(
        id=uuid.uuid4().hex,
        purpose=purpose,
        method=Method.SLACK,
        address=channel,
        words=words,
        issue=issue,
        detail=detail,
        priority=UPDATE,
        created_at=now,
        due_at=now,
    )
