"""What does Slack answer to conversations.*?

Must not look at people beyond who is a member of what.
"""

import base64
from typing import TypeVar

from oncallbot.emulators.slack import render
from oncallbot.emulators.slack.arguments import Arguments
from oncallbot.emulators.slack.chat import addressee, find_channel
from oncallbot.emulators.slack.errors import Refused
from oncallbot.emulators.slack.records import Channel, ChannelKind, Json, Message
from oncallbot.emulators.slack.service import Slack
from oncallbot.emulators.slack.workspace import Workspace

T = TypeVar("T")
PREFIX = {"channel": "channels", "group": "groups", "im": "im", "mpim": "mpim"}
TYPES: dict[str, ChannelKind] = {"public_channel": "channel", "private_channel": "group", "im": "im", "mpim": "mpim"}
LONGEST_TOPIC, MOST_USERS = 250, 8


def need(workspace: Workspace, channel: Channel, *verbs: str) -> None:
    """The scope of this kind of conversation, such as `groups:read` for a private channel."""
    wanted = [f"{PREFIX[channel.kind]}:{verb}" for verb in verbs]
    if not set(wanted) & set(workspace.app.scopes):
        provided = ",".join(workspace.app.scopes)
        raise Refused("missing_scope", about=wanted[0], needed=",".join(wanted), provided=provided)


def page(items: list[T], args: Arguments, default: int = 100) -> tuple[list[T], str]:
    """So many from the cursor on, and the next cursor, blank at the end."""
    limit, start = args.number("limit", default, 1000), 0
    if args.has("cursor"):
        try:
            start = int(base64.b64decode(args.text("cursor")).decode().removeprefix("next:"))
        except ValueError as error:
            raise Refused("invalid_cursor", about=args.text("cursor")) from error
    after = base64.b64encode(f"next:{start + limit}".encode()).decode() if start + limit < len(items) else ""
    return items[start : start + limit], after


def _visible(slack: Slack, args: Arguments, *verbs: str) -> Channel:
    channel = find_channel(slack.workspace, args.text("channel"))
    if channel.id != args.text("channel"):
        raise Refused("channel_not_found", about="by name; conversations.* take ids only")
    need(slack.workspace, channel, *verbs)
    return channel


def open_direct(slack: Slack, args: Arguments) -> Json:
    workspace = slack.workspace
    if args.has("channel"):
        channel = _visible(slack, args, "write", "manage")
    else:
        users = args.listed("users")
        if not users:
            raise Refused("users_list_not_supplied")
        if len(users) > MOST_USERS:
            raise Refused("too_many_users")
        if (scope := "im:write" if len(users) == 1 else "mpim:write") not in workspace.app.scopes:
            raise Refused("missing_scope", about=scope, needed=scope, provided=",".join(workspace.app.scopes))
        known = set(workspace.channels)
        channel = workspace.direct([addressee(workspace, user) for user in users])
        if channel.id in known and not args.flag("return_im"):
            return {"no_op": True, "already_open": True, "channel": {"id": channel.id}}
    full = args.flag("return_im")
    return {"channel": render.channel(workspace, channel) if full else {"id": channel.id}}


def info(slack: Slack, args: Arguments) -> Json:
    channel = _visible(slack, args, "read")
    shown = render.channel(slack.workspace, channel)
    if args.flag("include_num_members"):
        shown["num_members"] = len(channel.members)
    return {"channel": shown}


def listing(slack: Slack, args: Arguments) -> Json:
    workspace = slack.workspace
    types = args.listed("types") or ["public_channel"]
    if unknown := set(types) - set(TYPES):
        raise Refused("invalid_types", about=", ".join(sorted(unknown)))
    kinds = {TYPES[each] for each in types}
    for kind in sorted(kinds):
        need(workspace, Channel("", kind), "read")
    seen = [
        channel
        for channel in workspace.channels.values()
        if channel.kind in kinds
        and (channel.kind == "channel" or workspace.bot_is_in(channel))
        and not (channel.is_archived and args.flag("exclude_archived"))
    ]
    shown, after = page(seen, args)
    return {
        "channels": [render.channel(workspace, each) | {"num_members": len(each.members)} for each in shown],
        "response_metadata": {"next_cursor": after},
    }


