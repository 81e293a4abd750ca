"""Who did it, in which workspace, and whether we have had it before."""

from __future__ import annotations

from typing import Any

import pytest

from oncallbot.chat.bodies import Actor, actor, delivery_key
from tests.chat.slack_requests import (
    ACME_TEAM,
    click_body,
    command_body,
    erik,
    event_body,
    shortcut_body,
    submission_body,
)
from tests.chat.vendor import ANA, ERIK, TEAM


@pytest.mark.parametrize("body", [command_body(), click_body(), shortcut_body(), submission_body(), event_body()])
def test_ana_is_known_by_every_road(body) -> None:
    assert actor(body) == Actor(TEAM, ANA)


@pytest.mark.parametrize("make", [click_body, shortcut_body, submission_body])
def test_a_customer_who_clicks_in_a_shared_channel_is_of_the_customers_team(make) -> None:
    assert actor(make(user=erik())) == Actor(ACME_TEAM, ERIK)


@pytest.mark.parametrize(
    "event", [{"user_team": ACME_TEAM, "team": TEAM}, {"team": ACME_TEAM}, {"team": None, "source_team": ACME_TEAM}]
)
def test_a_customer_who_posts_in_a_shared_channel_is_of_the_customers_team(event) -> None:
    assert actor(event_body(shared=True, user=ERIK, **event)) == Actor(ACME_TEAM, ERIK)


def test_in_a_shared_channel_nobody_is_taken_for_ours_without_a_team() -> None:
    assert actor(event_body(shared=True, user=ERIK, team=None)) == Actor("", ERIK)
    assert actor(event_body(shared=False, team=None)) == Actor(TEAM, ANA)


def test_our_own_organisation_stands_for_our_workspace_and_no_other_does() -> None:
    ours = event_body(user_team="E0OURS0001") | {"enterprise_id": "E0OURS0001"}
    assert actor(ours) == Actor(TEAM, ANA)
    theirs = event_body(user_team="E0ACME0001") | {"enterprise_id": "E0OURS0001"}
    assert actor(theirs) == Actor("E0ACME0001", ANA)
    click = click_body(user={"id": ANA, "team_id": "E0OURS0001"}, enterprise={"id": "E0OURS0001"})
    assert actor(click) == Actor(TEAM, ANA)


@pytest.mark.parametrize(
    "event", [{"bot_id": "B0OTHER001"}, {"user": None}, {"user": None, "subtype": "message_changed"}]
)
def test_behind_a_bot_or_an_edit_there_is_no_person(event) -> None:
    assert actor(event_body(**event)) is None


@pytest.mark.parametrize("body", [{}, {"type": "block_actions"}, {"user": 7}, {"type": "event_callback", "event": "x"}])
def test_what_is_no_body_has_no_person_but_a_key(body) -> None:
    assert actor(body) is None
    assert delivery_key(body)


@pytest.mark.parametrize("make", [command_body, click_body, shortcut_body, submission_body, event_body])
def test_a_replay_has_the_key_of_the_first(make) -> None:
    assert delivery_key(make()) == delivery_key(make())


def test_a_retried_event_is_known_by_its_id_whatever_else_changed() -> None:
    assert delivery_key(event_body("Ev1")) == delivery_key(event_body("Ev1") | {"event_time": 1})
    assert delivery_key(event_body("Ev1")) != delivery_key(event_body("Ev2"))


def test_two_clicks_are_two_and_so_are_two_people() -> None:
    first = delivery_key(click_body())
    assert first != delivery_key(click_body(action_ts="1795316461.5"))
    assert first != delivery_key(click_body(user=erik()))
    assert first != delivery_key(click_body(message={"ts": "2.2"}))
    other: dict[str, Any] = {"actions": [{"action_id": "pass", "action_ts": "1795316460.5"}]}
    assert first != delivery_key(click_body(**other))


def test_a_click_on_a_modal_is_known_by_its_view() -> None:
    container = {"type": "view", "view_id": "V1"}
    in_view = delivery_key(click_body(container=container, message=None, view={"id": "V1"}))
    in_other = delivery_key(click_body(container={"type": "view", "view_id": "V2"}, message=None, view={"id": "V2"}))
    assert in_view != in_other


def test_a_form_sent_again_with_another_answer_is_another_submission() -> None:
    assert delivery_key(submission_body("")) != delivery_key(submission_body("rebooted"))
    assert delivery_key(submission_body(hash_="1.a")) != delivery_key(submission_body(hash_="1.b"))


def test_the_kinds_never_share_a_key() -> None:
    bodies = [command_body(), click_body(), shortcut_body(), submission_body(), event_body()]
    assert len({delivery_key(body) for body in bodies}) == len(bodies)


def test_a_key_fits_into_a_table_whatever_is_sent() -> None:
    key = delivery_key(event_body("E" * 5000))
    assert len(key) <= 200
    assert key != delivery_key(event_body("E" * 5001))
