"""How does one HTTP request go out and its answer come back, on a connection of its own?

Must not retry or follow anything: the postman does. Ours, on h11, because a general client costs 5 ms of
processor time a request here, which journeys would measure as the product's.
"""

import asyncio
import ssl
from dataclasses import dataclass
from functools import cache
from urllib.parse import quote, urlsplit

import h11

MOST_BYTES = 1024 * 1024
LEGAL = "/?%:@!$&'()*+,;=~-._[]"


class Refused(Exception):
    """No connection came about."""


class Reset(Exception):
    """The connection broke before the whole answer was there."""


@dataclass(frozen=True, slots=True)
class Reply:
    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes

    def header(self, name: str) -> str | None:
        return next((value for given, value in self.headers if given == name), None)


@cache
def _trust() -> ssl.SSLContext:
    """Loading certificates takes 20 ms: once a process."""
    return ssl.create_default_context()


async def request(
    method: str, url: str, headers: dict[str, str], body: bytes | None, connect_seconds: float, read_seconds: float
) -> Reply:
    """Raises Refused, Reset, or TimeoutError when the next piece of the answer does not come in time."""
    parts = urlsplit(url)
    secure = parts.scheme == "https"
    try:
        async with asyncio.timeout(connect_seconds):
            reader, writer = await asyncio.open_connection(
                parts.hostname, parts.port or (443 if secure else 80), ssl=_trust() if secure else None
            )
    except (OSError, TimeoutError, ValueError) as error:
        raise Refused(str(error)) from error
    try:
        # What is in the URL stays as it is; only what HTTP cannot carry is escaped.
        target = quote(parts.path or "/", safe=LEGAL) + (f"?{quote(parts.query, safe=LEGAL)}" if parts.query else "")
        wanted = [("Host", parts.netloc.rpartition("@")[2]), ("Connection", "close"), *headers.items()]
        if body is not None:
            wanted.append(("Content-Length", str(len(body))))
        return await _exchange(
            reader, writer, h11.Request(method=method, target=target, headers=wanted), body, read_seconds
        )
    except TimeoutError:  # an OSError too
        raise
    except (OSError, h11.ProtocolError) as error:
        raise Reset(str(error)) from error
    finally:
        writer.close()


async def _exchange(
    reader: asyncio.StreamReader, writer: asyncio.StreamWriter, sent: h11.Request, body: bytes | None, seconds: float
) -> Reply:
    connection = h11.Connection(h11.CLIENT)
    writer.write(connection.send(sent) or b"")
    if body:
        writer.write(connection.send(h11.Data(data=body)) or b"")
    writer.write(connection.send(h11.EndOfMessage()) or b"")
    head: h11.Response | None = None
    content = bytearray()
    while len(content) < MOST_BYTES:
        event = connection.next_event()
        if event is h11.NEED_DATA:
            async with asyncio.timeout(seconds):
                connection.receive_data(await reader.read(65536))
        elif isinstance(event, h11.Response):
            head = event
        elif isinstance(event, h11.Data):
            content += event.data
        elif isinstance(event, h11.EndOfMessage | h11.ConnectionClosed):
            break
    if head is None:
        raise Reset("no answer")
    headers = tuple((name.decode("latin-1"), value.decode("latin-1")) for name, value in head.headers)
    return Reply(head.status_code, headers, bytes(content))
