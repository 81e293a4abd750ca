"""What can we ask of Slack? Messages out and in place, private words, modals, and who and where somebody is.

Synchronous; a post is never repeated by itself, since Slack has no idempotency key: it carries our `mark` instead. It
must not let an exception of slack_sdk or urllib escape: callers see `errors.VendorError` only.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from slack_sdk.errors import SlackClientError
from slack_sdk.webhook import WebhookClient

from oncallbot.chat import codes, failures
from oncallbot.chat.answers import inner, instant, listed, seconds, word
from oncallbot.chat.channel_names import ChannelNames
from oncallbot.chat.texts import Words, render
from oncallbot.chat.wire import Credentials, Wire
from oncallbot.errors import Misconfigured, Refused

__all__ = ["Credentials", "Slack"]  # both are needed to make one

Json = Mapping[str, Any]

MARK_TYPE = "oncallbot"

_LONGEST_TEXT = 4000
_LONGEST_TOPIC = 250
_USER = re.compile(r"[UW][A-Z0-9]{2,}")
_CHANNEL = re.compile(r"[CGD][A-Z0-9]{2,}")
_PAGE = 200
_MOST_PAGES = 5
_MOST_CHANNEL_PAGES = 50
_LEEWAY = timedelta(minutes=1)  # Slack's clock against ours


@dataclass(frozen=True, slots=True)
class Posted:
    """Where a message is: the conversation's id (of the direct messages, where a user was named) and its timestamp."""

    channel: str
    ts: str


