"""Swaps in Slack: one proposal in the other's direct messages, two overrides in one decision."""

from datetime import timedelta

import pytest

from oncallbot.oncall.schedule import final_shifts, responders_at
from oncallbot.storage import rule_objects
from tests.channels.previewing import shown as previewed
from tests.engine.stage import NIGHT, both
from tests.slack_stage import ANA, BEN, CEM, DORA, Chat

WEEK = timedelta(days=7)
TEXT = "swap tomorrow 08:00 with @ben 2026-12-29 08:00 because of my sister"


def on_call(chat: Chat, at) -> tuple[str, ...]:
    rules = chat.night.door.rules_now()
    return responders_at(rules.schedules["primary"], rules.absences, at)[0]


def shifts(chat: Chat) -> list[tuple[tuple[str, ...], str]]:
    """Who has the coming weeks, and since which day."""
    rules = chat.night.door.rules_now()
    found = final_shifts(rules.schedules["primary"], rules.absences, NIGHT, NIGHT + 3 * WEEK)
    return [(one.responders, f"{one.start:%d %b}") for one in found]


def direct(chat: Chat, user: str):
    return chat.sim.get(f"/slack/users/{user}")["direct"]


def clicks(chat: Chat, user: str, button: str, shown) -> str:
    """What stands there afterwards."""
    chat.does(user, "click", channel=shown["channel"], ts=shown["ts"], text=button)
    chat.night.sends()
    return next(str(one["text"]) for one in direct(chat, user) if one["ts"] == shown["ts"])


@pytest.fixture
def asked(chat_night: Chat):
    """Ana asks Ben; the message that he has."""
    said = chat_night.commands(ANA, TEXT)
    assert said.startswith("Ben is asked to swap"), said
    chat_night.night.sends()
    return direct(chat_night, BEN)[-1]


def test_the_other_sees_both_peoples_next_weeks_and_nothing_has_changed(chat_night, asked):
    assert [one["text"] for one in asked["buttons"]] == ["Accept", "Decline"]
    words = "\n".join(asked["words"])
    assert "Ana asks you to swap" in words
    assert "Ben in primary:" in words
    assert "Ana in primary:" in words
    assert words.count("before:") == words.count("after:") == 2
    assert on_call(chat_night, NIGHT) == ("ana",)


def test_accepting_makes_both_overrides_at_once_and_tells_the_asker(chat_night, asked):
    said = clicks(chat_night, BEN, "Accept", asked)
    assert said.startswith("Done: you have primary")
    assert on_call(chat_night, NIGHT + timedelta(hours=5)) == ("ben",)
    assert on_call(chat_night, NIGHT + timedelta(days=4)) == ("ana",)
    assert direct(chat_night, ANA)[-1]["text"].startswith("Ben has accepted the swap")


def test_declining_changes_nothing_and_tells_the_asker_once(chat_night, asked):
    assert clicks(chat_night, BEN, "Decline", asked) == "You have declined the swap. Nothing has changed."
    assert on_call(chat_night, NIGHT + timedelta(days=4)) == ("ben",)
    assert [one["text"] for one in direct(chat_night, ANA)][-1].startswith("Ben has declined the swap")


def test_the_asker_thinks_better_of_it_and_the_other_is_told(chat_night):
    preview = previewed(chat_night, ANA, TEXT)
    chat_night.night.sends()
    assert preview.buttons == ["Withdraw"]
    assert preview.clicks("Withdraw") == "You do not ask for the swap. Nothing has changed."
    first, told = direct(chat_night, BEN)
    assert told["text"].startswith("Ana does not ask for this swap any more.")
    assert clicks(chat_night, BEN, "Accept", first) == "That was cancelled. Nothing has changed."


def test_the_schedule_changed_meanwhile_is_shown_before_anything_is_done(chat_night, asked):

    previewed(chat_night, CEM, "take primary until tomorrow 04:00").clicks("Confirm")
    said = clicks(chat_night, BEN, "Accept", asked)
    assert said.startswith("Somebody changed the schedules meanwhile")
    renewed = next(one for one in direct(chat_night, BEN) if one["ts"] == asked["ts"])
    assert [one["text"] for one in renewed["buttons"]] == ["Accept", "Decline"]
    assert clicks(chat_night, BEN, "Accept", renewed).startswith("Done: you have primary")


