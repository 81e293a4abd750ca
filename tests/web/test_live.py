"""A browser is told that its page is old, within a second or two, and by one watcher for all of them."""

import asyncio
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest

from oncallbot.engine.sign_in import SignIns
from oncallbot.engine.watching import Watcher
from tests.engine.stage import MINUTE, Night, both
from tests.web.pages_stage import OWN, browser_of


class Ear:
    """A listener that one can wait for."""

    def __init__(self) -> None:
        self.heard: list[str | None] = []
        self.rang = threading.Condition()

    def __call__(self, stamp: str | None) -> None:
        with self.rang:
            self.heard.append(stamp)
            self.rang.notify_all()

    def waits(self, count: int) -> None:
        with self.rang:
            assert self.rang.wait_for(lambda: len(self.heard) >= count, 10), self.heard


@pytest.fixture
def watcher(night: Night) -> Iterator[Watcher]:
    made = Watcher(night.door)
    yield made
    made.stop()


def watching() -> list[threading.Thread]:
    return [one for one in threading.enumerate() if one.name == "watcher"]


@both
def test_whatever_another_process_decides_is_told(night: Night, second_process: Night, watcher: Watcher):
    ear = Ear()
    watcher.listen(ear)
    ear.waits(1)
    number = second_process.opens()
    ear.waits(2)
    second_process.answers("ana", issue=number)
    ear.waits(3)
    assert len(set(ear.heard)) == 3


def test_a_minute_that_passes_is_told_too(night: Night, watcher: Watcher):
    before = watcher.stamp()
    night.clock.moves(MINUTE)
    assert watcher.stamp() != before


def test_any_number_of_listeners_has_one_watcher_and_none_has_none(watcher: Watcher):
    of_others = set(watching())  # of an earlier test's pages, which may still end
    ears = [Ear() for _ in range(20)]
    for ear in ears:
        watcher.listen(ear)
    for ear in ears:
        ear.waits(1)
    (thread,) = set(watching()) - of_others
    for ear in ears:
        watcher.leave(ear)
    thread.join(10)
    assert not thread.is_alive()


def test_when_the_process_ends_every_listener_is_told_also_later_ones(watcher: Watcher):
    ear, late = Ear(), Ear()
    watcher.listen(ear)
    watcher.stop()
    watcher.listen(late)
    assert (ear.heard[-1], late.heard) == (None, [None])


def test_who_is_not_signed_in_is_told_nothing(product):
    with browser_of(product) as browser:
        assert browser.get("/live").status_code == 303


def test_a_stream_says_the_stamp_of_the_page_and_then_each_new_one(connected, front):
    async def watch() -> list[str]:
        said = []
        async with httpx.AsyncClient(base_url=front.url, trust_env=False, verify=False, timeout=20) as client:
            link, _ = SignIns(connected.door).make_link("dora")
            await client.post(f"/sign-in/{link}", headers=OWN)
            page = (await client.get("/")).text
            async with client.stream("GET", "/live") as stream:
                assert stream.headers["content-type"].startswith("text/event-stream")
                async for line in stream.aiter_lines():
                    if line.startswith("data: "):
                        said.append(line.removeprefix("data: "))
                        if len(said) == 1:
                            assert f'data-stamp="{said[0]}"' in page
                            await asyncio.to_thread(connected.opens)
                    if len(said) == 2:
                        return said
        return said

    with ThreadPoolExecutor(1) as beside:  # in this thread Playwright may already keep a loop of its own
        assert len(set(beside.submit(asyncio.run, watch()).result(60))) == 2
