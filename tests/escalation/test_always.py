"""Whatever happens, in whatever order: what must be true of an issue and its orders after every decision."""

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from oncallbot.escalation.deadlines import wake_at
from oncallbot.escalation.decide import decide, decide_opening
from oncallbot.escalation.decision import Decision
from oncallbot.escalation.effects import SendPage, TellCustomer, TellResponder, Told, Withdraw
from oncallbot.escalation.events import (
    AlarmRang,
    Answer,
    CallerLeft,
    ClosedByHand,
    ContactOptedOut,
    CustomerReported,
    DeliveryReported,
    Dismissed,
    EscalatedNow,
    Event,
    HandedOver,
    Reaction,
    ReportContinued,
    ResponderAdded,
    ResponderAnswered,
    ResponderEvent,
    Snoozed,
    SplitOff,
    TakenOver,
)
from oncallbot.escalation.issue import (
    Attempt,
    AttemptStatus,
    DeadlineKind,
    Issue,
    PageState,
    Road,
    Stage,
    Status,
)
from oncallbot.escalation.outcomes import Kind
from oncallbot.escalation.rules import Rules
from oncallbot.oncall.people import Method
from oncallbot.oncall.windows import Outside
from tests.escalation.night import (
    ANA,
    BEN,
    BERLIN,
    DORA,
    ERIK,
    FRIDAY_NOON,
    HOLDS_AT_NIGHT,
    MONDAY_OPENING,
    SATURDAY_NIGHT,
    TWO_LEVELS,
    level,
    minutes,
    policy,
    responder,
    rules,
    weekly,
)

AT_NIGHT = Outside(BERLIN)
WIDE = policy(
    level("everyone primary", "channel C0HELP"), level("next primary", "responder dora"), level("schedule primary")
)
WORLDS = (
    rules(),
    rules(policy=WIDE),
    rules(policy=replace(TWO_LEVELS, loops=2)),
    rules(gold=HOLDS_AT_NIGHT, standard=HOLDS_AT_NIGHT),
    rules(schedule=weekly("", "ben")),
    rules(schedule=weekly("ana", "ben", windows=AT_NIGHT, must_cover=AT_NIGHT)),
    rules(people=(replace(ANA, phone=None), BEN, responder("cem", None), DORA)),
    rules(roads=frozenset({Method.SMS})),
    rules(roads=frozenset()),
    rules(people=(BEN, DORA)),
    Rules(),
)
PEOPLE = st.sampled_from(("ana", "ben", "cem", "dora", "nobody"))
LENGTHS = st.sampled_from([timedelta(seconds=one) for one in (0, 1, 59, 60, 180, 300, 1800, 5400, 90_000)])


@st.composite
def reports(draw: st.DrawFn) -> CustomerReported:
    customer = draw(st.sampled_from(("acme", None)))
    return CustomerReported(
        hotline="main",
        customer=customer,
        contact=ERIK if customer else "",
        caller=ERIK if customer else "",
        road=draw(st.sampled_from(Road)),
        words=draw(st.sampled_from(("", "words"))),
        urgent=draw(st.booleans()),
        still_talking=draw(st.booleans()),
        reaction=draw(st.sampled_from(Reaction)),
    )


EVENTS: st.SearchStrategy[Event] = st.one_of(
    reports(),
    st.builds(ResponderAnswered, PEOPLE, st.sampled_from(Answer), st.just("key"), st.sampled_from(("", "words"))),
    st.builds(EscalatedNow, PEOPLE),
    st.builds(
        DeliveryReported,
        st.integers(1, 12).map(lambda number: f"1042-{number}"),
        st.sampled_from(AttemptStatus),
        provider_id=st.sampled_from((None, "CA1")),
        is_set_up=st.booleans(),
    ),
    st.builds(ReportContinued, st.sampled_from(("", "words")), st.sampled_from(("recording", "keyed")), st.booleans()),
    st.builds(CallerLeft, LENGTHS, st.booleans(), st.booleans()),
    st.builds(ContactOptedOut, st.just(ERIK), st.booleans()),
)
PASSING: st.SearchStrategy[Event] = st.one_of(
    st.builds(Snoozed, PEOPLE, LENGTHS.map(lambda length: SATURDAY_NIGHT + length)),
    st.builds(HandedOver, PEOPLE, PEOPLE),
    st.builds(ResponderAdded, PEOPLE, PEOPLE),
    st.builds(TakenOver, PEOPLE),
    st.builds(SplitOff, PEOPLE, st.just(1043)),
)
RARE: st.SearchStrategy[Event] = st.builds(Dismissed, PEOPLE) | st.builds(ClosedByHand, PEOPLE)
# An alarm rings in its time (None) or after that much of our own sleep; sometimes the rules have changed.
STEPS = st.lists(
    st.one_of(EVENTS, EVENTS, PASSING, st.none(), st.none(), LENGTHS, RARE, st.sampled_from(WORLDS)),
    min_size=5,
    max_size=50,
)


