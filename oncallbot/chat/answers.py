"""How is an answer of Slack's read? Each piece that we rely on, or OutcomeUnknown: said to be done, but unreadable.

It must not guess at what is missing.
"""

from __future__ import annotations

from datetime import datetime
from email.utils import parsedate_to_datetime
from typing import Any

from slack_sdk.web import SlackResponse

from oncallbot.chat import failures


def word(answer: Any, name: str) -> str:
    """A text that Slack always gives."""
    value = answer.get(name)
    if not isinstance(value, str) or not value:
        raise failures.unreadable()
    return value


def inner(answer: SlackResponse, name: str) -> dict[str, Any]:
    """An object in the answer."""
    value = answer.get(name)
    if not isinstance(value, dict):
        raise failures.unreadable()
    return value


def listed(answer: SlackResponse, name: str) -> list[dict[str, Any]]:
    """A list of objects in the answer."""
    value = answer.get(name)
    if not isinstance(value, list) or not all(isinstance(one, dict) for one in value):
        raise failures.unreadable()
    return value


def seconds(message: dict[str, Any]) -> float:
    """A message's timestamp."""
    try:
        return float(word(message, "ts"))
    except ValueError as error:
        raise failures.unreadable() from error


def instant(written: str) -> datetime | None:
    """The time in a header; None when there is none that can be read."""
    try:
        return parsedate_to_datetime(written)
    except (TypeError, ValueError):
        return None
