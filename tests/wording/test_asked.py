"""What the askers read: names, their own times, no numbers."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oncallbot.chat.texts import escape, size
from oncallbot.escalation.effects import TimelineKind
from oncallbot.escalation.issue import PageState, Status
from oncallbot.oncall.people import Absence
from oncallbot.oncall.precedence import Override, Source, SourceKind
from oncallbot.oncall.schedule import OnCall, final_shifts, who
from oncallbot.wording.asked import (
    help_lines,
    issue_lines,
    issues_lines,
    me_lines,
    overview_lines,
    shifts_lines,
    source_text,
    who_lines,
    why_lines,
)
from oncallbot.wording.command_list import FORMS, GROUPS
from tests.wording.cast import ANA, BEN, BERLIN, DORA, HOSTILE, NIGHT, TAKEN, at, issue
from tests.wording.test_cards import RULED, SCHEDULE, Line, page, paging

NOW_ON_CALL = who(SCHEDULE, (), NIGHT)
TWO_WEEKS = [("primary", one) for one in final_shifts(SCHEDULE, (), NIGHT, NIGHT + timedelta(days=16))]


def test_who_names_who_is_on_call_until_when_and_who_is_next() -> None:
    assert who_lines([NOW_ON_CALL], RULED, BERLIN, NIGHT) == ("primary: Ana until Mon 09:00, then Ben",)


def test_who_says_when_the_next_one_comes_if_not_at_once() -> None:
    tonight = replace(NOW_ON_CALL, until=at("09:00", 21))
    assert who_lines([tonight], RULED, BERLIN, NIGHT) == ("primary: Ana until 09:00, next Ben from Mon 09:00",)


def test_who_speaks_the_readers_time() -> None:
    assert who_lines([NOW_ON_CALL], RULED, "America/New_York", NIGHT) == ("primary: Ana until Mon 03:00, then Ben",)


def test_who_says_at_which_time_it_was_asked() -> None:
    later = who(SCHEDULE, (), at("20:00", 24))
    assert who_lines([later], RULED, BERLIN, NIGHT) == ("primary at Tue 20:00: Ben until 30 Nov 09:00, then Ana",)


def test_who_says_that_nobody_is_on_call() -> None:
    empty = OnCall("primary", NIGHT, (), at("18:00"), ("ana",), None)
    assert who_lines([empty], RULED, BERLIN, NIGHT) == ("primary: nobody until 18:00, then Ana",)
    assert who_lines([], RULED, BERLIN, NIGHT) == ("No schedule is configured.",)


def test_the_overview_is_who_and_the_open_issues() -> None:
    lines = overview_lines([NOW_ON_CALL], [TAKEN], RULED, BERLIN, NIGHT)
    assert lines[0].startswith("primary: Ana")
    assert lines[2] == "AH-1042 · Acme (gold) · Ben has it since 03:14 · open since 03:14 · The server is down"


def test_no_open_issue_is_said() -> None:
    assert issues_lines([], RULED, BERLIN, NIGHT) == ("No issue is open.",)


def test_long_lists_end_with_how_many_more_there_are() -> None:
    lines = issues_lines([TAKEN] * 42, RULED, BERLIN, NIGHT)
    assert len(lines) == 31
    assert lines[-1] == "... and 12 more"


def test_long_lines_leave_room_for_how_many_more_there_are() -> None:
    """A section in Slack takes 3,000 characters, escapes counted."""
    lines = issues_lines([replace(TAKEN, summary="<&>" * 60)] * 60, RULED, BERLIN, NIGHT)
    assert size(escape("\n".join(lines))) <= 3_000
    assert lines[-1] == f"... and {60 - len(lines) + 1} more"


def test_shifts_name_who_and_from_when_to_when() -> None:
    assert shifts_lines(TWO_WEEKS, RULED, BERLIN, NIGHT) == (
        "primary: Ana, now until Mon 09:00",
        "primary: Ben, Mon 09:00 to 30 Nov 09:00",
        "primary: Ana, 30 Nov 09:00 to 7 Dec 03:14",
    )
    assert shifts_lines([], RULED, BERLIN, NIGHT) == ("Nobody is on call in that time.",)


def test_a_shift_that_an_override_made_says_so() -> None:
    override = Override("dora", at("20:00"), at("22:00"))
    shifts = final_shifts(replace(SCHEDULE, overrides=(override,)), (), at("20:00"), at("22:00"))
    assert shifts_lines([("primary", shifts[0])], RULED, BERLIN, NIGHT) == ("primary: Dora, 20:00 to 22:00 (override)",)


def test_me_shows_my_shifts_and_what_i_have_in_my_zone() -> None:
    assert me_lines(ANA, TWO_WEEKS, [TAKEN], RULED, NIGHT) == (
        "You are on call in primary, now until Mon 09:00.",
        "Your next shifts:",
        "primary: 30 Nov 09:00 to 7 Dec 03:14",
    )
    assert me_lines(DORA, TWO_WEEKS, [replace(TAKEN, holder="dora")], RULED, NIGHT) == (
        "You are not on call now.",
        "No further shift of yours is coming.",
        "",
        "You have:",
        "AH-1042 · Acme (gold) · Dora has it since 21:14 · open since 21:14 · The server is down",
    )
    resolved = replace(TAKEN, status=Status.RESOLVED)
    assert "You have:" not in me_lines(BEN, TWO_WEEKS, [resolved, issue()], RULED, NIGHT)


@pytest.mark.parametrize(
    ("source", "words"),
    [
        (Source(SourceKind.LAYER, "weekly", 17), "layer weekly, turn 17"),
        (
            Source(SourceKind.ABSENCE, "weekly", 17, absent=("ana",), covering=("ben",)),
            "Ben covers for Ana, who is absent (layer weekly, turn 17)",
        ),
        (
            Source(SourceKind.ABSENCE, "weekly", 17, absent=("ana",)),
            "layer weekly, turn 17, without Ana, who is absent",
        ),
        (
            Source(
                SourceKind.OVERRIDE,
                override=Override("ben", at("18:00"), at("09:00", 22), "ana", "concert", "dora", at("12:00", 20)),
            ),
            "an override, Ben instead of Ana from 18:00 to Sun 09:00, made by Dora Fri 12:00: concert",
        ),
        (
            Source(SourceKind.OVERRIDE, override=Override("ben", at("18:00"), at("22:00"))),
            "an override, Ben from 18:00 to 22:00",
        ),
    ],
)
def test_why_says_where_it_comes_from_with_names(source, words) -> None:
    assert source_text(source, RULED, BERLIN, NIGHT) == words


def test_why_answers_for_one_schedule() -> None:
    away = who(SCHEDULE, (Absence("ana", at("00:00"), at("12:00", 23)),), NIGHT)
    first, second = why_lines(away, RULED, BERLIN, NIGHT)
    assert first.startswith("primary: Ben until ")
    assert second == "Why: Ben covers for Ana, who is absent (layer weekly, turn 45)."
    nobody = OnCall("primary", NIGHT, (), None, (), None)
    assert why_lines(nobody, RULED, BERLIN, NIGHT) == ("primary: nobody", "No shift is coming.")


def test_an_issue_is_shown_with_the_end_of_its_timeline() -> None:
    entries = [Line(TimelineKind.NOTE, f"Ana: line {number}", "ana") for number in range(1, 18)]
    lines = issue_lines(paging(), entries, RULED, BERLIN, NIGHT)
    assert lines[:5] == (
        "AH-1042 · Acme (gold) · waiting for Ana",
        "The server is down",
        "Since 03:14, by phone · Level 1 of 3 · Ben next at 03:19 · promise 03:29",
        "(2 earlier lines)",
        "03:14 Ana: line 3",
    )
    assert lines[-1] == "03:14 Ana: line 17"


def test_an_issue_is_shown_without_the_callers_number() -> None:
    reported = Line(TimelineKind.REPORTED, "By call from +493023125100: no words")
    stranger = issue(customer=None, pages=(page("ana", 1, PageState.PASSED),))
    assert "+49" not in "\n".join(issue_lines(stranger, [reported], RULED, BERLIN, NIGHT))


def test_help_lists_every_command_and_explains_one() -> None:
    everything = "\n".join(help_lines())
    alone = [form for verb, form in FORMS.items() if verb.split()[0] not in GROUPS]
    assert all(form.grammar in everything for form in alone)
    assert len(everything) < 3_900
    assert help_lines("hand over") == (
        "/oncall hand over 1042 to @who: asks somebody to take it; it stays yours until they do",
        "For example: /oncall hand over 1042 to @ana",
        "Also: handover, hand-over, hand",
    )
    assert help_lines("gibberish") == help_lines()


@pytest.mark.parametrize("group", GROUPS)
def test_help_about_a_group_shows_every_form_of_it(group) -> None:
    shown = "\n".join(help_lines(group))
    assert f"more: /oncall help {group}" in "\n".join(help_lines())
    assert all(f"/oncall {form.grammar}" in shown for verb, form in FORMS.items() if verb.split()[0] == group)


@given(st.sampled_from(HOSTILE) | st.text(max_size=500), st.sampled_from(list(Status)))
def test_every_answer_is_lines_of_plain_text(words, status) -> None:
    one = replace(TAKEN, summary=words, status=status, customer=words or None)
    entry = Line(TimelineKind.NOTE, words)
    for line in (*issues_lines([one], RULED, BERLIN, NIGHT), *issue_lines(one, [entry], RULED, BERLIN, NIGHT)):
        assert "\n" not in line
        assert len(line) <= 1_100
