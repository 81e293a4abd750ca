"""The link in a text about a swap: looking changes nothing, buttons accept or decline, what is stale is shown again."""

from datetime import timedelta
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import expect

from oncallbot.channels.link import Links
from oncallbot.engine.change import Changed, Edit, change
from oncallbot.oncall.schedule import responders_at
from oncallbot.storage import rule_objects
from oncallbot.wording.text import segments
from tests import browsing
from tests.browsing import PHONE, Windows
from tests.channels.previewing import shown as previewed
from tests.engine.stage import BEN, NIGHT, ROSTER, SECRET, roster
from tests.slack_stage import ANA, CEM, Chat

SWAP = "swap tomorrow 08:00 with @ben 2026-12-29 08:00 because of my sister"


def texts(chat: Chat) -> list[str]:
    """What Ben has on his phone."""
    return [one["Body"] for one in chat.sim.posted("Messages") if one["To"] == BEN]


@pytest.fixture
def link(chat_night: Chat, tmp_path: Path) -> str:
    """Ana asks Ben, who has no Slack; the link in his text."""
    night = chat_night.night
    with night.database.read() as connection:
        revision = rule_objects.revision(connection)
    without = {("responder", "ben"): roster(tmp_path, ROSTER)["responder", "ben"]}
    assert isinstance(change(night.door, Edit(without), "dora", revision), Changed)
    assert chat_night.commands(ANA, SWAP).startswith("Ben is asked to swap")
    night.sends()
    return texts(chat_night)[-1].split()[-1]


def looks(link: str) -> httpx.Response:
    return httpx.get(link, timeout=20)


def presses(link: str, answer: str) -> httpx.Response:
    return httpx.post(link, data={"answer": answer}, timeout=20)


def on_call(chat: Chat) -> tuple[tuple[str, ...], ...]:
    """Who has Ana's Saturday, and Ben's Wednesday."""
    rules = chat.night.door.rules_now()
    plan = rules.schedules["primary"]
    return tuple(responders_at(plan, rules.absences, NIGHT + timedelta(days=days))[0] for days in (1, 4))


def told(chat: Chat) -> str:
    """The last thing that Ana has read in her direct messages."""
    chat.night.sends()
    return str(chat.sim.get(f"/slack/users/{ANA}")["direct"][-1]["text"])


def test_the_text_is_short_and_looking_shows_both_peoples_weeks_until_they_are_over(chat_night, link):
    (text,) = texts(chat_night)
    assert text.startswith("Ana asks to swap: you take primary now - Mon 28 Dec 09:00, Ana takes your primary Mon 28")
    assert (text.endswith(f". Accept or decline: {link}"), segments(text)) == (True, 2)
    shown = looks(link)
    assert shown.status_code == 200
    assert "Ana asks you to swap: you take primary now – Mon 28 Dec 09:00" in shown.text
    assert "Reason: my sister." in shown.text
    assert shown.text.count("before:") == shown.text.count("after:") == 2
    assert on_call(chat_night) == (("ana",), ("ben",))
    chat_night.night.clock.moves(timedelta(days=3))
    assert looks(link).status_code == presses(link, "decline").status_code == 410


def test_accepting_swaps_and_tells_the_asker_and_pressing_again_says_the_same(chat_night, link):
    first = presses(link, "accept")
    assert "Done: you have primary now – Mon 28 Dec 09:00, Ana has primary Mon 28 Dec 09:00" in first.text
    assert presses(link, "decline").text == looks(link).text == first.text
    assert on_call(chat_night) == (("ben",), ("ana",))
    assert told(chat_night).startswith("Ben has accepted the swap")


def test_declining_changes_nothing_and_tells_the_asker(chat_night, link):
    assert "You have declined the swap. Nothing has changed." in presses(link, "decline").text
    assert told(chat_night).startswith("Ben has declined the swap")
    late = presses(link, "accept")
    assert (late.status_code, "This swap is off" in late.text) == (410, True)
    assert on_call(chat_night) == (("ana",), ("ben",))


def test_what_changed_meanwhile_is_looked_at_again_behind_the_same_link(chat_night, link):
    previewed(chat_night, CEM, "take primary until tomorrow 04:00").clicks("Confirm")
    again = presses(link, "accept")
    assert "Somebody changed the schedules meanwhile: look again." in again.text
    assert "Of Ana&#39;s turn Cem has now – Sun 27 Dec 04:00: that stays so." in again.text
    assert on_call(chat_night)[1] == ("ben",)
    assert "you take primary Sun 27 Dec 04:00" in looks(link).text
    assert "Done: you have primary Sun 27 Dec 04:00" in presses(link, "accept").text
    assert on_call(chat_night)[1] == ("ana",)


def test_a_swap_that_is_off_is_gone(chat_night, link):
    previewed(chat_night, CEM, "take primary until 2026-12-28 09:00").clicks("Confirm")
    assert "The swap with Ana is off" in presses(link, "accept").text
    assert looks(link).status_code == presses(link, "accept").status_code == 410


def test_a_link_that_is_not_ours_opens_nothing(chat_night, link):
    url, _, token = link.rpartition("/")
    rotated = Links(SECRET[::-1], url.removesuffix("/swap")).swap(Links(SECRET, "").swapped(token) or "")
    unknown = Links(SECRET, url.removesuffix("/swap")).swap("0" * 32)
    for one in (link + "x", f"{url}/guessed", rotated, unknown, link.replace("/swap/", "/cover/")):
        assert looks(one).status_code == presses(one, "accept").status_code == 404, one
    assert presses(link, "perhaps").status_code == 422
    assert on_call(chat_night) == (("ana",), ("ben",))


@pytest.mark.browser
def test_on_a_phone_without_scripts_it_is_read_and_accepted(chat_night, link, windows: Windows):
    looking, page = windows.open(PHONE), windows.open(PHONE, scripts=False)
    looking.goto(link)
    assert browsing.barriers(looking) + browsing.faint_in_the_dark(looking) == []
    assert not looking.evaluate("document.documentElement.scrollWidth > window.innerWidth")
    page.goto(link)
    page.get_by_role("button", name="Accept").click()
    expect(page.get_by_text("Done: you have primary")).to_be_visible()
