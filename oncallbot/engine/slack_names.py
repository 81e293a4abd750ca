"""Whom and what does a Slack id mean? Our own table: the rules, and the ids that the worker has looked up for them.

It must not ask Slack, nor take anybody of another workspace for one of ours: the `Directory` asks, in the worker only.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from oncallbot.engine.handle import Door
from oncallbot.errors import VendorError
from oncallbot.escalation.rules import Customer, Hotline, Rules, TargetKind
from oncallbot.oncall.people import Responder
from oncallbot.storage import slack_ids

log = logging.getLogger(__name__)

ASKED_AGAIN_AFTER = timedelta(minutes=1)


class Directory(Protocol):
    """Knows the ids of names at Slack. Raises VendorError and nothing else."""

    def id_of(self, name: str) -> str | None:
        """The id of a channel's name or of a member's e-mail address; None when there is none (that we can see)."""


@dataclass(frozen=True, slots=True)
class SlackNames:
    """The rules as Slack names them. `ids` holds what has been looked up; other names are ids already."""

    rules: Rules
    team_id: str
    ids: Mapping[str, str]

    def responder(self, team_id: str, user_id: str) -> Responder | None:
        """Whom of ours this is. None for everybody else, and for all people of other workspaces."""
        if not user_id or "@" in user_id or team_id != self.team_id:
            return None
        people = self.rules.responders.values()
        return next((one for one in people if one.slack and self._id(one.slack) == user_id), None)

    def responders(self) -> Mapping[str, str]:
        """Responder ids by Slack user id."""
        found = {self._id(one.slack): one.id for one in self.rules.responders.values() if one.slack}
        return {user: id_ for user, id_ in found.items() if "@" not in user}

    def customer(self, channel: str) -> Customer | None:
        """The customer whose channel this is."""
        return next((one for one in self.rules.customers.values() if self._is_one(channel, one.slack_channels)), None)

    def hotline(self, channel: str) -> Hotline | None:
        """The hotline that listens in this channel. A customer's own channel, where no hotline names it, is the only
        hotline's; where there are several, the first one's: nobody's words are lost for a gap in the files."""
        hotlines = self.rules.hotlines.values()
        named = next((one for one in hotlines if self._is_one(channel, one.slack_channels)), None)
        if named is None and self.customer(channel) is not None:
            return next(iter(hotlines), None)
        return named

    def hotline_to_page(self, channel: str) -> Hotline | None:
        """The hotline that a page from this channel is for: its own, that of its cards, else the only one there is."""
        hotlines = list(self.rules.hotlines.values())
        found = self.hotline(channel)
        if found is None:
            found = next((one for one in hotlines if self._is_one(channel, (one.on_call_channel or "",))), None)
        return found or (hotlines[0] if len(hotlines) == 1 else None)

    def channel_id(self, name: str | None) -> str:
        """The id of a channel of the rules; "" where there is none or it is not known (yet)."""
        found = self._id(name) if name else ""
        return found if found[:1] in ("C", "G") and found.isupper() else ""

    def _is_one(self, channel: str, names: tuple[str, ...]) -> bool:
        return bool(channel) and any(self._id(name) == channel for name in names)

    def _id(self, name: str) -> str:
        return self.ids.get(name, name)


@dataclass(frozen=True, slots=True)
class Workspace:
    """The one door, and the workspace that we are installed in: what every listener needs."""

    door: Door
    team_id: str

    def names(self) -> SlackNames:
        """The table at this moment."""
        with self.door.database.read() as connection:
            return SlackNames(self.door.rules.of(connection), self.team_id, slack_ids.all_ones(connection))


class Lookup:
    """The worker's duty: finds the ids of names and addresses, new ones at once, the others each minute."""

    def __init__(self, door: Door, directory: Directory) -> None:
        self._door = door
        self._directory = directory
        self._revision: int | None = None
        self._asked_at: datetime | None = None

    def look_up(self) -> None:
        """Ask for what is not known yet, when it is time. What cannot be found is a WARNING: somebody must mend it."""
        now = self._door.clock.now()
        with self._door.database.read() as connection:
            rules = self._door.rules.of(connection)
            known = slack_ids.all_ones(connection)
        missing = {name: where for name, where in names(rules) if name not in known}
        is_time = self._asked_at is None or now - self._asked_at >= ASKED_AGAIN_AFTER
        if not missing or (rules.revision == self._revision and not is_time):
            return
        self._revision, self._asked_at = rules.revision, now
        for name, where in missing.items():
            self._ask(name, where)

    def _ask(self, name: str, where: str) -> None:
        try:
            found = self._directory.id_of(name)
        except VendorError as error:
            log.warning("the Slack name of %s could not be looked up, and will be: %s", where, error)
            return
        if found is None:
            log.warning(
                "Slack does not know the name of %s (or the bot cannot see it): correct it, or write its id", where
            )
            return
        with self._door.database.write() as connection:
            slack_ids.keep(connection, name, found, self._door.clock.now())


def names(rules: Rules) -> Iterator[tuple[str, str]]:
    """What is a name and no id, and where it stands. Ids are in capitals; channel names never are."""
    for person in rules.responders.values():
        if person.slack and "@" in person.slack:
            yield person.slack, f"responder {person.id}"
    for where, named in channels(rules):
        yield from ((one, f"{where}: #{one}") for one in named if one and not one.isupper())


def channels(rules: Rules) -> Iterator[tuple[str, tuple[str | None, ...]]]:
    """Every channel that the rules name, by name or id, and where: `hotline main`."""
    for customer in rules.customers.values():
        yield f"customer {customer.id}", customer.slack_channels
    for hotline in rules.hotlines.values():
        others = (hotline.on_call_channel, hotline.managers_channel, hotline.day_team.channel)
        yield f"hotline {hotline.id}", (*hotline.slack_channels, *others)
    for policy in rules.policies.values():
        targets = (*(one for level in policy.levels for one in level.targets), *policy.last_resort)
        yield f"policy {policy.id}", tuple(one.id for one in targets if one.kind is TargetKind.CHANNEL)
