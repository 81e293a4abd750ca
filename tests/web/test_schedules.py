"""The month's picture: every shift is a bar with its source, gaps are in plain sight, and the table says the same."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from playwright.sync_api import Page, expect

from oncallbot.engine.sign_in import SignIns
from oncallbot.storage import worked_shifts
from oncallbot.storage.worked_shifts import WorkedShift
from oncallbot.web.month import Month, Wall
from tests import browsing
from tests.browsing import LAPTOP, PHONE, Windows
from tests.engine.outside import Front
from tests.engine.stage import NIGHT, ROSTER, Night
from tests.web.pages_stage import applies, browser_of, signs_in

DAY = timedelta(days=1)
NIGHTS = ROSTER.replace("participants: [ana, ben, cem]", "participants: [ana, ben, nobody]").replace(
    "        first_handoff", "        windows: {outside: berlin}\n        first_handoff"
)
BUSY = NIGHTS.replace(
    "policies:\n",
    """\
    overrides:
      - {responder: cem, from: 2026-12-29 18:00, to: 2026-12-30 09:00, reason: <concert>}
absences:
  - {responder: ana, from: 2027-01-12, to: 2027-01-13}
policies:
""",
)


@pytest.fixture
def client(night: Night, product) -> Iterator[TestClient]:
    with browser_of(product) as made:
        signs_in(made, SignIns(night.door))
        yield made


def bars(page: str) -> list[tuple[str, str]]:
    """What each bar is, and what it is called."""
    return re.findall(r'<a class="bar (\w+ \w+)[^"]*" href="#s1-\d+" aria-label="([^"]+)"', page)


def test_every_shift_is_a_bar_with_its_time_and_source(night: Night, client, tmp_path):
    applies(night, tmp_path, BUSY)
    shown = bars(client.get("/schedules?month=2026-12").text)
    assert ("layer planned", "Ben Okafor, Mon 28 Dec 18:00 – Tue 29 Dec 09:00, layer weekly, turn 1") in shown
    [words] = [one[1] for one in shown if one[0] == "override planned"]
    assert "an override, Cem" in words
    assert "&lt;concert&gt;" in words


@pytest.mark.parametrize(
    ("month", "beside"), [("2000-01", ["next"]), ("2200-12", ["prev"]), ("2026-12", ["prev", "next"])]
)
def test_no_month_leads_to_one_that_is_refused(client, month, beside):
    page = client.get(f"/schedules?month={month}").text
    assert re.findall(r'rel="(prev|next)"', page) == beside
    for address in re.findall(r'href="(/schedules[^"]*)"', page):
        assert client.get(address).status_code == 200


def test_a_long_name_leaves_room_for_the_hours_on_a_phone(night: Night, client, tmp_path):
    applies(night, tmp_path, BUSY.replace("Ben Okafor", "Ben " + "O" * 56))
    page = client.get("/schedules?month=2026-12").text
    labels = re.findall(r'<text class="who"[^>]*>([^<]+)<', page)
    assert "Ben " + "O" * 23 + "…" in labels


def test_gaps_are_loud_and_counted(night: Night, client, tmp_path):
    applies(night, tmp_path, NIGHTS)
    page = client.get("/schedules?month=2027-01").text
    gaps = [words for kind, words in bars(page) if kind == "gap planned"]
    assert "Nobody, Mon 4 Jan 18:00 – Tue 5 Jan 09:00, somebody must be on call" in gaps
    assert f">{len(gaps)} gaps<" in page


def test_the_past_is_what_was_worked_and_what_was_before_says_so(night: Night, client):
    shift = WorkedShift("primary", NIGHT - 4 * DAY, NIGHT - DAY, ("dora",), "override by dora")
    with night.database.write() as connection:
        worked_shifts.append(connection, [shift], {"primary": NIGHT - DAY})
    shown = bars(client.get("/schedules").text)
    assert ("layer worked", "Dora Lind, Tue 22 Dec 03:10 – Fri 25 Dec 03:10, override by dora") in shown
    assert any(kind == "layer before" and "before there was a record" in words for kind, words in shown)


def test_each_bar_leads_to_its_line_of_the_table(client):
    page = client.get("/schedules").text
    targets = re.findall(r'href="#(s1-\d+)"', page)
    assert targets
    assert set(targets) == set(re.findall(r'id="(s1-\d+)"', page))


def test_only_managers_see_it_and_a_month_that_is_none_is_refused(product, client):
    assert browser_of(product).get("/schedules").headers["location"] == "/sign-in"
    for month in ("2026-13", "now", "0000-01", "2026-1", "<b>", "٢٠٢٦-٠١"):
        answer = client.get("/schedules", params={"month": month})
        assert (answer.status_code, "Write it like 2026-12." in answer.text) == (400, True)


@pytest.mark.parametrize("tz", ["Europe/Berlin", "America/Santiago", "Asia/Beirut"])
def test_the_days_of_a_month_fill_it_also_where_clocks_change(tz):
    for number in range(1, 13):
        month = Month(2026, number)
        days = Wall(month, tz, NIGHT).days()
        assert [one.number for one in days] == list(range(1, len(days) + 1))
        assert abs(sum(one.width for one in days) - 100) < 0.1
        assert month.moved(1).moved(-1) == month


def test_the_picture_is_in_the_readers_zone():
    start, end = Month(2026, 3).span("Europe/Berlin")
    assert (start, end) == (datetime(2026, 2, 28, 23, tzinfo=UTC), datetime(2026, 3, 31, 22, tzinfo=UTC))


def test_the_readers_zone_stands_beside_the_months_heading(client):
    shown = client.get("/schedules?month=2026-12").text
    assert re.search(r"<h1>December 2026</h1>\s*<p [^>]*>Times in Europe/Berlin</p>", shown)


@pytest.fixture
def opened(connected: Night, front: Front, tmp_path: Path):
    """Dora looks at the busy month."""
    applies(connected, tmp_path, BUSY)

    def go(page: Page, month: str = "2027-01") -> Page:
        link, _ = SignIns(connected.door).make_link("dora")
        page.goto(f"{front.url}/sign-in/{link}")
        page.get_by_role("button", name="Sign in").click()
        page.goto(f"{front.url}/schedules?month={month}")
        return page

    return go


@pytest.mark.browser
@pytest.mark.parametrize("size", [LAPTOP, PHONE], ids=["laptop", "phone"])
def test_axe_finds_nothing_serious_and_nothing_is_cut_off(opened, windows: Windows, size):
    page = opened(windows.open(size))
    assert browsing.barriers(page) + browsing.faint_in_the_dark(page) == []
    page.get_by_text("As a table").click()
    assert browsing.barriers(page) + browsing.faint_in_the_dark(page) == []
    assert not page.evaluate("document.documentElement.scrollWidth > window.innerWidth")


@pytest.mark.browser
def test_the_source_is_shown_on_hover_and_on_focus_without_scripts(opened, windows: Windows):
    page = opened(windows.open(scripts=False), "2026-12")
    cover = page.get_by_role("link", name="Cem Aydin, Tue 29")
    why = page.locator(".tip text", has_text="an override, Cem")
    expect(why).to_be_hidden()
    cover.hover()
    expect(why).to_be_visible()
    page.mouse.move(0, 0)
    expect(why).to_be_hidden()
    cover.focus()
    expect(why).to_be_visible()
    page.keyboard.press("Enter")
    expect(page.get_by_role("row", name="Cem Aydin Tue 29")).to_be_visible()
    page.get_by_role("link", name="January 2027").click()
    expect(page.get_by_role("heading", name="January 2027")).to_be_visible()