def test_the_asker_takes_back_what_was_proposed_anew(chat_night):
    preview = previewed(chat_night, ANA, TEXT)
    chat_night.night.sends()
    asked = direct(chat_night, BEN)[-1]
    previewed(chat_night, CEM, "take primary until tomorrow 04:00").clicks("Confirm")
    assert clicks(chat_night, BEN, "Accept", asked).startswith("Somebody changed the schedules meanwhile")
    assert preview.clicks("Withdraw") == "You do not ask for the swap. Nothing has changed."
    assert clicks(chat_night, BEN, "Accept", asked) == "That was cancelled. Nothing has changed."
    assert on_call(chat_night, NIGHT + timedelta(days=4)) == ("ben",)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("swap with @ben", "Which of your shifts for which of Ben's?"),
        ("swap 2026-12-29 08:00 with @ben 2026-12-29 08:00", "You are not on call at"),
        ("swap tomorrow 08:00 with @ana tomorrow 08:00", "you cannot swap with yourself"),
    ],
)
def test_which_shifts_are_meant_is_asked_back_and_never_guessed(chat_night, text, expected):
    assert expected in chat_night.commands(ANA, text)


def test_a_choice_that_is_offered_can_be_typed(chat_night):
    said = chat_night.commands(ANA, "swap with @ben")
    choice = next(line for line in said.splitlines() if line.startswith("/oncall swap"))
    assert chat_night.commands(ANA, choice.removeprefix("/oncall ")).startswith("Ben is asked to swap")


@both
def test_whole_weeks_are_swapped_in_one_decision_with_its_reason(chat_night):
    """Ana's running week, from now on, for Ben's next one; Cem's stays."""
    assert chat_night.commands(ANA, "swap this week with @ben because of my sister").startswith("Ben is asked to swap")
    chat_night.night.sends()
    clicks(chat_night, BEN, "Accept", direct(chat_night, BEN)[-1])
    assert shifts(chat_night) == [
        (("ben",), "26 Dec"),
        (("ana",), "28 Dec"),
        (("cem",), "04 Jan"),
        (("ana",), "11 Jan"),
    ]
    with chat_night.night.database.read() as connection:
        latest = rule_objects.history(connection, 2)
    assert {(one.by, one.kind, one.reason, one.revision) for one in latest} == {
        ("ben", "override", "my sister", latest[0].revision)
    }


def test_both_read_what_somebody_else_keeps_of_a_week(chat_night):
    previewed(chat_night, DORA, "override primary @cem 2026-12-30 to 2026-12-30 instead of @ben").clicks("Confirm")
    said = previewed(chat_night, ANA, "swap this week with @ben")
    chat_night.night.sends()
    asked = direct(chat_night, BEN)[-1]
    for words in (said.words, "\n".join(asked["words"])):
        assert "Of Ben's turn Cem has Wed 30 Dec: that stays so." in words
    clicks(chat_night, BEN, "Accept", asked)
    assert [who for who, _ in shifts(chat_night)[1:4]] == [("ana",), ("cem",), ("ana",)]


def test_what_a_third_person_has_taken_meanwhile_stays_theirs(chat_night, asked):
    previewed(chat_night, CEM, "take primary until tomorrow 04:00").clicks("Confirm")
    clicks(chat_night, BEN, "Accept", asked)
    renewed = next(one for one in direct(chat_night, BEN) if one["ts"] == asked["ts"])
    assert "Of Ana's turn Cem has now – Sun 27 Dec 04:00: that stays so." in "\n".join(renewed["words"])
    clicks(chat_night, BEN, "Accept", renewed)
    assert shifts(chat_night)[:2] == [(("cem",), "26 Dec"), (("ben",), "27 Dec")]


def test_a_swap_of_which_nothing_is_left_is_off_and_both_know(chat_night, asked):
    previewed(chat_night, CEM, "take primary until 2026-12-28 09:00").clicks("Confirm")
    assert clicks(chat_night, BEN, "Accept", asked).startswith("The swap with Ana is off")
    assert direct(chat_night, ANA)[-1]["text"].startswith("The swap with Ben is off")
    assert on_call(chat_night, NIGHT + timedelta(days=4)) == ("ben",)


def test_a_swap_that_has_begun_meanwhile_is_shown_again_before_anything_is_done(chat_night):
    chat_night.commands(BEN, "swap my week with @cem")
    chat_night.night.sends()
    chat_night.night.clock.moves(timedelta(days=3))
    asked = direct(chat_night, CEM)[-1]
    said = clicks(chat_night, CEM, "Accept", asked)
    assert said.startswith("A part of it has begun meanwhile: look again. Ben asks you to swap: you take primary now")
    assert on_call(chat_night, NIGHT + timedelta(days=4)) == ("ben",)
    renewed = next(one for one in direct(chat_night, CEM) if one["ts"] == asked["ts"])
    assert clicks(chat_night, CEM, "Accept", renewed).startswith("Done: you have primary now")
