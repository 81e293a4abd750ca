"""How does a night go that somebody plays on the page? The strip is told, orders are carried out, the product revived.

It must not play any part itself, nor tell the strip what the product did not say.
"""

from __future__ import annotations

import time
from typing import Any

import httpx

from oncallbot.app import Desk, open_desk, read_settings
from oncallbot.cli import issues
from oncallbot.cli.children import Unexpected
from oncallbot.cli.demo_cast import LEVELS, NAMES, cast
from oncallbot.cli.demo_house import House
from oncallbot.cli.demo_night import Stage
from oncallbot.cli.demo_story import story

_LOOKS_EVERY = 0.3  # seconds
_IS_DEAD_FOR = 3.0
_MOST_CRASHES = 5
_MERCY = 60.0  # a product that has lived so long may crash anew
_KILLED = "The product was killed."
_CRASHED = "The product has crashed: the demo's log says why."
_BEGUN = "The next night has begun."


class Evening:
    """Goes on from night to night until a signal comes."""

    def __init__(self, house: House, stage: Stage) -> None:
        self._house = house
        self._http = httpx.Client(base_url=f"{stage.emulator}/sim", timeout=20, trust_env=False)
        self._seen = 0  # the last order
        self._told: dict[str, Any] = {}
        self._starts_at: float | None = None
        self._crashes = 0
        self._last_start = time.monotonic()
        self._desk = self._open_desk()

    def __enter__(self) -> Evening:
        return self

    def __exit__(self, *_: object) -> None:
        self._desk.database.close()
        self._http.close()

    def begin(self) -> None:
        """The page may be opened."""
        self._put("stage", {"cast": cast(), "carries_out": ["kill", "another_night"]})
        self._tell()
        self._report("running", words=_BEGUN)

    def play(self) -> None:
        """Until a signal comes. Unexpected when the emulator ends, or the product does not stay alive."""
        while True:
            self._carry_out(self._order())
            self._revive()
            self._tell()

    def _order(self) -> str:
        """What the page wants, waited for a moment; "" is nothing."""
        asked: dict[str, Any] = {"for": "order", "after": self._seen, "timeout": _LOOKS_EVERY}
        try:
            response = self._http.get("/wait", params=asked)
        except httpx.HTTPError as gone:
            raise Unexpected(self._house.has_ended("emulator") or f"the emulator does not answer: {gone}") from gone
        if response.status_code != httpx.codes.OK:
            return ""
        order = response.json()["found"]
        self._seen = order["id"]
        return str(order["order"])

    def _carry_out(self, order: str) -> None:
        match order:
            case "kill" if self._starts_at is None:
                self._house.kill_product()
                self._dies("killed", _KILLED)
            case "another_night":
                self._report("starting", words="The next night begins…")
                self._desk.database.close()
                self._house.begin_anew()
                self._desk = self._open_desk()
                self._starts_at, self._told = None, {}
                self.begin()
            case _:
                pass

    def _revive(self) -> None:
        """A supervisor's part: what has ended is started again, after a moment in which one can see it dead."""
        crash = self._house.has_ended("product")
        if crash is not None:
            self._crashes = 1 if time.monotonic() - self._last_start > _MERCY else self._crashes + 1
            if self._crashes > _MOST_CRASHES:
                raise Unexpected(crash)
            self._dies("ended", _CRASHED)
        elif self._starts_at is not None and time.monotonic() >= self._starts_at:
            self._report("starting", words="The product starts…")
            self._house.start_product()
            self._starts_at, self._last_start = None, time.monotonic()
            self._report("running")

    def _dies(self, state: str, words: str) -> None:
        self._starts_at = time.monotonic() + _IS_DEAD_FOR
        self._report(state, words=words, seconds=_IS_DEAD_FOR)

    def _tell(self) -> None:
        """Only when there is something new: the page counts the seconds itself."""
        record = issues.newest(self._desk)
        told = story(record, LEVELS, self._house.pace.level.total_seconds(), NAMES, self._desk.clock.now())
        news = {name: value for name, value in told.items() if name != "seconds"}
        if news != self._told:
            self._told = news
            self._put("story", told)

    def _report(self, state: str, **more: Any) -> None:
        self._put("product", {"state": state, **more})

    def _put(self, path: str, wish: dict[str, Any]) -> None:
        response = self._http.put(f"/{path}", json=wish)
        if response.status_code != httpx.codes.OK:
            raise Unexpected(f"{response.url.path} answered {response.status_code}: {response.text}")

    def _open_desk(self) -> Desk:
        return open_desk(read_settings(self._house.environment))
