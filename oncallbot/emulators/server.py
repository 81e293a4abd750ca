"""How do the emulators run, as a process of their own or on a thread inside a test?

Must not leave the loopback interface unless told to: there is nothing secret in them, and nothing safe.
"""

import asyncio
import contextlib
import socket
import threading
from collections.abc import Callable, Generator, Iterator
from dataclasses import dataclass

import uvicorn
from fastapi import FastAPI

from oncallbot.emulators.app import create_app
from oncallbot.emulators.settings import Settings
from oncallbot.emulators.world import World

LOOPBACK = ("127.0.0.1", "::1", "localhost")


class Server(uvicorn.Server):
    """uvicorn, but exiting 0 on SIGTERM (it would kill itself with the signal again) and telling when ready."""

    def __init__(self, config: uvicorn.Config, world: World, on_ready: Callable[[], None]) -> None:
        super().__init__(config)
        self.world, self.on_ready = world, on_ready

    @contextlib.contextmanager
    def capture_signals(self) -> Generator[None, None, None]:
        with super().capture_signals():
            yield
            self._captured_signals.clear()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if self.started:
            self.on_ready()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        await self.world.stop()
        await super().shutdown(sockets)


def listen(settings: Settings) -> socket.socket:
    if settings.host not in LOOPBACK and not settings.is_open:
        raise ValueError(f"the emulators stay on loopback: --host is {settings.host!r}, not one of {LOOPBACK}")
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    # With the protocol named, asyncio turns Nagle's delay off for each connection: 45 ms a request otherwise.
    listener = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.bind((settings.host, settings.port))
    return listener


def url_of(settings: Settings, listener: socket.socket) -> str:
    """How this machine reaches it."""
    near = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(settings.host, settings.host)
    host = f"[{near}]" if ":" in near else near
    return f"http://{host}:{listener.getsockname()[1]}"


def serve(settings: Settings, listener: socket.socket, app: FastAPI, on_ready: Callable[[Server], None]) -> None:
    """Runs until told to stop."""
    world: World = app.state.world
    world.twilio.base_url = world.slack.workspace.base_url = url_of(settings, listener)
    config = uvicorn.Config(
        app,
        http="h11",
        ws="none",
        log_level="warning",
        access_log=False,
        timeout_graceful_shutdown=1,
        server_header=False,
        date_header=False,  # the vendors have clocks of their own: `gate`
        timeout_keep_alive=75,
    )
    server = Server(config, world, lambda: on_ready(server))
    asyncio.run(server.serve(sockets=[listener]))


@dataclass(frozen=True, slots=True)
class Running:
    """Emulators on a thread of this process."""

    url: str
    settings: Settings
    app: FastAPI


@contextlib.contextmanager
def running(settings: Settings | None = None) -> Iterator[Running]:
    """Emulators on a free loopback port for as long as the block lasts."""
    settings = settings or Settings()
    listener, app = listen(settings), create_app(settings)
    ready, servers = threading.Event(), []

    def on_ready(server: Server) -> None:
        servers.append(server)
        ready.set()

    thread = threading.Thread(target=serve, args=(settings, listener, app, on_ready), daemon=True)
    thread.start()
    if not ready.wait(20):
        raise RuntimeError("the emulators did not start within 20 s")
    try:
        yield Running(url_of(settings, listener), settings, app)
    finally:
        servers[0].should_exit = True
        thread.join(10)
        listener.close()
