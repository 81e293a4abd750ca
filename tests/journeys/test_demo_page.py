"""The demo's page in a real browser: a night is played by what can be read and clicked, and every fault still lands."""

import re

import pytest

playwright = pytest.importorskip("playwright.sync_api")
from playwright.sync_api import Locator, Page, expect  # noqa: E402

from tests import browsing  # noqa: E402
from tests.journeys.processes import Program, clean_environment  # noqa: E402

pytestmark = [pytest.mark.journey, pytest.mark.browser]
SLOWEST = 40_000  # milliseconds


@pytest.fixture(scope="module")
def address(tmp_path_factory):
    """Of the page: `demo --quick` as a process of its own."""
    line = ["-m", "oncallbot.cli", "demo", "--port", "0", "--quick"]
    folder = tmp_path_factory.mktemp("demo")
    program = Program("demo", line, clean_environment() | {"TMPDIR": str(folder)}, folder).until_ready()
    yield program.url
    assert program.stop() == 0
    assert list(folder.glob("oncallbot-demo-*")) == []


class Night:
    """The page with a fresh night, and its four panes by name."""

    def __init__(self, page: Page, address: str) -> None:
        self.page = page
        page.goto(address)
        expect(page.get_by_role("timer")).not_to_contain_text("Connecting")
        if "All quiet" not in page.get_by_role("timer").inner_text():
            page.get_by_role("button", name="Another night").click()
            expect(self.alert).to_contain_text("next night")
        expect(self.story).to_contain_text("All quiet", timeout=SLOWEST)
        expect(self.alert).to_be_hidden(timeout=SLOWEST)

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

    def calls(self) -> None:
        press(self.customer, "Call")
        rings(self.first)

    def takes(self, phone: Locator, name: str) -> None:
        """Picks up and presses 4; the customer is told, and the strip knows."""
        press(phone, "Answer")
        reads(phone, "Press 4 to take it")
        press(phone, "4")
        self.lands(name)

    def lands(self, name: str) -> None:
        reads(self.customer, f"{name} has your issue AH-1001")
        reads(self.story, f"AH-1001: {name} has it")


def press(pane: Locator, button: str) -> None:
    pane.get_by_role("button", name=button, exact=True).click()


def reads(pane: Locator, words: str) -> None:
    expect(pane.get_by_text(words).first).to_be_visible(timeout=SLOWEST)


def rings(phone: Locator) -> None:
    expect(phone.get_by_role("button", name="Answer")).to_be_visible(timeout=SLOWEST)


def test_on_a_phone_everything_is_in_reach_by_a_tab(windows, address):
    night = Night(windows.open(browsing.PHONE, dark=True), address)
    assert night.page.evaluate("document.documentElement.scrollWidth") == browsing.PHONE[0]
    for name, pane in (("Ana", night.first), ("Ben", night.second), ("Slack", night.slack), ("Erik", night.customer)):
        night.page.get_by_role("link", name=name).click()
        expect(pane.get_by_role("button", name="Send")).to_be_in_viewport(ratio=1)
    assert browsing.barriers(night.page) == []


@pytest.fixture
def night(windows, address):
    return Night(windows.open(), address)


def test_a_night_is_played_by_what_can_be_read(night):
    night.calls()
    expect(night.story).to_contain_text(re.compile(r"AH-1001: level 1 of 2, \d s left"))
    reads(night.customer, "It records")
    night.customer.get_by_role("textbox").fill("Our <b>checkout</b> is down, nobody can order anything")
    press(night.customer, "Send")
    press(night.customer, "Hang up")
    rings(night.second)
    expect(night.story).to_contain_text("level 2 of 2")
    assert browsing.barriers(night.page) == []
    night.takes(night.second, "Ben")
    reads(night.first, "Ben has AH-1001 since")
    reads(night.slack, "Ben has it since")
    reads(night.slack, "Our <b>checkout</b> is down")


def test_in_slack_a_click_acknowledges_a_form_takes_a_note_and_a_command_is_answered(night):
    night.calls()
    press(night.slack, "Acknowledge")
    night.lands("Ana")
    expect(night.first.get_by_role("button", name="Answer")).to_be_hidden()
    press(night.slack, "Note")
    form = night.page.get_by_role("dialog", name="Note on AH-1001")
    form.get_by_label("Note").fill("Restarting it")
    press(form, "Add")
    expect(form).to_be_hidden()
    reads(night.slack, "Ana: Restarting it")
    night.slack.get_by_label("Ben").check()
    night.slack.get_by_role("textbox").fill("/oncall me")
    press(night.slack, "Send")
    reads(night.slack, "Only visible to Ben")


def test_a_mailbox_is_silence_and_nobody_misses_slack(night):
    for fault in ("The first responder's mailbox picks up", "Slack is down"):
        night.page.get_by_label(fault).check()
    night.customer.get_by_role("textbox").fill("Nobody can order")
    press(night.customer, "Send")
    reads(night.first, "the mailbox picked up")
    rings(night.second)
    night.takes(night.second, "Ben")
    night.page.get_by_label("Slack is down").uncheck()
    reads(night.slack, "Ben has it since")


def test_an_order_whose_answer_never_comes_is_carried_out_once(night):
    night.page.get_by_label("Twilio accepts and times out").check()
    night.calls()
    night.takes(night.first, "Ana")
    night.page.get_by_label("Twilio accepts and times out").uncheck()
    expect(night.customer.get_by_text("Ana has your issue AH-1001")).to_have_count(1)


def test_a_killed_product_is_said_to_be_dead_and_the_page_lands(night):
    night.calls()
    press(night.page.locator("body"), "Kill the product")
    expect(night.alert).to_contain_text(re.compile(r"The product was killed\.\s*It starts again in \d s"))
    expect(night.alert).to_contain_text("The product runs again", timeout=SLOWEST)
    rings(night.first)
    night.takes(night.first, "Ana")
