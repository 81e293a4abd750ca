"""What does a responder hear on the phone? The page, its outcomes, and the truth when it came too late.

Name and reason come in the first second: robots that screen calls pass on only that. It must not say what the
issue was, but what it is at this moment.
"""

from __future__ import annotations

from datetime import datetime

from oncallbot.escalation.issue import Issue, Status
from oncallbot.escalation.outcomes import Kind, Outcome
from oncallbot.escalation.rules import Rules
from oncallbot.oncall.people import Responder
from oncallbot.wording.responders import first_name, reporter_name, summary_of
from oncallbot.wording.text import clean, sentence
from oncallbot.wording.times import spoken_reference, spoken_time

_KEYS_LINE = "Press 4 to take it, 5 to pass it on, 6 if it is resolved, star to hear it again."
_LONGEST_SUMMARY = 600


def page_spoken(
    issue: Issue, responder: Responder, customer_name: str | None, hotline_name: str, nth: int = 1, of: int = 1
) -> str:
    """The page as spoken; `nth` of `of` when one call offers several."""
    count = f", {nth} of {of}" if of > 1 else ""
    name = clean(reporter_name(issue, customer_name), 60)
    words = sentence(summary_of(issue, _LONGEST_SUMMARY))
    hello = f"{clean(responder.first_name, 30)}, {clean(hotline_name, 60)} on call{count}: {name}: {words}"
    return f"{hello} Issue {spoken_reference(issue.number)}. {_KEYS_LINE}"


def outcome_spoken(outcome: Outcome, rules: Rules, reader: Responder, now: datetime) -> str:
    """The answer to a key, times in the reader's zone. It ends no call: see `goodbye_spoken`."""
    issue = "It" if outcome.number is None else f"Issue {spoken_reference(outcome.number)}"
    match outcome.kind:
        case Kind.ALREADY_TAKEN:
            return has_it_spoken(outcome.acknowledged_by, outcome.acknowledged_at, rules, reader, now)
        case Kind.UNKNOWN_ISSUE | Kind.NOTHING_OPEN | Kind.NOTHING:
            return "There is nothing to answer any more."
        case Kind.WHICH_ONE:
            numbers = ", or ".join(spoken_reference(number) for number in outcome.choices)
            return f"Several issues are open: {numbers}."
        case Kind.PASSED_ON if outcome.acknowledged_by is not None:  # asked to take it or to help, and said no
            return f"{issue} stays with {first_name(outcome.acknowledged_by, rules)}."
        case Kind.SPLIT:
            into = "".join(f" {spoken_reference(number)}" for number in outcome.choices[:1])
            return f"The newest report is issue{into} now."
        case Kind.OFFERED | Kind.ADDED if outcome.reached_nobody:
            return "There is no way to reach them."
        case _:
            alone = _SPOKEN_ALONE.get(outcome.kind)
            return alone if alone is not None else f"{issue} {_SPOKEN_OF_AN_ISSUE[outcome.kind]}."


_SPOKEN_OF_AN_ISSUE = {
    Kind.ACKNOWLEDGED: "is yours",
    Kind.ALREADY_YOURS: "is yours",
    Kind.PASSED_ON: "is passed on",
    Kind.RESOLVED: "is resolved",
    Kind.ALREADY_RESOLVED: "is already resolved",
    Kind.ALREADY_CLOSED: "is already closed",
    Kind.NOTED: "has your note",
    Kind.OPENED: "is open",
    Kind.JOINED: "has your words",
    Kind.ESCALATED: "goes to the next level",
    Kind.DISMISSED: "is dismissed",
    Kind.OFFERED: "is yours until they take it",
    Kind.CLOSED: "is closed",
    Kind.NOT_ACKNOWLEDGED: "has nobody yet, take it first",
    Kind.RESOLVE_FIRST: "is not resolved yet",
}
_SPOKEN_ALONE = {
    Kind.NOTHING_TO_PASS: "There is nothing to pass on.",
    Kind.SNOOZED: "No reminder until then.",
    Kind.ADDED: "They are paged too.",
    Kind.TIME_IS_PAST: "That time is past.",
    Kind.NOTHING_TO_SPLIT: "There is nothing to split.",
    Kind.UNKNOWN_RESPONDER: "There is no such responder.",
    Kind.NOT_A_MANAGER: "Only a manager can do that.",
    Kind.OPTED_OUT: "No more texts to this number.",
    Kind.OPTED_IN: "Texts to this number again.",
}


def has_it_spoken(holder: str | None, since: datetime | None, rules: Rules, reader: Responder, now: datetime) -> str:
    """`Ben has it since 3:14 AM.`"""
    when = f" since {spoken_time(since, reader.timezone, now)}" if since is not None else ""
    return f"{first_name(holder, rules)} has it{when}."


def nothing_to_answer_spoken(issue: Issue, rules: Rules, reader: Responder, now: datetime) -> str:
    """For whoever picks up a page that is no longer theirs to answer: that moment's truth."""
    reference = f"Issue {spoken_reference(issue.number)}"
    match issue.status:
        case Status.ACKNOWLEDGED if issue.holder == reader.id:
            return f"{reference} is yours already."
        case Status.ACKNOWLEDGED:
            said = has_it_spoken(issue.holder, issue.acknowledged_at, rules, reader, now)
        case Status.RESOLVED:
            said = f"{reference} is resolved."
        case Status.CLOSED:
            said = f"{reference} is closed."
        case Status.HELD:
            said = f"{reference} waits for the day team."
        case Status.TRIGGERED:
            said = f"You have passed {reference.lower()} on, or it is with others now."
    return f"Nothing to answer any more: {said}"


def wrong_key_spoken() -> str:
    """A key that means nothing here."""
    return f"That key does nothing here. {_KEYS_LINE}"


def goodbye_spoken() -> str:
    """The end of a call in which something was answered."""
    return "Goodbye."


def silence_spoken() -> str:
    """The end of a call in which nothing was pressed: said, so that nobody believes to have taken it."""
    return "No key was pressed: nobody has taken it, and paging goes on. Goodbye."
