"""What leaves for Slack: one card per issue and place, in its newest state, whatever Slack does meanwhile."""

from datetime import timedelta

import pytest
from sqlalchemy import text

from oncallbot.escalation.issue import AttemptStatus
from oncallbot.oncall.people import Method
from oncallbot.storage import outbox, slack_ids
from oncallbot.storage.outbox import Purpose
from tests.engine.stage import MINUTE
from tests.slack_stage import ANA, BEN, HELP, ONCALL, Chat


def slack_is(chat_night: Chat, kind: str, method: str, **wish) -> str:
    match = {"path": f"/api/{method}"}
    return str(chat_night.sim.post("/faults", kind=kind, match=match, **wish)["id"])


def waits(chat_night: Chat, by: timedelta) -> None:
    chat_night.night.passes(by)
    chat_night.night.sends()


def test_too_many_requests_wait_as_long_as_slack_says(chat_night):
    slack_is(chat_night, "http_429", "chat.postMessage", count=1, seconds=30)
    number = chat_night.night.opens()
    chat_night.night.sends()
    (card,) = chat_night.night.rows(number, purpose=Purpose.CARD, responder=None)
    page = next(row for row in chat_night.night.pages(number) if row.method == "slack")
    (waiting,) = [row for row in (card, page) if row.status is AttemptStatus.QUEUED]
    assert waiting.due_at >= chat_night.night.clock.now() + timedelta(seconds=29)
    waits(chat_night, timedelta(seconds=31))
    assert len(cards_in(chat_night, ONCALL)) == 1


def cards_in(chat_night: Chat, channel: str) -> list[str]:
    return [one["text"] for one in chat_night.messages(channel) if one["buttons"] or "AH-" in one["text"]]


def test_after_ten_minutes_of_outage_there_is_one_card_per_open_issue_in_its_newest_state(chat_night):
    fault = slack_is(chat_night, "down", "", count=100_000, status=503)
    numbers = [
        chat_night.night.opens(f"trouble {one}", contact=f"+4930231251{one:02d}", customer=None) for one in range(5)
    ]
    for _ in range(10):
        waits(chat_night, MINUTE)
    for number in numbers[:2]:
        chat_night.night.answers("ana", issue=number)
    waits(chat_night, MINUTE)
    chat_night.sim.http.delete(f"/faults/{fault}")
    for _ in range(3):
        waits(chat_night, MINUTE)
    shown = cards_in(chat_night, ONCALL)
    assert sorted(text.split(" · ")[0] for text in shown) == [f"AH-{number}" for number in numbers]
    assert sum("Ana has it since" in text for text in shown) == 2


def test_a_post_whose_answer_never_came_is_found_again_and_not_repeated(chat_night):
    slack_is(chat_night, "accept_and_timeout", "chat.postMessage", count=1, seconds=0.1)
    chat_night.night.opens()
    chat_night.night.sends()
    waits(chat_night, timedelta(seconds=6))
    assert len(cards_in(chat_night, ONCALL)) == 1
    assert len(chat_night.sim.get(f"/slack/users/{ANA}")["direct"]) == 1


def test_a_page_to_an_email_address_that_is_not_known_yet_is_looked_up_at_once(chat_night):
    with chat_night.night.database.write() as connection:
        slack_ids.keep(connection, "ben@example.com", BEN, chat_night.night.clock.now())
    number = chat_night.night.opens()
    chat_night.commands(ANA, f"add responder @ben to {number}")
    assert chat_night.night.issue(number).page_of("ben")


def test_words_of_customers_are_harmless_on_the_card_and_in_its_thread(chat_night):
    chat_night.night.opens("<!channel> <@U0BEN00001> & *bold* " + "&" * 5_000)
    chat_night.night.sends()
    card = chat_night.card()
    said = [str(card["blocks"]), card["text"], *chat_night.thread(ONCALL, card["ts"])]
    assert not any("<!" in one or "<@" in one for one in said)


