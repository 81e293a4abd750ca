"""What does `/oncall …` answer? Acts go through the one door, questions are looked up, words come from `wording`.

It must not call Slack: the answer is the body of the request's own answer, seen by the asker alone.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from oncallbot.channels import slack_questions, slack_schedules
from oncallbot.channels.slack_answers import Origin, refusal
from oncallbot.channels.slack_asking import Asking
from oncallbot.channels.slack_clients import SlackClients
from oncallbot.channels.slack_questions import Asker
from oncallbot.chat.app import Ack, App
from oncallbot.chat.blocks import Message, message
from oncallbot.chat.bodies import actor, delivery_key
from oncallbot.chat.manifest import ONCALL
from oncallbot.chat.texts import render, words
from oncallbot.engine import joining
from oncallbot.engine.feeding import Feeding
from oncallbot.engine.slack_names import SlackNames, Workspace
from oncallbot.escalation.events import (
    Answer,
    ClosedByHand,
    CustomerReported,
    Dismissed,
    EscalatedNow,
    Event,
    HandedOver,
    Reaction,
    ResponderAdded,
    ResponderAnswered,
    Snoozed,
    TakenOver,
)
from oncallbot.escalation.issue import Issue, Road
from oncallbot.escalation.outcomes import Outcome
from oncallbot.escalation.rules import Rules
from oncallbot.oncall.people import Responder
from oncallbot.storage import issues
from oncallbot.wording import command_forms as forms
from oncallbot.wording.command_words import known_from
from oncallbot.wording.commands import NotUnderstood, not_understood_text, parse
from oncallbot.wording.languages import spoken_language
from oncallbot.wording.responders import outcome_text
from oncallbot.wording.schedule_forms import ScheduleCommand
from oncallbot.wording.slack_private import (
    NOT_A_RESPONDER,
    paged_text,
    which_hotline_text,
    which_issue_text,
)
from oncallbot.wording.text import clean

ROAD = "slack"
LONGEST_WORDS = 3_000
_LONGEST_ANSWER = 3_900

Act = (
    forms.AnswerIssue
    | forms.SnoozeIssue
    | forms.HandOver
    | forms.HandBack
    | forms.AddResponder
    | forms.TakeOver
    | forms.EscalateNow
    | forms.SplitIssue
    | forms.DismissIssue
    | forms.CloseIssue
)
_ANYBODYS = (forms.ShowOverview, forms.ShowWho, forms.ShowHelp, forms.PageOnCall)


@dataclass(frozen=True, slots=True)
class _Command:
    """A command as it came."""

    key: str
    text: str
    channel: str
    user: str
    trigger_id: str


def register(app: App, workspace: Workspace, clients: SlackClients, feeding: Feeding) -> None:
    """Listen to `/oncall`; `clients` open its forms."""

    @app.command(ONCALL.command)
    def commanded(ack: Ack, body: dict[str, Any]) -> None:
        answer = _answer(workspace, clients, feeding, body)
        said = answer if isinstance(answer, Message) else message(words(render(answer, _LONGEST_ANSWER)))
        if said.text:  # nothing, where a form has opened
            ack(text=said.text, blocks=list(said.blocks), response_type="ephemeral")
        else:
            ack()


def _answer(workspace: Workspace, clients: SlackClients, feeding: Feeding, body: Mapping[str, Any]) -> str | Message:
    names, who = workspace.names(), actor(body)
    if who is None or who.team_id != names.team_id:
        return refusal(names, who)
    now = workspace.door.clock.now()
    responder = names.responder(who.team_id, who.user_id)
    asker = Asker(responder, _zone(responder, names.rules), names.rules, now)
    command = _Command(
        delivery_key(body),
        _unescaped(str(body.get("text") or "")),
        str(body.get("channel_id") or ""),
        who.user_id,
        str(body.get("trigger_id") or ""),
    )
    with workspace.door.database.read() as connection:
        open_ones = issues.open_ones(connection)
    numbers = (one.number for one in open_ones)
    known = known_from(names.rules, names.responders(), numbers, responder.id if responder else None)
    meant = parse(command.text, known, now, asker.tz)
    if isinstance(meant, NotUnderstood):
        return not_understood_text(meant)
    if responder is None and not isinstance(meant, _ANYBODYS):
        return NOT_A_RESPONDER
    if isinstance(meant, forms.PageOnCall):
        return _page(workspace, names, responder, command, meant)
    if isinstance(meant, Act):
        return _act(workspace, responder, command, meant) if responder is not None else NOT_A_RESPONDER
    if isinstance(meant, ScheduleCommand):
        if responder is None:
            return NOT_A_RESPONDER
        origin = Origin(command.channel, command.user)
        asking = Asking(workspace, clients, feeding, responder, command.key, origin, command.trigger_id)
        return slack_schedules.answer(asking, meant)
    return "\n".join(slack_questions.answer(workspace.door, asker, meant, open_ones))


def _zone(responder: Responder | None, rules: Rules) -> str:
    """The asker's zone; a colleague's who is no responder is the first hotline's."""
    if responder is not None:
        return responder.timezone
    return next((one.timezone for one in rules.hotlines.values()), "UTC")


