"""How does the owner of one telephone behave, and what has reached that telephone?

Must not know any vendor: it answers, presses, speaks and texts on lines that an exchange offers.
"""

import asyncio
import time
from collections.abc import Coroutine, Mapping
from dataclasses import dataclass, field
from typing import Any

from oncallbot.emulators.journal import Journal, Record
from oncallbot.emulators.lines import Answered, Declined, HungUp, Line, Speech
from oncallbot.emulators.settings import Settings

VOICES = ("manual", "answer", "decline", "busy", "ring_out", "mailbox", "screen", "unreachable", "landline")
TEXTS = ("delivered", "undelivered", "failed", "carrier_silent", "scheduled")
FIELDS = frozenset(
    "behaviour after keys speech hang_up_after greeting landline texts error_code text_after auto_reply "
    "reply_after unroutable repeat".split()
)


@dataclass(slots=True)
class Behaviour:
    """What the owner does by itself. All times are simulated seconds.

    `keys` and `speech` are used up from the front, one a prompt; with `repeat` each call begins with them anew.
    """

    behaviour: str = "manual"
    after: float = 0.0
    keys: list[dict[str, Any]] = field(default_factory=list)
    speech: list[dict[str, Any]] = field(default_factory=list)
    hang_up_after: float | None = None
    greeting: str = "Please leave a message after the tone."
    landline: bool = False
    texts: str = "delivered"
    error_code: int = 30003
    text_after: float = 0.0
    auto_reply: list[str] = field(default_factory=list)
    reply_after: float = 0.0
    unroutable: bool = False
    repeat: bool = False

    @staticmethod
    def of(wish: Mapping[str, Any]) -> "Behaviour":
        """From JSON; raises ValueError with a sentence that names the mistake."""
        if unknown := set(wish) - FIELDS:
            raise ValueError(f"unknown fields {sorted(unknown)}; known are {sorted(FIELDS)}")
        lists = ("keys", "speech", "auto_reply")
        made = Behaviour(**{name: value for name, value in wish.items() if name not in lists})
        if made.behaviour not in VOICES:
            raise ValueError(f"behaviour {made.behaviour!r} is none of {VOICES}")
        if made.texts not in TEXTS:
            raise ValueError(f"texts {made.texts!r} is none of {TEXTS}")
        made.keys = [{"digits": key} if isinstance(key, str) else dict(key) for key in wish.get("keys", [])]
        made.speech = [{"text": said} if isinstance(said, str) else dict(said) for said in wish.get("speech", [])]
        made.auto_reply = [str(reply) for reply in wish.get("auto_reply", [])]
        return made

    @property
    def takes_no_texts(self) -> bool:
        return self.landline or self.behaviour == "landline"

    def shown(self) -> Record:
        return {name: getattr(self, name) for name in sorted(FIELDS)}


