"""A card says the state in words, to each reader in their own time, and fits whatever the customer wrote."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oncallbot.escalation.deadlines import setting
from oncallbot.escalation.effects import TimelineKind
from oncallbot.escalation.issue import DeadlineKind, Issue, Page, PageState, Promised, Road, Stage, Status
from oncallbot.escalation.rules import Level, Policy, Target, TargetKind
from oncallbot.oncall.rotation import Rotation, Unit
from oncallbot.oncall.schedule import Layer, Schedule
from oncallbot.wording.cards import (
    BUTTONS,
    COMMANDS,
    LONGEST_HEADER,
    LONGEST_QUOTE,
    Action,
    buttons,
    card_words,
    more_acts,
    thread_line,
)
from tests.wording.cast import ANA, BEN, BERLIN, DORA, HOSTILE, NIGHT, RULES, TAKEN, at, issue

MINUTES = timedelta(minutes=1)
WEEKLY = Rotation(datetime(2026, 1, 5, 9), 1, Unit.WEEKS, (("ben",), ("ana",)), BERLIN)
SCHEDULE = Schedule("primary", BERLIN, (Layer("weekly", WEEKLY),))
POLICY = Policy(
    "default",
    (
        Level((Target(TargetKind.SCHEDULE, "primary"),), 5 * MINUTES),
        Level((Target(TargetKind.NEXT, "primary"), Target(TargetKind.CHANNEL, "C1")), 5 * MINUTES),
        Level((Target(TargetKind.RESPONDER, "dora"),), 5 * MINUTES),
    ),
    last_resort=(Target(TargetKind.RESPONDER, "dora"),),
)
RULED = replace(RULES, schedules={"primary": SCHEDULE})
LAST = len(POLICY.levels) + 1


@dataclass(frozen=True)
class Line:
    kind: TimelineKind
    text: str = ""
    responder: str | None = None
    at: datetime = NIGHT


def page(responder: str, level: int = 1, state: PageState = PageState.RUNNING, loop: int = 1) -> Page:
    return Page(responder, state, NIGHT, loop, level)


def paging(**changes) -> Issue:
    usual = issue(policy=POLICY, stage=Stage.LEVEL, level=1, loop=1, pages=(page("ana"),), **changes)
    return setting(usual, DeadlineKind.LEVEL, at("03:19"))


HELD = setting(issue(status=Status.HELD, promise_at=at("11:00", 23)), DeadlineKind.OPENING, at("09:00", 23))
SILENT = replace(paging(), stage=Stage.LAST_RESORT, pages=(page("ana", LAST, PageState.PASSED), page("dora", LAST)))
BY_BEN = (Line(TimelineKind.RESOLVED, "Ben says that it is fixed", "ben"),)


@pytest.mark.parametrize(
    ("one", "entries", "state"),
    [
        (paging(), (), "waiting for Ana"),
        (replace(paging(), pages=(page("ana"), page("ben"))), (), "waiting for Ana and Ben"),
        (replace(paging(), level=2, pages=(page("ana"), page("ben", 2))), (), "waiting for Ben"),
        (replace(paging(), pages=(page("ana", 1, PageState.PASSED),)), (), "nobody is being paged"),
        (issue(), (), "the caller is still on the line"),
        (SILENT, (), "nobody has answered yet: last resort Dora"),
        (replace(SILENT, pages=()), (), "nobody has answered yet: nobody left to page"),
        (replace(SILENT, stage=Stage.EXHAUSTED), (), "NOBODY has answered, and paging has ended"),
        (TAKEN, (), "Ben has it since 03:14"),
        (replace(TAKEN, pages=(page("ana", -1),)), (), "Ben has it since 03:14, Ana is asked to take it"),
        (replace(TAKEN, status=Status.RESOLVED), (), "resolved, Ben had it"),
        (replace(TAKEN, status=Status.RESOLVED, holder="ana"), BY_BEN, "resolved by Ben"),
        (HELD, (), "held until Mon 09:00"),
        (replace(TAKEN, status=Status.CLOSED), (), "closed"),
        (replace(TAKEN, status=Status.CLOSED), (Line(TimelineKind.CLOSED, "x", "dora"),), "closed by Dora"),
    ],
)
def test_the_header_names_issue_customer_and_state_in_words(one, entries, state) -> None:
    card = card_words(one, RULED, None, NIGHT, entries)
    assert card.header == f"AH-1042 · Acme (gold) · {state}"
    assert card.fallback == f"{card.header}: The server is down"


def test_in_office_hours_a_held_issue_is_with_the_day_team() -> None:
    assert "held, with the day team" in card_words(HELD, RULED, None, at("10:00", 23)).header


@pytest.mark.parametrize(
    ("one", "footer"),
    [
        (paging(), "Level 1 of 3 · Ben next at 03:19 · promise 03:29"),
        (replace(paging(), level=2), "Level 2 of 3 · Dora next at 03:19 · promise 03:29"),
        (replace(paging(), level=3, loop=2), "Level 3 of 3, loop 2 · last resort Dora at 03:19 · promise 03:29"),
        (
            replace(paging(), pages=(page("ana"), page("ben", 1, PageState.PASSED))),
            "Level 1 of 3 · Dora next at 03:19 · promise 03:29",
        ),
        (replace(paging(), stage=Stage.LAST_HOLDER), "first whoever had it last · Ana next at 03:19 · promise 03:29"),
        (SILENT, "Loop 1 has ended · Ana again at 03:19 · promise 03:29"),
        (
            replace(SILENT, stage=Stage.EXHAUSTED, promised=Promised.MISSED),
            "The only loop has ended · managers are told again at 03:19 · promise missed",
        ),
        (
            setting(issue(policy=POLICY), DeadlineKind.FIRST_PAGE, at("03:15")),
            "nobody is paged yet · Ana next at 03:15 at the latest · promise 03:29",
        ),
        (
            setting(replace(TAKEN, promised=Promised.KEPT), DeadlineKind.FORGOTTEN, at("03:44")),
            "Ben is asked again at 03:44 · promise kept",
        ),
        (
            setting(replace(TAKEN, promised=Promised.NONE), DeadlineKind.LET_LIE, at("03:49")),
            "others are paged at 03:49 unless Ben answers",
        ),
        (HELD, "promise Mon 11:00"),
    ],
)
def test_the_footer_says_who_is_next_and_when(one, footer) -> None:
    assert card_words(one, RULED, BEN, NIGHT).footer == footer


def test_who_is_next_is_asked_at_the_instant_of_the_next_level() -> None:
    before_handoff = at("08:58", 23)
    one = setting(replace(paging(), level=0), DeadlineKind.LEVEL, at("09:03", 23))
    assert card_words(one, RULED, BEN, before_handoff).footer.startswith("Level 0 of 3 · Ben next at 09:03")


def test_a_level_that_should_have_started_is_next_now() -> None:
    assert "Ben next now" in card_words(paging(), RULED, BEN, at("03:25")).footer


def test_times_are_in_the_readers_zone_and_a_channel_names_its_own() -> None:
    assert card_words(TAKEN, RULED, DORA, NIGHT).header.endswith("since 21:14")
    assert card_words(TAKEN, RULED, None, NIGHT).footer.endswith("times: Europe/Berlin")
    assert "times" not in card_words(TAKEN, RULED, DORA, NIGHT).footer


A, P, E, R, H = Action.ACKNOWLEDGE, Action.PASS, Action.ESCALATE_NOW, Action.RESOLVE, Action.HAND_OVER
N, M = Action.NOTE, Action.MORE


@pytest.mark.parametrize(
    ("one", "reader", "actions"),
    [
        (paging(), None, (A, E, M)),
        (paging(), ANA, (A, P, E, M)),
        (paging(), BEN, (A, E, M)),
        (replace(paging(), pages=(page("ana", 1, PageState.PASSED),)), ANA, (A, E, M)),
        (HELD, None, (A, E, M)),
        (TAKEN, None, (R, H, N, M)),
        (TAKEN, BEN, (R, H, N, M)),
        (TAKEN, DORA, (R, N, M)),
        (replace(TAKEN, pages=(page("ana", -1),)), ANA, (A, P, R, N, M)),
        (replace(TAKEN, pages=(page("ben", 0),)), BEN, (A, P, R, H, N, M)),
        (replace(TAKEN, status=Status.RESOLVED), BEN, ()),
        (replace(TAKEN, status=Status.CLOSED), None, ()),
    ],
)
def test_only_buttons_that_apply_are_shown(one, reader, actions) -> None:
    assert buttons(one, reader) == actions
    assert all(BUTTONS[action] for action in actions)


SNOOZE, BACK, ADD, OVER = Action.SNOOZE, Action.HAND_BACK, Action.ADD_RESPONDER, Action.TAKE_OVER
SPLIT, DISMISS, CLOSE = Action.SPLIT, Action.DISMISS, Action.CLOSE


@pytest.mark.parametrize(
    ("one", "actor", "actions"),
    [
        (paging(), BEN, (R, ADD, N, SPLIT, DISMISS)),
        (HELD, BEN, (R, N, SPLIT, CLOSE, DISMISS)),
        (TAKEN, BEN, (SNOOZE, BACK, ADD, SPLIT, DISMISS)),
        (TAKEN, ANA, (OVER, ADD, SPLIT, DISMISS)),
        (replace(TAKEN, status=Status.RESOLVED), BEN, (N, SPLIT, CLOSE, DISMISS)),
        (replace(TAKEN, status=Status.CLOSED), BEN, ()),
    ],
)
def test_more_offers_what_this_responder_can_do_besides(one, actor, actions) -> None:
    assert more_acts(one, actor, is_manager=True, has_joined=True) == actions
    few = tuple(action for action in actions if action not in (SPLIT, DISMISS))
    assert more_acts(one, actor, is_manager=False, has_joined=False) == few
    assert all(BUTTONS[action] and COMMANDS[action] for action in actions)


def test_the_lines_say_since_when_and_by_which_road_but_no_number() -> None:
    assert card_words(issue(), RULED, None, NIGHT).lines == ("Acme (gold), by phone since 03:14, at Example Support",)
    stranger = card_words(issue(customer=None), RULED, None, NIGHT)
    assert stranger.header.startswith("AH-1042 · unknown caller (Example Support) · ")
    assert "+49" not in repr(stranger)


def test_who_paged_by_a_command_is_named_and_stands_for_no_customer() -> None:
    paged = issue(customer=None, road=Road.COMMAND, caller="Ana Ruiz, in Slack")
    assert card_words(paged, RULED, None, NIGHT).header.startswith("AH-1042 · Ana Ruiz, in Slack (Example Support) · ")
    customers = issue(road=Road.COMMAND, caller="Ana Ruiz, in Slack")
    assert card_words(customers, RULED, None, NIGHT).header.startswith("AH-1042 · Acme (gold) · ")


def test_a_report_without_words_yet_says_so() -> None:
    card = card_words(issue(summary=""), RULED, None, NIGHT)
    assert card.quote == ""
    assert card.lines[0].endswith(": called the hotline, no message yet")


def test_recording_and_transcript_are_named() -> None:
    heard = Line(TimelineKind.REPORTED, "Recording: Message of 23 s")
    written = Line(TimelineKind.REPORTED, "Transcription: The server is down")
    assert card_words(issue(), RULED, None, NIGHT, (heard,)).lines[1:] == (
        "Recording: Message of 23 s, no transcript so far",
    )
    assert card_words(issue(), RULED, None, NIGHT, (heard, written)).lines[1:] == (
        "Recording: Message of 23 s",
        "The words are a transcript",
    )
    other = card_words(issue(summary="It smells"), RULED, None, NIGHT, (heard, written))
    assert other.lines[-1] == "Transcript: The server is down"


def test_further_reports_are_counted() -> None:
    first, second = (Line(TimelineKind.REPORTED, f"By {road} from +493023125100: x") for road in ("call", "text"))
    assert "2 reports so far" in card_words(issue(), RULED, None, NIGHT, (first, second)).lines


def test_the_customers_words_stay_as_they_are_on_their_own_lines() -> None:
    words = "<!channel> *down* & <@U0ANA00001>\n\nsince 3"
    assert card_words(issue(summary=words), RULED, None, NIGHT).quote == "<!channel> *down* & <@U0ANA00001>\nsince 3"


def escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


@given(
    st.text(max_size=5_000) | st.sampled_from((*HOSTILE, "&" * 5_000, "<!channel>" * 500, "x\n" * 2_500)),
    st.sampled_from(list(Status)),
    st.sampled_from(list(Stage)),
    st.sampled_from(list(Road)),
)
def test_a_card_fits_slack_even_when_escaped(words, status, stage, road) -> None:
    one = replace(paging(), summary=words, status=status, stage=stage, road=road, customer=None)
    for customer in ("acme", words[:3_000]):
        card = card_words(replace(one, customer=customer), RULED, None, NIGHT)
        assert len(escaped(card.header)) <= LONGEST_HEADER
        assert len(escaped(card.quote)) <= LONGEST_QUOTE
        assert all(len(escaped(line)) <= 500 for line in (*card.lines, card.footer))
        assert "\n" not in card.header
        assert card.fallback


def test_the_thread_shows_decisions_and_leaves_out_their_echoes() -> None:
    shown = Line(TimelineKind.PAGED, "Ana is paged: on call in primary", "ana")
    assert thread_line(shown, BERLIN, NIGHT) == "03:14 Ana is paged: on call in primary"
    echoes = {kind for kind in TimelineKind if thread_line(Line(kind, "x"), BERLIN, NIGHT) is None}
    assert echoes == {
        TimelineKind.NOTIFIED,
        TimelineKind.WITHDRAWN,
        TimelineKind.CROSSED,
        TimelineKind.RULE_SKIPPED,
        TimelineKind.HELD_BACK,
    }


@pytest.mark.parametrize(
    ("kind", "text", "said"),
    [
        (TimelineKind.REPORTED, "By call from +493023125100: no words", "By call: no words"),
        (TimelineKind.REPORTED, "By text from +493023125100: call +49301", "By text: call +49301"),
        (TimelineKind.REPORTED, "Keyed: +493023125100", "A number to call back was keyed"),
        (TimelineKind.DELIVERY_FAILED, "Ana: +493023125001 is no mobile", "Ana: (number) is no mobile"),
        (TimelineKind.NOTE, "Ana: ask +49 30 1234567", "Ana: ask +49 30 1234567"),
    ],
)
def test_a_threads_lines_name_no_number_but_in_peoples_own_words(kind, text, said) -> None:
    assert thread_line(Line(kind, text), BERLIN, NIGHT) == f"03:14 {said}"


def test_a_card_of_what_is_configured_no_more_is_still_a_card() -> None:
    card = card_words(replace(paging(), hotline="gone", customer="gone"), replace(RULED, responders={}), None, NIGHT)
    assert card.header == "AH-1042 · gone (gold) · waiting for ana"
    assert card.footer.endswith("times: UTC")