def members(slack: Slack, args: Arguments) -> Json:
    shown, after = page(_visible(slack, args, "read").members, args)
    return {"members": shown, "response_metadata": {"next_cursor": after}}


def join(slack: Slack, args: Arguments) -> Json:
    workspace = slack.workspace
    channel = find_channel(workspace, args.text("channel"))
    if channel.is_archived:
        raise Refused("is_archived")
    if channel.kind != "channel":
        raise Refused("method_not_supported_for_channel_type")
    if not workspace.bot_is_in(channel):
        channel.members.append(workspace.app.bot_user_id)
    return {"channel": render.channel(workspace, channel)}


def set_topic(slack: Slack, args: Arguments) -> Json:
    workspace = slack.workspace
    channel = _visible(slack, args, "write.topic", "manage", "write")
    if channel.kind in ("im", "mpim"):
        raise Refused("method_not_supported_for_channel_type")
    if channel.is_archived:
        raise Refused("is_archived")
    if not workspace.bot_is_in(channel):
        raise Refused("not_in_channel")
    topic = str(args.given.get("topic", ""))
    if len(topic) > LONGEST_TOPIC:
        raise Refused("too_long", about=f"{len(topic)} characters, {LONGEST_TOPIC} allowed")
    channel.topic = topic
    workspace.journal.note("slack_topic", channel=channel.id, topic=topic)
    return {"channel": render.channel(workspace, channel)}


def _between(messages: list[Message], args: Arguments) -> list[Message]:
    """`oldest` and `latest` themselves only with `inclusive`."""
    oldest, latest = args.text("oldest") or "0", args.text("latest") or "99999999999"
    for name, text in (("oldest", oldest), ("latest", latest)):
        if not text.replace(".", "", 1).isdigit():
            raise Refused(f"invalid_ts_{name}", about=text)
    low, high, inclusive = float(oldest), float(latest), args.flag("inclusive")
    return [each for each in messages if low < float(each.ts) < high or (inclusive and float(each.ts) in (low, high))]


def history(slack: Slack, args: Arguments) -> Json:
    """Newest first, without the replies in threads."""
    workspace = slack.workspace
    channel = _visible(slack, args, "history")
    if not workspace.bot_is_in(channel):
        raise Refused("not_in_channel")
    top = [each for each in channel.shown if not each.is_reply or each.subtype == "thread_broadcast"]
    shown, after = page(_between(top, args)[::-1], args)
    return {
        "messages": [render.message(workspace, each, channel) for each in shown],
        "has_more": bool(after),
        "pin_count": sum(each.is_pinned for each in channel.shown),
        "response_metadata": {"next_cursor": after},
    }


def replies(slack: Slack, args: Arguments) -> Json:
    """The first message of a thread and its replies, oldest first."""
    workspace = slack.workspace
    channel = _visible(slack, args, "history")
    asked = workspace.find_message(channel, args.text("ts"))
    if asked is None:
        raise Refused("thread_not_found", about=args.text("ts"))
    root = channel.messages[asked.thread_ts or asked.ts]
    shown, after = page([root, *_between(channel.thread(root.ts), args)], args, default=1000)
    return {
        "messages": [render.message(workspace, each, channel) for each in shown],
        "has_more": bool(after),
        "response_metadata": {"next_cursor": after},
    }


HANDLERS = {
    "conversations.open": open_direct,
    "conversations.info": info,
    "conversations.list": listing,
    "conversations.members": members,
    "conversations.join": join,
    "conversations.setTopic": set_topic,
    "conversations.history": history,
    "conversations.replies": replies,
}
