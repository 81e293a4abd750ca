"""Has the awaited condition come true at Slack?

Must not change anything. Each finder takes the query of `/sim/wait` and gives the newest match, or None.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from oncallbot.emulators.journal import Record
from oncallbot.emulators.sim.slack_control import ephemeral_shown, message_shown, view_shown
from oncallbot.emulators.slack import render
from oncallbot.emulators.slack.records import Channel, Message
from oncallbot.emulators.slack.workspace import Workspace
from oncallbot.emulators.world import World

Wanted = Mapping[str, str]


def _enough(found: list[Record], wanted: Wanted) -> Record | None:
    """The newest of at least `count` (default 1)."""
    return found[-1] | {"matches": len(found)} if found and len(found) >= int(wanted.get("count", "1")) else None


def _reads(shown: Record, wanted: Wanted) -> bool:
    """contains, lacks: a part of what can be read; button, no_button: the text of one; version: at least."""
    words = "\n".join(shown["words"])
    buttons = [button["text"] for button in shown["buttons"]]
    return (
        wanted.get("contains", "") in words
        and ("lacks" not in wanted or wanted["lacks"] not in words)
        and ("button" not in wanted or wanted["button"] in buttons)
        and ("no_button" not in wanted or wanted["no_button"] not in buttons)
        and ("buttons" not in wanted or int(wanted["buttons"]) == len(buttons))
    )


def _same(shown: Record, wanted: Wanted, names: Iterable[str]) -> bool:
    return all(str(shown.get(name) or "") == wanted[name] for name in names if name in wanted)


def _messages(workspace: Workspace, wanted: Wanted) -> Iterable[tuple[Channel, Message]]:
    """`channel` by id or name, or `direct` for the conversation of a user with the app."""
    for channel in workspace.channels.values():
        if "channel" in wanted and wanted["channel"] not in (channel.id, channel.name):
            continue
        if "direct" in wanted and (channel.kind != "im" or wanted["direct"] not in channel.members):
            continue
        one = channel.messages.get(wanted["ts"]) if "ts" in wanted else None
        for message in ([one] if one else []) if "ts" in wanted else channel.shown:
            if not message.is_deleted:
                yield channel, message


def find_message(world: World, wanted: Wanted) -> Record | None:
    """channel, direct (a user), ts, thread_ts, user, bot_id, contains, lacks, button, no_button, version, count …"""
    workspace, found = world.slack.workspace, []
    for channel, message in _messages(workspace, wanted):
        shown = message_shown(workspace, channel, message)
        if (
            _same(shown, wanted, ("ts", "user", "bot_id", "thread_ts", "subtype"))
            and _reads(shown, wanted)
            and len(message.versions) + 1 >= int(wanted.get("version", "1"))
            and message.ts > wanted.get("after", "")
        ):
            found.append(shown)
    return _enough(sorted(found, key=lambda each: str(each["ts"])), wanted)


def find_ephemeral(world: World, wanted: Wanted) -> Record | None:
    """user, channel, via (postEphemeral, response_url, command, error), contains, button, after (a ts), count."""
    found = []
    for each in world.slack.workspace.ephemerals:
        shown = ephemeral_shown(each)
        is_new = each.ts > wanted.get("after", "") and not each.is_deleted
        if is_new and _same(shown, wanted, ("user", "channel", "via", "ts", "thread_ts")) and _reads(shown, wanted):
            found.append(shown)
    return _enough(found, wanted)


def find_modal(world: World, wanted: Wanted) -> Record | None:
    """user; callback_id, contains, view_id, version; `open=false`: there is none."""
    workspace = world.slack.workspace
    stack = workspace.modals.get(wanted.get("user", ""), [])
    if wanted.get("open", "true") == "false":
        return {"user": wanted.get("user", ""), "modal": None} if not stack else None
    shown = [view_shown(workspace, view) for view in stack[-1:]]
    return _enough([each for each in shown if _view_fits(each, wanted)], {})


def find_home(world: World, wanted: Wanted) -> Record | None:
    """user; contains, callback_id, version."""
    workspace = world.slack.workspace
    home = workspace.homes.get(wanted.get("user", ""))
    shown = [view_shown(workspace, home)] if home else []
    return _enough([each for each in shown if _view_fits(each, wanted)], {})


def _view_fits(shown: Record, wanted: Wanted) -> bool:
    enough = shown["versions"] >= int(wanted.get("version", "1"))
    ids = wanted.get("view_id", shown["id"]) == shown["id"]
    return enough and ids and _same(shown, wanted, ("callback_id",)) and _reads(shown, wanted)


def find_delivery(world: World, wanted: Wanted) -> Record | None:
    """purpose (event, command, block_actions …), status, done (default True), user, try, any parameter; count."""
    special = {"count", "purpose", "status", "done", "error", "fault"}
    found = []
    for entry in world.journal.webhooks:
        if entry.vendor != "slack" or str(entry.done) != wanted.get("done", "True"):
            continue
        facts: dict[str, Any] = {name: getattr(entry, name) for name in ("purpose", "status", "error", "fault")}
        params = entry.params | {"retry": entry.params.get("retry", "0")}
        if _same(facts, wanted, facts) and _same(params, wanted, set(wanted) - special):
            found.append(entry.shown())
    return _enough(found, wanted)


def find_channel(world: World, wanted: Wanted) -> Record | None:
    """channel (id or name), topic (exactly), topic_contains."""
    channel = world.slack.workspace.channel_named(wanted.get("channel", ""))
    if channel is None or wanted.get("topic", channel.topic) != channel.topic:
        return None
    if wanted.get("topic_contains", "") not in channel.topic:
        return None
    return render.channel(world.slack.workspace, channel) | {"members": channel.members}


def find_usergroup(world: World, wanted: Wanted) -> Record | None:
    """id; users (ids between commas, in any order), updates (at least)."""
    group = world.slack.workspace.groups.get(wanted.get("id", ""))
    if group is None or group.updates < int(wanted.get("updates", "0")):
        return None
    if "users" in wanted and set(wanted["users"].split(",")) != set(group.users):
        return None
    return render.group(world.slack.workspace, group, True, True) | {"updates": group.updates}


def seen(world: World, wanted: Wanted) -> Record:
    """What a failed test should print of Slack."""
    workspace = world.slack.workspace
    messages = [
        {"channel": channel.id, "ts": message.ts, "text": message.text[:300]}
        for channel, message in _messages(workspace, {k: v for k, v in wanted.items() if k in ("channel", "direct")})
    ]
    return {
        "messages": messages[-10:],
        "ephemerals": [{"user": e.user, "text": e.text[:300]} for e in workspace.ephemerals[-5:]],
        "deliveries": [
            {"purpose": e.purpose, "params": e.params, "status": e.status, "error": e.error}
            for e in [entry for entry in world.journal.webhooks if entry.vendor == "slack"][-5:]
        ],
    }


FINDERS: dict[str, Callable[[World, Wanted], Record | None]] = {
    "slack_message": find_message,
    "slack_ephemeral": find_ephemeral,
    "slack_modal": find_modal,
    "slack_home": find_home,
    "slack_delivery": find_delivery,
    "slack_channel": find_channel,
    "slack_usergroup": find_usergroup,
}
