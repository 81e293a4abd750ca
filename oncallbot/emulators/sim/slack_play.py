"""How does a test or a person act for somebody at Slack?

Must not do what Slack's client would not let that person do: that is 409.
"""

import asyncio
import html
from collections.abc import Callable, Coroutine
from typing import Any

from fastapi import APIRouter, Body, HTTPException

from oncallbot.emulators.journal import Record
from oncallbot.emulators.postman import Answer
from oncallbot.emulators.sim.slack_arrange import known
from oncallbot.emulators.slack import forms, interactions, posting
from oncallbot.emulators.slack.couriers import JSON
from oncallbot.emulators.slack.records import Channel, Message, User
from oncallbot.emulators.slack.screens import Impossible, joined_channel, message_seen, person, seen_channel
from oncallbot.emulators.slack.service import Slack
from oncallbot.emulators.world import World

Act = Callable[[Slack, User, Record], Coroutine[Any, Any, Record]]
FIELDS = {
    "post": "channel text typed thread_ts blocks subtype bot_id",
    "edit": "channel ts text typed",
    "delete": "channel ts",
    "react": "channel ts name",
    "join": "channel",
    "leave": "channel",
    "command": "text channel command wait",
    "click": "channel ts action_id text button block_id button_value value values home wait",
    "shortcut": "channel ts callback_id wait",
    "submit": "values wait",
    "suggest": "action_id block_id value",
    "close": "clear wait",
    "open_home": "",
}


def router(world: World) -> APIRouter:
    made = APIRouter()

    @made.post("/users/{user_id}/{verb}")
    async def act(user_id: str, verb: str, wish: dict[str, Any] = Body(default={})) -> Record:
        """With `wait: false` the answer does not wait for the product's."""
        if verb not in FIELDS:
            raise HTTPException(404, f"{verb!r} is none of {sorted(FIELDS)}")
        known(wish, frozenset(FIELDS[verb].split()))
        return await _played(world, user_id, verb, wish)

    @made.post("/replay")
    async def replay(wish: dict[str, Any] = Body(default={})) -> Record:
        """The last request of `kind` (event, command, block_actions …), `user` or `event_id` again, to the letter."""
        return await _replay(world.slack, wish)

    @made.post("/verify_url")
    async def verify_url() -> Record:
        """What Slack asks of a new request URL: it must echo the challenge."""
        body = (
            b'{"token": "emulated-verification-token", "challenge": "3eZbrw1aBm2rZgRNFdxV", "type": "url_verification"}'
        )
        answer = await world.slack.couriers.ask("url_verification", "", body, JSON, {"type": "url_verification"})
        return {"status": answer.status, "verified": answer.ok and b"3eZbrw1aBm2rZgRNFdxV" in answer.body}

    return made


async def _played(world: World, user_id: str, verb: str, wish: Record) -> Record:
    slack = world.slack
    wait = wish.pop("wait", True)
    try:
        user = person(slack.workspace, user_id)
        work = ACTS[verb](slack, user, wish)
        if wait:
            return await work
        task = slack.couriers.start(work)
        await asyncio.sleep(0)
        if task.done():
            await task
        return {"started": True}
    except Impossible as refused:
        raise HTTPException(409, str(refused)) from refused


async def _replay(slack: Slack, wish: Record) -> Record:
    known(wish, frozenset({"kind", "user", "event_id", "index"}))
    fitting = [
        sent
        for sent in slack.workspace.sent
        if wish.get("kind") in (None, sent.kind)
        and wish.get("user") in (None, sent.user)
        and wish.get("event_id") in (None, sent.params.get("event_id"))
    ]
    if not fitting:
        raise HTTPException(404, f"nothing sent that fits {wish}")
    answer: Answer = await slack.couriers.repeat(fitting[int(wish.get("index", -1))])
    return {"status": answer.status, "error": answer.error, "body": answer.body.decode("utf-8", "replace")}


def _said(wish: Record) -> str:
    """`typed` is escaped as Slack's client does; `text` is what Slack stores."""
    return html.escape(str(wish["typed"]), quote=False) if "typed" in wish else str(wish.get("text", ""))


