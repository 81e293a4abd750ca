"""Which signed link does this text carry, and what does a link that comes back mean?

It must not act: looking at a link changes nothing, and only a POST is an answer (previews open links too).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from itsdangerous import BadSignature, Signer, URLSafeSerializer, base64_decode, base64_encode

from oncallbot.engine import letters
from oncallbot.engine.feeding import Feeding
from oncallbot.engine.handle import Door, PageAtHand
from oncallbot.escalation.events import Answer, ResponderAnswered
from oncallbot.escalation.issue import Issue
from oncallbot.escalation.outcomes import Outcome
from oncallbot.escalation.rules import Rules
from oncallbot.storage.outbox import Notification, Purpose
from oncallbot.wording.responders import outcome_text

LIVES = timedelta(days=1)  # a page that is older has been overtaken by later ones


@dataclass(frozen=True, slots=True)
class Expired:
    """It was ours, once."""


class Links:
    """Signs and reads links. The same notification always has the same link; a link of one kind is none of another."""

    def __init__(self, secret_key: str, public_url: str) -> None:
        self._secret_key = secret_key
        self._signer = URLSafeSerializer(secret_key, salt="answer")
        self._covers = URLSafeSerializer(secret_key, salt="cover")
        self._swaps = Signer(secret_key, salt="swap")
        self._public_url = public_url

    def carried_by(self, notification: Notification) -> str | None:
        """The whole address that stands behind this text's words; None for those that carry none."""
        if notification.purpose is Purpose.PAGE:
            return self.of(notification)
        match notification.detail:
            case {letters.COVER_LINK: str(request)}:
                return self.cover(request, notification.responder or "")
            case {letters.SWAP_LINK: str(proposal)}:
                return self.swap(proposal)
            case _:
                return None

    def of(self, notification: Notification) -> str:
        """The whole address for this page."""
        expires = int((notification.created_at + LIVES).timestamp())
        token = self._signer.dumps(f"{notification.id}/{expires}")
        return f"{self._public_url}/answer/{token}"

    def cover(self, request: str, responder: str) -> str:
        """The whole address at which this responder can take that cover request (its id)."""
        token = self._covers.dumps(f"{request}/{responder}")
        return f"{self._public_url}/cover/{token}"

    def covered(self, token: str) -> tuple[int, str] | None:
        """The cover request and the responder; None for a token that we have not signed."""
        try:
            request, _, responder = str(self._covers.loads(token)).partition("/")
        except BadSignature:
            return None
        return int(request), responder

    def swap(self, proposal: str) -> str:
        """The whole address at which whoever shall decide it answers that proposal of a swap."""
        token = self._swaps.sign(base64_encode(bytes.fromhex(proposal)))  # short: it stands in a text
        return f"{self._public_url}/swap/{token.decode()}"

    def swapped(self, token: str) -> str | None:
        """The proposal; None for a token that we have not signed."""
        try:
            return base64_decode(self._swaps.unsign(token)).hex()
        except BadSignature:
            return None

    def feeding(self, door: Door) -> Feeding:
        """The addresses of calendar feeds, signed with the same key; neither is good for the other."""
        return Feeding(door, self._secret_key, self._public_url)

    def attempt(self, token: str, now: datetime) -> str | Expired | None:
        """The page's attempt; None for a token that we have not signed."""
        try:
            attempt, _, expires = str(self._signer.loads(token)).rpartition("/")
            until = datetime.fromtimestamp(int(expires), UTC)
        except (BadSignature, ValueError):
            return None
        return attempt if now < until else Expired()


def at_hand(door: Door, attempt: str) -> PageAtHand | None:
    """What the link's reader can answer; None when the issue or the responder is gone."""
    return door.page_at_hand(attempt)


def answer(door: Door, at_hand: PageAtHand, attempt: str, given: Answer) -> str:
    """The words that answer the act. A second act by the same link shows the first outcome."""
    responder = at_hand.responder

    def render(outcome: Outcome, rules: Rules, _issue: Issue | None) -> str:
        return outcome_text(outcome, rules, responder, door.clock.now(), given)

    event = ResponderAnswered(responder.id, given, "link")
    return door.handle(event, issue=at_hand.own.number, key=f"link/{attempt}", render=render).body


def first_outcome(door: Door, attempt: str) -> str | None:
    """What this link was answered, if it has been used."""
    return door.answer_given(f"link/{attempt}")
