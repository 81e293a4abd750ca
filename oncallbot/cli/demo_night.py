"""How does a night go? A customer calls, the first phone rings in vain, the second person takes it; then it is judged.

It must not believe the emulated telephones alone: the product's own `issue --json` must show the same night.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import httpx

from oncallbot.cli.children import Unexpected
from oncallbot.cli.demo_cast import ANA, BEN, ERIK, QUICK
from oncallbot.clock import Clock
from oncallbot.oncall.wallclock import zone

ZONE = "Europe/Berlin"
REFERENCE = "AH-1001"
LEVEL = QUICK.level
LATENESS = timedelta(seconds=3)  # an idle machine needs a tenth of it
_PATIENCE = 10  # seconds
_STORY = (
    "reported opened level_started paged customer_told level_started paged acknowledged customer_told"  # in this order
)


@dataclass(frozen=True, slots=True)
class Stage:
    """Where the night is played: addresses without trailing slash, and the product's own command line."""

    emulator: str
    product: str
    hotline: str
    command: Callable[..., str]


def play(stage: Stage) -> int:
    """Play the night, telling it as it happens, and judge it. The exit code."""
    with httpx.Client(base_url=f"{stage.emulator}/sim", timeout=3 * _PATIENCE, trust_env=False) as http:
        night = _Night(http, stage.hotline)
        night.begin()
        night.call()
        night.ring()
        night.take()
        night.tell()
        violations = http.get("/violations").json()
    record = json.loads(stage.command("issue", REFERENCE, "--json"))
    wrong = [*judge(record), *(f"a vendor would have complained: {one['text']}" for one in violations)]
    for one in wrong:
        print(f"WRONG: {one}", flush=True)
    if not wrong:
        count = len(record["timeline"])
        print(f"\n`oncallbot issue {REFERENCE}` shows the same night, in {count} lines: all is well.", flush=True)
    return 1 if wrong else 0


class _Night:
    """The telephones' side of it."""

    def __init__(self, http: httpx.Client, hotline: str) -> None:
        self._http = http
        self._hotline = hotline
        self._clock = Clock()

    def begin(self) -> None:
        """Ana sleeps through it; everybody else is played by hand."""
        self._asked(self._http.put(f"/handsets/{ANA}", json={"behaviour": "ring_out"}))
        for number in (ERIK, BEN):
            self._asked(self._http.put(f"/handsets/{number}", json={}))

    def call(self) -> None:
        """The customer calls and leaves a message."""
        self._say("Erik of Acme calls the hotline.")
        self._do(ERIK, "call", to=self._hotline)
        heard = self._wait("handset", number=ERIK, waiting_for="record")["call"]["heard"]
        self._say(f'Erik hears: "{heard[0]}"')
        self._wait("handset", number=ANA, state="ringing")
        self._say("Ana is on call: her phone rings. She lets it ring.")
        self._do(ERIK, "speak", text="Our checkout is down, nobody can order.", seconds=4)
        self._do(ERIK, "press", digits="#")
        ended = self._wait("handset", number=ERIK, state="idle", calls=1)["calls"][-1]
        self._say(f'Erik leaves a message, and hears: "{ended["heard"][-1]}"')

    def ring(self) -> None:
        """Nobody has answered: level 2."""
        self._wait("handset", number=BEN, state="ringing")
        for receipt in ({"CallStatus": "ringing"}, {"MessageStatus": "delivered"}):  # people are slower than machines
            self._wait("webhook", purpose="status", To=BEN, **receipt)
        self._say("Four seconds without an answer: level 2. Ben's phone rings.")

    def take(self) -> None:
        """The second responder presses 4."""
        self._do(BEN, "answer")
        page = self._wait("handset", number=BEN, waiting_for="gather")["call"]["heard"][0]
        self._say(f'Ben picks up, and hears: "{page}"')
        self._do(BEN, "press", digits="4")
        heard = self._wait("handset", number=BEN, heard="is yours")
        call = heard["call"] or heard["calls"][-1]
        answer = next(one for one in call["heard"] if "is yours" in one)
        self._say(f'Ben presses 4, and hears: "{answer}"')

    def tell(self) -> None:
        """The first responder and the customer are told, and no phone rings any more."""
        for name, number, words in (
            ("Ana", ANA, f"Ben has {REFERENCE}"),
            ("Erik", ERIK, f"Ben has your issue {REFERENCE}"),
        ):
            text = self._wait("text", number=number, direction="in", contains=words)
            self._say(f'{name} gets a text: "{text["body"]}"')
        self._wait("handset", number=ANA, state="idle", calls=1)
        self._wait("quiet")
        self._say("Ana's phone is silent again.")

    def _do(self, number: str, verb: str, **wish: Any) -> None:
        self._asked(self._http.post(f"/handsets/{number}/{verb}", json=wish))

    def _wait(self, kind: str, **wanted: Any) -> Any:
        asked: dict[str, Any] = {"for": kind, "timeout": _PATIENCE} | wanted
        response = self._http.get("/wait", params=asked)
        if response.status_code != httpx.codes.OK:
            raise Unexpected(f"waited {_PATIENCE} s in vain for {kind} {wanted}: {response.text}")
        return response.json()["found"]

    def _asked(self, response: httpx.Response) -> None:
        if response.status_code != httpx.codes.OK:
            raise Unexpected(f"{response.url.path} answered {response.status_code}: {response.text}")

    def _say(self, words: str) -> None:
        print(f"{self._clock.now().astimezone(zone(ZONE)):%H:%M:%S}  {words}", flush=True)


