"""Which methods are there, with which arguments, scopes and tier of rate?

Must not do what a method does: the desks do. Our own reading of https://docs.slack.dev/reference/methods; the tests
compare it with Slack's own list.
"""

from dataclasses import dataclass

READ = ("channels:read", "groups:read", "im:read", "mpim:read")
HISTORY = ("channels:history", "groups:history", "im:history", "mpim:history")
OPEN = ("channels:manage", "groups:write", "im:write", "mpim:write")
TOPIC = (
    *("channels:write.topic", "groups:write.topic", "mpim:write.topic", "im:write.topic"),
    *("channels:manage", "groups:write", "im:write", "mpim:write"),
)
POST = "attachments blocks channel icon_emoji icon_url link_names markdown_text metadata parse text thread_ts username"


@dataclass(frozen=True, slots=True)
class Method:
    """`scopes`: any one of them will do. `json`: whether a JSON body is read."""

    required: tuple[str, ...]
    optional: tuple[str, ...]
    scopes: tuple[str, ...]
    tier: str
    json: bool = True

    @property
    def arguments(self) -> frozenset[str]:
        return frozenset(self.required + self.optional)


def _of(required: str, optional: str, scopes: str | tuple[str, ...], tier: str, json: bool = True) -> Method:
    needed = (scopes,) if isinstance(scopes, str) and scopes else tuple(scopes)
    return Method(tuple(required.split()), tuple(set(optional.split()) - set(required.split())), needed, tier, json)


METHODS: dict[str, Method] = {
    "api.test": _of("", "error", "", "t4"),
    "auth.test": _of("", "", "", "t5"),
    "bots.info": _of("", "bot team_id", "users:read", "t3", json=False),
    "chat.delete": _of("channel ts", "as_user", "chat:write", "t3"),
    "chat.getPermalink": _of("channel message_ts", "", "", "t5", json=False),
    "chat.postEphemeral": _of("channel user", POST + " as_user", "chat:write", "t4"),
    "chat.postMessage": _of(
        "channel",
        POST + " as_user current_draft_last_updated_ts mrkdwn reply_broadcast unfurl_links unfurl_media",
        "chat:write",
        "t5",
    ),
    "chat.update": _of(
        "channel ts",
        "as_user attachments unfurled_attachments blocks markdown_text metadata link_names parse text "
        "reply_broadcast file_ids",
        "chat:write",
        "t3",
    ),
    "conversations.history": _of("channel", "cursor include_all_metadata inclusive latest limit oldest", HISTORY, "t3"),
    "conversations.info": _of("channel", "include_locale include_num_members", READ, "t3", json=False),
    "conversations.join": _of("channel", "", "channels:join", "t3"),
    "conversations.list": _of("", "cursor exclude_archived limit team_id types", READ, "t2", json=False),
    "conversations.members": _of("channel", "cursor limit", READ, "t4", json=False),
    "conversations.open": _of("", "channel return_im users prevent_creation", OPEN, "t3"),
    "conversations.replies": _of(
        "channel ts", "cursor include_all_metadata inclusive latest limit oldest", HISTORY, "t3", json=False
    ),
    "conversations.setTopic": _of("channel topic", "", TOPIC, "t2"),
    "pins.add": _of("channel", "timestamp", "pins:write", "t2"),
    "reactions.add": _of("channel name timestamp", "", "reactions:write", "t3"),
    "team.info": _of("", "domain team", "team:read", "t3"),
    "usergroups.create": _of(
        "name",
        "channels additional_channels description handle include_count team_id enable_section",
        "usergroups:write",
        "t2",
    ),
    "usergroups.disable": _of("usergroup", "include_count team_id", "usergroups:write", "t2"),
    "usergroups.enable": _of("usergroup", "include_count team_id", "usergroups:write", "t2"),
    "usergroups.list": _of(
        "", "include_count include_disabled include_users team_id", "usergroups:read", "t2", json=False
    ),
    "usergroups.update": _of(
        "usergroup",
        "channels additional_channels description handle include_count name team_id enable_section",
        "usergroups:write",
        "t2",
    ),
    "usergroups.users.list": _of("usergroup", "include_disabled team_id", "usergroups:read", "t2", json=False),
    "usergroups.users.update": _of(
        "usergroup users", "include_count team_id additional_channels is_shared", "usergroups:write", "t2"
    ),
    "users.info": _of("user", "include_locale", "users:read", "t4", json=False),
    "users.list": _of("", "cursor include_locale limit team_id", "users:read", "t2", json=False),
    "users.lookupByEmail": _of("email", "", "users:read.email", "t3", json=False),
    "views.open": _of("view", "trigger_id interactivity_pointer", "", "t4"),
    "views.publish": _of("user_id view", "hash interactivity_pointer", "", "t4"),
    "views.push": _of("view", "trigger_id interactivity_pointer", "", "t4"),
    "views.update": _of("view", "view_id external_id hash", "", "t4"),
}
DEFAULT_SCOPES = (
    "app_mentions:read channels:history channels:manage channels:read channels:write.topic chat:write commands "
    "groups:history groups:read groups:write groups:write.topic im:history im:read im:write mpim:history mpim:read "
    "pins:write reactions:write team:read usergroups:read usergroups:write users:read users:read.email"
).split()
