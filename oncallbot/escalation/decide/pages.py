"""What happens to one responder's page: which notification goes now, which is next, has it failed?

It must not walk levels: `paging` does.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from oncallbot.escalation.decide.draft import Draft
from oncallbot.escalation.effects import SendPage, TimelineKind, Withdraw
from oncallbot.escalation.issue import Attempt, AttemptStatus, DeadlineKind, Page, PageState
from oncallbot.escalation.rules import Rules
from oncallbot.oncall.people import Method, NotificationRule, Responder

PHONES = frozenset({Method.SMS, Method.VOICE})  # the only methods that can have reached anyone


def start(draft: Draft, responder: str, why: str, level: int) -> None:
    """Page this responder; paged before, their rules restart in a new round."""
    earlier = draft.issue.page_of(responder)
    person = draft.rules.responders.get(responder)
    kept = tuple(one for one in earlier.attempts if one.is_pending or _may_ring(one)) if earlier else ()
    draft.put_page(
        Page(
            responder=responder,
            state=PageState.RUNNING,
            started_at=draft.now,
            loop=draft.issue.loop,
            level=level,
            round=earlier.round + 1 if earlier else 1,
            attempts=kept,
            rules_due=tuple(range(len(person.notify))) if person else (),
            was_told=earlier.was_told if earlier else False,
        )
    )
    draft.record(TimelineKind.PAGED, f"{draft.name(responder)} is paged: {why}", responder)
    fire_due(draft, responder)


def fire_due(draft: Draft, responder: str) -> None:
    """Start the rules of this page that are due now, of several missed ones the last per method; set the next.

    A rule that cannot be used starts its next one at once.
    """
    page = draft.issue.page_of(responder)
    person = draft.rules.responders.get(responder)
    if page is None or person is None or page.state is not PageState.RUNNING:
        draft.clear_rule(responder)
        return
    due, hasten = [], False
    while page.rules_due:
        index = page.rules_due[0]
        rule = _rule(person, index)
        is_due = rule is None or page.started_at + rule.after <= draft.now
        if not is_due and not hasten:
            break
        page = replace(page, rules_due=page.rules_due[1:])
        hasten = rule is None or not _record_unless_usable(draft, person, rule)
        if rule is not None and not hasten:
            due.append((index, rule.by))
    draft.put_page(page)
    last_of_method = {method: index for index, method in due}
    for method, index in sorted(last_of_method.items(), key=lambda pair: pair[1]):
        _notify(draft, responder, method, index)
    _set_next(draft, responder, person)


def hasten_after(draft: Draft, responder: str, failed: Attempt) -> None:
    """A notification has failed for good: start the rule after it now, unless it has started already."""
    page = draft.issue.page_of(responder)
    person = draft.rules.responders.get(responder)
    if page is None or person is None or page.state is not PageState.RUNNING or failed.round != page.round:
        return
    if any(one.round == page.round and one.rule > failed.rule for one in page.attempts) or not page.rules_due:
        return
    while (page := draft.issue.page_of(responder)) and page.rules_due:
        index = page.rules_due[0]
        draft.put_page(replace(page, rules_due=page.rules_due[1:]))
        rule = _rule(person, index)
        if rule is not None and _record_unless_usable(draft, person, rule):
            _notify(draft, responder, rule.by, index)
            break
    _set_next(draft, responder, person)


def ring(draft: Draft, responder: str) -> None:
    """Ring this responder now, outside of any rule (a caller waits for the holder). Texts go another way."""
    person = draft.rules.responders.get(responder)
    if person is None or not is_usable(draft.rules, person, Method.VOICE):
        return
    if draft.issue.page_of(responder) is None:
        draft.put_page(Page(responder, PageState.WITHDRAWN, draft.now, draft.issue.loop, draft.issue.level))
    _notify(draft, responder, Method.VOICE, -1)


def has_failed(page: Page, rules: Rules) -> bool:
    """Has this page reached no phone, and will it not either?

    A responder without a phone has failed only when nothing else could be sent: Slack or e-mail never count as
    having reached anyone, but while they are all there is, the level keeps its time.
    """
    person = rules.responders.get(page.responder)
    if person is None:
        return True
    coming = {
        rule.by
        for index in page.rules_due
        if (rule := _rule(person, index)) is not None and is_usable(rules, person, rule.by)
    }
    sent = [one for one in page.attempts if one.round == page.round]
    on_phones = [one for one in sent if one.method in PHONES]
    if coming & PHONES:
        return False
    if on_phones:
        return all(one.status is AttemptStatus.FAILED for one in on_phones)
    return not coming and all(one.status is AttemptStatus.FAILED for one in sent)


def withdraw(draft: Draft, responders: tuple[str, ...], state: PageState, why: str) -> None:
    """End these responders' pages: nothing more is sent for them, and their phones stop ringing."""
    gone: list[str] = []
    unsent: list[str] = []
    for page in draft.issue.pages:
        if page.responder not in responders:
            continue
        gone += [one.id for one in page.attempts if one.is_pending or _may_ring(one)]
        unsent += [f"{draft.name(page.responder)} {one.method}" for one in page.attempts if one.is_pending]
        attempts = tuple(
            replace(one, status=AttemptStatus.WITHDRAWN) if one.is_pending else one for one in page.attempts
        )
        running = page.state is PageState.RUNNING
        draft.put_page(replace(page, attempts=attempts, rules_due=(), state=state if running else page.state))
        draft.clear_rule(page.responder)
    if gone:
        draft.order(Withdraw(tuple(gone)))
    if unsent:
        draft.record(TimelineKind.WITHDRAWN, f"Not sent any more, {why}: {', '.join(unsent)}")


