"""What does "Page on-call about this" do? Pages at once with the words of the message, and answers in private.

It must not guess a hotline: where there are several and none is this channel's, it asks.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from oncallbot.chat.app import Ack, App
from oncallbot.chat.bodies import actor, delivery_key
from oncallbot.chat.manifest import PAGE_ON_CALL
from oncallbot.chat.texts import read
from oncallbot.engine.handle import Attached
from oncallbot.engine.letters import SLACK_CONTACT
from oncallbot.engine.slack_names import SlackNames, Workspace
from oncallbot.engine.whispers import say_once, whisper
from oncallbot.escalation.events import CustomerReported, Reaction
from oncallbot.escalation.issue import Issue, Road
from oncallbot.escalation.outcomes import Outcome
from oncallbot.escalation.rules import Hotline, Rules
from oncallbot.storage.outbox import Notification
from oncallbot.wording.languages import spoken_language
from oncallbot.wording.slack_private import NOT_A_REPORT, paged_text, which_hotline_text
from oncallbot.wording.text import clean

LONGEST_WORDS = 4_000


def register(app: App, workspace: Workspace) -> None:
    """Listen to the shortcut."""

    @app.shortcut(PAGE_ON_CALL.callback_id)
    def chosen(ack: Ack, body: dict[str, Any]) -> None:
        hear(workspace, body)
        ack()


def hear(workspace: Workspace, body: Mapping[str, Any]) -> None:
    """Submit it. Raises DatabaseUnavailable: nothing happened."""
    names, key, who = workspace.names(), delivery_key(body), actor(body)
    channel = str((body.get("channel") or {}).get("id") or "")
    url, user = str(body.get("response_url") or ""), who.user_id if who else ""

    def answered(words: str) -> Notification:
        return whisper(words, workspace.door.clock.now(), channel, user, response_url=url)

    is_ours = who is not None and who.team_id == names.team_id
    hotline = names.hotline_to_page(channel) if is_ours else names.hotline(channel)
    if hotline is None:
        words = which_hotline_text(names.rules.hotlines.values()) if is_ours else NOT_A_REPORT
        say_once(workspace.door, key, answered(words))
        return

    def aside(outcome: Outcome, rules: Rules, issue: Issue | None) -> Notification:
        return answered(paged_text(outcome, issue, rules))

    event, attached = _report(names, hotline, channel, user, body.get("message") or {})
    workspace.door.handle(event, key=key, attached=attached, aside=aside)


def _report(
    names: SlackNames, hotline: Hotline, channel: str, user: str, message: Mapping[str, Any]
) -> tuple[CustomerReported, Attached]:
    """The report. Its thread is told things only where the bot listens: elsewhere it may not even be a member."""
    ts = str(message.get("ts") or "")
    root = str(message.get("thread_ts") or ts)
    customer = names.customer(channel)
    responder = names.responder(names.team_id, user)
    listens = names.hotline(channel) is not None
    event = CustomerReported(
        hotline=hotline.id,
        customer=customer.id if customer else None,
        contact=f"{SLACK_CONTACT}{channel}:{root}" if listens else "",
        caller=f"{responder.name}, in Slack" if responder else f"Slack user {user}",
        road=Road.SLACK,
        words=_words(message),
        reaction=Reaction.PAGE,
        language=spoken_language(customer.language if customer else None, hotline),
        dedup_key=None if listens else f"slack/{channel}/{ts}",
    )
    return event, Attached(provider_id=f"{channel}:{root}")


def _words(message: Mapping[str, Any]) -> str:
    """The message's words; of a machine's message those of its attachments."""
    texts = [str(message.get("text") or "")]
    for one in message.get("attachments") or ():
        if isinstance(one, dict):
            texts += [str(one.get(name) or "") for name in ("fallback", "title", "text")]
    said = next((text for text in texts if text.strip()), "")
    return clean(read(said), LONGEST_WORDS)
