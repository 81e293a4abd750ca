"""What is answered privately in Slack besides outcomes? Refusals, pointers to the day team, and what came of a report.

It must not say more to a person of another workspace than what helps them to be heard.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import assert_never

from oncallbot.escalation.issue import Issue, PageState, Status
from oncallbot.escalation.outcomes import Outcome
from oncallbot.escalation.rules import Hotline, Rules
from oncallbot.wording.issue_words import names

_POINTERS = {
    "en": "{hotline} is open now: please turn to the day team. Nobody on call is paged by this post.",
    "de": "{hotline} ist jetzt besetzt: Bitte wenden Sie sich an das Tagesteam. Diese Nachricht alarmiert niemanden.",
}
_NOT_HEARD = {
    "en": "Nobody is told of replies in this thread. Post it anew in the channel, and the person on call is paged.",
    "de": "Antworten in diesem Thread alarmieren niemanden. Bitte schreiben Sie neu in den Kanal.",
}

FOREIGN = "Only the on-call team can use this. What you write in the channel reaches them."
NOT_A_RESPONDER = (
    "Only responders can do that, and you are not one yet: a manager can add you. "
    "/oncall who says who is on call, /oncall page <what> pages them."
)
OWN_AFFAIRS = "You can: /oncall cover me, take, swap, absent, back."
NO_FEED = "There is no such address: nothing was taken back."
NOT_A_REPORT = "There is no hotline for this channel. Post it in the channel that you share with the on-call team."


def pointer_text(hotline: Hotline, language: str) -> str:
    """In office hours: a post is with the day team, and opens nothing."""
    return _POINTERS.get(language, _POINTERS["en"]).format(hotline=hotline.name)


def not_heard_text(language: str) -> str:
    """A reply in a thread that belongs to no issue."""
    return _NOT_HEARD.get(language, _NOT_HEARD["en"])


def paged_text(outcome: Outcome, issue: Issue | None, rules: Rules) -> str:
    """To whoever asked for a page: the reference, and who is being paged."""
    if issue is None:
        return "Noted."
    match issue.status:
        case Status.ACKNOWLEDGED:
            return f"{issue.reference}: {names((issue.holder or '',), rules)} has it, and reads this too."
        case Status.TRIGGERED:
            running = [page.responder for page in issue.pages if page.state is PageState.RUNNING]
            if outcome.reached_nobody or not running:
                return (
                    f"{issue.reference} is open, but nobody could be reached just now. Phone somebody; we keep trying."
                )
            return f"{issue.reference} is open: {names(running, rules)} is being paged."
        case Status.HELD:
            return f"{issue.reference} is open, and with the day team."
        case Status.RESOLVED:
            return f"{issue.reference} was resolved: whoever had it reads this."
        case Status.CLOSED:
            return f"{issue.reference} is closed."
        case _:
            assert_never(issue.status)


def which_hotline_text(hotlines: Iterable[Hotline]) -> str:
    """Several hotlines, and none is this channel's: a page is never sent to a guess."""
    listed = " or ".join(f"/oncall page <what> for {one.name}" for one in hotlines)
    if not listed:
        return "No hotline is configured: nobody was paged. Phone somebody."
    return f"Which hotline? NOBODY IS PAGED YET. Write {listed}"


def feed_text(address: str, schedule: str | None) -> str:
    """The address of a calendar feed, for its owner alone."""
    whose = f"the shifts in {schedule}" if schedule else "your shifts"
    revoke = f"/oncall feed revoke {schedule}" if schedule else "/oncall feed revoke"
    return f"Subscribe to {whose} in your calendar program:\n{address}\nKeep it secret. {revoke} ends it."


def feed_revoked_text(schedule: str | None) -> str:
    """To the owner of a feed that is no more."""
    return f"The address is good no more. /oncall feed{f' {schedule}' if schedule else ''} makes a new one."


def which_issue_text(verb: str, choices: Sequence[int]) -> str:
    """A command that named no issue, with several it could mean, or with none."""
    if not choices:
        return f"Nothing is open for you. Name the issue: /oncall {verb} 1042"
    return "Which? " + " or ".join(f"/oncall {verb} {one}" for one in choices[:8])


def no_form_text(command: str) -> str:
    """The form did not open in time: the same by command."""
    return f"The form could not be opened, and nothing has changed. Write /oncall {command}"


def no_choice_text(commands: Sequence[str]) -> str:
    """What can be done could not be shown in time: the commands that do it."""
    listed = " or ".join(f"/oncall {one}" for one in commands)
    return f"The choice could not be opened, and nothing has changed. Write {listed}"


def old_button_text(reference: str | None) -> str:
    """A button that this release does not know."""
    issue = reference or "1042"
    return (
        f"That button is from an older release, and nothing has changed. /oncall issue {issue} shows where it stands."
    )
