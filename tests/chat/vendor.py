"""A Slack of a few lines: answers each request as the test scripted it, and keeps what it was asked."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from oncallbot.chat.client import Credentials

TOKEN = "xoxb-1-2-abc"
TEAM = "T0TEAM0001"
ANA = "U0ANA00001"
ERIK = "U0ERIK0001"  # of Acme, in another workspace
ONCALL = "C0ONCALL01"
TS = "1795316400.000100"


@dataclass
class Asked:
    path: str
    headers: dict[str, str]
    arguments: dict[str, Any]

    @property
    def method(self) -> str:
        return self.path.removeprefix("/api/")


@dataclass
class Scripted:
    """One answer. `silent` waits until the vendor stops; `drop` closes the connection instead."""

    status: int = 200
    body: str = "{}"
    headers: dict[str, str] = field(default_factory=dict)
    silent: bool = False
    drop: bool = False


class Vendor:
    def __init__(self, url: str) -> None:
        self.url = url
        self.script: list[Scripted] = []
        self.asked: list[Asked] = []
        self.stopped = threading.Event()

    @property
    def credentials(self) -> Credentials:
        return Credentials(TOKEN, f"{self.url}/api/")

    @property
    def last(self) -> Asked:
        return self.asked[-1]

    def says(self, body: object = None, status: int = 200, **headers: str) -> None:
        """`body` None: no body. A string is sent as it is."""
        written = body if isinstance(body, str) else "" if body is None else json.dumps(body)
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        self.script.append(Scripted(status, written, named))

    def agrees(self, **fields: Any) -> None:
        self.says({"ok": True, **fields})

    def refuses(self, code: str, status: int = 200, **headers: str) -> None:
        self.says({"ok": False, "error": code}, status, **headers)

    def is_silent(self) -> None:
        self.script.append(Scripted(silent=True))

    def hangs_up(self) -> None:
        self.script.append(Scripted(drop=True))


def _arguments(headers: Mapping[str, str], body: str) -> dict[str, Any]:
    if headers.get("Content-Type", "").startswith("application/json"):
        return dict(json.loads(body)) if body else {}
    return dict(parse_qsl(body, keep_blank_values=True))


@contextmanager
def running_vendor() -> Iterator[Vendor]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode()
            headers = dict(self.headers.items())
            vendor.asked.append(Asked(urlsplit(self.path).path, headers, _arguments(headers, body)))
            scripted = vendor.script.pop(0)
            if scripted.silent:
                vendor.stopped.wait(30)
            if scripted.silent or scripted.drop:
                self.close_connection = True
                return
            self.send_response(scripted.status)
            for name, value in scripted.headers.items():
                self.send_header(name, value)
            payload = scripted.body.encode()
            self.send_header("Content-Length", str(len(payload)))
            self.end_headers()
            self.wfile.write(payload)

        do_GET = do_POST  # noqa: N815

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
        vendor.stopped.set()
        server.shutdown()
        server.server_close()
        thread.join()
