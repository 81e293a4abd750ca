"""The link in a text about a cover request: looking changes nothing, the button takes it, and the first one has it."""

import re
from datetime import datetime, timedelta
from pathlib import Path

import httpx
import pytest
from fastapi.testclient import TestClient
from playwright.sync_api import expect

from oncallbot.channels.link import Links
from oncallbot.engine import covering, proposals
from oncallbot.engine.change import Changed, Edit, change
from oncallbot.engine.covering import Asked, Taken
from oncallbot.engine.proposals import Proposed
from oncallbot.oncall.edits import AddAbsence
from oncallbot.oncall.people import Absence
from oncallbot.oncall.schedule import responders_at
from oncallbot.schedule_files import Key
from oncallbot.storage import rule_objects
from oncallbot.storage.cover_requests import CoverRequest
from oncallbot.wording.text import segments
from tests import browsing
from tests.browsing import PHONE, Windows
from tests.engine.stage import BEN, CEM, DORA, MINUTE, NIGHT, ROSTER, SECRET, Night, at_once, both, roster
from tests.slack_stage import ANA as ANA_IN_SLACK
from tests.slack_stage import BEN as BEN_IN_SLACK

HOUR, DAY = 60 * MINUTE, timedelta(days=1)
START, END = NIGHT + DAY, NIGHT + DAY + 8 * HOUR


@pytest.fixture
def visitor(product):
    with TestClient(product) as made:
        yield made


@pytest.fixture
def request_(night: Night) -> CoverRequest:
    return asks(night, "<i>concert</i>")


@pytest.fixture
def path(night: Night, request_: CoverRequest) -> str:
    return path_of(request_, "ben")


def asks(night: Night, reason: str = "", start: datetime = START, end: datetime = END) -> CoverRequest:
    """Ana asks Ben and Cem, who have no Slack."""
    found = covering.ask(night.door, "ana", "primary", start, end, reason)
    assert isinstance(found, Asked)
    return found.request


def path_of(request: CoverRequest, who: str, secret: str = SECRET) -> str:
    return Links(secret, "").cover(str(request.id), who)


def takes(night: Night, request: CoverRequest, who: str) -> object:
    return covering.accept(night.door, request.id, who, lambda *_: "")


def on_call(night: Night) -> tuple[str, ...]:
    rules = night.door.rules_now()
    return responders_at(rules.schedules["primary"], rules.absences, START)[0]


def runs(night: Night, folder: Path, key: Key, old: str, new: str, *gone: Key) -> None:
    """This object runs as the roster has it after that replacement; those are gone."""
    with night.database.read() as connection:
        revision = rule_objects.revision(connection)
    put = {key: roster(folder, ROSTER.replace(old, new))[key]}
    assert isinstance(change(night.door, Edit(put, gone), "dora", revision), Changed)


def test_looking_shows_who_asks_for_what_and_ones_own_days_and_takes_nothing(night, visitor, path):
    night.clock.moves(DAY - 3 * HOUR)
    shown = visitor.get(path)
    assert shown.status_code == 200
    assert "Ben, can you take primary Sun 27 Dec 03:10 – 11:10?" in shown.text
    assert "&lt;i&gt;concert&lt;/i&gt;" in shown.text
    assert re.findall("<li>(.*)</li>", shown.text) == [
        "primary Sun 27 Dec 03:10 – 11:10",
        "primary Mon 28 Dec 09:00 – Mon 4 Jan 09:00",
    ]
    assert "Times in Europe/Berlin." in shown.text
    assert on_call(night) == ("ana",)


def test_the_button_takes_it_and_pressing_it_again_says_the_same(night, visitor, path):
    first = visitor.post(path)
    assert "It is yours: you cover primary" in first.text
    assert "On these days you have" in first.text
    assert visitor.post(path).text == visitor.get(path).text == first.text
    assert "<button" not in first.text
    assert on_call(night) == ("ben",)
    (news,) = [one for one in night.claims() if one.responder == "ana"]
    assert news.words.startswith("Ben changed who is on call.")


def test_whoever_comes_second_reads_who_has_it(night, visitor, request_, path):
    assert isinstance(takes(night, request_, "cem"), Taken)
    for shown in (visitor.get(path), visitor.post(path)):
        assert (shown.status_code, "Cem has it already" in shown.text) == (200, True)
        assert "<button" not in shown.text
    assert on_call(night) == ("cem",)


def test_what_was_withdrawn_or_is_over_is_gone(night, visitor, request_, path):
    other = asks(night, start=END, end=END + HOUR)
    covering.withdraw(night.door, request_.id, "ana")
    shown = visitor.post(path)
    assert (shown.status_code, "Ana does not ask any more." in shown.text) == (410, True)
    night.clock.moves(10 * DAY)
    assert visitor.get(path_of(other, "ben")).status_code == 410
    assert "Too late" in visitor.post(path_of(other, "ben")).text
    assert on_call(night) == ("ana",)