def is_usable(rules: Rules, person: Responder, method: Method) -> bool:
    """Has this responder that contact method, and is its vendor connected?"""
    return method in rules.roads and person.address(method) is not None


def _record_unless_usable(draft: Draft, person: Responder, rule: NotificationRule) -> bool:
    if is_usable(draft.rules, person, rule.by):
        return True
    missing = "is not connected" if rule.by not in draft.rules.roads else f"is not known for {person.first_name}"
    text = f"{rule.by} {missing}: the next rule starts at once"
    draft.record(TimelineKind.RULE_SKIPPED, text, person.id, rule.by)
    return False


def _notify(draft: Draft, responder: str, method: Method, rule: int) -> None:
    """Order one notification, unless the last one by this method has still not left us: then that one serves."""
    page = draft.issue.page_of(responder)
    if page is None:
        return
    waiting = next((one for one in page.attempts if one.method is method and one.is_pending), None)
    if waiting is not None:
        adopted = replace(waiting, rule=rule, round=page.round)
        attempts = tuple(adopted if one is waiting else one for one in page.attempts)
        draft.put_page(replace(page, attempts=attempts))
        return
    made = draft.issue.notifications_made + 1
    attempt = Attempt(f"{draft.issue.number}-{made}", method, rule, page.round)
    draft.change(notifications_made=made)
    draft.put_page(replace(page, attempts=(*page.attempts, attempt)))
    draft.order(SendPage(attempt.id, responder, method, is_first=page.round == 1))


def _set_next(draft: Draft, responder: str, person: Responder) -> None:
    draft.clear_rule(responder)
    page = draft.issue.page_of(responder)
    if page is None or not page.rules_due:
        return
    rule = _rule(person, page.rules_due[0])
    at = page.started_at + (rule.after if rule else timedelta())
    draft.set_deadline(DeadlineKind.RULE, at, responder)


def _rule(person: Responder, index: int) -> NotificationRule | None:
    """People are read live: a rule may have been removed since the page started."""
    return person.notify[index] if 0 <= index < len(person.notify) else None


def _may_ring(attempt: Attempt) -> bool:
    return attempt.method is Method.VOICE and attempt.status is AttemptStatus.SENT
