"""The team of these tests: Ana is always on call for pages, the weeks rotate, Dora manages, Acme is the customer."""

from pathlib import Path

TEAM = """\
timezone: Europe/Berlin
responders:
  ana: {name: Ana Ruiz, timezone: Europe/Madrid, phone: +49 30 23125 001}
  ben: {name: Ben Okafor, phone: +49 30 23125 002}
  cem: {name: Cem Aydin, phone: +49 30 23125 003}
  dora: {name: Dora Lind, phone: +49 30 23125 004, manager: true}
absences:
  - {responder: ana, from: 2026-08-17, to: 2026-08-19}
office_hours:
  berlin:
    open: {mon-fri: 09:00-18:00}
schedules:
  always:
    layers:
      - {name: one, every: 1 week, first_handoff: 2026-01-05 09:00, participants: [cem]}
  primary:
    layers:
      - {name: weekly, every: 1 week, first_handoff: 2026-01-05 09:00, participants: [ana, ben]}
    overrides:
      - {responder: cem, from: 2026-02-10 18:00, to: 2026-02-11 09:00, instead_of: ben, reason: concert}
  weekend:
    timezone: America/New_York
    layers:
      - {name: saturdays, every: 1 week, first_handoff: 2026-01-03, participants: [ana, ben], windows: [sat]}
policies:
  default:
    levels:
      - page: [{schedule: always}]
        timeout: 5m
    last_resort: [{responder: dora}]
tiers:
  standard: {promise: 60m}
customers:
  acme: {name: Acme GmbH, phones: [+49 30 23125 100]}
hotlines:
  main:
    name: Example Support
    numbers: [+49 30 23125 999]
    office_hours: berlin
    managers: [dora]
"""


def written(folder: Path, text: str = TEAM) -> Path:
    """A folder with that text as its one schedule file."""
    folder.mkdir(exist_ok=True)
    (folder / "team.yaml").write_text(text, encoding="utf-8")
    return folder


def without(part: str, text: str = TEAM) -> str:
    """The text without the lines that contain this part."""
    kept = [line for line in text.splitlines() if part not in line]
    assert len(kept) < len(text.splitlines()), part
    return "\n".join(kept) + "\n"


def changed(old: str, new: str, text: str = TEAM) -> str:
    """The text with one thing written differently."""
    assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times in the file"
    return text.replace(old, new)
