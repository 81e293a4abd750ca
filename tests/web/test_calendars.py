"""Calendar programs are given true shifts: read back by the test's own reader of RFC 5545, not by the library."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest
from fastapi.testclient import TestClient

from oncallbot.engine import proposals
from oncallbot.engine.feeding import Feeding
from oncallbot.oncall.edits import AddOverride
from oncallbot.oncall.precedence import Override
from oncallbot.oncall.schedule import final_shifts
from oncallbot.storage import worked_shifts
from oncallbot.storage.feeds import FeedKind
from oncallbot.storage.worked_shifts import WorkedShift
from tests.engine.stage import NIGHT, ROSTER, SECRET, Night, at_once, both
from tests.web.pages_stage import OWN, applies, browser_of, csrf_of, signs_in

MONDAY = datetime(2026, 12, 21, 8, tzinfo=UTC)  # Ana's first handoff; at NIGHT her shift runs
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
Event = dict[str, Any]


@pytest.fixture
def client(product) -> Iterator[TestClient]:
    with TestClient(product, follow_redirects=False) as made:
        yield made


@pytest.fixture
def feeding(night: Night) -> Feeding:
    return Feeding(night.door, SECRET, night.public_url)


def path(feeding: Feeding, kind: FeedKind = FeedKind.SCHEDULE, subject: str = "primary", whose: str = "dora") -> str:
    return feeding.address_of(kind, subject, whose).removeprefix("https://pager.example")


def properties(file: str) -> list[tuple[str, dict[str, str], str]]:
    """Name, parameters and value of each content line, unfolded (3.1)."""
    assert file.endswith("\r\n")
    assert all(len(line.encode()) <= 75 for line in file.split("\r\n"))
    found = []
    for line in re.sub("\r\n[ \t]", "", file).split("\r\n")[:-1]:
        head, _, value = line.partition(":")
        name, *parameters = head.split(";")
        found.append((name, dict(one.split("=", 1) for one in parameters), value))
    return found


def offset(text: str) -> timedelta:
    sign = -1 if text[0] == "-" else 1
    return sign * timedelta(hours=int(text[1:3]), minutes=int(text[3:5]), seconds=int(text[5:7] or 0))


def events(file: str) -> list[Event]:
    """The events with instants: local times are read by the file's own VTIMEZONEs, as RFC 5545 3.6.5 says."""
    zones: dict[str, list[tuple[datetime, timedelta, timedelta]]] = {}
    found: list[Event] = []
    stack: list[str] = []
    now: Event = {}
    zone = ""
    for name, parameters, value in properties(file):
        if name == "BEGIN":
            stack.append(value)
            now = {} if value in ("VEVENT", "STANDARD", "DAYLIGHT", "VTIMEZONE") else now
        elif name == "END":
            assert stack.pop() == value
            if value in ("STANDARD", "DAYLIGHT"):
                line = (read(now["DTSTART"][1]), offset(now["TZOFFSETFROM"][1]), offset(now["TZOFFSETTO"][1]))
                zones[zone].append(line)
            elif value == "VEVENT":
                found.append(now)
        elif name == "TZID":
            zone = value
            zones[zone] = []
        else:
            assert name not in now
            now[name] = (parameters, value)
    for event in found:
        for edge in ("DTSTART", "DTEND"):
            parameters, value = event[edge]
            event[edge] = instant(value, zones[parameters["TZID"]] if "TZID" in parameters else None)
    return found


def read(text: str) -> datetime:
    return datetime.strptime(text.removesuffix("Z"), "%Y%m%dT%H%M%S")


def instant(text: str, zone: list[tuple[datetime, timedelta, timedelta]] | None) -> datetime:
    local = read(text)
    if zone is None:
        assert text.endswith("Z")
        return local.replace(tzinfo=UTC)
    onset = max(line for line in zone if line[0] <= local)
    # An hour that happens twice is its first occurrence: the offset before the change (3.3.5).
    gone_back = onset[1] > onset[2] and local - onset[0] < timedelta()
    return (local - (onset[1] if gone_back else onset[2])).replace(tzinfo=UTC)


def spans(found: list[Event]) -> list[tuple[datetime, datetime, str]]:
    return [(one["DTSTART"], one["DTEND"], one["SUMMARY"][1]) for one in found]


