"""What does a customer read and hear? The truth of this moment, in the customer's language and zone.

It must not promise more than was decided, and of a confidential issue it writes nothing of the content. Which fact is
told is decided elsewhere; here it only gets its sentence.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import datetime
from typing import assert_never

from oncallbot.escalation.call import Line
from oncallbot.escalation.effects import TellCustomer, Told
from oncallbot.escalation.issue import Issue, Promised, Status
from oncallbot.escalation.outcomes import Kind, Outcome
from oncallbot.escalation.rules import Hotline, Rules
from oncallbot.wording import english, german
from oncallbot.wording.languages import spoken_language
from oncallbot.wording.responders import first_name
from oncallbot.wording.text import ONE_TEXT, clean, cut, gsm7, sentence, septets
from oncallbot.wording.times import clock_time, spoken_reference, spoken_time

_TOLD = {"en": english.TOLD, "de": german.TOLD}
_SPOKEN = {"en": english.SPOKEN, "de": german.SPOKEN}
_LONGEST_NAME = 60


@dataclass(frozen=True, slots=True)
class _Moment:
    """What is true right now: from the issue and, where there is one, from the outcome, which is newer."""

    language: str
    zone: str
    now: datetime
    hotline: Hotline
    is_open: bool
    number: int | None = None
    status: Status | None = None
    holder: str = ""
    since: datetime | None = None
    promise_at: datetime | None = None
    reached_nobody: bool = False


def told_text(tell: TellCustomer, issue: Issue, rules: Rules, hotline: Hotline, now: datetime) -> str:
    """What the customer is texted: at most 160 septets, with the reference."""
    moment = _moment(issue.language, hotline, rules, now, issue)
    at = tell.at if tell.at is not None and tell.at > now else None
    who = _name(tell.by, rules, moment.language)
    match tell.told:
        case Told.RECEIVED:
            return _text("received", moment, at)
        case Told.HELD:
            return _text("with_team" if moment.is_open else "held", moment, at)
        case Told.ACKNOWLEDGED:
            return _text("acknowledged", moment, at, who)
        case Told.STILL_TRYING:
            return _text("still_trying", moment)
        case Told.PROMISE_MISSED:
            return _text("missed", moment, at)
        case Told.RESOLVED:
            # Responders write down what they did: that is content.
            words = "" if issue.tier.confidential else tell.words
            return _resolved_text(moment, who, words)
        case _:
            assert_never(tell.told)


def received_text(outcome: Outcome, issue: Issue, rules: Rules, hotline: Hotline, now: datetime) -> str:
    """The one reply to a customer's text: reference, truth and promise in at most 160 septets."""
    moment = _moment(issue.language, hotline, rules, now, issue, outcome)
    match moment.status:
        case Status.ACKNOWLEDGED:
            return _text("acknowledged", moment, who=moment.holder)
        case Status.HELD:
            return _text("with_team" if moment.is_open else "held", moment, moment.promise_at)
        case Status.TRIGGERED if moment.reached_nobody:
            return _text("unreached", moment)
        case Status.TRIGGERED if outcome.kind is not Kind.JOINED:
            return _text("received", moment, moment.promise_at)
        case Status.RESOLVED:
            return _text("joined_resolved", moment)
        case _:
            return _text("joined", moment)


def line_spoken(
    line: Line,
    language: str,
    hotline: Hotline,
    rules: Rules,
    now: datetime,
    issue: Issue | None = None,
    outcome: Outcome | None = None,
) -> str:
    """One line of the hotline's conversation. `outcome` is of the event just handled, and goes before `issue`.

    To be spoken in `spoken_language(language, hotline)`.
    """
    moment = _moment(language, hotline, rules, now, issue, outcome)
    match line:
        case Line.PAGING | Line.WILL_PAGE:
            parts = _greeting(line, moment)
        case Line.CLOSED:
            parts = [_said("closed", moment), *_held(moment)]
        case Line.EXISTING:
            parts = [_said("existing" if moment.number else "existing_unnumbered", moment), *_truth(moment)]
        case Line.UNANSWERED:
            parts = [_said("unanswered", moment), *_truth(moment)]
        case Line.CONNECTING | Line.ASK_NUMBER | Line.ASK_MESSAGE | Line.ASK_NAME_AND_MESSAGE | Line.NOTHING_HEARD:
            parts = [_said(line.value, moment)]
        case Line.THANKS:
            number = [_said("number", moment)] if moment.number else []
            promise = _promise(moment) if moment.status is Status.TRIGGERED else []
            parts = [_said("thanks", moment), *number, *_truth(moment), *promise, _said("goodbye", moment)]
        case _:
            assert_never(line)
    return " ".join(parts)


