"""Does Slack know us, may we do what we do, and is everybody and every channel there that the rules name?

It must not post, open or join anything: only questions are asked.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from oncallbot.app import slack_credentials
from oncallbot.chat.client import Identity, Slack
from oncallbot.chat.manifest import EVENTS, METHODS, scopes
from oncallbot.cli.doctor.findings import Check, Finding, fails, fine, not_known
from oncallbot.engine.slack_names import channels, names
from oncallbot.errors import Misconfigured, VendorError
from oncallbot.escalation.rules import Rules
from oncallbot.settings import Settings

_INSTALL = "paste the manifest again (oncallbot slack manifest), and install the app again"


@dataclass(frozen=True, slots=True)
class Seen:
    """What Slack has told us. `lost` are ids of responders whom nobody can find there."""

    findings: tuple[Finding, ...]
    vendor_time: datetime | None = None
    known: Mapping[str, str] = field(default_factory=dict)
    lost: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class _Asked:
    """Whom we ask, and what the workers take names for."""

    slack: Slack
    team_id: str
    ids: Mapping[str, str]

    def is_outdated(self, name: str, id_: str) -> bool:
        """Do the workers take this name for somebody or something else? They ask once for each name."""
        return self.ids.get(name, id_) != id_


_OUTDATED = "the workers still take this name for another id"
_WRITE_ID = "write the id instead of the name in the schedule files, and apply"


def examine(read: Settings, rules: Rules | None, ids: Mapping[str, str], workers_use_it: bool, is_safe: bool) -> Seen:
    """Everything about Slack. `ids` are those that the workers have found for names, and use.

    Unless `is_safe`, its address is not Slack's, and gets no token of ours.
    """
    credentials = slack_credentials(read)
    if credentials is None:
        return Seen((_off(workers_use_it), *(_unfound(rules, ids) if rules and workers_use_it else ())))
    if not is_safe:
        cure = "correct SLACK_API_URL first"
        return Seen((not_known(Check.SLACK_AUTH, "Slack", "not asked: SLACK_API_URL is refused", cure),))
    try:
        slack = Slack(credentials)
        us = slack.auth_test()
    except VendorError as error:
        return Seen((fails(Check.SLACK_AUTH, "SLACK_BOT_TOKEN", str(error), _cure(error)),))
    known = {"SLACK_TEAM_ID": us.team_id, "SLACK_BOT_ID": us.bot_id, "SLACK_BOT_USER_ID": us.user_id}
    known = {name: value for name, value in known.items() if value}
    findings = [*_auth(read, us, known), *_scopes(us)]
    lost: set[str] = set()
    if rules is not None:
        asked = _Asked(slack, us.team_id, ids)
        people = [(id_, _person(asked, id_, one.slack)) for id_, one in rules.responders.items() if one.slack]
        lost = {id_ for id_, found in people if found.ok is False}
        findings += [*(found for _, found in people), *_channels(asked, rules), *_user_groups(asked, rules)]
    return Seen(tuple(findings), us.vendor_time, known, frozenset(lost))


def _off(workers_use_it: bool) -> Finding:
    if workers_use_it:
        cure = "run doctor in the environment of the servers"
        return not_known(Check.SLACK_AUTH, "Slack", "the workers use it, but its variables are not set here", cure)
    cure = "set SLACK_BOT_TOKEN, and run doctor again: it tells three of the other four values"
    return not_known(Check.SLACK_AUTH, "Slack", "is off: nobody is reached or heard there", cure)


def _unfound(rules: Rules, ids: Mapping[str, str]) -> Iterator[Finding]:
    """Without a token only the workers' own table can be read."""
    for name, where in names(rules):
        if name not in ids:
            cure = "correct it in the schedule files, and apply; or see slack_auth"
            yield fails(Check.SLACK_NAMES, where, "the workers have not found it in Slack", cure)


def _cure(error: VendorError) -> str:
    if isinstance(error, Misconfigured):
        return "copy the Bot User OAuth Token again (OAuth & Permissions)"
    return "see that this machine reaches slack.com by HTTPS, then try again"


