"""The demo's page in a real browser: a night is played by what can be read and clicked, and every fault still lands."""

import re
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest

playwright = pytest.importorskip("playwright.sync_api")
from playwright.sync_api import Locator, Page, expect  # noqa: E402

from oncallbot.cli import demo_cast  # noqa: E402
from tests import browsing  # noqa: E402
from tests.journeys.processes import Program, clean_environment  # noqa: E402

pytestmark = [pytest.mark.journey, pytest.mark.browser]
SLOWEST = 40_000  # milliseconds
DIGITS = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")


@pytest.fixture(scope="module")
def address(tmp_path_factory):
    """Of the page: `demo --quick` as a process of its own."""
    line = ["-m", "oncallbot.cli", "demo", "--port", "0", "--quick"]
    folder = tmp_path_factory.mktemp("demo")
    program = Program("demo", line, clean_environment() | {"TMPDIR": str(folder)}, folder).until_ready()
    yield program.url
    assert program.stop() == 0
    assert list(folder.glob("oncallbot-demo-*")) == []


@pytest.fixture(scope="module")
def windows(chromium):
    """Of all tests here: what they show goes on. An error in the page's script fails the last one."""
    opened = browsing.Windows(chromium)
    yield opened
    opened.close()
    assert opened.errors == []


@pytest.fixture(scope="module")
def window(windows, address):
    """The page on a laptop. Nothing moves: ringing phones, painted by a processor, cost more than all else."""
    page = windows.open(reduced_motion="reduce")
    page.goto(address)
    return page


class Night:
    """The page with its four panes by name. The next issue is this night's; earlier ones stay to be seen."""

    def __init__(self, page: Page) -> None:
        self.page = page
        expect(self.story).to_contain_text(re.compile("All quiet|closed"), timeout=SLOWEST)
        before = re.search(r"AH-(\d+)", self.story.inner_text())
        self.number = int(before[1]) + 1 if before else 1001
        self.reference = f"AH-{self.number}"

    def pane(self, name: str) -> Locator:
        return self.page.get_by_role("region", name=name)

    customer = property(lambda self: self.pane("Customer phone"))
    first = property(lambda self: self.pane("First responder's phone"))
    second = property(lambda self: self.pane("Second responder's phone"))
    slack = property(lambda self: self.pane("Slack #on-call"))
    story = property(lambda self: self.pane("Story"))

    @property
    def alert(self) -> Locator:
        return self.page.locator(".story .product")

    @property
    def card(self) -> Locator:
        return self.slack.locator(".message").filter(has_text=self.reference).first

    def calls(self) -> None:
        press(self.customer, "Call")
        rings(self.first)

    def takes(self, phone: Locator, name: str) -> None:
        """Picks up and presses 4; the customer is told, and the strip knows."""
        press(phone, "Answer")
        reads(phone, f"Issue {' '.join(DIGITS[int(one)] for one in str(self.number))}. Press 4 to take it")
        press(phone, "4")
        self.lands(name)

    def lands(self, name: str) -> None:
        reads(self.customer, f"{name} has your issue {self.reference}")
        reads(self.story, f"{self.reference}: {name} has it")

    def commands(self, words: str, answer: str) -> None:
        """By Slack, and reads the private answer."""
        self.slack.get_by_role("textbox").fill(f"/oncall {words}")
        press(self.slack, "Send")
        reads(self.slack, answer)

    def ends(self) -> None:
        """Nobody talks, nothing is broken, and the issue is closed: the next call opens another."""
        for talking in self.page.get_by_role("button", name="Hang up", exact=True, disabled=False).all():
            talking.click()
        for switch in self.page.get_by_role("switch", checked=True).all():
            switch.uncheck()
        if self.reference in self.story.inner_text():
            self.commands(f"resolve {self.number} restarted", f"{self.reference} is resolved")
            self.commands(f"close {self.number}", f"{self.reference} is closed")
            reads(self.story, f"{self.reference}: closed")


@pytest.fixture
def night(window):
    night = Night(window)
    yield night
    night.ends()


def press(pane: Locator, button: str) -> None:
    pane.get_by_role("button", name=button, exact=True).click()


def reads(pane: Locator, words: str) -> None:
    expect(pane.get_by_text(words).first).to_be_visible(timeout=SLOWEST)


def rings(phone: Locator) -> None:
    expect(phone.get_by_role("button", name="Answer")).to_be_visible(timeout=SLOWEST)


def test_on_a_phone_everything_is_in_reach_by_a_tab(windows, address):
    page = windows.open(browsing.PHONE, dark=True, reduced_motion="reduce")
    page.goto(address)
    night = Night(page)
    assert page.evaluate("document.documentElement.scrollWidth") == browsing.PHONE[0]
    for name, pane in (("Ana", night.first), ("Ben", night.second), ("Slack", night.slack), ("Erik", night.customer)):
        page.get_by_role("link", name=name).click()
        expect(pane.get_by_role("button", name="Send")).to_be_in_viewport(ratio=1)
    assert browsing.barriers(page) == []
    page.close()


def test_on_the_smallest_phone_nothing_is_cut_off_and_the_tabs_say_where_one_is(windows, address):
    page = windows.open(browsing.SMALL_PHONE, reduced_motion="reduce")
    page.goto(address)
    night = Night(page)
    for button in (page.get_by_role("button", name="Another night"), night.customer.get_by_role("button", name="Call")):
        expect(button).to_be_in_viewport(ratio=1)
    assert page.evaluate("document.body.scrollWidth") == browsing.SMALL_PHONE[0]
    for name in ("Slack", "Ben"):
        page.get_by_role("link", name=name).click()
        expect(page.locator(".tabs [aria-current]")).to_have_text(name)
    page.close()


