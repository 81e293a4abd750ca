"""How do user groups and topics come to say who is on call? Set by the rules of that moment, only where they differ.

It must not empty a user group: Slack refuses that; with nobody on call the last members stay, and the topic says so.
"""

from __future__ import annotations

import logging

from oncallbot.chat.client import Slack
from oncallbot.chat.texts import read
from oncallbot.engine.handle import Door
from oncallbot.engine.sending import Delivery
from oncallbot.errors import Refused
from oncallbot.escalation.rules import Rules
from oncallbot.oncall.schedule import who
from oncallbot.storage import slack_ids
from oncallbot.storage.outbox import Notification
from oncallbot.wording.shift_news import topic_text

log = logging.getLogger(__name__)


def show_group(door: Door, slack: Slack, notification: Notification) -> Delivery:
    """Make the user group those who are on call now. Raises VendorError; a missing scope fails doctor, too."""
    schedule = str(notification.detail["schedule"])
    rules, users = _on_call(door, schedule)
    plan = rules.schedules.get(schedule)
    if plan is None or plan.user_group is None or not users:
        return Delivery(None)
    group = slack.user_group_id(plan.user_group)
    if group is None:
        raise Refused(f"Slack has no user group {plan.user_group}, or it is disabled: correct user_group of {schedule}")
    if set(slack.group_members(group)) == set(users):
        return Delivery(group)
    members = [user for user in users if _may_be_member(slack, user)]
    if members and set(slack.group_members(group)) != set(members):
        slack.set_group_members(group, members)
        log.info("schedule=%s user_group=%s members=%s", schedule, group, len(members))
    return Delivery(group)


def show_topic(door: Door, slack: Slack, notification: Notification, channel: str) -> Delivery:
    """Make the channel's topic say who is on call. Raises VendorError; a missing scope fails doctor, too."""
    now = door.clock.now()
    rules = door.rules_now()
    hotline = rules.hotlines.get(str(notification.detail["hotline"]))
    if hotline is None:
        return Delivery(None)
    plans = [one for one in rules.schedules.values() if hotline in rules.hotlines_of_schedule(one.id)]
    wanted = topic_text([who(one, rules.absences, now) for one in plans], rules, hotline.timezone, now)
    id_ = slack.conversation(channel)
    found = slack.channel(id_)
    if found is None:
        raise Refused("there is no such channel, or the bot may not see it")
    if read(found.topic) != wanted:
        slack.set_topic(id_, wanted)
    return Delivery(id_)


def _on_call(door: Door, schedule: str) -> tuple[Rules, list[str]]:
    """The Slack ids of who is on call; whoever has none, or none that is known yet, is left out."""
    with door.database.read() as connection:
        rules = door.rules.of(connection)
        ids = slack_ids.all_ones(connection)
    plan = rules.schedules.get(schedule)
    if plan is None:
        return rules, []
    people = [rules.responders.get(one) for one in who(plan, rules.absences, door.clock.now()).responders]
    named = [ids.get(one.slack, one.slack) for one in people if one is not None and one.slack]
    return rules, [one for one in named if "@" not in one]


def _may_be_member(slack: Slack, user: str) -> bool:
    """Slack refuses bots and guests, and whoever has left."""
    member = slack.member(user)
    return member is not None and not (member.is_bot or member.is_guest or member.has_left)
