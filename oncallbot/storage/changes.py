"""Has anything happened that a page would show? A stamp of all timelines and of the rules.

It must not say what has happened.
"""

from __future__ import annotations

from sqlalchemy import Connection, select

from oncallbot.storage import rule_objects
from oncallbot.storage.tables import timeline

_LOOKED_AT = 200


def stamp(connection: Connection) -> str:
    """Another text whenever a timeline or the rules have changed. Cheap: one short walk down an index."""
    # Not only the newest id: PostgreSQL gives ids out before the commit, so a lower one may become visible later.
    newest = select(timeline.c.id).order_by(timeline.c.id.desc()).limit(_LOOKED_AT)
    ids = list(connection.execute(newest).scalars())
    return f"{rule_objects.revision(connection)}.{ids[0] if ids else 0}.{sum(ids)}"
