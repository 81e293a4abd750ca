"""What does a responder, a manager or the day team read? Pages, outcomes, news and alarms as texts.

It must not decide who is told, nor let a text leave the 7-bit alphabet or grow beyond two segments.
"""

from __future__ import annotations

from datetime import datetime
from typing import assert_never

from oncallbot.escalation.effects import Alarm, News, TellDayTeam, TellManagers, TellResponder
from oncallbot.escalation.events import Answer
from oncallbot.escalation.issue import Issue, Road
from oncallbot.escalation.outcomes import Kind, Outcome
from oncallbot.escalation.rules import Rules
from oncallbot.oncall.people import Responder
from oncallbot.wording.text import TWO_TEXTS, clean, cut, gsm7, is_gsm7, segments, sentence, septets
from oncallbot.wording.times import clock_time

HELP = "Reply 4 ack, 5 pass, 6 resolve; with several open add the number: 4 1042."

_KEYS = {Answer.ACKNOWLEDGE: "4", Answer.PASS: "5", Answer.RESOLVE: "6", Answer.NOTE: "note"}
_KEYS_LINE = "Reply 4 ack, 5 pass, 6 resolve."
_LONGEST_NAME = 40
_MOST_CHOICES = 8
_IN_SLACK = "slack:"

_NO_WORDS = {
    Road.CALL: "called the hotline, no message yet",
    Road.TEXT: "sent a text without words",
    Road.WEBHOOK: "sent an alarm without words",
    Road.FORM: "sent the form without words",
    Road.SLACK: "posted without words",
    Road.COMMAND: "paged without words",
}

_ALARMS = {
    Alarm.COVERAGE_GAP: "nobody is on call",
    Alarm.NO_ONE_ANSWERED: "NOBODY HAS ANSWERED, a customer is waiting",
    Alarm.EXHAUSTED: "NOBODY HAS IT and paging has ended, a customer is waiting",
    Alarm.NOBODY_REACHED: "NOBODY COULD BE REACHED, a customer is waiting",
    Alarm.PROMISE_AT_RISK: "a promise is about to be missed",
    Alarm.PROMISE_MISSED: "a promise was missed",
    Alarm.SET_UP: "the set-up must be mended",
    Alarm.DECISION_FAILED: "an alarm could not be handled, look at this issue",
}


def page_text(issue: Issue, customer_name: str | None, hotline_name: str, link: str | None = None) -> str:
    """The page: `AH-1042 Acme: <text>. Reply 4 ack, 5 pass, 6 resolve. <link>`.

    At most two segments: the customer's words give way first. Callers whom we do not know are named by their number
    and the hotline that they reached.
    """
    head = f"{issue.reference} {_short(reporter_name(issue, customer_name), _LONGEST_NAME)}"
    if customer_name is None:
        head += f" ({_short(hotline_name, _LONGEST_NAME)})"
    tail = f" {_KEYS_LINE}"
    if link and is_gsm7(link) and septets(head) + septets(tail) + septets(link) <= TWO_TEXTS - 30:
        tail += f" {link}"
    words = _written(summary_of(issue, 600))
    room = TWO_TEXTS - septets(head) - len(": ") - septets(tail)
    while True:
        text = f"{head}: {sentence(cut(words, room - 1))}{tail}"
        if segments(text) <= 2:
            return text
        room -= 1


def outcome_text(
    outcome: Outcome, rules: Rules, reader: Responder, now: datetime, answer: Answer = Answer.ACKNOWLEDGE
) -> str:
    """The answer to a responder's act, times in the reader's zone. `answer` is what a bare key had asked for."""
    issue = "The issue" if outcome.number is None else f"AH-{outcome.number}"
    match outcome.kind:
        case Kind.ACKNOWLEDGED | Kind.ALREADY_YOURS:
            text = f"{issue} is yours."
        case Kind.ALREADY_TAKEN:
            text = taken_text(outcome.number, outcome.acknowledged_by, outcome.acknowledged_at, rules, reader, now)
        case Kind.WHICH_ONE:
            key = _KEYS[answer]
            text = "Which? " + " or ".join(f"{key} {number}" for number in outcome.choices[:_MOST_CHOICES])
        case Kind.UNKNOWN_ISSUE:
            text = "There is no such issue." if outcome.number is None else f"There is no {issue}."
        case Kind.NOTHING_OPEN | Kind.NOTHING:
            text = ("Nothing is open for you. " if outcome.kind is Kind.NOTHING_OPEN else "") + HELP
        case Kind.PASSED_ON if outcome.acknowledged_by is not None:  # asked to take it or to help, and said no
            text = f"{issue} stays with {first_name(outcome.acknowledged_by, rules)}."
        case Kind.SPLIT:
            text = f"{issue}: its newest report is {' '.join(f'AH-{one}' for one in outcome.choices[:1])} now."
        case _:
            text = _said(outcome, issue)
    return _whole(text)