def test_the_customers_thread_hears_each_state(chat_night):
    ts = chat_night.posts(BEN, "it is down", HELP)
    number = chat_night.issue().number
    chat_night.night.sends()
    chat_night.commands(ANA, f"ack {number}")
    chat_night.commands(ANA, f"resolve {number} new fuse")
    chat_night.night.sends()
    assert len(chat_night.thread(HELP, ts)) == 3


@pytest.mark.parametrize("words", ["first", "second"])
def test_a_private_answer_whose_address_has_run_out_is_whispered_in_the_channel(chat_night, words):
    chat_night.night.opens()
    chat_night.night.sends()
    chat_night.sim.put("/slack/settings", response_url_seconds=0)
    chat_night.does(ANA, "click", channel=ONCALL, ts=chat_night.card()["ts"], text="Acknowledge")
    chat_night.night.sends()
    assert chat_night.whispers(ANA) == ["AH-1001 is yours."]
    chat_night.sim.http.delete("/violations")


@pytest.mark.parametrize("place", ["channel", "direct"])
def test_a_sender_that_dies_over_its_first_post_leaves_one_card(chat_night, place):
    """Slack has accepted it, and nobody wrote that down: whoever sends it again finds it by its mark."""
    number = chat_night.night.opens()
    rows = chat_night.night.rows(number)
    (row,) = [
        one
        for one in rows
        if one.method == "slack"
        and (one.purpose == Purpose.CARD) == (place == "channel")
        and one.detail.get("place") in ("channel", "ana")
        and (place == "direct") == (one.responder == "ana")
    ]
    claimed = chat_night.night.claims_one(row.id)
    chat_night.night.senders[Method.SLACK].send(claimed)
    with chat_night.night.database.write() as connection:
        connection.execute(text("DELETE FROM cards"))  # it died before its own commit
        outbox.release_all_claims(connection, chat_night.night.clock.now())
    chat_night.night.sends()
    assert len(cards_in(chat_night, ONCALL)) == 1
    assert len(chat_night.sim.get(f"/slack/users/{ANA}")["direct"]) == 1


def test_a_long_timeline_is_shown_whole_in_the_cards_thread(chat_night):
    number = chat_night.night.opens()
    for one in range(30):
        chat_night.night.answers("ana", "note", issue=number, words=f"note {one} " + "x" * 500)
    chat_night.night.sends()
    said = "\n".join(chat_night.thread(ONCALL, chat_night.card()["ts"]))
    assert all(f"note {one} " in said for one in range(30))


def test_two_updates_of_one_card_are_never_under_way_together(chat_night):
    """The first was being sent when the second was ordered, failed, and waits again."""
    number = chat_night.night.opens()
    (first,) = [one for one in chat_night.night.rows(number, purpose=Purpose.CARD) if one.responder is None]
    claimed = chat_night.night.claims_one(first.id)
    chat_night.night.clock.moves(timedelta(seconds=1))
    chat_night.night.answers("ana", "note", issue=number, words="hello")
    with chat_night.night.database.write() as connection:
        outbox.postpone(connection, claimed.id, claimed.lease_token or "", chat_night.night.clock.now())
    rows = [one for one in chat_night.night.rows(number, purpose=Purpose.CARD) if one.responder is None]
    assert len(rows) == 2
    at_once = [one for one in chat_night.night.claims() if one.purpose is Purpose.CARD and one.responder is None]
    assert [one.id for one in at_once] == [first.id]


def test_a_card_that_cannot_be_posted_is_told_once_and_asks_for_no_other(chat_night: Chat):
    night = chat_night.night
    chat_night.sim.put(f"/slack/channels/{ONCALL}", is_archived=True)
    number = night.opens()
    night.sends()
    assert len(night.texts(number, "delivery_failed")) == 1
    night.answers("ana")
    night.sends()
    assert len(night.texts(number, "delivery_failed")) == 2  # the card's newer state
