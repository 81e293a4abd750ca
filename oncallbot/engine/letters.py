"""What exactly is sent for an effect, to which address, and how urgently? Effects become outbox rows.

It must not decide whether to send: that was decided. What cannot be sent becomes a line on the timeline.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from oncallbot.escalation.effects import (
    EndCall,
    Recorded,
    SendPage,
    TellCustomer,
    TellDayTeam,
    TellManagers,
    TellResponder,
    TimelineKind,
)
from oncallbot.escalation.issue import AttemptStatus, Issue
from oncallbot.escalation.rules import Hotline, Rules
from oncallbot.oncall.people import Method, Responder
from oncallbot.storage.outbox import Notification, Purpose
from oncallbot.telephony.numbers import is_textable_shape
from oncallbot.wording import customers, responders
from oncallbot.wording.text import TWO_TEXTS, cut, gsm7

# First pages go before repeats, repeats before customers' updates, those before cards.
FIRST_PAGE, REPEATED_PAGE, UPDATE, CARD = 0, 1, 2, 3

_LINK_ROOM = "." * 100  # septets kept free for the signed link, which only a process with the secret can add

SLACK_CONTACT = "slack:"  # a reporter in Slack: slack:<channel>:<ts of the post>
ALARM_KIND = "alarm"  # in an alarm's detail: which of the glossary's alarms it is
# In a text's detail: what the link behind its words is about, a cover request or a swap that was proposed (its id).
COVER_LINK, SWAP_LINK = "cover", "swap"
CHANNEL_PLACE = "channel"  # the card in the on-call channel; the others stand in direct messages, by responder id

Letter = SendPage | TellResponder | TellCustomer | TellManagers | TellDayTeam | EndCall


@dataclass(frozen=True, slots=True)
class Written:
    """What an effect became: rows to send, and lines for the timeline."""

    notifications: tuple[Notification, ...] = ()
    entries: tuple[Recorded, ...] = ()


@dataclass(frozen=True, slots=True)
class Desk:
    """Where letters of one issue are written. `wants_no_texts`: its reporter has opted out."""

    issue: Issue
    rules: Rules
    now: datetime
    wants_no_texts: bool

    def write(self, effect: Letter) -> Written:
        """The rows and lines of one effect."""
        match effect:
            case SendPage():
                return self._page(effect)
            case TellResponder():
                return self._news(effect)
            case TellCustomer():
                return self._told(effect)
            case TellManagers():
                return self._alarm(effect)
            case TellDayTeam():
                return self._day_team(effect)
            case EndCall():
                row = self._row(Purpose.END_CALL, Method.VOICE, "", "", FIRST_PAGE, detail={"call": effect.provider_id})
                return Written((row,))

    @property
    def _hotline(self) -> Hotline | None:
        return self.rules.hotlines.get(self.issue.hotline)

    def _customer_name(self) -> str | None:
        customer = self.rules.customers.get(self.issue.customer or "")
        return customer.name if customer else None

    def _page(self, effect: SendPage) -> Written:
        person = self.rules.responders[effect.responder]
        hotline = self._hotline
        words = ""
        if effect.method is not Method.VOICE:  # a call speaks that moment's truth
            named = self._customer_name()
            words = responders.page_text(self.issue, named, hotline.name if hotline else "", _LINK_ROOM)
        row = self._row(
            Purpose.PAGE,
            effect.method,
            person.address(effect.method) or "",
            words.removesuffix(f" {_LINK_ROOM}"),
            FIRST_PAGE if effect.is_first else REPEATED_PAGE,
            id=effect.attempt,
            responder=person.id,
            detail={"place": person.id} if effect.method is Method.SLACK else None,
        )
        return Written((row,))

    def _news(self, effect: TellResponder) -> Written:
        person = self.rules.responders.get(effect.responder)
        if person is None:
            return Written()
        words = responders.news_text(effect, self.issue, self.rules, person, self.now)
        row = self._text(Purpose.RESPONDER_TOLD, person, words) or self._direct_message(person, words)
        if row is None:
            entry = Recorded(TimelineKind.NOTE, f"{person.first_name} could not be told: {words}", person.id)
            return Written((), (entry,))
        entry = Recorded(TimelineKind.NOTE, f"{person.first_name} is told: {words}", person.id, row.method)
        return Written((row,), (entry,))

    def _told(self, effect: TellCustomer) -> Written:
        hotline, contact = self._hotline, self.issue.contact
        if hotline is None or not contact:
            return Written()
        words = customers.told_text(effect, self.issue, self.rules, hotline, self.now)
        if contact.startswith(SLACK_CONTACT):
            return self._told_in_thread(contact, words)
        why_not = self._why_no_text(contact)
        if why_not:
            entry = Recorded(TimelineKind.NOTE, f"The customer could not be told, {why_not}: {words}")
            return Written((), (entry,))
        row = self._row(Purpose.CUSTOMER_TOLD, Method.SMS, contact, words, UPDATE)
        return Written((row,), (Recorded(TimelineKind.CUSTOMER_TOLD, f"By text: {words}", method=Method.SMS),))

    def _told_in_thread(self, contact: str, words: str) -> Written:
        """To a reporter in Slack: in the thread of their own post."""
        if Method.SLACK not in self.rules.roads:
            entry = Recorded(TimelineKind.NOTE, f"The customer could not be told, slack is not connected: {words}")
            return Written((), (entry,))
        _, channel, ts = contact.split(":", 2)
        row = self._row(Purpose.CUSTOMER_TOLD, Method.SLACK, channel, words, UPDATE, detail={"thread": ts})
        return Written((row,), (Recorded(TimelineKind.CUSTOMER_TOLD, f"In the thread: {words}", method=Method.SLACK),))

    def _why_no_text(self, contact: str) -> str:
        if Method.SMS not in self.rules.roads:
            return "texts are not connected"
        if not is_textable_shape(contact):
            return "there is no number for texts"
        return "who asked for no more texts" if self.wants_no_texts else ""

    def _alarm(self, effect: TellManagers) -> Written:
        words = responders.alarm_text(effect, self.issue)
        hotline = self._hotline
        detail = {ALARM_KIND: effect.alarm.value}
        rows = self._to_channel(Purpose.ALARM, hotline.managers_channel if hotline else None, words, detail)
        rows = rows or self._to_managers(Purpose.ALARM, words, detail)
        told = f"Managers are told: {words}" if rows else f"No manager could be told: {words}"
        return Written(rows, (Recorded(TimelineKind.ALARM, told),))

    def _day_team(self, effect: TellDayTeam) -> Written:
        words = responders.day_team_text(effect, self.issue, self._customer_name())
        hotline = self._hotline
        rows = self._to_channel(Purpose.DAY_TEAM, hotline.day_team.channel if hotline else None, words)
        if rows:
            return Written(rows, (Recorded(TimelineKind.DAY_TEAM, f"Day team is told: {words}", method=Method.SLACK),))
        rows = self._to_managers(Purpose.DAY_TEAM, words)
        told = "Day team is told through the managers' phones" if rows else "No way to tell the day team"
        return Written(rows, (Recorded(TimelineKind.DAY_TEAM, f"{told}: {words}"),))

    def cards(self) -> tuple[Notification, ...]:
        """One row per card that should show the issue's newest state: the on-call channel's, and every paged
        responder's. The words are made when it is sent."""
        if Method.SLACK not in self.rules.roads:
            return ()
        hotline = self._hotline
        places = {CHANNEL_PLACE: hotline.on_call_channel} if hotline and hotline.on_call_channel else {}
        for page in self.issue.pages:
            person = self.rules.responders.get(page.responder)
            if person is not None and person.slack:
                places[person.id] = person.slack
        return tuple(
            self._row(
                Purpose.CARD,
                Method.SLACK,
                address,
                "",
                CARD,
                responder=None if place == CHANNEL_PLACE else place,
                detail={"place": place},
            )
            for place, address in places.items()
        )

    def _to_channel(
        self, purpose: Purpose, channel: str | None, words: str, detail: dict[str, str] | None = None
    ) -> tuple[Notification, ...]:
        if channel is None or Method.SLACK not in self.rules.roads:
            return ()
        return (self._row(purpose, Method.SLACK, channel, words, UPDATE, detail=detail),)

    def _direct_message(self, person: Responder, words: str) -> Notification | None:
        if person.slack is None or Method.SLACK not in self.rules.roads:
            return None
        return self._row(Purpose.RESPONDER_TOLD, Method.SLACK, person.slack, words, UPDATE, responder=person.id)

    def _to_managers(
        self, purpose: Purpose, words: str, detail: dict[str, str] | None = None
    ) -> tuple[Notification, ...]:
        """To the hotline's managers; where it names none, to everybody who may manage."""
        hotline = self._hotline
        named = hotline.managers if hotline else ()
        people = self.rules.responders
        managers = [people[one] for one in named if one in people]
        managers = managers or [one for one in people.values() if one.manager]
        return _there(self._text(purpose, person, words, detail) for person in managers)

    def _text(
        self, purpose: Purpose, person: Responder, words: str, detail: dict[str, str] | None = None
    ) -> Notification | None:
        if person.phone is None or Method.SMS not in self.rules.roads:
            return None
        return self._row(purpose, Method.SMS, person.phone, words, UPDATE, responder=person.id, detail=detail)

    def _row(
        self,
        purpose: Purpose,
        method: Method,
        address: str,
        words: str,
        priority: int,
        *,
        id: str | None = None,
        responder: str | None = None,
        detail: dict[str, str] | None = None,
    ) -> Notification:
        return Notification(
            id=id or uuid.uuid4().hex,
            issue=self.issue.number,
            responder=responder,
            purpose=purpose,
            method=method,
            address=address,
            sender=self._sender(),
            words=words,
            detail=detail or {},
            priority=priority,
            status=AttemptStatus.QUEUED,
            created_at=self.now,
            due_at=self.now,
        )

    def _sender(self) -> str:
        """The hotline's first number, else the first of any hotline: a page from a stranger's number beats none."""
        hotline = self._hotline
        numbers = hotline.numbers if hotline else ()
        every = (number for one in self.rules.hotlines.values() for number in one.numbers)
        return next(iter(numbers), None) or next(every, "")


