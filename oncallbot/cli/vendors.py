"""What do the vendors need to know of us? Prints it, ready to be pasted.

It must not ask a vendor anything.
"""

from __future__ import annotations

import os
from xml.etree import ElementTree

from oncallbot.app import read_settings
from oncallbot.chat.manifest import manifest
from oncallbot.cli.desk import opened
from oncallbot.cli.naming import NOTHING_APPLIED, named
from oncallbot.cli.output import FINE, document, misuse, no, say
from oncallbot.errors import Problem
from oncallbot.escalation.rules import Hotline

_XML = '<?xml version="1.0" encoding="UTF-8"?>\n'


def slack_manifest(url: str | None) -> int:
    """The app's manifest for the installation that the world reaches at `url`, else at PUBLIC_URL."""
    address = url or read_settings(os.environ, needs_secret=False).public_url
    if not address.startswith(("https://", "http://")):
        raise misuse(Problem("--url", f"{address} is no web address", "write it like https://oncall.example.com"))
    document(manifest(address))
    return FINE


def twilio_fallback(hotline: str | None, *, as_json: bool) -> int:
    """The TwiML that another machine answers with when ours is down: it needs nothing of ours."""
    with opened() as desk:
        hotlines = desk.door.rules_now().hotlines
    if hotline is None and not hotlines:
        raise no(Problem("hotline", "no hotline is configured", NOTHING_APPLIED))
    if hotline is None and len(hotlines) > 1:
        raise misuse(Problem("HOTLINE", "there are several hotlines", f"name one of {', '.join(sorted(hotlines))}"))
    one = next(iter(hotlines.values())) if hotline is None else named("hotline", hotline, hotlines)
    if one.fallback_number is None:
        cure = "set it to the phone of somebody who may be woken, and apply"
        raise no(Problem(f"hotline {one.id}", "has no `fallback_number`", cure))
    twiml = _fallback(one, one.fallback_number)
    if as_json:
        document({"hotline": one.id, "twiml": twiml})
    else:
        say(twiml)
    return FINE


def _fallback(hotline: Hotline, number: str) -> str:
    """Shown as called by the hotline's number: it is in the person's contacts, and rings through do-not-disturb."""
    from oncallbot.telephony import twiml
    from oncallbot.wording import fallback

    spoken = fallback.languages(hotline)
    document = twiml.voice(
        [
            *(twiml.Say(fallback.before(hotline, language), language) for language in spoken),
            twiml.Dial(number, None, next(iter(hotline.numbers), None)),
            *(twiml.Say(fallback.after(language), language) for language in spoken),
            twiml.Hangup(),
        ]
    )
    lines = ElementTree.fromstring(document)
    ElementTree.indent(lines)
    return _XML + ElementTree.tostring(lines, encoding="unicode")
