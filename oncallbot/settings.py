"""What does the environment say? Every variable of docs, read once at start, with all problems reported together.

It must not be read by anything but `app.py` and `cli/`, and no secret may show in a text of ours.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import timedelta
from difflib import get_close_matches
from typing import Annotated, Any, Literal, Self
from urllib.parse import urlsplit

from pydantic import BeforeValidator, Field, PrivateAttr, SecretStr, ValidationError
from pydantic_core import PydanticCustomError
from pydantic_settings import BaseSettings, EnvSettingsSource, PydanticBaseSettingsSource, SettingsConfigDict

from oncallbot.errors import ConfigurationError, Problem

SLACK_API_URL = "https://slack.com/api/"
SLACK_ISSUER = "https://slack.com"
_SLACK = ("SLACK_BOT_TOKEN", "SLACK_SIGNING_SECRET", "SLACK_TEAM_ID", "SLACK_BOT_ID", "SLACK_BOT_USER_ID")
_SLACK_CLIENT = ("SLACK_CLIENT_ID", "SLACK_CLIENT_SECRET")
_TWILIO = ("TWILIO_ACCOUNT_SID", "TWILIO_AUTH_TOKEN")
_TWILIO_KEY = ("TWILIO_API_KEY_SID", "TWILIO_API_KEY_SECRET")
_TWILIO_ALL = (*_TWILIO, "TWILIO_AUTH_TOKEN_SECONDARY", *_TWILIO_KEY)
_ELSEWHERE = ("ONCALLBOT_REQUIRE",)  # read by the tests
_MAKE_A_KEY = "write a long random text: python3 -c 'import secrets; print(secrets.token_urlsafe(32))'"
_EMULATORS_ONLY = "leave it out; only beside emulators set ONCALLBOT_ALLOW_EMULATORS=1 as well"
_SHORTEST_KEY = 16
_LEAST_GUESSED = 8  # letters: many programs have variables that look like PORT
_OFFSET = re.compile(r"([+-]?)(?=\d)(?:(\d{1,5})d)?(?:(\d{1,6})h)?(?:(\d{1,7})m)?(?:(\d{1,9})s)?")


def _wrong(wrong: str, cure: str) -> PydanticCustomError:
    return PydanticCustomError("wrong", "{wrong}", {"wrong": wrong, "cure": cure})


def _starting_with(*beginnings: str, example: str) -> BeforeValidator:
    """Catches two values that were swapped. The value itself is never repeated: it may be the other one's secret."""

    def check(value: object) -> object:
        if isinstance(value, str) and not value.startswith(beginnings):
            raise _wrong(f"does not begin with {' or '.join(beginnings)}", f"copy the right value, like {example}")
        return value

    return BeforeValidator(check)


def _database(value: str) -> str:
    scheme, _, rest = value.partition("://")
    if scheme in ("postgres", "postgresql"):
        if not rest:
            raise _wrong("names no database", "write postgresql://user:password@host/name")
        return f"postgresql://{rest}"
    if value.startswith("sqlite:///") and len(value) > len("sqlite:///") and not value.endswith(":memory:"):
        return value
    raise _wrong("is no address of a database file or server", "write sqlite:///oncallbot.db or postgresql://…/name")


def _port(value: object) -> object:
    if isinstance(value, int) or (str(value).isdecimal() and len(str(value)) <= 5 and int(str(value)) <= 65535):
        return int(str(value))
    raise _wrong(f"{value!r} is not a port", "write a number from 0 (any free port) to 65535, for example 8000")


def _web_address(value: str) -> str:
    """Scheme, host, and perhaps port and path; no trailing slash."""
    try:
        parts = urlsplit(value)
        is_whole = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        is_whole = False
    if not is_whole or re.search(r"[\s?#@]", value):
        raise _wrong("is not a web address", "write scheme and host, for example https://oncall.example.com")
    return value.rstrip("/")


def _origin(value: str) -> str:
    address = _web_address(value)
    if urlsplit(address).path:
        raise _wrong("has a path", "write scheme, host and port only, for example http://127.0.0.1:8080")
    return address


def _offset(value: object) -> object:
    """`+9h30m`, `-2d`."""
    if isinstance(value, timedelta):
        return value
    found = _OFFSET.fullmatch(str(value).strip())
    if found is None:
        raise _wrong(f"{value!r} is not a clock offset", "write it like +9h30m or -2d")
    days, hours, minutes, seconds = (int(part or 0) for part in found.groups()[1:])
    length = timedelta(days=days, hours=hours, minutes=minutes, seconds=seconds)
    return -length if found[1] == "-" else length