def test_a_link_that_is_not_ours_or_for_somebody_else_opens_nothing(night, visitor, request_, path):
    nowhere = Links(SECRET, "").cover("77", "ben")
    rotated = path_of(request_, "ben", SECRET[::-1])
    for one in (path + "x", "/cover/guessed", rotated, nowhere, path_of(request_, "ana"), path_of(request_, "eve")):
        assert (visitor.get(one).status_code, visitor.post(one).status_code) == (404, 404), one
    answer = path.replace("/cover/", "/answer/")
    assert visitor.post(answer, data={"answer": "acknowledge"}).status_code == 404
    assert on_call(night) == ("ana",)


def test_the_link_of_somebody_who_has_left_opens_nothing(night, visitor, path, tmp_path):
    runs(night, tmp_path, ("schedule", "primary"), "[ana, ben, cem]", "[ana, cem]", ("responder", "ben"))
    assert (visitor.get(path).status_code, visitor.post(path).status_code) == (404, 404)
    assert on_call(night) == ("ana",)


def test_times_are_the_readers_and_an_absence_of_theirs_is_named(night, visitor, path, tmp_path):
    runs(night, tmp_path, ("responder", "ben"), "Ben Okafor,", "Ben Okafor, timezone: Europe/London,")
    away = Absence("ben", NIGHT, NIGHT + 2 * DAY)
    found = proposals.propose(night.door, (AddAbsence(away),), "ben")
    assert isinstance(found, Proposed)
    proposals.confirm(night.door, found.id, "ben", lambda *_: "")
    shown = visitor.get(path).text
    assert "Sun 27 Dec 02:10 – 10:10" in shown
    assert "You have said that you are away: now – Mon 28 Dec 02:10." in shown
    assert "Times in Europe/London." in shown


def test_texts_carry_the_link_of_their_reader_in_one_segment_and_reminders_too(connected, sim):
    request = asks(connected)
    connected.sends()
    connected.clock.moves(request.deadline_at - HOUR - connected.clock.now())
    covering.ring(connected.door)
    connected.sends()
    link = Links(SECRET, connected.public_url).cover(str(request.id), "ben")
    first, again = (one["Body"] for one in sim.posted("Messages") if one["To"] == BEN)
    assert first == f"Ana asks: can you cover primary Sun 27 Dec 03:10 - 11:10? Take it: {link}"
    assert again == f"Ana still asks: can you cover primary Sun 27 Dec 03:10 - 11:10? Take it: {link}"
    assert segments(first) == segments(again) == 1


def test_managers_without_slack_get_a_link_of_their_own(connected, sim):
    request = asks(connected, "the kids are ill " * 9)
    connected.clock.moves(request.deadline_at - connected.clock.now())
    covering.ring(connected.door)
    connected.sends()
    (text,) = (one["Body"] for one in sim.posted("Messages") if one["To"] == DORA)
    assert text.endswith(" Take it: " + Links(SECRET, connected.public_url).cover(str(request.id), "dora"))
    assert segments(text) == 2


@pytest.mark.browser
def test_on_a_phone_without_scripts_it_is_read_and_taken(connected, front, windows: Windows):
    request = asks(connected, "concert " * 24)
    link = front.url + path_of(request, "ben")
    looking, page = windows.open(PHONE), windows.open(PHONE, scripts=False)
    looking.goto(link)
    assert browsing.barriers(looking) + browsing.faint_in_the_dark(looking) == []
    assert not looking.evaluate("document.documentElement.scrollWidth > window.innerWidth")
    page.goto(link)
    page.get_by_role("button", name="I take it").click()
    expect(page.get_by_role("status")).to_contain_text("It is yours: you cover primary")
    looking.reload()
    assert browsing.barriers(looking) == []


@both
def test_of_the_link_and_slacks_button_pressed_at_once_one_has_it_and_the_other_reads_who(chat_night, tmp_path):
    night, sim = chat_night.night, chat_night.sim
    runs(night, tmp_path, ("responder", "cem"), "", "")  # without Slack
    chat_night.commands(ANA_IN_SLACK, "cover me tomorrow 03:00 to tomorrow 08:00")
    night.sends()
    (text,) = (one["Body"] for one in sim.posted("Messages") if one["To"] == CEM)
    link = text.split()[-1]
    shown = next(one for one in sim.get(f"/slack/users/{BEN_IN_SLACK}")["direct"] if one["buttons"])
    answered, _ = at_once(
        lambda: httpx.post(link, timeout=20).text,
        lambda: chat_night.does(BEN_IN_SLACK, "click", channel=shown["channel"], ts=shown["ts"], text="I take it"),
    )
    night.sends()
    said = (answered, chat_night.whispers(BEN_IN_SLACK)[-1])
    assert sum("It is yours" in one for one in said) == sum("has it already" in one for one in said) == 1
    assert on_call(night) == (("cem",) if "It is yours" in answered else ("ben",))
