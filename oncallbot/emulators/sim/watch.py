"""Has the awaited condition come true, and what happens next?

Must not change anything.
"""

import asyncio
import json
from bisect import bisect_right
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse, Response, StreamingResponse

from oncallbot.emulators.journal import Record, RequestEntry, WebhookEntry
from oncallbot.emulators.sim import slack_watch, stage_control
from oncallbot.emulators.twilio import render
from oncallbot.emulators.world import World

LONGEST_SECONDS = 120.0
Finder = Callable[[World, Mapping[str, str]], Record | None]


def router(world: World) -> APIRouter:
    made = APIRouter()

    @made.get("/wait")
    async def wait(request: Request) -> Response:
        """200 with what was found, 408 with what there is instead, 422 for an unknown condition."""
        # A plus that was not encoded arrives as a blank.
        wanted = {name: "+" + text[1:] if text[:1] == " " else text for name, text in request.query_params.items()}
        kind, seconds = wanted.pop("for", ""), min(float(wanted.pop("timeout", "10")), LONGEST_SECONDS)
        finder = FINDERS.get(kind)
        if finder is None:
            return JSONResponse({"detail": f"for={kind!r} is none of {sorted(FINDERS)}"}, 422)
        found = await world.journal.until(lambda: finder(world, wanted), seconds)
        if found is None:
            return JSONResponse(
                {"met": False, "for": kind, "wanted": wanted, "there_is": _seen(world, kind, wanted)}, 408
            )
        return JSONResponse({"met": True, "found": found})

    @made.get("/events")
    async def events(request: Request, after: int = 0) -> StreamingResponse:
        """Server-sent events: each has an id, and `Last-Event-ID` or `after` says where to go on."""
        last = request.headers.get("last-event-id", "")
        return StreamingResponse(
            _stream(world, int(last) if last.isdigit() else after),
            media_type="text/event-stream",
            headers={"Cache-Control": "no-store", "X-Accel-Buffering": "no"},
        )

    return made


async def _stream(world: World, after: int) -> AsyncIterator[str]:
    journal = world.journal
    yield ": ready\n\n"
    while not journal.stopping:
        fresh = journal.events[bisect_right(journal.events, after, key=lambda event: int(event["id"])) :]
        for event in fresh:
            after = event["id"]
            yield f"id: {event['id']}\nevent: {event['kind']}\ndata: {json.dumps(event)}\n\n"
        if not fresh and not await journal.change(15):
            yield ": still here\n\n"
        await asyncio.sleep(0)


def _count(found: list[Record], wanted: Mapping[str, str]) -> Record | None:
    """The newest of at least `count` (default 1) matches."""
    return found[-1] | {"matches": len(found)} if len(found) >= int(wanted.get("count", "1")) and found else None


def _count_entries(found: Sequence[RequestEntry | WebhookEntry], wanted: Mapping[str, str]) -> Record | None:
    enough = len(found) >= int(wanted.get("count", "1"))
    return found[-1].shown() | {"matches": len(found)} if enough and found else None


def _fits(record: Mapping[str, Any], wanted: Mapping[str, str], special: frozenset[str]) -> bool:
    """Every other condition compares with the record's field, or with its `params`, as text."""
    params = record.get("params") or {}
    return all(
        _same(record.get(name, params.get(name)), value) for name, value in wanted.items() if name not in special
    )


def _fits_entry(
    entry: RequestEntry | WebhookEntry, params: Mapping[str, str], wanted: Mapping[str, str], special: frozenset[str]
) -> bool:
    """The same for a journal's entry, without copying it: there may be thousands."""
    return all(
        _same(getattr(entry, "attempt" if name == "try" else name, params.get(name)), value)
        for name, value in wanted.items()
        if name not in special
    )


def _same(actual: Any, value: str) -> bool:
    return str("" if actual is None else actual) == value


def _find_handset(world: World, wanted: Mapping[str, str]) -> Record | None:
    """number, state (idle, dialling, ringing, in-call), waiting_for, bridged, heard (part of any), calls, prompts."""
    shown = world.handsets.at(wanted["number"]).shown()
    call = shown["call"]
    if "calls" in wanted and len(shown["calls"]) < int(wanted["calls"]):
        return None
    state = call["state"] if call else "idle"
    if wanted.get("state", state) != state:
        return None
    line = call or (shown["calls"][-1] if shown["calls"] else {})
    if "prompts" in wanted and line.get("prompts", 0) < int(wanted["prompts"]):
        return None
    for name in ("waiting_for", "direction", "other", "sid"):
        if name in wanted and (call or {}).get(name) != wanted[name]:
            return None
    if "bridged" in wanted and str((call or {}).get("bridged", False)).lower() != wanted["bridged"].lower():
        return None
    if "heard" in wanted and not any(wanted["heard"] in text for text in line.get("heard", [])):
        return None
    return dict(shown)


