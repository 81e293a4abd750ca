"""Has somebody committed? Calls `woken` soon after another connection, of whatever process, has written.

It must not decide what to do then; and waking too often does no harm, so it wakes when in doubt.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

import psycopg

from oncallbot.errors import DatabaseUnavailable
from oncallbot.storage.outage import Outage

CHANNEL = "oncallbot"
POLL_SECONDS = 0.05
LISTEN_SECONDS = 0.5  # how soon a stop is noticed; notifications arrive at once
RETRY_SECONDS = 1.0


def watch_versions(
    version: Callable[[], int], stop: threading.Event, woken: Callable[[], None], outage: Outage
) -> None:
    """SQLite: reads the data version every 50 ms until `stop`."""
    last: int | None = None
    while not stop.wait(POLL_SECONDS):
        try:
            now = version()
        except DatabaseUnavailable as error:
            outage.failed("watching for changes", error)
            stop.wait(RETRY_SECONDS)
            continue
        if now != last:
            last = now
            woken()


def listen(
    connect: Callable[[], psycopg.Connection[Any]],
    stop: threading.Event,
    woken: Callable[[], None],
    outage: Outage,
) -> None:
    """PostgreSQL: LISTEN on a connection of its own until `stop`; connects again when it breaks.

    Wakes once whenever it has connected: what was announced while nobody listened is not repeated by the server.
    """
    while not stop.is_set():
        try:
            with connect() as connection:
                connection.execute(f"LISTEN {CHANNEL}")
                woken()
                _wake_until(connection, stop, woken)
        except psycopg.Error as error:
            outage.failed("listening", error)
            stop.wait(RETRY_SECONDS)


def _wake_until(connection: psycopg.Connection[Any], stop: threading.Event, woken: Callable[[], None]) -> None:
    while not stop.is_set():
        for _ in connection.notifies(timeout=LISTEN_SECONDS, stop_after=1):
            woken()
