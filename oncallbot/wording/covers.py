"""What is said about a cover request: to those who are asked, to whoever asks, and to the managers?

It must not decide who is asked or who has it, nor escape markup. Whoever asked keeps the shift until somebody takes it.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from oncallbot.escalation.rules import Rules
from oncallbot.oncall.people import Responder
from oncallbot.wording.edit_words import because
from oncallbot.wording.issue_words import name_of, names
from oncallbot.wording.shift_times import day_time, span_text, zone_note
from oncallbot.wording.text import clean

TAKE_IT = "I take it"
TAKE_IT_BY = "Take it:"
WITHDRAW = "Withdraw"
_LONGEST_ID = 60
_MOST_REQUESTS = 10


class Cover(Protocol):
    """A request as `storage` keeps it: `status` is open, with_manager, taken, withdrawn or lapsed."""

    @property
    def schedule(self) -> str: ...

    @property
    def responder(self) -> str: ...

    @property
    def starts_at(self) -> datetime: ...

    @property
    def ends_at(self) -> datetime: ...

    @property
    def reason(self) -> str: ...

    @property
    def asked(self) -> tuple[str, ...]: ...

    @property
    def status(self) -> str: ...

    @property
    def taken_by(self) -> str | None: ...

    @property
    def made_at(self) -> datetime: ...

    @property
    def deadline_at(self) -> datetime: ...


def cover_text(request: Cover, rules: Rules, tz: str, now: datetime) -> str:
    """The message in Slack, in whichever state the request is: the same in the channel and in direct messages."""
    who, when = name_of(request.responder, rules), _when(request, tz, now)
    match request.status:
        case "taken":
            return f"{name_of(request.taken_by, rules)} covers {when} for {who}."
        case "withdrawn":
            return f"{who} does not ask any more: {when} is {who}'s."
        case "lapsed":
            return f"Nobody took {when}: it is {who}'s."
        case "with_manager":
            asks = (
                f"Nobody has taken {when} yet, and the managers are asked now. It is {who}'s until somebody takes it."
            )
            return asks + because(request.reason)
        case _:
            asks = f"Who covers {when} for {who}? The first to accept has it."
            return asks + because(request.reason)


def asked_text(request: Cover, rules: Rules, reader: Responder, now: datetime, *, is_again: bool = False) -> str:
    """To one of those who are asked and have no buttons: a text, as short as can be. The link stands behind it."""
    who, when = name_of(request.responder, rules), _when(request, reader.timezone, now)
    if is_again:
        return f"{who} still asks: can you cover {when}?"
    return f"{who} asks: can you cover {when}?" + because(request.reason)


def reminder_text(request: Cover, rules: Rules, reader: Responder, now: datetime) -> str:
    """Once more to those who are asked and have a button: nobody has taken it yet."""
    who, tz = name_of(request.responder, rules), reader.timezone
    until = day_time(request.deadline_at, tz, now)
    asks = f"{who} still looks for somebody to cover {_when(request, tz, now)}. At {until} the managers are asked."
    return asks + because(request.reason)


def managers_text(request: Cover, rules: Rules) -> str:
    """To the managers at the deadline: nobody took it. Times in the schedule's zone."""
    schedule = rules.schedules.get(request.schedule)
    tz = schedule.timezone if schedule is not None else "UTC"
    who = name_of(request.responder, rules)
    asked = f" {names(request.asked, rules)} did not take it." if request.asked else ""
    says = f"{who} asked for cover: {_when(request, tz, request.deadline_at)}, and nobody took it.{asked}"
    return f"{says} It is {who}'s until somebody does. {zone_note(tz)}" + because(request.reason)


def given_to_managers_text(request: Cover, rules: Rules) -> str:
    """To whoever asked, at the deadline."""
    when = _when(request, _zone_of_asker(request, rules), request.deadline_at)
    return f"Nobody has taken {when} yet: the managers are asked now. It is yours until somebody takes it."


def lapsed_text(request: Cover, rules: Rules) -> str:
    """To whoever asked, when it begins and nobody took it: the truth."""
    return f"Nobody took {_when(request, _zone_of_asker(request, rules), request.made_at)}. It is still yours."


def taken_text(request: Cover, rules: Rules, tz: str, now: datetime) -> str:
    """To whoever took it: it is theirs."""
    return f"It is yours: you cover {_when(request, tz, now)} for {name_of(request.responder, rules)}."


def over_text(request: Cover, rules: Rules, tz: str, now: datetime) -> str:
    """To whoever comes too late: who has it, or why it cannot be taken any more."""
    match request.status:
        case "taken":
            return f"{name_of(request.taken_by, rules)} has it already: {_when(request, tz, now)}."
        case "withdrawn":
            return f"{name_of(request.responder, rules)} does not ask any more."
        case _:
            return f"Too late: {_when(request, tz, now)} stays with {name_of(request.responder, rules)}."


def asking_text(request: Cover, rules: Rules, tz: str, now: datetime) -> str:
    """To whoever asked, at once: who is asked, until when, and that it stays theirs."""
    verb = "is" if len(request.asked) == 1 else "are"
    until = day_time(request.deadline_at, tz, now)
    return (
        f"{names(request.asked, rules)} {verb} asked to cover {_when(request, tz, now)} for you. It is yours until "
        f"somebody takes it. If nobody has by {until}, the managers are asked."
    )


def withdrawn_text(request: Cover, rules: Rules, tz: str, now: datetime) -> str:
    """To whoever withdrew: how it ended."""
    if request.status == "withdrawn":
        return f"Nobody is asked any more: {_when(request, tz, now)} is {_whose(request, rules)}."
    return over_text(request, rules, tz, now)


def requests_lines(requests: Sequence[Cover], rules: Rules, tz: str, now: datetime) -> tuple[str, ...]:
    """What can be taken, one line each."""
    if not requests:
        return ("Nobody asks for cover.",)
    lines = [f"{name_of(one.responder, rules)}: {_when(one, tz, now)}" for one in requests[:_MOST_REQUESTS]]
    more = len(requests) - _MOST_REQUESTS
    return (*lines, f"… and {more} more") if more > 0 else tuple(lines)


NOT_ASKED = "You are not asked to cover this: only the others of its rotation and managers can take it."
NOT_ON_CALL = "You have no shift coming, so there is nothing to cover."


def _when(request: Cover, tz: str, now: datetime) -> str:
    """`primary Sat 21 Nov 20:00 – Sun 22 Nov 08:00`."""
    return f"{clean(request.schedule, _LONGEST_ID)} {span_text((request.starts_at, request.ends_at), tz, now)}"


def _zone_of_asker(request: Cover, rules: Rules) -> str:
    asker = rules.responders.get(request.responder)
    return asker.timezone if asker is not None else "UTC"


def _whose(request: Cover, rules: Rules) -> str:
    return f"still {name_of(request.responder, rules)}'s"