def _unescaped(text: str) -> str:
    """Slack escapes three characters; mentions keep their own brackets."""
    for entity, character in (("&lt;", "<"), ("&gt;", ">"), ("&amp;", "&")):
        text = text.replace(entity, character)
    return text


def _act(workspace: Workspace, responder: Responder, command: _Command, meant: Act) -> str:
    number = meant.number
    if number is None:
        found = _meant(workspace, responder)
        if not isinstance(found, int):
            return which_issue_text(_verb(meant), found)
        number = found

    def render_it(outcome: Outcome, rules: Rules, _issue: Issue | None) -> str:
        return outcome_text(outcome, rules, responder, workspace.door.clock.now())

    if isinstance(meant, forms.SplitIssue):
        return workspace.door.split(responder.id, number, key=command.key, render=render_it).body
    event = _event(meant, responder.id)
    return workspace.door.handle(event, issue=number, key=command.key, render=render_it).body


def _meant(workspace: Workspace, responder: Responder) -> int | tuple[int, ...]:
    """The one issue that this responder can mean without naming it; else those that it could be."""
    asked = ResponderAnswered(responder.id, Answer.RESOLVE, ROAD)  # everything paged for, and everything held
    with workspace.door.database.read() as connection:
        found = joining.meant_by(connection, asked)
    return found if isinstance(found, int) else found.choices


def _event(meant: Act, who: str) -> Event:
    match meant:
        case forms.AnswerIssue(answer, _, words):
            return ResponderAnswered(who, answer, ROAD, words)
        case forms.HandBack():
            return ResponderAnswered(who, Answer.PASS, ROAD)
        case forms.SnoozeIssue(_, until):
            return Snoozed(who, until)
        case forms.HandOver(_, to):
            return HandedOver(who, to)
        case forms.AddResponder(_, added):
            return ResponderAdded(who, added)
        case forms.TakeOver():
            return TakenOver(who)
        case forms.EscalateNow():
            return EscalatedNow(who)
        case forms.DismissIssue():
            return Dismissed(who)
        case forms.CloseIssue():
            return ClosedByHand(who)
        case forms.SplitIssue():
            raise AssertionError("split has a door of its own")


_VERBS = {
    forms.HandBack: "hand back",
    forms.SnoozeIssue: "snooze",
    forms.HandOver: "hand over",
    forms.AddResponder: "add responder",
    forms.TakeOver: "take over",
    forms.EscalateNow: "escalate now",
    forms.DismissIssue: "dismiss",
    forms.CloseIssue: "close",
    forms.SplitIssue: "split",
}


def _verb(meant: Act) -> str:
    return meant.answer.value if isinstance(meant, forms.AnswerIssue) else _VERBS[type(meant)]


def _page(
    workspace: Workspace, names: SlackNames, responder: Responder | None, command: _Command, meant: forms.PageOnCall
) -> str:
    """Pages at once, whatever the hour."""
    rules = names.rules
    hotline = rules.hotlines.get(meant.hotline or "") or names.hotline_to_page(command.channel)
    if hotline is None:
        return which_hotline_text(rules.hotlines.values())
    customer = rules.customers.get(meant.customer or "") or names.customer(command.channel)
    event = CustomerReported(
        hotline=hotline.id,
        customer=customer.id if customer else None,
        contact="",
        caller=f"{responder.name}, in Slack" if responder else f"Slack user {command.user}",
        road=Road.COMMAND,
        words=clean(meant.words, LONGEST_WORDS),
        reaction=Reaction.PAGE,
        language=spoken_language(customer.language if customer else None, hotline),
    )
    return workspace.door.handle(event, key=command.key, render=_said_of_page).body


def _said_of_page(outcome: Outcome, rules: Rules, issue: Issue | None) -> str:
    return paged_text(outcome, issue, rules)
