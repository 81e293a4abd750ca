"""What may be written in `schedules/*.yaml`? The file format as pydantic models, and its JSON Schema.

Every scalar field keeps its one normal spelling as text. It must not look at other objects: that is `references`.
"""

from __future__ import annotations

import json
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Discriminator, Field, Tag, model_validator

from oncallbot.schedule_files.fields import (
    Count,
    Day,
    Days,
    Delay,
    Duration,
    Email,
    EmailDomain,
    Entry,
    Every,
    Flag,
    Handoff,
    Instant,
    Language,
    Loops,
    Moment,
    Name,
    PageOrHold,
    Phone,
    SlackChannel,
    SlackUser,
    Text,
    TierName,
    TimesList,
    Window,
    Zone,
    listed,
    misspelt,
    one_or_list,
    open_times,
    spelled,
    windows_kind,
    words_schema,
)
from oncallbot.schedule_files.spelling import one_of


class Part(BaseModel):
    """A mapping of the file: unknown keys are errors."""

    model_config = ConfigDict(extra="forbid", frozen=True, validate_by_alias=True, validate_by_name=False)

    @model_validator(mode="before")
    @classmethod
    def _nothing_is_empty(cls, value: Any) -> Any:
        return {} if value is None else value


class OutsidePart(Part):
    """All the time in which an office is closed."""

    outside: Name = Field(examples=["berlin"])


Windows = Annotated[
    Annotated[Literal["always"], BeforeValidator(str.casefold), Tag("<always>")]
    | Annotated[OutsidePart, Tag("<outside>")]
    | Annotated[list[Window], BeforeValidator(listed), Tag("<weekly>"), one_or_list("^[A-Za-z]")],
    Discriminator(windows_kind),
]


class NotifyPart(Part):
    """After this delay, use this contact method."""

    after: Delay = Field(examples=["1m"])
    by: Annotated[
        str,
        spelled(one_of("slack", "sms", "voice", "email")),
        words_schema("slack", "sms", "voice", "email"),
    ] = Field(examples=["voice"])


class ResponderPart(Part):
    """A person who can be on call."""

    name: Text = Field(examples=["Ana Ruiz"])
    timezone: Zone | None = None
    slack: SlackUser | None = None
    phone: Phone | None = None
    email: Email | None = None
    notify: Annotated[list[NotifyPart], Field(min_length=1)] | None = None
    manager: Flag = False
    reminders: list[Duration] | None = Field(None, examples=["[1d, 1h]"])
    weekly: Flag = False


class AbsencePart(Part):
    """A responder is away; times are in the responder's zone, a bare date as `to` includes that day."""

    responder: Name = Field(examples=["ana"])
    from_: Moment = Field(alias="from", examples=["2026-08-01"])
    to: Moment = Field(examples=["2026-08-15"])


class HolidaysPart(Part):
    """Public holidays of a country, and of one of its subdivisions."""

    country: Text = Field(examples=["DE"])
    subdivision: Text | None = None


class OfficeHoursPart(Part):
    """When the day team answers. `open: {}` is never."""

    timezone: Zone | None = None
    open: Annotated[dict[Days, TimesList], BeforeValidator(open_times)] = Field(examples=["{mon-fri: 09:00-18:00}"])
    holidays: HolidaysPart | None = None
    closed: list[Day] = []
    opened: dict[Day, TimesList] = {}


class LayerPart(Part):
    """One rotation, limited to its windows."""

    name: Text = Field(examples=["weekly"])
    every: Every = Field(examples=["1 week"])
    first_handoff: Handoff = Field(examples=["2026-01-05 09:00"])
    participants: list[Entry] = Field(min_length=1, examples=["[ana, ben]"])
    windows: Windows = "always"


class OverridePart(Part):
    """Who is on call instead; times are in the schedule's zone, a bare date as `to` includes that day."""

    responder: Name = Field(examples=["ben"])
    from_: Moment = Field(alias="from", examples=["2026-02-03 18:00"])
    to: Moment = Field(examples=["2026-02-04 09:00"])
    instead_of: Name | None = None
    reason: Text | None = None
    made_by: Text | None = None
    made_at: Instant | None = None


class OverrideObject(OverridePart):
    """An override as it is stored: beside its schedule. `order` keeps overlapping ones as the file has them."""

    schedule: Name
    order: int = 0


class FormerObject(Part):
    """A layer's version as it runs, or ran, until an instant: stored beside its schedule, and in no file."""

    schedule: Name
    layer: Text
    number: Count
    until: Instant
    every: Every
    first_handoff: Handoff
    participants: list[Entry] = Field(min_length=1)
    windows: Windows = "always"


