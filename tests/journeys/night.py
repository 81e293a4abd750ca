"""One night in one street: telephones, what they hear and read, and the issue as the product itself shows it."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from tests.journeys import streets
from tests.journeys.house import Fault, House, Sim
from tests.journeys.processes import wait_until


@dataclass(frozen=True)
class Phone:
    """Somebody's telephone. Verbs are what its owner does; `is_rung`, `hears` and `reads` wait until it is so."""

    sim: Sim
    number: str
    hotline: str
    id: str

    def will(self, behaviour: str, **how: Any) -> None:
        """From now on its owner does this by itself: answer, decline, busy, ring_out, mailbox, screen, …"""
        self.sim.put(f"/handsets/{self.number}", behaviour=behaviour, **how)

    def calls(self, shown_as: str | None = None) -> str:
        """Dials the hotline; the call's sid."""
        wish = {"to": self.hotline} | ({} if shown_as is None else {"from": shown_as})
        return str(self.sim.post(f"/handsets/{self.number}/call", **wish)["call_sid"])

    def texts(self, body: str, media: tuple[str, ...] = ()) -> str:
        """Texts the hotline; the message's sid."""
        sent = self.sim.post(f"/handsets/{self.number}/text", to=self.hotline, body=body, media=list(media))
        return str(sent["message_sid"])

    def answers(self) -> None:
        """Picks up, as soon as it rings."""
        self.sim.wait("handset", number=self.number, state="ringing")
        self.sim.post(f"/handsets/{self.number}/answer")

    def hangs_up(self) -> None:
        self.sim.post(f"/handsets/{self.number}/hang_up")

    def wants_peace(self) -> None:
        """Whatever call there is, is over, and further ones are declined."""
        self.will("decline")
        self.sim.http.post(f"/handsets/{self.number}/hang_up")  # 409 where there is no call

    def presses(self, digits: str) -> None:
        self.sim.post(f"/handsets/{self.number}/press", digits=digits)

    def speaks(self, text: str, seconds: float = 4, transcription: str = "completed") -> None:
        self.sim.post(f"/handsets/{self.number}/speak", text=text, seconds=seconds, transcription=transcription)

    def is_rung(self, within: float = 10.0, times: int = 1) -> None:
        """It rings, or has rung so many times: a short ringing may be over before we look."""
        wait_until(lambda: self.rang >= times, within, f"{self.id} to be rung {times} times")

    def is_asked(self, kind: str = "gather", within: float = 10.0) -> None:
        """The line listens: for keys (gather), or for a message (record)."""
        self.sim.wait("handset", within, number=self.number, waiting_for=kind)

    def hears(self, words: str, within: float = 10.0) -> None:
        self.sim.wait("handset", within, number=self.number, heard=words)

    def is_free(self, calls: int = 0, within: float = 15.0) -> None:
        """It is in no call (any more), and has been in so many."""
        self.sim.wait("handset", within, number=self.number, state="idle", calls=calls)

    def reads(self, words: str, within: float = 10.0, count: int = 1) -> str:
        """A text with these words has come; the whole text."""
        found = self.sim.wait("text", within, number=self.number, contains=words, direction="in", count=count)
        return str(found["body"])

    @property
    def inbox(self) -> list[str]:
        """The texts that it has received."""
        texts = self.sim.get(f"/handsets/{self.number}")["texts"]
        return [text["body"] for text in texts if text["direction"] == "in"]

    @property
    def rang(self) -> int:
        """How often it was rung, the present call included."""
        shown = self.sim.get(f"/handsets/{self.number}")
        calls = [*shown["calls"], *([shown["call"]] if shown["call"] else [])]
        return sum(one["direction"] == "incoming" for one in calls)

    @property
    def heard(self) -> list[str]:
        """What was said in its newest call."""
        shown = self.sim.get(f"/handsets/{self.number}")
        call = shown["call"] or (shown["calls"][-1] if shown["calls"] else {"heard": []})
        return list(call["heard"])


@dataclass(frozen=True)
class Issue:
    """`issue REF --json`."""

    record: dict[str, Any]

    def __getattr__(self, name: str) -> Any:
        try:
            return self.record[name]
        except KeyError:
            raise AttributeError(name) from None

    @property
    def number(self) -> int:
        return int(self.reference.removeprefix("AH-"))

    @property
    def kinds(self) -> list[str]:
        return [entry["kind"] for entry in self.timeline]

    def said(self, *kinds: str) -> list[str]:
        """The timeline's words of these kinds, in order; of all kinds when none is given."""
        return [entry["text"] for entry in self.timeline if not kinds or entry["kind"] in kinds]

    def times(self, kind: str) -> list[datetime]:
        """When the lines of that kind were written."""
        return [datetime.fromisoformat(entry["at"]) for entry in self.timeline if entry["kind"] == kind]

    def notified(self, person: str, method: str = "") -> list[dict[str, Any]]:
        """The notifications of this person's page."""
        mine = [one for one in self.notifications if one["responder"] == person]
        return [one for one in mine if method in ("", one["method"])]


