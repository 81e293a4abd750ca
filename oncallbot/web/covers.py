"""The link in a text about a cover request: GET shows what is asked, only POST takes it. For who has no Slack.

It must not act on a GET: whatever previews links would take the shift. Nobody signs in: the link says who reads it.
"""

from __future__ import annotations

from fastapi import APIRouter
from fastapi.responses import HTMLResponse

from oncallbot.channels import cover_answers
from oncallbot.engine import covering
from oncallbot.engine.covering import NotAsked, Offer
from oncallbot.oncall.editing import Mistake, Roster
from oncallbot.oncall.people import Responder
from oncallbot.storage.cover_requests import Status
from oncallbot.web import link_pages, routes
from oncallbot.web.doors import Doors
from oncallbot.wording.cover_offers import offer_text
from oncallbot.wording.covers import TAKE_IT, over_text, taken_text
from oncallbot.wording.previews import refused_text


def create(doors: Doors) -> APIRouter:
    """The routes /cover/{secret}."""
    router = routes.router()

    @router.get("/cover/{secret}")
    def show(secret: str) -> HTMLResponse:
        return _shown(doors, secret)

    @router.post("/cover/{secret}")
    def take(secret: str) -> HTMLResponse:
        opened = _opened(doors, secret)
        if opened is None:
            return _unknown()
        offer, reader = opened
        return _shown(doors, secret, cover_answers.accept(doors.door, offer.request.id, reader))

    return router


def _opened(doors: Doors, secret: str) -> tuple[Offer, Responder] | None:
    """The request, and whose link it is; None for a link that is not ours, and for who may not (any more)."""
    meant = doors.links.covered(secret)
    offer = covering.look(doors.door, *meant) if meant is not None else NotAsked()
    return None if meant is None or isinstance(offer, NotAsked) else (offer, offer.rules.responders[meant[1]])


def _unknown() -> HTMLResponse:
    words = "Check that the whole link was opened. It works only for as long as you are asked."
    return link_pages.said(404, "There is no such request", words)


def _shown(doors: Doors, secret: str, words: str = "") -> HTMLResponse:
    """The page as it is now. `words` answer the button; else they say why there is none, if that is so."""
    opened = _opened(doors, secret)
    if opened is None:
        return _unknown()
    (offer, reader), now = opened, doors.door.clock.now()
    request, rules = offer.request, offer.rules
    is_theirs = request.status is Status.TAKEN and request.taken_by == reader.id
    is_over = covering.is_over(request, now)
    if isinstance(offer.after, Mistake):
        words = words or refused_text(offer.after)
    elif is_over:
        say = taken_text if is_theirs else over_text
        words = words or say(request, rules, reader.timezone, now)
    roster = offer.after if isinstance(offer.after, Roster) else Roster(rules.schedules, rules.absences)
    return link_pages.page(
        "cover.html",
        410 if is_over and request.status is not Status.TAKEN else 200,
        offer=offer_text(request, rules, roster, reader, now),
        words=words,
        is_theirs=is_theirs,
        button=TAKE_IT,
    )
