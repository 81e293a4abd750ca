"""A cover request says who asks for what, and whose the shift is as long as nobody has taken it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

import pytest

from oncallbot.oncall.editing import Roster, edited
from oncallbot.oncall.edits import AddOverride
from oncallbot.oncall.precedence import Override
from oncallbot.wording import covers
from oncallbot.wording.cover_offers import offer_text
from tests.wording.cast import BEN, BERLIN, HOSTILE, NIGHT, berlin
from tests.wording.roster import STAFFED

STARTS, ENDS, DEADLINE = berlin("2026-11-21 20:00"), berlin("2026-11-22 08:00"), berlin("2026-11-21 16:00")


@dataclass(frozen=True)
class Request:
    status: str = "open"
    taken_by: str | None = None
    reason: str = "the kids"
    schedule: str = "primary"
    responder: str = "ana"
    starts_at: datetime = STARTS
    ends_at: datetime = ENDS
    asked: tuple[str, ...] = ("ben", "cem")
    made_at: datetime = NIGHT
    deadline_at: datetime = DEADLINE


OPEN = Request()
TAKEN = Request("taken", "ben")
WHEN = "primary Sat 21 Nov 20:00 – Sun 22 Nov 08:00"


@pytest.mark.parametrize(
    ("request_", "said"),
    [
        (OPEN, f"Who covers {WHEN} for Ana? The first to accept has it. Reason: the kids."),
        (TAKEN, f"Ben covers {WHEN} for Ana."),
        (Request("withdrawn"), f"Ana does not ask any more: {WHEN} is Ana's."),
        (Request("lapsed"), f"Nobody took {WHEN}: it is Ana's."),
        (
            Request("with_manager", reason=""),
            f"Nobody has taken {WHEN} yet, and the managers are asked now. It is Ana's until somebody takes it.",
        ),
    ],
)
def test_the_message_says_where_the_request_stands(request_, said) -> None:
    assert covers.cover_text(request_, STAFFED, BERLIN, NIGHT) == said


@pytest.mark.parametrize(
    ("request_", "said"),
    [
        (TAKEN, f"Ben has it already: {WHEN}."),
        (Request("withdrawn"), "Ana does not ask any more."),
        (Request("lapsed"), f"Too late: {WHEN} stays with Ana."),
    ],
)
def test_whoever_comes_too_late_reads_why(request_, said) -> None:
    assert covers.over_text(request_, STAFFED, BERLIN, NIGHT) == said


def test_whoever_asks_reads_that_the_shift_stays_theirs_until_somebody_takes_it() -> None:
    assert covers.asking_text(OPEN, STAFFED, BERLIN, NIGHT) == (
        f"Ben and Cem are asked to cover {WHEN} for you. It is yours until somebody takes it. "
        "If nobody has by Sat 21 Nov 16:00, the managers are asked."
    )
    assert "It is yours until somebody takes it." in covers.given_to_managers_text(OPEN, STAFFED)
    assert covers.lapsed_text(OPEN, STAFFED) == f"Nobody took {WHEN}. It is still yours."


def test_those_who_are_asked_read_who_when_and_why() -> None:
    assert covers.asked_text(OPEN, STAFFED, BEN, NIGHT) == (f"Ana asks: can you cover {WHEN}? Reason: the kids.")
    assert covers.asked_text(OPEN, STAFFED, BEN, NIGHT, is_again=True) == f"Ana still asks: can you cover {WHEN}?"
    assert "At Sat 21 Nov 16:00 the managers are asked." in covers.reminder_text(OPEN, STAFFED, BEN, NIGHT)


def test_managers_read_who_did_not_take_it_in_the_schedules_zone() -> None:
    text = covers.managers_text(OPEN, STAFFED)
    assert f"Ana asked for cover: {WHEN}, and nobody took it. Ben and Cem did not take it." in text
    assert "Times in Europe/Berlin." in text


def test_whoever_takes_or_withdraws_it_reads_so() -> None:
    assert covers.taken_text(OPEN, STAFFED, BERLIN, NIGHT) == f"It is yours: you cover {WHEN} for Ana."
    withdrawn = covers.withdrawn_text(Request("withdrawn"), STAFFED, BERLIN, NIGHT)
    assert withdrawn == f"Nobody is asked any more: {WHEN} is still Ana's."
    assert covers.withdrawn_text(TAKEN, STAFFED, BERLIN, NIGHT) == f"Ben has it already: {WHEN}."


def test_open_requests_are_listed() -> None:
    assert covers.requests_lines([], STAFFED, BERLIN, NIGHT) == ("Nobody asks for cover.",)
    lines = covers.requests_lines([OPEN] * 12, STAFFED, BERLIN, NIGHT)
    assert (lines[0], lines[-1]) == (f"Ana: {WHEN}", "… and 2 more")


@pytest.mark.parametrize("words", HOSTILE)
def test_every_text_is_one_short_line_whatever_the_reason(words) -> None:
    request = replace(OPEN, reason=words, responder=words or "ana")
    for text in (
        covers.cover_text(request, STAFFED, BERLIN, NIGHT),
        covers.asked_text(request, STAFFED, BEN, NIGHT),
        covers.managers_text(request, STAFFED),
        covers.given_to_managers_text(request, STAFFED),
    ):
        assert "\n" not in text
        assert len(text) <= 600


def test_whoever_opens_the_link_reads_what_they_would_have_around_that_time() -> None:
    taken = edited(Roster(STAFFED.schedules), AddOverride("primary", Override("ben", STARTS, ENDS, "ana")), NIGHT)
    assert isinstance(taken, Roster)
    offer = offer_text(OPEN, STAFFED, taken, BEN, NIGHT)
    assert (offer.title, offer.asks) == ("Ana asks for cover", f"Ben, can you take {WHEN}? Reason: the kids.")
    assert offer.days == (
        "primary Sat 21 Nov 20:00 – Sun 22 Nov 08:00",
        "primary Mon 23 Nov 09:00 – Mon 30 Nov 09:00",
        "nights Mon 23 Nov 18:00 – Sat 28 Nov 09:00",
    )
