"""The fixed cast and the short words that these tests are written in."""

from datetime import UTC, date, datetime
from typing import Any

from oncallbot.oncall.people import Absence
from oncallbot.oncall.rotation import Rotation, Unit
from oncallbot.oncall.schedule import Layer, Override, Schedule
from oncallbot.oncall.windows import Weekly, Windows, parse_window

ANA, BEN, CEM, DORA = ("ana",), ("ben",), ("cem",), ("dora",)
NOBODY: tuple[str, ...] = ()

# Where clocks change at midnight, by half an hour, twice around Ramadan, or at one minute's odd offsets.
ODD_ZONES = (
    "America/Santiago",
    "America/Havana",
    "Atlantic/Azores",
    "Africa/Cairo",
    "Asia/Beirut",
    "Australia/Lord_Howe",
    "Europe/Berlin",
    "Africa/Casablanca",
    "America/St_Johns",
    "Antarctica/Troll",
    "Asia/Kathmandu",
)


def utc(text: str) -> datetime:
    """2026-03-29 01:00, an instant in UTC."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def wall(text: str) -> datetime:
    return datetime.fromisoformat(text)


def weekly(*texts: str) -> Weekly:
    return Weekly(tuple(parse_window(text) for text in texts))


def rotation(first: str, every: int, unit: Unit, tz: str = "UTC", people: Any = (ANA, BEN, CEM)) -> Rotation:
    return Rotation(wall(first), every, unit, tuple(people), tz)


def daily(*people: tuple[str, ...], windows: Windows | None = None, name: str = "daily") -> Layer:
    """Hands off at midnight UTC; turn 0 is 1 January 2026."""
    return Layer(name, rotation("2026-01-01", 1, Unit.DAYS, people=people), windows)


def schedule(*layers: Layer, overrides: tuple[Override, ...] = (), must_cover: Windows | None = None) -> Schedule:
    return Schedule("primary", "UTC", layers, overrides, must_cover)


def override(responder: str, start: str, end: str, instead_of: str | None = None, reason: str = "") -> Override:
    return Override(responder, utc(start), utc(end), instead_of, reason)


def absence(responder: str, start: str, end: str) -> Absence:
    return Absence(responder, utc(start), utc(end))


class Feasts:
    """Holidays on fixed days."""

    def __init__(self, *days: str) -> None:
        self._days = {date.fromisoformat(day) for day in days}

    def name_on(self, day: date) -> str | None:
        return "Feast" if day in self._days else None
