"""What does a click on a preview, a swap or a cover request do? One act of a responder, answered where they clicked.

It must not act for anybody whom our own table does not know, nor twice for one click.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from oncallbot.channels import cover_answers, slack_covers, slack_swaps
from oncallbot.channels.schedule_orders import may_give
from oncallbot.channels.slack_answers import origin_of, refusal, say
from oncallbot.channels.slack_previews import CANCEL_CHANGE, CONFIRM_CHANGE, plain, tells, verdict
from oncallbot.channels.slack_previews import refusal as refusal_text
from oncallbot.chat.app import Ack, App
from oncallbot.chat.blocks import Message
from oncallbot.chat.bodies import actor, delivery_key
from oncallbot.engine import proposals
from oncallbot.engine.handle import Door
from oncallbot.engine.slack_names import Workspace
from oncallbot.engine.whispers import say_once, whisper
from oncallbot.oncall.people import Responder
from oncallbot.storage import proposals as proposals_kept
from oncallbot.wording.previews import managers_only_text
from oncallbot.wording.slack_private import OWN_AFFAIRS

Act = Callable[[Door, str, Responder], Message]


def register(app: App, workspace: Workspace) -> None:
    """Listen to the buttons of previews, swaps and cover requests."""
    for button, act in _IN_PLACE.items():
        app.action(button)(_listener(workspace, act, replaces=True))
    for button, act in _ASIDE.items():
        app.action(button)(_listener(workspace, act, replaces=False))


def _listener(workspace: Workspace, act: Act, *, replaces: bool) -> Any:
    def clicked(ack: Ack, body: dict[str, Any]) -> None:
        _clicked(workspace, act, body, replaces=replaces)
        ack()

    return clicked


def _clicked(workspace: Workspace, act: Act, body: Mapping[str, Any], *, replaces: bool) -> None:
    names, who, origin, key = workspace.names(), actor(body), origin_of(body), delivery_key(body)
    door = workspace.door
    responder = names.responder(who.team_id, who.user_id) if who is not None else None
    if responder is None:
        say(workspace, key, origin, refusal(names, who))
        return
    if door.answer_given(key) is not None:
        return
    action: Mapping[str, Any] = next(iter(body.get("actions") or ()), {})
    value = str(action.get("value") or "")[:64]
    is_others = replaces and _is_others(door, value, responder)
    said = act(door, value, responder)
    row = whisper(
        said.text,
        door.clock.now(),
        origin.channel,
        origin.user,
        response_url=origin.response_url,
        blocks=said.blocks,
        is_ready=True,
        replaces=replaces and not is_others,
    )
    say_once(door, key, row)


def _is_others(door: Door, id_: str, who: Responder) -> bool:
    """Somebody else decides: what they are to click on stays."""
    with door.database.read() as connection:
        proposal = proposals_kept.load(connection, id_)
    return proposal is not None and who.id not in (proposal.made_by, proposal.decided_by)


def _confirm(door: Door, id_: str, who: Responder) -> Message:
    orders = proposals.orders_of(door, id_)
    if orders and not may_give(orders, who):
        return plain(f"{managers_only_text('confirm this')} {OWN_AFFAIRS}")
    found = proposals.confirm(door, id_, who.id, tells(orders))
    return verdict(found, orders, who, door.rules_now())


def _cancel(door: Door, id_: str, who: Responder) -> Message:
    found = proposals.decline(door, id_, who.id)
    return plain(refusal_text(found, door.rules_now()))


def _take(door: Door, id_: str, who: Responder) -> Message:
    return plain(cover_answers.accept(door, _number(id_), who))


def _withdraw(door: Door, id_: str, who: Responder) -> Message:
    return plain(slack_covers.withdraw(door, _number(id_), who))


def _number(value: str) -> int:
    """0 is nobody's request."""
    return int(value) if value.isascii() and value.isdecimal() and len(value) < 10 else 0


_IN_PLACE: Mapping[str, Act] = {
    CONFIRM_CHANGE: _confirm,
    CANCEL_CHANGE: _cancel,
    slack_swaps.ACCEPT_SWAP: slack_swaps.accept,
    slack_swaps.DECLINE_SWAP: slack_swaps.decline,
}
_ASIDE: Mapping[str, Act] = {slack_covers.TAKE_COVER: _take, slack_covers.WITHDRAW_COVER: _withdraw}
