"""What does Slack answer to chat.*, reactions.add and pins.add?

Must not change messages itself: `posting` does.
"""

from typing import Any

from oncallbot.emulators.slack import posting, render
from oncallbot.emulators.slack.arguments import Arguments
from oncallbot.emulators.slack.blocks import check_blocks
from oncallbot.emulators.slack.errors import Refused
from oncallbot.emulators.slack.records import Blocks, Channel, Ephemeral, Json, Message
from oncallbot.emulators.slack.service import Slack
from oncallbot.emulators.slack.workspace import Workspace

LONGEST_TEXT, LONGEST_UPDATE, MOST_ATTACHMENTS = 40_000, 4_000, 100


def find_channel(workspace: Workspace, name: str) -> Channel:
    """One that the app can see: public, or with its bot in it."""
    channel = workspace.channel_named(name)
    if channel is None or (channel.kind != "channel" and not workspace.bot_is_in(channel)):
        raise Refused("channel_not_found", about=name)
    return channel


def writable(workspace: Workspace, name: str, opens_direct: bool = False) -> Channel:
    """A channel to post in; a user's id opens the direct messages with that user."""
    if opens_direct and name[:1] in ("U", "W") and name in workspace.users:
        return workspace.direct([addressee(workspace, name, "channel_not_found")])
    channel = find_channel(workspace, name)
    if channel.is_archived:
        raise Refused("is_archived", about=name)
    if not workspace.bot_is_in(channel) and "chat:write.public" not in workspace.app.scopes:
        raise Refused("not_in_channel", about=name)
    return channel


def addressee(workspace: Workspace, user_id: str, error: str = "user_not_found") -> str:
    """A user whom the bot can write to directly."""
    user = workspace.users.get(user_id)
    if user is None:
        raise Refused(error, about=user_id)
    if user.deleted:
        raise Refused("user_disabled" if error == "user_not_found" else error, about=user_id)
    if user.is_bot:
        raise Refused("invalid_user_combination" if error == "user_not_found" else error, about=user_id)
    if user.team_id != workspace.app.team_id:
        raise Refused("user_not_visible" if error == "user_not_found" else error, about=user_id)
    return user_id


def read_blocks(slack: Slack, args: Arguments) -> Blocks | None:
    """None if left out."""
    blocks = args.structured("blocks", "invalid_blocks_format")
    if blocks is None:
        return None
    if not isinstance(blocks, list):
        raise Refused("invalid_blocks_format", "blocks must be an array [json-pointer:/blocks]")
    if wrong := check_blocks(blocks):
        raise Refused("invalid_blocks", *wrong)
    if slack.official and (complaint := slack.official.complaint("Blocks", blocks)):
        slack.workspace.violation("schema", f"blocks: {complaint}")
    return posting.complete(blocks)


def _content(slack: Slack, args: Arguments, method: str, most: int) -> tuple[str, Blocks | None, Blocks | None]:
    """text, blocks and attachments; blocks and attachments are None if left out."""
    text, blocks = args.text("text"), read_blocks(slack, args)
    attachments: Any = args.structured("attachments", "invalid_attachments")
    if args.has("markdown_text"):
        if text or blocks:
            raise Refused("markdown_text_conflict")
        text = args.text("markdown_text")
    if attachments is not None and (not isinstance(attachments, list) or len(attachments) > MOST_ATTACHMENTS):
        raise Refused("too_many_attachments")
    if not text.strip() and not blocks and not attachments:
        raise Refused("no_text")
    if len(text) > most:
        raise Refused("msg_too_long", about=f"{len(text)} characters, {most} allowed")
    posting.check_conduct(slack.workspace, method, text, blocks or [])
    return text, blocks, attachments


def _thread(channel: Channel, args: Arguments) -> str | None:
    """The first message of the thread that is meant; a reply stands for its thread."""
    if not args.has("thread_ts"):
        return None
    parent = channel.messages.get(args.text("thread_ts"))
    if parent is None:
        raise Refused("cannot_reply_to_message", about=args.text("thread_ts"))
    return parent.thread_ts or parent.ts


def _metadata(args: Arguments) -> Json | None:
    metadata = args.structured("metadata", "invalid_metadata_format")
    if metadata in (None, {}):
        return None
    if not isinstance(metadata, dict) or {"event_type", "event_payload"} - set(metadata):
        raise Refused("invalid_metadata_format", "metadata needs event_type and event_payload")
    return metadata


