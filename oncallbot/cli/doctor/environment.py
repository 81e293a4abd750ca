"""Is the environment right, and does it name an address at which the world reaches us?

It must not repeat a secret, nor ask a vendor.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from importlib.metadata import PackageNotFoundError, version
from ipaddress import ip_address
from urllib.parse import urlsplit

from oncallbot.cli.doctor.fetching import Fetched, fetch
from oncallbot.cli.doctor.findings import Check, Finding, fails, fine, not_known
from oncallbot.errors import Problem
from oncallbot.settings import Settings

_OLDEST_TZDATA = 1  # years: zones change every year
_ENVIRONMENT = "environment"


def settings(read: Settings, problems: tuple[Problem, ...], known: Mapping[str, str]) -> Iterator[Finding]:
    """Every problem with its cure. `known` are values that somebody has told us meanwhile, by variable."""
    found = False
    weak = () if any(problem.place == "SECRET_KEY" for problem in problems) else read.weak_secrets
    for problem in (*problems, *weak):
        found = True
        cure = f"set {problem.place}={known[problem.place]}" if problem.place in known else problem.cure
        yield fails(Check.SETTINGS, problem.place, problem.wrong, cure)
    wrong = {problem.place for problem in problems}
    for name, near in read.unknown_variables:
        found = True
        cure = f"rename it to {near}" if near and near not in wrong else f"did you mean {near}?" if near else ""
        yield fails(Check.SETTINGS, name, "means nothing here", cure or "leave it out")
    if not found:
        yield fine(Check.SETTINGS, _ENVIRONMENT, "every variable can be read")
    if read.allow_emulators:
        detail = "ONCALLBOT_ALLOW_EMULATORS is set: whether these are the real vendors is not checked"
        yield not_known(Check.SETTINGS, _ENVIRONMENT, detail, "leave it out, unless these are emulators")


def tzdata(now: datetime, served: str | None) -> Iterator[Finding]:
    """Our time-zone data, and whether the servers have the same: `served` is theirs, None when they were not seen."""
    try:
        here = version("tzdata")
    except PackageNotFoundError:
        yield fails(Check.TZDATA, "tzdata", "the package is missing", "install oncallbot again, with all it needs")
        return
    yield tzdata_of(here, now, served)


def tzdata_of(here: str, now: datetime, served: str | None) -> Finding:
    """The finding about these versions, like 2026.2."""
    year = here.split(".")[0]
    if year.isdecimal() and int(year) < now.year - _OLDEST_TZDATA:
        cure = "install a newer release: python3 dev.py setup"
        return fails(Check.TZDATA, here, "is too old: zones have changed since", cure)
    if served is None:
        return fine(Check.TZDATA, here, "here; the servers' own was not seen")
    if served != here:
        cure = "install the same release here and there, and restart"
        return fails(Check.TZDATA, here, f"here, but the servers have {served}: local times may differ", cure)
    return fine(Check.TZDATA, here, "here and at the servers")


@dataclass(frozen=True, slots=True)
class Front:
    """What PUBLIC_URL answers about the servers."""

    release: str
    tzdata: str


def public_url(read: Settings) -> tuple[list[Finding], Front | None]:
    """Does PUBLIC_URL lead to us? Asked of /health/paging, which writes nothing."""
    url = read.public_url
    host = urlsplit(url).hostname or ""
    if read.stated_public_url is None:
        if read.has_slack:
            cure = "write how Slack reaches us, for example https://oncall.example.com"
            return [
                fails(Check.PUBLIC_URL, url, "PUBLIC_URL is not set: Slack's clicks and commands get lost", cure)
            ], None
        cure = "set it once Twilio or Slack is connected, or webhooks come from elsewhere"
        return [not_known(Check.PUBLIC_URL, url, "PUBLIC_URL is not set: only this machine reaches us", cure)], None
    findings = list(_shape(read, url, host))
    answered = fetch(f"{url}/health/paging")
    front = _front(answered)
    if front is not None:
        if not findings:
            findings.append(
                fine(Check.PUBLIC_URL, url, f"answers{f', release {front.release}' if front.release else ''}")
            )
        return findings, front
    return [*findings, _unreached(url, host, answered)], None


def is_near(host: str) -> bool:
    """Does this name only mean something on this machine or network?"""
    if host == "localhost" or host.endswith((".localhost", ".local", ".internal", ".lan")):
        return True
    try:
        return not ip_address(host).is_global
    except ValueError:
        return "." not in host


def _shape(read: Settings, url: str, host: str) -> Iterator[Finding]:
    if read.allow_emulators:
        return
    if not url.startswith("https://"):
        yield fails(Check.PUBLIC_URL, url, "is not https: what people say would be open to all", "write https://…")
    if is_near(host):
        cure = "write the name by which the Internet reaches us"
        yield fails(Check.PUBLIC_URL, url, "is reached from this network only", cure)


def _front(answered: Fetched) -> Front | None:
    """What the answer says about the servers; None when it is not ours."""
    said = answered.document()
    if not isinstance(said, dict) or not {"checks", "release", "tzdata"} <= set(said):
        return None
    return Front(str(said["release"]), str(said["tzdata"]))


def _unreached(url: str, host: str, answered: Fetched) -> Finding:
    if answered.status is None:
        detail = f"could not be asked from here: {answered.trouble}"
        if answered.is_certain or is_near(host):
            cure = "start the servers, and see that name, certificate and proxy lead to them"
            return fails(Check.PUBLIC_URL, url, detail, cure)
        cure = f"open {url}/health/live from another network: it must say ok"
        return not_known(Check.PUBLIC_URL, url, detail, cure)
    if 300 <= answered.status < 400:
        cure = f"set PUBLIC_URL to where it leads ({answered.location or 'elsewhere'}): signatures hold for one address"
        return fails(Check.PUBLIC_URL, url, "leads to another address", cure)
    cure = "let the proxy pass every path on to the servers, unchanged"
    return fails(Check.PUBLIC_URL, url, f"something else answers (HTTP {answered.status})", cure)