def _find_text(world: World, wanted: Mapping[str, str]) -> Record | None:
    """number, contains, direction (in, out), from, to, sid, count, after (epoch seconds)."""
    special = frozenset({"number", "contains", "count", "after"})
    texts = [
        text
        for text in world.handsets.at(wanted["number"]).texts
        if wanted.get("contains", "") in text["body"]
        and text["at"] > float(wanted.get("after", "0"))
        and _fits(text, wanted, special)
    ]
    return _count(texts, wanted)


def _find_call(world: World, wanted: Mapping[str, str]) -> Record | None:
    """Fields of the REST resource: sid, status, to, from, direction, parent_call_sid; count."""
    sid = world.settings.account_sid
    shown = [render.call(sid, call) for call in world.twilio.calls.values()]
    return _count([call for call in shown if _fits(call, wanted, frozenset({"count"}))], wanted)


def _find_message(world: World, wanted: Mapping[str, str]) -> Record | None:
    """Fields of the REST resource: sid, status, to, from, direction, error_code; contains, count."""
    sid = world.settings.account_sid
    shown = [render.message(sid, message) for message in world.twilio.messages.values()]
    contains = wanted.get("contains", "")
    special = frozenset({"count", "contains"})
    return _count([m for m in shown if contains in m["body"] and _fits(m, wanted, special)], wanted)


def _find_webhook(world: World, wanted: Mapping[str, str]) -> Record | None:
    """Delivered ones (or `done=False`): purpose, resource, subject, status, url_contains, any parameter; count."""
    special = frozenset({"count", "url_contains"})
    wanted = {"done": "True", **wanted}
    part = wanted.get("url_contains", "")
    fitting = [
        entry
        for entry in world.journal.webhooks
        if part in entry.url and _fits_entry(entry, entry.params, wanted, special)
    ]
    return _count_entries(fitting, wanted)


def _find_request(world: World, wanted: Mapping[str, str]) -> Record | None:
    """method, path, status (blank while held), path_contains, any parameter; count."""
    special = frozenset({"count", "path_contains"})
    part = wanted.get("path_contains", "")
    fitting = [
        entry
        for entry in world.journal.requests
        if part in entry.path and _fits_entry(entry, dict(entry.params), wanted, special)
    ]
    return _count_entries(fitting, wanted)


def _find_fault(world: World, wanted: Mapping[str, str]) -> Record | None:
    """id or kind; fired and holding are the least."""
    least = frozenset({"fired", "holding"})
    for fault in world.faults.planned:
        shown = fault.shown()
        if _fits(shown, wanted, least) and all(shown[name] >= int(wanted.get(name, "0")) for name in least):
            return shown
    return None


def _find_violation(world: World, wanted: Mapping[str, str]) -> Record | None:
    shown = [entry for entry in world.journal.violations if _fits(entry, wanted, frozenset({"count"}))]
    return _count(shown, wanted)


def _find_quiet(world: World, _: Mapping[str, str]) -> Record | None:
    """No call lives, no text travels, no webhook is under way."""
    if world.twilio.is_moving or world.postman.under_way or world.slack.couriers.under_way:
        return None
    return {"calls": len(world.twilio.calls), "messages": len(world.twilio.messages)}


def _find_recording(world: World, wanted: Mapping[str, str]) -> Record | None:
    exchange, sid = world.twilio, world.settings.account_sid
    shown = [
        render.recording(sid, exchange.base_url, made) | {"text": made.text} for made in exchange.recordings.values()
    ]
    return _count([made for made in shown if _fits(made, wanted, frozenset({"count"}))], wanted)


def _find_transcription(world: World, wanted: Mapping[str, str]) -> Record | None:
    sid = world.settings.account_sid
    shown = [render.transcription(sid, made) for made in world.twilio.transcriptions.values()]
    return _count([made for made in shown if _fits(made, wanted, frozenset({"count"}))], wanted)


FINDERS: dict[str, Finder] = {
    "handset": _find_handset,
    "text": _find_text,
    "call": _find_call,
    "message": _find_message,
    "webhook": _find_webhook,
    "request": _find_request,
    "recording": _find_recording,
    "transcription": _find_transcription,
    "fault": _find_fault,
    "violation": _find_violation,
    "quiet": _find_quiet,
    "order": stage_control.find_order,
    **slack_watch.FINDERS,
}


def _seen(world: World, kind: str, wanted: Mapping[str, str]) -> Record:
    """What a failed test should print."""
    seen: Record = {"violations": list(world.journal.violations)[-5:]}
    if "number" in wanted:
        seen["handset"] = world.handsets.at(wanted["number"]).shown()
    if kind.startswith("slack_"):
        seen["slack"] = slack_watch.seen(world, wanted)
    return seen
