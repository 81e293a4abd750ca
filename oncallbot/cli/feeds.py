"""Which address shows shifts in a calendar program? Makes it, shows it again, or revokes it.

It must not print an address twice in one answer, nor sign with any key but the servers'.
"""

from __future__ import annotations

from oncallbot.cli.desk import opened
from oncallbot.cli.naming import NOTHING_APPLIED, named
from oncallbot.cli.output import FINE, NO, document, is_for_a_person, misuse, no, say
from oncallbot.engine.feeding import Feeding
from oncallbot.errors import Problem
from oncallbot.escalation.rules import Rules
from oncallbot.schedule_files.spelling import instead_of
from oncallbot.storage.feeds import FeedKind


def feed(name: str, for_whom: str | None, *, revokes: bool, as_json: bool) -> int:
    """The feed of this responder or schedule: its address, or with `revokes` its end."""
    with opened(needs_secret=True) as desk:
        rules, settings = desk.door.rules_now(), desk.settings
        kind = _kind(rules, name)
        if for_whom is None and kind is FeedKind.SCHEDULE:
            raise misuse(Problem("--as", "a schedule's feed belongs to somebody", "write --as RESPONDER"))
        whose = named("responder", for_whom or name, rules.responders).id
        feeding = Feeding(desk.door, settings.secret_key.get_secret_value(), settings.public_url)
        had = feeding.revoke(kind, name, whose) if revokes else True
        url = None if revokes else feeding.address_of(kind, name, whose)
    if as_json:
        document({"kind": kind.value, "subject": name, "responder": whose, "url": url, "revoked": revokes and had})
    elif url is not None:
        say(url)
        if is_for_a_person():
            say("Subscribe to it in a calendar program. It is a secret: whoever has it sees these shifts.")
    else:
        say("Revoked: that address shows nothing any more." if had else "There was no address to revoke.")
    return FINE if had else NO


def _kind(rules: Rules, name: str) -> FeedKind:
    is_schedule, is_responder = name in rules.schedules, name in rules.responders
    if is_schedule and is_responder:
        wrong = "is a responder and a schedule"
        raise no(Problem(name, wrong, "give one of them another id in the schedule files, or use the calendars' page"))
    if not is_schedule and not is_responder:
        known = {**rules.schedules, **rules.responders}
        raise no(Problem(name, "is no responder and no schedule", instead_of(name, known, NOTHING_APPLIED)))
    return FeedKind.SCHEDULE if is_schedule else FeedKind.RESPONDER
