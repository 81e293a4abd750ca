"""Is this day a public holiday there, and what is it called? Asks the `holidays` package, imported at first use.

It must not decide what a holiday means: office hours do.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from oncallbot.schedule_files.spelling import Misspelt, instead_of


@dataclass(frozen=True, slots=True)
class PublicHolidays:
    """The holidays of a country (`DE`) and, with `subdivision`, of one part of it (`BE`). Equal by value."""

    country: str
    subdivision: str | None = None

    def name_on(self, day: date) -> str | None:
        """The holiday's name in the country's own language, or None on an ordinary day."""
        return _in_year(self.country, self.subdivision, day.year).get(day)


@lru_cache(maxsize=1024)
def _in_year(country: str, subdivision: str | None, year: int) -> Mapping[date, str]:
    """One year's holidays. The package's own objects grow while they are asked; this copy is shared by threads."""
    from holidays import country_holidays

    # Left to itself the package speaks the language of the machine's locale: names would differ between machines.
    language = country_holidays(country).default_language
    return dict(country_holidays(country, subdiv=subdivision, years=year, language=language))


@lru_cache(maxsize=1)
def _subdivisions() -> Mapping[str, list[str]]:
    from holidays import list_supported_countries

    return list_supported_countries(include_aliases=True)


def checked(country: str, subdivision: str | None) -> tuple[str, str | None]:
    """The codes in their usual case; `Misspelt` when the package does not know them."""
    known = _subdivisions()
    code = country.upper()
    if code not in known:
        cure = instead_of(code, known, "write its two letters, like DE")
        raise Misspelt(f"no holidays are known for country {country!r}", cure)
    if subdivision is None:
        return code, None
    parts = {one.casefold(): one for one in known[code]}
    if subdivision.casefold() not in parts:
        cure = f"write one of {', '.join(sorted(known[code]))}" if known[code] else "leave the subdivision out"
        raise Misspelt(f"{code} has no subdivision {subdivision!r}", cure)
    return code, parts[subdivision.casefold()]
