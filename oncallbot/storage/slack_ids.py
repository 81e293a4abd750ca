"""Which Slack id stands behind a channel name or an e-mail address that the schedule files use?

It must not ask Slack: the worker does, and keeps the answers here for every process.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import Connection, select

from oncallbot.storage.statements import upsert_all
from oncallbot.storage.tables import slack_ids


def keep(connection: Connection, name: str, id_: str, at: datetime) -> None:
    """Slack says so at `at`."""
    upsert_all(connection, slack_ids, [{"name": name, "id": id_, "at": at}])


def all_ones(connection: Connection) -> Mapping[str, str]:
    """Every id by its name."""
    return {row.name: row.id for row in connection.execute(select(slack_ids.c.name, slack_ids.c.id))}
