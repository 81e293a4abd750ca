"""Which rules hold in this transaction? Those of the revision that it reads, built once per process and revision.

It must not write them: `change` is the one writer.
"""

from __future__ import annotations

import threading
from dataclasses import replace

from sqlalchemy import Connection

from oncallbot import schedule_files
from oncallbot.escalation.rules import Rules
from oncallbot.oncall.people import Method
from oncallbot.storage import rule_objects


class RunningRules:
    """The rules by revision. Threads may share it; only the newest revision is kept."""

    def __init__(self, roads: frozenset[Method]) -> None:
        self._roads = roads
        self._newest = Rules(revision=-1)
        self._lock = threading.Lock()

    def of(self, connection: Connection) -> Rules:
        """The immutable rules of the revision that this transaction sees.

        Raises ConfigurationError, naming the object, if what is stored does not fit together (which `change` refuses).
        """
        revision = rule_objects.revision(connection)
        newest = self._newest
        if newest.revision == revision:
            return newest
        with self._lock:
            if self._newest.revision != revision:
                texts = {(one.kind, one.id): one.body for one in rule_objects.load_all(connection)}
                self._newest = replace(schedule_files.build_rules(texts, revision), roads=self._roads)
            return self._newest
