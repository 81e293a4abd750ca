"""Will you swap with me? Overrides as one proposal, which the other person accepts or declines.

It must not change anything until the other has accepted, nor leave the asker without an answer.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence

from oncallbot.engine import proposals
from oncallbot.engine.change import Refused
from oncallbot.engine.handle import Door
from oncallbot.engine.proposals import Ended, NotYours, Outline, Proposed, Unknown
from oncallbot.oncall.editing import Mistake
from oncallbot.schedule_files import Order
from oncallbot.storage import outbox
from oncallbot.storage import proposals as proposals_kept
from oncallbot.storage.outbox import Notification
from oncallbot.storage.proposals import Proposal, Status


def ask(
    door: Door,
    orders: Sequence[Order],
    asker: str,
    other: str,
    reason: str,
    letter: Callable[[Proposed], Notification | None],
) -> Proposed | Mistake | Refused:
    """Keep the swap for the other to decide, and send them `letter` with the same commit."""
    with door.database.write() as connection:
        made = proposals.propose_within(door, connection, orders, asker, decided_by=other, reason=reason)
        if isinstance(made, Proposed) and not is_between(made.outline, (asker, other)):
            proposals.decline_within(door, connection, made.id, asker)
            return Mistake("somebody has just changed the schedules", "propose the swap again")
        if isinstance(made, Proposed) and not made.outline.is_empty and (row := letter(made)) is not None:
            outbox.put(connection, (row,))
            door.wake_after(connection)
        return made


def again(door: Door, stale: Proposed, orders: Sequence[Order], both: Collection[str]) -> Proposed | None:
    """Keep these orders in the place of a swap that is stale; None, and nothing is kept, where others would change."""
    asker, reason = stale.outline.made_by, stale.outline.reason
    with door.database.write() as connection:
        made = proposals.propose_within(
            door, connection, orders, asker, decided_by=stale.decided_by, reason=reason, replaces=stale.id
        )
        if isinstance(made, Proposed) and is_between(made.outline, both):
            return made
        if isinstance(made, Proposed):
            proposals.decline_within(door, connection, made.id, asker)
        return None


def is_between(outline: Outline, both: Collection[str]) -> bool:
    """Does it change the shifts of these two only? It did when it was proposed; since then others may have covered."""
    return set(outline.preview.people) <= set(both)


def decline(
    door: Door, id_: str, who: str, letter: Callable[[Proposal], Notification | None]
) -> Ended | NotYours | Unknown:
    """Take it off the table; whoever else is concerned gets `letter` with the same commit, once."""
    with door.database.write() as connection:
        before = proposals_kept.load(connection, id_, lock=True)
        ended = proposals.decline_within(door, connection, id_, who)
        is_news = isinstance(ended, Ended) and before is not None and before.status is Status.OPEN
        if is_news and before is not None and (row := letter(before)) is not None:
            outbox.put(connection, (row,))
            door.wake_after(connection)
        return ended