def _is_one(value: object) -> object:
    known = {"1": True, "true": True, "0": False, "false": False, "": False}
    if isinstance(value, bool):
        return value
    if str(value).lower() in known:
        return known[str(value).lower()]
    raise _wrong(f"{value!r} is neither 1 nor 0", "write 1, or leave it out")


def _level(value: object) -> object:
    level = str(value).upper()
    if level not in ("DEBUG", "INFO", "WARNING", "ERROR"):
        raise _wrong(f"{value!r} is not a log level", "write DEBUG, INFO, WARNING or ERROR")
    return level


class Settings(BaseSettings):
    """The environment. A vendor is wholly set or wholly unset; unset means that road is switched off."""

    model_config = SettingsConfigDict(frozen=True, extra="ignore", case_sensitive=True, hide_input_in_errors=True)

    database_url: Annotated[str, BeforeValidator(_database)] = Field(
        "sqlite:///oncallbot.db", alias="DATABASE_URL", repr=False
    )
    port: Annotated[int, BeforeValidator(_port)] = Field(8000, alias="PORT")
    stated_public_url: Annotated[str, BeforeValidator(_web_address)] | None = Field(None, alias="PUBLIC_URL")
    secret_key: SecretStr = Field(alias="SECRET_KEY")

    slack_bot_token: Annotated[SecretStr, _starting_with("xoxb-", example="xoxb-1234-5678-abc")] | None = Field(
        None, alias="SLACK_BOT_TOKEN"
    )
    slack_signing_secret: SecretStr | None = Field(None, alias="SLACK_SIGNING_SECRET")
    slack_team_id: Annotated[str, _starting_with("T", "E", example="T0TEAM0001")] | None = Field(
        None, alias="SLACK_TEAM_ID"
    )
    slack_bot_id: Annotated[str, _starting_with("B", example="B0BOT00001")] | None = Field(None, alias="SLACK_BOT_ID")
    slack_bot_user_id: Annotated[str, _starting_with("U", "W", example="U0BOT00001")] | None = Field(
        None, alias="SLACK_BOT_USER_ID"
    )
    slack_api_url: Annotated[str, BeforeValidator(lambda url: f"{_web_address(url)}/")] = Field(
        SLACK_API_URL, alias="SLACK_API_URL"
    )
    slack_client_id: str | None = Field(None, alias="SLACK_CLIENT_ID")
    slack_client_secret: SecretStr | None = Field(None, alias="SLACK_CLIENT_SECRET")
    oidc_issuer: Annotated[str, BeforeValidator(_web_address)] = Field(SLACK_ISSUER, alias="ONCALLBOT_OIDC_ISSUER")

    twilio_account_sid: Annotated[str, _starting_with("AC", example="AC0123…")] | None = Field(
        None, alias="TWILIO_ACCOUNT_SID"
    )
    twilio_auth_token: SecretStr | None = Field(None, alias="TWILIO_AUTH_TOKEN")
    twilio_auth_token_secondary: SecretStr | None = Field(None, alias="TWILIO_AUTH_TOKEN_SECONDARY")
    twilio_api_key_sid: Annotated[str, _starting_with("SK", example="SK0123…")] | None = Field(
        None, alias="TWILIO_API_KEY_SID"
    )
    twilio_api_key_secret: SecretStr | None = Field(None, alias="TWILIO_API_KEY_SECRET")
    twilio_api_url: Annotated[str, BeforeValidator(_origin)] | None = Field(None, alias="TWILIO_API_URL")

    allow_emulators: Annotated[bool, BeforeValidator(_is_one)] = Field(False, alias="ONCALLBOT_ALLOW_EMULATORS")
    clock_offset: Annotated[timedelta, BeforeValidator(_offset)] = Field(timedelta(), alias="ONCALLBOT_CLOCK_OFFSET")
    log_level: Annotated[Literal["DEBUG", "INFO", "WARNING", "ERROR"], BeforeValidator(_level)] = Field(
        "INFO", alias="ONCALLBOT_LOG"
    )
    release: str = Field("", alias="ONCALLBOT_RELEASE")

    _unknown: tuple[tuple[str, str | None], ...] = PrivateAttr(())

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],  # noqa: ARG003 - the library's signature
        init_settings: PydanticBaseSettingsSource,
        *_others: PydanticBaseSettingsSource,
        **_named: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Only what `read` hands over: nothing reaches past it into the process's environment or a file."""
        return (init_settings,)

    @classmethod
    def read(cls, environ: Mapping[str, str]) -> Self:
        """The settings of this environment. Blank variables count as unset. ConfigurationError holds all problems."""
        settings, problems = cls.as_far_as_readable(environ)
        if problems:
            raise ConfigurationError(problems)
        return settings

    @classmethod
    def as_far_as_readable(cls, environ: Mapping[str, str]) -> tuple[Self, tuple[Problem, ...]]:
        """What can be read, and all problems. What cannot be read is as if unset: look at the problems' places."""
        given = {name: value.strip() for name, value in environ.items() if value.strip()}
        problems = [*_halves(given), *_gaps(given)]
        values = _Given(cls, given)()
        try:
            settings = cls(**values)
        except ValidationError as error:
            found = [_problem(one) for one in error.errors(include_url=False, include_input=False)]
            problems.extend(found)
            wrong = {one.place for one in found}
            readable = {name: value for name, value in values.items() if name not in wrong}
            settings = cls(**({"SECRET_KEY": "unset"} | readable))  # only to be asked what else is wrong
        problems.extend(settings._refused())
        settings._unknown = tuple(_unknown(given))
        return settings, tuple(dict.fromkeys(problems))  # outside the `except`: the pydantic error knows the values

    @property
    def has_slack(self) -> bool:
        """Whether the road over Slack is open."""
        return self.slack_bot_token is not None

    @property
    def has_twilio(self) -> bool:
        """Whether the road over phone and SMS is open."""
        return self.twilio_account_sid is not None

    @property
    def public_url(self) -> str:
        """How the world reaches us, without trailing slash."""
        return self.stated_public_url or f"http://127.0.0.1:{self.port}"

    @property
    def twilio_auth_tokens(self) -> tuple[str, ...]:
        """The tokens whose signatures count, the primary one first; empty without Twilio."""
        tokens = (self.twilio_auth_token, self.twilio_auth_token_secondary)
        return tuple(token.get_secret_value() for token in tokens if token is not None)

    @property
    def unknown_variables(self) -> tuple[tuple[str, str | None], ...]:
        """Variables that mean nothing: each ONCALLBOT_… with the nearest right name or None, and misspelt others."""
        return self._unknown

    @property
    def weak_secrets(self) -> tuple[Problem, ...]:
        """Secrets of ours that somebody could guess."""
        if len(self.secret_key.get_secret_value()) >= _SHORTEST_KEY:
            return ()
        return (Problem("SECRET_KEY", "is short enough to be guessed", _MAKE_A_KEY),)

    @property
    def warnings(self) -> tuple[str, ...]:
        """What somebody should look at, one line each; nothing of it stops us."""
        return tuple(self._warnings())

    def listening_on(self, port: int) -> Self:
        """The same settings once the port is known: PORT=0 picks a free one."""
        return self.model_copy(update={"port": port})

    def _warnings(self) -> Iterator[str]:
        if not self.has_slack:
            yield "Slack is off: nobody is reached or heard there; set SLACK_BOT_TOKEN and its companions"
        if not self.has_twilio:
            yield "Twilio is off: no calls and no texts; set TWILIO_ACCOUNT_SID and TWILIO_AUTH_TOKEN"
        yield from (f"{weak.place} {weak.wrong}; {weak.cure}" for weak in self.weak_secrets)
        for name, near in self.unknown_variables:
            yield f"{name} means nothing here; {f'did you mean {near}?' if near else 'leave it out'}"

    def _refused(self) -> Iterator[Problem]:
        """What only emulators may have."""
        if self.allow_emulators:
            return
        if not _is_host_of(self.slack_api_url, "slack.com"):
            yield Problem("SLACK_API_URL", "is another host than Slack's", _EMULATORS_ONLY)
        if self.oidc_issuer != SLACK_ISSUER:
            yield Problem("ONCALLBOT_OIDC_ISSUER", "is another provider than Slack", _EMULATORS_ONLY)
        if self.twilio_api_url is not None and not _is_host_of(self.twilio_api_url, "twilio.com"):
            yield Problem("TWILIO_API_URL", "is another host than Twilio's", _EMULATORS_ONLY)
        if self.clock_offset:
            yield Problem("ONCALLBOT_CLOCK_OFFSET", "would page people at wrong times", _EMULATORS_ONLY)


