"""How are numbers, faults and the account arranged, and what has gone wrong so far?

Must not play a telephone: `handset_control` does.
"""

from collections.abc import Mapping
from typing import Any

from fastapi import APIRouter, Body, HTTPException

from oncallbot.emulators.journal import Record
from oncallbot.emulators.twilio import render
from oncallbot.emulators.twilio.parameters import E164
from oncallbot.emulators.world import World

Wish = Mapping[str, Any]
NUMBER_FIELDS = frozenset(
    "friendly_name voice_url voice_method voice_fallback_url voice_fallback_method sms_url sms_method "
    "sms_fallback_url sms_fallback_method status_callback status_callback_method capabilities "
    "voice_application_sid sms_application_sid trunk_sid".split()
)


def router(world: World) -> APIRouter:
    made = APIRouter()
    _numbers(made, world)
    _faults(made, world)
    _journal(made, world)
    return made


def _numbers(made: APIRouter, world: World) -> None:
    @made.put("/numbers/{number}")
    async def own_number(number: str, wish: dict[str, Any] = Body(default={})) -> Record:
        """The account owns this number from now on; the fields are those of IncomingPhoneNumbers."""
        if unknown := set(wish) - NUMBER_FIELDS:
            raise HTTPException(422, f"unknown fields {sorted(unknown)}; known are {sorted(NUMBER_FIELDS)}")
        if not E164.fullmatch(number):
            raise HTTPException(422, f"{number!r} is not in E.164, such as +493023125999")
        owned = world.twilio.own(number)
        for name, value in wish.items():
            setattr(owned, name, owned.capabilities | value if name == "capabilities" else value or "")
        return render.number(world.settings.account_sid, owned)

    @made.get("/numbers")
    async def list_numbers() -> list[Record]:
        return [render.number(world.settings.account_sid, number) for number in world.twilio.numbers.values()]

    @made.delete("/numbers/{number}")
    async def disown_number(number: str) -> Record:
        return {"deleted": world.twilio.numbers.pop(number, None) is not None}

    @made.get("/account")
    async def show_account() -> Record:
        account, settings = world.twilio.account, world.settings
        return {
            "account_sid": settings.account_sid,
            "api_key_sid": settings.api_key_sid,
            "api_key_secret": settings.api_key_secret,
            **{name: getattr(account, name) for name in account.__slots__},
        }

    @made.put("/account")
    async def change_account(wish: dict[str, Any]) -> Record:
        """auth_token, secondary_token, calls_per_second, concurrent_calls, no_calls_to, status, type, clock_skew, …"""
        account = world.twilio.account
        if unknown := set(wish) - set(account.__slots__):
            raise HTTPException(422, f"unknown fields {sorted(unknown)}; known are {sorted(account.__slots__)}")
        for name, value in wish.items():
            setattr(account, name, value)
        return await show_account()


def _faults(made: APIRouter, world: World) -> None:
    @made.post("/faults")
    async def plan_fault(wish: dict[str, Any]) -> Record:
        try:
            planned = world.faults.plan(wish).shown()
            world.journal.note("faults", planned=len(world.faults.planned))
            return planned
        except (KeyError, ValueError) as error:
            raise HTTPException(422, str(error)) from error

    @made.get("/faults")
    async def list_faults() -> list[Record]:
        return [fault.shown() for fault in world.faults.planned]

    @made.delete("/faults")
    async def delete_faults() -> Record:
        world.faults.clear()
        world.journal.note("faults", planned=0)
        return {"deleted": True}

    @made.post("/faults/{fault_id}/release")
    async def release_fault(fault_id: str) -> Record:
        """Lets go of everything that the fault holds, and will hold."""
        fault = world.faults.find(fault_id)
        if fault is None:
            raise HTTPException(404, f"no fault {fault_id}")
        fault.released.set()
        world.journal.touch()
        return fault.shown()

    @made.delete("/faults/{fault_id}")
    async def delete_fault(fault_id: str) -> Record:
        fault = world.faults.find(fault_id)
        if fault is None:
            raise HTTPException(404, f"no fault {fault_id}")
        fault.released.set()
        world.faults.planned.remove(fault)
        world.journal.note("faults", planned=len(world.faults.planned))
        return {"deleted": True}


def _journal(made: APIRouter, world: World) -> None:
    @made.get("/requests")
    async def list_requests() -> list[Record]:
        return [entry.shown() for entry in world.journal.requests]

    @made.get("/webhooks")
    async def list_webhooks() -> list[Record]:
        return [entry.shown() for entry in world.journal.webhooks]

    @made.get("/violations")
    async def list_violations(kind: str | None = None) -> list[Record]:
        """`kind=conduct` leaves out webhooks to addresses where nobody listened."""
        return [entry for entry in world.journal.violations if kind in (None, entry["kind"])]

    @made.delete("/violations")
    async def forget_violations() -> Record:
        world.journal.violations.clear()
        return {"deleted": True}

    @made.post("/reset")
    async def reset() -> Record:
        await world.reset()
        return {"reset": True}

    @made.get("/state")
    async def show_state() -> Record:
        return state_of(world)


def state_of(world: World) -> Record:
    exchange, sid = world.twilio, world.settings.account_sid
    return {
        "account_sid": sid,
        "numbers": [render.number(sid, number) for number in exchange.numbers.values()],
        "handsets": {number: handset.shown() for number, handset in world.handsets.known.items()},
        "calls": [render.call(sid, call) for call in exchange.calls.values()],
        "messages": [render.message(sid, message) for message in exchange.messages.values()],
        "recordings": [
            render.recording(sid, exchange.base_url, recording) | {"text": recording.text}
            for recording in exchange.recordings.values()
        ],
        "transcriptions": [render.transcription(sid, made) for made in exchange.transcriptions.values()],
        "opted_out": sorted(exchange.opted_out),
        "faults": [fault.shown() for fault in world.faults.planned],
        "violations": list(world.journal.violations),
        "webhooks_under_way": world.postman.under_way,
    }