@dataclass
class Heard:
    """What has been ordered so far."""

    attempts: set[str] = field(default_factory=set)
    customer: list[Told] = field(default_factory=list)
    snoozed_until: datetime | None = None  # by the present holder


@settings(max_examples=250)
@given(
    start=st.sampled_from((SATURDAY_NIGHT, FRIDAY_NOON, MONDAY_OPENING - minutes(7))),
    world=st.sampled_from(WORLDS[:-1]),
    opening=reports(),
    steps=STEPS,
)
def test_whatever_happens_these_are_true(start, world, opening, steps):
    now, told = start, Heard()
    decision = decide_opening(1042, opening, world, now)
    check(None, None, decision, world, now, told)
    for step in steps:
        if isinstance(step, Rules):
            world = step
            continue
        event = step
        if step is None or isinstance(step, timedelta):
            now = now + step if step is not None else max(now, wake_at(decision.issue) or now)
            event = AlarmRang()
        before = decision.issue
        decision = decide(before, event, world, now)
        check(before, event, decision, world, now, told)


def check(
    before: Issue | None, event: Event | None, decision: Decision, world: Rules, now: datetime, told: Heard
) -> None:
    issue = decision.issue
    an_open_issue_has_an_alarm_and_a_ring_does_not_ring_on(issue, event, now)
    somebody_holds_it_exactly_when_it_says_so(issue)
    nobody_becomes_its_holder_by_another_ones_act(before, event, issue)
    nobody_is_reminded_before_a_snooze_ends(before, event, decision, told)
    pages_are_one_per_responder_and_only_running_ones_go_on(issue)
    what_is_sent_can_be_sent_and_is_numbered_once(decision, world, told)
    nothing_is_sent_past_an_answer(before, decision)
    receipts_move_forward(before, issue)
    the_customer_hears_real_events_once(decision, told)


def an_open_issue_has_an_alarm_and_a_ring_does_not_ring_on(issue: Issue, event: Event | None, now: datetime) -> None:
    at = wake_at(issue)
    assert (at is None) == (issue.status is Status.CLOSED)
    if isinstance(event, AlarmRang) and at is not None:
        assert at > now


def somebody_holds_it_exactly_when_it_says_so(issue: Issue) -> None:
    if issue.status is not Status.CLOSED:
        assert (issue.holder is not None) == (issue.status in (Status.ACKNOWLEDGED, Status.RESOLVED))
        assert (issue.acknowledged_at is not None) == (issue.holder is not None)


def nobody_becomes_its_holder_by_another_ones_act(before: Issue | None, event: Event | None, issue: Issue) -> None:
    if issue.holder is not None and issue.holder != (before.holder if before else None):
        assert isinstance(event, ResponderEvent)
        assert event.responder == issue.holder


def nobody_is_reminded_before_a_snooze_ends(
    before: Issue | None, event: Event | None, decision: Decision, told: Heard
) -> None:
    issue = decision.issue
    if isinstance(event, Snoozed) and decision.outcome.kind is Kind.SNOOZED:
        told.snoozed_until = event.until
    elif before is None or issue.holder != before.holder or issue.status is not Status.ACKNOWLEDGED:
        told.snoozed_until = None
    if told.snoozed_until is not None:
        reminders = (DeadlineKind.FORGOTTEN, DeadlineKind.LET_LIE)
        assert all(one.at >= told.snoozed_until for one in issue.deadlines if one.kind in reminders)


def pages_are_one_per_responder_and_only_running_ones_go_on(issue: Issue) -> None:
    responders = [page.responder for page in issue.pages]
    assert len(set(responders)) == len(responders)
    going_on = {one.subject for one in issue.deadlines if one.kind is DeadlineKind.RULE}
    running = {page.responder for page in issue.pages if page.state is PageState.RUNNING}
    assert going_on <= running
    assert not running or issue.status in (Status.TRIGGERED, Status.ACKNOWLEDGED)
    kinds = {one.kind for one in issue.deadlines}
    if issue.status is Status.TRIGGERED:
        assert (DeadlineKind.FIRST_PAGE if issue.stage is Stage.WAITING else DeadlineKind.LEVEL) in kinds
    else:
        assert not kinds & {DeadlineKind.FIRST_PAGE, DeadlineKind.LEVEL}