@dataclass(slots=True)
class Handset:
    number: str
    journal: Journal
    settings: Settings
    behaviour: Behaviour = field(default_factory=Behaviour)
    line: Line | None = None
    history: list[Line] = field(default_factory=list)
    texts: list[Record] = field(default_factory=list)
    keys: list[dict[str, Any]] = field(default_factory=list)
    speech: list[dict[str, Any]] = field(default_factory=list)
    _tasks: set["asyncio.Task[None]"] = field(default_factory=set)

    def behave(self, behaviour: Behaviour) -> None:
        self.behaviour = behaviour
        self.keys, self.speech = list(behaviour.keys), list(behaviour.speech)
        self.journal.note("behaviour", number=self.number, behaviour=behaviour.behaviour)

    def is_busy(self) -> bool:
        return self.line is not None and self.line.state != "ended"

    def take(self, line: Line) -> None:
        """A call begins on this telephone, in either direction."""
        self.line = line
        if self.behaviour.repeat:
            self.keys, self.speech = list(self.behaviour.keys), list(self.behaviour.speech)
        self.history.append(line)
        line.on_prompt = self.meet_prompt
        self.journal.note("handset", number=self.number, sid=line.sid, state=line.state)
        if line.direction == "incoming":
            self.start(self.meet_ringing(line, self.behaviour))

    async def meet_ringing(self, line: Line, behaviour: Behaviour) -> None:
        match behaviour.behaviour:
            case "answer" | "mailbox" | "screen":
                await asyncio.sleep(self.settings.real(behaviour.after))
                self.answer(line)
            case "decline" | "busy":
                await asyncio.sleep(self.settings.real(behaviour.after))
                line.send(Declined("busy"))
            case "unreachable":
                line.send(Declined("failed"))
            case _:
                return
        if behaviour.hang_up_after is not None:
            await asyncio.sleep(self.settings.real(behaviour.hang_up_after))
            self.hang_up(line)

    def answer(self, line: Line) -> None:
        if line.state == "ringing":
            line.change("in-call")
            self._greet(line)
            line.send(Answered())

    def _greet(self, line: Line) -> None:
        if self.behaviour.behaviour == "mailbox":
            line.utter(self.behaviour.greeting)
        elif self.behaviour.behaviour == "screen":
            line.utter("Hi, the person you are calling is using a screening service. Please say your name.")

    def hang_up(self, line: Line) -> None:
        if line.state != "ended":
            line.send(HungUp())

    def meet_prompt(self, line: Line, kind: str) -> None:
        """A gather takes the next entry of `keys`; a record, or a gather that hears speech, of `speech`."""
        if self.behaviour.behaviour in ("mailbox", "screen"):
            return
        if kind == "gather" and self.keys:
            self.start(self._press(line, self.keys.pop(0), line.prompts))
        elif self.speech:
            self.start(self._speak(line, self.speech.pop(0), line.prompts))

    async def _press(self, line: Line, entry: Mapping[str, Any], prompt: int) -> None:
        await asyncio.sleep(self.settings.real(float(entry.get("after", 0))))
        if line.prompts == prompt and line.waiting_for == "gather":
            line.press(str(entry["digits"]))

    async def _speak(self, line: Line, entry: Mapping[str, Any], prompt: int) -> None:
        await asyncio.sleep(self.settings.real(float(entry.get("after", 0))))
        if line.prompts == prompt and line.waiting_for in ("gather", "record"):
            line.speak(speech_of(entry))

    def receive(self, sender: str, body: str, sid: str, media: list[str] | None = None) -> None:
        self._text("in", sender, self.number, body, sid, media)

    def sent(self, to: str, body: str, sid: str, media: list[str] | None = None) -> None:
        self._text("out", self.number, to, body, sid, media)

    def _text(self, direction: str, sender: str, to: str, body: str, sid: str, media: list[str] | None) -> None:
        text = {"direction": direction, "from": sender, "to": to, "body": body, "sid": sid, "media": media or []}
        self.texts.append(text | {"at": time.time()})
        self.journal.note("text", number=self.number, **text)

    def start(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def stop(self) -> None:
        for task in list(self._tasks):
            task.cancel()

    def shown(self) -> Record:
        live = self.line if self.is_busy() else None
        return {
            "number": self.number,
            "behaviour": self.behaviour.shown(),
            "call": live.shown() if live else None,
            "calls": [line.shown() for line in self.history if line.state == "ended"],
            "texts": list(self.texts),
        }


@dataclass(slots=True)
class Handsets:
    """Every number is a telephone from the moment somebody asks for it."""

    journal: Journal
    settings: Settings
    known: dict[str, Handset] = field(default_factory=dict)

    def at(self, number: str) -> Handset:
        if number not in self.known:
            self.known[number] = Handset(number, self.journal, self.settings)
        return self.known[number]

    def clear(self) -> None:
        for handset in self.known.values():
            handset.stop()
        self.known.clear()


def speech_of(entry: Mapping[str, Any]) -> Speech:
    """Without `seconds` a sentence takes as long as reading it aloud, three words a second."""
    text = str(entry.get("text", ""))
    seconds = entry.get("seconds")
    spoken = float(seconds) if seconds is not None else max(1.0, len(text.split()) / 3)
    return Speech(text, spoken if text or seconds else 0.0, str(entry.get("transcription", "completed")))
