"""What is said privately to one person in Slack, or in one thread? Rows for the outbox, made beside a decision.

It must not decide, nor send: a request that carries no answer of its own is answered through the outbox.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from oncallbot.engine.handle import Door
from oncallbot.engine.letters import slack_row
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
    blocks: Sequence[dict[str, Any]] = (),
    is_ready: bool = False,
    replaces: bool = False,
) -> Notification:
    """Words for this user alone: to the address that the click brought, else in the channel (or thread) where they
    are. `about_channel` is linked behind the words; `blocks` are Slack's; `is_ready` says that the words are
    escaped already; with `replaces` the message that was clicked on says this from now on."""
    given: dict[str, Any] = {"user": user, "response_url": response_url, "thread": thread}
    given |= {"about_channel": about_channel, "blocks": list(blocks), "is_ready": is_ready, "replaces": replaces}
    detail = {name: value for name, value in given.items() if value}
    return slack_row(Purpose.WHISPER, channel, words, now, detail=detail)


def in_thread(words: str, now: datetime, channel: str, ts: str, issue: int | None) -> Notification:
    """Words for a customer, in the thread of their post."""
    return slack_row(Purpose.CUSTOMER_TOLD, channel, words, now, detail={"thread": ts}, issue=issue)


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


def answered_once(
    door: Door, key: str, answer: Callable[[], str], is_kept: Callable[[str], bool] = lambda _: True
) -> str:
    """What this request is answered; a repeat gets the first answer again, but for one that is not `is_kept`.

    `answer` acts in transactions of its own, each of which must do no harm when it is repeated: whoever dies between
    the act and its answer is asked again. Of repeats that come at once, all hear what was kept first: an act whose
    repeat is answered otherwise keeps its answer itself (`keep_within`). Raises what `answer` raises.
    """
    if (first := door.answer_given(key)) is not None:
        return first
    said = answer()
    if not is_kept(said):
        return door.answer_given(key) or said
    with door.database.write() as connection:
        match keys.claim(connection, key, door.clock.now()):
            case keys.Claimed():
                keys.keep_answer(connection, key, said)
                return said
            case keys.Repeated(first):
                return said if first is None else first


def keep_within(door: Door, connection: Connection, key: str, answer: str) -> None:
    """Keep the answer in the transaction of the act itself: whoever sees that it is done can give this answer."""
    keys.claim(connection, key, door.clock.now())
    keys.keep_answer(connection, key, answer)
