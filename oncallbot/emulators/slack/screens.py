"""What can this user do with what is on the screen? Not more than Slack's own client would let them.

Must not send anything: `interactions` and `forms` do.
"""

from dataclasses import dataclass
from typing import Any

from oncallbot.emulators.slack.blocks import buttons
from oncallbot.emulators.slack.elements import of_block
from oncallbot.emulators.slack.records import Blocks, Channel, Ephemeral, Json, Message, User, View
from oncallbot.emulators.slack.workspace import Workspace


class Impossible(Exception):
    """Slack's client would not have let the user do this."""


@dataclass(frozen=True, slots=True)
class Spot:
    """Where a clickable thing was found: in a message, in one that only the user sees, or in a view."""

    block: Json
    element: Json
    channel: Channel | None = None
    message: Message | None = None
    ephemeral: Ephemeral | None = None
    view: View | None = None


def person(workspace: Workspace, user_id: str) -> User:
    user = workspace.users.get(user_id)
    if user is None:
        raise Impossible(f"there is no user {user_id}")
    return user


def seen_channel(workspace: Workspace, user: User, name: str) -> Channel:
    """A channel that this user can read: a member, or one of the team in a public channel."""
    channel = workspace.channel_named(name)
    if channel is None:
        raise Impossible(f"there is no channel {name}")
    is_own = user.team_id == workspace.app.team_id and not user.is_guest
    if user.id not in channel.members and not (channel.kind == "channel" and is_own):
        raise Impossible(f"{user.id} does not see {channel.id}")
    return channel


def joined_channel(workspace: Workspace, user: User, name: str) -> Channel:
    """A channel that this user may write in. `dm` is the conversation with the app."""
    channel = workspace.direct([user.id]) if name == "dm" else seen_channel(workspace, user, name)
    if user.id not in channel.members:
        raise Impossible(f"{user.id} is not a member of {channel.id}")
    if channel.is_archived:
        raise Impossible(f"{channel.id} is archived")
    return channel


def message_seen(workspace: Workspace, channel: Channel, ts: str) -> Message:
    message = workspace.find_message(channel, ts)
    if message is None:
        raise Impossible(f"there is no message {ts} in {channel.id}")
    return message


def find(blocks: Blocks, wish: Json) -> tuple[Json, Json]:
    """The one thing to click: by `action_id`, `text` (of a button) and `block_id`, as far as they are given."""
    fitting = [(block, element) for block, element in buttons(blocks) if _fits(block, element, wish)]
    if not fitting:
        there = [_name(element) for _, element in buttons(blocks)]
        raise Impossible(f"nothing like {wish} can be clicked; there is {there}")
    return fitting[0]


def _fits(block: Json, element: Json, wish: Json) -> bool:
    text = wish.get("text") or wish.get("button")
    return (
        wish.get("action_id") in (None, element.get("action_id"))
        and wish.get("block_id") in (None, block.get("block_id"))
        and (not text or (element.get("text") or {}).get("text") == text)
        and wish.get("button_value") in (None, element.get("value"))
    )


def _name(element: Json) -> str:
    return f"{(element.get('text') or {}).get('text') or element.get('type')} ({element.get('action_id')})"


def spot(workspace: Workspace, user: User, wish: Json) -> Spot:
    """`channel` and `ts` of a message, shown to all or to the user alone; without them the open modal, or `home`."""
    if wish.get("home"):
        home = workspace.homes.get(user.id)
        if home is None:
            raise Impossible(f"{user.id} has no home tab of the app")
        return Spot(*find(home.blocks, wish), view=home)
    if not wish.get("ts"):
        view = top_view(workspace, user)
        return Spot(*find(view.blocks, wish), view=view)
    ts = str(wish["ts"])
    for each in workspace.ephemerals:
        if each.user == user.id and each.ts == ts and not each.is_deleted:
            return Spot(*find(each.blocks, wish), workspace.channels.get(each.channel), ephemeral=each)
    channel = seen_channel(workspace, user, str(wish.get("channel", "")))
    message = message_seen(workspace, channel, ts)
    return Spot(*find(message.blocks, wish), channel, message)


def top_view(workspace: Workspace, user: User) -> View:
    stack = workspace.modals.get(user.id, [])
    if not stack:
        raise Impossible(f"{user.id} has no open modal")
    return stack[-1]


def action(element: Json, block: Json, value: Any) -> Json:
    """The entry in `actions` for what was clicked or chosen."""
    made: Json = {"type": element["type"], "action_id": element["action_id"], "block_id": block["block_id"]}
    if element["type"] == "button":
        made["text"] = element["text"]
        made |= {name: element[name] for name in ("value", "style", "url") if name in element}
        return made
    return made | chosen(element, value)


def chosen(element: Json, value: Any) -> Json:
    """What a menu, picker or input holds when the user has put `value` in; options go by value or text."""
    kind = str(element["type"])
    many = kind.startswith("multi_") or kind == "checkboxes"
    what = _holds(kind.removeprefix("multi_"))
    if kind in INPUTS:
        return {"value": None if value in (None, "") else str(value)}
    if what == "option":
        if many:
            return {"selected_options": [_option(element, each) for each in value or []]}
        return {"selected_option": None if value is None else _option(element, value)}
    if many:
        return {f"selected_{what}s": list(value or [])}
    return {f"selected_{what}": value}


INPUTS = ("plain_text_input", "email_text_input", "url_text_input", "number_input", "rich_text_input")


def _holds(kind: str) -> str:
    words = {
        "users_select": "user",
        "conversations_select": "conversation",
        "channels_select": "channel",
        "datepicker": "date",
        "timepicker": "time",
        "datetimepicker": "date_time",
    }
    return words.get(kind, "option")


def written_so_far(view: View, values: Json) -> Json:
    """`state.values` of a view that nobody has sent yet: also a required answer may be missing."""
    state: Json = {}
    for block in view.blocks:
        for element in of_block(block):
            if element["type"] != "button":
                given = values.get(block["block_id"], values.get(element["action_id"], initial(element)))
                held = {"type": element["type"]} | chosen(element, given)
                state.setdefault(block["block_id"], {})[element["action_id"]] = held
    return state


def _option(element: Json, wanted: Any) -> Json:
    """One of those offered; an external menu takes whatever the app suggested."""
    if isinstance(wanted, dict):
        return dict(wanted)
    options = list(element.get("options") or [])
    options += [option for group in element.get("option_groups") or [] for option in group["options"]]
    for option in options:
        if wanted in (option.get("value"), option["text"]["text"]):
            return dict(option)
    raise Impossible(f"{wanted!r} is not offered; there is {[option['text']['text'] for option in options]}")


def initial(element: Json) -> Any:
    """What an input holds before the user touches it."""
    for name in ("value", "option", "options", "user", "users", "conversation", "conversations", "channel", "channels"):
        if f"initial_{name}" in element:
            return element[f"initial_{name}"]
    for name in ("date", "time", "date_time"):
        if f"initial_{name}" in element:
            return element[f"initial_{name}"]
    return None