# Said behind the reference.
_SAID_OF_AN_ISSUE = {
    Kind.PASSED_ON: " is passed on.",
    Kind.RESOLVED: " is resolved.",
    Kind.ALREADY_RESOLVED: " is already resolved.",
    Kind.ALREADY_CLOSED: " is already closed.",
    Kind.NOTHING_TO_PASS: ": nothing to pass on.",
    Kind.NOTED: ": noted.",
    Kind.OPENED: " is open.",
    Kind.JOINED: ": added.",
    Kind.ESCALATED: ": the next level is paged.",
    Kind.DISMISSED: " is dismissed.",
    Kind.SNOOZED: ": no reminder until then.",
    Kind.OFFERED: ": asked. It is yours until they take it.",
    Kind.ADDED: ": they are paged too.",
    Kind.CLOSED: " is closed.",
    Kind.NOT_ACKNOWLEDGED: ": nobody has it yet. Take it first.",
    Kind.RESOLVE_FIRST: " is not resolved yet. Resolve it first.",
    Kind.NOTHING_TO_SPLIT: ": nothing to split, all its words belong together.",
}
_SAID_WHEN_UNREACHABLE = {
    Kind.OFFERED: ": there is no way to reach them. It is still yours.",
    Kind.ADDED: ": there is no way to reach them.",
}
_SAID_ALONE = {
    Kind.UNKNOWN_RESPONDER: "There is no such responder.",
    Kind.NOT_A_MANAGER: "Only a manager can do that.",
    Kind.TIME_IS_PAST: "That time is past.",
    Kind.OPTED_OUT: "No more texts to this number.",
    Kind.OPTED_IN: "Texts to this number again.",
}


def _said(outcome: Outcome, issue: str) -> str:
    if outcome.kind in _SAID_ALONE:
        return _SAID_ALONE[outcome.kind]
    said = _SAID_WHEN_UNREACHABLE.get(outcome.kind) if outcome.reached_nobody else None
    return f"{issue}{said or _SAID_OF_AN_ISSUE[outcome.kind]}"


def taken_text(
    number: int | None,
    holder: str | None,
    since: datetime | None,
    rules: Rules,
    reader: Responder,
    now: datetime,
) -> str:
    """`Ana has AH-1042 since 03:14.`, in the reader's zone, with the day when it was another one."""
    issue = "it" if number is None else f"AH-{number}"
    when = f" since {clock_time(since, reader.timezone, now)}" if since is not None else ""
    return _whole(f"{first_name(holder, rules)} has {issue}{when}.")


def news_text(tell: TellResponder, issue: Issue, rules: Rules, reader: Responder, now: datetime) -> str:
    """What a responder is told without being asked for anything."""
    match tell.news:
        case News.TAKEN:
            return taken_text(issue.number, tell.by, tell.at, rules, reader, now)
        case News.RESOLVED:
            text = f"{first_name(tell.by, rules)} resolved {issue.reference}."
        case News.CLOSED:
            text = f"{issue.reference} is closed: nothing to do."
        case News.LET_LIE:
            text = f"{issue.reference}: no word from you, so others are paged now. Reply 4 {issue.number} to keep it."
        case News.NOTE if tell.by is not None:  # a responder's words, not the customer's
            text = f"{issue.reference}: {sentence(_written(clean(tell.words, 600)))}"
        case News.NOTE:
            customer = rules.customers.get(issue.customer or "")
            name = _short(reporter_name(issue, customer.name if customer else None), _LONGEST_NAME)
            words = _written(clean(tell.words, 600)) or "was in touch again"
            text = f"{issue.reference} {name}: {sentence(words)}"
        case _:
            assert_never(tell.news)
    return _whole(text)


def alarm_text(tell: TellManagers, issue: Issue | None = None) -> str:
    """An alarm for the managers: what, on which issue, and why."""
    place = f" {issue.reference}" if issue is not None else ""
    words = sentence(_written(clean(tell.words, 600)))
    return _whole(f"ALARM{place}: {_ALARMS[tell.alarm]}. {words}".rstrip())


def day_team_text(tell: TellDayTeam, issue: Issue, customer_name: str | None) -> str:
    """An issue put before the day team."""
    name = _short(reporter_name(issue, customer_name), _LONGEST_NAME)
    return _whole(
        f"{issue.reference} {name}: {sentence(_written(clean(tell.words, 200)))} {_written(summary_of(issue, 300))}"
    )


def first_name(responder: str | None, rules: Rules, nobody: str = "Somebody") -> str:
    """The first word of the name; the id of somebody who is no longer configured; `nobody` for None."""
    person = rules.responders.get(responder or "")
    return _short(person.first_name if person else responder or nobody, 20)


def reporter_name(issue: Issue, customer_name: str | None) -> str:
    """The customer's name, else who paged by a command, else the number or address that can be told things.

    A place in Slack is no name. Whoever cannot be named is "unknown", on the telephone "unknown caller".
    """
    if name := clean(customer_name or "", 80) or whoever_paged(issue):
        return name
    if issue.road is Road.SLACK or issue.contact.startswith(_IN_SLACK):
        return "someone in Slack"
    return clean(issue.contact, 80) or ("unknown caller" if issue.road is Road.CALL else "unknown")


def whoever_paged(issue: Issue) -> str:
    """`Ana Ruiz, in Slack`: of one of ours, who paged by a command; "" of everybody else, who may be a number."""
    return clean(issue.caller, 80) if issue.road is Road.COMMAND else ""


def summary_of(issue: Issue, limit: int) -> str:
    """The customer's words on one line, or that there are none yet."""
    return clean(issue.summary, limit) or _NO_WORDS[issue.road]


def _written(words: str) -> str:
    """The words in the 7-bit alphabet; that there are some, when nothing readable is left of them."""
    written = " ".join(gsm7(words).split())
    if words and not is_gsm7(words) and not any(one.isalnum() for one in written):
        return "(words that a text cannot carry)"
    return written


def _short(name: str, room: int) -> str:
    return cut(gsm7(clean(name, 80)), room) or "?"


def _whole(text: str) -> str:
    """The text within the alphabet and two segments, whatever was in the names."""
    return cut(gsm7(text), TWO_TEXTS - 1)
