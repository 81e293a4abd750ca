"""How long until a page leaves, how quickly does everything start, and how much memory does it hold?

It must not count what it did not see: a report whose request never came is an error, not a gap in the figures.
"""

from __future__ import annotations

import time
from dataclasses import dataclass

import httpx

from oncallbot.cli.bench import machine
from oncallbot.cli.bench.figures import Spread, median_ms
from oncallbot.cli.bench.house import House, measured_command
from oncallbot.cli.children import Unexpected

PAUSE = 0.25  # seconds between two reports: the machine is idle again
WARM_UP = 10
BURST = 1_000
STARTS = 5


@dataclass(frozen=True, slots=True)
class Pages:
    """`reports` were posted one at a time; `disturbed` of them while something else ran on this machine."""

    reports: int
    disturbed: int
    request: Spread
    answer: Spread


@dataclass(frozen=True, slots=True)
class Starts:
    """Medians of `count` starts, in milliseconds on the wall: until `serve` listens, and whole commands."""

    count: int
    serve: float
    help: float
    who: float


@dataclass(frozen=True, slots=True)
class Memory:
    """What `serve` holds, in MB: as it listens, and after so many reports. None where the system does not tell."""

    at_start: float | None
    reports: int
    afterwards: float | None


def starts(house: House, count: int) -> Starts:
    """Start the product and two commands so many times; the product runs afterwards."""
    serve = [house.start()]
    while len(serve) < count:
        house.end("product")
        serve.append(house.start())
    helped = [measured_command(house, "--help") for _ in range(count)]
    asked = [measured_command(house, "who", "always") for _ in range(count)]
    return Starts(count, median_ms(serve), median_ms(helped), median_ms(asked))


def pages(house: House, reports: int) -> Pages:
    """From just before a report is posted until the emulated Twilio has received the request for the text."""
    posted: dict[str, tuple[float, float]] = {}
    disturbed = 0
    known = {body for body, _ in house.texts()}
    with httpx.Client(trust_env=False) as http:
        for number in range(-min(WARM_UP, reports), reports):
            time.sleep(PAUSE)
            is_disturbed = machine.is_anything_running()
            began = time.monotonic()
            reference = _post(http, house)
            if number >= 0:
                posted[reference] = (began, time.monotonic() - began)
                disturbed += is_disturbed
    house.until_sent(len(known) + reports + min(WARM_UP, reports))
    came = {body.split()[0]: at for body, at in house.texts()}
    missing = sorted(set(posted) - set(came))
    if missing:
        raise Unexpected(f"no text was asked for {', '.join(missing[:5])}")
    request = Spread.of([came[reference] - began for reference, (began, _) in posted.items()])
    return Pages(reports, disturbed, request, Spread.of([took for _, took in posted.values()]))


def burst(house: House, reports: int) -> int:
    """Post so many without a pause, and wait until all of it is sent. How many there were since the start."""
    before = len(house.texts())
    with httpx.Client(trust_env=False) as http:
        for _ in range(reports):
            _post(http, house)
    house.until_sent(before + reports)
    return before + reports


def _post(http: httpx.Client, house: House) -> str:
    response = http.post(house.webhook, json={"summary": "Checkout is down, nobody can order"})
    if response.status_code != httpx.codes.ACCEPTED:
        raise Unexpected(f"the webhook answered {response.status_code}: {response.text[:500]}")
    return str(response.json()["reference"])
