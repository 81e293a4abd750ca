"""How does the form about one rotation live? It opens at once, shows what each change would do, and applies it.

It must not apply what its reader has not seen: where something has changed meanwhile, it shows that and asks again.
"""

from __future__ import annotations

import hashlib
import json
import logging
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection

from oncallbot.channels import slack_previews
from oncallbot.channels.slack_answers import refusal
from oncallbot.channels.slack_asking import Asking
from oncallbot.channels.slack_clients import SlackClients
from oncallbot.channels.slack_open_forms import OpenForms
from oncallbot.channels.slack_rotation_view import (
    CALLBACK,
    HINT,
    PREFIX,
    Draft,
    Rota,
    came_back,
    done,
    fingerprint_of,
    opened,
    ordered,
    rotas,
    view,
)
from oncallbot.chat.app import Ack, App
from oncallbot.chat.blocks import Block, Message, Section
from oncallbot.chat.bodies import acted_at, actor, delivery_key
from oncallbot.chat.texts import Markdown, bold, joined, words
from oncallbot.engine import proposals
from oncallbot.engine.change import Refused
from oncallbot.engine.handle import Door
from oncallbot.engine.proposals import Confirmed, Outline, Proposed, Renewed
from oncallbot.engine.slack_names import SlackNames, Workspace
from oncallbot.engine.whispers import answered_once, keep_within
from oncallbot.errors import VendorError
from oncallbot.oncall.editing import Mistake
from oncallbot.oncall.edits import ChangeRotation, CreateSchedule
from oncallbot.oncall.people import Responder
from oncallbot.schedule_files import order_json
from oncallbot.wording import previews
from oncallbot.wording.command_parts import Parts
from oncallbot.wording.command_words import known_from
from oncallbot.wording.schedule_forms import OpenRotation
from oncallbot.wording.slack_private import OWN_AFFAIRS, no_choice_text

log = logging.getLogger(__name__)

_TYPED = ("rotation show <schedule>", "help rotation")
_LOOK_AGAIN = "Nothing has changed yet. Look at this preview, then press Apply again."
_RENEWED = f"Somebody changed the schedules meanwhile. {_LOOK_AGAIN}"

Answered = dict[str, Any]
"""What Slack's form does: nothing closes it."""


@dataclass(frozen=True, slots=True)
class _Pressed:
    """Apply was pressed: a `key` that its repeats share, and which preview its reader has seen."""

    key: str
    fingerprint: str


def register(app: App, workspace: Workspace, clients: SlackClients) -> None:
    """Listen to the form: to each change, and to its end."""
    forms = OpenForms()

    @app.action(re.compile(f"^{PREFIX}"))
    def changed(ack: Ack, body: dict[str, Any]) -> None:
        _changed(workspace, clients, forms, body)
        ack()

    @app.view(CALLBACK)
    def submitted(ack: Ack, body: dict[str, Any]) -> None:
        key = delivery_key(body)
        answer = answered_once(workspace.door, key, lambda: json.dumps(_submitted(workspace, body, key)), _is_kept)
        ack(**json.loads(answer))


def open_form(asking: Asking, form: OpenRotation) -> Message:
    """Open it; no words then. The only call to Slack in a command: its trigger lives for three seconds."""
    who, rules = asking.responder, asking.workspace.door.rules_now()
    if not who.manager:
        return slack_previews.plain(f"{previews.managers_only_text('edit rotations')} {OWN_AFFAIRS}")
    named = [one for one in rotas(rules) if form.schedule == one.schedule and form.layer in (None, one.layer)]
    if form.schedule and not named:
        return slack_previews.plain(previews.no_rotation_text(form.schedule))
    draft = opened(next(iter(named or rotas(rules)), Rota()), rules, who.timezone)
    try:
        shown = view(draft, rules, (Section(HINT),), "")
        asking.clients.mine().open_view(asking.trigger_id, shown)
    except VendorError as error:
        log.warning("the form of a rotation could not be opened: %s", error)
        return slack_previews.plain(no_choice_text(_TYPED))
    return Message(Markdown(""))


def _changed(workspace: Workspace, clients: SlackClients, forms: OpenForms, body: Mapping[str, Any]) -> None:
    """Show what the answers would do now; of changes that follow fast only the newest is shown."""
    names, shown = workspace.names(), body.get("view") or {}
    who = _manager(names, body)
    if who is None:
        return
    id_ = str(shown.get("id"))

    def redraw(name: str) -> str:
        draft = came_back(shown, names.rules, who.timezone)
        blocks, fingerprint = _preview(workspace.door, names, who, draft)
        return clients.mine().update_view(id_, view(draft, names.rules, blocks, fingerprint), name or None)

    try:
        forms.follow(id_, str(shown.get("hash") or ""), acted_at(body), redraw)
    except VendorError as error:
        log.info("the form of a rotation was not brought up to date: %s", error)


def _is_kept(answer: str) -> bool:
    """Errors are not: their cause may be cured, and the same words be right."""
    return bool(json.loads(answer).get("response_action") != "errors")


