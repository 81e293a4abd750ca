"""Which address of the REST interface leads to which desk?

Must not answer anything itself but "no such resource" and "not with this method".
"""

from fastapi import Request
from fastapi.responses import JSONResponse, Response
from starlette.routing import Route

from oncallbot.emulators.faults import Fault
from oncallbot.emulators.twilio.desk import Endpoint, guarded
from oncallbot.emulators.twilio.errors import WORDS, Refused, envelope
from oncallbot.emulators.twilio.exchange import Exchange
from oncallbot.emulators.twilio.rest_account import AccountDesk
from oncallbot.emulators.twilio.rest_calls import CallDesk
from oncallbot.emulators.twilio.rest_messages import MessageDesk

PREFIX = "/2010-04-01"
ANY = ["GET", "POST", "PUT", "PATCH", "DELETE"]


def routes(exchange: Exchange) -> list[Route]:
    calls, messages, account = CallDesk(exchange), MessageDesk(exchange), AccountDesk(exchange)
    table: list[tuple[str, dict[str, Endpoint]]] = [
        ("/Calls.json", {"POST": calls.create, "GET": calls.list}),
        ("/Calls/{sid}.json", {"GET": calls.fetch, "POST": calls.update, "DELETE": calls.delete}),
        ("/Calls/{call}/Recordings.json", {"GET": account.list_recordings}),
        ("/Messages.json", {"POST": messages.create, "GET": messages.list}),
        ("/Messages/{sid}.json", {"GET": messages.fetch, "POST": messages.update, "DELETE": messages.delete}),
        ("/IncomingPhoneNumbers.json", {"GET": account.list_numbers}),
        ("/IncomingPhoneNumbers/{sid}.json", {"GET": account.fetch_number, "POST": account.update_number}),
        ("/Recordings.json", {"GET": account.list_recordings}),
        ("/Recordings/{sid}", {"GET": account.fetch_recording, "DELETE": account.delete_recording}),
        ("/Transcriptions/{sid}.json", {"GET": account.fetch_transcription, "DELETE": account.delete_transcription}),
    ]
    made = [_route(exchange, f"{PREFIX}/Accounts/{{account}}{path}", methods) for path, methods in table]
    made.append(_route(exchange, PREFIX + "/Accounts/{account}.json", {"GET": account.fetch}))
    made.append(Route(PREFIX + "/{rest:path}", guarded(exchange, _nowhere), methods=ANY))
    return made


def _route(exchange: Exchange, path: str, methods: dict[str, Endpoint]) -> Route:
    async def choose(request: Request) -> Response:
        endpoint = methods.get(request.method)
        if endpoint is None:
            raise Refused(20004)
        return await endpoint(request)

    return Route(path, guarded(exchange, choose), methods=ANY)


async def _nowhere(request: Request) -> Response:
    raise Refused(20404, request.url.path)


def refuse_by_fault(fault: Fault) -> Response:
    """429, 500 or 503 as Twilio words them; a fault may say its own status and code."""
    code = fault.code or {"http_429": 20429, "http_500": 20500, "down": 20503}[fault.kind]
    status, words = WORDS.get(code, (500, "Internal Server Error"))
    status = fault.status or status
    headers = {"Retry-After": "1"} if status == 429 else None
    return JSONResponse(envelope(code, words.format(""), status), status, headers=headers)
