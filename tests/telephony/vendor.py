"""A vendor of a few lines: answers each request as the test scripted it, and keeps what it was asked."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qsl, urlsplit

from oncallbot.telephony.client import Credentials

SID = "AC00000000000000000000000000000001"
CALL = "CA00000000000000000000000000000001"
TEXT = "SM00000000000000000000000000000001"
ANA = "+493023125001"
HOTLINE = "+493023125999"


@dataclass
class Asked:
    method: str
    path: str
    query: dict[str, str]
    form: list[tuple[str, str]]
    authorization: str

    def value(self, name: str) -> str:
        return dict(self.form)[name]


@dataclass
class Scripted:
    """One answer. `late` seconds of silence before it; `drop` closes the connection instead."""

    status: int = 200
    body: str = "{}"
    headers: dict[str, str] = field(default_factory=dict)
    late: float = 0
    drop: bool = False


class Vendor:
    def __init__(self, url: str) -> None:
        self.url = url
        self.script: list[Scripted] = []
        self.asked: list[Asked] = []

    @property
    def credentials(self) -> Credentials:
        return Credentials(SID, "token", api_url=self.url)

    def answers(self, status: int, body: object = None, *, late: float = 0, drop: bool = False, **headers: str) -> None:
        written = body if isinstance(body, str) else json.dumps(body)
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        self.script.append(Scripted(status, "" if body is None else written, named, late, drop))

    def refuses(self, code: int, status: int = 400) -> None:
        self.answers(status, {"code": code, "message": f"no: {ANA}", "status": status})


@contextmanager
def running_vendor() -> Iterator[Vendor]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def _answer(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode()
            split = urlsplit(self.path)
            form = parse_qsl(body, keep_blank_values=True)
            authorization = self.headers.get("Authorization", "")
            vendor.asked.append(Asked(self.command, split.path, dict(parse_qsl(split.query)), form, authorization))
            scripted = vendor.script.pop(0)
            time.sleep(scripted.late)
            if scripted.drop:
                self.close_connection = True
                return
            self.send_response(scripted.status)
            for name, value in scripted.headers.items():
                self.send_header(name, value)
            payload = scripted.body.encode()
            self.send_header("Content-Length", str(len(payload)))
            self.end_headers()
            self.wfile.write(payload)

        do_GET = do_POST = _answer  # noqa: N815

        def log_message(self, *arguments: object) -> None:
            pass

        def date_time_string(self, timestamp: float | None = None) -> str:
            return "Sun, 22 Nov 2026 03:00:00 GMT"

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    vendor = Vendor(f"http://127.0.0.1:{server.server_address[1]}")
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield vendor
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
