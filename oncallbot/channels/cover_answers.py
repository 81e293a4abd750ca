"""What does somebody read who takes a cover, by button or by link? One way for both: the first to accept has it.

It must not decide who has it: `engine.covering` does.
"""

from __future__ import annotations

from oncallbot.channels.slack_previews import refusal, tells
from oncallbot.engine import covering
from oncallbot.engine.covering import NotAsked, Over, Taken
from oncallbot.engine.handle import Door
from oncallbot.oncall.people import Responder
from oncallbot.wording import covers


def accept(door: Door, id_: int, who: Responder) -> str:
    """Take it; what whoever pressed the button reads. Pressed again, it is answered the same."""
    found = covering.accept(door, id_, who.id, tells())
    rules, now = door.rules_now(), door.clock.now()
    match found:
        case Taken(request):
            return covers.taken_text(request, rules, who.timezone, now)
        case Over(request) if request.taken_by == who.id:
            return covers.taken_text(request, rules, who.timezone, now)
        case Over(request):
            return covers.over_text(request, rules, who.timezone, now)
        case NotAsked():
            return covers.NOT_ASKED
        case _:
            return refusal(found, rules)
