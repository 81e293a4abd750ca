"""How is an instant or a reference said to this reader? In the reader's zone and language.

It must not compute with local times, nor read a clock.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from oncallbot.oncall.wallclock import to_local, zone

_DAYS = {
    "en": ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"),
    "de": ("Mo", "Di", "Mi", "Do", "Fr", "Sa", "So"),
}
_LONG_DAYS = {
    "en": ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
    "de": ("Montag", "Dienstag", "Mittwoch", "Donnerstag", "Freitag", "Samstag", "Sonntag"),
}
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_LONG_MONTHS = {
    "en": (
        "January", "February", "March", "April", "May", "June",
        "July", "August", "September", "October", "November", "December",
    ),
    "de": (
        "Januar", "Februar", "März", "April", "Mai", "Juni",
        "Juli", "August", "September", "Oktober", "November", "Dezember",
    ),
}  # fmt: skip
_DIGITS = {
    "en": ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"),
    "de": ("null", "eins", "zwei", "drei", "vier", "fünf", "sechs", "sieben", "acht", "neun"),
}
_SIX_DAYS = timedelta(days=6)  # a weekday's name alone must mean one day only


def clock_time(at: datetime, tz: str, now: datetime | None = None, language: str = "en") -> str:
    """`03:14` on the day that it is at `now` in `tz`; else `Mon 09:00`, and `2 Nov 09:00` beyond six days.

    Without `now` the time alone.
    """
    local = to_local(at, zone(tz))
    time = f"{local:%H:%M}"
    if now is None:
        return time
    distance = abs(local.date() - to_local(now, zone(tz)).date())
    if not distance:
        return time
    if distance <= _SIX_DAYS:
        return f"{_DAYS[_known(language)][local.weekday()]} {time}"
    if _known(language) == "de":
        return f"{local.day}.{local.month}. {time}"
    return f"{local.day} {_MONTHS[local.month - 1]} {time}"


def spoken_time(at: datetime, tz: str, now: datetime | None = None, language: str = "en") -> str:
    """`3:14 AM`, `Monday at 9:00 AM`, `2 November at 9:00 AM`; in German `3 Uhr 14`, `Montag um 9 Uhr`."""
    local = to_local(at, zone(tz))
    language = _known(language)
    time = _spoken_clock(local, language)
    if now is None:
        return time
    distance = abs(local.date() - to_local(now, zone(tz)).date())
    if not distance:
        return time
    if distance <= _SIX_DAYS:
        day = _LONG_DAYS[language][local.weekday()]
    else:
        month = _LONG_MONTHS[language][local.month - 1]
        day = f"{local.day}. {month}" if language == "de" else f"{local.day} {month}"
    return f"{day} um {time}" if language == "de" else f"{day} at {time}"


def spoken_reference(number: int, language: str = "en") -> str:
    """1042 is "one zero four two": digit by digit, as a person writes it down."""
    return " ".join(_DIGITS[_known(language)][int(digit)] for digit in str(number))


def _spoken_clock(local: datetime, language: str) -> str:
    if language == "de":
        return f"{local.hour} Uhr {local.minute}" if local.minute else f"{local.hour} Uhr"
    return f"{(local.hour % 12) or 12}:{local.minute:02} {'AM' if local.hour < 12 else 'PM'}"


def _known(language: str) -> str:
    return language if language in _DIGITS else "en"
