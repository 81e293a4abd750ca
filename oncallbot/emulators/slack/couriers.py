"""How does what happens at Slack reach the product: signed, within three seconds, and again if it must be?

Must not know what an event or a click means: `posting` and `interactions` do.
"""

import asyncio
import json
from collections.abc import Coroutine
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from oncallbot.emulators.postman import Answer, Policy, Postman, Webhook
from oncallbot.emulators.slack.records import Json, Sent
from oncallbot.emulators.slack.signer import signer
from oncallbot.emulators.slack.workspace import Workspace

# Simulated seconds before each retry (https://docs.slack.dev/apis/events-api#retries, checked November 2026).
RETRIES = (0.0, 60.0, 300.0)
FORM, JSON = "application/x-www-form-urlencoded", "application/json"
SCOPES = {
    "message.channels": "channels:history",
    "message.groups": "groups:history",
    "message.im": "im:history",
    "message.mpim": "mpim:history",
    "app_mention": "app_mentions:read",
    "member_joined_channel": "channels:read",
    "member_left_channel": "channels:read",
    "reaction_added": "reactions:read",
}


@dataclass(slots=True)
class Couriers:
    """Carries events and interactions."""

    workspace: Workspace
    postman: Postman
    _tasks: set["asyncio.Task[Any]"] = field(default_factory=set)
    _turns: dict[str, asyncio.Lock] = field(default_factory=dict)
    _busy: set[object] = field(default_factory=set)

    async def ask(
        self, kind: str, user: str, body: bytes, content_type: str, params: dict[str, str], **headers: str
    ) -> Answer:
        """One request and its answer; never repeated."""
        sent = Sent(kind, user, self.workspace.app.request_url, body, content_type, params)
        sign = signer(lambda: self.workspace.app.signing_secret, body)

        def remember(url: str, posted: dict[str, str], spoil: str) -> dict[str, str]:
            sent.headers = sign(url, posted, spoil) | headers
            return sent.headers

        self.workspace.sent.append(sent)
        return await self._carry(sent, remember)

    async def ask_payload(self, kind: str, user: str, payload: Json, params: dict[str, str]) -> Answer:
        """An interaction: JSON in the form field `payload`."""
        return await self.ask(kind, user, urlencode({"payload": json.dumps(payload)}).encode(), FORM, params)

    async def repeat(self, sent: Sent) -> Answer:
        """The same request to the letter: same body, same timestamp, same signature."""
        return await self._carry(sent, lambda *_: sent.headers)

    async def _carry(self, sent: Sent, sign: Any) -> Answer:
        seconds = self.workspace.app.response_seconds
        webhook = Webhook(
            vendor="slack",
            purpose=sent.kind,
            resource=sent.params.get("type", sent.kind),
            subject=sent.params.get("event_id") or sent.params.get("channel", ""),
            url=sent.url,
            method="POST",
            params=sent.params | {"user": sent.user},
            sign=sign,
            body=sent.body,
            content_type=sent.content_type,
            policy=Policy(0, frozenset(), seconds, seconds, seconds),
        )
        self._busy.add(webhook)
        try:
            return await self.postman.ask(webhook)
        finally:
            self._rest(webhook)

    def event(self, name: str, event: Json, channel: str = "", is_ext_shared: bool = False) -> str | None:
        """Sends an event in the background; its id, or None if the app does not get such events."""
        app = self.workspace.app
        needed = SCOPES.get(name)
        if not app.request_url or not app.subscribes(name) or (needed and needed not in app.scopes):
            return None
        event_id = self.workspace.new_id("Ev")
        envelope = {
            "token": "emulated-verification-token",
            "team_id": app.team_id,
            "context_team_id": app.team_id,
            "context_enterprise_id": None,
            "api_app_id": app.app_id,
            "event": event,
            "type": "event_callback",
            "event_id": event_id,
            "event_time": int(float(event["event_ts"])),
            "authorizations": [
                {
                    "enterprise_id": None,
                    "team_id": app.team_id,
                    "user_id": app.bot_user_id,
                    "is_bot": True,
                    "is_enterprise_install": False,
                }
            ],
            "is_ext_shared_channel": is_ext_shared,
            "event_context": f"4-{event_id}",
        }
        params = {"type": str(event["type"]), "event_id": event_id, "channel": channel}
        params |= {name: str(event[name]) for name in ("subtype", "text", "ts", "thread_ts", "bot_id") if name in event}
        # From here on, not from the first step of the task: nobody may find it quiet in between.
        self._busy.add(event_id)
        self.start(self._deliver(json.dumps(envelope).encode(), params, str(event.get("user", ""))))
        return event_id

    async def _deliver(self, body: bytes, params: dict[str, str], user: str) -> None:
        """The first tries about one channel leave in the order in which things happened; retries do not wait."""
        event_id = params["event_id"]
        async with self._turns.setdefault(params["channel"], asyncio.Lock()):
            answer = await self.ask("event", user, body, JSON, params)
        for number, seconds in enumerate(RETRIES, start=1):
            if answer.ok or answer.error == "dropped" or answer.header("x-slack-no-retry") == "1":
                break
            if seconds:
                self._rest(event_id)
            await asyncio.sleep(self.workspace.settings.real(seconds))
            retry = {"X-Slack-Retry-Num": str(number), "X-Slack-Retry-Reason": reason(answer)}
            answer = await self.ask("event", user, body, JSON, params | {"retry": str(number)}, **retry)
        self._rest(event_id)

    def _rest(self, what: object) -> None:
        self._busy.discard(what)
        self.workspace.journal.touch()

    def start(self, work: Coroutine[Any, Any, Any]) -> "asyncio.Task[Any]":
        """Does it in the background; the rest of the world sees only what comes of it."""
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task

    @property
    def under_way(self) -> int:
        """Requests that wait for an answer or are about to leave; not an event's later tries."""
        return len(self._busy)

    @property
    def pending(self) -> int:
        """Events that are under way or wait for their next try."""
        return len(self._tasks)

    def stop(self) -> None:
        for task in list(self._tasks):
            task.cancel()
        self._turns.clear()
        self._busy.clear()


def reason(answer: Answer) -> str:
    """Slack's word for why it sends an event again."""
    words = {"timeout": "http_timeout", "refused": "connection_failed", "redirects": "too_many_redirects"}
    return "http_error" if answer.status is not None else words.get(answer.error or "", "unknown_error")


def judge(workspace: Workspace, webhook: Webhook, answer: Answer) -> None:
    """Records as a violation what Slack would hold against the app."""
    facts = {"purpose": webhook.purpose, "subject": webhook.subject, "url": answer.url or webhook.url}
    if answer.bad_signature or answer.error == "dropped" or answer.ok:
        return
    if answer.error in ("refused", "reset"):
        workspace.violation(reason(answer), f"{webhook.purpose}: {answer.error}", of="unreachable", **facts)
    elif answer.error == "timeout":
        code = "http_timeout" if webhook.purpose == "event" else "operation_timeout"
        seconds = workspace.app.response_seconds
        workspace.violation(code, f"{webhook.purpose}: no answer within {seconds:g} s", **facts)
    else:
        workspace.violation("http_error", f"{webhook.purpose}: {answer.status or answer.error}", **facts)
