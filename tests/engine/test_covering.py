"""A cover request: asked, taken by the first, reminded, the managers' at its deadline, and the truth at the end."""

import json
from datetime import timedelta

from oncallbot.engine import covering
from oncallbot.engine.change import Changed, Edit, change
from oncallbot.engine.covering import Asked, NotAsked, Over, Taken
from oncallbot.oncall.editing import Mistake
from oncallbot.oncall.people import Method
from oncallbot.oncall.schedule import responders_at
from oncallbot.schedule_files.objects import text_of
from oncallbot.storage import cover_requests, rule_objects
from oncallbot.storage.cover_requests import Status
from oncallbot.storage.outbox import Purpose
from tests.engine.stage import NIGHT, Night, at_once, both

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
START, END = NIGHT + DAY, NIGHT + DAY + 8 * HOUR  # within Ana's week


def tells(responder, _outline):
    return f"news for {responder}"


def asked(night, start=START, end=END, who="ana"):
    found = covering.ask(night.door, who, "primary", start, end, "concert")
    assert isinstance(found, Asked), found
    return found.request


def accepts(night, request, who):
    return covering.accept(night.door, request.id, who, tells)


def on_call(night, at):
    rules = night.door.rules_now()
    return responders_at(rules.schedules["primary"], rules.absences, at)[0]


def said(night):
    return {row.responder: row.words for row in night.claims()}


@both
def test_the_others_are_asked_and_the_first_to_accept_has_it(night):
    request = asked(night)
    assert sorted(said(night)) == ["ben", "cem"]
    taken = accepts(night, request, "cem")
    assert isinstance(taken, Taken)
    assert (on_call(night, START), on_call(night, START - HOUR), on_call(night, END)) == (("cem",), ("ana",), ("ana",))
    assert accepts(night, request, "ben") == Over(taken.request)
    assert said(night)["ana"] == "news for ana"


def test_cover_begins_and_ends_at_whole_seconds_as_files_are_to_show_them(night):
    little = timedelta(microseconds=694_405)
    request = asked(night, start=START + little, end=END + little)
    assert (request.starts_at, request.ends_at) == (START, END)


@both
def test_of_two_who_accept_in_the_same_moment_one_has_it_and_the_other_hears_who(night):
    request = asked(night)
    results = at_once(*(lambda who=who: accepts(night, request, who) for who in ("ben", "cem")))
    winner = next(one for one in results if isinstance(one, Taken))
    loser = next(one for one in results if isinstance(one, Over))
    assert loser.request.taken_by == winner.request.taken_by == on_call(night, START)[0]


def test_who_was_not_asked_cannot_take_it_and_a_manager_can(night):
    request = asked(night)
    assert accepts(night, request, "ana") == NotAsked()
    assert accepts(night, request, "eve") == NotAsked()
    assert isinstance(accepts(night, request, "dora"), Taken)


def test_only_the_part_in_which_one_is_on_call_is_asked_for(night):
    request = asked(night, start=NIGHT + DAY, end=NIGHT + 30 * DAY)
    assert request.ends_at > NIGHT + DAY
    nothing = covering.ask(night.door, "ben", "primary", START, END, "")
    assert isinstance(nothing, Mistake)
    again = covering.ask(night.door, "ana", "primary", START, END, "")
    assert isinstance(again, Mistake)


def test_a_request_is_withdrawn_by_whoever_asked_and_ends_for_all(night):
    request = asked(night)
    assert covering.withdraw(night.door, request.id, "ben") == NotAsked()
    ended = covering.withdraw(night.door, request.id, "ana")
    assert isinstance(accepts(night, request, "cem"), Over)
    assert not isinstance(ended, NotAsked)
    assert ended.status is Status.WITHDRAWN


@both
def test_reminders_then_the_managers_then_the_truth(night):
    request = asked(night)
    said(night)
    night.clock.moves(request.deadline_at - HOUR - night.clock.now())
    covering.ring(night.door)
    assert sorted(said(night)) == ["ben", "cem"]
    night.clock.moves(HOUR)
    covering.ring(night.door)
    assert sorted(said(night)) == ["ana", "dora"]
    night.clock.moves(4 * HOUR)
    covering.ring(night.door)
    assert "still yours" in said(night)["ana"]
    with night.database.read() as connection:
        assert cover_requests.open_ones(connection) == ()


def test_after_a_downtime_only_what_counts_today_is_said(night):
    request = asked(night)
    said(night)
    night.clock.moves(request.starts_at + HOUR - night.clock.now())
    assert covering.ring(night.door) == 1
    assert sorted(said(night)) == ["ana"]
    assert covering.ring(night.door) == 0


def test_the_rest_of_a_running_shift_can_be_covered_at_once(night):
    request = asked(night, start=NIGHT - DAY, end=NIGHT + 4 * HOUR)
    assert request.starts_at == NIGHT
    night.clock.moves(HOUR)
    covering.ring(night.door)
    assert isinstance(accepts(night, request, "ben"), Taken)
    assert on_call(night, NIGHT + HOUR) == ("ben",)
    assert on_call(night, NIGHT + HOUR / 2) == ("ana",)


def test_at_the_deadline_the_managers_channel_is_told_and_who_has_slack_gets_the_request_itself(database, clock):
    night = Night(database, clock, (Method.SMS, Method.SLACK))
    with database.read() as connection:
        objects = {(one.kind, one.id): json.loads(one.body) for one in rule_objects.load_all(connection)}
    objects["hotline", "main"]["managers_channel"] = "C0MANAGER1"
    objects["responder", "dora"]["slack"] = "U0DORA0001"
    texts = {key: text_of(objects[key]) for key in (("hotline", "main"), ("responder", "dora"))}
    assert change(night.door, Edit(texts), "dora", 1) == Changed(2)
    request = asked(night)
    night.claims()
    night.clock.moves(request.deadline_at - night.clock.now())
    covering.ring(night.door)
    rows = [(row.purpose, row.address) for row in night.claims() if row.responder != "ana"]
    assert (Purpose.NOTICE, "C0MANAGER1") in rows
    assert [address for purpose, address in rows if purpose is Purpose.COVER] == ["U0DORA0001"]
    assert not [one for one in rows if one[0] is Purpose.RESPONDER_TOLD]
