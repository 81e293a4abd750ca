"""Who may sign in to the managers' pages, and who is signed in? Sessions and one-time links, by the rules of today.

It must not speak HTTP, nor believe a session more than the rules: who is no manager any more is out at once.
"""

from __future__ import annotations

import logging
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import Connection

from oncallbot.engine.handle import Door
from oncallbot.engine.slack_names import SlackNames
from oncallbot.escalation.rules import Rules
from oncallbot.oncall.people import Responder
from oncallbot.storage import sessions, slack_ids
from oncallbot.storage.sessions import Session

log = logging.getLogger(__name__)

IDLE = timedelta(hours=12)  # a browser that is not used for so long is signed out
LONGEST = timedelta(days=7)  # and any browser after a week
LINK_LIVES = timedelta(minutes=15)
_SEEN_EVERY = timedelta(minutes=1)  # reading a page writes at most so often
_BYTES = 32


class Road(StrEnum):
    """By what somebody signed in."""

    SLACK = "slack"
    LINK = "link"


class Stranger(StrEnum):
    """Why somebody may not sign in."""

    UNKNOWN = "unknown"  # no responder of ours, or none that can be told apart
    OTHER_TEAM = "other_team"  # a member of another Slack workspace
    NO_MANAGER = "no_manager"


@dataclass(frozen=True, slots=True)
class Identity:
    """Whom a provider says that this is. `email` only if the provider has verified it; "" is not known."""

    team_id: str = ""
    user_id: str = ""
    email: str = ""


def manager_of(rules: Rules, responder: str) -> Responder | None:
    """The manager of that id; None when there is no such responder, or it is none with `manager: true`."""
    person = rules.responders.get(responder)
    return person if person is not None and person.manager else None


class SignIns:
    """The sessions of every process on this database."""

    def __init__(self, door: Door, team_id: str | None = None) -> None:
        self._door = door
        self._team_id = team_id

    def make_link(self, responder: str) -> tuple[str, datetime]:
        """A token that signs this responder in, once, and until when it does."""
        token, now = secrets.token_urlsafe(_BYTES), self._door.clock.now()
        with self._door.database.write() as connection:
            sessions.add_link(connection, token, responder, now)
        return token, now + LINK_LIVES

    def link_is_for(self, token: str) -> Responder | None:
        """Whom this link would sign in now; looking does not use it up."""
        with self._door.database.read() as connection:
            responder = sessions.link_for(connection, token, self._door.clock.now() - LINK_LIVES)
            return manager_of(self._door.rules.of(connection), responder) if responder else None

    def by_link(self, link: str, old: str | None) -> str | None:
        """The token of a new session; None when the link is not good (any more). The `old` session ends."""
        now = self._door.clock.now()
        with self._door.database.write() as connection:
            responder = sessions.use_link(connection, link, now - LINK_LIVES)
            if responder is None or manager_of(self._door.rules.of(connection), responder) is None:
                return None
            return self._begun(connection, responder, Road.LINK, old, now)

    def by_identity(self, identity: Identity, old: str | None) -> str | Stranger:
        """The token of a new session, or why there is none. The `old` session ends."""
        with self._door.database.write() as connection:
            rules = self._door.rules.of(connection)
            found = _whom(identity, rules, self._team_id, slack_ids.all_ones(connection))
            if isinstance(found, Stranger):
                return found
            if manager_of(rules, found.id) is None:
                return Stranger.NO_MANAGER
            return self._begun(connection, found.id, Road.SLACK, old, self._door.clock.now())

    def current(self, token: str, *, is_use: bool = True) -> tuple[Session, Responder] | None:
        """The session of this token and who is signed in; None when it is over, or the person no manager any more.

        Not `is_use`: a page asks by itself, which does not make the session last longer.
        """
        now = self._door.clock.now()
        with self._door.database.read() as connection:
            session = sessions.find(connection, token)
            if session is None:
                return None
            manager = manager_of(self._door.rules.of(connection), session.responder)
        is_over = now - session.seen_at >= IDLE or now - session.began_at >= LONGEST
        if manager is None or is_over:
            self.end(token)
            return None
        if is_use and now - session.seen_at >= _SEEN_EVERY:
            with self._door.database.write() as connection:
                sessions.see(connection, token, now)
        return session, manager

    def end(self, token: str) -> None:
        """Sign out."""
        with self._door.database.write() as connection:
            sessions.end(connection, token)

    def _begun(self, connection: Connection, responder: str, road: Road, old: str | None, now: datetime) -> str:
        token = secrets.token_urlsafe(_BYTES)
        if old:
            sessions.end(connection, old)
        sessions.begin(connection, token, responder, road.value, now)
        log.info("responder=%s signed in by=%s", responder, road.value)
        return token


def forget_what_is_over(door: Door) -> None:
    """Sweeps sessions and links that nobody can use any more."""
    now = door.clock.now()
    with door.database.write() as connection:
        sessions.forget_before(connection, now - IDLE, now - LONGEST)
        sessions.forget_links_before(connection, now - LINK_LIVES)


def _whom(identity: Identity, rules: Rules, team_id: str | None, ids: Mapping[str, str]) -> Responder | Stranger:
    """By Slack's own ids where there are any, and then by nothing else; by the verified address otherwise."""
    if identity.team_id or identity.user_id:
        if team_id is None or identity.team_id != team_id:
            return Stranger.OTHER_TEAM
        return SlackNames(rules, team_id, ids).responder(identity.team_id, identity.user_id) or Stranger.UNKNOWN
    wanted = identity.email.casefold()
    found = [one for one in rules.responders.values() if one.email and one.email.casefold() == wanted]
    return found[0] if len(found) == 1 else Stranger.UNKNOWN