def start_emulators(folder: Path, port: str) -> Program:
    line = ["-m", "oncallbot.emulators", "--port", port]
    return Program("emulators", line, clean_environment(), folder).until_ready()


def set_stage(url: str) -> None:
    """As `demo` does, without a product."""
    with httpx.Client(base_url=f"{url}/sim") as http:
        http.put("/slack", json=demo_cast.slack("http://127.0.0.1:9/slack/events")).raise_for_status()
        http.put("/stage", json={"cast": demo_cast.cast()}).raise_for_status()


def tell(url: str, words: str) -> None:
    httpx.put(f"{url}/sim/story", json={"words": words}).raise_for_status()


def test_a_page_that_stays_open_shows_the_demo_that_begins_after_it_ended(windows, tmp_path):
    first = start_emulators(tmp_path, "0")
    set_stage(first.url)
    page = windows.open(reduced_motion="reduce")
    page.goto(first.url)
    for words in ("AH-1001: level 1 of 2", "AH-1001: Ana has it"):
        tell(first.url, words)
        reads(page.get_by_role("timer"), words)
    first.stop()
    expect(page.get_by_role("alert")).to_contain_text("Has the demo ended?", timeout=SLOWEST)
    second = start_emulators(tmp_path, str(urlsplit(first.url).port))
    reads(page.get_by_role("timer"), "Not ready")
    set_stage(second.url)
    for words in ("All quiet", "AH-1001: level 1 of 2"):
        tell(second.url, words)
        reads(page.get_by_role("timer"), words)
    page.close()
    second.stop()


def test_a_number_that_nobody_has_is_not_in_service(night):
    for key in ("*", "#", "Call"):
        press(night.customer, key)
    reads(night.customer, "*# is not in service")


def test_a_manager_edits_a_rotation_in_a_form_whose_preview_follows(night):
    night.slack.get_by_label("Dora").check()
    night.slack.get_by_role("textbox").fill("/oncall rotation primary")
    press(night.slack, "Send")
    form = night.page.get_by_role("dialog")
    expect(form.get_by_role("button", name="Apply")).to_be_in_viewport(ratio=1, timeout=SLOWEST)
    form.get_by_label("Who takes turns").fill("@ana @ben")
    reads(form, "a new order, Ana, Ben")
    expect(form.get_by_label("Who takes turns")).to_have_value("@ana @ben")
    assert browsing.barriers(night.page) == []
    night.page.keyboard.press("Escape")
    night.slack.get_by_label("Ana").check()


def test_a_night_is_played_by_what_can_be_read(night):
    night.calls()
    expect(night.story).to_contain_text(re.compile(rf"{night.reference}: level 1 of 2(, loop \d)?, \d s left"))
    reads(night.customer, "It records")
    night.customer.get_by_role("textbox").fill("Our <b>checkout</b> is down, nobody can order anything")
    press(night.customer, "Send")
    press(night.customer, "Hang up")
    rings(night.second)
    expect(night.story).to_contain_text("level 2 of 2")
    assert browsing.barriers(night.page) == []
    night.takes(night.second, "Ben")
    reads(night.first, f"Ben has {night.reference} since")
    reads(night.card, "Ben has it since")
    reads(night.slack, "Our <b>checkout</b> is down")


def test_in_slack_a_click_acknowledges_a_form_takes_a_note_and_a_command_is_answered(night):
    night.calls()
    press(night.card, "Acknowledge")
    night.lands("Ana")
    expect(night.first.get_by_role("button", name="Answer")).to_be_hidden()
    press(night.card, "Note")
    form = night.page.get_by_role("dialog", name=f"Note on {night.reference}")
    form.get_by_label("Note").fill("Restarting it")
    press(form, "Add")
    expect(form).to_be_hidden()
    reads(night.slack, "Ana: Restarting it")
    night.slack.get_by_label("Ben").check()
    night.commands("me", "Only visible to Ben")
    night.slack.get_by_label("Ana").check()


def test_a_mailbox_is_silence_and_nobody_misses_slack(night):
    for fault in ("The first responder's mailbox picks up", "Slack is down"):
        night.page.get_by_label(fault).check()
    night.customer.get_by_role("textbox").fill("Nobody can order")
    press(night.customer, "Send")
    reads(night.first, "the mailbox picked up")
    rings(night.second)
    night.takes(night.second, "Ben")
    night.page.get_by_label("Slack is down").uncheck()
    reads(night.card, "Ben has it since")


def test_an_order_whose_answer_never_comes_is_carried_out_once(night):
    night.page.get_by_label("Twilio accepts and times out").check()
    night.calls()
    night.takes(night.first, "Ana")
    night.page.get_by_label("Twilio accepts and times out").uncheck()
    expect(night.customer.get_by_text(f"Ana has your issue {night.reference}")).to_have_count(1)


def test_another_night_begins_anew_and_a_killed_product_is_said_to_be_dead_and_the_page_lands(window):
    press(window.locator("body"), "Another night")
    expect(window.get_by_role("timer")).to_contain_text("All quiet", timeout=SLOWEST)
    night = Night(window)
    expect(night.alert).to_contain_text("The next night has begun", timeout=SLOWEST)
    night.calls()
    press(window.locator("body"), "Kill the product")
    expect(night.alert).to_contain_text(re.compile(r"The product was killed\.\s*It starts again in \d s"))
    expect(night.alert).to_contain_text("The product runs again", timeout=SLOWEST)
    rings(night.first)
    night.takes(night.first, "Ana")