def post_message(slack: Slack, args: Arguments) -> Json:
    workspace = slack.workspace
    channel = writable(workspace, args.text("channel"), opens_direct=True)
    text, blocks, attachments = _content(slack, args, "chat.postMessage", LONGEST_TEXT)
    app = workspace.app
    message = Message(workspace.new_ts(), app.bot_user_id, text, blocks or [], attachments or [], app.team_id)
    message.bot_id, message.thread_ts, message.metadata = app.bot_id, _thread(channel, args), _metadata(args)
    if message.thread_ts and args.flag("reply_broadcast"):
        message.subtype = "thread_broadcast"
    posting.post(slack, channel, message)
    shown = render.message(workspace, message, channel)
    return {"channel": channel.id, "ts": message.ts, "message": shown}


def _own(workspace: Workspace, channel: Channel, ts: str, error: str) -> Message:
    message = workspace.find_message(channel, ts)
    if message is None:
        raise Refused("message_not_found", about=ts)
    if message.bot_id != workspace.app.bot_id:
        raise Refused(error, about=ts)
    return message


def update(slack: Slack, args: Arguments) -> Json:
    """What is left out stays as it was, blocks too: `blocks=[]` removes them."""
    workspace = slack.workspace
    channel = find_channel(workspace, args.text("channel"))
    message = _own(workspace, channel, args.text("ts"), "cant_update_message")
    text, blocks, attachments = _content(slack, args, "chat.update", LONGEST_UPDATE)
    news: dict[str, Any] = {"text": text}
    if blocks is not None:
        news["blocks"] = blocks
    if attachments is not None:
        news["attachments"] = attachments
    if args.has("metadata"):
        news["metadata"] = _metadata(args)
    posting.change(slack, channel, message, workspace.app.bot_user_id, **news)
    shown = render.message(workspace, message, channel)
    return {"channel": channel.id, "ts": message.ts, "text": text, "message": shown}


def delete(slack: Slack, args: Arguments) -> Json:
    channel = find_channel(slack.workspace, args.text("channel"))
    message = _own(slack.workspace, channel, args.text("ts"), "cant_delete_message")
    posting.delete(slack, channel, message)
    return {"channel": channel.id, "ts": message.ts}


def post_ephemeral(slack: Slack, args: Arguments) -> Json:
    workspace = slack.workspace
    channel = writable(workspace, args.text("channel"))
    user = args.text("user")
    if user not in channel.members:
        raise Refused("user_not_in_channel", about=f"{user} is not in {channel.id}")
    text, blocks, _ = _content(slack, args, "chat.postEphemeral", LONGEST_TEXT)
    thread = _thread(channel, args)
    shown = workspace.show(Ephemeral(workspace.new_ts(), channel.id, user, text, blocks or [], thread))
    return {"message_ts": shown.ts}


def permalink(slack: Slack, args: Arguments) -> Json:
    workspace, ts = slack.workspace, args.text("message_ts")
    channel = find_channel(workspace, args.text("channel"))
    message = workspace.find_message(channel, ts)
    if message is None:
        raise Refused("message_not_found", about=ts)
    link = f"https://{workspace.app.team_domain}.slack.com/archives/{channel.id}/p{ts.replace('.', '')}"
    if message.is_reply:
        link += f"?thread_ts={message.thread_ts}&cid={channel.id}"
    return {"channel": channel.id, "permalink": link}


def react(slack: Slack, args: Arguments) -> Json:
    workspace = slack.workspace
    channel = find_channel(workspace, args.text("channel"))
    message = workspace.find_message(channel, args.text("timestamp"))
    if message is None:
        raise Refused("message_not_found", about=args.text("timestamp"))
    users = message.reactions.setdefault(args.text("name").strip(":"), [])
    if workspace.app.bot_user_id in users:
        raise Refused("already_reacted")
    users.append(workspace.app.bot_user_id)
    return {}


def pin(slack: Slack, args: Arguments) -> Json:
    workspace = slack.workspace
    channel = writable(workspace, args.text("channel"))
    if not args.has("timestamp"):
        raise Refused("no_item_specified")
    message = workspace.find_message(channel, args.text("timestamp"))
    if message is None:
        raise Refused("message_not_found", about=args.text("timestamp"))
    if message.is_pinned:
        raise Refused("already_pinned")
    message.is_pinned = True
    return {}


HANDLERS = {
    "chat.postMessage": post_message,
    "chat.update": update,
    "chat.delete": delete,
    "chat.postEphemeral": post_ephemeral,
    "chat.getPermalink": permalink,
    "reactions.add": react,
    "pins.add": pin,
}
