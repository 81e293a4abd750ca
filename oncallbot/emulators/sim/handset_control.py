"""How does a test or a person play a telephone?

Must not touch calls or messages other than by what a telephone's owner could do.
"""

from typing import Any

from fastapi import APIRouter, Body, HTTPException

from oncallbot.emulators.handsets import Behaviour, Handset, speech_of
from oncallbot.emulators.journal import Record
from oncallbot.emulators.lines import Line
from oncallbot.emulators.twilio.calls import dial_in
from oncallbot.emulators.twilio.messaging import text_in
from oncallbot.emulators.world import World


def router(world: World) -> APIRouter:
    made = APIRouter()

    def handset(number: str) -> Handset:
        return world.handsets.at(number)

    def live(number: str) -> Line:
        found = handset(number)
        if found.line is None or not found.is_busy():
            raise HTTPException(409, f"{number} is not in a call")
        return found.line

    @made.get("/handsets")
    async def list_handsets() -> list[Record]:
        return [found.shown() for found in world.handsets.known.values()]

    @made.put("/handsets/{number}")
    async def set_behaviour(number: str, wish: dict[str, Any] = Body(default={})) -> Record:
        try:
            handset(number).behaviour = Behaviour.of(wish)
        except (TypeError, ValueError, KeyError) as error:
            raise HTTPException(422, str(error)) from error
        world.journal.touch()
        return handset(number).shown()

    @made.get("/handsets/{number}")
    async def show_handset(number: str) -> Record:
        return handset(number).shown()

    @made.post("/handsets/{number}/call")
    async def call(number: str, wish: dict[str, Any]) -> Record:
        """`to` a number of the account; `from` what the other side sees, if not this number."""
        if handset(number).is_busy():
            raise HTTPException(409, f"{number} is in a call already")
        try:
            placed = dial_in(world.twilio, number, str(wish["to"]), str(wish.get("from", number)))
        except KeyError as error:
            raise HTTPException(404, f"nobody owns {error}") from error
        return {"call_sid": placed.sid}

    @made.post("/handsets/{number}/answer")
    async def answer(number: str) -> Record:
        if live(number).state != "ringing":
            raise HTTPException(409, f"{number} is not ringing")
        handset(number).answer(live(number))
        return handset(number).shown()

    @made.post("/handsets/{number}/decline")
    async def decline(number: str) -> Record:
        if live(number).state != "ringing":
            raise HTTPException(409, f"{number} is not ringing")
        handset(number).hang_up(live(number))
        return handset(number).shown()

    @made.post("/handsets/{number}/hang_up")
    async def hang_up(number: str) -> Record:
        handset(number).hang_up(live(number))
        return handset(number).shown()

    @made.post("/handsets/{number}/press")
    async def press(number: str, wish: dict[str, Any]) -> Record:
        """Keys are lost, as on a telephone, unless something listens: `listened_to` says whether."""
        line, digits = live(number), str(wish["digits"])
        if not digits or set(digits) - set("0123456789*#"):
            raise HTTPException(422, "digits are 0-9, * and #")
        listened = line.waiting_for in ("gather", "record") or line.bridged_to is not None
        line.press(digits)
        return {"listened_to": listened, **handset(number).shown()}

    @made.post("/handsets/{number}/speak")
    async def speak(number: str, wish: dict[str, Any]) -> Record:
        """`text`, `seconds`, and `transcription`: completed, failed or never."""
        line = live(number)
        listened = line.waiting_for in ("gather", "record") or line.bridged_to is not None
        line.speak(speech_of(wish))
        return {"listened_to": listened, **handset(number).shown()}

    @made.post("/handsets/{number}/text")
    async def text(number: str, wish: dict[str, Any]) -> Record:
        to = str(wish["to"])
        if to not in world.twilio.numbers:
            raise HTTPException(404, f"nobody owns {to!r}")
        media = [str(url) for url in wish.get("media") or []]
        sent = text_in(world.twilio, handset(number), to, str(wish.get("body", "")), media)
        return {"message_sid": sent.sid}

    return made
