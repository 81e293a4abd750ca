"""What does `More…` on a card open? A form whose buttons are what else this responder can do with this issue now.

It must not act: its buttons come back as clicks like a card's.
"""

from __future__ import annotations

import logging

from oncallbot.channels.slack_answers import Origin, say
from oncallbot.channels.slack_cards import button
from oncallbot.channels.slack_clients import SlackClients
from oncallbot.channels.slack_modals import show
from oncallbot.chat.blocks import Actions, Block, Section, modal
from oncallbot.engine.slack_names import Workspace
from oncallbot.engine.whispers import is_first
from oncallbot.errors import VendorError
from oncallbot.escalation.issue import Issue
from oncallbot.escalation.outcomes import Kind, Outcome
from oncallbot.oncall.people import Responder
from oncallbot.storage import issues, reports
from oncallbot.wording.cards import COMMANDS, Action, card_words, more_acts
from oncallbot.wording.responders import outcome_text
from oncallbot.wording.slack_private import no_choice_text

log = logging.getLogger(__name__)

MORE = "more"


def offer(
    workspace: Workspace,
    clients: SlackClients,
    responder: Responder,
    number: int,
    key: str,
    trigger_id: str,
    origin: Origin,
) -> None:
    """Open the choice, once for each click; what cannot be opened is answered with the commands."""
    door = workspace.door
    rules, now = door.rules_now(), door.clock.now()
    with door.database.read() as connection:
        issue = issues.load(connection, number)
        has_joined = len(reports.of_issue(connection, number)) > 1
    if issue is None:
        say(workspace, key, origin, outcome_text(Outcome(Kind.UNKNOWN_ISSUE, number), rules, responder, now))
        return
    is_manager = rules.is_manager(responder, issue.hotline)
    acts = more_acts(issue, responder, is_manager=is_manager, has_joined=has_joined)
    if not acts:
        closed = Outcome(Kind.ALREADY_CLOSED, number, issue.holder, issue.acknowledged_at, issue.status)
        say(workspace, key, origin, outcome_text(closed, rules, responder, now))
        return
    if not is_first(door, key):
        return
    header = card_words(issue, rules, responder, now).header
    try:
        show(clients, _choice(issue, header, acts, origin), trigger_id)
    except VendorError as error:
        log.warning("issue=%s choice could not be opened: %s", issue.reference, error)
        commands = [COMMANDS[act].format(reference=issue.reference) for act in acts]
        say(workspace, f"{key}/unopened"[-200:], origin, no_choice_text(commands))


def answer(clients: SlackClients, number: int, words: str, origin: Origin, view_id: str) -> None:
    """Put what came of a click into the form that was clicked in: nothing closes a form but its reader.

    The same words are on their way by the outbox, so that nothing is lost where this fails.
    """
    title = f"AH-{number}"
    try:
        show(clients, modal(MORE, title, (Section(words),), "", origin.packed(number), "Close"), "", view_id)
    except VendorError as error:
        log.info("issue=%s the form that was clicked in could not be changed: %s", title, error)


def _choice(issue: Issue, header: str, acts: tuple[Action, ...], origin: Origin) -> dict[str, object]:
    buttons = Actions(tuple(button(act, issue.reference) for act in acts))
    blocks: tuple[Block, ...] = (Section(header), buttons)
    return modal(MORE, f"More on {issue.reference}", blocks, "", origin.packed(issue.number), "Close")
