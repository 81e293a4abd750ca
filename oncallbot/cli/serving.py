"""How does a server process run? `serve`, `web`, `worker` in the foreground until SIGTERM, and `db upgrade`.

It must not answer a request itself.
"""

from __future__ import annotations

import asyncio
import contextlib
import gc
import os
import signal
import socket
import threading
from collections.abc import Callable, Generator
from types import FrameType
from typing import TYPE_CHECKING

from oncallbot import app
from oncallbot.cli import logs
from oncallbot.errors import ConfigurationError, Problem

if TYPE_CHECKING:
    import uvicorn

    from oncallbot.settings import Settings

_LET_FINISH = 2  # seconds for requests that are under way at SIGTERM
_OVER_AFTER = 4.5  # seconds: then the process ends, and what was under way is sent again by the next one


def serve(host: str) -> None:
    """Web and worker in one process."""
    _run_http("serve", host)


def web(host: str) -> None:
    """Only HTTP; any number on one PostgreSQL."""
    _run_http("web", host)


def worker() -> None:
    """Only alarms and sending; any number on one PostgreSQL."""
    settings = _settings()
    product = app.assemble(settings, "worker")
    stop = threading.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, lambda *_: stop.set())
    product.start()
    _collect_garbage()
    print("Working", flush=True)
    stop.wait()
    _end_in_time()
    product.stop()


def db_upgrade() -> None:
    """Create or migrate the database."""
    app.upgrade(app.read_settings(os.environ, needs_secret=False))


def _settings() -> Settings:
    settings = app.read_settings(os.environ)
    logs.configure(settings.log_level)
    return settings


def _run_http(kind: str, host: str) -> None:
    settings = _settings()
    with _listening(host, settings.port) as listener:
        port = listener.getsockname()[1]
        product = app.assemble(settings.listening_on(port), kind)
        if product.web is None:
            raise AssertionError("only workers have no web")
        product.start()
        _collect_garbage()
        shown = "127.0.0.1" if host in ("", "0.0.0.0") else host
        address = f"http://[{shown}]:{port}/" if ":" in shown else f"http://{shown}:{port}/"
        server = _server(product.web, lambda: print(f"Listening on {address}", flush=True), product.end_streams)
        try:
            asyncio.run(server.serve(sockets=[listener]))
        finally:
            product.stop()


def _collect_garbage() -> None:
    """From now on. What was imported stays for good: the collector need not look at it."""
    gc.freeze()
    gc.enable()


def _listening(host: str, port: int) -> socket.socket:
    """The socket, bound before anything else starts: a port that is taken is one clear line."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # Named, because asyncio sends answers without delay only over a socket that says it is TCP.
    listener = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((host, port))
    except OSError as error:
        listener.close()
        cure = "set PORT to a free one, or 0 to have one picked"
        raise ConfigurationError((Problem("PORT", f"{port} on {host}: {error.strerror}", cure),)) from error
    return listener


def _server(application: object, is_ready: Callable[[], None], is_ending: Callable[[], None]) -> uvicorn.Server:
    import uvicorn

    class Server(uvicorn.Server):
        """Says when it is ready, and ends with exit code 0 at SIGTERM (uvicorn's own raises the signal again)."""

        async def startup(self, sockets: list[socket.socket] | None = None) -> None:
            await super().startup(sockets)
            is_ready()

        async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
            _end_in_time()
            await super().shutdown(sockets)

        def handle_exit(self, sig: int, frame: FrameType | None) -> None:
            is_ending()  # uvicorn would wait for browsers that watch a page, and then complain
            super().handle_exit(sig, frame)

        @contextlib.contextmanager
        def capture_signals(self) -> Generator[None]:
            for name in (signal.SIGTERM, signal.SIGINT):
                signal.signal(name, self.handle_exit)
            yield

    config = uvicorn.Config(
        application,  # type: ignore[arg-type]
        log_config=None,
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=_LET_FINISH,
        lifespan="off",
    )
    return Server(config)


def _end_in_time() -> None:
    """Whatever hangs does not keep the process from ending in time: also a request's thread, for which Python waits."""
    last = threading.Timer(_OVER_AFTER, os._exit, (0,))
    last.daemon = True
    last.start()
