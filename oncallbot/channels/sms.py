"""How are texts sent, and what does a responder's text mean? Translates both ways, decides nothing.

It must not take a carrier's word (STOP, YES, …) for a command, nor a customer's text for a responder's.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from oncallbot.channels.addresses import TEXT_STATUS, address
from oncallbot.channels.link import Links
from oncallbot.channels.phones import Telephones
from oncallbot.engine import pager_tests
from oncallbot.engine.handle import Door
from oncallbot.engine.sending import Delivery
from oncallbot.escalation.events import Answer, ContactOptedOut, DeliveryReported, ResponderAnswered
from oncallbot.escalation.issue import AttemptStatus, Issue
from oncallbot.escalation.outcomes import Kind, Outcome
from oncallbot.escalation.rules import Rules
from oncallbot.oncall.people import Responder
from oncallbot.storage.outbox import Notification, Purpose
from oncallbot.telephony import codes, twiml
from oncallbot.wording.pager_tests import ARRIVED
from oncallbot.wording.replies import CarrierKind, CarrierWord, parse_reply
from oncallbot.wording.responders import HELP, outcome_text

PAGE_IS_NEWS = timedelta(minutes=5)  # a page that the carrier holds longer is not delivered any more
UPDATE_IS_NEWS = timedelta(hours=4)


class SmsSender:
    """The way out for texts."""

    def __init__(self, telephones: Telephones, public_url: str, links: Links) -> None:
        self._telephones = telephones
        self._public_url = public_url
        self._links = links

    def send(self, notification: Notification) -> Delivery:
        """Hand the text to Twilio."""
        is_page = notification.purpose is Purpose.PAGE
        sid = self._telephones.mine().send_text(
            notification.address,
            notification.sender,
            self._body(notification),
            address(self._public_url, TEXT_STATUS, attempt=notification.id),
            PAGE_IS_NEWS if is_page else UPDATE_IS_NEWS,
        )
        return Delivery(sid)

    def warm_up(self) -> None:
        """Make this thread's client."""
        self._telephones.mine()

    def find(self, notification: Notification, since: datetime) -> tuple[str, ...]:
        """Texts with these very words to that phone."""
        found = self._telephones.mine().find_text(
            notification.address, notification.sender, self._body(notification), since
        )
        return tuple(one.sid for one in found)

    def _body(self, notification: Notification) -> str:
        """What can be answered carries its link: the same one however often it is sent."""
        link = self._links.carried_by(notification)
        return notification.words if link is None else f"{notification.words} {link}"

    def has_ended(self, _provider_id: str, /) -> bool:
        """A text is no call: nothing waits for its end."""
        return True


@dataclass(frozen=True, slots=True)
class Text:
    """A text that came in."""

    sid: str
    from_: str
    to: str
    body: str


def hear(door: Door, text: Text) -> str | None:
    """The TwiML that answers a responder's text; None when it is not a responder's but a customer's report."""
    rules = door.rules_now()
    responder = rules.responder_of_phone(text.from_)
    if responder is None:
        return None
    meant = parse_reply(text.body)
    match meant:
        case CarrierWord(kind):
            return _carrier_word(door, text, kind)
        case None:
            return _help(door, text, responder) if door.has_open_page(responder.id) else None
        case _:
            event = ResponderAnswered(responder.id, meant.answer, "sms", meant.words)

            is_of_test = meant.number is None and pager_tests.answers_test(door, responder.id)

            def render(outcome: Outcome, rules: Rules, _issue: Issue | None) -> str:
                if outcome.kind is Kind.NOTHING_OPEN and is_of_test:
                    return twiml.messages((ARRIVED,))
                return twiml.messages((outcome_text(outcome, rules, responder, door.clock.now(), meant.answer),))

            return door.handle(event, issue=meant.number, key=f"text/{text.sid}", render=render).body


def _carrier_word(door: Door, text: Text, kind: CarrierKind) -> str:
    """The carrier has answered already; what it means for our texts is kept, and nobody acknowledges with it."""
    if kind is CarrierKind.HELP:
        return twiml.messages(())
    event = ContactOptedOut(text.from_, out=kind is CarrierKind.OUT)
    return door.handle(event, key=f"text/{text.sid}", render=lambda *_: twiml.messages(())).body


def _help(door: Door, text: Text, responder: Responder) -> str:
    """Not understood, while a page waits: the words are kept with the page, and one line of help goes back."""
    event = ResponderAnswered(responder.id, Answer.NOTE, "sms", text.body)
    return door.handle(event, key=f"text/{text.sid}", render=lambda *_: twiml.messages((HELP,))).body


_STATUS = {
    "delivered": AttemptStatus.DELIVERED,
    "read": AttemptStatus.DELIVERED,
    "sent": AttemptStatus.SENT,
    "sending": AttemptStatus.SENT,
    "queued": AttemptStatus.SENT,
    "accepted": AttemptStatus.SENT,
    "failed": AttemptStatus.FAILED,
    "undelivered": AttemptStatus.FAILED,
    "canceled": AttemptStatus.FAILED,
    "scheduled": AttemptStatus.FAILED,  # a quiet-hours feature postpones it: as a page it has failed
}


def receipt(door: Door, attempt: str, sid: str, status: str, error_code: str) -> None:
    """Twilio says what became of a text. Words that we do not know are ignored: nothing waits for a receipt."""
    moved = _STATUS.get(status)
    if moved is None:
        return
    error = ""
    if moved is AttemptStatus.FAILED:
        error = f"{error_code} {codes.meaning(error_code)}".strip() if error_code else f"the carrier says {status}"
    is_set_up = codes.is_set_up(error_code)
    door.handle(DeliveryReported(attempt, moved, error, provider_id=sid or None, is_set_up=is_set_up))
