"""A responder's signed link: looking changes nothing, the first POST acts, later ones show what it was answered."""

from datetime import timedelta

import pytest
from fastapi.testclient import TestClient

from oncallbot.channels.link import LIVES, Links
from oncallbot.oncall.people import Method
from oncallbot.storage.outbox import Notification
from tests.engine.stage import SECRET, Night


@pytest.fixture
def browser(product):
    with TestClient(product) as made:
        yield made


@pytest.fixture
def page(night: Night) -> Notification:
    number = night.opens("Mail is down <b>now</b>")
    return next(row for row in night.pages(number) if row.method is Method.SMS)


@pytest.fixture
def path(night: Night, page: Notification) -> str:
    return Links(SECRET, night.public_url).of(page).removeprefix(night.public_url)


def status(night: Night, page: Notification) -> str:
    return night.issue(page.issue or 0).status


def test_a_link_that_is_only_looked_at_changes_nothing(night, browser, page, path):
    shown = browser.get(path)
    assert shown.status_code == 200
    assert "Mail is down &lt;b&gt;now&lt;/b&gt;" in shown.text
    assert status(night, page) == "triggered"


def test_the_first_post_acts_and_a_second_one_shows_its_outcome(night, browser, page, path):
    first = browser.post(path, data={"answer": "acknowledge"})
    assert "is yours." in first.text
    again = browser.post(path, data={"answer": "resolve"})
    assert "is yours." in again.text
    assert (status(night, page), night.issue(page.issue).holder) == ("acknowledged", "ana")


def test_a_link_says_who_was_quicker(night, browser, page, path):
    night.answers("ben", issue=page.issue)
    assert "Ben has AH-" in browser.get(path).text
    assert "Ben has AH-" in browser.post(path, data={"answer": "acknowledge"}).text
    assert night.issue(page.issue).holder == "ben"


def test_an_expired_link_is_gone_and_a_forged_one_unknown(night, browser, page, path):
    assert browser.get(path + "x").status_code == 404
    assert browser.post("/answer/nothing", data={"answer": "acknowledge"}).status_code == 404
    night.clock.moves(LIVES + timedelta(seconds=1))
    assert browser.get(path).status_code == 410
    assert browser.post(path, data={"answer": "acknowledge"}).status_code == 410
    assert status(night, page) == "triggered"


def test_a_word_that_is_no_button_is_refused_without_effect(night, browser, page, path):
    assert browser.post(path, data={"answer": "snooze"}).status_code == 422
    assert status(night, page) == "triggered"
