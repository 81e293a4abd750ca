"""Every status × every event: what it is then, and what is answered. The table of the design, in full."""

from datetime import timedelta
from typing import get_args

import pytest

from oncallbot.escalation.decide import decide
from oncallbot.escalation.events import (
    AlarmRang,
    Answer,
    CallerLeft,
    ClosedByHand,
    ContactOptedOut,
    DeliveryReported,
    Dismissed,
    EscalatedNow,
    Event,
    HandedOver,
    Reaction,
    ReportContinued,
    ResponderAdded,
    ResponderAnswered,
    Snoozed,
    SplitOff,
    TakenOver,
)
from oncallbot.escalation.issue import AttemptStatus, Issue, Road, Status
from oncallbot.escalation.rules import Rules
from tests.escalation.night import MINUTE, SATURDAY_NIGHT, Night, erik_reports


def acts_of(who: str) -> dict[str, Event]:
    return {
        f"{who} snoozes": Snoozed(who, SATURDAY_NIGHT + 60 * MINUTE),
        f"{who} hands over": HandedOver(who, "cem"),
        f"{who} adds": ResponderAdded(who, "cem"),
        f"{who} takes over": TakenOver(who),
        f"{who} closes by hand": ClosedByHand(who),
        f"{who} splits": SplitOff(who, 1043),
    }


EVENTS: dict[str, Event] = {
    "a text joins": erik_reports(road=Road.TEXT),
    "a call joins": erik_reports(road=Road.CALL),
    "a report that can wait joins": erik_reports(urgent=False),
    "the caller says that it can wait": erik_reports(reaction=Reaction.HOLD),
    "a recording comes": ReportContinued("Message of 9 s", "recording", is_message=True),
    "the caller hangs up": CallerLeft(timedelta(seconds=9), is_known=True, said_nothing=True),
    "no more texts": ContactOptedOut("+493023125100", out=True),
    "texts again": ContactOptedOut("+493023125100", out=False),
    "a receipt": DeliveryReported("1042-1", AttemptStatus.DELIVERED),
    "a receipt of something else": DeliveryReported("letter", AttemptStatus.FAILED),
    "the alarm": AlarmRang(),
    "escalate": EscalatedNow("cem"),
    "a manager dismisses": Dismissed("dora"),
    "another dismisses": Dismissed("ben"),
    "ana hands over to herself": HandedOver("ana", "ana"),
    "ana hands over to nobody": HandedOver("ana", "nobody"),
    "ben adds the holder": ResponderAdded("ben", "ana"),
    "ben adds nobody": ResponderAdded("ben", "nobody"),
    "ana snoozes into the past": Snoozed("ana", SATURDAY_NIGHT + MINUTE),
    **{line: event for who in ("ana", "ben", "nobody") for line, event in acts_of(who).items()},
    **{
        f"{who} {answer}": ResponderAnswered(who, answer, "sms", "words")
        for answer in Answer
        for who in ("ana", "ben", "nobody")
    },
}

