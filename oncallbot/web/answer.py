"""A responder's signed link: GET shows the page, only POST answers it.

It must not act on a GET: whatever previews links would acknowledge.
"""

from __future__ import annotations

from fastapi import APIRouter, Form
from fastapi.responses import HTMLResponse

from oncallbot.channels import link
from oncallbot.channels.link import Expired
from oncallbot.engine.handle import PageAtHand
from oncallbot.escalation.events import Answer
from oncallbot.web import link_pages, routes
from oncallbot.web.doors import Doors
from oncallbot.web.link_pages import said
from oncallbot.wording.responders import reporter_name, summary_of, taken_text

_ANSWERS = {"acknowledge": Answer.ACKNOWLEDGE, "pass": Answer.PASS, "resolve": Answer.RESOLVE}
_LONGEST_SUMMARY = 2_000


def create(doors: Doors) -> APIRouter:
    """The routes /answer/{secret}."""
    router = routes.router()

    @router.get("/answer/{secret}")
    def show(secret: str) -> HTMLResponse:
        opened = _opened(doors, secret)
        if isinstance(opened, HTMLResponse):
            return opened
        attempt, page = opened
        return _page(doors, page, link.first_outcome(doors.door, attempt))

    @router.post("/answer/{secret}")
    def act(secret: str, answer: str = Form("")) -> HTMLResponse:
        opened = _opened(doors, secret)
        if isinstance(opened, HTMLResponse):
            return opened
        attempt, page = opened
        given = _ANSWERS.get(answer)
        if given is None:
            return said(422, "Not understood", "Go back and use one of the buttons.")
        words = link.answer(doors.door, page, attempt, given)
        now_at_hand = link.at_hand(doors.door, attempt) or page
        return _page(doors, now_at_hand, words)

    return router


def _opened(doors: Doors, secret: str) -> tuple[str, PageAtHand] | HTMLResponse:
    """The attempt and what can be answered, or the page that says why not."""
    attempt = doors.links.attempt(secret, doors.door.clock.now())
    if isinstance(attempt, Expired):
        return said(410, "This link has expired", "Answer the newest page, or use the command line.")
    page = link.at_hand(doors.door, attempt) if attempt is not None else None
    if attempt is None or page is None:
        return said(404, "There is no such page", "Check that the whole link was opened.")
    return attempt, page


def _page(doors: Doors, page: PageAtHand, words: str | None) -> HTMLResponse:
    rules, now = doors.door.rules_now(), doors.door.clock.now()
    customer = rules.customers.get(page.own.customer or "")
    is_open = any(one.number == page.own.number for one in page.open)
    holder = page.own.holder
    if words is None and not is_open and holder is not None:
        words = taken_text(page.own.number, holder, page.own.acknowledged_at, rules, page.responder, now)
    return link_pages.page(
        "answer.html",
        issue=page.own,
        name=reporter_name(page.own, customer.name if customer else None),
        summary=summary_of(page.own, _LONGEST_SUMMARY),
        responder=page.responder,
        words=words,
        can_answer=is_open and words is None,
    )
