"""Which `Rules` do these objects make?

Quick enough for every change of a thousand schedules. It must not mend anything: what does not fit is refused by name.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from types import MappingProxyType
from typing import TypeVar

from oncallbot.errors import ConfigurationError, Problem
from oncallbot.escalation.rules import (
    AfterHours,
    Customer,
    DayTeam,
    Hotline,
    Level,
    Limits,
    Policy,
    Rules,
    Target,
    TargetKind,
    Tier,
    Triage,
)
from oncallbot.oncall.hours import OfficeHours
from oncallbot.oncall.people import DEFAULT_NOTIFY, DEFAULT_REMINDERS, Absence, Method, NotificationRule, Responder
from oncallbot.oncall.rotation import Rotation
from oncallbot.oncall.schedule import Former, Layer, Override, Schedule
from oncallbot.oncall.wallclock import zone
from oncallbot.oncall.windows import Outside, Weekly, WeeklyWindow, Windows
from oncallbot.schedule_files import times
from oncallbot.schedule_files.objects import Bodies, Body, Key, Kind, dotted
from oncallbot.schedule_files.public_holidays import PublicHolidays
from oncallbot.schedule_files.references import findings

Made = TypeVar("Made")


def build_rules(objects: Mapping[Key, str], revision: int) -> Rules:
    """The rules that the objects make. ConfigurationError names every object that is unreadable or does not fit."""
    try:
        bodies: Bodies = {key: json.loads(text) for key, text in objects.items()}
        problems = tuple(
            Problem(" ".join(found.key), f"{dotted(found.path)}{found.wrong}", found.cure) for found in findings(bodies)
        )
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        check_format(objects)
        raise ConfigurationError((Problem("objects", f"unreadable: {error!r}", "apply the files again"),)) from error
    if problems:
        raise ConfigurationError(problems)
    return _Builder(bodies).rules(revision)


def check_objects(objects: Mapping[Key, str]) -> None:
    """Raises ConfigurationError unless each object has its format and together they make rules."""
    check_format(objects)
    build_rules(objects, 0)


def check_format(objects: Mapping[Key, str]) -> None:
    """Raises ConfigurationError naming the objects that are not in canonical form."""
    from oncallbot.schedule_files.parts import format_problems

    problems = tuple(problem for key, text in objects.items() for problem in format_problems(key, text))
    if problems:
        raise ConfigurationError(problems)


class _Builder:
    """Builds kind by kind: people and hours first, since schedules and hotlines hold them."""

    def __init__(self, bodies: Bodies) -> None:
        self._of_kind: dict[str, dict[str, Body]] = {kind.value: {} for kind in Kind}
        for (kind, name), body in bodies.items():
            self._of_kind[kind][name] = body
        self._problems: list[Problem] = []
        self._responders: Mapping[str, Responder] = {}
        self._hours: Mapping[str, OfficeHours] = {}
        self._overrides: dict[str, list[Body]] = {}
        self._formers: dict[tuple[str, str], list[Body]] = {}
        self._must_cover: dict[str, set[str]] = {}

    def rules(self, revision: int) -> Rules:
        self._responders = self._all(Kind.RESPONDER, _responder)
        self._hours = self._all(Kind.OFFICE_HOURS, _office_hours)
        for body in self._of_kind[Kind.OVERRIDE].values():
            self._overrides.setdefault(body["schedule"], []).append(body)
        for body in sorted(self._of_kind[Kind.FORMER].values(), key=lambda one: int(one["number"])):
            self._formers.setdefault((body["schedule"], body["layer"]), []).append(body)
        self._must_cover = self._office_hours_by_schedule()
        absences = self._all(Kind.ABSENCE, self._absence)
        limits = self._all(Kind.LIMITS, _limits)
        rules = Rules(
            revision=revision,
            responders=self._responders,
            absences=tuple(sorted(absences.values(), key=lambda one: (one.start, one.responder))),
            office_hours=self._hours,
            schedules=self._all(Kind.SCHEDULE, self._schedule),
            policies=self._all(Kind.POLICY, _policy),
            tiers=self._all(Kind.TIER, _tier),
            customers=self._all(Kind.CUSTOMER, _customer),
            hotlines=self._all(Kind.HOTLINE, self._hotline),
            limits=next(iter(limits.values()), Limits()),
        )
        if self._problems:
            raise ConfigurationError(tuple(self._problems))
        return rules

    def _all(self, kind: Kind, make: Callable[[str, Body], Made]) -> Mapping[str, Made]:
        made: dict[str, Made] = {}
        for name, body in self._of_kind[kind].items():
            try:
                made[name] = make(name, body)
            except (KeyError, TypeError, ValueError) as error:
                self._problems.append(Problem(f"{kind} {name}", f"cannot be used: {error}", "correct this object"))
        return MappingProxyType(made)

    def _office_hours_by_schedule(self) -> dict[str, set[str]]:
        """For each schedule the office hours of the hotlines whose policies page it."""
        paged_by: dict[str, set[str]] = {}
        for name, policy in self._of_kind[Kind.POLICY].items():
            groups = [*(level["page"] for level in policy["levels"]), policy.get("last_resort", [])]
            for field, schedule in (pair for group in groups for target in group for pair in target.items()):
                if field in ("schedule", "next", "everyone"):
                    paged_by.setdefault(schedule, set()).add(name)
        hours_of: dict[str, set[str]] = {}
        for hotline in self._of_kind[Kind.HOTLINE].values():
            for policy_name in hotline["policies"].values():
                hours_of.setdefault(policy_name, set()).add(hotline["office_hours"])
        return {
            schedule: set().union(*(hours_of.get(policy, set()) for policy in policies))
            for schedule, policies in paged_by.items()
        }

    def _absence(self, _name: str, body: Body) -> Absence:
        tz = zone(self._responders[body["responder"]].timezone)
        starts, ends = times.instant(body["from"], tz), times.instant(body["to"], tz, is_end=True)
        return Absence(body["responder"], starts, ends)

    def _schedule(self, name: str, body: Body) -> Schedule:
        timezone = body["timezone"]
        overrides = sorted(
            ((_age(one), _override(one, timezone)) for one in self._overrides.get(name, ())), key=lambda pair: pair[0]
        )
        return Schedule(
            id=name,
            timezone=timezone,
            layers=tuple(self._layer(name, layer, timezone) for layer in body.get("layers", ())),
            overrides=tuple(override for _, override in overrides),
            must_cover=self._covered(name, body),
            user_group=body.get("user_group"),
        )

    def _covered(self, name: str, body: Body) -> Windows | None:
        """What the file says; else the hours outside the hotline's office hours; if hotlines differ, always."""
        if "must_cover" in body:
            return self._windows(body["must_cover"])
        hours = self._must_cover.get(name, set())
        return Outside(self._hours[next(iter(hours))]) if len(hours) == 1 else None

    def _layer(self, schedule: str, body: Body, timezone: str) -> Layer:
        formers = self._formers.get((schedule, body["name"]), [])
        former = tuple(
            Former(
                times.known_instant(one["until"]), _rotation(one, timezone), self._windows(one.get("windows", "always"))
            )
            for one in formers
        )
        version = int(formers[-1]["number"]) + 1 if formers else 1
        windows = self._windows(body.get("windows", "always"))
        return Layer(body["name"], _rotation(body, timezone), windows, former, version)

    def _windows(self, windows: str | list[str] | dict[str, str]) -> Windows | None:
        match windows:
            case dict():
                return Outside(self._hours[windows["outside"]])
            case list():
                return Weekly(tuple(times.window(text) for text in windows))
            case _:
                return None

    def _hotline(self, name: str, body: Body) -> Hotline:
        day_team = body.get("day_team", {})
        return Hotline(
            id=name,
            name=body["name"],
            office_hours=self._hours[body["office_hours"]],
            policies=MappingProxyType(dict(body["policies"])),
            default_tier=body["default_tier"],
            timezone=body["timezone"],
            numbers=tuple(body.get("numbers", ())),
            slack_channels=tuple(body.get("slack_channels", ())),
            on_call_channel=body.get("on_call_channel"),
            managers_channel=body.get("managers_channel"),
            day_team=DayTeam(day_team.get("channel"), day_team.get("email")),
            office_target=body.get("office_target"),
            fallback_number=body.get("fallback_number"),
            managers=tuple(body.get("managers", ())),
            languages=tuple(body.get("languages", ("en",))),
            triage=Triage(body.get("triage", "unknown")),
        )


