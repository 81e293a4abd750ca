"""What can we ask of Slack? Messages out and in place, private words, modals, and who and where somebody is.

Synchronous; a post is never repeated by itself, since Slack has no idempotency key: it carries our `mark` instead. It
must not let an exception of slack_sdk or urllib escape: callers see `errors.VendorError` only.
"""

from __future__ import annotations

import json
import logging
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice
from typing import Any

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.http_retry import ConnectionErrorRetryHandler, FixedValueRetryIntervalCalculator
from slack_sdk.web import SlackResponse
from slack_sdk.webhook import WebhookClient

from oncallbot.chat import codes, failures
from oncallbot.chat.answers import inner, instant, listed, seconds, word
from oncallbot.chat.channel_names import ChannelNames
from oncallbot.chat.texts import Words, render
from oncallbot.errors import Misconfigured, Refused

Json = Mapping[str, Any]

API_URL = WebClient.BASE_URL
MARK_TYPE = "oncallbot"

_LONGEST_TEXT = 4000
_USER = re.compile(r"[UW][A-Z0-9]{2,}")
_CHANNEL = re.compile(r"[CGD][A-Z0-9]{2,}")
_PAGE = 200
_MOST_PAGES = 5
_MOST_CHANNEL_PAGES = 50
_LEEWAY = timedelta(minutes=1)  # Slack's clock against ours


@dataclass(frozen=True, slots=True)
class Credentials:
    """Who we are at Slack. `api_url` is another host, for emulators and proxies."""

    token: str
    api_url: str = API_URL

    def __repr__(self) -> str:
        return f"Credentials(api_url={self.api_url!r})"


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


@dataclass(frozen=True, slots=True)
class Channel:
    """A conversation, as the bot sees it."""

    name: str
    has_bot: bool
    is_archived: bool


class Slack:
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
        token = credentials.token
        if not token or not token.isascii() or not token.isprintable() or " " in token:
            raise Misconfigured("Slack: a bot token is needed")
        self._timeout = timeout.total_seconds()
        self._names = names or ChannelNames()
        # The SDK writes an ERROR line for each lost connection; whoever called us decides what is worth a line.
        self._log = logging.getLogger(f"{__name__}.sdk")
        self._log.setLevel(logging.CRITICAL)
        self._once = self._client(credentials)
        again = ConnectionErrorRetryHandler(interval_calculator=FixedValueRetryIntervalCalculator(0.1))
        self._repeatable = self._client(credentials, again)

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

    def whisper(self, channel: str, user: str, text: str | Words, thread_ts: str | None = None) -> None:
        """Say something that only this user sees, in a channel where both are. It may be lost, and never comes back."""
        place = self._place(channel)
        self._ask(
            lambda: self._once.chat_postEphemeral(
                channel=place,
                user=user,
                text=render(text, _LONGEST_TEXT),
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

    def update_view(self, view_id: str, view: Json, hash_: str | None = None) -> None:
        """Put other blocks into an open modal. With `hash_` only if nobody has since: else Refused `hash_conflict`."""
        self._ask(lambda: self._repeatable.views_update(view_id=view_id, view=dict(view), hash=hash_))

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
        return Member(word(found, "team_id"), found.get("is_bot") is True, found.get("deleted") is True)

    def channel(self, id_: str) -> Channel | None:
        """The channel of this id; None when there is none, or a private one without the bot."""
        try:
            found = inner(self._ask(lambda: self._repeatable.conversations_info(channel=id_)), "channel")
        except Refused as refused:
            if refused.code == codes.NO_SUCH_CHANNEL:
                return None
            raise
        return Channel(word(found, "name"), found.get("is_member") is True, found.get("is_archived") is True)

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

    def _client(self, credentials: Credentials, *retry_handlers: ConnectionErrorRetryHandler) -> WebClient:
        client = WebClient(
            token=credentials.token,
            base_url=credentials.api_url,
            timeout=self._timeout,  # type: ignore[arg-type] # urllib takes fractions
            logger=self._log,
            retry_handlers=list(retry_handlers),
        )
        client.proxy = None  # the SDK takes it from the environment without looking at NO_PROXY; urllib looks
        return client

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

    def _pages(self, request: Callable[[str | None], SlackResponse], most: int) -> Iterator[SlackResponse]:
        """One page after the other. The SDK's own paging loses the error handling."""

        def pages() -> Iterator[SlackResponse]:
            cursor: str | None = None
            while cursor != "":
                answer = self._ask(lambda: request(cursor))  # noqa: B023 - asked before the cursor moves
                yield answer
                after = answer.get("response_metadata")
                cursor = str(after.get("next_cursor") or "") if isinstance(after, dict) else ""

        return islice(pages(), most)

    def _ask(self, request: Callable[[], SlackResponse]) -> SlackResponse:
        """Make one request and translate whatever goes wrong."""
        try:
            return request()
        except SlackApiError as error:
            response: SlackResponse = error.response
            word = response.data.get("error") if isinstance(response.data, dict) else None
            raise failures.from_answer(response.status_code, word, response.headers) from error
        except SlackClientError as error:
            raise Misconfigured("Slack: its address or our request is wrong") from error
        except failures.OF_THE_WIRE as error:
            raise failures.from_wire(error) from error

    def _check_response(self, status: int, body: str, headers: Mapping[str, str]) -> None:
        """Response URLs answer "ok", JSON, or an error word."""
        word: object = body.strip()
        try:
            said = json.loads(body)
        except ValueError:
            said = None
        if isinstance(said, dict):
            if status == 200 and said.get("ok") is True:
                return
            word = said.get("error")
        raise failures.from_answer(status, word, headers)


def _metadata(mark: str | None) -> dict[str, Any] | None:
    return {"event_type": MARK_TYPE, "event_payload": {"id": mark}} if mark is not None else None
