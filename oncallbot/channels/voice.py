"""How is a responder rung, what does the phone say, and what does a key mean? Translates both ways, decides nothing.

It must not take a pick-up for an answer: a mailbox picks up too. Only a key counts.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from oncallbot.channels.addresses import CALL_STATUS, PAGE_CALL, PAGE_KEY, address
from oncallbot.channels.phones import Telephones
from oncallbot.engine import pager_tests
from oncallbot.engine.handle import Door
from oncallbot.engine.sending import Delivery, free_phone
from oncallbot.errors import Refused
from oncallbot.escalation.events import Answer, DeliveryReported, ResponderAnswered
from oncallbot.escalation.issue import AttemptStatus, Issue
from oncallbot.escalation.outcomes import Outcome
from oncallbot.escalation.rules import Rules
from oncallbot.oncall.people import Responder
from oncallbot.storage.outbox import Notification, Purpose
from oncallbot.telephony import codes, twiml
from oncallbot.telephony.client import CALL_OVER
from oncallbot.wording import responders_spoken as spoken
from oncallbot.wording.pager_tests import SPOKEN, SPOKEN_SILENCE, SPOKEN_THANKS

KEYS = {"4": Answer.ACKNOWLEDGE, "5": Answer.PASS, "6": Answer.RESOLVE}
LISTENS = timedelta(seconds=8)
SAID_AT_MOST = 3  # times the same page is said into silence
STEPS_AT_MOST = 20  # of one call, whatever is pressed


class VoiceSender:
    """The way out for calls, and the end of those that crossed."""

    def __init__(self, telephones: Telephones, public_url: str) -> None:
        self._telephones = telephones
        self._public_url = public_url

    def send(self, notification: Notification) -> Delivery:
        """Ring the phone; what is said is asked of us when somebody picks up: that moment's truth."""
        telephone = self._telephones.mine()
        if notification.purpose is Purpose.END_CALL:
            sid = str(notification.detail["call"])
            telephone.end_call(sid)
            return Delivery(sid)
        sid = telephone.place_call(
            notification.address,
            notification.sender,
            address(self._public_url, PAGE_CALL, attempt=notification.id),
            address(self._public_url, CALL_STATUS, attempt=notification.id),
        )
        return Delivery(sid)

    def warm_up(self) -> None:
        """Make this thread's client."""
        self._telephones.mine()

    def find(self, notification: Notification, since: datetime) -> tuple[str, ...]:
        """Calls of ours to that phone. Ending a call is not looked up: doing it twice does no harm."""
        if notification.purpose is Purpose.END_CALL:
            return ()
        found = self._telephones.mine().find_call(notification.address, notification.sender, since)
        return tuple(one.sid for one in found if one.direction != "inbound")

    def has_ended(self, provider_id: str, /) -> bool:
        """Is the call over, or unknown to Twilio?"""
        try:
            return self._telephones.mine().call_status(provider_id) in CALL_OVER
        except Refused:
            return True


@dataclass(frozen=True, slots=True)
class PageCall:
    """A voice page's call, at one step of it.

    `said` counts how often the present page was said into silence; `has_answered`: a key has settled one page.
    """

    attempt: str
    sid: str
    step: int
    said: int = 1
    has_answered: bool = False


def speak(door: Door, public_url: str, call: PageCall) -> str | None:
    """The TwiML for whoever picked up: the oldest page that is theirs to answer, this call's own first.

    None when there is no such attempt.
    """
    at_hand = door.page_at_hand(call.attempt)
    if at_hand is None:
        return _test_spoken(public_url, call) if pager_tests.is_test(door, call.attempt) else None
    responder = at_hand.responder
    if call.step > STEPS_AT_MOST:
        return twiml.voice((twiml.Say(spoken.silence_spoken()), twiml.Hangup()))
    if not at_hand.open:
        return twiml.voice((twiml.Say(_nothing_open(door, at_hand.own, responder, call)), twiml.Hangup()))
    issue = at_hand.open[0]
    door.offered_in_call(issue.number, responder.id, call.attempt, call.sid)
    words = _page_words(door, issue, responder, len(at_hand.open))
    return twiml.voice(_asking(public_url, call, issue, words))