def _submitted(workspace: Workspace, body: Mapping[str, Any], key: str) -> Answered:
    names, shown, door = workspace.names(), body.get("view") or {}, workspace.door
    who = _manager(names, body)
    if who is None:
        person = actor(body)
        known = names.responder(person.team_id, person.user_id) if person is not None else None
        said = previews.managers_only_text("edit rotations") if known is not None else refusal(names, person)
        return {"response_action": "update", "view": done(said)}
    draft = came_back(shown, names.rules, who.timezone)
    if draft.is_another:
        return {"response_action": "update", "view": view(draft, names.rules, (Section(draft.lead),), "")}
    edit = ordered(draft, _parts(door, names, who))
    if isinstance(edit, Mapping):
        return _wrong(edit)
    if edit is None:
        return _wrong({draft.block("people"): "Nothing is changed: change something, or press Cancel."})
    outline = _outline(door, edit, who, draft.reason)
    if not isinstance(outline, Outline):
        return _wrong({draft.blamed(names.rules): slack_previews.refusal(outline, names.rules)})
    if fingerprint_of(shown) != _fingerprint(outline, edit):
        return _again(names, who, draft, outline, edit, _LOOK_AGAIN)
    return _applied(door, names, who, draft, edit, _Pressed(key, fingerprint_of(shown)))


def _wrong(errors: Mapping[str, str]) -> Answered:
    return {"response_action": "errors", "errors": dict(errors)}


def _applied(
    door: Door,
    names: SlackNames,
    who: Responder,
    draft: Draft,
    edit: ChangeRotation | CreateSchedule,
    pressed: _Pressed,
) -> Answered:
    """Proposed and confirmed in one step: its reader has seen this very preview. Repeats hear what was done."""
    made = proposals.propose(door, (edit,), who.id, reason=draft.reason)
    if not isinstance(made, Proposed):
        return {"response_action": "update", "view": done(slack_previews.refusal(made, names.rules))}
    if made.outline.is_empty:
        return {"response_action": "update", "view": done(previews.NOTHING_CHANGED)}
    if pressed.fingerprint != _fingerprint(made.outline, edit):
        return _again(names, who, draft, made.outline, edit, _RENEWED)

    def keeps(connection: Connection, done_now: Confirmed) -> None:
        keep_within(door, connection, pressed.key, json.dumps(_told(done_now, who)))

    found = proposals.confirm(door, made.id, who.id, slack_previews.tells((edit,)), keeps)
    if isinstance(found, Renewed):
        return _again(names, who, draft, found.proposed.outline, edit, _RENEWED)
    if isinstance(found, Confirmed):
        return _told(found, who)
    return {"response_action": "update", "view": done(slack_previews.refusal(found, names.rules))}


def _told(found: Confirmed, who: Responder) -> Answered:
    affected = [one for one in found.outline.preview.people if one != who.id]
    said = previews.confirmed_text(found.told, affected, found.outline.after)
    return {"response_action": "update", "view": done(said)}


def _again(
    names: SlackNames,
    who: Responder,
    draft: Draft,
    outline: Outline,
    edit: ChangeRotation | CreateSchedule,
    lead: str,
) -> Answered:
    blocks = (Section(words(bold(lead))), *_shown(outline, edit, who))
    fingerprint = _fingerprint(outline, edit)
    return {"response_action": "update", "view": view(draft, names.rules, blocks, fingerprint)}


def _preview(door: Door, names: SlackNames, who: Responder, draft: Draft) -> tuple[Sequence[Block], str]:
    """What stands beneath the questions, and which preview that is."""
    edit = ordered(draft, _parts(door, names, who))
    if edit is None:
        return (Section(draft.lead),), ""
    if isinstance(edit, Mapping):
        return (Section(joined(("Not understood yet:", *edit.values()))),), ""
    outline = _outline(door, edit, who, draft.reason)
    if not isinstance(outline, Outline):
        return (Section(slack_previews.refusal(outline, names.rules)),), ""
    return _shown(outline, edit, who), _fingerprint(outline, edit)


def _shown(outline: Outline, edit: ChangeRotation | CreateSchedule, who: Responder) -> tuple[Block, ...]:
    return slack_previews.blocks(slack_previews.in_words(outline, (edit,), who.timezone))


def _outline(
    door: Door, edit: ChangeRotation | CreateSchedule, who: Responder, reason: str
) -> Outline | Mistake | Refused:
    now = door.clock.now().replace(microsecond=0)
    with door.database.read() as connection:
        return proposals.outline(door, connection, (edit,), who.id, reason, now)


def _fingerprint(outline: Outline, edit: ChangeRotation | CreateSchedule) -> str:
    """The same for the same orders on the same rules that begin at the same instants."""
    said = json.dumps([outline.before.revision, order_json(edit), outline.starts], sort_keys=True)
    return hashlib.sha256(said.encode()).hexdigest()


def _manager(names: SlackNames, body: Mapping[str, Any]) -> Responder | None:
    who = actor(body)
    responder = names.responder(who.team_id, who.user_id) if who is not None else None
    return responder if responder is not None and responder.manager else None


def _parts(door: Door, names: SlackNames, who: Responder) -> Parts:
    return Parts(known_from(names.rules, names.responders(), (), who.id), door.clock.now(), who.timezone)