def _responder(name: str, body: Body) -> Responder:
    rules = tuple(NotificationRule(times.duration(one["after"]), Method(one["by"])) for one in body.get("notify", ()))
    return Responder(
        id=name,
        name=body["name"],
        timezone=body["timezone"],
        slack=body.get("slack"),
        phone=body.get("phone"),
        email=body.get("email"),
        notify=tuple(sorted(rules, key=lambda rule: rule.after)) or DEFAULT_NOTIFY,
        manager=body.get("manager", False),
        reminders=tuple(map(times.duration, body["reminders"])) if "reminders" in body else DEFAULT_REMINDERS,
        weekly=body.get("weekly", False),
    )


def _office_hours(name: str, body: Body) -> OfficeHours:
    weekly = (
        WeeklyWindow(times.weekdays(days), *times.times(part)) for days, parts in body["open"].items() for part in parts
    )
    holidays = body.get("holidays")
    return OfficeHours(
        id=name,
        timezone=body["timezone"],
        open=tuple(weekly),
        holidays=PublicHolidays(holidays["country"], holidays.get("subdivision")) if holidays else None,
        closed=frozenset(times.day(day) for day in body.get("closed", ())),
        opened=tuple(
            (times.day(day), tuple(times.times(part) for part in parts))
            for day, parts in sorted(body.get("opened", {}).items())
        ),
    )


