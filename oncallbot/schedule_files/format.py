"""What may be written in `schedules/*.yaml`? The file format as pydantic models, and its JSON Schema.

Every scalar field keeps its one normal spelling as text. It must not look at other objects: that is `references`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Discriminator, Field, Tag, WithJsonSchema, model_validator
from pydantic_core import PydanticCustomError

from oncallbot.schedule_files import addresses, times
from oncallbot.schedule_files.spelling import Misspelt, name, one_of, plain_text, tier_name, whole_number

_NAME_PATTERN = r"^[\w][\w.-]{0,63}$"


def spelled(read: Callable[[str], str]) -> BeforeValidator:
    """Turns a reader that raises `Misspelt` into a pydantic validator."""

    def check(value: Any) -> Any:
        if not isinstance(value, str):
            raise _not_text(value)
        try:
            return read(value.strip())
        except Misspelt as error:
            raise misspelt(error.wrong, error.cure) from error

    return BeforeValidator(check)


def misspelt(wrong: str, cure: str) -> PydanticCustomError:
    """The one kind of error that our own validators raise."""
    return PydanticCustomError("misspelt", "{wrong}: {cure}", {"wrong": wrong, "cure": cure})


def _not_text(value: Any) -> PydanticCustomError:
    match value:
        case dict() | list():
            kind = "a list" if isinstance(value, list) else "a mapping"
            return misspelt(f"{kind} stands where one value belongs", "write a single value")
        case bool():
            word = str(value).lower()
            return misspelt(f"{word} is not text", f'write "{word}" in quotes if it is meant')
        case _:
            return misspelt("there is no value", "write one, or leave the key out")


def _text(pattern: str | None = None, *, or_number: bool = False, example: str | None = None) -> WithJsonSchema:
    """The schema of a scalar. `or_number`: editors read `01` or `+49…` as numbers where our loader reads text."""
    text: dict[str, Any] = {"type": "string"} if pattern is None else {"type": "string", "pattern": pattern}
    schema: dict[str, Any] = {"anyOf": [text, {"type": "number"}]} if or_number else text
    return WithJsonSchema(schema if example is None else {**schema, "examples": [example]})


def _flag(value: Any) -> Any:
    words = {"true": True, "false": False}
    if isinstance(value, bool):
        return value
    if isinstance(value, str) and value.strip().casefold() in words:
        return words[value.strip().casefold()]
    raise misspelt(f"{value!r} is neither true nor false", "write true or false")


def _listed(value: Any) -> Any:
    return [value] if isinstance(value, str) else value


def _times_listed(value: Any) -> Any:
    if value is None:  # {mon,wed: 09:00-18:00} is a `mon` without value and a `wed`
        raise misspelt("there are no times", "write 09:00-18:00; within { } put days with a comma in quotes")
    return _listed(value)


def _entry(value: Any) -> Any:
    """One turn's participants: a name, `nobody`, or a list of names who are on call together."""
    if isinstance(value, list) and not value:
        raise misspelt("an empty list is no turn", "write nobody")
    if isinstance(value, list) and any(isinstance(one, list) for one in value):
        raise misspelt("a group stands within a group", "write one list of names: [ana, ben]")
    if isinstance(value, list) and any(isinstance(one, str) and one.casefold() == "nobody" for one in value):
        raise misspelt("nobody stands in a group", "write nobody as an entry of its own, or leave it out")
    if isinstance(value, list) and len({str(one).strip() for one in value}) < len(value):
        raise misspelt("the same person stands twice in a group", "write each person once")
    return value[0] if isinstance(value, list) and len(value) == 1 else value


def _participant(text: str) -> str:
    return "nobody" if text.casefold() == "nobody" else name(text)


def _loops(text: str) -> str:
    return "forever" if text.casefold() == "forever" else whole_number(text)


def _windows_kind(value: Any) -> str:
    match value:
        case dict():
            return "<outside>"
        case str() if value.strip().casefold() == "always":
            return "<always>"
        case _:
            return "<weekly>"


def _open_times(value: Any) -> Any:
    """Refuses a weekday under two keys: united or replaced, somebody would be surprised."""
    taken: dict[int, str] = {}
    for days in value if isinstance(value, dict) else ():
        try:
            chosen = times.weekdays(days)
        except Misspelt:
            continue  # reported with its own key
        for one in sorted(chosen):
            if one in taken:
                wrong = f"{times.DAYS[one]} is named twice, by {taken[one]!r} and {days!r}"
                raise misspelt(wrong, "name each day once; several times of a day are a list")
            taken[one] = days
    return value


