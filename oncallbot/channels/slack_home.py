"""What does the app's home tab show its reader? Their shifts, the open issues, who is on call, their contact methods.

It must not show anybody else's: it is drawn for one reader, when it is sent.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from oncallbot.channels import slack_covers
from oncallbot.channels.slack_questions import Asker, Question, answer
from oncallbot.chat.app import Ack, App
from oncallbot.chat.blocks import Actions, Block, Button, Confirm, Context, Header, Section, home
from oncallbot.chat.bodies import actor, delivery_key
from oncallbot.chat.client import Slack
from oncallbot.chat.manifest import HOME_OPENED
from oncallbot.chat.texts import joined, link, words
from oncallbot.engine import covering, home_tabs, pager_tests
from oncallbot.engine.handle import Door
from oncallbot.engine.sending import Delivery
from oncallbot.engine.slack_names import Workspace
from oncallbot.escalation.issue import Issue
from oncallbot.escalation.rules import Rules
from oncallbot.oncall.coverage import coming_gaps
from oncallbot.oncall.people import Responder
from oncallbot.storage import issues, proofs
from oncallbot.storage.outbox import Notification
from oncallbot.wording import command_forms, covers, homes, shift_news
from oncallbot.wording.schedule_forms import CoverMe
from oncallbot.wording.shift_times import zone_note

log = logging.getLogger(__name__)

COVER_ME, TEST_ME = "home_cover_me", "home_test_me"


def register(app: App, workspace: Workspace) -> None:
    """Listen to who opens it, and to its buttons."""

    @app.event(HOME_OPENED)
    def was_opened(ack: Ack, body: dict[str, Any]) -> None:
        event, who = body.get("event") or {}, actor(body)
        if event.get("tab") == "home" and who is not None and who.team_id == workspace.team_id:
            responder = workspace.names().responder(who.team_id, who.user_id)
            home_tabs.show(workspace.door, who.user_id, responder.id if responder else None, delivery_key(body))
        ack()

    @app.action(COVER_ME)
    def covers(ack: Ack, body: dict[str, Any]) -> None:
        _clicked(workspace, body, lambda who: slack_covers.ask(workspace.door, who, CoverMe()))
        ack()

    @app.action(TEST_ME)
    def tests(ack: Ack, body: dict[str, Any]) -> None:
        _clicked(workspace, body, lambda who: pager_tests.test(workspace.door, who.id))
        ack()


def publish(door: Door, slack: Slack, notification: Notification, public_url: str) -> Delivery:
    """Show the newest state. Raises VendorError."""
    slack.publish_home(notification.address, home(tuple(_drawn(door, notification.responder, public_url))))
    return Delivery(None)


def _clicked(workspace: Workspace, body: Mapping[str, Any], act: Callable[[Responder], str]) -> None:
    """The act, once; only its own responder's tab has these buttons."""
    who, key = actor(body), delivery_key(body)
    responder = workspace.names().responder(who.team_id, who.user_id) if who is not None else None
    if who is None or responder is None:
        log.info("a click in a home tab by nobody of ours: ignored")
        return
    if workspace.door.answer_given(key) is None:
        home_tabs.answer(workspace.door, who.user_id, responder.id, act(responder), key)


def _drawn(door: Door, responder: str | None, public_url: str) -> Iterator[Block]:
    now = door.clock.now()
    with door.database.read() as connection:
        rules = door.rules.of(connection)
        open_ones = issues.open_ones(connection)
        proofs_of = proofs.last_arrived(connection, responder) if responder is not None else {}
        requests = covering.open_requests(connection, responder, rules) if responder is not None else []
    reader = rules.responders.get(responder or "")
    if reader is None:
        yield Section(homes.NOT_A_RESPONDER)  # and no name: Slack does not say from which workspace they come
        return
    asker = Asker(reader, reader.timezone, rules, now)
    yield from _answered(door, asker, homes.MINE, command_forms.ShowMe(), open_ones)
    if covering.next_shift(rules, None, reader.id, now) is not None:
        asks = Confirm(homes.COVER_ME, homes.COVER_ASKS, homes.COVER_ME)
        yield Actions((Button(COVER_ME, homes.COVER_ME, confirm=asks),))
    if requests:
        yield Header(homes.COVERS)
        yield Section(joined(covers.requests_lines(requests, rules, reader.timezone, now)))
        yield Context((homes.COVERS_NOTE,))
    yield from _answered(door, asker, homes.OPEN, command_forms.ShowIssues(), open_ones)
    yield from _answered(door, asker, homes.ON_CALL, command_forms.ShowWho(), ())
    yield Header(homes.CONTACT)
    yield Section(joined(homes.contact_lines(reader, rules.roads, proofs_of, now)))
    yield Actions((Button(TEST_ME, homes.TEST_ME),))
    if reader.manager:
        yield from _for_managers(reader, rules, open_ones, now, public_url)
    yield Context((zone_note(reader.timezone),))


def _answered(
    door: Door, asker: Asker, heading: str, question: Question, open_ones: Sequence[Issue]
) -> Iterator[Block]:
    yield Header(heading)
    yield Section(joined(answer(door, asker, question, open_ones)))


def _for_managers(
    reader: Responder, rules: Rules, open_ones: Sequence[Issue], now: datetime, public_url: str
) -> Iterator[Block]:
    yield Header(homes.MANAGERS)
    found = [(plan.id, coming_gaps(plan, rules.absences, now)) for plan in rules.schedules.values()]
    yield Section(shift_news.gaps_text(found, reader.timezone, now) or homes.NO_GAPS)
    yield Section(joined(homes.promise_lines(open_ones, rules, reader.timezone, now)))
    pages = (link(f"{public_url}/", "Open issues and the last night"), link(f"{public_url}/schedules", "Schedules"))
    yield Section(words(pages[0], " · ", pages[1]))
