"""Who is paged next? Levels, the end of a loop, the last resort, and coming back to a silent issue.

It must not send anything, nor look at a responder's notification rules (`pages` does).
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from oncallbot.escalation import deadlines
from oncallbot.escalation.decide import pages, targets
from oncallbot.escalation.decide.draft import Draft
from oncallbot.escalation.effects import (
    Alarm,
    TellCustomer,
    TellDayTeam,
    TellManagers,
    TimelineKind,
    Told,
)
from oncallbot.escalation.issue import DeadlineKind, Page, PageState, Promised, Stage, Status
from oncallbot.escalation.lengths import length_text
from oncallbot.oncall.people import Method

LOUD_ALARM_EVERY = timedelta(hours=1)
LAST_HOLDER_LEVEL = 0
OFFERED_LEVEL = -1  # the holder hands it over, and waits for the answer
HELPER_LEVEL = -2  # somebody was added while another one holds it


def begin(draft: Draft, *, answered_in_reply: bool = False) -> None:
    """Start at loop 1, level 1, and tell the customer that the report has been received."""
    draft.clear(DeadlineKind.FIRST_PAGE, DeadlineKind.OPENING)
    draft.change(status=Status.TRIGGERED, loop=1, level=0)
    start_level(draft, 1, is_first_word=True)
    _tell_received(draft, answered_in_reply=answered_in_reply)


def _tell_received(draft: Draft, *, answered_in_reply: bool) -> None:
    """Once: the reference and the promise. A text is answered in its own reply."""
    if answered_in_reply:
        draft.record(TimelineKind.CUSTOMER_TOLD, "Received: answered in the reply to the text")
    elif reaches_nobody(draft):
        draft.order(TellCustomer(Told.STILL_TRYING))
    else:
        draft.order(TellCustomer(Told.RECEIVED, at=draft.issue.promise_at))


def start_level(draft: Draft, level: int, *, is_first_word: bool = False) -> None:
    """Page the first level from `level` on that has somebody; none left ends the loop.

    `is_first_word`: the customer is about to be told how the very first paging went, and needs no "still trying".
    """
    levels = draft.issue.policy.levels
    for number in range(level, len(levels) + 1):
        draft.change(stage=Stage.LEVEL, level=number)
        if _page_level(draft, number) and not is_over(draft):
            draft.set_deadline(DeadlineKind.LEVEL, draft.now + levels[number - 1].timeout)
            return
    end_loop(draft, is_first_word=is_first_word)


def _page_level(draft: Draft, number: int) -> bool:
    """Page everybody of this level. False when it has nobody to page."""
    level = draft.issue.policy.levels[number - 1]
    found = targets.resolve(draft, level.targets)
    _complain_about_gaps(draft, number, found)
    if found.channels and Method.SLACK not in draft.rules.roads:
        text = f"slack is not connected: nothing is posted in {', '.join(found.channels)}"
        draft.record(TimelineKind.RULE_SKIPPED, text, method=Method.SLACK)
    paged = {one: why for one, why in found.why.items() if not _has_passed(draft, one)}
    of = f"Level {number} of {len(draft.issue.policy.levels)}"
    if not paged:
        reason = "everybody in it has passed" if found.why else "nobody is on call in it"
        draft.record(TimelineKind.LEVEL_SKIPPED, f"{of} is skipped: {reason}")
        return False
    names = ", ".join(draft.name(one) for one in paged)
    loop = f", loop {draft.issue.loop}" if draft.issue.loop > 1 else ""
    draft.record(TimelineKind.LEVEL_STARTED, f"{of}{loop}: {names}, for {length_text(level.timeout)}")
    for responder, why in paged.items():
        pages.start(draft, responder, why, number)
    return True


def _complain_about_gaps(draft: Draft, number: int, found: targets.Targeted) -> None:
    for what in found.gaps:
        text = f"{what} (level {number})"
        draft.record(TimelineKind.COVERAGE_GAP, text)
        if draft.issue.loop == 1:
            draft.order(TellManagers(Alarm.COVERAGE_GAP, text))
    if found.empty_by_design and not found.why:  # in every loop: here it is the day team that is paged
        draft.order(TellDayTeam(f"{', '.join(found.empty_by_design)} is empty by design at this hour"))


def is_over(draft: Draft) -> bool:
    """Has every page of the present step passed or failed on all its phones?"""
    step = present_step(draft)
    mine = [page for page in draft.issue.pages if page.level == step and page.loop == draft.issue.loop]
    return all(_is_spent(draft, page) for page in mine)


def _is_spent(draft: Draft, page: Page) -> bool:
    return page.state is not PageState.RUNNING or pages.has_failed(page, draft.rules)


def present_step(draft: Draft) -> int:
    """The level of those pages on which the present step waits."""
    match draft.issue.stage:
        case Stage.LAST_HOLDER:
            return LAST_HOLDER_LEVEL
        case Stage.LEVEL:
            return draft.issue.level
        case Stage.WAITING | Stage.LAST_RESORT | Stage.EXHAUSTED:
            return len(draft.issue.policy.levels) + 1


def move_on_if_over(draft: Draft) -> None:
    """Go to the next step at once when nobody in the present one can answer any more."""
    if draft.issue.status is not Status.TRIGGERED:
        return
    if draft.issue.stage in (Stage.LEVEL, Stage.LAST_HOLDER) and is_over(draft):
        next_step(draft)


def next_step(draft: Draft) -> None:
    """The present step has ended: the next level, the end of the loop, the next loop, or another loud alarm."""
    match draft.issue.stage:
        case Stage.WAITING:
            begin(draft)
        case Stage.LAST_HOLDER:
            start_level(draft, 1)
        case Stage.LEVEL:
            start_level(draft, draft.issue.level + 1)
        case Stage.LAST_RESORT:
            draft.change(loop=draft.issue.loop + 1)
            start_level(draft, 1)
        case Stage.EXHAUSTED:
            words = f"Still nobody has it after {draft.issue.loop} loops, and no further loop is configured"
            draft.record(TimelineKind.ALARM, words)
            draft.order(TellManagers(Alarm.EXHAUSTED, words))
            draft.set_deadline(DeadlineKind.LEVEL, draft.now + LOUD_ALARM_EVERY)


def end_loop(draft: Draft, *, is_first_word: bool) -> None:
    """The loop ended in silence: last resort and everyone paged so far, an alarm, the truth to the customer."""
    policy = draft.issue.policy
    was_anyone_paged = any(page.loop == draft.issue.loop for page in draft.issue.pages)
    is_last = policy.loops is not None and draft.issue.loop >= policy.loops
    silence = "ended in silence" if was_anyone_paged else "found nobody to page"
    draft.clear(DeadlineKind.LEVEL)
    draft.record(TimelineKind.LOOP_ENDED, f"Loop {draft.issue.loop} {silence}")
    draft.change(stage=Stage.EXHAUSTED if is_last else Stage.LAST_RESORT)
    _page_last_resort(draft)
    words = f"Nobody has answered in loop {draft.issue.loop}"
    draft.order(TellManagers(Alarm.NO_ONE_ANSWERED if was_anyone_paged else Alarm.NOBODY_REACHED, words))
    if not is_first_word:
        draft.order(TellCustomer(Told.STILL_TRYING))
    wait = LOUD_ALARM_EVERY if is_last else policy.repeat_after
    draft.set_deadline(DeadlineKind.LEVEL, draft.now + wait)


def _page_last_resort(draft: Draft) -> None:
    found = targets.resolve(draft, draft.issue.policy.last_resort)
    paged = dict.fromkeys(found.why, "last resort")
    for page in draft.issue.pages:
        paged.setdefault(page.responder, "paged before, and nobody has answered")
    known = draft.rules.responders
    paged = {one: why for one, why in paged.items() if one in known and not _has_passed(draft, one)}
    if not paged:
        draft.record(TimelineKind.LAST_RESORT, "There is nobody left to page: no last resort")
        return
    draft.record(TimelineKind.LAST_RESORT, f"Last resort: {', '.join(draft.name(one) for one in paged)}")
    for responder, why in paged.items():
        pages.start(draft, responder, why, len(draft.issue.policy.levels) + 1)


def _has_passed(draft: Draft, responder: str) -> bool:
    page = draft.issue.page_of(responder)
    return page is not None and page.state is PageState.PASSED and page.loop == draft.issue.loop


def stop(draft: Draft, why: str) -> None:
    """Nobody is paged any more: everything pending is withdrawn, every paging deadline dropped."""
    everyone = tuple(page.responder for page in draft.issue.pages)
    pages.withdraw(draft, everyone, PageState.WITHDRAWN, why)
    draft.clear(
        DeadlineKind.FIRST_PAGE,
        DeadlineKind.RULE,
        DeadlineKind.LEVEL,
        DeadlineKind.FORGOTTEN,
        DeadlineKind.LET_LIE,
        DeadlineKind.OPENING,
    )


def touch(draft: Draft) -> None:
    """A responder did something about an acknowledged issue: it is not forgotten. A longer snooze stays."""
    draft.clear(DeadlineKind.LET_LIE)
    remind_at = draft.now + draft.issue.policy.acknowledge_timeout
    snoozed_until = deadlines.deadline(draft.issue, DeadlineKind.FORGOTTEN) or remind_at
    draft.set_deadline(DeadlineKind.FORGOTTEN, max(remind_at, snoozed_until))


def keep_promise(draft: Draft) -> None:
    """Somebody has acknowledged: the first clock stops."""
    if draft.issue.promised is Promised.PENDING:
        draft.change(promised=Promised.KEPT)
        draft.record(TimelineKind.PROMISE, "Promise kept: somebody has answered in time")
    draft.clear(DeadlineKind.PROMISE_WARNING, DeadlineKind.PROMISE)


def trigger_again(draft: Draft, why: str, *, last_holder_first: bool, passed_by: str | None = None) -> None:
    """The issue needs somebody again: the last holder for one level timeout, then level 1 (or level 1 at once).

    `passed_by` handed it back, and is skipped until the next loop.
    """
    holder = draft.issue.holder
    stop(draft, "the issue is open again")
    if passed_by is not None and draft.issue.page_of(passed_by) is None:  # they took it without being paged
        draft.put_page(Page(passed_by, PageState.PASSED, draft.now, loop=1, level=LAST_HOLDER_LEVEL))
    fresh = tuple(_fresh(page, passed=page.responder == passed_by) for page in draft.issue.pages)
    draft.change(
        status=Status.TRIGGERED, holder=None, acknowledged_at=None, resolved_at=None, loop=1, level=1, pages=fresh
    )
    draft.record(TimelineKind.REOPENED, why)
    if holder is None or not last_holder_first or holder not in draft.rules.responders:
        start_level(draft, 1)
        return
    draft.change(stage=Stage.LAST_HOLDER)
    pages.start(draft, holder, "had it last", LAST_HOLDER_LEVEL)
    draft.set_deadline(DeadlineKind.LEVEL, draft.now + draft.issue.policy.levels[0].timeout)
    move_on_if_over(draft)


def _fresh(page: Page, *, passed: bool) -> Page:
    """A page of an earlier run of this issue: it has no part in the new one, unless its responder has just passed."""
    if passed:
        return replace(page, state=PageState.PASSED, loop=1)
    return replace(page, state=PageState.WITHDRAWN, loop=0, was_told=False)


def reaches_nobody(draft: Draft) -> bool:
    """Is there nobody whom a page can still reach right now?"""
    if draft.issue.status is not Status.TRIGGERED or draft.issue.stage is Stage.WAITING:
        return False
    return all(_is_spent(draft, page) for page in draft.issue.pages)