def _there(rows: Iterable[Notification | None]) -> tuple[Notification, ...]:
    return tuple(row for row in rows if row is not None)


def slack_row(
    purpose: Purpose,
    address: str,
    words: str,
    now: datetime,
    *,
    detail: Mapping[str, Any] | None = None,
    responder: str | None = None,
    issue: int | None = None,
    priority: int = UPDATE,
) -> Notification:
    """Something for Slack that leaves at once. `words` are "" where they are made when it is sent."""
    return Notification(
        id=uuid.uuid4().hex,
        responder=responder,
        issue=issue,
        purpose=purpose,
        method=Method.SLACK,
        address=address,
        words=words,
        detail=detail or {},
        priority=priority,
        created_at=now,
        due_at=now,
    )


def phone_row(
    purpose: Purpose,
    method: Method,
    person: Responder,
    words: str,
    rules: Rules,
    now: datetime,
    *,
    detail: Mapping[str, Any] | None = None,
) -> Notification:
    """A text or call that belongs to no issue, from the first number of any hotline."""
    return Notification(
        id=uuid.uuid4().hex,
        responder=person.id,
        purpose=purpose,
        method=method,
        address=person.phone or "",
        sender=next((one for hotline in rules.hotlines.values() for one in hotline.numbers), ""),
        words=words,
        detail=detail or {},
        priority=UPDATE,
        created_at=now,
        due_at=now,
    )


