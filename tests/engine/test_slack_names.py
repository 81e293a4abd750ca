"""Names become ids: asked by the worker, at once where they are new, each minute where Slack did not answer."""

import logging
from dataclasses import dataclass, field

import pytest

from oncallbot.engine.change import Edit, change
from oncallbot.engine.slack_names import Lookup, Workspace
from oncallbot.errors import Unavailable
from oncallbot.escalation.rules import Customer, Hotline
from oncallbot.oncall.people import Responder
from oncallbot.storage import rule_objects
from tests.engine.stage import MINUTE, SECOND, Night, roster
from tests.slack_stage import ACME_TEAM, ANA, BEN, HELP, ONCALL, SHARED, SLACK_ROSTER

TEAM = "T0EXAMPLE1"


@dataclass
class Book:
    """A directory of a few names."""

    ids: dict[str, str]
    is_away: bool = False
    asked: list[str] = field(default_factory=list)

    def id_of(self, name: str) -> str | None:
        self.asked.append(name)
        if self.is_away:
            raise Unavailable("Slack: no connection")
        return self.ids.get(name)


@pytest.fixture
def book() -> Book:
    return Book({"ben@example.com": BEN, "acme-help": SHARED})


@pytest.fixture
def lookup(slack_night: Night, book: Book) -> Lookup:
    return Lookup(slack_night.door, book)


def id_of(found: Responder | Hotline | Customer | None) -> str | None:
    return found.id if found is not None else None


def test_only_names_and_addresses_are_asked_for_and_each_once(slack_night, lookup, book):
    for _ in range(3):
        lookup.look_up()
        slack_night.clock.moves(2 * MINUTE)
    assert sorted(book.asked) == ["acme-help", "ben@example.com"]


def test_what_slack_did_not_answer_is_asked_again_after_a_minute(slack_night, lookup, book):
    book.is_away = True
    lookup.look_up()
    slack_night.clock.moves(59 * SECOND)
    lookup.look_up()
    assert len(book.asked) == 2
    book.is_away = False
    slack_night.clock.moves(SECOND)
    lookup.look_up()
    assert id_of(Workspace(slack_night.door, TEAM).names().responder(TEAM, BEN)) == "ben"


def test_a_name_that_nobody_has_is_a_warning_without_the_address(slack_night, lookup, book, caplog):
    del book.ids["ben@example.com"]
    with caplog.at_level(logging.WARNING):
        lookup.look_up()
    assert "responder ben" in caplog.text
    assert "ben@example.com" not in caplog.text


def test_a_new_revision_is_looked_up_at_once(slack_night, lookup, book, tmp_path):
    lookup.look_up()
    book.ids["night-shift"] = "C0NIGHT001"
    with slack_night.database.read() as connection:
        revision = rule_objects.revision(connection)
    changed = SLACK_ROSTER.replace(f"on_call_channel: {ONCALL}", "on_call_channel: night-shift")
    change(slack_night.door, Edit(roster(tmp_path, changed), from_files=True), "test", revision)
    lookup.look_up()
    assert book.asked[-1] == "night-shift"


def test_a_responder_is_a_team_and_a_user_together(slack_night):
    names = Workspace(slack_night.door, TEAM).names()
    assert id_of(names.responder(TEAM, ANA)) == "ana"
    assert names.responder(ACME_TEAM, ANA) is None
    assert names.responder("", ANA) is None
    assert names.responder(TEAM, "") is None
    assert names.responder(TEAM, "ben@example.com") is None


def test_channels_belong_to_hotlines_and_customers(slack_night, lookup):
    lookup.look_up()
    names = Workspace(slack_night.door, TEAM).names()
    assert (id_of(names.hotline(HELP)), names.customer(HELP)) == ("main", None)
    assert (id_of(names.hotline(SHARED)), id_of(names.customer(SHARED))) == ("main", "acme")
    assert names.hotline(ONCALL) is None
    assert id_of(names.hotline_to_page(ONCALL)) == "main"
