"""How does a customer's text reach the door, and what is replied? Translates both ways, decides nothing.

It must not answer a carrier's word, nor open an issue for one.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass

from oncallbot.engine.handle import Attached, Door
from oncallbot.escalation.events import ContactOptedOut, CustomerReported
from oncallbot.escalation.issue import Issue, Road, Status
from oncallbot.escalation.outcomes import Kind, Outcome
from oncallbot.escalation.rules import Hotline, Rules
from oncallbot.telephony import twiml
from oncallbot.telephony.numbers import is_textable_shape, is_withheld, to_e164
from oncallbot.wording.customers import received_text
from oncallbot.wording.languages import spoken_language
from oncallbot.wording.replies import CarrierKind, CarrierWord, mentioned_reference, parse_reply
from oncallbot.wording.text import clean

log = logging.getLogger(__name__)

LONGEST_WORDS = 1_600
NOTHING_SAID = twiml.messages(())


@dataclass(frozen=True, slots=True)
class Text:
    """A text that came in, with the addresses of its pictures."""

    sid: str
    from_: str
    to: str
    body: str
    media: tuple[str, ...] = ()


def hear(door: Door, text: Text) -> str:
    """The TwiML that answers a customer's text: one reply to the first, none to those that join and are seen to."""
    rules = door.rules_now()
    hotline = rules.hotline_of_number(to_e164(text.to) or text.to)
    if hotline is None:
        log.warning("a text came for a number of no hotline: add it to a hotline's `numbers`, or release it")
        return NOTHING_SAID
    sender = "" if is_withheld(text.from_) else to_e164(text.from_) or ""
    if sender and rules.hotline_of_number(sender) is not None:
        log.warning("a text came from a hotline's own number: ignored, or it would page about itself")
        return NOTHING_SAID
    word = parse_reply(text.body)
    if isinstance(word, CarrierWord) and word.kind is not CarrierKind.HELP and sender:
        event = ContactOptedOut(sender, out=word.kind is CarrierKind.OUT)
        return door.handle(event, key=f"text/{text.sid}", render=lambda *_: NOTHING_SAID).body
    return _report(door, rules, hotline, sender, text)


def _report(door: Door, rules: Rules, hotline: Hotline, sender: str, text: Text) -> str:
    customer = rules.customer_of_phone(sender)
    event = CustomerReported(
        hotline=hotline.id,
        customer=customer.id if customer else None,
        contact=sender if is_textable_shape(sender) else "",
        caller=clean(text.from_, 60),
        road=Road.TEXT,
        words=_words(text),
        language=spoken_language(customer.language if customer else None, hotline),
        reference=mentioned_reference(text.body),
    )

    def render(outcome: Outcome, rules: Rules, issue: Issue | None) -> str:
        asks_nobody = outcome.kind is Kind.JOINED and outcome.status == Status.RESOLVED  # only a call pages again
        if issue is None or not event.contact or not (outcome.kind is Kind.OPENED or asks_nobody):
            return NOTHING_SAID
        return twiml.messages((received_text(outcome, issue, rules, hotline, door.clock.now()),))

    attached = Attached(media=text.media, provider_id=text.sid)
    return door.handle(event, key=f"text/{text.sid}", render=render, attached=attached).body


def _words(text: Text) -> str:
    """The words, and that there are pictures: a text of pictures alone is a report too."""
    count = len(text.media)
    pictures = "" if not count else "(a picture)" if count == 1 else f"({count} pictures)"
    return f"{clean(text.body, LONGEST_WORDS)} {pictures}".strip()
