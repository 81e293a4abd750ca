"""Which numbers page you, and how do they ring through? A contact card, and a page with the steps.

It must not need a sign-in, nor show more than the hotlines' own numbers: every customer knows them.
"""

from __future__ import annotations

from urllib.parse import urlsplit

from fastapi import APIRouter
from fastapi.responses import Response

from oncallbot.escalation.rules import Rules
from oncallbot.web import routes, vcard
from oncallbot.web.pages import Pages
from oncallbot.wording import ringing_through

CARD = "/contact.vcf"
_NONE_YET = "No hotline has a number yet. Write one into the schedule files, and apply them."


def create(pages: Pages) -> APIRouter:
    """The routes /contact and /contact.vcf."""
    router = routes.router()
    public_url = pages.doors.public_url

    @router.get("/contact")
    def steps() -> Response:
        rules = pages.doors.door.rules_now()
        return pages.page(
            "contact.html",
            None,
            numbers=paging_numbers(rules),
            card=CARD,
            phones=ringing_through.PHONES,
            test=ringing_through.TEST,
        )

    @router.get(CARD)
    def card() -> Response:
        rules = pages.doors.door.rules_now()
        numbers = paging_numbers(rules)
        if not numbers:
            return pages.said(404, "There is no contact yet", _NONE_YET)
        note = "\n".join(ringing_through.lines())
        uid = f"oncallbot@{urlsplit(public_url).hostname}"
        body = vcard.vcard(_name(rules), uid, tuple(numbers), note, f"{public_url}/contact")
        headers = {"Content-Disposition": 'attachment; filename="oncallbot.vcf"', "Cache-Control": "no-store"}
        return Response(body, media_type=vcard.MEDIA_TYPE, headers=headers)

    return router


def paging_numbers(rules: Rules) -> dict[str, str]:
    """The number that each hotline pages from, which is its first one, and the hotlines' names."""
    found: dict[str, str] = {}
    for hotline in rules.hotlines.values():
        if hotline.numbers:
            known = found.get(hotline.numbers[0])
            found[hotline.numbers[0]] = f"{known}, {hotline.name}" if known else hotline.name
    return found


def _name(rules: Rules) -> str:
    names = [one.name for one in rules.hotlines.values() if one.numbers]
    return f"oncallbot {names[0]}" if len(names) == 1 else "oncallbot"
