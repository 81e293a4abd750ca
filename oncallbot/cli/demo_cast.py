"""Who plays in the demo, under which numbers and names, and at what pace?

It must not start anything.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from importlib import resources
from string import Template
from typing import Any

HOTLINE = "+493023125999"
ERIK, ANA, BEN = "+493023125100", "+493023125001", "+493023125002"
SLACK_ANA, SLACK_BEN, SLACK_DORA = "U0ANA00001", "U0BEN00001", "U0DORA0001"
CHANNEL = "C0ONCALL01"
NAMES = {"ana": "Ana", "ben": "Ben", "dora": "Dora"}  # by the roster's ids
LEVELS = 2


@dataclass(frozen=True, slots=True)
class Pace:
    """How long a level lasts, and how many seconds a spoken sentence takes."""

    level: timedelta
    sentence: float


HUMANE = Pace(timedelta(seconds=25), 1.2)  # somebody reads, listens and clicks
QUICK = Pace(timedelta(seconds=4), 0.02)


def roster(pace: Pace) -> str:
    """The demo's schedule file."""
    text = resources.files("oncallbot.cli").joinpath("demo_roster.yaml").read_text("utf-8")
    return Template(text).substitute(level=f"{pace.level.seconds}s")


def slack(request_url: str) -> dict[str, Any]:
    """The Slack workspace, as the emulator's control interface takes it."""
    users = {
        SLACK_ANA: {"name": "ana", "real_name": "Ana Ruiz", "email": "ana@example.com"},
        SLACK_BEN: {"name": "ben", "real_name": "Ben Okafor", "email": "ben@example.com"},
        SLACK_DORA: {"name": "dora", "real_name": "Dora Lind", "email": "dora@example.com"},
    }
    channel = {"name": "on-call", "topic": "Pages of the night", "members": list(users)}
    return {"settings": {"request_url": request_url}, "users": users, "channels": {CHANNEL: channel}}


def cast() -> dict[str, Any]:
    """Whom the page shows."""
    return {
        "hotline": {"name": "Example Support", "number": HOTLINE, "shown": "+49 30 23125 999"},
        "customer": {"name": "Erik", "about": "Acme GmbH", "number": ERIK},
        "responders": [
            {"name": "Ana", "about": "on call, level 1", "number": ANA, "slack": SLACK_ANA},
            {"name": "Ben", "about": "on call, level 2", "number": BEN, "slack": SLACK_BEN},
        ],
        "managers": [{"name": "Dora", "slack": SLACK_DORA}],
        "channel": {"id": CHANNEL, "name": "on-call"},
    }