def _rotation(body: Body, timezone: str) -> Rotation:
    count, unit = times.every(body["every"])
    participants = tuple(_entry(entry) for entry in body["participants"])
    return Rotation(times.first_handoff(body["first_handoff"]), count, unit, participants, timezone)


def _entry(entry: str | list[str]) -> tuple[str, ...]:
    if isinstance(entry, list):
        return tuple(entry)
    return () if entry == "nobody" else (entry,)


def _age(body: Body) -> tuple[datetime, int, str]:
    """Sorts overrides, oldest first: those of the files as written there, then those made in chat."""
    made_at = times.moment(body["made_at"]) if "made_at" in body else None
    aware = made_at if isinstance(made_at, datetime) else datetime.min.replace(tzinfo=UTC)
    return aware, body.get("order", 0), body["from"]


def _override(body: Body, timezone: str) -> Override:
    tz = zone(timezone)
    made_at = times.moment(body["made_at"]) if "made_at" in body else None
    return Override(
        responder=body["responder"],
        start=times.instant(body["from"], tz),
        end=times.instant(body["to"], tz, is_end=True),
        instead_of=body.get("instead_of"),
        reason=body.get("reason", ""),
        made_by=body.get("made_by", ""),
        made_at=made_at if isinstance(made_at, datetime) else None,
    )


def _policy(name: str, body: Body) -> Policy:
    loops = body.get("loops", "forever")
    return Policy(
        id=name,
        levels=tuple(
            Level(_targets(level["page"]), times.duration(level.get("timeout", "5m"))) for level in body["levels"]
        ),
        repeat_after=times.duration(body.get("repeat_after", "5m")),
        loops=None if loops == "forever" else int(loops),
        last_resort=_targets(body.get("last_resort", [])),
        acknowledge_timeout=times.duration(body.get("acknowledge_timeout", "30m")),
    )


def _targets(targets: list[dict[str, str]]) -> tuple[Target, ...]:
    return tuple(Target(TargetKind(kind), name) for target in targets for kind, name in target.items())


def _tier(name: str, body: Body) -> Tier:
    promises = {
        field: times.duration(body[field]) if field in body else None
        for field in ("promise", "call_back", "held_promise")
    }
    return Tier(
        id=name,
        **promises,
        live_connect=body.get("live_connect", False),
        after_hours=AfterHours(body.get("after_hours", "page")),
        office_unanswered=AfterHours(body.get("office_unanswered", "hold")),
        confidential=body.get("confidential", False),
    )


def _customer(name: str, body: Body) -> Customer:
    return Customer(
        id=name,
        name=body["name"],
        tier=body["tier"],
        phones=tuple(body.get("phones", ())),
        email_domains=tuple(body.get("email_domains", ())),
        slack_channels=tuple(body.get("slack_channels", ())),
        language=body.get("language"),
        timezone=body.get("timezone"),
    )


def _limits(_name: str, body: Body) -> Limits:
    return Limits(int(body.get("calls_per_hour", "200")), int(body.get("texts_per_hour", "500")))