@dataclass(frozen=True, slots=True)
class Identity:
    """Who Slack takes us for. `vendor_time` is its clock when it answered, to the second."""

    team_id: str
    user_id: str
    bot_id: str
    url: str
    scopes: frozenset[str]
    vendor_time: datetime | None


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody, as Slack knows them. `team_id` is their own workspace."""

    team_id: str
    is_bot: bool
    has_left: bool
    is_guest: bool = False


@dataclass(frozen=True, slots=True)
class Channel:
    """A conversation, as the bot sees it."""

    name: str
    has_bot: bool
    is_archived: bool
    topic: str = ""


class Slack(Wire):
    """Slack's Web API for one thread: an instance must not be shared. `names` may be, and should.

    Texts are plain words, escaped here, unless they are `Words` or `Markdown`. Every request may take `timeout` for
    connecting and again for the answer.
    """

    def __init__(
        self,
        credentials: Credentials,
        timeout: timedelta = timedelta(seconds=6),
        names: ChannelNames | None = None,
    ) -> None:
        super().__init__(credentials, timeout)
        self._names = names or ChannelNames()

    def post(
        self,
        channel: str,
        text: str | Words,
        blocks: Sequence[Json] = (),
        thread_ts: str | None = None,
        mark: str | None = None,
    ) -> Posted:
        """Post to a conversation's id, a user's id (their direct messages) or a channel's name.

        OutcomeUnknown: look with `find_post` for the `mark` before posting again.
        """
        place = self._place(channel)
        answer = self._ask(
            lambda: self._once.chat_postMessage(
                channel=place,
                text=render(text, _LONGEST_TEXT),
                blocks=[dict(block) for block in blocks] or None,
                thread_ts=thread_ts,
                metadata=_metadata(mark),
                parse="none",
                link_names=False,
                unfurl_links=False,
                unfurl_media=False,
            )
        )
        return Posted(word(answer, "channel"), word(answer, "ts"))

    def update(
        self, channel: str, ts: str, text: str | Words, blocks: Sequence[Json] = (), mark: str | None = None
    ) -> None:
        """Put other words and blocks (none: none) into our message. `channel` is an id, as in `Posted`. Repeatable.

        Without `mark` the message keeps the one it has.
        """
        self._ask(
            lambda: self._repeatable.chat_update(
                channel=channel,
                ts=ts,
                text=render(text, _LONGEST_TEXT),
                blocks=[dict(block) for block in blocks],
                metadata=_metadata(mark),
                parse="none",  # else "client", which makes links of what looks like one
                link_names=False,
            )
        )

    def whisper(
        self,
        channel: str,
        user: str,
        text: str | Words,
        thread_ts: str | None = None,
        blocks: Sequence[Json] = (),
    ) -> None:
        """Say something that only this user sees, in a channel where both are. It may be lost, and never comes back."""
        place = self._place(channel)
        self._ask(
            lambda: self._once.chat_postEphemeral(
                channel=place,
                user=user,
                text=render(text, _LONGEST_TEXT),
                blocks=[dict(block) for block in blocks] or None,
                thread_ts=thread_ts,
                parse="none",
                link_names=False,
            )
        )

    def respond(
        self, response_url: str, text: str | Words, blocks: Sequence[Json] = (), *, replace: bool = False
    ) -> None:
        """Answer a command, click or shortcut privately, up to 5 times within 30 minutes; or replace what was clicked.

        Works in channels where the bot is not. `response_url` comes from a signed request and nowhere else.
        """
        body: dict[str, Any] = {"text": render(text, _LONGEST_TEXT), "replace_original": replace}
        if not replace:
            body["response_type"] = "ephemeral"
        if blocks:
            body["blocks"] = [dict(block) for block in blocks]
        try:
            hook = WebhookClient(response_url, timeout=self._timeout, logger=self._log, retry_handlers=[])  # type: ignore[arg-type]
            hook.proxy = None
            answer = hook.send_dict(body)
        except SlackClientError as error:
            raise Misconfigured("Slack: its address is wrong") from error
        except failures.OF_THE_WIRE as error:
            raise failures.from_wire(error) from error
        if answer.status_code != 200 or answer.body.strip() not in ("ok", ""):
            self._check_response(answer.status_code, answer.body, answer.headers)

    def open_view(self, trigger_id: str, view: Json) -> str:
        """Open a modal, within 3 s of the click; its id. Refused with a code of `EXPIRED_TRIGGERS` when too late."""
        answer = self._ask(lambda: self._once.views_open(trigger_id=trigger_id, view=dict(view)))
        return word(inner(answer, "view"), "id")

    def update_view(self, view_id: str, view: Json, hash_: str | None = None) -> str:
        """Put other blocks into an open modal; its new hash. With `hash_` only if nobody has since: else Refused
        `hash_conflict`."""
        answer = self._ask(lambda: self._repeatable.views_update(view_id=view_id, view=dict(view), hash=hash_))
        return word(inner(answer, "view"), "hash")

    def find_post(self, channel: str, mark: str, since: datetime, thread_ts: str | None = None) -> str | None:
        """The timestamp of our post that carries `mark`, posted at `since` (UTC) or later; None when there is none.

        `channel` as in `post`. In a thread (`thread_ts`) `since` is not needed, and all of it is read.
        """
        place = self.conversation(channel)
        oldest = (since - _LEEWAY).timestamp()
        for message in self._replies(place, thread_ts) if thread_ts else self._history(place, oldest):
            metadata = message.get("metadata")
            if isinstance(metadata, dict) and metadata.get("event_type") == MARK_TYPE:
                payload = metadata.get("event_payload")
                if isinstance(payload, dict) and payload.get("id") == mark:
                    return word(message, "ts")
        return None

    def user_id_of_email(self, email: str) -> str | None:
        """The id of the workspace's member with that address; None when nobody has it (or has left)."""
        try:
            answer = self._ask(lambda: self._repeatable.users_lookupByEmail(email=email))
        except Refused as refused:
            if refused.code == codes.NO_SUCH_USER:
                return None
            raise
        return word(inner(answer, "user"), "id")

    def channel_id_of_name(self, name: str) -> str | None:
        """The id of the channel of that name, with or without "#"; None when there is none that the bot can see."""
        return self._names.id_of(name, self._channels)

    def member(self, user: str) -> Member | None:
        """Whose id this is; None when nobody's that the bot can see."""
        try:
            found = inner(self._ask(lambda: self._repeatable.users_info(user=user)), "user")
        except Refused as refused:
            if refused.code in codes.NO_SUCH_MEMBER:
                return None
            raise
        is_guest = found.get("is_restricted") is True or found.get("is_ultra_restricted") is True
        return Member(word(found, "team_id"), found.get("is_bot") is True, found.get("deleted") is True, is_guest)

    def channel(self, id_: str) -> Channel | None:
        """The channel of this id; None when there is none, or a private one without the bot."""
        try:
            found = inner(self._ask(lambda: self._repeatable.conversations_info(channel=id_)), "channel")
        except Refused as refused:
            if refused.code == codes.NO_SUCH_CHANNEL:
                return None
            raise
        topic = found.get("topic")
        said = str(topic.get("value") or "") if isinstance(topic, dict) else ""
        return Channel(word(found, "name"), found.get("is_member") is True, found.get("is_archived") is True, said)

    def set_topic(self, id_: str, text: str) -> None:
        """Say this above the channel, at most 250 characters. Repeatable; the channel shows that it was set."""
        self._ask(lambda: self._repeatable.conversations_setTopic(channel=id_, topic=render(text, _LONGEST_TOPIC)))

    def user_group_id(self, name: str) -> str | None:
        """The id of the user group with this id or handle, with or without "@"; None when there is none."""
        answer = self._ask(lambda: self._repeatable.usergroups_list(include_disabled=False))
        handle = name.removeprefix("@").lower()
        groups = listed(answer, "usergroups")
        found = (one for one in groups if one.get("id") == name or str(one.get("handle")).lower() == handle)
        return next((word(one, "id") for one in found), None)

    def group_members(self, group: str) -> tuple[str, ...]:
        """The ids of a user group's members."""
        users = self._ask(lambda: self._repeatable.usergroups_users_list(usergroup=group)).get("users")
        return tuple(str(one) for one in users) if isinstance(users, list) else ()

    def set_group_members(self, group: str, users: Sequence[str]) -> None:
        """Make a user group these members, and no others; Slack refuses none at all, bots and guests. Repeatable."""
        self._ask(lambda: self._repeatable.usergroups_users_update(usergroup=group, users=list(users)))

    def publish_home(self, user: str, view: Json) -> None:
        """Show this as the app's home tab for one user. Repeatable."""
        self._ask(lambda: self._repeatable.views_publish(user_id=user, view=dict(view)))

    def auth_test(self) -> Identity:
        """Who we are: proves the token, and brings its scopes and Slack's clock."""
        answer = self._ask(self._repeatable.auth_test)
        headers = answer.headers
        listed = failures.header(headers, "x-oauth-scopes")
        return Identity(
            word(answer, "team_id"),
            word(answer, "user_id"),
            str(answer.get("bot_id") or ""),
            str(answer.get("url") or ""),
            frozenset(scope.strip() for scope in listed.split(",") if scope.strip()),
            instant(failures.header(headers, "Date")),
        )

    def _place(self, channel: str) -> str:
        """Where to post: ids as they are, a name by its id."""
        if _CHANNEL.fullmatch(channel) or _USER.fullmatch(channel):
            return channel
        found = self.channel_id_of_name(channel)
        if found is None:
            code = "channel_not_found"
            raise Misconfigured(f"Slack: {codes.meaning(code)} ({channel})", code)
        return found

    def conversation(self, channel: str) -> str:
        """The conversation's own id: of a user's direct messages, too."""
        place = self._place(channel)
        if not _USER.fullmatch(place):
            return place
        answer = self._ask(lambda: self._repeatable.conversations_open(users=place))
        return word(inner(answer, "channel"), "id")

    def _history(self, channel: str, oldest: float) -> Iterator[dict[str, Any]]:
        """Newest first, as far as `oldest`. Slack is not asked for less: our clock may be ahead of its."""
        for answer in self._pages(
            lambda cursor: self._repeatable.conversations_history(
                channel=channel, cursor=cursor, limit=_PAGE, include_all_metadata=True
            ),
            _MOST_PAGES,
        ):
            messages = listed(answer, "messages")
            yield from messages
            if messages and seconds(messages[-1]) < oldest:
                return

    def _replies(self, channel: str, thread_ts: str) -> Iterator[dict[str, Any]]:
        for answer in self._pages(
            lambda cursor: self._repeatable.conversations_replies(
                channel=channel, ts=thread_ts, cursor=cursor, limit=_PAGE, include_all_metadata=True
            ),
            _MOST_PAGES,
        ):
            yield from listed(answer, "messages")

    def _channels(self) -> dict[str, str]:
        """All channels that the bot can see, by name."""
        found: dict[str, str] = {}
        for answer in self._pages(
            lambda cursor: self._repeatable.conversations_list(
                types="public_channel,private_channel", exclude_archived=True, limit=_PAGE, cursor=cursor
            ),
            _MOST_CHANNEL_PAGES,
        ):
            found |= {word(one, "name"): word(one, "id") for one in listed(answer, "channels")}
        return found


def _metadata(mark: str | None) -> dict[str, Any] | None:
    return {"event_type": MARK_TYPE, "event_payload": {"id": mark}} if mark is not None else None
