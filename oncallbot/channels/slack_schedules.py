"""What does a command about schedules answer? A preview to confirm, or what was asked, seen by the asker alone.

It must not change a schedule: that is what the preview's Confirm does.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from typing import assert_never

from oncallbot.channels import slack_covers, slack_rotations, slack_swaps
from oncallbot.channels.schedule_orders import Denied, Ordering, Settled, Situation, Unclear, Wanted, wanted
from oncallbot.channels.slack_asking import Asking
from oncallbot.channels.slack_previews import kept, plain, preview, refusal, unkept
from oncallbot.chat.blocks import Message
from oncallbot.engine import counts, proposals
from oncallbot.engine.handle import Door
from oncallbot.engine.proposals import Proposed
from oncallbot.engine.whispers import answered_once
from oncallbot.errors import ConfigurationError
from oncallbot.escalation.rules import Rules
from oncallbot.oncall.counting import Hours
from oncallbot.oncall.editing import Mistake
from oncallbot.oncall.people import Responder
from oncallbot.oncall.wallclock import to_local, to_utc, zone
from oncallbot.schedule_files import Kind
from oncallbot.storage import rule_objects
from oncallbot.storage.feeds import FeedKind
from oncallbot.wording import previews, schedule_forms
from oncallbot.wording.edit_words import hours_lines, rotation_lines
from oncallbot.wording.schedule_forms import ScheduleCommand
from oncallbot.wording.slack_private import NO_FEED, OWN_AFFAIRS, feed_revoked_text, feed_text
from oncallbot.wording.swaps import absences_lines


def answer(asking: Asking, form: ScheduleCommand) -> Message:
    """The answer; a repeat of the request gets the first one again."""
    if isinstance(form, schedule_forms.ShowFeed):  # a secret, which is not kept for repeats
        return plain(_feed(asking, form))
    return unkept(answered_once(asking.workspace.door, asking.key, lambda: kept(_answer(asking, form))))


def _answer(asking: Asking, form: ScheduleCommand) -> Message:
    door, who = asking.workspace.door, asking.responder
    rules, now = door.rules_now(), door.clock.now()
    match form:
        case schedule_forms.OpenRotation():
            return slack_rotations.open_form(asking, form)
        case schedule_forms.ShowRotation(schedule, layer):
            return plain("\n".join(rotation_lines(rules.schedules[schedule], layer, rules, who.timezone, now)))
        case schedule_forms.ShowAbsences():
            return plain("\n".join(absences_lines(rules.absences, rules, who.timezone, now)))
        case schedule_forms.ShowHours(name):
            shown = [one for one in rules.office_hours.values() if name in (None, one.id)]
            return plain("\n".join(hours_lines(shown, now)))
        case schedule_forms.CoverMe():
            return plain(slack_covers.ask(door, who, form))
        case schedule_forms.SwapShifts():
            return slack_swaps.ask(asking, form)
        case schedule_forms.ShowFeed():
            return plain(_feed(asking, form))
        case schedule_forms.RevokeFeed():
            return plain(_revoked(asking, form))
        case _:
            return proposed(door, who, form)


def proposed(door: Door, who: Responder, form: Ordering) -> Message:
    """The preview of what the form orders, kept until it is confirmed; or why there is none."""
    at = situation(door, who, form.schedule if isinstance(form, schedule_forms.OrderFairest) else None)
    try:
        meant = wanted(form, at)
    except ConfigurationError as error:
        return plain(previews.problems_text(map(str, error.problems)))
    match meant:
        case Denied(what):
            return plain(denied_text(what))
        case Unclear(words) | Settled(words):
            return plain(words)
        case Mistake():
            return plain(previews.refused_text(meant))
        case Wanted(orders, reason, notes):
            found = proposals.propose(door, orders, who.id, reason=reason)
        case _:
            assert_never(meant)
    if isinstance(found, Proposed):
        return preview(found, orders, who, notes)
    return plain(refusal(found, at.rules))


def _feed(asking: Asking, form: schedule_forms.ShowFeed) -> str:
    kind, subject = _subject(asking, form.schedule)
    return feed_text(asking.feeding.address_of(kind, subject, asking.responder.id), form.schedule)


def _revoked(asking: Asking, form: schedule_forms.RevokeFeed) -> str:
    kind, subject = _subject(asking, form.schedule)
    was_there = asking.feeding.revoke(kind, subject, asking.responder.id)
    return feed_revoked_text(form.schedule) if was_there else NO_FEED


def _subject(asking: Asking, schedule: str | None) -> tuple[FeedKind, str]:
    return (FeedKind.SCHEDULE, schedule) if schedule else (FeedKind.RESPONDER, asking.responder.id)


def denied_text(what: str) -> str:
    """Only managers may, and what everybody may."""
    return f"{previews.managers_only_text(what)} {OWN_AFFAIRS}"


def situation(door: Door, who: Responder, counted: str | None) -> Situation:
    """By what orders are understood now; with this year's hours in the schedule `counted`."""
    now = door.clock.now()
    with door.database.read() as connection:
        rules: Rules = door.rules.of(connection)
        hours = [one for one in rule_objects.load_all(connection) if one.kind == Kind.OFFICE_HOURS]
        worked: Mapping[str, Hours] = {}
        if counted is not None:
            tz = zone(rules.schedules[counted].timezone)
            year = to_utc(datetime(to_local(now, tz).year, 1, 1), tz)
            worked = counts.hours_of(connection, rules, [counted], year, now)
    return Situation(rules, who, now, {one.id: json.loads(one.body) for one in hours}, worked)
