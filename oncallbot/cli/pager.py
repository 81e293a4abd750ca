"""Page, and answer: what a responder or colleague does to issues from the command line.

It must not decide: the door does, and its outcome is said.
"""

from __future__ import annotations

from oncallbot.cli.desk import opened, who_types
from oncallbot.cli.naming import issue_number, named, named_or_only
from oncallbot.cli.output import FINE, NO, document, is_for_a_person, misuse, say, warn
from oncallbot.cli.schedules import names
from oncallbot.engine.handle import Door
from oncallbot.errors import Problem
from oncallbot.escalation.events import Answer, ClosedByHand, CustomerReported, Dismissed, Reaction, ResponderAnswered
from oncallbot.escalation.issue import Issue, PageState, Road
from oncallbot.escalation.outcomes import Kind, Outcome
from oncallbot.escalation.rules import Customer, Hotline, Rules
from oncallbot.schedule_files.spelling import instead_of
from oncallbot.wording.languages import spoken_language
from oncallbot.wording.responders import outcome_text
from oncallbot.wording.text import clean

LONGEST_WORDS = 4_000
_DONE = (Kind.ACKNOWLEDGED, Kind.ALREADY_YOURS, Kind.PASSED_ON, Kind.RESOLVED, Kind.NOTED, Kind.CLOSED, Kind.DISMISSED)


def page(words: str, hotline: str | None, customer: str | None, *, as_json: bool) -> int:
    """Opens an issue and pages at once, whatever the hour."""
    said = _words(words, "TEXT", "write what has happened, in quotes")
    with opened() as desk:
        rules = desk.door.rules_now()
        line = named_or_only("hotline", hotline, rules.hotlines)
        known = named("customer", customer, rules.customers) if customer is not None else None
        outcome, issue = _reported(desk.door, _report(line, known, said))
    reference = f"AH-{outcome.number}"
    paged = _paged(issue) if issue else []
    if as_json:
        document({"outcome": outcome.kind.value, "reference": reference, "status": outcome.status, "paged": paged})
    else:
        say(reference)
        if paged and is_for_a_person():
            say(f"Paging {names(rules, paged)}.")
    if outcome.reached_nobody:
        wrong = f"nobody could be reached just now, and `oncallbot issue {reference}` says why"
        warn(Problem(reference, wrong, "phone somebody"))
    return FINE


def _paged(issue: Issue) -> list[str]:
    """Whose page runs and has a notification, made or still to come: one that was skipped altogether reaches nobody."""
    running = (page for page in issue.pages if page.state is PageState.RUNNING)
    return [page.responder for page in running if page.attempts or page.rules_due]


def _report(hotline: Hotline, customer: Customer | None, words: str) -> CustomerReported:
    return CustomerReported(
        hotline=hotline.id,
        customer=customer.id if customer else None,
        contact="",
        caller=who_types(),
        road=Road.COMMAND,
        words=words,
        reaction=Reaction.PAGE,
        language=spoken_language(customer.language if customer else None, hotline),
    )


def _reported(door: Door, event: CustomerReported) -> tuple[Outcome, Issue | None]:
    """The outcome, and the issue as it was committed with it."""
    seen: list[Issue | None] = []

    def render(_outcome: Outcome, _rules: Rules, issue: Issue | None) -> str:
        seen.append(issue)
        return ""

    answered = door.handle(event, render=render)
    return answered.outcome or Outcome(Kind.NOTHING), seen[-1] if seen else None


def answer(reference: str, answer: Answer, responder: str, words: str, *, as_json: bool) -> int:
    """Acknowledge, pass on, resolve or note, in this responder's name."""
    if answer is Answer.NOTE:
        words = _words(words, "TEXT", "write the note behind the reference")
    event = ResponderAnswered(responder, answer, Road.COMMAND.value, clean(words, LONGEST_WORDS))
    return _act(reference, event, answer, as_json=as_json)


def close(reference: str, responder: str, *, as_json: bool) -> int:
    """Close by hand what is resolved or held: the customer's confirmation is not waited for."""
    return _act(reference, ClosedByHand(responder), Answer.RESOLVE, as_json=as_json)


def dismiss(reference: str, responder: str, *, as_json: bool) -> int:
    """Close what was no issue; managers only."""
    return _act(reference, Dismissed(responder), Answer.RESOLVE, as_json=as_json)


def _act(reference: str, event: ResponderAnswered | ClosedByHand | Dismissed, answer: Answer, *, as_json: bool) -> int:
    number, responder = issue_number(reference), event.responder
    with opened() as desk:
        now = desk.clock.now()

        def render(outcome: Outcome, rules: Rules, _issue: Issue | None) -> str:
            reader = rules.responders.get(responder)
            if outcome.kind is Kind.UNKNOWN_ISSUE:
                return f"There is no issue {reference}: `oncallbot issues --all` lists them."
            if reader is None:
                return f"There is no responder {responder}: {instead_of(responder, rules.responders, 'check --as')}"
            return outcome_text(outcome, rules, reader, now, answer)

        answered = desk.door.handle(event, issue=number, render=render)
    outcome = answered.outcome or Outcome(Kind.NOTHING)
    if as_json:
        document(
            {
                "outcome": outcome.kind.value,
                "reference": f"AH-{number}" if number > 0 else reference,
                "acknowledged_by": outcome.acknowledged_by,
                "text": answered.body,
            }
        )
    elif outcome.kind in (Kind.UNKNOWN_ISSUE, Kind.UNKNOWN_RESPONDER):
        warn(answered.body)
    else:
        say(answered.body)
    return FINE if outcome.kind in _DONE else NO


def _words(words: str, place: str, cure: str) -> str:
    said = clean(words, LONGEST_WORDS)
    if not said:
        raise misuse(Problem(place, "says nothing", cure))
    return said
