"""Who plays on the demo page, what is told about them there, and what was ordered from it?

Must not carry an order out: whoever set the stage does, and reports here how the product is.
"""

import time
from dataclasses import dataclass, field

from oncallbot.emulators.journal import Journal, Record

ORDERS = ("kill", "another_night")


@dataclass(slots=True)
class Stage:
    """`cast`: hotline, customer, responders, managers, channel; `carries_out`: the orders somebody will carry out."""

    journal: Journal
    cast: Record = field(default_factory=dict)
    story: Record = field(default_factory=dict)
    product: Record = field(default_factory=dict)
    carries_out: tuple[str, ...] = ()
    ordered: list[Record] = field(default_factory=list)
    night: int = 0

    def set(self, cast: Record, carries_out: tuple[str, ...]) -> None:
        self.cast, self.carries_out = cast, carries_out
        self.night += 1
        self.story = {}
        self.journal.note("stage", night=self.night)

    def tell(self, story: Record) -> None:
        """What the strip says from now on."""
        self.story = story | {"at": time.time()}
        self.journal.note("story", story=self.shown_story())

    def report(self, product: Record) -> None:
        """How the product is: `state` running, killed, ended or starting; `seconds` until it starts again."""
        self.product = product | {"at": time.time()}
        self.journal.note("product", product=self.shown_product())

    def order(self, name: str) -> Record:
        """Somebody at the page wants this. LookupError when nobody would do it. A night asked for twice begins once."""
        if name not in self.carries_out:
            raise LookupError(f"nobody carries out {name!r}: the emulators run without the demo")
        last = self.ordered[-1] if self.ordered else {}
        if name == "another_night" == last.get("order") and last["night"] == self.night:
            return last
        order = {"id": self.journal.next_id(), "order": name, "night": self.night}
        self.ordered.append(order)
        self.journal.note("order", order=name)
        return order

    def shown_story(self) -> Record:
        return _aged(self.story)

    def shown_product(self) -> Record:
        return _aged(self.product)

    def shown(self) -> Record:
        return {
            "cast": self.cast,
            "night": self.night,
            "story": self.shown_story(),
            "product": self.shown_product(),
            "carries_out": list(self.carries_out),
            "event": self.journal.last_id,
        }


def _aged(said: Record) -> Record:
    """With `seconds` as they are now: a page that comes later counts down from there."""
    shown = {name: value for name, value in said.items() if name != "at"}
    if isinstance(said.get("seconds"), int | float):
        shown["seconds"] = max(0.0, said["seconds"] - (time.time() - said["at"]))
    return shown
