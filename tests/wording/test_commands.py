"""A command is what was typed, or is answered with what fits: never a guess."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oncallbot.escalation.events import Answer
from oncallbot.oncall.wallclock import LATEST
from oncallbot.wording.cards import COMMANDS, Action
from oncallbot.wording.command_forms import (
    AddResponder,
    AnswerIssue,
    CloseIssue,
    DismissIssue,
    EscalateNow,
    HandBack,
    HandOver,
    PageOnCall,
    ShowHelp,
    ShowIssue,
    ShowIssues,
    ShowMe,
    ShowOverview,
    ShowShifts,
    ShowWho,
    ShowWhy,
    SnoozeIssue,
    SplitIssue,
    TakeOver,
)
from oncallbot.wording.command_list import FORMS, VERBS
from oncallbot.wording.command_words import Known, Person, known_from
from oncallbot.wording.commands import NotUnderstood, not_understood_text, parse
from tests.wording.cast import BERLIN, HOSTILE, KNOWN, NIGHT, RULES, at

ACK, PASS, RESOLVE, NOTE = Answer.ACKNOWLEDGE, Answer.PASS, Answer.RESOLVE, Answer.NOTE
EVENING = at("20:00")


def read(text: str, known: Known = KNOWN):
    return parse(text, known, NIGHT, BERLIN)


@pytest.mark.parametrize(
    ("text", "command"),
    [
        ("", ShowOverview()),
        ("  ", ShowOverview()),
        ("who", ShowWho()),
        ("/oncall who", ShowWho()),
        ("WHO  Primary.", ShowWho("primary")),
        ("who primary at Sat 20:00", ShowWho("primary", EVENING)),
        ("who at 8pm", ShowWho(None, EVENING)),
        ("who is on call in primary at 20:00?", ShowWho("primary", EVENING)),
        ("who's on call", ShowWho()),
        ("who today 20:00", ShowWho(None, EVENING)),
        ("me", ShowMe()),
        ("shifts", ShowShifts()),
        ("shifts backup", ShowShifts("backup")),
        ("shifts for 2 weeks", ShowShifts(None, at("03:14", 21 + 14 - 30).replace(month=12))),
        ("shifts for backup until 20:00", ShowShifts("backup", EVENING)),
        ("why primary", ShowWhy("primary")),
        ("why primary at Sat 20:00", ShowWhy("primary", EVENING)),
        ("issues", ShowIssues()),
        ("issue 1042", ShowIssue(1042)),
        ("issue", ShowIssue()),
        ("AH-1042", ShowIssue(1042)),
        ("1042", ShowIssue(1042)),
        ("help", ShowHelp()),
        ("?", ShowHelp()),
        ("help Hand Over", ShowHelp("hand over")),
        ("help ack", ShowHelp("acknowledge")),
    ],
)
def test_a_question_is_understood(text, command) -> None:
    assert read(text) == command


@pytest.mark.parametrize(
    ("text", "command"),
    [
        ("ack", AnswerIssue(ACK)),
        ("Ack it!", AnswerIssue(ACK)),
        ("acknowledge 1042", AnswerIssue(ACK, 1042)),
        ("ACK AH-1042.", AnswerIssue(ACK, 1042)),
        ("ack ah1042", AnswerIssue(ACK, 1042)),
        ("ack ah 1042", AnswerIssue(ACK, 1042)),
        ("ack AH–1042", AnswerIssue(ACK, 1042)),
        ("ack issue #1042", AnswerIssue(ACK, 1042)),
        ("“ack” ‘1042’", AnswerIssue(ACK, 1042)),
        ("4 1042", AnswerIssue(ACK, 1042)),
        ("pass on 1042", AnswerIssue(PASS, 1042)),
        ("pass", AnswerIssue(PASS)),
        ("resolve 1042", AnswerIssue(RESOLVE, 1042)),
        ("resolve 12", AnswerIssue(RESOLVE, 12)),
        ("resolve 1042 Rebooted it.", AnswerIssue(RESOLVE, 1042, "Rebooted it.")),
        ("resolve 3 disks replaced", AnswerIssue(RESOLVE, None, "3 disks replaced")),
        ("resolve 7 disks replaced", AnswerIssue(RESOLVE, 7, "disks replaced")),
        ("resolve it works again", AnswerIssue(RESOLVE, None, "it works again")),
        ("note 1042: still on it", AnswerIssue(NOTE, 1042, "still on it")),
        ("note AH-9 - still on it", AnswerIssue(NOTE, 9, "still on it")),
        ("note 4 of 5 done", AnswerIssue(NOTE, None, "4 of 5 done")),
        (
            "note <@U0ANA00001|ana> saw <https://a.example/x|this>",
            AnswerIssue(NOTE, None, "@Ana saw https://a.example/x"),
        ),
        ("snooze 1042 until 20:00", SnoozeIssue(1042, EVENING)),
        ("snooze until Sat 20:00", SnoozeIssue(None, EVENING)),
        ("snooze AH-1042 for 2 hours", SnoozeIssue(1042, at("05:14"))),
        ("snooze 2 hours", SnoozeIssue(None, at("05:14"))),
        ("snooze 1042 2h", SnoozeIssue(1042, at("05:14"))),
        ("hand over 1042 to <@U0BEN00001>", HandOver(1042, "ben")),
        ("hand over 1042 to <@U0BEN00001|ben o>", HandOver(1042, "ben")),
        ("hand over 1042 to @ben", HandOver(1042, "ben")),
        ("hand over 1042 ben", HandOver(1042, "ben")),
        ("hand over to Ben", HandOver(None, "ben")),
        ("Hand Over to Ben Okafor.", HandOver(None, "ben")),
        ("hand 1042 over to U0BEN00001", HandOver(1042, "ben")),
        ("hand back 1042", HandBack(1042)),
        ("add responder @dora to 1042", AddResponder(1042, "dora")),
        ("add responder 1042 @dora", AddResponder(1042, "dora")),
        ("add Dora Lind", AddResponder(None, "dora")),
        ("take over 1042", TakeOver(1042)),
        ("escalate now 1042", EscalateNow(1042)),
        ("escalate", EscalateNow()),
        ("split 1042", SplitIssue(1042)),
        ("dismiss 1042", DismissIssue(1042)),
        ("close 1042", CloseIssue(1042)),
    ],
)
def test_an_act_is_understood(text, command) -> None:
    assert read(text) == command


@pytest.mark.parametrize(
    ("text", "command"),
    [
        ("page the server is down", PageOnCall("the server is down")),
        ("page The server is down for Acme", PageOnCall("The server is down", "acme")),
        ("page down for acme gmbh.", PageOnCall("down", "acme")),
        ("page “down” for ACME", PageOnCall("down", "acme")),
        ("page down for main", PageOnCall("down", None, "main")),
        ("page waiting for help for Bolt", PageOnCall("waiting for help", "bolt")),
        ("page waiting for help", PageOnCall("waiting for help")),
        ("page down for Acmee", PageOnCall("down for Acmee")),
        ("page for acme", PageOnCall("for acme")),
        ("page <!channel> & “so on”", PageOnCall("<!channel> & “so on”")),
        ("page <b>web1</b> of <mailto:a@a.example|us>", PageOnCall("<b>web1</b> of a@a.example")),
    ],
)
def test_a_page_goes_out_whatever_its_words(text, command) -> None:
    assert read(text) == command


@pytest.mark.parametrize(
    ("text", "understood", "not_understood", "nearest"),
    [
        ("who primry", "who", "primry", "who primary"),
        ("who primary tmrw", "who primary", "tmrw", "who primary at tomorrow 08:00"),
        ("who primary at 8", "who primary", "8", "who primary at 08:00"),
        ("why", "why", "", "why primary"),
        ("why primry at 20:00", "why", "primry at 20:00", "why primary at 20:00"),
        ("shifts for 2", "shifts", "for 2", "shifts for 2 weeks"),
        ("me too", "me", "too", "me"),
        ("page", "page", "", "page the server is down"),
        ("1042 ack", "issue 1042", "ack", "acknowledge 1042"),
        ("ack 1042 1043", "acknowledge 1042", "1043", "acknowledge 1042"),
        ("ack 10x2", "acknowledge", "10x2", "acknowledge 1042"),
        ("ack 1042 on it", "acknowledge 1042", "on it", "acknowledge 1042"),
        ("acknowlege 1042", "", "acknowlege", "acknowledge 1042"),
        ("snoze 1042 until 20:00", "", "snoze", "snooze 1042 until 20:00"),
        ("hnad over 1042 to ben", "", "hnad", "hand over 1042 to ben"),
        ("note 1042", "note 1042", "", "note 1042 looking at it"),
        ("snooze 1042", "snooze 1042", "", "snooze 1042 for 2 hours"),
        ("snooze 1042 until 8", "snooze 1042", "8", "snooze 1042 until 08:00"),
        ("snooze 1042 for 2", "snooze 1042", "for 2", "snooze 1042 for 2 minutes"),
        ("snooze until today 01:00", "snooze", "today 01:00", "snooze until 2026-11-22 01:00"),
        ("hand over 1042", "hand over 1042", "", "hand over 1042 to @ana"),
        ("hand over 1042 to bne", "hand over 1042", "bne", "hand over 1042 to @ben"),
        ("hand 1042 back", "hand over 1042", "back", "hand back 1042"),
        ("add responder <@U0XYZ|zoe>", "add responder", "@U0XYZ", "add responder @ana"),
        ("help snoz", "help", "snoz", "help snooze"),
        ("primary", "", "primary", "who primary"),
        ("the server is down", "", "the server is down", "page the server is down"),
        ("gibberish", "", "gibberish", "help"),
    ],
)
def test_what_does_not_fit_is_answered_with_the_nearest_form(text, understood, not_understood, nearest) -> None:
    wrong = read(text)
    assert isinstance(wrong, NotUnderstood)
    assert (wrong.understood, wrong.not_understood, wrong.nearest[0]) == (understood, not_understood, nearest)


def test_a_name_that_two_people_share_is_asked_back() -> None:
    two = replace(KNOWN, people=(*KNOWN.people, Person("ana2", "Ana Silva")))
    wrong = read("hand over 1042 to Ana", replace(two, people=(*two.people[1:], Person("ana1", "Ana Ruiz"))))
    assert isinstance(wrong, NotUnderstood)
    assert wrong.nearest == ("hand over 1042 to @ana2", "hand over 1042 to @ana1")
    assert read("hand over 1042 to Ana Silva", two) == HandOver(1042, "ana2")


def test_the_only_schedule_need_not_be_named_for_why() -> None:
    assert read("why", replace(KNOWN, schedules=("primary",))) == ShowWhy("primary")


def test_a_slack_user_that_is_no_responder_is_nobody() -> None:
    assert isinstance(read("hand over 1042 to <@U0ANA00001>", replace(KNOWN, slack_users={})), NotUnderstood)


def test_what_can_be_named_comes_from_the_rules_and_our_own_table_of_slack_users() -> None:
    known = known_from(RULES, {"U1": "ben"}, (1042,))
    assert read("hand over to <@U1>", known) == HandOver(None, "ben")
    assert read("page down for acme", known) == PageOnCall("down", "acme")


def test_the_answer_says_what_was_understood_what_was_not_and_what_to_write() -> None:
    wrong = read("snooze 1042 until 8")
    assert isinstance(wrong, NotUnderstood)
    assert not_understood_text(wrong).split("\n") == [
        "Understood: snooze 1042",
        "Not understood: 8 (which time of the day is meant?)",
        "Write: /oncall snooze 1042 until 08:00 or /oncall snooze 1042 until 20:00",
    ]


def test_the_answer_says_what_is_missing() -> None:
    wrong = read("hand over 1042")
    assert isinstance(wrong, NotUnderstood)
    assert "Missing: whom" in not_understood_text(wrong)


def test_every_name_of_a_command_means_it_and_every_example_is_understood() -> None:
    assert len(VERBS) == sum(1 + len(form.aliases) for form in FORMS.values())
    for verb, form in FORMS.items():
        example = form.example.format(schedule="primary", responder="ana", issue=1042, hours="berlin")
        for name in (verb, *form.aliases):
            assert read(example.replace(verb, name, 1)) == read(example)
            assert not isinstance(read(example), NotUnderstood)


_PARTS = st.sampled_from(
    [*VERBS, "1042", "AH-7", "at", "until", "for", "to", "2", "hours", "20:00", "tomorrow", "primary",
     "<@U0BEN00001|b c>", "@ana", "acme", "“", "primry", "bne", "…", "<!channel>", "back", "8", "on",
     "primary/weekly", "backup", "backup/", "@ana+@ben", "nobody", "+", "because", "with", "instead", "of", "every",
     "week", "Fri", "2027-08-01", "-", "mon-fri", "09:00-18:00", "outside", "berlin", "in", "me", "closed", "fairest",
     "now", "after a full rotation", "DE", "weekend", "Europe/Berlin", "until Mon", "24-27 Dec"]
)  # fmt: skip
_NOWS = st.datetimes(datetime(2000, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC))


@given(st.text(max_size=300) | st.sampled_from(HOSTILE) | st.lists(_PARTS, max_size=7).map(" ".join), _NOWS)
def test_nothing_breaks_the_parser_and_every_proposal_is_understood(text, now) -> None:
    command = parse(text, KNOWN, now, BERLIN)
    if isinstance(command, NotUnderstood):
        assert command.nearest
        assert all(not isinstance(parse(one, KNOWN, now, BERLIN), NotUnderstood) for one in command.nearest)
        assert len(not_understood_text(command)) < 1_000


@given(st.lists(_PARTS, max_size=7).map(" ".join) | st.text(max_size=100))
def test_nothing_breaks_the_parser_where_nothing_is_known(text) -> None:
    command = parse(text, Known(), LATEST, "UTC")
    if isinstance(command, NotUnderstood):
        assert not_understood_text(command)


@pytest.mark.parametrize("action", COMMANDS)
def test_the_command_that_a_button_stands_for_is_understood(action: Action) -> None:
    meant = read(COMMANDS[action].format(reference="AH-1042").replace("@who", "@ben").replace("<", "").replace(">", ""))
    assert not isinstance(meant, NotUnderstood), meant


def shown_in_the_readme() -> list[str]:
    """What stands in backticks in the first column of its tables of `/oncall` commands."""
    readme = (Path(__file__).resolve().parents[2] / "README.md").read_text(encoding="utf-8")
    tables = readme.split("\n| `/oncall` …")[1:]
    rows = [row for table in tables for row in table.partition("\n\n")[0].splitlines()[2:]]
    return [typed for row in rows for typed in re.findall(r"`([^`]+)`", row.split("|")[1])]


@pytest.mark.parametrize("typed", shown_in_the_readme())
def test_every_command_that_the_readme_shows_is_understood(typed: str) -> None:
    meant = parse(typed, replace(KNOWN, people=(*KNOWN.people, Person("cem", "Cem Aydin"))), NIGHT, BERLIN)
    assert not isinstance(meant, NotUnderstood), meant
