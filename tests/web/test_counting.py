"""Managers see hours, pages and wake-ups by month and schedule, and take them away as CSV."""

import csv
import re
from collections.abc import Iterator
from datetime import timedelta

import pytest
from fastapi.testclient import TestClient

from oncallbot.engine.sign_in import SignIns
from tests import browsing
from tests.browsing import LAPTOP, PHONE, Windows
from tests.engine.outside import Front
from tests.engine.stage import NIGHT, Night
from tests.engine.test_counts import HOUR, works
from tests.web.pages_stage import browser_of, signs_in


@pytest.fixture
def client(night: Night, product) -> Iterator[TestClient]:
    with browser_of(product) as made:
        signs_in(made, SignIns(night.door))
        yield made


def words(page: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", page).split())


def test_the_page_counts_a_year_unless_told_otherwise(night: Night, client):
    works(night, "ana", NIGHT - 7 * timedelta(days=1), 6 * HOUR)
    shown = words(client.get("/counting").text)
    assert "January 2026 to December 2026, all schedules" in shown
    assert "Ana Ruiz 0 0 6 h 0 6 h 12 h +8 h" in shown
    assert "Ben Okafor 0 0 0 0 0 0 -4 h" in shown
    one = words(client.get("/counting?first=2026-11&last=2026-11&schedule=primary").text)
    assert "November 2026, primary" in one
    assert "6 h" not in one


def test_the_csv_has_the_same_numbers(night: Night, client):
    works(night, "ana", NIGHT - 7 * timedelta(days=1), 6 * HOUR)
    answer = client.get("/counting.csv?first=2026-12&last=2026-12")
    assert answer.headers["content-disposition"] == 'attachment; filename="on-call-2026-12-2026-12.csv"'
    rows = list(csv.DictReader(answer.content.decode("utf-8-sig").splitlines()))
    assert next((one["responder"], one["total_hours"]) for one in rows) == ("ana", "6.00")


@pytest.mark.parametrize(
    ("query", "status"),
    [("first=2026-13", 400), ("first=2027-02&last=2027-01", 400), ("first=2001-01", 400), ("schedule=%3Cb%3E", 404)],
)
def test_what_cannot_be_counted_is_refused_in_words(client, query, status):
    for path in ("/counting", "/counting.csv"):
        assert client.get(f"{path}?{query}").status_code == status


def test_only_managers_see_it(product):
    for path in ("/counting", "/counting.csv"):
        assert browser_of(product).get(path).headers["location"] == "/sign-in"


@pytest.mark.browser
@pytest.mark.parametrize("size", [LAPTOP, PHONE], ids=["laptop", "phone"])
def test_everybody_can_read_the_pages(connected: Night, front: Front, windows: Windows, size):
    page = windows.open(size)
    works(connected, "ana", NIGHT - 7 * timedelta(days=1), 6 * HOUR)
    link, _ = SignIns(connected.door).make_link("dora")
    page.goto(f"{front.url}/sign-in/{link}")
    page.get_by_role("button", name="Sign in").click()
    for path in ("counting", "calendars"):
        page.goto(f"{front.url}/{path}")
        assert browsing.barriers(page) == []
        assert not page.evaluate("document.documentElement.scrollWidth > window.innerWidth")
