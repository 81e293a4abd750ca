"""What would stop a page tonight? Looks at everything, in an order in which each can use what was learnt before.

It must not write, send, create or migrate anything.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from oncallbot.app import roads, twilio_credentials
from oncallbot.cli.doctor import clocks, cover, database, environment, numbers, people, slack, twilio, workers
from oncallbot.cli.doctor.database import Stored
from oncallbot.cli.doctor.environment import Front
from oncallbot.cli.doctor.findings import Check, Finding, fine, not_known
from oncallbot.clock import Clock
from oncallbot.oncall.people import Method
from oncallbot.settings import Settings

_PHONES = frozenset({Method.SMS, Method.VOICE})
_NEEDS = {
    Check.SLACK_AUTH: (Check.SLACK_SCOPES, Check.SLACK_NAMES, Check.SLACK_CHANNELS),
    Check.DATABASE: (Check.RESPONDER_REACHABLE, Check.COVERAGE, Check.WORKER),
    Check.COVERAGE: (Check.NUMBER_VOICE, Check.NUMBER_SMS, Check.NUMBER_FALLBACK),
}
_NEEDED = {check: needed for needed, checks in _NEEDS.items() for check in checks}


def examine(environ: Mapping[str, str]) -> tuple[Finding, ...]:
    """All findings, in the order of `Check`."""
    read, problems = Settings.as_far_as_readable(environ)
    wrong = {problem.place for problem in problems}
    found, stored = database.examine(read, "DATABASE_URL" not in wrong)
    rules = stored.rules if stored else None
    theirs = frozenset[Method]().union(*(one.roads for one in stored.alive)) if stored else frozenset()
    ids = stored.slack_ids if stored else {}
    chat = slack.examine(read, rules, ids, Method.SLACK in theirs, "SLACK_API_URL" not in wrong)
    phone = twilio.examine(read, bool(theirs & _PHONES), "TWILIO_API_URL" not in wrong)
    reached, front = environment.public_url(read)
    clock = Clock()
    findings = [*found, *chat.findings, *phone.findings, *reached]
    findings += environment.settings(read, problems, chat.known)
    findings += environment.tzdata(clock.now(), front.tzdata if front else None)
    vendors = {"Slack": chat.vendor_time, "Twilio": phone.vendor_time}
    findings += clocks.examine(clock.now(), vendors, stored.skew if stored else None)
    findings += _signatures(read, stored)
    if stored is not None:
        findings += _of_the_rules(read, wrong, stored, front, chat, phone)
    findings += _untouched(findings)
    order = list(Check)
    return tuple(sorted(findings, key=lambda one: order.index(one.check)))


def _signatures(read: Settings, stored: Stored | None) -> list[Finding]:
    """Whether the vendors' own requests arrive and are believed: only they can prove it."""
    found = []
    if read.slack_signing_secret is not None:
        heard = stored.slack_heard_at if stored else None
        cure = "click or write something in Slack, such as /oncall page"
        found.append(_heard(Check.SLACK_AUTH, "SLACK_SIGNING_SECRET", heard, cure))
    if read.twilio_auth_token is not None:
        heard = stored.twilio_heard_at if stored else None
        cure = "call the hotline: you must hear its name"
        found.append(_heard(Check.TWILIO_AUTH, "signatures", heard, cure))
    return found


def _heard(check: Check, subject: str, at: datetime | None, cure: str) -> Finding:
    if at is None:
        return not_known(check, subject, "no signed request has come in within a day, which alone proves it", cure)
    return fine(check, subject, f"a signed request was believed at {at:%Y-%m-%d %H:%M} UTC")


def _untouched(findings: list[Finding]) -> list[Finding]:
    """Every check is named, also one that something else kept from being made."""
    touched = {one.check for one in findings}
    return [not_known(check, "all", "not looked at", _see(check, touched)) for check in Check if check not in touched]


def _see(check: Check, touched: set[Check]) -> str:
    """The finding at the root, not another that was not made either."""
    needed = _NEEDED[check]
    return f"see {needed.value}" if needed in touched else _see(needed, touched)


def _usable(read: Settings, wrong: set[str]) -> frozenset[Method]:
    """Our roads, but for a vendor of whose variables one is missing or wrong: no server starts with it."""
    refused = {name.partition("_")[0] for name in wrong}
    closed = (_PHONES if "TWILIO" in refused else frozenset()) | ({Method.SLACK} if "SLACK" in refused else frozenset())
    return roads(read) - closed


def _of_the_rules(
    read: Settings, wrong: set[str], stored: Stored, front: Front | None, chat: slack.Seen, phone: twilio.Seen
) -> list[Finding]:
    rules, ours = stored.rules, roads(read)
    credentials = twilio_credentials(read)
    found = [*numbers.examine(numbers.Numbers(rules, read.public_url, phone.numbers, credentials, phone.is_off))]
    open_roads = rules.roads if stored.alive else _usable(read, wrong)
    lost = chat.lost
    if not chat.known:  # then what the workers have found counts
        lost = frozenset(id_ for id_, one in rules.responders.items() if _is_unresolved(one.slack, stored))
    found += people.examine(people.People(rules, open_roads, stored.now, lost, stored.opted_out))
    found += cover.examine(rules, stored.now)
    return [*found, *workers.examine(stored, ours, read.release, front.release if front else None)]


def _is_unresolved(name: str | None, stored: Stored) -> bool:
    return name is not None and "@" in name and name not in stored.slack_ids