@both
def test_a_schedules_feed_is_what_the_resolver_says_for_a_year(night: Night, client, feeding: Feeding):
    answer = client.get(path(feeding))
    assert (answer.status_code, answer.headers["content-type"]) == (200, "text/calendar; charset=utf-8")
    rules = night.door.rules_now()
    names = {one.id: one.name for one in rules.responders.values()}
    shifts = final_shifts(rules.schedules["primary"], (), MONDAY, NIGHT + 360 * DAY)
    expected = [(one.start, one.end, names[one.responders[0]]) for one in shifts[:-1]]
    assert spans(events(answer.text))[: len(expected)] == expected
    assert len(expected) > 50


@pytest.mark.parametrize("timezone", ["Europe/Berlin", "Australia/Lord_Howe", "America/Santiago"])
def test_clock_changes_are_right_in_every_zone(night: Night, client, feeding: Feeding, timezone, tmp_path):
    """All change their clocks at weekends (Santiago at midnight): other days' shifts would only cost time."""
    changed = f"  primary:\n    timezone: {timezone}"
    every = ROSTER.replace("  primary:", changed).replace("every: 1 week", "every: 1 hour\n        windows: [sat, sun]")
    every = every.replace("first_handoff: 2026-12-21 09:00", "first_handoff: 2026-12-21 00:30")
    applies(night, tmp_path, every)
    found = spans(events(client.get(path(feeding)).text))
    rules = night.door.rules_now()
    shifts = final_shifts(rules.schedules["primary"], (), found[0][0], found[-1][1])
    assert [(one.start, one.end) for one in shifts] == [(start, end) for start, end, _ in found]
    assert len(found) > 2_400


def test_a_responders_feed_has_only_their_own(client, feeding: Feeding):
    mine = events(client.get(path(feeding, FeedKind.RESPONDER, "ben", "ben")).text)
    assert {one["SUMMARY"][1] for one in mine} == {"On call: primary"}
    assert all("Ben Okafor on primary" in one["DESCRIPTION"][1] for one in mine)
    assert len({one["UID"][1] for one in mine}) == len(mine) > 15


def overridden(night: Night, start: datetime, end: datetime) -> None:
    order = AddOverride("primary", Override("cem", start, end, reason="concert; a, b\nc"))
    made = proposals.propose(night.door, [order], "dora")
    assert isinstance(made, proposals.Proposed)
    assert isinstance(proposals.confirm(night.door, made.id, "dora", lambda *_: ""), proposals.Confirmed)


def test_what_begins_in_the_second_of_two_equal_hours_begins_there_in_calendars_too(night: Night, client, feeding):
    again = datetime(2027, 10, 31, 1, 30, tzinfo=UTC)  # 02:30 in Berlin, for the second time that night
    overridden(night, again, again + 5 * HOUR)
    assert (again, again + 5 * HOUR, "Cem Aydin") in spans(events(client.get(path(feeding)).text))


def test_a_shift_that_is_cut_short_keeps_its_uid_and_one_that_is_lost_vanishes(night: Night, client, feeding):
    mine = path(feeding, FeedKind.RESPONDER, "ben", "ben")
    before = events(client.get(mine).text)
    first, second = before[0], before[1]
    overridden(night, first["DTEND"] - 5 * HOUR, first["DTEND"])
    overridden(night, second["DTSTART"], second["DTEND"])
    after = {one["UID"][1]: one for one in events(client.get(mine).text)}
    assert after[first["UID"][1]]["DTEND"] == first["DTEND"] - 5 * HOUR
    assert second["UID"][1] not in after
    assert all(one["UID"][1] in after for one in before[2:])
    sequences = {int(one["SEQUENCE"][1]) for one in before}, {int(one["SEQUENCE"][1]) for one in after.values()}
    assert sequences == ({1}, {3})


def test_words_of_people_cannot_break_the_file(night: Night, client, feeding: Feeding):
    overridden(night, NIGHT + DAY, NIGHT + DAY + HOUR)
    found = [one for one in events(client.get(path(feeding)).text) if one["SUMMARY"][1] == "Cem Aydin"]
    assert "concert\\; a\\, b c" in found[0]["DESCRIPTION"][1]


