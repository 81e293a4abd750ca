"""Which machines may report, and by which URL? Adds, lists and revokes webhook tokens.

It must not show a token twice: only its hash is kept.
"""

from __future__ import annotations

import secrets
from typing import Any

from oncallbot.cli.desk import opened
from oncallbot.cli.naming import named
from oncallbot.cli.output import FINE, NOT_THERE, document, instant, is_for_a_person, local, misuse, no, say, table
from oncallbot.errors import Problem
from oncallbot.schedule_files.spelling import Misspelt, instead_of
from oncallbot.schedule_files.spelling import name as checked_name
from oncallbot.storage import webhooks
from oncallbot.storage.webhooks import Webhook


def add(name: str, hotline: str, customer: str | None, *, as_json: bool) -> int:
    """Makes a token for one source, and prints its URL: the only time that anybody sees it."""
    try:
        checked_name(name)
    except Misspelt as error:
        raise misuse(Problem("NAME", error.wrong, error.cure)) from error
    token = secrets.token_urlsafe(32)
    with opened() as desk:
        rules = desk.door.rules_now()
        line = named("hotline", hotline, rules.hotlines)
        known = named("customer", customer, rules.customers) if customer is not None else None
        webhook = Webhook(name, line.id, known.id if known else None, desk.clock.now())
        with desk.database.write() as connection:
            is_new = webhooks.add(connection, webhook, token)
        url = f"{desk.settings.public_url}/hooks/{token}"
    if not is_new:
        raise no(Problem(f"webhook {name}", "that name was used before", "choose a name that was never used"))
    if as_json:
        document({"name": name, "hotline": webhook.hotline, "customer": webhook.customer, "url": url})
    else:
        say(url)
        if is_for_a_person():
            say("Keep it like a password: it is shown only now.")
    return FINE


def list_webhooks(*, as_json: bool) -> int:
    """Every webhook, revoked ones too."""
    with opened() as desk:
        rules = desk.door.rules_now()
        with desk.database.read() as connection:
            found = webhooks.all_ones(connection)
    if as_json:
        document([_json(one) for one in found])
    elif not found:
        say("There is no webhook: `oncallbot webhook add` makes one.")
    else:
        zones = {one.id: one.timezone for one in rules.hotlines.values()}
        rows = []
        for one in found:
            tz = zones.get(one.hotline, "UTC")
            rows.append(
                (one.name, one.hotline, one.customer or NOT_THERE, local(one.created_at, tz), local(one.revoked_at, tz))
            )
        table(("webhook", "hotline", "customer", "added", "revoked"), rows)
    return FINE


def revoke(name: str, *, as_json: bool) -> int:
    """From now on its URL is unknown."""
    with opened() as desk, desk.database.write() as connection:
        is_revoked = webhooks.revoke(connection, name, desk.clock.now())
        found = webhooks.all_ones(connection)
    if not is_revoked:
        raise no(_not_revoked(name, found))
    if as_json:
        document(next(_json(one) for one in found if one.name == name))
    else:
        say(f"{name} is revoked: its URL answers 404 from now on.")
    return FINE


def _not_revoked(name: str, found: list[Webhook]) -> Problem:
    place = f"webhook {name}"
    if any(one.name == name for one in found):
        return Problem(place, "was revoked before", "there is nothing left to do")
    running = [one.name for one in found if one.revoked_at is None]
    return Problem(place, "there is no such webhook", instead_of(name, running, "`oncallbot webhook list` shows them"))


def _json(one: Webhook) -> dict[str, Any]:
    return {
        "name": one.name,
        "hotline": one.hotline,
        "customer": one.customer,
        "created_at": instant(one.created_at),
        "revoked_at": instant(one.revoked_at),
    }