def _greeting(line: Line, moment: _Moment) -> list[str]:
    """The first words to a caller after hours: never "we are paging" when we are not."""
    match moment.status:
        case Status.TRIGGERED | None:
            if line is Line.WILL_PAGE:
                return [_said("will_page", moment)]
            return [_said("unreached" if moment.reached_nobody else "paging", moment)]
        case _:
            return [_said("open" if moment.is_open else "closed", moment), *_truth(moment)]


def _truth(moment: _Moment) -> list[str]:
    """Who has it, or what is being done about it; nothing when there is nothing to say."""
    match moment.status:
        case Status.TRIGGERED:
            return [_said("now_unreached" if moment.reached_nobody else "now_paging", moment)]
        case Status.ACKNOWLEDGED:
            return [_said("now_taken" if moment.since is None else "now_taken_since", moment, moment.since)]
        case Status.HELD:
            return _held(moment)
        case Status.RESOLVED | Status.CLOSED | None:
            return []


def _held(moment: _Moment) -> list[str]:
    """When an issue that waits is seen to: the promise, else the next opening."""
    if moment.promise_at is not None:
        return _promise(moment)
    if moment.is_open:
        return [_said("now_with_team", moment)]
    opening = moment.hotline.office_hours.next_opening(moment.now)
    return [_said("now_held" if opening is None else "now_held_until", moment, opening)]


def _promise(moment: _Moment) -> list[str]:
    return [_said("promised", moment, moment.promise_at)] if moment.promise_at is not None else []


def _moment(
    language: str, hotline: Hotline, rules: Rules, now: datetime, issue: Issue | None, outcome: Outcome | None = None
) -> _Moment:
    language = spoken_language(language, hotline)
    customer = rules.customers.get(issue.customer or "") if issue is not None else None
    zone = (customer.timezone if customer else None) or hotline.timezone
    moment = _Moment(language, zone, now, hotline, rules.is_office_open(hotline, now))
    if issue is not None:
        moment = replace(
            moment,
            number=issue.number,
            status=issue.status,
            holder=_name(issue.holder, rules, language),
            since=issue.acknowledged_at,
            promise_at=issue.promise_at if issue.promised is Promised.PENDING else None,
        )
    if outcome is not None and outcome.number is not None:
        moment = replace(
            moment,
            number=outcome.number,
            status=Status(outcome.status) if outcome.status else moment.status,
            holder=_name(outcome.acknowledged_by, rules, language),
            since=outcome.acknowledged_at,
            promise_at=outcome.promise_at,
            reached_nobody=outcome.reached_nobody,
        )
    is_ahead = moment.promise_at is not None and moment.promise_at > now
    return moment if is_ahead else replace(moment, promise_at=None)


def _name(responder: str | None, rules: Rules, language: str) -> str:
    return first_name(responder, rules, _TOLD[language]["somebody"])


def _said(name: str, moment: _Moment, at: datetime | None = None) -> str:
    """One spoken sentence with its gaps filled."""
    gaps = {
        "hotline": clean(moment.hotline.name, _LONGEST_NAME),
        "ref": spoken_reference(moment.number, moment.language) if moment.number else "",
        "who": moment.holder,
        "time": spoken_time(at, moment.zone, moment.now, moment.language) if at is not None else "",
    }
    return _filled(_SPOKEN[moment.language][name], gaps)


def _text(name: str, moment: _Moment, at: datetime | None = None, who: str = "") -> str:
    """One text with its gaps filled, and with `at` when there is one. The hotline's name gives way to the limit."""
    gaps = {"ref": f"AH-{moment.number}", "who": who}
    if at is not None:
        name += "_by"
        gaps["time"] = clock_time(at, moment.zone, moment.now, moment.language)
    return _fitted(_TOLD[moment.language][name], gaps, "hotline", gsm7(clean(moment.hotline.name, _LONGEST_NAME)))


def _resolved_text(moment: _Moment, who: str, words: str) -> str:
    """What was done, as far as there is room, and what to do if it does not hold: a call triggers it again."""
    gaps = {"ref": f"AH-{moment.number}", "who": who}
    done = sentence(gsm7(clean(words, ONE_TEXT)))
    return _fitted(_TOLD[moment.language]["resolved_words" if done else "resolved"], gaps, "words", done)


def _fitted(template: str, gaps: dict[str, str], elastic: str, words: str) -> str:
    """Fill the gaps; the one named `elastic` gives way, so that the text stays within one segment."""
    room = ONE_TEXT - septets(_filled(template, gaps | {elastic: ""}))
    return _filled(template, gaps | {elastic: cut(words, room)})


def _filled(template: str, gaps: dict[str, str]) -> str:
    """Every gap at once: what stands in a value is never read as a gap."""
    return re.sub(r"\{(\w+)\}", lambda gap: gaps[gap[1]], template)