# Ana is paged in triggered, holds acknowledged and resolved. `=` keeps the status.
TABLE = """
event                            | triggered                 | acknowledged               | resolved                   | held                     | closed
a text joins                     | = joined                  | = joined                   | = joined                   | triggered joined         | = joined
a call joins                     | = joined                  | = joined                   | triggered joined           | triggered joined         | = joined
a report that can wait joins     | = joined                  | = joined                   | = joined                   | = joined                 | = joined
the caller says that it can wait | = joined                  | = joined                   | = joined                   | = joined                 | = joined
a recording comes                | = joined                  | = joined                   | = joined                   | = joined                 | = joined
the caller hangs up              | = joined                  | = joined                   | = joined                   | = joined                 | = joined
no more texts                    | = opted_out               | = opted_out                | = opted_out                | = opted_out              | = opted_out
texts again                      | = opted_in                | = opted_in                 | = opted_in                 | = opted_in               | = opted_in
a receipt                        | = nothing                 | = nothing                  | = nothing                  | = nothing                | = nothing
a receipt of something else      | = nothing                 | = nothing                  | = nothing                  | = nothing                | = nothing
the alarm                        | = nothing                 | = nothing                  | = nothing                  | = nothing                | = nothing
escalate                         | = escalated               | = already_taken            | = already_resolved         | triggered escalated      | = already_closed
a manager dismisses              | closed dismissed          | closed dismissed           | closed dismissed           | closed dismissed         | = already_closed
another dismisses                | = not_a_manager           | = not_a_manager            | = not_a_manager            | = not_a_manager          | = not_a_manager
ana acknowledge                  | acknowledged acknowledged | = already_yours            | = already_resolved         | acknowledged acknowledged | = already_closed
ben acknowledge                  | acknowledged acknowledged | = already_taken            | = already_resolved         | acknowledged acknowledged | = already_closed
ana pass                         | = passed_on               | triggered passed_on        | = already_resolved         | = nothing_to_pass        | = already_closed
ben pass                         | = nothing_to_pass         | = already_taken            | = already_resolved         | = nothing_to_pass        | = already_closed
ana resolve                      | resolved resolved         | resolved resolved          | = already_resolved         | resolved resolved        | = already_closed
ben resolve                      | resolved resolved         | resolved resolved          | = already_resolved         | resolved resolved        | = already_closed
ana note                         | = noted                   | = noted                    | = noted                    | = noted                  | = noted
ben note                         | = noted                   | = noted                    | = noted                    | = noted                  | = noted
nobody acknowledge               | = unknown_responder       | = unknown_responder        | = unknown_responder        | = unknown_responder      | = unknown_responder
nobody pass                      | = unknown_responder       | = unknown_responder        | = unknown_responder        | = unknown_responder      | = unknown_responder
nobody resolve                   | = unknown_responder       | = unknown_responder        | = unknown_responder        | = unknown_responder      | = unknown_responder
nobody note                      | = unknown_responder       | = unknown_responder        | = unknown_responder        | = unknown_responder      | = unknown_responder
ana hands over to herself        | = not_acknowledged        | = already_yours            | = already_resolved         | = not_acknowledged       | = already_closed
ana hands over to nobody         | = unknown_responder       | = unknown_responder        | = unknown_responder        | = unknown_responder      | = unknown_responder
ben adds the holder              | = added                   | = already_taken            | = already_resolved         | = not_acknowledged       | = already_closed
ben adds nobody                  | = unknown_responder       | = unknown_responder        | = unknown_responder        | = unknown_responder      | = unknown_responder
ana snoozes into the past        | = not_acknowledged        | = time_is_past             | = already_resolved         | = not_acknowledged       | = already_closed
ana snoozes                      | = not_acknowledged        | = snoozed                  | = already_resolved         | = not_acknowledged       | = already_closed
ben snoozes                      | = not_acknowledged        | = already_taken            | = already_resolved         | = not_acknowledged       | = already_closed
ana hands over                   | = not_acknowledged        | = offered                  | = already_resolved         | = not_acknowledged       | = already_closed
ben hands over                   | = not_acknowledged        | = already_taken            | = already_resolved         | = not_acknowledged       | = already_closed
ana adds                         | = added                   | = added                    | = already_resolved         | = not_acknowledged       | = already_closed
ben adds                         | = added                   | = added                    | = already_resolved         | = not_acknowledged       | = already_closed
ana takes over                   | = not_acknowledged        | = already_yours            | = already_resolved         | = not_acknowledged       | = already_closed
ben takes over                   | = not_acknowledged        | = acknowledged             | = already_resolved         | = not_acknowledged       | = already_closed
ana closes by hand               | = resolve_first           | = resolve_first            | closed closed              | closed closed            | = already_closed
ben closes by hand               | = resolve_first           | = resolve_first            | closed closed              | closed closed            | = already_closed
ana splits                       | = split                   | = split                    | = split                    | = split                  | = split
ben splits                       | = split                   | = split                    | = split                    | = split                  | = split
nobody snoozes                   | = unknown_responder       | = unknown_responder        | = unknown_responder        | = unknown_responder      | = unknown_responder
nobody hands over                | = unknown_responder       | = unknown_responder        | = unknown_responder        | = unknown_responder      | = unknown_responder
nobody adds                      | = unknown_responder       | = unknown_responder        | = unknown_responder        | = unknown_responder      | = unknown_responder
nobody takes over                | = unknown_responder       | = unknown_responder        | = unknown_responder        | = unknown_responder      | = unknown_responder
nobody closes by hand            | = unknown_responder       | = unknown_responder        | = unknown_responder        | = unknown_responder      | = unknown_responder
nobody splits                    | = unknown_responder       | = unknown_responder        | = unknown_responder        | = unknown_responder      | = unknown_responder
"""  # noqa: E501


def in_status(status: Status) -> Night:
    night = Night()
    night.opens(erik_reports(urgent=status is not Status.HELD))
    if status in (Status.ACKNOWLEDGED, Status.RESOLVED):
        night.acknowledges("ana")
    if status is Status.RESOLVED:
        night.resolves("ana")
    if status is Status.CLOSED:
        night.dismisses("dora")
    assert night.issue.status is status
    return night


def cells() -> list[tuple[str, Status, str]]:
    head, *rows = ([cell.strip() for cell in row.split("|")] for row in TABLE.strip().splitlines())
    return [(row[0], Status(name), cell) for row in rows for name, cell in zip(head[1:], row[1:], strict=True)]


@pytest.mark.parametrize(("event", "status", "cell"), cells())
def test_the_table_of_what_happens_next(event: str, status: Status, cell: str) -> None:
    expected, kind = cell.split()
    decision = decide((night := in_status(status)).issue, EVENTS[event], night.rules, night.now + MINUTE)
    assert decision.issue.status == (status if expected == "=" else expected)
    assert decision.outcome.kind == kind


def test_the_table_names_every_status_every_event_and_every_answer() -> None:
    assert {(event, status) for event, status, _ in cells()} == {(one, status) for one in EVENTS for status in Status}
    assert {type(event) for event in EVENTS.values()} == set(get_args(Event))
    for acting in (Snoozed, HandedOver, ResponderAdded, TakenOver, ClosedByHand, SplitOff):
        assert {event.responder for event in EVENTS.values() if isinstance(event, acting)} >= {"ana", "ben", "nobody"}
    assert {event.answer for event in EVENTS.values() if isinstance(event, ResponderAnswered)} == set(Answer)


@pytest.mark.parametrize("status", Status)
@pytest.mark.parametrize("event", EVENTS.values(), ids=EVENTS)
def test_nothing_raises_when_people_schedules_and_the_hotline_have_been_removed_meanwhile(
    event: Event, status: Status
) -> None:
    night = in_status(status)
    for wait in (0, 1, 400, 90_000):
        decision = decide(night.issue, event, Rules(), night.now + wait * MINUTE)
        assert is_awake(decision.issue)


def is_awake(issue: Issue) -> bool:
    return bool(issue.deadlines) == (issue.status is not Status.CLOSED)
