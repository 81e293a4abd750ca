"""A valid file in miniature, and how a test reads one."""

from collections.abc import Mapping
from pathlib import Path

from oncallbot.escalation.rules import Rules
from oncallbot.schedule_files import Key, build_rules
from oncallbot.schedule_files.load import load_files

SMALL = """\
timezone: Europe/Berlin
responders:
  ana: {name: Ana Ruiz, timezone: Europe/Madrid, slack: U0ANA00001, phone: +49 30 23125 001}
  ben: {name: Ben Okafor, phone: +49 30 23125 002}
  cem: {name: Cem Aydin, phone: +49 30 23125 003, notify: [{after: 0s, by: sms}]}
  dora: {name: Dora Lind, phone: +49 30 23125 004, manager: true}
absences:
  - {responder: ana, from: 2026-08-01, to: 2026-08-15}
office_hours:
  berlin:
    open: {mon-fri: 09:00-18:00}
    holidays: {country: DE, subdivision: BE}
    closed: [2026-12-24]
    opened: {2026-12-19: 10:00-14:00}
schedules:
  primary:
    must_cover: {outside: berlin}
    layers:
      - name: weekly
        every: 1 week
        first_handoff: 2026-01-05 09:00
        participants: [ana, ben]
        windows: {outside: berlin}
    overrides:
      - {responder: cem, from: 2026-02-03 18:00, to: 2026-02-04 09:00, instead_of: ana}
policies:
  default:
    levels:
      - page: [{schedule: primary}]
        timeout: 5m
    loops: forever
    last_resort: [{responder: dora}]
tiers:
  gold: {promise: 15m, live_connect: true}
  standard: {promise: 60m, after_hours: page}
customers:
  acme: {name: Acme GmbH, tier: gold, phones: [+49 30 23125 100], email_domains: [acme.example], language: de}
hotlines:
  main:
    name: Example Support
    numbers: [+49 30 23125 999]
    slack_channels: [C0HELP0001]
    office_hours: berlin
    office_target: +49 30 23125 888
    policies: {default: default}
    default_tier: standard
    managers: [dora]
    triage: unknown
limits: {calls_per_hour: 100}
"""


def written(folder: Path, text: str, name: str = "schedules.yaml") -> Path:
    """The text as a file."""
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def objects_of(folder: Path, text: str) -> Mapping[Key, str]:
    """The objects of a file with that text."""
    return load_files([written(folder, text)]).objects


def rules_of(folder: Path, text: str) -> Rules:
    """The rules of a file with that text."""
    return build_rules(objects_of(folder, text), 1)


def changed(old: str, new: str, text: str = SMALL) -> str:
    """The small file with one thing written differently."""
    assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times in the file"
    return text.replace(old, new)


def line_of(part: str, text: str) -> int:
    """The number of the line that is this part, else of the last one that contains it."""
    lines = text.splitlines()
    whole = [number for number, line in enumerate(lines, 1) if line == part]
    return max(whole or [number for number, line in enumerate(lines, 1) if part in line])