def _auth(read: Settings, us: Identity, known: Mapping[str, str]) -> Iterator[Finding]:
    yield fine(Check.SLACK_AUTH, "SLACK_BOT_TOKEN", f"is the bot {us.user_id} of the workspace {us.team_id}")
    given = {
        "SLACK_TEAM_ID": read.slack_team_id,
        "SLACK_BOT_ID": read.slack_bot_id,
        "SLACK_BOT_USER_ID": read.slack_bot_user_id,
    }
    for name, value in known.items():
        if given[name] and given[name] != value:  # one that is unset is told by `settings`
            detail = f"is {given[name]}, but the token's is {value}"
            yield fails(Check.SLACK_AUTH, name, detail, f"set {name}={value}")
    if not us.bot_id:
        yield fails(Check.SLACK_AUTH, "SLACK_BOT_TOKEN", "is no bot's", "copy the Bot User OAuth Token (xoxb-…)")


def _scopes(us: Identity) -> Iterator[Finding]:
    if not us.scopes:
        cure = "compare OAuth & Permissions with oncallbot slack manifest"
        yield not_known(Check.SLACK_SCOPES, "scopes", "Slack did not say which the token has", cure)
        return
    missing = [scope for scope in scopes() if scope not in us.scopes]
    for scope in missing:
        users = [name for table in (METHODS, EVENTS) for name, needed in table.items() if scope in needed]
        what = f" ({', '.join(users)})" if users else ""
        yield fails(Check.SLACK_SCOPES, scope, f"is missing{what}", _INSTALL)
    if not missing:
        yield fine(Check.SLACK_SCOPES, "scopes", f"all {len(scopes())} are granted")


def _person(asked: _Asked, id_: str, name: str) -> Finding:
    check, cure = Check.SLACK_NAMES, "correct `slack` of this responder in the schedule files, and apply"
    try:
        user = asked.slack.user_id_of_email(name) if "@" in name else name
        if user is None:
            return fails(check, id_, "nobody in Slack has this e-mail address", cure)
        if asked.is_outdated(name, user):
            return fails(check, id_, _OUTDATED, _WRITE_ID)
        found = asked.slack.member(user)
    except VendorError as error:
        return not_known(check, id_, str(error), "see slack_scopes")
    if found is None:
        return fails(check, id_, f"nobody in Slack has the id {user}", cure)
    if found.has_left or found.is_bot:
        return fails(check, id_, f"{user} {'has left' if found.has_left else 'is a bot'}", cure)
    if found.team_id != asked.team_id:
        return fails(check, id_, f"{user} belongs to another workspace: answers would not count", cure)
    return fine(check, id_, f"is {user}")


def _channels(asked: _Asked, rules: Rules) -> Iterator[Finding]:
    named: dict[str, list[str]] = {}
    for where, listed in channels(rules):
        for name in listed:
            if name:
                named.setdefault(name, []).append(where)
    yield from (_channel(asked, name, where) for name, where in named.items())


def _channel(asked: _Asked, name: str, where: list[str]) -> Finding:
    check, subject = Check.SLACK_CHANNELS, name if name.isupper() else f"#{name}"
    of = f" ({', '.join(dict.fromkeys(where))})"
    try:
        id_ = name if name.isupper() else asked.slack.channel_id_of_name(name)
        if id_ and asked.is_outdated(name, id_):
            return fails(check, subject, f"{_OUTDATED}{of}", _WRITE_ID)
        found = asked.slack.channel(id_) if id_ else None
    except VendorError as error:
        return not_known(check, subject, f"{error}{of}", "see slack_scopes")
    if found is None:
        cure = "correct it in the schedule files; if it is private, invite the bot: /invite @oncallbot"
        return fails(check, subject, f"there is no such channel, or the bot may not see it{of}", cure)
    if found.is_archived:
        return fails(check, subject, f"is archived{of}", "name a living channel in the schedule files, and apply")
    if not found.has_bot:
        return fails(check, subject, f"the bot is not in it{of}", "in that channel: /invite @oncallbot")
    return fine(check, subject, f"the bot is in it{of}")


def _user_groups(asked: _Asked, rules: Rules) -> Iterator[Finding]:
    """Those that follow schedules."""
    check, cure = Check.SLACK_NAMES, "correct `user_group` of this schedule in the schedule files, and apply"
    for plan in rules.schedules.values():
        if plan.user_group is None:
            continue
        try:
            id_ = asked.slack.user_group_id(plan.user_group)
        except VendorError as error:
            yield not_known(check, plan.id, str(error), "see slack_scopes")
            continue
        if id_ is None:
            yield fails(check, plan.id, f"Slack has no user group {plan.user_group}, or it is disabled", cure)
        else:
            yield fine(check, plan.id, f"the user group {id_} follows it")
