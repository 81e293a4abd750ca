"""Which forms do buttons open, and what does a form that comes back order? One light form for each question.

It must not keep an act waiting for Slack: a form that cannot be opened is answered with the command that does the same.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any, assert_never

from oncallbot.channels.slack_answers import Origin, outcome_aside, refusal, say, unpacked
from oncallbot.channels.slack_clients import SlackClients
from oncallbot.chat.app import Ack, App
from oncallbot.chat.blocks import Block, Input, MomentInput, PersonInput, TextInput, modal
from oncallbot.chat.bodies import actor, delivery_key
from oncallbot.engine.slack_names import SlackNames, Workspace
from oncallbot.engine.whispers import is_first
from oncallbot.errors import VendorError
from oncallbot.escalation.events import Answer, Event, HandedOver, ResponderAdded, ResponderAnswered, Snoozed
from oncallbot.oncall.people import Responder
from oncallbot.wording.cards import COMMANDS, Action
from oncallbot.wording.slack_private import no_form_text
from oncallbot.wording.text import clean

log = logging.getLogger(__name__)

ROAD = "slack"
LONGEST_WORDS = 1_000


class Form(StrEnum):
    """The forms; the value is the `callback_id` and the button that opens it."""

    RESOLVE = "resolve"
    NOTE = "note"
    HAND_OVER = "hand_over"
    ADD_RESPONDER = "add_responder"
    SNOOZE = "snooze"


_WORDS, _PERSON, _UNTIL = "words", "person", "until"  # blocks, and the actions in them


def register(app: App, workspace: Workspace) -> None:
    """Listen to every form that comes back."""
    for form in Form:
        app.view(form.value)(_listener(workspace, form))


def ask(
    workspace: Workspace,
    clients: SlackClients,
    form: Form,
    number: int,
    key: str,
    trigger_id: str,
    origin: Origin,
    view_id: str = "",
) -> None:
    """Open the form, once for each click; in the place of the form that was clicked in (`view_id`), where one was.

    The only call to Slack in a request: its trigger lives for three seconds.
    """
    if not is_first(workspace.door, key):
        return
    reference = f"AH-{number}"
    try:
        show(clients, view(form, number, origin), trigger_id, view_id)
    except VendorError as error:
        log.warning("issue=%s form=%s could not be opened: %s", reference, form, error)
        say(
            workspace,
            f"{key}/unopened"[-200:],
            origin,
            no_form_text(COMMANDS[Action(form.value)].format(reference=reference)),
        )


def show(clients: SlackClients, shown: dict[str, Any], trigger_id: str, view_id: str = "") -> None:
    """Open this form, or put it in the place of one that is open. Raises VendorError."""
    if view_id:
        clients.mine().update_view(view_id, shown)
    else:
        clients.mine().open_view(trigger_id, shown)


def view(form: Form, number: int, origin: Origin) -> dict[str, Any]:
    """The form as Slack wants it."""
    reference = f"AH-{number}"
    title, submit, block = _asked(form)
    return modal(form.value, f"{title} {reference}", (block,), submit, origin.packed(number))


def _asked(form: Form) -> tuple[str, str, Block]:
    match form:
        case Form.RESOLVE:
            words = TextInput(_WORDS, placeholder="Restarted the server", multiline=True, longest=LONGEST_WORDS)
            hint = "One line; the customer reads it."
            return "Resolve", "Resolve", Input(_WORDS, "What did you do?", words, optional=True, hint=hint)
        case Form.NOTE:
            words = TextInput(_WORDS, multiline=True, longest=LONGEST_WORDS)
            return "Note on", "Add", Input(_WORDS, "Note", words, hint="For the timeline; the customer never reads it.")
        case Form.HAND_OVER:
            hint = "It stays yours until they take it."
            return "Hand over", "Ask them", Input(_PERSON, "To whom?", PersonInput(_PERSON), hint=hint)
        case Form.ADD_RESPONDER:
            return "Add to", "Page them", Input(_PERSON, "Who is needed too?", PersonInput(_PERSON))
        case Form.SNOOZE:
            return "Snooze", "Snooze", Input(_UNTIL, "Do not remind me before", MomentInput(_UNTIL))
        case _:
            assert_never(form)


def _listener(workspace: Workspace, form: Form) -> Any:
    def submitted(ack: Ack, body: dict[str, Any]) -> None:
        errors = _submit(workspace, form, body)
        if errors:
            ack(response_action="errors", errors=errors)
        else:
            ack()

    return submitted


def _submit(workspace: Workspace, form: Form, body: Mapping[str, Any]) -> dict[str, str]:
    """Submits the event. What is wrong with an answer, by its block, else nothing: the form then closes."""
    names, who, key = workspace.names(), actor(body), delivery_key(body)
    shown = body.get("view") or {}
    brought = unpacked(str(shown.get("private_metadata") or ""))
    if brought is None:
        log.warning("form=%s came back without its issue: ignored", form)
        return {}
    number, origin = brought
    responder = names.responder(who.team_id, who.user_id) if who is not None else None
    if responder is None:
        say(workspace, key, origin, refusal(names, who))
        return {}
    event = _event(form, responder, names, shown.get("state", {}).get("values", {}))
    if isinstance(event, dict):
        return event
    aside = outcome_aside(workspace, responder, origin)
    workspace.door.handle(event, issue=number, key=key, aside=aside)
    return {}


def _event(form: Form, responder: Responder, names: SlackNames, values: Mapping[str, Any]) -> Event | dict[str, str]:
    """What the form orders, or its errors by block."""
    match form:
        case Form.RESOLVE | Form.NOTE:
            words = clean(_given(values, _WORDS, "value"), LONGEST_WORDS)
            if form is Form.NOTE and not words:
                return {_WORDS: "Write what should be noted."}
            return ResponderAnswered(responder.id, Answer.RESOLVE if form is Form.RESOLVE else Answer.NOTE, ROAD, words)
        case Form.HAND_OVER | Form.ADD_RESPONDER:
            person = names.responder(names.team_id, _given(values, _PERSON, "selected_user"))
            if person is None:
                return {_PERSON: "That person is not a responder: nobody could page them."}
            if form is Form.ADD_RESPONDER:
                return ResponderAdded(responder.id, person.id)
            return HandedOver(responder.id, person.id)
        case Form.SNOOZE:
            chosen = _given(values, _UNTIL, "selected_date_time")
            if not chosen.isdecimal() or len(chosen) > 11:
                return {_UNTIL: "Choose a day and a time."}
            return Snoozed(responder.id, datetime.fromtimestamp(int(chosen), UTC))
        case _:
            assert_never(form)


def _given(values: Mapping[str, Any], block: str, field: str) -> str:
    answer = (values.get(block) or {}).get(block) or {}
    return str(answer.get(field) or "")
