"""What does a click on a card mean? The button becomes an event of the one door; the answer is private.

It must not lose a click for its age: cards of earlier releases stay where they are, and their buttons go on working.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from oncallbot.channels import slack_modals, slack_more
from oncallbot.channels.slack_answers import Origin, origin_of, outcome_aside, refusal, say
from oncallbot.channels.slack_clients import SlackClients
from oncallbot.channels.slack_modals import Form
from oncallbot.chat.app import Ack, App
from oncallbot.chat.bodies import actor, delivery_key
from oncallbot.engine.slack_names import Workspace
from oncallbot.escalation.events import (
    Answer,
    ClosedByHand,
    Dismissed,
    EscalatedNow,
    Event,
    ResponderAnswered,
    TakenOver,
)
from oncallbot.escalation.issue import Status
from oncallbot.escalation.outcomes import Kind, Outcome
from oncallbot.oncall.people import Responder
from oncallbot.storage import cards, issues
from oncallbot.wording.responders import outcome_text
from oncallbot.wording.slack_private import old_button_text

ROAD = "slack"

_EVENTS: Mapping[str, Callable[[str], Event]] = {
    "acknowledge": lambda who: ResponderAnswered(who, Answer.ACKNOWLEDGE, ROAD),
    "pass": lambda who: ResponderAnswered(who, Answer.PASS, ROAD),
    "resolve": lambda who: ResponderAnswered(who, Answer.RESOLVE, ROAD),
    "escalate_now": EscalatedNow,
    "take_over": TakenOver,
    "dismiss": Dismissed,
    "close": ClosedByHand,
}
_SPLIT = "split"
_FORMS = {form.value: form for form in Form}
# What buttons were called in other releases, and what people would call them.
_ALIASES = {"ack": "acknowledge", "pass_on": "pass", "hand_back": "pass", "escalate": "escalate_now"}
_REFERENCE = re.compile(r"AH-?(\d{1,9})", re.ASCII | re.IGNORECASE)
_NUMBER = re.compile(r"(\d{1,9})", re.ASCII)


@dataclass(frozen=True, slots=True)
class Click:
    """One click; `button` by today's name, "" for one that we have never had; `view_id` of the form that it was in."""

    key: str
    button: str
    issue: int | None
    trigger_id: str
    origin: Origin
    view_id: str = ""


def register(app: App, workspace: Workspace, clients: SlackClients) -> None:
    """Listen to every button, whatever it is called."""

    @app.action(re.compile(""))
    def clicked(ack: Ack, body: dict[str, Any]) -> None:
        action: dict[str, Any] = next(iter(body.get("actions") or ()), {})
        if not action.get("url"):  # a link opens by itself
            _clicked(workspace, clients, body, action)
        ack()


def _clicked(workspace: Workspace, clients: SlackClients, body: Mapping[str, Any], action: Mapping[str, Any]) -> None:
    names, who, origin, key = workspace.names(), actor(body), origin_of(body), delivery_key(body)
    responder = names.responder(who.team_id, who.user_id) if who is not None else None
    if responder is None:
        say(workspace, key, origin, refusal(names, who))
        return
    number = _number(workspace, str(action.get("value") or ""), origin.channel, body)
    button = _button(str(action.get("action_id") or ""))
    if number is None or button not in (*_EVENTS, *_FORMS, _SPLIT, slack_more.MORE):
        say(workspace, key, origin, old_button_text(None if number is None else f"AH-{number}"))
        return
    trigger_id, view_id = str(body.get("trigger_id") or ""), str((body.get("view") or {}).get("id") or "")
    _act(workspace, clients, Click(key, button, number, trigger_id, origin, view_id), responder, number)


def _button(action_id: str) -> str:
    """Today's name: of `acknowledge:1042` and `Ack` too."""
    name = re.split(r"[^a-z_]", action_id.lower().replace("-", "_"), maxsplit=1)[0].strip("_")
    return _ALIASES.get(name, name)


def _number(workspace: Workspace, value: str, channel: str, body: Mapping[str, Any]) -> int | None:
    """The issue that the button names, else the one whose card this message is, else any number in it."""
    if (named := _REFERENCE.search(value)) or (named := _NUMBER.fullmatch(value.strip())):
        return int(named[1])
    ts = str((body.get("container") or {}).get("message_ts") or (body.get("message") or {}).get("ts") or "")
    with workspace.door.database.read() as connection:
        card = cards.at(connection, channel, ts)
    if card is not None:
        return card.issue
    found = _NUMBER.search(value)
    return int(found[1]) if found is not None else None


def _act(workspace: Workspace, clients: SlackClients, click: Click, responder: Responder, number: int) -> None:
    key, origin = click.key, click.origin
    if click.button == slack_more.MORE:
        slack_more.offer(workspace, clients, responder, number, key, click.trigger_id, origin)
        return
    form = _FORMS.get(click.button)
    refused = _refused(workspace, form, number, responder) if form is not None else None
    if form is not None and refused is None:
        slack_modals.ask(workspace, clients, form, number, key, click.trigger_id, origin, click.view_id)
        return
    outcome = refused
    if click.button in _EVENTS or click.button == _SPLIT:  # who resolves too late leaves a line on the timeline
        outcome = _decided(workspace, click, responder, number)
    elif refused is not None:
        say(workspace, key, origin, _words(workspace, refused, responder))
    if click.view_id and outcome is not None:
        slack_more.answer(clients, number, _words(workspace, outcome, responder), origin, click.view_id)


def _decided(workspace: Workspace, click: Click, responder: Responder, number: int) -> Outcome | None:
    """What came of the act; None for a repeat, which was answered before."""
    door, aside = workspace.door, outcome_aside(workspace, responder, click.origin)
    if click.button == _SPLIT:
        return door.split(responder.id, number, key=click.key, aside=aside).outcome
    return door.handle(_EVENTS[click.button](responder.id), issue=number, key=click.key, aside=aside).outcome


def _words(workspace: Workspace, outcome: Outcome, responder: Responder) -> str:
    return outcome_text(outcome, workspace.door.rules_now(), responder, workspace.door.clock.now())


def _refused(workspace: Workspace, form: Form, number: int, responder: Responder) -> Outcome | None:
    """What makes the form useless, said before anybody fills it in. The door decides again when it comes back."""
    with workspace.door.database.read() as connection:
        issue = issues.load(connection, number)
    if issue is None:
        return Outcome(Kind.UNKNOWN_ISSUE, number)
    if form is Form.NOTE:
        return None
    said = Outcome(Kind.NOTHING, number, issue.holder, issue.acknowledged_at, issue.status)
    is_holders = form in (Form.HAND_OVER, Form.SNOOZE)
    match issue.status:
        case Status.CLOSED:
            return replace(said, kind=Kind.ALREADY_CLOSED)
        case Status.RESOLVED:
            return replace(said, kind=Kind.ALREADY_RESOLVED)
        case Status.ACKNOWLEDGED if is_holders and issue.holder != responder.id:
            return replace(said, kind=Kind.ALREADY_TAKEN)
        case Status.TRIGGERED | Status.HELD if is_holders:
            return replace(said, kind=Kind.NOT_ACKNOWLEDGED)
        case _:
            return None
