"""The link in a text about a swap: GET shows both people's weeks, only POST accepts or declines. For who has no Slack.

It must not act on a GET: whatever previews links would answer. Nobody signs in: the link says who reads it.
"""

from __future__ import annotations

from fastapi import APIRouter, Form
from fastapi.responses import HTMLResponse

from oncallbot.channels import swap_answers
from oncallbot.channels.slack_previews import refusal
from oncallbot.channels.swap_answers import Again, Look, Swap
from oncallbot.engine.proposals import Outline, Proposed
from oncallbot.storage.proposals import Status
from oncallbot.web import link_pages, routes
from oncallbot.web.doors import Doors
from oncallbot.web.link_pages import said
from oncallbot.wording.swaps import ACCEPT, DECLINE, SWAP_IS_OFF, swap_agreed_text, swap_title


def create(doors: Doors) -> APIRouter:
    """The routes /swap/{secret}."""
    router = routes.router()

    @router.get("/swap/{secret}")
    def show(secret: str) -> HTMLResponse:
        opened = _opened(doors, secret)
        return _page(doors, opened) if opened is not None else _unknown()

    @router.post("/swap/{secret}")
    def act(secret: str, answer: str = Form("")) -> HTMLResponse:
        opened = _opened(doors, secret)
        if opened is None:
            return _unknown()
        if opened.status is not Status.OPEN or not isinstance(opened.outline, Outline):
            return _page(doors, opened)
        if answer not in _ANSWERS:
            return said(422, "Not understood", "Go back and use one of the buttons.")
        found = _ANSWERS[answer](doors.door, opened.id, opened.swap.other)
        return _asked(doors, found) if isinstance(found, Again) else _answered(doors, opened.swap, found)

    return router


_ANSWERS = {"accept": swap_answers.accept, "decline": swap_answers.decline}


def _opened(doors: Doors, secret: str) -> Look | None:
    """The proposal as it is now; None for a link that is not ours, is too old, or where one of the two is gone."""
    meant = doors.links.swapped(secret)
    return swap_answers.look(doors.door, meant) if meant is not None else None


def _unknown() -> HTMLResponse:
    return said(404, "There is no such swap", "Check that the whole link was opened. It is kept for 30 days.")


def _page(doors: Doors, opened: Look) -> HTMLResponse:
    """What is asked, or how it ended: 410 where it ended without an answer, or cannot be any more."""
    rules, now, swap = doors.door.rules_now(), doors.door.clock.now(), opened.swap
    if opened.status is Status.CONFIRMED:
        agreed = swap_agreed_text(swap.asker.id, swap.gives, swap.gets, rules, swap.other.timezone, now)
        return _answered(doors, swap, agreed)
    if opened.status is not Status.OPEN:
        return _answered(doors, swap, SWAP_IS_OFF, 410)
    if not isinstance(opened.outline, Outline):
        return _answered(doors, swap, refusal(opened.outline, rules), 410)
    return _asked(doors, Again(Proposed(opened.id, opened.outline, swap.other.id), opened.orders, swap, ""))


def _asked(doors: Doors, asked: Again) -> HTMLResponse:
    swap, door = asked.swap, doors.door
    return link_pages.page(
        "swap.html",
        title=swap_title(swap.asker.id, door.rules_now()),
        text=swap_answers.shown(asked.made.outline, asked.orders, swap, swap.other, door.clock.now()),
        lead=asked.lead,
        accept=ACCEPT,
        decline=DECLINE,
    )


def _answered(doors: Doors, swap: Swap, words: str, status: int = 200) -> HTMLResponse:
    return said(status, swap_title(swap.asker.id, doors.door.rules_now()), words)
