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
from oncallbot.storage import rule_objects, workers


class RunningRules:
    """The rules by revision. Threads may share it; only the newest revision is kept.

    `roads` are the contact methods that this process can send by. A process that sends nothing itself gives None:
    what counts then is what the workers can do, and before any worker was there, `expected`.
    """

    def __init__(self, roads: frozenset[Method] | None, expected: frozenset[Method] = frozenset(Method)) -> None:
        self._roads = roads
        self._expected = expected
        self._newest = Rules(revision=-1)
        self._lock = threading.Lock()

    def of(self, connection: Connection) -> Rules:
        """The immutable rules of the revision that this transaction sees.

        Raises ConfigurationError, naming the object, if what is stored does not fit together (which `change` refuses).
        """
        revision = rule_objects.revision(connection)
        roads = self._roads_of(connection)
        newest = self._newest
        if (newest.revision, newest.roads) == (revision, roads):
            return newest
        with self._lock:
            if self._newest.revision != revision:
                texts = {(one.kind, one.id): one.body for one in rule_objects.load_all(connection)}
                self._newest = schedule_files.build_rules(texts, revision)
            self._newest = replace(self._newest, roads=roads)
            return self._newest

    def _roads_of(self, connection: Connection) -> frozenset[Method]:
        if self._roads is not None:
            return self._roads
        found = workers.roads(connection)
        return self._expected if found is None else found
