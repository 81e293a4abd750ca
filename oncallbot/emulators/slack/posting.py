"""How does a message come into being, change and go, and who hears of it?

Must not check what Slack would refuse: the desks do, before.
"""

from collections.abc import Sequence
from typing import Any

from oncallbot.emulators.slack import render
from oncallbot.emulators.slack.elements import of_block
from oncallbot.emulators.slack.records import Blocks, Channel, Json, Message
from oncallbot.emulators.slack.service import Slack
from oncallbot.emulators.slack.workspace import Workspace

EVENT = {"channel": "message.channels", "group": "message.groups", "im": "message.im", "mpim": "message.mpim"}
CHANNEL_TYPE = {"channel": "channel", "group": "group", "im": "im", "mpim": "mpim"}
BROADCASTS = ("<!channel", "<!here", "<!everyone")


def post(slack: Slack, channel: Channel, message: Message) -> list[str]:
    """The ids of the events that it caused."""
    workspace = slack.workspace
    channel.messages[message.ts] = message
    workspace.journal.note(
        "slack_message", channel=channel.id, ts=message.ts, user=message.user, text=message.text, change="posted"
    )
    event = _event(workspace, channel, message)
    if message.subtype is None and message.thread_ts is None and message.bot_id is None:
        event["client_msg_id"] = f"{message.ts}-{message.user}"
    sent = [_tell(slack, channel, event)]
    mention = f"<@{workspace.app.bot_user_id}"
    if mention in message.text and message.bot_id != workspace.app.bot_id and workspace.bot_is_in(channel):
        sent.append(_say(slack, "app_mention", event | {"type": "app_mention"}, channel))
    return [id for id in sent if id]


def change(slack: Slack, channel: Channel, message: Message, by: str, **news: Any) -> list[str]:
    """Edits text, blocks and the like; the old version is kept."""
    workspace = slack.workspace
    before = render.message(workspace, message, channel)
    message.versions.append(before)
    for name, value in news.items():
        setattr(message, name, value)
    message.edited = {"user": by, "ts": workspace.new_ts()}
    workspace.journal.note(
        "slack_message", channel=channel.id, ts=message.ts, user=by, text=message.text, change="changed"
    )
    event = _hidden(workspace, channel, "message_changed")
    event |= {"message": render.message(workspace, message, channel), "previous_message": before}
    sent = _tell(slack, channel, event)
    return [sent] if sent else []


def delete(slack: Slack, channel: Channel, message: Message) -> None:
    workspace = slack.workspace
    message.is_deleted = True
    workspace.journal.note("slack_message", channel=channel.id, ts=message.ts, user=message.user, change="deleted")
    event = _hidden(workspace, channel, "message_deleted")
    before = render.message(workspace, message, channel)
    _tell(slack, channel, event | {"deleted_ts": message.ts, "previous_message": before})


def other(slack: Slack, name: str, channel: Channel, **facts: Any) -> str | None:
    """Any other event about a channel, such as that somebody joined."""
    ts = slack.workspace.new_ts()
    event = {"type": name, "channel": channel.id, "event_ts": ts, **facts}
    return _say(slack, name, event, channel)


def _event(workspace: Workspace, channel: Channel, message: Message) -> Json:
    event = render.message(workspace, message, channel)
    event |= {"channel": channel.id, "event_ts": message.ts, "channel_type": CHANNEL_TYPE[channel.kind]}
    if message.team not in ("", workspace.app.team_id):
        event |= {"user_team": message.team, "source_team": message.team}
    return event


def _hidden(workspace: Workspace, channel: Channel, subtype: str) -> Json:
    ts = workspace.new_ts()
    return {
        "type": "message",
        "subtype": subtype,
        "hidden": True,
        "channel": channel.id,
        "ts": ts,
        "event_ts": ts,
        "channel_type": CHANNEL_TYPE[channel.kind],
    }


def _tell(slack: Slack, channel: Channel, event: Json) -> str | None:
    return _say(slack, EVENT[channel.kind], event, channel)


def _say(slack: Slack, name: str, event: Json, channel: Channel) -> str | None:
    """The app hears only what happens where its bot is."""
    if not slack.workspace.bot_is_in(channel):
        return None
    return slack.couriers.event(name, event, channel.id, channel.is_ext_shared)


def complete(blocks: Blocks) -> Blocks:
    """As stored: what has no `block_id` or `action_id` gets one, like at Slack."""
    made: Blocks = []
    for number, block in enumerate(blocks):
        copy = dict(block)
        copy.setdefault("block_id", f"b{number}")
        if copy.get("type") == "actions":
            copy["elements"] = [{**each, "action_id": _action(each, n)} for n, each in enumerate(copy["elements"])]
        for name in ("accessory", "element"):
            if of_block(copy) and isinstance(copy.get(name), dict):
                copy[name] = {**copy[name], "action_id": _action(copy[name], 0)}
        made.append(copy)
    return made


def _action(element: Json, number: int) -> str:
    return str(element.get("action_id") or f"a{number}")


def check_conduct(workspace: Workspace, method: str, text: str, blocks: Sequence[Json]) -> None:
    """Written down, not refused: shouting at everyone, and a message that a notification could not show."""
    said = " ".join([text, *render.words(list(blocks))])
    if shouts := [word for word in BROADCASTS if word in said]:
        workspace.violation("broadcast", f"{method}: {', '.join(shouts)} in {said[:200]!r}", method=method)
    if blocks and not text:
        workspace.violation("no_fallback_text", f"{method}: blocks without `text`", method=method)