def is_in_slack(person: Responder, rules: Rules) -> bool:
    """Are this person's news direct messages, which may have buttons?"""
    return person.slack is not None and Method.SLACK in rules.roads


def is_textable(person: Responder, rules: Rules) -> bool:
    """Do texts reach this person?"""
    return person.phone is not None and Method.SMS in rules.roads


def to_person(rules: Rules, responder: str, words: str, now: datetime) -> Notification | None:
    """News about shifts, by direct message; by text to who has no Slack; None where neither reaches them."""
    person = rules.responders.get(responder)
    if person is None:
        return None
    if is_in_slack(person, rules):
        return slack_row(Purpose.RESPONDER_TOLD, person.slack or "", words, now, responder=person.id)
    if is_textable(person, rules):
        text = cut(gsm7(words), TWO_TEXTS)
        return phone_row(Purpose.RESPONDER_TOLD, Method.SMS, person, text, rules, now)
    return None


def linked_text(
    rules: Rules, person: Responder, words: str, lead: str, link: Mapping[str, str], now: datetime
) -> Notification | None:
    """A text that ends in `lead` and a signed link; `link` is its detail, which says to what.

    None without a phone, or without texts. At most two segments.
    """
    if not is_textable(person, rules):
        return None
    text = f"{cut(gsm7(words), TWO_TEXTS - len(f' {lead} {_LINK_ROOM}'))} {lead}"
    return phone_row(Purpose.RESPONDER_TOLD, Method.SMS, person, text, rules, now, detail=link)


def to_every_manager(rules: Rules, words: str, now: datetime) -> tuple[Notification, ...]:
    """An alarm that belongs to no issue, once to each manager's phone; without texts there is only the log."""
    if Method.SMS not in rules.roads:
        return ()
    named = {one for hotline in rules.hotlines.values() for one in hotline.managers}
    people = [one for one in rules.responders.values() if one.phone and (one.manager or one.id in named)]
    return tuple(phone_row(Purpose.ALARM, Method.SMS, person, words, rules, now) for person in people)