class _Given(EnvSettingsSource):
    """Looks the fields up in a mapping instead of the process's environment."""

    def __init__(self, settings: type[BaseSettings], given: Mapping[str, str]) -> None:
        self._given = given
        super().__init__(settings)

    def _load_env_vars(self) -> Mapping[str, str | None]:
        return dict(self._given)


def _is_host_of(url: str, domain: str) -> bool:
    parts = urlsplit(url)
    host = parts.hostname or ""
    return parts.scheme == "https" and (host == domain or host.endswith(f".{domain}"))


def _halves(given: Mapping[str, str]) -> Iterator[Problem]:
    """A vendor half-set: names each variable that is missing."""
    for vendor, needed, any_of in (("Slack", _SLACK, _SLACK), ("Twilio", _TWILIO, _TWILIO_ALL)):
        present = [name for name in any_of if name in given]
        for name in needed:
            if present and name not in given:
                wrong = f"is not set, but {present[0]} is"
                yield Problem(name, wrong, _renamed(name, given) or f"set it, or leave out all of {vendor}'s")
    for pair, otherwise in (
        (_TWILIO_KEY, "the account's own token then signs in"),
        (_SLACK_CLIENT, "managers then sign in by links"),
    ):
        for name, other in (pair, pair[::-1]):
            if other in given and name not in given:
                cure = _renamed(name, given) or f"set both, or neither: {otherwise}"
                yield Problem(name, f"is not set, but {other} is", cure)


