"""How does the demo set its stage, and how does its page order something?

Must not know what the product is: it only passes on what is told.
"""

from collections.abc import Mapping
from typing import Any

from fastapi import APIRouter, HTTPException

from oncallbot.emulators.journal import Record
from oncallbot.emulators.stage import ORDERS, Stage
from oncallbot.emulators.world import World


def router(world: World) -> APIRouter:
    made = APIRouter()
    _set(made, world.stage)
    _tell(made, world.stage)
    _order(made, world.stage)
    return made


def _set(made: APIRouter, stage: Stage) -> None:
    @made.get("/stage")
    async def show_stage() -> Record:
        """{cast, night, story, product, carries_out, event}: `event` is the newest, to go on from."""
        return stage.shown()

    @made.put("/stage")
    async def set_stage(wish: dict[str, Any]) -> Record:
        """A new night begins.

        {cast: {hotline, customer, responders, managers, channel}, carries_out: [kill, another_night]}
        """
        carries_out = tuple(map(str, wish.get("carries_out", ())))
        if unknown := set(carries_out) - set(ORDERS):
            raise HTTPException(422, f"unknown orders {sorted(unknown)}; known are {sorted(ORDERS)}")
        stage.set(dict(wish.get("cast") or {}), carries_out)
        return stage.shown()


def _tell(made: APIRouter, stage: Stage) -> None:
    @made.put("/story")
    async def tell_story(wish: dict[str, Any]) -> Record:
        """What the strip says: words, seconds (left), of (the level's length), steps, detail …"""
        stage.tell(wish)
        return stage.shown_story()

    @made.put("/product")
    async def report_product(wish: dict[str, Any]) -> Record:
        """{state: running, killed, ended or starting; seconds: until it starts again; words}."""
        stage.report(wish)
        return stage.shown_product()


def _order(made: APIRouter, stage: Stage) -> None:
    @made.post("/kill")
    async def kill() -> Record:
        """The product is to be killed: 409 when nobody would do it."""
        return _ordered(stage, "kill")

    @made.post("/another_night")
    async def another_night() -> Record:
        """Everything is to begin anew: 409 when nobody would do it."""
        return _ordered(stage, "another_night")


def _ordered(stage: Stage, name: str) -> Record:
    try:
        return stage.order(name)
    except LookupError as refused:
        raise HTTPException(409, str(refused)) from refused


def find_order(world: World, wanted: Mapping[str, str]) -> Record | None:
    """The first one given after the order with the id `after`."""
    after = int(wanted.get("after", "0"))
    return next((order for order in world.stage.ordered if order["id"] > after), None)