@dataclass
class Night:
    """One street of a house, fresh: nobody else's issues, people or telephones."""

    house: House
    street: int
    faults: list[Fault] = field(default_factory=list)

    def __post_init__(self) -> None:
        hotline = streets.phone(self.street, "hotline")
        for place in streets.PLACES:
            number = streets.phone(self.street, place)
            setattr(self, place, Phone(self.house.sim, number, hotline, f"{place}{self.street}"))

    ana: Phone = field(init=False)
    ben: Phone = field(init=False)
    cem: Phone = field(init=False)
    dora: Phone = field(init=False)
    erik: Phone = field(init=False)
    frida: Phone = field(init=False)
    stranger: Phone = field(init=False)
    office: Phone = field(init=False)
    spare: Phone = field(init=False)
    hotline: Phone = field(init=False)

    @property
    def sim(self) -> Sim:
        return self.house.sim

    def page(self, words: str = "Checkout is down", **options: str) -> str:
        """`oncallbot page`; the reference."""
        named = [part for name, value in options.items() for part in (f"--{name}", value)]
        done = self.house.command("page", words, "--hotline", f"main{self.street}", "--json", *named)
        assert done.code == 0, done.complaint
        return str(done.answer["reference"])

    def fault(self, kind: str, count: int | None = 1, **wish: Any) -> Fault:
        """Plan a misfortune; it is called off when the night ends."""
        planned = self.sim.fault(kind, count=count, **wish)
        self.faults.append(planned)
        return planned

    @property
    def references(self) -> list[str]:
        """This street's issues, the oldest first."""
        return self.house.references(f"main{self.street}")

    def issue(self, reference: str | None = None) -> Issue:
        """The issue, the newest where none is named."""
        if reference is None:
            reference = wait_until(lambda: self.references, 10, "an issue")[-1]
        return Issue(self.house.command("issue", reference, "--json").answer)

    def until(
        self, is_so: Callable[[Issue], object], within: float = 10.0, reference: str | None = None, what: str = "it"
    ) -> Issue:
        """The issue (the newest, where none is named), once it is so: also in `issue --json`."""
        seen: list[Issue] = []

        def look() -> bool:
            named = [reference] if reference else self.references
            for one in named[-1:]:
                seen[:] = [Issue(self.house.glance(int(one.removeprefix("AH-"))))]
                if is_so(seen[0]):
                    seen[:] = [self.issue(one)]
                    return bool(is_so(seen[0]))
            return False

        try:
            wait_until(look, within, what)
        except AssertionError as late:
            lines = [f"{one['at'][11:23]} {one['kind']}: {one['text']}" for issue in seen for one in issue.timeline]
            raise AssertionError("\n".join((str(late), *lines))) from late
        return seen[0]

    def acknowledged(self, by: Phone, within: float = 10.0, reference: str | None = None) -> Issue:
        """The issue, once this person has it."""
        return self.until(lambda one: one.acknowledged_by == by.id, within, reference, f"{by.id} having it")

    def requests(self, resource: str, to: Phone) -> list[dict[str, Any]]:
        """What the product asked of Twilio for this phone: Calls or Messages, in order."""
        found = self.sim.get("/requests")
        return [
            one
            for one in found
            if one["method"] == "POST"
            and one["path"].endswith(f"/{resource}.json")
            and one["params"]["To"] == to.number
        ]

    def end(self) -> list[dict[str, Any]]:
        """Settle every issue, wait until all is quiet, and answer what Twilio would have complained about."""
        for fault in self.faults:
            fault.end()
        for place in streets.PLACES[1:]:
            getattr(self, place).wants_peace()
        for reference in self.references:
            if self.house.glance(int(reference.removeprefix("AH-")))["status"] not in ("resolved", "closed"):
                self.dora.texts(f"6 {reference}")
                self.until(lambda one: one.status == "resolved", 10, reference, f"{reference} resolved")
        self.house.until_quiet()
        # While a process is dead, nobody listens: that is no misconduct.
        complaints = self.sim.get("/violations?kind=conduct" if self.house.was_killed else "/violations")
        self.sim.delete("/violations")
        return list(complaints)