def test_the_past_is_what_was_worked_whatever_the_rules_say(night: Night, client, feeding: Feeding):
    last = WorkedShift("primary", NIGHT - 20 * DAY, NIGHT - 19 * DAY, ("dora",), "override by dora")
    gone = WorkedShift("old", NIGHT - 30 * DAY, NIGHT - 29 * DAY, ("dora",), "weekly, turn 3")
    with night.database.write() as connection:
        worked_shifts.append(connection, (last, gone), {"primary": NIGHT, "old": gone.ends_at})
    found = spans(events(client.get(path(feeding, FeedKind.RESPONDER, "dora", "dora")).text))
    assert found == [
        (gone.starts_at, gone.ends_at, "On call: old"),
        (last.starts_at, last.ends_at, "On call: primary"),
    ]


def test_what_has_not_changed_is_not_sent_again(night: Night, client, feeding: Feeding):
    address = path(feeding)
    first = client.get(address)
    again = {"If-None-Match": f'"other", W/{first.headers["etag"]}'}
    night.clock.moves(HOUR)
    same = client.get(address, headers=again)
    assert (same.status_code, same.content, same.headers["etag"]) == (304, b"", first.headers["etag"])
    assert client.head(address).status_code == 200
    overridden(night, NIGHT + DAY, NIGHT + DAY + HOUR)
    assert client.get(address, headers=again).status_code == 200


@both
def test_a_revoked_address_and_a_guessed_one_show_nothing(night: Night, client, feeding: Feeding):
    address = path(feeding)
    assert path(feeding) == address
    assert feeding.revoke(FeedKind.SCHEDULE, "primary", "dora")
    assert not feeding.revoke(FeedKind.SCHEDULE, "primary", "dora")
    other = path(feeding)
    assert [client.get(one).status_code for one in (address, other, "/calendar/guessed.ics")] == [404, 200, 404]
    assert feeding.known_address(FeedKind.SCHEDULE, "primary", "ben") is None


def test_whoever_is_gone_loses_their_feeds(night: Night, client, feeding: Feeding, tmp_path):
    address, others = path(feeding, whose="dora"), path(feeding, whose="ben")
    applies(night, tmp_path, ROSTER.replace("ana, ben, cem]", "ana, cem]").replace("  ben: {name", "  eve: {name"))
    assert [client.get(one).status_code for one in (address, others)] == [200, 404]


def test_a_thousand_shifts_are_written_whole(night: Night, client, feeding: Feeding, tmp_path):
    applies(night, tmp_path, ROSTER.replace("every: 1 week", "every: 8 hours"))
    found = spans(events(client.get(path(feeding)).text))
    assert len(found) > 1_000
    assert all(one[1] == other[0] for one, other in pairwise(found))


def test_a_manager_makes_and_revokes_an_address_on_the_page(night: Night, product):
    browser = browser_of(product)
    assert browser.get("/calendars").headers["location"] == "/sign-in"
    signs_in(browser, product.state.pages.sign_ins)
    form = {"csrf": csrf_of(browser.get("/calendars").text), "kind": "schedule", "subject": "primary"}
    assert browser.post("/calendars", data=form | {"act": "make"}, headers=OWN).status_code == 303
    (address,) = re.findall(r"https://pager\.example(/calendar/\S+\.ics)", browser.get("/calendars").text)
    assert browser.get(address).status_code == 200
    browser.post("/calendars", data=form | {"act": "revoke"}, headers=OWN)
    assert browser.get(address).status_code == 404
    assert (
        browser.post("/calendars", data=form | {"kind": "responder", "subject": "ben"}, headers=OWN).status_code == 404
    )


def test_the_tag_changes_with_every_word_that_the_file_has(night: Night, client, feeding: Feeding, tmp_path):
    address = path(feeding)
    tags, files = set(), set()
    for text in (ROSTER, ROSTER.replace("Ben Okafor", "Ben O."), ROSTER.replace("name: weekly", "name: nights")):
        applies(night, tmp_path, text)
        answer = client.get(address)
        tags.add(answer.headers["etag"])
        files.add(answer.text)
    assert (len(tags), len(files)) == (3, 3)


@both
def test_two_who_ask_at_one_instant_are_given_the_same_address(night: Night, feeding: Feeding):
    first, second = at_once(*[lambda: path(feeding)] * 2)
    assert first == second
