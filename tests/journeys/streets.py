"""Who lives where: each night is played in a street of its own, with its own hotline, people, policy and hours.

All streets of a house are applied at once; a journey takes the next one of the kind that it needs.
"""

import json
from dataclasses import dataclass, field
from typing import Any

AREA = "+493023125"  # the range kept for fiction: +49 30 23125 000 to 999
BOTH = (("0s", "sms"), ("0s", "voice"))
ALWAYS = {"mon-sun": "00:00-24:00"}
PLACES = ("hotline", "ana", "ben", "cem", "dora", "erik", "frida", "stranger", "office", "spare")
MOST = 100


@dataclass(frozen=True)
class Kind:
    """`levels` are (people, seconds); `notify` everyone's rules; the office is closed unless `is_open`."""

    levels: tuple[tuple[tuple[str, ...], str], ...]
    notify: tuple[tuple[str, str], ...] = BOTH
    is_open: bool = False
    opens: dict[str, str] = field(default_factory=dict)
    repeat_after: str = "60s"
    tier: dict[str, Any] = field(default_factory=dict)


def _ana_then_ben(seconds: str) -> tuple[tuple[tuple[str, ...], str], ...]:
    return ((("ana",), seconds), (("ben",), seconds))


KINDS = {
    # Ana, then Ben after two seconds.
    "quick": Kind(_ana_then_ben("2s")),
    # A level lasts longer than the test: whoever comes earlier came for another reason.
    "patient": Kind(_ana_then_ben("60s")),
    "calls only": Kind(_ana_then_ben("60s"), (("0s", "voice"),)),
    "text, then call": Kind(_ana_then_ben("60s"), (("0s", "sms"), ("60s", "voice"))),
    "texts only": Kind(_ana_then_ben("60s"), (("0s", "sms"),)),
    "everybody": Kind(((("ana", "ben", "cem"), "60s"),), (("0s", "sms"), ("0s", "voice"), ("1s", "sms"))),
    "short loops": Kind(_ana_then_ben("1s"), repeat_after="1s"),
    "office": Kind(_ana_then_ben("60s"), is_open=True, tier={"office_unanswered": "page"}),
    "office that holds": Kind(_ana_then_ben("60s"), is_open=True, tier={"office_unanswered": "hold"}),
    "held at night": Kind(_ana_then_ben("60s"), tier={"after_hours": "hold"}),
    # The only one whose hours are real: its house has a clock of its own.
    "opens on Monday": Kind(_ana_then_ben("60s"), opens={"mon-fri": "09:00-18:00"}, tier={"after_hours": "hold"}),
}
# As many as all journeys together need: one pytest worker may get every file.
NUMBERS = {
    "quick": 14,
    "patient": 21,
    "calls only": 10,
    "text, then call": 9,
    "texts only": 2,
    "short loops": 1,
    "office": 6,
    "office that holds": 1,
    "held at night": 1,
}


def phone(street: int, place: str) -> str:
    """The telephone number of that place in that street."""
    return f"{AREA}{street:02d}{PLACES.index(place)}"


def roster(kinds: dict[int, str]) -> str:
    """The schedule file of these streets (JSON is YAML)."""
    file: dict[str, Any] = {"timezone": "Europe/Berlin"}
    sections = ("responders", "office_hours", "policies", "tiers", "customers", "hotlines")
    file |= {section: {} for section in sections}
    file["tiers"]["standard"] = {"promise": "60m", "call_back": "60m"}
    for street, name in kinds.items():
        _add(file, street, KINDS[name])
    return json.dumps(file, indent=1)


def _add(file: dict[str, Any], street: int, kind: Kind) -> None:
    rules = [{"after": after, "by": by} for after, by in kind.notify]
    for person, whole in (("ana", "Ana Ruiz"), ("ben", "Ben Okafor"), ("cem", "Cem Aydin")):
        file["responders"][f"{person}{street}"] = {"name": whole, "phone": phone(street, person), "notify": rules}
    texts = [{"after": "0s", "by": "sms"}]
    file["responders"][f"dora{street}"] = {
        "name": "Dora Lind",
        "phone": phone(street, "dora"),
        "manager": True,
        "notify": texts,
    }
    file["office_hours"][f"hours{street}"] = {"open": ALWAYS if kind.is_open else kind.opens}
    file["policies"][f"policy{street}"] = {
        "levels": [
            {"page": [{"responder": f"{one}{street}"} for one in people], "timeout": seconds}
            for people, seconds in kind.levels
        ],
        "repeat_after": kind.repeat_after,
        "last_resort": [{"responder": f"dora{street}"}],
    }
    file["tiers"][f"gold{street}"] = {"promise": "15m", "call_back": "15m"} | kind.tier
    for customer, person in (("acme", "erik"), ("beta", "frida")):
        file["customers"][f"{customer}{street}"] = {
            "name": customer.capitalize(),
            "tier": f"gold{street}",
            "phones": [phone(street, person)],
        }
    file["hotlines"][f"main{street}"] = {
        "name": "Example Support",
        "numbers": [phone(street, "hotline")],
        "office_hours": f"hours{street}",
        "office_target": phone(street, "office"),
        "policies": {"default": f"policy{street}"},
        "default_tier": "standard",
        "managers": [f"dora{street}"],
    }
