"""How are cards, pages and words sent to Slack? Always the newest state, one card per issue and place.

It must not decide, nor hold a card's words: they are made from the issue at the moment of sending.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from oncallbot.channels import slack_covers, slack_home, slack_shown
from oncallbot.channels.slack_cards import Drawn, draw, thread_lines
from oncallbot.channels.slack_clients import SlackClients
from oncallbot.chat.client import Posted, Slack
from oncallbot.chat.texts import Markdown, Words, joined, words
from oncallbot.chat.texts import channel as channel_link
from oncallbot.engine.handle import Door
from oncallbot.engine.letters import CHANNEL_PLACE
from oncallbot.engine.sending import Delivery
from oncallbot.errors import Refused
from oncallbot.escalation.issue import Issue
from oncallbot.escalation.rules import Rules
from oncallbot.oncall.people import Responder
from oncallbot.storage import cards, issues, slack_ids, timeline
from oncallbot.storage.cards import PostedCard
from oncallbot.storage.outbox import Notification, Purpose
from oncallbot.storage.timeline import NumberedEntry

_REPEATABLE = (Purpose.WHISPER, Purpose.GROUP, Purpose.TOPIC, Purpose.HOME)
_LONG_THREAD_POST = 1_000  # characters, before one more line of at most as many


@dataclass(frozen=True, slots=True)
class _Scene:
    """An issue as it is when its card is drawn."""

    issue: Issue
    rules: Rules
    card: PostedCard | None
    entries: tuple[NumberedEntry, ...]
    place: str
    address: str

    @property
    def reader(self) -> Responder | None:
        return self.rules.responders.get(self.place)


class SlackSender:
    """The way out to Slack."""

    def __init__(self, door: Door, clients: SlackClients, public_url: str) -> None:
        self._door = door
        self._clients = clients
        self._public_url = public_url

    def send(self, notification: Notification) -> Delivery:
        """Post, update or whisper. Raises VendorError: a post whose answer never came is found again by its mark."""
        slack = self._clients.mine()
        match notification.purpose:
            case Purpose.PAGE:
                return self._page(slack, notification)
            case Purpose.CARD:
                return self._card(slack, notification)
            case Purpose.WHISPER:
                return self._whisper(slack, notification)
            case Purpose.COVER:
                return slack_covers.send(self._door, slack, notification, self._id(notification.address))
            case Purpose.GROUP:
                return slack_shown.show_group(self._door, slack, notification)
            case Purpose.TOPIC:
                return slack_shown.show_topic(self._door, slack, notification, self._id(notification.address))
            case Purpose.HOME:
                return slack_home.publish(self._door, slack, notification, self._public_url)
            case _:
                return self._words(slack, notification)

    def find(self, notification: Notification, since: datetime) -> tuple[str, ...]:
        """The post that carries this notification's mark. What can be repeated without harm is not looked up."""
        if notification.purpose in _REPEATABLE:
            return ()
        slack = self._clients.mine()
        if notification.purpose is Purpose.COVER:
            return slack_covers.find(self._door, slack, notification, self._id(notification.address), since)
        scene = self._scene(notification) if notification.purpose in (Purpose.CARD, Purpose.PAGE) else None
        channel = scene.address if scene else self._id(notification.address)
        found = slack.find_post(channel, _mark(notification), since, notification.detail.get("thread"))
        if found is None:
            return ()
        if scene is not None and scene.card is None:
            self._keep(scene, Posted(slack.conversation(channel), found), shown_until=0)
        return (f"{channel}/{found}",)

    def has_ended(self, _provider_id: str, /) -> bool:
        """A post is no call: nothing waits for its end."""
        return True

    def warm_up(self) -> None:
        """Make this thread's client."""
        self._clients.mine()

    def _words(self, slack: Slack, notification: Notification) -> Delivery:
        """Words as they were decided, with buttons perhaps."""
        detail = notification.detail
        said, blocks = _said(notification), detail.get("blocks", ())
        place, thread = self._id(notification.address), detail.get("thread")
        return Delivery(_name(slack.post(place, said, blocks, thread, mark=notification.id)))

    def _page(self, slack: Slack, notification: Notification) -> Delivery:
        """The card in the responder's direct messages; paged again, one more line that the phone shows."""
        scene = self._scene(notification)
        drawn = self._drawn(scene)
        if scene.card is not None:
            slack.update(scene.card.channel, scene.card.ts, drawn.message.text, drawn.message.blocks)
            posted = slack.post(scene.address, notification.words, mark=notification.id)
            return Delivery(_name(posted))
        card = self._first(slack, scene, drawn, notification, may_be_there=notification.tries > 0)
        newest = self._drawn(self._scene(notification))
        if newest != drawn:  # it changed while it was being posted, when there was no card yet to bring up to date
            slack.update(card.channel, card.ts, newest.message.text, newest.message.blocks)
        return Delivery(f"{card.channel}/{card.ts}")

    def _card(self, slack: Slack, notification: Notification) -> Delivery:
        scene = self._scene(notification)
        drawn = self._drawn(scene)
        card, may_be_there = scene.card, notification.tries > 0
        if card is not None:
            slack.update(card.channel, card.ts, drawn.message.text, drawn.message.blocks)
        elif scene.place != CHANNEL_PLACE:
            return Delivery(None)  # their page posts it, in its newest state
        else:
            may_be_there = may_be_there or notification.created_at > scene.issue.opened_at
            card = self._first(slack, scene, drawn, notification, may_be_there=may_be_there)
        if scene.place == CHANNEL_PLACE:
            self._show_timeline(slack, scene, card, may_be_there=may_be_there)
        return Delivery(f"{card.channel}/{card.ts}")

    def _first(
        self, slack: Slack, scene: _Scene, drawn: Drawn, notification: Notification, *, may_be_there: bool
    ) -> PostedCard:
        """The card's first post; the one that is there, when whoever posted it died before that was written down."""
        if may_be_there:
            channel = slack.conversation(scene.address)
            found = slack.find_post(channel, _mark(notification), scene.issue.opened_at - self._door.clock.offset)
            if found is not None:
                slack.update(channel, found, drawn.message.text, drawn.message.blocks)
                return self._keep(scene, Posted(channel, found), shown_until=0)
        posted = slack.post(scene.address, drawn.message.text, drawn.message.blocks, mark=_mark(notification))
        return self._keep(scene, posted, shown_until=0)

    def _show_timeline(self, slack: Slack, scene: _Scene, card: PostedCard, *, may_be_there: bool) -> None:
        """What the thread does not show yet, in one message, or in several where it is long."""
        fresh = [entry for entry in scene.entries if entry.id > card.shown_until]
        now = self._door.clock.now()
        while fresh:
            lines, length = [], 0
            while fresh and length < _LONG_THREAD_POST:
                last = fresh.pop(0)
                lines += thread_lines(scene.issue, scene.rules, (last,), now)
                length = sum(map(len, lines))
            mark = f"lines/{scene.issue.number}/{last.id}"
            if lines and not (may_be_there and slack.find_post(card.channel, mark, now, card.ts)):
                slack.post(card.channel, joined(lines), thread_ts=card.ts, mark=mark)
            self._keep(scene, Posted(card.channel, card.ts), shown_until=last.id)

    def _whisper(self, slack: Slack, notification: Notification) -> Delivery:
        """By the address that the click brought; when that has run out, in the conversation where they are."""
        detail = notification.detail
        said, blocks = _said(notification), detail.get("blocks", ())
        if about := detail.get("about_channel"):
            said += words(" ", channel_link(str(about)))
        if url := detail.get("response_url"):
            try:
                slack.respond(str(url), said, blocks, replace=bool(detail.get("replaces")))
            except Refused:
                if "user" not in detail:
                    raise
            else:
                return Delivery(None)
        slack.whisper(notification.address, str(detail["user"]), said, detail.get("thread"), blocks)
        return Delivery(None)

    def _scene(self, notification: Notification) -> _Scene:
        place = str(notification.detail.get("place", CHANNEL_PLACE))
        with self._door.database.read() as connection:
            issue = issues.load(connection, notification.issue or 0)
            if issue is None:
                raise Refused("the issue does not exist any more")
            rules = self._door.rules.of(connection)
            card = cards.load(connection, issue.number, place)
            entries = tuple(timeline.numbered(connection, issue.number))
        return _Scene(issue, rules, card, entries, place, self._id(notification.address))

    def _drawn(self, scene: _Scene) -> Drawn:
        entries = [one.entry for one in scene.entries]
        return draw(scene.issue, scene.rules, scene.reader, self._door.clock.now(), entries)

    def _keep(self, scene: _Scene, posted: Posted, shown_until: int) -> PostedCard:
        card = PostedCard(scene.issue.number, scene.place, posted.channel, posted.ts, shown_until)
        with self._door.database.write() as connection:
            cards.save(connection, card)
        return card

    def _id(self, address: str) -> str:
        """Names and e-mail addresses by the ids that the worker has found. A name that is not known yet stays as it is
        (the client looks it up); an address is looked up now: a page must not wait for the worker's minute."""
        with self._door.database.read() as connection:
            known = slack_ids.all_ones(connection).get(address)
        if known is not None or "@" not in address:
            return known or address
        found = self._clients.mine().user_id_of_email(address)
        if found is None:
            raise Refused("nobody in Slack has the e-mail address of this responder")
        with self._door.database.write() as connection:
            slack_ids.keep(connection, address, found, self._door.clock.now())
        return found


def _said(notification: Notification) -> Words:
    """The words; those that are ready for Slack are escaped already."""
    is_ready = notification.detail.get("is_ready")
    return words(Markdown(notification.words) if is_ready else notification.words)


def _mark(notification: Notification) -> str:
    """A card's first post is the same whichever notification brought it; everything else is its own."""
    if notification.purpose is Purpose.CARD:
        return f"card/{notification.issue}/{notification.detail.get('place', CHANNEL_PLACE)}"
    return notification.id


def _name(posted: Posted) -> str:
    return f"{posted.channel}/{posted.ts}"