async def _post(slack: Slack, user: User, wish: Record) -> Record:
    """A bot posts with `bot_id` (made up if it is left out)."""
    workspace = slack.workspace
    channel = joined_channel(workspace, user, str(wish.get("channel", "")))
    message = Message(workspace.new_ts(), user.id, _said(wish), team=user.team_id)
    message.blocks, message.subtype = posting.complete(wish.get("blocks") or []), wish.get("subtype")
    message.bot_id = wish.get("bot_id") or (f"B{user.id[1:]}" if user.is_bot else None)
    if wish.get("thread_ts"):
        parent = message_seen(workspace, channel, str(wish["thread_ts"]))
        message.thread_ts = parent.thread_ts or parent.ts
    events = posting.post(slack, channel, message)
    return {"channel": channel.id, "ts": message.ts, "event_id": events[0] if events else None, "events": events}


def _own(slack: Slack, user: User, wish: Record) -> tuple[Channel, Message]:
    channel = joined_channel(slack.workspace, user, str(wish.get("channel", "")))
    message = message_seen(slack.workspace, channel, str(wish.get("ts", "")))
    if message.user != user.id:
        raise Impossible(f"{message.ts} is not {user.id}'s message")
    return channel, message


async def _edit(slack: Slack, user: User, wish: Record) -> Record:
    channel, message = _own(slack, user, wish)
    events = posting.change(slack, channel, message, user.id, text=_said(wish))
    return {"channel": channel.id, "ts": message.ts, "event_id": events[0] if events else None}


async def _delete(slack: Slack, user: User, wish: Record) -> Record:
    channel, message = _own(slack, user, wish)
    posting.delete(slack, channel, message)
    return {"channel": channel.id, "ts": message.ts}


async def _react(slack: Slack, user: User, wish: Record) -> Record:
    channel = joined_channel(slack.workspace, user, str(wish.get("channel", "")))
    message = message_seen(slack.workspace, channel, str(wish.get("ts", "")))
    name = str(wish.get("name", "eyes"))
    message.reactions.setdefault(name, []).append(user.id)
    item = {"type": "message", "channel": channel.id, "ts": message.ts}
    event = posting.other(
        slack, "reaction_added", channel, user=user.id, reaction=name, item=item, item_user=message.user
    )
    return {"event_id": event}


async def _join(slack: Slack, user: User, wish: Record) -> Record:
    channel = seen_channel(slack.workspace, user, str(wish.get("channel", "")))
    if user.id not in channel.members:
        channel.members.append(user.id)
    facts = {"user": user.id, "team": user.team_id, "channel_type": "C" if channel.kind == "channel" else "G"}
    return {"event_id": posting.other(slack, "member_joined_channel", channel, **facts)}


async def _leave(slack: Slack, user: User, wish: Record) -> Record:
    channel = joined_channel(slack.workspace, user, str(wish.get("channel", "")))
    facts = {"user": user.id, "team": user.team_id, "channel_type": "C" if channel.kind == "channel" else "G"}
    event = posting.other(slack, "member_left_channel", channel, **facts)
    channel.members.remove(user.id)
    return {"event_id": event}


async def _command(slack: Slack, user: User, wish: Record) -> Record:
    """`text` with or without the command itself, in `channel` (default: the direct messages with the app)."""
    text, name = str(wish.get("text", "")), str(wish.get("command", ""))
    if not name and text.startswith("/"):
        name, _, text = text.partition(" ")
    return await interactions.command(slack, user, name or "/oncall", str(wish.get("channel", "dm")), text)


async def _shortcut(slack: Slack, user: User, wish: Record) -> Record:
    """On a message with `channel` and `ts`, else a global one."""
    callback_id = str(wish.get("callback_id", "page_on_call"))
    if not wish.get("ts"):
        return await interactions.global_shortcut(slack, user, callback_id)
    return await interactions.message_shortcut(slack, user, str(wish.get("channel", "")), str(wish["ts"]), callback_id)


async def _submit(slack: Slack, user: User, wish: Record) -> Record:
    return await forms.submit(slack, user, wish.get("values") or {})


async def _close(slack: Slack, user: User, wish: Record) -> Record:
    return await forms.close(slack, user, bool(wish.get("clear")))


async def _open_home(slack: Slack, user: User, _: Record) -> Record:
    return {"event_id": interactions.open_home(slack, user)}


ACTS: dict[str, Act] = {
    "post": _post,
    "edit": _edit,
    "delete": _delete,
    "react": _react,
    "join": _join,
    "leave": _leave,
    "command": _command,
    "click": interactions.click,
    "shortcut": _shortcut,
    "submit": _submit,
    "suggest": forms.suggest,
    "close": _close,
    "open_home": _open_home,
}