def judge(record: dict[str, Any]) -> Iterator[str]:
    """What is wrong with this record (`issue --json`) of the night; nothing when it is as expected."""
    expected = {"reference": REFERENCE, "status": "acknowledged", "acknowledged_by": "ben", "customer": "acme"}
    for name, value in (expected | {"hotline": "main", "level": 2, "loop": 1}).items():
        if record[name] != value:
            yield f"{name} is {record[name]!r}, not {value!r}"
    yield from _judge_timeline(record["timeline"])
    yield from _judge_notifications(record["notifications"])


def _judge_timeline(timeline: list[dict[str, Any]]) -> Iterator[str]:
    kinds = iter(entry["kind"] for entry in timeline)
    for kind in _STORY.split():
        if kind not in kinds:  # goes on where the last one was found
            yield f"the timeline misses {kind!r} in its place"
            return
    levels = [datetime.fromisoformat(entry["at"]) for entry in timeline if entry["kind"] == "level_started"]
    if len(levels) != 2 or not LEVEL <= levels[1] - levels[0] <= LEVEL + LATENESS:
        yield f"level 2 was not {LEVEL.seconds} s after level 1: {levels}"
    told = [entry["text"] for entry in timeline if entry["kind"] == "customer_told"]
    if f"Ben has your issue {REFERENCE}" not in told[-1]:
        yield f"the customer was last told {told[-1]!r}"
    if not any(f"Ana is told: Ben has {REFERENCE}" in entry["text"] for entry in timeline):
        yield "Ana was not told who has it"
    for entry in timeline:
        if entry["kind"] in ("delivery_failed", "coverage_gap", "loop_ended", "alarm"):
            yield f"unexpected: {entry['text']}"


def _judge_notifications(notifications: list[dict[str, Any]]) -> Iterator[str]:
    found = sorted((one["responder"], one["method"], one["status"]) for one in notifications)
    # Ana's call rang and was ended by us: sent, and never delivered.
    expected = [
        ("ana", "slack", "sent"),
        ("ana", "sms", "delivered"),
        ("ana", "voice", "sent"),
        ("ben", "slack", "sent"),
        ("ben", "sms", "delivered"),
        ("ben", "voice", "delivered"),
    ]
    if found != expected:
        yield f"the notifications are {found}, not {expected}"
    if not all(one["sent_at"] and one["provider_id"] for one in notifications):
        yield "a notification has no time or no id of the provider"
