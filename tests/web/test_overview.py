"""The first page says who is on call, what is open and how the last night was, and nobody's telephone number."""

import re
from datetime import UTC, datetime, timedelta

import pytest

from oncallbot.engine.sign_in import SignIns
from tests.engine.stage import ERIK, MINUTE, ROSTER, Night, both
from tests.web.pages_stage import applies, browser_of, signs_in

NIGHTLY = ROSTER.replace("name: Dora Lind,", "name: Dora Lind, timezone: Europe/Lisbon,")


@pytest.fixture
def page(night: Night, product):
    """What Dora sees now, without markup."""
    with browser_of(product) as browser:

        def look() -> str:
            signs_in(browser, SignIns(night.door))
            answer = browser.get("/")
            assert answer.status_code == 200
            return " ".join(re.sub(r"<[^>]+>", " ", answer.text).split())

        yield look


def test_who_is_on_call_until_when_and_who_is_next(page):
    assert "primary Ana Ruiz until Mon 09:00 Next Ben Okafor, from Mon 09:00 Why weekly, turn 0" in page()


def test_times_are_in_the_readers_zone_and_the_zone_is_named(night, page, tmp_path):
    applies(night, tmp_path, NIGHTLY)
    shown = page()
    assert "until Mon 08:00" in shown
    assert "All times are in your zone, Europe/Lisbon (WET)." in shown


def test_nobody_where_nobody_has_to_be_is_no_alarm(night, page, tmp_path):
    applies(night, tmp_path, ROSTER.replace("cem]\n", "cem]\n        windows: {outside: berlin}\n", 1))
    night.clock.sets(at=datetime(2026, 12, 28, 11, tzinfo=UTC))
    shown = page()
    assert "Nobody, as planned until 18:00" in shown
    assert "Nothing needs you now." in shown


def test_a_gap_is_loud_and_coming_gaps_are_listed(night, page, tmp_path):
    gappy = ROSTER.replace("participants: [ana, ben, cem]", "participants: [ana, nobody]\n        windows: [sun]")
    applies(night, tmp_path, gappy)
    night.clock.sets(at=datetime(2026, 12, 26, 2, 10, tzinfo=UTC))
    shown = page()
    assert "Nobody is on call in primary." in shown
    assert "Nobody is on call Somebody must be. The gap ends Sun 00:00" in shown
    assert re.search(r"and \d+ more times within 14 days", shown)


def test_an_open_issue_has_its_state_what_comes_next_and_its_timeline(night, page):
    number = night.opens()
    shown = page()
    assert "1 issue needs somebody." in shown
    for words in (f"AH-{number} Acme GmbH (gold)", "Waiting for Ana", "Ben next at 03:15", "the plant stands still"):
        assert words in shown
    assert "paged Ana is paged: on call in primary (weekly, turn 0)" in shown
    night.answers("ana", issue=number)
    assert "Ana has it since 03:10" in page()


def test_what_needs_somebody_stands_first(night, page):
    taken = night.opens(dedup_key="a")
    night.answers("ana", issue=taken)
    waiting = night.opens(dedup_key="b", customer="beta", contact="+493023125110")
    shown = page()
    assert shown.index(f"AH-{waiting}") < shown.index(f"AH-{taken}")


def test_customers_words_are_no_markup(night, product):
    night.opens("<script>alert(1)</script><b>down</b>")
    with browser_of(product) as browser:
        signs_in(browser, SignIns(night.door))
        text = browser.get("/").text
    assert "&lt;script&gt;" in text
    assert "<script>" not in text
    assert "<b>" not in text


@both
def test_nobodys_number_is_shown(night, page):
    number = night.opens()
    night.passes(6 * MINUTE)
    night.answers("ben", issue=number)
    shown = page()
    assert "+49302312500" not in shown
    assert ERIK not in shown


class TestLastNight:
    def test_a_running_night_says_since_when_and_who_was_woken(self, night, page):
        number = night.opens()
        night.clock.moves(4 * MINUTE)
        night.answers("ana", issue=number)
        shown = page()
        assert "Example Support since Fri 18:00 Ana was woken once." in shown
        assert "03:14 by Ana, after 4 min" in shown
        assert "kept Taken" in shown

    def test_what_nobody_took_is_said(self, night, page):
        night.opens()
        assert "not yet running Needs somebody" in page()

    def test_in_office_hours_it_is_the_night_before(self, night, page):
        night.clock.sets(at=datetime(2026, 12, 21, 22, tzinfo=UTC))
        night.opens()
        night.clock.sets(at=datetime(2026, 12, 22, 10, tzinfo=UTC))
        night.opens(customer="beta", contact="+493023125110")
        shown = page()[page().index("The last night") :]
        assert "Mon 18:00 to 09:00" in shown
        assert "AH-1001" in shown
        assert "AH-1002" not in shown

    def test_a_quiet_night_is_said_to_be_one(self, page):
        assert "Nobody was woken. No issue was reported." in page()

    def test_what_was_before_is_not_told_again(self, night, page):
        night.clock.moves(-timedelta(days=1))
        night.opens()
        night.clock.moves(timedelta(days=1))
        assert "AH-1001" not in page().partition("The last night")[2]


def test_a_database_that_is_away_is_a_page_and_no_trace(tmp_path, clock, night):
    from oncallbot.channels.link import Links
    from oncallbot.engine.handle import Door
    from oncallbot.engine.measures import Measures
    from oncallbot.engine.running_rules import RunningRules
    from oncallbot.storage.database import Database
    from oncallbot.web import app as web
    from tests.engine.stage import SECRET

    away = Door(
        Database.open(f"sqlite:///{tmp_path / 'gone' / 'o.db'}"), clock, RunningRules(frozenset()), lambda: None
    )
    app = web.create(web.Doors(away, Measures(), night.public_url, (), "test", Links(SECRET, night.public_url)))
    with browser_of(app) as browser:
        browser.cookies.set("__Host-oncallbot", "any")
        answer = browser.get("/", headers={"Accept": "text/html,*/*"})
    assert (answer.status_code, "Not available just now" in answer.text) == (503, True)
