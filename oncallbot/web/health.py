"""Is this process, and is paging, all right? For routers, monitors and people.

It must not mend anything, nor show a phone number.
"""

from __future__ import annotations

from collections.abc import Iterator
from importlib.metadata import version
from typing import Any

from fastapi import APIRouter
from fastapi.responses import JSONResponse, Response
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from oncallbot.engine import health
from oncallbot.engine.handle import Door
from oncallbot.errors import OncallbotError
from oncallbot.storage import issues, outbox
from oncallbot.web import routes
from oncallbot.web.doors import Doors


def create(doors: Doors) -> APIRouter:
    """The routes below /health/, and /metrics."""
    router = routes.router()
    doors.measures.registry.register(_Counted(doors.door))

    @router.get("/health/live")
    def live() -> dict[str, str]:
        return {"status": "ok"}

    @router.get("/health/ready")
    def ready() -> JSONResponse:
        return _answer(doors, health.ready(doors.door))

    @router.get("/health/paging")
    def paging() -> JSONResponse:
        return _answer(doors, health.paging(doors.door))

    @router.get("/metrics")
    def metrics() -> Response:
        return Response(generate_latest(doors.measures.registry), media_type=CONTENT_TYPE_LATEST)

    return router


def _answer(doors: Doors, checks: health.Checks) -> JSONResponse:
    is_ok = all(check.ok for check in checks.values())
    body: dict[str, Any] = {
        "status": "ok" if is_ok else "failing",
        "checks": {name: {"ok": check.ok, "detail": check.detail} for name, check in checks.items()},
        "release": doors.release,
        "tzdata": version("tzdata"),
    }
    return JSONResponse(body, 200 if is_ok else 503)


class _Counted(Collector):
    """What the database knows, asked when somebody scrapes."""

    def __init__(self, door: Door) -> None:
        self._door = door

    def describe(self) -> list[Metric]:
        """Nothing: else registering would already ask the database."""
        return []

    def collect(self) -> Iterator[Metric]:
        """Issues by status, notifications by status, and whether each health check holds."""
        try:
            with self._door.database.read() as connection:
                statuses = issues.count_by_status(connection)
                pending = outbox.counts(connection)
        except OncallbotError:
            return
        family = GaugeMetricFamily("oncallbot_issues", "Issues by status", labels=["status"])
        for status, count in statuses.items():
            family.add_metric([status], count)
        yield family
        waiting = GaugeMetricFamily("oncallbot_notifications_pending", "Notifications not yet sent", labels=["status"])
        for pending_status, count in pending.items():
            waiting.add_metric([pending_status], count)
        yield waiting
        checks = GaugeMetricFamily("oncallbot_paging_ok", "Checks of /health/paging", labels=["check"])
        for name, check in health.paging(self._door).items():
            checks.add_metric([name], float(check.ok))
        yield checks
