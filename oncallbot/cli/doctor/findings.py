"""What has `doctor` found? One finding: what was looked at, whether it is all right, and the cure.

It must not look at anything itself.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Check(StrEnum):
    """What is looked at, in the order in which it is shown."""

    SETTINGS = "settings"
    DATABASE = "database"
    TZDATA = "tzdata"
    PUBLIC_URL = "public_url"
    CLOCK = "clock"
    SLACK_AUTH = "slack_auth"
    SLACK_SCOPES = "slack_scopes"
    SLACK_NAMES = "slack_names"
    SLACK_CHANNELS = "slack_channels"
    TWILIO_AUTH = "twilio_auth"
    NUMBER_VOICE = "number_voice"
    NUMBER_SMS = "number_sms"
    NUMBER_FALLBACK = "number_fallback"
    RESPONDER_REACHABLE = "responder_reachable"
    COVERAGE = "coverage"
    WORKER = "worker"


@dataclass(frozen=True, slots=True)
class Finding:
    """`ok` None: it could not be known, and the detail says why; that is no failure."""

    check: Check
    subject: str
    ok: bool | None
    detail: str
    cure: str = ""


def fine(check: Check, subject: str, detail: str) -> Finding:
    """All is well."""
    return Finding(check, subject, True, detail)


def fails(check: Check, subject: str, detail: str, cure: str) -> Finding:
    """It would stop a page tonight."""
    return Finding(check, subject, False, detail, cure)


def not_known(check: Check, subject: str, detail: str, cure: str) -> Finding:
    """Nobody can tell from here; `cure` says how a person finds out."""
    return Finding(check, subject, None, detail, cure)