def what_is_sent_can_be_sent_and_is_numbered_once(decision: Decision, world: Rules, told: Heard) -> None:
    for effect in decision.effects:
        if isinstance(effect, SendPage):
            assert effect.attempt not in told.attempts
            told.attempts.add(effect.attempt)
            assert world.responders[effect.responder].address(effect.method) is not None
            assert effect.method in world.roads
            if decision.issue.status is not Status.TRIGGERED:
                assert decision.issue.status is Status.ACKNOWLEDGED
                assert effect.responder == decision.issue.holder or is_asked(decision.issue, effect.responder)


def is_asked(issue: Issue, responder: str) -> bool:
    """Is somebody else than the holder paged, to take it or to help?"""
    page = issue.page_of(responder)
    return page is not None and page.state is PageState.RUNNING and page.level < 0


def nothing_is_sent_past_an_answer(before: Issue | None, decision: Decision) -> None:
    after = decision.issue.status
    is_same = before is not None and (before.status, before.holder) == (after, decision.issue.holder)
    if before is None or is_same or after in (Status.TRIGGERED, Status.HELD):
        return
    assert not any(isinstance(effect, SendPage) for effect in decision.effects)
    assert not any(one.is_pending for one in attempts_of(decision.issue).values())
    withdrawn = {id for effect in decision.effects if isinstance(effect, Withdraw) for id in effect.attempts}
    assert {one.id for one in attempts_of(before).values() if one.is_pending} <= withdrawn
    responders = [effect.responder for effect in decision.effects if isinstance(effect, TellResponder)]
    assert len(set(responders)) == len(responders)


def attempts_of(issue: Issue) -> dict[str, Attempt]:
    return {one.id: one for page in issue.pages for one in page.attempts}


RANK = dict.fromkeys(AttemptStatus, 0) | {
    AttemptStatus.SENT: 1,
    AttemptStatus.DELIVERED: 2,
    AttemptStatus.FAILED: 2,
}


def receipts_move_forward(before: Issue | None, issue: Issue) -> None:
    earlier = attempts_of(before) if before else {}
    for id, attempt in attempts_of(issue).items():
        was = earlier.get(id)
        if was is not None:
            assert RANK[attempt.status] >= RANK[was.status]
            assert attempt.status is was.status or RANK[was.status] < 2
            assert was.status is not AttemptStatus.WITHDRAWN or not attempt.is_pending


def the_customer_hears_real_events_once(decision: Decision, told: Heard) -> None:
    said = [effect.told for effect in decision.effects if isinstance(effect, TellCustomer)]
    assert len(set(said)) == len(said)
    told.customer += said
    assert told.customer.count(Told.PROMISE_MISSED) <= 1
    assert told.customer.count(Told.RECEIVED) <= 1
    assert told.customer.count(Told.HELD) <= 1


@settings(max_examples=30)
@given(world=st.sampled_from(WORLDS[:3]), answers=st.lists(st.tuples(PEOPLE, st.just(Answer.PASS)), max_size=3))
def test_silence_never_ends_by_itself_and_somebody_is_always_being_paged(world, answers):
    report = CustomerReported("main", "acme", ERIK, ERIK, Road.WEBHOOK, "words", reaction=Reaction.PAGE)
    decision, now = decide_opening(1042, report, world, SATURDAY_NIGHT), SATURDAY_NIGHT
    for who, answer in answers:
        decision = decide(decision.issue, ResponderAnswered(who, answer, "key"), world, now)
    rings = []
    for _ in range(100):
        now = wake_at(decision.issue) or now
        decision = decide(sent(decision.issue, world, now), AlarmRang(), world, now)
        rings.append(len(decision.effects))
    assert decision.issue.status is Status.TRIGGERED
    assert all(rings)


def sent(issue: Issue, world: Rules, now: datetime) -> Issue:
    for attempt in attempts_of(issue).values():
        if attempt.is_pending:
            issue = decide(issue, DeliveryReported(attempt.id, AttemptStatus.SENT), world, now).issue
    return issue