class SchedulePart(Part):
    """Layers and overrides in a time zone; a later layer covers an earlier one."""

    timezone: Zone | None = None
    must_cover: Windows | None = None
    layers: list[LayerPart] = []
    overrides: list[OverridePart] = []
    user_group: Text | None = None


class TargetPart(Part):
    """Whom to page: exactly one of these."""

    model_config = ConfigDict(json_schema_extra={"minProperties": 1, "maxProperties": 1})

    schedule: Name | None = None
    next: Name | None = None
    everyone: Name | None = None
    responder: Name | None = None
    channel: SlackChannel | None = None

    @model_validator(mode="after")
    def _is_one_target(self) -> TargetPart:
        named = [field for field in type(self).model_fields if getattr(self, field) is not None]
        if len(named) != 1:
            said = " and ".join(named) or "nothing"
            cure = "write one of schedule, next, everyone, responder, channel for each -"
            raise misspelt(f"a target names {said}", cure)
        return self


class LevelPart(Part):
    """Targets paged together, and the time they have."""

    page: list[TargetPart] = Field(min_length=1, examples=["[{schedule: primary}]"])
    timeout: Duration = "5m"


class PolicyPart(Part):
    """Levels, walked in loops until somebody acknowledges."""

    levels: list[LevelPart] = Field(min_length=1, examples=["[{page: [{schedule: primary}], timeout: 5m}]"])
    repeat_after: Duration = "5m"
    loops: Loops = "forever"
    last_resort: list[TargetPart] = []
    acknowledge_timeout: Duration = "30m"


class TierPart(Part):
    """What a customer is entitled to. A promise left out is not made."""

    promise: Duration | None = None
    call_back: Duration | None = None
    held_promise: Duration | None = None
    live_connect: Flag = False
    after_hours: PageOrHold = "page"
    office_unanswered: PageOrHold = "hold"
    confidential: Flag = False


class CustomerPart(Part):
    """A company or person known by phone numbers, e-mail domains or Slack channels."""

    name: Text = Field(examples=["Acme GmbH"])
    tier: TierName | None = None
    phones: list[Phone] = []
    email_domains: list[EmailDomain] = []
    slack_channels: list[SlackChannel] = []
    language: Language | None = None
    timezone: Zone | None = None


class DayTeamPart(Part):
    """Where the day team is told."""

    channel: SlackChannel | None = None
    email: Email | None = None


class HotlinePart(Part):
    """An intake line: its numbers and channels, office hours, and policies by tier."""

    name: Text = Field(examples=["Example Support"])
    timezone: Zone | None = None
    numbers: list[Phone] = []
    slack_channels: list[SlackChannel] = []
    on_call_channel: SlackChannel | None = None
    managers_channel: SlackChannel | None = None
    day_team: DayTeamPart | None = None
    office_hours: Name | None = None
    office_target: Phone | None = None
    fallback_number: Phone | None = None
    policies: dict[Name, Name] = {}
    default_tier: TierName | None = None
    managers: list[Name] = []
    languages: Annotated[list[Language], Field(min_length=1)] = ["en"]
    triage: Annotated[
        str,
        spelled(one_of("unknown", "everyone", "never")),
        words_schema("unknown", "everyone", "never"),
    ] = "unknown"


class LimitsPart(Part):
    """Spending limits: they raise an alarm and never block a customer's first page."""

    calls_per_hour: Count = "200"
    texts_per_hour: Count = "500"


class FilePart(Part):
    """After-hours paging: people, schedules, policies, customers and hotlines."""

    timezone: Zone | None = None
    responders: dict[Name, ResponderPart] | None = None
    absences: list[AbsencePart] | None = None
    office_hours: dict[Name, OfficeHoursPart] | None = None
    schedules: dict[Name, SchedulePart | None] | None = None
    policies: dict[Name, PolicyPart] | None = None
    tiers: dict[TierName, TierPart | None] | None = None
    customers: dict[Name, CustomerPart] | None = None
    hotlines: dict[Name, HotlinePart] | None = None
    limits: LimitsPart | None = None


def schema_text() -> str:
    """The JSON Schema as the file that editors read."""
    return json.dumps(json_schema(), indent=2) + "\n"


def json_schema() -> dict[str, Any]:
    """The JSON Schema of one file, for editors: describes what people write, before it is read as text."""
    schema = FilePart.model_json_schema(by_alias=True, mode="validation")
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", "title": "oncallbot schedules", **schema}
