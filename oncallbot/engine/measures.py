"""What has this process done so far? Counters and durations for `/metrics`.

It must not be asked by anything that decides.
"""

from __future__ import annotations

from prometheus_client import CollectorRegistry, Counter, Histogram


class Measures:
    """One registry per process, handed around: nothing is registered globally."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self._sent = Histogram(
            "oncallbot_send_seconds", "How long the vendor took to accept", ["method"], registry=self.registry
        )
        self._failed = Counter(
            "oncallbot_send_failures",
            "Sends not accepted",
            ["method", "kind"],
            registry=self.registry,
        )
        self._rings = Counter("oncallbot_alarms_rung", "Alarms of issues that were handled", registry=self.registry)
        self._late = Histogram(
            "oncallbot_alarm_lateness_seconds", "How late alarms were handled", registry=self.registry
        )
        self._broken = Counter(
            "oncallbot_alarms_failed", "Alarms that raised and were put off by a minute", registry=self.registry
        )

    def sent(self, method: str, seconds: float) -> None:
        """The vendor accepted one after that many seconds."""
        self._sent.labels(method).observe(seconds)

    def failed(self, method: str, kind: str) -> None:
        """The vendor did not accept one; `kind` is the error's class."""
        self._failed.labels(method, kind).inc()

    def rang(self, count: int, seconds_late: float) -> None:
        """A batch of alarms was handled, the oldest that many seconds late."""
        self._rings.inc(count)
        self._late.observe(seconds_late)

    def broke(self) -> None:
        """One alarm raised."""
        self._broken.inc()
