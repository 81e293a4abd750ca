"""How does a cover request stand in Slack? One message per place with its newest state, and what a click on it does.

It must not decide who has it: `engine.covering` does, and the first to accept wins.
"""

from __future__ import annotations

from datetime import datetime

from oncallbot.chat.blocks import Actions, Button, Message, Section, message
from oncallbot.chat.client import Slack
from oncallbot.engine import covering
from oncallbot.engine.covering import Asked, NotAsked
from oncallbot.engine.handle import Door
from oncallbot.engine.sending import Delivery
from oncallbot.errors import Refused
from oncallbot.escalation.rules import Rules
from oncallbot.oncall.editing import Mistake
from oncallbot.oncall.people import Responder
from oncallbot.oncall.schedule import final_shifts
from oncallbot.storage import cover_requests, posts
from oncallbot.storage.cover_requests import CoverRequest
from oncallbot.storage.outbox import Notification
from oncallbot.storage.posts import Post
from oncallbot.wording import covers
from oncallbot.wording.previews import refused_text
from oncallbot.wording.schedule_forms import CoverMe

TAKE_COVER, WITHDRAW_COVER = "take_cover", "withdraw_cover"


def ask(door: Door, who: Responder, form: CoverMe) -> str:
    """Ask the others; what the asker reads."""
    rules, now = door.rules_now(), door.clock.now()
    meant = _meant(form, who, rules, now)
    if isinstance(meant, str):
        return meant
    schedule, start, end = meant
    found = covering.ask(door, who.id, schedule, start, end, form.reason)
    if isinstance(found, Asked):
        return covers.asking_text(found.request, rules, who.timezone, now)
    return refused_text(found)


def withdraw(door: Door, id_: int, who: Responder) -> str:
    """Ask no longer; what whoever clicked reads."""
    found = covering.withdraw(door, id_, who.id)
    if isinstance(found, NotAsked):
        return "Only whoever asked, or a manager, can withdraw this. Nothing has changed."
    return covers.withdrawn_text(found, door.rules_now(), who.timezone, door.clock.now())


def send(door: Door, slack: Slack, notification: Notification, address: str) -> Delivery:
    """Post it in this place, or bring it up to date there. Raises VendorError."""
    place = str(notification.detail["place"])
    request, drawn = _drawn(door, notification)
    subject = f"cover {request.id}"
    post = _post(door, subject, place)
    if post is None and not request.is_open:
        return Delivery(None)  # it was never asked here, and there is nothing to ask any more
    if post is None and notification.tries > 0:
        post = _found(door, slack, notification, address, notification.created_at - door.clock.offset)
    if post is not None:
        slack.update(post.channel, post.ts, drawn.text, drawn.blocks)
        return Delivery(f"{post.channel}/{post.ts}")
    posted = slack.post(address, drawn.text, drawn.blocks, mark=mark(notification))
    _keep(door, Post(subject, place, posted.channel, posted.ts))
    _, newest = _drawn(door, notification)
    if newest != drawn:  # somebody took it while it was being posted, when there was nothing to bring up to date
        slack.update(posted.channel, posted.ts, newest.text, newest.blocks)
    return Delivery(f"{posted.channel}/{posted.ts}")


def find(door: Door, slack: Slack, notification: Notification, address: str, since: datetime) -> tuple[str, ...]:
    """The post whose answer never came."""
    found = _found(door, slack, notification, address, since)
    return (f"{found.channel}/{found.ts}",) if found is not None else ()


def mark(notification: Notification) -> str:
    """The same whichever notification brings the first post."""
    return f"cover/{notification.detail['cover']}/{notification.detail['place']}"


def draw(request: CoverRequest, rules: Rules, place: str, now: datetime) -> Message:
    """The request as it is now, times in the reader's zone; in a channel in the schedule's."""
    reader, schedule = rules.responders.get(place), rules.schedules.get(request.schedule)
    tz = reader.timezone if reader is not None else schedule.timezone if schedule is not None else "UTC"
    text = covers.cover_text(request, rules, tz, now)
    buttons: list[Button] = []
    if request.is_open and place != request.responder:
        buttons.append(Button(TAKE_COVER, covers.TAKE_IT, str(request.id), "primary"))
    if request.is_open and (reader is None or place == request.responder):
        buttons.append(Button(WITHDRAW_COVER, covers.WITHDRAW, str(request.id)))
    return message(text, (Section(text), Actions(tuple(buttons))))


def _meant(form: CoverMe, who: Responder, rules: Rules, now: datetime) -> tuple[str, datetime, datetime] | str:
    if form.start is None or form.end is None:
        found = covering.next_shift(rules, form.schedule, who.id, now)
        return (found[0], found[1].start, found[1].end) if found is not None else covers.NOT_ON_CALL
    start, end = max(form.start, now), form.end
    if end <= start:
        return refused_text(Mistake("this time is over already", "name an end that lies ahead"))
    mine = [
        name
        for name, plan in rules.schedules.items()
        if form.schedule in (None, name)
        and any(who.id in one.responders for one in final_shifts(plan, rules.absences, start, end))
    ]
    if len(mine) > 1:
        cure = f"name one of {', '.join(mine)}: /oncall cover me <from> to <until> in {mine[0]}"
        return refused_text(Mistake("you are on call in several schedules then", cure))
    if not mine:
        return refused_text(Mistake("you are not on call then", "see /oncall me for when you are"))
    return mine[0], start, end


def _drawn(door: Door, notification: Notification) -> tuple[CoverRequest, Message]:
    with door.database.read() as connection:
        request = cover_requests.load(connection, int(notification.detail["cover"]))
        rules = door.rules.of(connection)
    if request is None:
        raise Refused("the cover request does not exist any more")
    return request, draw(request, rules, str(notification.detail["place"]), door.clock.now())


def _post(door: Door, subject: str, place: str) -> Post | None:
    with door.database.read() as connection:
        return next((one for one in posts.of(connection, subject) if one.place == place), None)


def _found(door: Door, slack: Slack, notification: Notification, address: str, since: datetime) -> Post | None:
    channel = slack.conversation(address)
    ts = slack.find_post(channel, mark(notification), since)
    if ts is None:
        return None
    post = Post(f"cover {notification.detail['cover']}", str(notification.detail["place"]), channel, ts)
    _keep(door, post)
    return post


def _keep(door: Door, post: Post) -> None:
    with door.database.write() as connection:
        posts.keep(connection, post)
