"""How does a test or a person play a telephone?

Must not touch calls or messages other than by what a telephone's owner could do.
"""

from typing import Any

from fastapi import APIRouter, Body, HTTPException

from oncallbot.emulators.handsets import Behaviour, speech_of
from oncallbot.emulators.journal import Record
from oncallbot.emulators.lines import Line
from oncallbot.emulators.twilio.calls import dial_in
from oncallbot.emulators.twilio.messaging import text_in
from oncallbot.emulators.world import World


def router(world: World) -> APIRouter:
    made = APIRouter()
    _look(made, world)
    _pick_up(made, world)
    _talk(made, world)
    _reach_out(made, world)
    return made


def _live(world: World, number: str) -> Line:
    handset = world.handsets.at(number)
    if handset.line is None or not handset.is_busy():
        raise HTTPException(409, f"{number} is not in a call")
    return handset.line


def _ringing(world: World, number: str) -> Line:
    line = _live(world, number)
    if line.state != "ringing":
        raise HTTPException(409, f"{number} is not ringing")
    return line


def _look(made: APIRouter, world: World) -> None:
    @made.get("/handsets")
    async def list_handsets() -> list[Record]:
        return [found.shown() for found in world.handsets.known.values()]

    @made.get("/handsets/{number}")
    async def show_handset(number: str) -> Record:
        return world.handsets.at(number).shown()

    @made.put("/handsets/{number}")
    async def set_behaviour(number: str, wish: dict[str, Any] = Body(default={})) -> Record:
        """Replaces the whole behaviour; what is left out is as for `manual`."""
        handset = world.handsets.at(number)
        try:
            handset.behave(Behaviour.of(wish))
        except (TypeError, ValueError) as error:
            raise HTTPException(422, str(error)) from error
        return handset.shown()


def _pick_up(made: APIRouter, world: World) -> None:
    @made.post("/handsets/{number}/answer")
    async def answer(number: str) -> Record:
        line, handset = _ringing(world, number), world.handsets.at(number)
        handset.answer(line)
        return handset.shown()

    @made.post("/handsets/{number}/decline")
    async def decline(number: str) -> Record:
        line, handset = _ringing(world, number), world.handsets.at(number)
        handset.hang_up(line)
        return handset.shown()

    @made.post("/handsets/{number}/hang_up")
    async def hang_up(number: str) -> Record:
        line, handset = _live(world, number), world.handsets.at(number)
        handset.hang_up(line)
        return handset.shown()


def _talk(made: APIRouter, world: World) -> None:
    @made.post("/handsets/{number}/press")
    async def press(number: str, wish: dict[str, Any]) -> Record:
        """Keys are lost, as on a telephone, unless something listens: `listened_to` says whether."""
        line, digits = _live(world, number), str(wish.get("digits", ""))
        if not digits or set(digits) - set("0123456789*#"):
            raise HTTPException(422, "digits are 0-9, * and #")
        listened = line.is_listened_to
        line.press(digits)
        return {"listened_to": listened, **world.handsets.at(number).shown()}

    @made.post("/handsets/{number}/speak")
    async def speak(number: str, wish: dict[str, Any]) -> Record:
        """`text`, `seconds`, and `transcription`: completed, failed or never."""
        line = _live(world, number)
        listened = line.is_listened_to
        line.speak(speech_of(wish))
        return {"listened_to": listened, **world.handsets.at(number).shown()}


def _reach_out(made: APIRouter, world: World) -> None:
    @made.post("/handsets/{number}/call")
    async def call(number: str, wish: dict[str, Any]) -> Record:
        """`to` a number of the account; `from` what the other side sees, if not this number."""
        to = _owned(world, wish)
        if world.handsets.at(number).is_busy():
            raise HTTPException(409, f"{number} is in a call already")
        return {"call_sid": dial_in(world.twilio, number, to, str(wish.get("from", number))).sid}

    @made.post("/handsets/{number}/text")
    async def text(number: str, wish: dict[str, Any]) -> Record:
        """`to` a number of the account, `body`, and `media`, a list of URLs."""
        to, media = _owned(world, wish), [str(url) for url in wish.get("media") or []]
        sent = text_in(world.twilio, world.handsets.at(number), to, str(wish.get("body", "")), media)
        return {"message_sid": sent.sid}


def _owned(world: World, wish: dict[str, Any]) -> str:
    to = str(wish.get("to", ""))
    if to not in world.twilio.numbers:
        raise HTTPException(404, f"{to} is not in service")
    return to