def _test_spoken(public_url: str, call: PageCall) -> str:
    """A test of the pager says what it is, and listens for a key."""
    at = {"issue": 0, **_query(call.step, call.said, call.has_answered)}
    key = address(public_url, PAGE_KEY, at, attempt=call.attempt)
    gather = twiml.Gather(key, (twiml.Say(SPOKEN),), digits=1, timeout=LISTENS)
    return twiml.voice((gather, twiml.Say(SPOKEN_SILENCE), twiml.Hangup()))


def _nothing_open(door: Door, own: Issue, responder: Responder, call: PageCall) -> str:
    if call.has_answered:
        return spoken.goodbye_spoken()
    return spoken.nothing_to_answer_spoken(own, door.rules_now(), responder, door.clock.now())


def _page_words(door: Door, issue: Issue, responder: Responder, count: int) -> str:
    rules = door.rules_now()
    customer = rules.customers.get(issue.customer or "")
    hotline = rules.hotlines.get(issue.hotline)
    return spoken.page_spoken(
        issue, responder, customer.name if customer else None, hotline.name if hotline else "", 1, count
    )


def _asking(public_url: str, call: PageCall, issue: Issue, words: str) -> tuple[twiml.Step, ...]:
    """Say it and listen; silence says it again, and in the end goes on to the next page or to goodbye."""
    at = {"issue": issue.number, **_query(call.step, call.said, call.has_answered)}
    gather = twiml.Gather(
        address(public_url, PAGE_KEY, at, attempt=call.attempt), (twiml.Say(words),), digits=1, timeout=LISTENS
    )
    if call.said >= SAID_AT_MOST:
        return (gather, twiml.Say(spoken.silence_spoken()), twiml.Hangup())
    onward = _query(call.step + 1, call.said + 1, call.has_answered)
    return (gather, twiml.Redirect(address(public_url, PAGE_CALL, onward, attempt=call.attempt)))


def _query(step: int, said: int, has_answered: bool) -> dict[str, int]:
    """Where the call stands, as its next address carries it."""
    return {"step": step, "said": said, "answered": int(has_answered)}


def press(door: Door, public_url: str, call: PageCall, issue: int, digits: str) -> str | None:
    """The TwiML that answers a key. A key pressed at a step counts once, however often Twilio sends it."""
    at_hand = door.page_at_hand(call.attempt)
    if at_hand is None:
        is_test = pager_tests.is_test(door, call.attempt)
        return twiml.voice((twiml.Say(SPOKEN_THANKS), twiml.Hangup())) if is_test else None
    responder = at_hand.responder
    answer = KEYS.get(digits)
    settled = call.has_answered or answer is not None
    onward = address(public_url, PAGE_CALL, _query(call.step + 1, 1, settled), attempt=call.attempt)
    if answer is None:
        says = () if digits == "*" else (twiml.Say(spoken.wrong_key_spoken()),)
        return twiml.voice((*says, twiml.Redirect(onward)))

    def render(outcome: Outcome, rules: Rules, _issue: Issue | None) -> str:
        words = spoken.outcome_spoken(outcome, rules, responder, door.clock.now())
        return twiml.voice((twiml.Say(words), twiml.Redirect(onward)))

    event = ResponderAnswered(responder.id, answer, "key")
    key = f"key/{call.sid}/{call.attempt}/{issue}/{call.step}"
    return door.handle(event, issue=issue, key=key, render=render).body


_STATUS = {
    "queued": AttemptStatus.SENT,
    "initiated": AttemptStatus.SENT,
    "ringing": AttemptStatus.SENT,
    "in-progress": AttemptStatus.DELIVERED,
    "answered": AttemptStatus.DELIVERED,
    "completed": AttemptStatus.DELIVERED,
    "busy": AttemptStatus.FAILED,
    "failed": AttemptStatus.FAILED,
    # "no-answer" is silence and "canceled" is our own doing: neither moves a notification that was sent
}
_OVER = frozenset({"completed", "busy", "failed", "no-answer", "canceled"})


def receipt(door: Door, attempt: str, sid: str, status: str, error_code: str) -> None:
    """Twilio says how a call goes. Its end frees the phone; busy and failed start the next rule."""
    moved = _STATUS.get(status)
    if status in ("in-progress", "answered"):
        door.call_answered(attempt)
    if status in _OVER:
        free_phone(door, attempt)
    if moved is not None:
        reason = f"{error_code} {codes.meaning(error_code)}".strip() if error_code else status
        error = reason if moved is AttemptStatus.FAILED else ""
        door.handle(DeliveryReported(attempt, moved, error, provider_id=sid or None))
