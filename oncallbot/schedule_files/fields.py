"""How does each field of a file turn into its one normal spelling, and what may editors expect there?

A reader of text as a pydantic type, with its JSON Schema. It must not know in which mapping a field stands.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Any

from pydantic import BeforeValidator, Discriminator, Tag, WithJsonSchema
from pydantic_core import PydanticCustomError

from oncallbot.schedule_files import addresses, times
from oncallbot.schedule_files.spelling import Misspelt, name, one_of, plain_text, tier_name, whole_number

# Letters of all languages: \w knows only ASCII in editors, so what may not stand there is named instead.
_NAME_PATTERN = r"^\s*[^\s!-/:-@\[-^`{-~][^\s!-,/:-@\[-^`{-~]{0,63}\s*$"


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


def words_schema(*words: str) -> WithJsonSchema:
    """The schema of a closed list: editors propose these, any case counts."""
    return WithJsonSchema({"anyOf": [{"enum": list(words)}, {"type": "string", "pattern": _in_any_case(*words)}]})


def _in_any_case(*words: str) -> str:
    """A pattern of these words for editors, which know no flag for that."""
    spelled_out = ("".join(f"[{one.upper()}{one}]" if one.isalpha() else one for one in word) for word in words)
    return rf"^\s*({'|'.join(spelled_out)})\s*$"


def _flag(value: Any) -> Any:
    words = {"true": True, "false": False}
    if isinstance(value, bool):
        return value
    if isinstance(value, str) and value.strip().casefold() in words:
        return words[value.strip().casefold()]
    raise misspelt(f"{value!r} is neither true nor false", "write true or false")


def listed(value: Any) -> Any:
    return [value] if isinstance(value, str) else value


def _times_listed(value: Any) -> Any:
    if value is None:  # {mon,wed: 09:00-18:00} is a `mon` without value and a `wed`
        raise misspelt("there are no times", "write 09:00-18:00; within { } put days with a comma in quotes")
    return listed(value)


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


def windows_kind(value: Any) -> str:
    match value:
        case dict():
            return "<outside>"
        case str() if value.strip().casefold() == "always":
            return "<always>"
        case _:
            return "<weekly>"


def open_times(value: Any) -> Any:
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


_LOOPS_PATTERN = rf"{_in_any_case('forever')}|^\s*[0-9]+\s*$"

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
Count = Annotated[str, spelled(whole_number), _text(r"^\s*[0-9]+\s*$", example="200", or_number=True)]
Loops = Annotated[str, spelled(_loops), _text(_LOOPS_PATTERN, example="forever", or_number=True)]
Flag = Annotated[
    bool,
    BeforeValidator(_flag),
    WithJsonSchema({"anyOf": [{"type": "boolean"}, {"type": "string", "pattern": _in_any_case("true", "false")}]}),
]
PageOrHold = Annotated[str, spelled(one_of("page", "hold")), words_schema("page", "hold")]


def one_or_list(item: str) -> WithJsonSchema:
    several = {"type": "array", "items": {"type": "string"}}
    return WithJsonSchema({"anyOf": [{"type": "string", "pattern": item}, several]})


TimesList = Annotated[list[DayTimes], BeforeValidator(_times_listed), one_or_list(times.TIMES_PATTERN)]
Participant = Annotated[str, spelled(_participant), _text(_NAME_PATTERN, or_number=True)]


def _participants(value: Any) -> str:
    return "<group>" if isinstance(value, list) else "<one>"


Entry = Annotated[
    Annotated[Participant, Tag("<one>")] | Annotated[list[Name], Tag("<group>")],
    Discriminator(_participants),
    BeforeValidator(_entry),
]
