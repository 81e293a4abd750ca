"""Who is signed in? Sessions and one-time sign-in links; of every token only its SHA-256 is kept.

It must not know who may sign in, nor be able to show a token again.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, delete, insert, or_, select, update

from oncallbot.storage.tables import sessions, sign_in_links


@dataclass(frozen=True, slots=True)
class Session:
    """A browser in which this responder is signed in. `road` is `slack` or `link`; `seen_at` is the last request's."""

    responder: str
    road: str
    began_at: datetime
    seen_at: datetime


def begin(connection: Connection, token: str, responder: str, road: str, now: datetime) -> None:
    """Keeps a new session."""
    row = {"token_hash": _hash(token), "responder": responder, "road": road, "began_at": now, "seen_at": now}
    connection.execute(insert(sessions).values(row))


def find(connection: Connection, token: str) -> Session | None:
    """The session with this token, however old; None when there is none or it was ended."""
    row = connection.execute(select(sessions).where(sessions.c.token_hash == _hash(token))).first()
    return None if row is None else Session(row.responder, row.road, row.began_at, row.seen_at)


def see(connection: Connection, token: str, now: datetime) -> None:
    """The session is in use."""
    connection.execute(update(sessions).where(sessions.c.token_hash == _hash(token)).values(seen_at=now))


def end(connection: Connection, token: str) -> None:
    """From now on its token is unknown."""
    connection.execute(delete(sessions).where(sessions.c.token_hash == _hash(token)))


def forget_before(connection: Connection, seen_at: datetime, began_at: datetime) -> int:
    """Forgets sessions last seen before `seen_at` or begun before `began_at`. Answers how many."""
    over = or_(sessions.c.seen_at < seen_at, sessions.c.began_at < began_at)
    return connection.execute(delete(sessions).where(over)).rowcount


def add_link(connection: Connection, token: str, responder: str, now: datetime) -> None:
    """Keeps a new sign-in link."""
    row = {"token_hash": _hash(token), "responder": responder, "made_at": now}
    connection.execute(insert(sign_in_links).values(row))


def link_for(connection: Connection, token: str, made_after: datetime) -> str | None:
    """Whom this link would sign in; None when it was used, is older, or never was. Changes nothing."""
    valid = (sign_in_links.c.token_hash == _hash(token), sign_in_links.c.made_at > made_after)
    found: str | None = connection.execute(select(sign_in_links.c.responder).where(*valid)).scalar()
    return found


def use_link(connection: Connection, token: str, made_after: datetime) -> str | None:
    """Whom this link signs in; it is used up. Of two that use it at once one gets None."""
    valid = (sign_in_links.c.token_hash == _hash(token), sign_in_links.c.made_at > made_after)
    used = delete(sign_in_links).where(*valid).returning(sign_in_links.c.responder)
    found: str | None = connection.execute(used).scalar()
    return found


def forget_links_before(connection: Connection, made_at: datetime) -> int:
    """Forgets links made before `made_at`. Answers how many."""
    return connection.execute(delete(sign_in_links).where(sign_in_links.c.made_at < made_at)).rowcount


def _hash(token: str) -> str:
    """Tokens are long and random, so a plain hash cannot be guessed back."""
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()