def _gaps(given: Mapping[str, str]) -> Iterator[Problem]:
    if "SECRET_KEY" not in given:
        yield Problem("SECRET_KEY", "is not set", _MAKE_A_KEY)
    if "PUBLIC_URL" not in given and any(name in given for name in _TWILIO_ALL):
        cure = "write how Twilio reaches us, for example https://oncall.example.com"
        yield Problem("PUBLIC_URL", "is not set, but Twilio is", cure)
    elif "PUBLIC_URL" not in given and "SLACK_CLIENT_ID" in given:
        cure = "write how managers reach us, for example https://oncall.example.com"
        yield Problem("PUBLIC_URL", "is not set, but SLACK_CLIENT_ID is", cure)
    is_slack = given.get("ONCALLBOT_OIDC_ISSUER", SLACK_ISSUER).rstrip("/") == SLACK_ISSUER
    if is_slack and "SLACK_CLIENT_ID" in given and not any(name in given for name in _SLACK):
        cure = "set it and its companions: only members of that workspace may sign in"
        yield Problem("SLACK_TEAM_ID", "is not set, but SLACK_CLIENT_ID is", cure)


def _renamed(name: str, given: Mapping[str, str]) -> str | None:
    """The variable that was probably meant to be this one."""
    near = get_close_matches(name, set(given) - _known(), n=1, cutoff=0.85)
    return f"rename {near[0]}" if near else None


def _known() -> set[str]:
    return {str(field.alias) for field in Settings.model_fields.values()} | set(_ELSEWHERE)


def _unknown(given: Mapping[str, str]) -> Iterator[tuple[str, str | None]]:
    known = _known()
    ours = {name.removeprefix("ONCALLBOT_"): name for name in known if name.startswith("ONCALLBOT_")}
    for name in sorted(set(given) - known):
        if name.upper().startswith("ONCALLBOT_"):
            bare = name.upper().removeprefix("ONCALLBOT_")
            near = get_close_matches(bare, ours, n=1)
            yield name, bare if bare in known else ours[near[0]] if near else None
        else:
            unset = [one for one in known - set(given) if len(one) >= _LEAST_GUESSED]
            meant = get_close_matches(name, unset, n=1, cutoff=0.88)
            if meant:
                yield name, meant[0]


def _problem(error: Any) -> Problem:
    """A pydantic error without the value that caused it."""
    name = str(error["loc"][0]) if error["loc"] else "environment"
    match error["type"]:
        case "wrong":
            return Problem(name, error["ctx"]["wrong"], error["ctx"]["cure"])
        case "missing":
            return Problem(name, "is not set", _MAKE_A_KEY if name == "SECRET_KEY" else "set it")
        case _:
            return Problem(name, "cannot be read", "correct it")
