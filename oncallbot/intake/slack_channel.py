"""How does a post in Slack reach the door? Posts in hotline channels, replies in their threads, and the shortcut.

It must not take a machine's post for a report, nor open anything while the office is open: then it only points there.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from oncallbot.chat.app import Ack, App
from oncallbot.chat.bodies import Actor, actor
from oncallbot.chat.texts import read
from oncallbot.engine.handle import Attached
from oncallbot.engine.letters import SLACK_CONTACT
from oncallbot.engine.slack_names import SlackNames, Workspace
from oncallbot.engine.whispers import in_thread, say_once, whisper
from oncallbot.escalation.events import Answer, CustomerReported, ResponderAnswered
from oncallbot.escalation.issue import Issue, Road, Status
from oncallbot.escalation.outcomes import Kind, Outcome
from oncallbot.escalation.rules import Hotline, Rules
from oncallbot.oncall.people import Responder
from oncallbot.storage import cards, issues, reports
from oncallbot.storage.outbox import Notification
from oncallbot.wording.customers import received_text
from oncallbot.wording.languages import spoken_language
from oncallbot.wording.replies import mentioned_reference
from oncallbot.wording.slack_private import not_heard_text, pointer_text
from oncallbot.wording.text import clean

log = logging.getLogger(__name__)

LONGEST_WORDS = 4_000
# What people write; everything else (edits, joins, topics, bots) is no report.
_WRITTEN = frozenset({None, "", "file_share", "me_message", "thread_broadcast"})


@dataclass(frozen=True, slots=True)
class Post:
    """What somebody wrote. `thread` is the first post of its thread, "" for a post of its own."""

    channel: str
    ts: str
    thread: str
    words: str
    author: Actor
    files: tuple[str, ...] = ()

    @property
    def contact(self) -> str:
        """Where the author is told things: the thread of the post."""
        return f"{SLACK_CONTACT}{self.channel}:{self.thread or self.ts}"

    @property
    def key(self) -> str:
        """One post is one report, however many events tell of it."""
        return f"post/{self.channel}/{self.ts}"


def register(app: App, workspace: Workspace) -> None:
    """Listen to what is written where the bot is."""

    @app.event("message")
    def written(ack: Ack, body: dict[str, Any]) -> None:
        post = post_of(body)
        if post is not None:
            hear(workspace, post)
        ack()


def post_of(body: Mapping[str, Any]) -> Post | None:
    """What a person wrote; None for a machine's post, an edit, and everything else that is no writing."""
    event = body.get("event") or {}
    author = actor(body)
    is_machine = bool(event.get("bot_id") or event.get("bot_profile") or event.get("app_id"))
    if author is None or is_machine or event.get("hidden") or event.get("subtype") not in _WRITTEN:
        return None
    ts, thread = str(event.get("ts") or ""), str(event.get("thread_ts") or "")
    channel = str(event.get("channel") or "")
    if not ts or not channel:
        return None
    files = tuple(str(one.get("permalink") or "") for one in event.get("files") or () if isinstance(one, dict))
    words = _words(str(event.get("text") or ""), len(files))
    return Post(channel, ts, "" if thread == ts else thread, words, author, tuple(one for one in files if one))


def hear(workspace: Workspace, post: Post) -> None:
    """Submit it, if it is meant for us. Raises DatabaseUnavailable: nothing happened, and Slack sends it again."""
    names = workspace.names()
    if post.thread:
        _reply(workspace, names, post)
        return
    hotline = names.hotline(post.channel)
    if hotline is None:
        return
    if names.rules.is_office_open(hotline, workspace.door.clock.now()):
        _point(workspace, names, hotline, post)
        return
    _report(workspace, names, hotline, post, mentioned_reference(post.words))


def _reply(workspace: Workspace, names: SlackNames, post: Post) -> None:
    """In the thread of a card it is a responder's note; in a report's thread a note, or more of the report."""
    with workspace.door.database.read() as connection:
        card = cards.at(connection, post.channel, post.thread)
        report = reports.by_provider_id(connection, f"{post.channel}:{post.thread}")
        number = card.issue if card is not None else report.issue if report is not None else None
        issue = issues.load(connection, number) if number is not None else None
    responder = names.responder(post.author.team_id, post.author.user_id)
    if issue is not None and responder is not None and not (card is None and issue.caller == _caller(post, responder)):
        event = ResponderAnswered(responder.id, Answer.NOTE, "slack", post.words)
        workspace.door.handle(event, issue=issue.number, key=post.key)
        return
    hotline = names.hotline(post.channel)
    if card is not None or hotline is None:
        return
    is_open = names.rules.is_office_open(hotline, workspace.door.clock.now())
    if issue is not None and (issue.status is not Status.CLOSED or not is_open):
        _report(workspace, names, hotline, post, issue.number)
    elif issue is None and not is_open and responder is None:
        language = _language(names, hotline, post.channel)
        said = whisper(not_heard_text(language), workspace.door.clock.now(), post.channel, post.author.user_id)
        say_once(workspace.door, post.key, said)
    elif issue is not None:
        _point(workspace, names, hotline, post)


def _point(workspace: Workspace, names: SlackNames, hotline: Hotline, post: Post) -> None:
    """Privately to the day team; only our own people see its channel's name."""
    is_ours = post.author.team_id == names.team_id
    said = whisper(
        pointer_text(hotline, _language(names, hotline, post.channel)),
        workspace.door.clock.now(),
        post.channel,
        post.author.user_id,
        thread=post.thread,
        about_channel=names.channel_id(hotline.day_team.channel) if is_ours else "",
    )
    say_once(workspace.door, post.key, said)


def _report(workspace: Workspace, names: SlackNames, hotline: Hotline, post: Post, reference: int | None) -> None:
    customer = names.customer(post.channel)
    responder = names.responder(post.author.team_id, post.author.user_id)
    event = CustomerReported(
        hotline=hotline.id,
        customer=customer.id if customer else None,
        contact=post.contact,
        caller=_caller(post, responder),
        road=Road.SLACK,
        words=post.words,
        language=_language(names, hotline, post.channel),
        reference=reference,
    )
    attached = Attached(media=post.files, provider_id=f"{post.channel}:{post.ts}")

    def told_elsewhere(outcome: Outcome, rules: Rules, issue: Issue | None) -> Notification | None:
        """It joined an issue whose reporter is told things elsewhere: this thread gets its reference once."""
        if issue is None or outcome.kind is not Kind.JOINED or post.thread or issue.contact == post.contact:
            return None
        now = workspace.door.clock.now()
        return in_thread(received_text(outcome, issue, rules, hotline, now), now, post.channel, post.ts, issue.number)

    workspace.door.handle(event, key=post.key, attached=attached, aside=told_elsewhere)


def _caller(post: Post, responder: Responder | None) -> str:
    return f"{responder.name}, in Slack" if responder else f"Slack user {post.author.user_id}"


def _language(names: SlackNames, hotline: Hotline, channel: str) -> str:
    customer = names.customer(channel)
    return spoken_language(customer.language if customer else None, hotline)


def _words(text: str, files: int) -> str:
    """The words as people read them, and that there are files."""
    said = clean(read(text), LONGEST_WORDS)
    attached = "" if not files else "(a file)" if files == 1 else f"({files} files)"
    return f"{said} {attached}".strip()