Text = Annotated[str, spelled(plain_text), _text(or_number=True)]
Name = Annotated[str, spelled(name), _text(_NAME_PATTERN, or_number=True)]
TierName = Annotated[str, spelled(tier_name), _text(_NAME_PATTERN, or_number=True)]
Phone = Annotated[
    str, spelled(addresses.phone), _text(addresses.PHONE_PATTERN, example="+49 30 23125 001", or_number=True)
]
Email = Annotated[str, spelled(addresses.email), _text("@", example="ana@example.com")]
EmailDomain = Annotated[str, spelled(addresses.email_domain), _text(r"\.", example="acme.example")]
SlackUser = Annotated[str, spelled(addresses.slack_user), _text(example="U0ANA00001")]
SlackChannel = Annotated[str, spelled(addresses.slack_channel), _text(example="C0HELP0001", or_number=True)]
Language = Annotated[str, spelled(addresses.language), _text(addresses.LANGUAGE_PATTERN, example="de")]
Zone = Annotated[str, spelled(times.timezone), _text(example="Europe/Berlin")]
Delay = Annotated[str, spelled(times.canonical_duration), _text(times.DURATION_PATTERN, example="1m", or_number=True)]
Duration = Annotated[str, spelled(times.positive_duration), _text(times.DURATION_PATTERN, example="5m")]
Every = Annotated[str, spelled(times.canonical_every), _text(times.EVERY_PATTERN, example="1 week")]
Moment = Annotated[str, spelled(times.canonical_moment), _text(times.MOMENT_PATTERN, example="2026-02-03 18:00")]
Handoff = Annotated[str, spelled(times.canonical_handoff), _text(times.MOMENT_PATTERN, example="2026-01-05 09:00")]
Instant = Annotated[str, spelled(times.canonical_instant), _text(example="2026-02-01T09:00:00Z")]
Day = Annotated[str, spelled(times.canonical_day), _text(times.DATE_PATTERN, example="2026-12-24")]
Days = Annotated[str, spelled(lambda text: times.spelled_days(times.weekdays(text))), _text()]
DayTimes = Annotated[str, spelled(times.canonical_times), _text(times.TIMES_PATTERN, example="09:00-18:00")]
Window = Annotated[str, spelled(times.canonical_window), _text(example="mon-fri 18:00-09:00")]
Count = Annotated[str, spelled(whole_number), _text(r"^[0-9]+$", example="200", or_number=True)]
Loops = Annotated[str, spelled(_loops), _text(r"^([Ff]orever|[0-9]+)$", example="forever", or_number=True)]
Flag = Annotated[bool, BeforeValidator(_flag)]
PageOrHold = Annotated[str, spelled(one_of("page", "hold")), WithJsonSchema({"enum": ["page", "hold"]})]


def _one_or_list(item: str) -> WithJsonSchema:
    several = {"type": "array", "items": {"type": "string"}}
    return WithJsonSchema({"anyOf": [{"type": "string", "pattern": item}, several]})


TimesList = Annotated[list[DayTimes], BeforeValidator(_times_listed), _one_or_list(times.TIMES_PATTERN)]
Participant = Annotated[str, spelled(_participant), _text(_NAME_PATTERN, or_number=True)]


def _participants(value: Any) -> str:
    return "<group>" if isinstance(value, list) else "<one>"


Entry = Annotated[
    Annotated[Participant, Tag("<one>")] | Annotated[list[Name], Tag("<group>")],
    Discriminator(_participants),
    BeforeValidator(_entry),
]


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
    | Annotated[list[Window], BeforeValidator(_listed), Tag("<weekly>"), _one_or_list("^[A-Za-z]")],
    Discriminator(_windows_kind),
]


class NotifyPart(Part):
    """After this delay, use this contact method."""

    after: Delay = Field(examples=["1m"])
    by: Annotated[
        str,
        spelled(one_of("slack", "sms", "voice", "email")),
        WithJsonSchema({"enum": ["slack", "sms", "voice", "email"]}),
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
    open: Annotated[dict[Days, TimesList], BeforeValidator(_open_times)] = Field(examples=["{mon-fri: 09:00-18:00}"])
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


class SchedulePart(Part):
    """Layers and overrides in a time zone; a later layer covers an earlier one."""

    timezone: Zone | None = None
    must_cover: Windows | None = None
    layers: list[LayerPart] = []
    overrides: list[OverridePart] = []


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
        WithJsonSchema({"enum": ["unknown", "everyone", "never"]}),
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
    schedules: dict[Name, SchedulePart] | None = None
    policies: dict[Name, PolicyPart] | None = None
    tiers: dict[TierName, TierPart | None] | None = None
    customers: dict[Name, CustomerPart] | None = None
    hotlines: dict[Name, HotlinePart] | None = None
    limits: LimitsPart | None = None


def json_schema() -> dict[str, Any]:
    """The JSON Schema of one file, for editors: describes what people write, before it is read as text."""
    schema = FilePart.model_json_schema(by_alias=True, mode="validation")
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", "title": "oncallbot schedules", **schema}
