"""What does one telephone hear, say and press during one call?

Must not know TwiML or any vendor: the exchange on the other end does.
"""

import asyncio
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from oncallbot.emulators.journal import Journal, Record


@dataclass(frozen=True, slots=True)
class Answered:
    """The telephone picked up."""


@dataclass(frozen=True, slots=True)
class Declined:
    """The telephone, or its network, refused the call."""

    status: str = "busy"


@dataclass(frozen=True, slots=True)
class Key:
    digit: str


@dataclass(frozen=True, slots=True)
class Speech:
    """Words said for so many simulated seconds; `transcription` is completed, failed or never."""

    text: str
    seconds: float
    transcription: str = "completed"


@dataclass(frozen=True, slots=True)
class HungUp:
    """The telephone hung up."""


@dataclass(frozen=True, slots=True)
class Ordered:
    """Somebody other than the telephone orders: `complete`, or go on with another document."""

    order: str
    source: Any = None


@dataclass(frozen=True, slots=True)
class LegReady:
    """A dialled leg may be bridged now."""

    leg: Any


@dataclass(frozen=True, slots=True)
class LegOver:
    """A dialled leg has ended."""

    leg: Any


Signal = Answered | Declined | Key | Speech | HungUp | Ordered | LegReady | LegOver


class Interrupted(Exception):
    """The call cannot go on as its document says: hung up, completed or redirected."""

    def __init__(self, signal: HungUp | Ordered) -> None:
        super().__init__(signal)
        self.signal = signal


@dataclass(slots=True)
class Line:
    """One call as its telephone lives it. States: dialling, ringing, in-call, ended."""

    journal: Journal
    number: str
    sid: str
    direction: str
    other: str
    state: str
    waiting_for: str = "none"
    heard: list[str] = field(default_factory=list)
    pressed: list[str] = field(default_factory=list)
    said: list[str] = field(default_factory=list)
    talk: list[Record] = field(default_factory=list)
    bridged_to: "Line | None" = None
    ended: str | None = None
    began_at: float = field(default_factory=time.time)
    ended_at: float | None = None
    prompts: int = 0
    on_prompt: Callable[["Line", str], None] | None = None
    inbox: deque[Signal] = field(default_factory=deque)
    arrived: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def is_listened_to(self) -> bool:
        return self.waiting_for in ("gather", "record") or self.bridged_to is not None

    def send(self, signal: Signal) -> None:
        self.inbox.append(signal)
        self.arrived.set()

    def change(self, state: str) -> None:
        if self.state not in ("ended", state):
            self.state = state
            self.journal.note("handset", number=self.number, sid=self.sid, state=state)

    def hear(self, text: str) -> None:
        self.heard.append(text)
        self.talk.append({"kind": "heard", "text": text})
        self.journal.note("heard", number=self.number, sid=self.sid, text=text)

    def wait_for(self, kind: str) -> None:
        """Shows what the exchange waits for; a new gather or record also prompts the telephone's owner."""
        self.waiting_for = kind
        self.journal.note("waiting", number=self.number, sid=self.sid, waiting_for=kind)
        if kind in ("gather", "record"):
            self.prompts += 1
            if self.on_prompt is not None:
                self.on_prompt(self, kind)

    def press(self, digits: str) -> None:
        self.pressed.append(digits)
        self.talk.append({"kind": "pressed", "text": digits})
        self.journal.note("pressed", number=self.number, sid=self.sid, digits=digits)
        for digit in digits:
            self.send(Key(digit))

    def speak(self, speech: Speech) -> None:
        """Without words it is a breath: it keeps a recording from ending in silence."""
        if speech.text:
            self.utter(speech.text)
        self.send(speech)

    def utter(self, text: str) -> None:
        """The telephone's side says this, whether or not anybody listens."""
        self.said.append(text)
        self.talk.append({"kind": "said", "text": text})
        self.journal.note("said", number=self.number, sid=self.sid, text=text)

    def flush(self) -> None:
        """Forgets what came while nobody listened, as a telephone network does; interruptions stay."""
        kept = [signal for signal in self.inbox if isinstance(signal, HungUp | Ordered)]
        self.inbox.clear()
        self.inbox.extend(kept)

    def check(self) -> None:
        """Raises Interrupted if the call cannot go on."""
        for signal in self.inbox:
            if isinstance(signal, HungUp | Ordered):
                self.inbox.remove(signal)
                raise Interrupted(signal)

    async def next(self, seconds: float | None) -> Signal | None:
        """The next signal within so many real seconds, else None; raises Interrupted when the call cannot go on."""
        if not self.inbox:
            self.arrived.clear()
            try:
                await asyncio.wait_for(self.arrived.wait(), seconds)
            except TimeoutError:
                if not self.inbox:  # what came in the last instant has come in time
                    return None
        signal = self.inbox.popleft()
        if isinstance(signal, HungUp | Ordered):
            raise Interrupted(signal)
        return signal

    async def pass_time(self, seconds: float) -> None:
        """Lets real seconds pass; keys and words meanwhile are lost."""
        deadline = time.monotonic() + seconds
        while (left := deadline - time.monotonic()) > 0:
            await self.next(left)

    def end(self, how: str) -> None:
        if self.state != "ended":
            self.state, self.ended, self.waiting_for, self.ended_at = "ended", how, "none", time.time()
            self.bridged_to = None
            self.journal.note("handset", number=self.number, sid=self.sid, state="ended", how=how)

    def shown(self) -> Record:
        return {
            "sid": self.sid,
            "direction": self.direction,
            "state": self.state,
            "other": self.other,
            "heard": list(self.heard),
            "pressed": list(self.pressed),
            "said": list(self.said),
            "talk": list(self.talk),
            "waiting_for": self.waiting_for,
            "prompts": self.prompts,
            "bridged": self.bridged_to is not None,
            "bridged_to": self.bridged_to.number if self.bridged_to else None,
            "ended": self.ended,
            "began_at": self.began_at,
            "ended_at": self.ended_at,
        }
