"""The managers' pages in a real browser: on a laptop and a phone, without scripts, by keyboard, and live."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from oncallbot.engine.sign_in import SignIns
from tests import browsing
from tests.browsing import LAPTOP, PHONE, Windows
from tests.engine.outside import Front
from tests.engine.stage import MINUTE, ROSTER, Night
from tests.web.pages_stage import applies

pytestmark = pytest.mark.browser
SIZES = pytest.mark.parametrize("size", [LAPTOP, PHONE], ids=["laptop", "phone"])


@pytest.fixture
def signs_in(connected: Night, front: Front) -> Callable[[Page], Page]:
    """Dora opens her link and presses the button."""

    def go(page: Page) -> Page:
        link, _ = SignIns(connected.door).make_link("dora")
        page.goto(f"{front.url}/sign-in/{link}")
        page.get_by_role("button", name="Sign in").click()
        expect(page.get_by_role("heading", name="Now", exact=True)).to_be_visible()
        return page

    return go


def a_night(night: Night) -> int:
    """One issue that was taken, one that waits; the second one's number."""
    taken = night.opens("Our checkout is down, nobody can order: " + "error" * 30, dedup_key="a")
    night.passes(6 * MINUTE)
    night.answers("ben", issue=taken)
    return night.opens("The plant stands still", dedup_key="b", customer="beta", contact="+493023125110")


def is_wider_than_its_window(page: Page) -> bool:
    return bool(page.evaluate("document.documentElement.scrollWidth > window.innerWidth"))


@SIZES
def test_axe_finds_nothing_serious_and_nothing_is_cut_off(connected, front, signs_in, windows: Windows, size):
    page = windows.open(size)
    a_night(connected)
    link, _ = SignIns(connected.door).make_link("dora")
    for address in ("/sign-in", f"/sign-in/{link}", "/sign-in/guessed"):
        page.goto(front.url + address)
        assert browsing.barriers(page) + browsing.faint_in_the_dark(page) == []
        assert not is_wider_than_its_window(page)
    signs_in(page)
    for closed in page.locator("details:not([open]) summary").all():
        closed.click()
    assert browsing.barriers(page) + browsing.faint_in_the_dark(page) == []
    assert not is_wider_than_its_window(page)


@SIZES
def test_everything_works_without_scripts(connected, front, signs_in, windows: Windows, size):
    page = signs_in(windows.open(size, scripts=False))
    number = a_night(connected)
    page.reload()
    issue = page.get_by_role("article", name=f"AH-{number}")
    expect(issue).to_contain_text("Waiting for Ana")
    expect(issue.get_by_text("Ana is paged")).to_be_visible()
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()
    page.goto(front.url)
    expect(page).to_have_url(f"{front.url}/sign-in")


def test_everything_works_by_keyboard_and_the_focus_is_visible(connected, front, windows: Windows):
    page = windows.open()
    link, _ = SignIns(connected.door).make_link("dora")
    a_night(connected)
    page.goto(f"{front.url}/sign-in/{link}")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to the content")).to_be_focused()
    page.keyboard.press("Tab")
    button = page.get_by_role("button", name="Sign in")
    expect(button).to_be_focused()
    assert button.evaluate("one => getComputedStyle(one).outlineStyle") == "solid"
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Now", exact=True)).to_be_visible()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_role("main")).to_be_focused()
    timelines = page.locator("summary")
    for _ in range(timelines.count()):
        page.keyboard.press("Tab")
    expect(timelines.last).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("details").last).to_have_attribute("open", "")


@SIZES
def test_a_change_is_shown_and_told_without_a_reload(connected, signs_in, windows: Windows, size):
    page = signs_in(windows.open(size))
    page.evaluate("window.isTheSame = true")
    number = connected.opens()
    issue = page.get_by_role("article", name=f"AH-{number}")
    expect(issue).to_contain_text("Waiting for Ana")
    connected.answers("ana", issue=number)
    expect(issue).to_contain_text("Ana has it since 03:10")
    expect(page.get_by_role("status")).to_contain_text(f"AH-{number}, Acme GmbH (gold): Ana has it since 03:10")
    assert page.evaluate("window.isTheSame")


def test_what_the_reader_has_opened_and_focused_stays_so(connected, signs_in, windows: Windows):
    number = connected.opens()
    connected.answers("ana", issue=number)
    page = signs_in(windows.open())
    timeline = page.locator(f"#AH-{number}-timeline")
    timeline.locator("summary").press("Enter")
    connected.answers("ana", "note", issue=number, words="looking at the router")
    expect(timeline).to_contain_text("looking at the router")
    expect(timeline).to_have_attribute("open", "")
    expect(timeline.locator("summary")).to_be_focused()


def test_who_is_no_manager_any_more_sees_nothing_new(connected, front, signs_in, windows: Windows, tmp_path):
    page = signs_in(windows.open())
    applies(connected, tmp_path, ROSTER.replace(", manager: true", ""))
    connected.opens("secret words")
    expect(page).to_have_url(f"{front.url}/sign-in")
    expect(page.get_by_text("secret words")).to_have_count(0)


def test_a_page_stays_while_a_proxy_answers_for_us_and_goes_on_afterwards(connected, front, signs_in, windows: Windows):
    page = signs_in(windows.open())
    page.route("**/live", lambda route: route.fulfill(status=502, body="Bad Gateway"))
    page.reload()
    page.route(f"{front.url}/", lambda route: route.fulfill(status=502, body="Bad Gateway"))
    with page.expect_response(lambda answer: answer.status == 502 and answer.url == f"{front.url}/"):
        expect(page.get_by_text("This page is not live at the moment")).to_be_visible()
    expect(page.get_by_role("heading", name="Now", exact=True)).to_be_visible()
    page.unroute_all()
    number = connected.opens()
    expect(page.get_by_role("article", name=f"AH-{number}")).to_be_visible()
    expect(page.get_by_text("This page is not live at the moment")).to_be_hidden()


def test_no_script_of_a_customer_runs(connected, signs_in, windows: Windows):
    connected.opens("<img src=x onerror=\"document.title='stolen'\"><script>document.title='stolen'</script>")
    page = signs_in(windows.open())
    expect(page.get_by_text("onerror").first).to_be_visible()
    assert page.title() == "Now · oncallbot"
