"""The one door: what one commit holds, what a repeat gets, and which issue is meant."""

from dataclasses import replace

import pytest

from oncallbot.engine.change import Edit, change
from oncallbot.engine.handle import Attached
from oncallbot.escalation.events import (
    Answer,
    ContactOptedOut,
    CustomerReported,
    DeliveryReported,
    HandedOver,
    ResponderAnswered,
)
from oncallbot.escalation.issue import AttemptStatus, Road, Status
from oncallbot.escalation.outcomes import Kind
from oncallbot.storage import issues, reports
from oncallbot.storage.outbox import Purpose
from tests.engine.stage import BETA, ERIK, FRIDA, MINUTE, STRANGER, at_once, both, only_postgresql

CALL = Road.CALL


class TestOneCommit:
    @both
    def test_it_holds_issue_page_outbox_timeline_report_and_wake_time(self, night):
        number = night.opens()
        issue = night.issue(number)
        assert (issue.status, [page.responder for page in issue.pages]) == (Status.TRIGGERED, ["ana"])
        assert [row.id for row in night.pages(number)] == [issue.pages[0].attempts[0].id]
        assert {"reported", "opened", "level_started", "paged"} <= set(night.kinds(number))
        assert min(one.at for one in issue.deadlines) == night.clock.now() + MINUTE  # Ana's second rule
        with night.database.read() as connection:
            assert [one.words for one in reports.of_issue(connection, number)] == ["the plant stands still"]

    def test_it_wakes_the_senders_once_it_is_committed(self, night):
        night.opens()
        assert night.woken == 1

    def test_what_raises_while_it_is_rendered_leaves_nothing_behind(self, night):
        def breaks(*_):
            raise ValueError("no words for this")

        event = CustomerReported("main", "acme", ERIK, ERIK, CALL, "help")
        with pytest.raises(ValueError, match="no words"):
            night.door.handle(event, key="call/1", render=breaks)
        assert night.woken == 0
        assert night.opens(key="call/1") == 1001

    def test_a_report_keeps_its_pictures(self, night):
        event = CustomerReported("main", "acme", ERIK, ERIK, Road.TEXT, "look")
        night.door.handle(event, attached=Attached(media=("https://m.example/1",), provider_id="SM1"))
        with night.database.read() as connection:
            found = reports.by_provider_id(connection, "SM1")
        assert found is not None
        assert found.media == ("https://m.example/1",)


class TestKeys:
    @both
    def test_a_repeat_gets_the_first_body(self, night):
        first = night.reports(key="SM1")
        repeat = night.reports("other words", key="SM1")
        assert (repeat.body, repeat.is_repeat, repeat.outcome) == (first.body, True, None)

    @both
    def test_of_two_at_once_one_decides_and_both_get_its_body(self, night, second_process):
        bodies = at_once(*[lambda door=one: door.reports(key="SM1").body for one in (night, second_process)] * 3)
        assert set(bodies) == {"opened 1001"}

    def test_an_answer_counts_once(self, night):
        number = night.opens()
        night.answers("ana", issue=number, key="SM2")
        night.answers("ana", issue=number, key="SM2")
        assert night.kinds(number).count("acknowledged") == 1


class TestJoining:
    @both
    def test_two_first_contacts_at_once_open_one_issue(self, night, second_process):
        kinds = at_once(*[lambda door=one: door.reports(road=CALL).outcome.kind for one in (night, second_process)] * 3)
        assert sorted(kinds) == [Kind.JOINED] * 5 + [Kind.OPENED]

    def test_the_same_contact_joins_its_newest_open_issue(self, night):
        night.opens(road=CALL)
        newest = night.opens(road=CALL, contact=FRIDA, caller=FRIDA)
        assert night.reports(road=Road.TEXT, contact=FRIDA).outcome.number == newest

    def test_a_reference_joins_the_named_issue_of_the_same_customer(self, night):
        first = night.opens(road=CALL)
        night.opens(road=CALL, contact=FRIDA, caller=FRIDA)
        assert night.reports(road=CALL, contact=FRIDA, reference=first).outcome.number == first

    def test_a_stranger_who_guesses_a_number_opens_an_issue_of_their_own(self, night):
        number = night.opens(road=CALL)
        guessed = night.reports(
            road=Road.TEXT, customer=None, contact=STRANGER, caller=STRANGER, reference=number
        ).outcome
        assert (guessed.kind, guessed.number) == (Kind.OPENED, number + 1)

    def test_a_withheld_caller_who_names_a_withheld_callers_issue_does_not_join_it(self, night):
        number = night.opens(road=CALL, customer=None, contact="", caller="")
        assert night.reports(road=CALL, customer=None, contact="", reference=number).outcome.number != number

    def test_a_customer_by_another_road_within_ten_minutes_joins(self, night):
        number = night.opens(road=CALL)
        night.clock.moves(9 * MINUTE)
        assert night.reports(road=Road.TEXT, contact=FRIDA).outcome.number == number

    def test_a_customer_by_another_road_after_ten_minutes_opens(self, night):
        night.opens(road=CALL)
        night.clock.moves(10 * MINUTE + MINUTE)
        assert night.reports(road=Road.TEXT, contact=FRIDA).outcome.kind is Kind.OPENED

    def test_another_contact_by_the_same_road_opens(self, night):
        night.opens(road=CALL)
        assert night.reports(road=CALL, contact=FRIDA).outcome.kind is Kind.OPENED

    def test_a_webhook_joins_nothing_without_its_dedup_key(self, night):
        night.opens(road=CALL)
        assert night.reports(road=Road.WEBHOOK).outcome.kind is Kind.OPENED

    def test_nobody_joins_a_webhooks_issue_by_another_road(self, night):
        night.opens(road=Road.WEBHOOK, contact="")
        assert night.reports(road=CALL, contact=FRIDA).outcome.kind is Kind.OPENED

    def test_a_repeated_dedup_key_joins_its_open_issue(self, night):
        number = night.opens(dedup_key="pump-7")
        assert night.reports(dedup_key="pump-7").outcome.number == number

    @both
    def test_one_dedup_key_from_different_contacts_at_once_opens_one_issue(self, night, second_process):
        def report(door, contact):
            return lambda: door.reports(customer=None, contact=contact, dedup_key="pump-7").outcome.kind

        doors = [report(night, ERIK), report(second_process, FRIDA), report(night, BETA), report(second_process, "")]
        assert sorted(at_once(*doors)).count(Kind.OPENED) == 1

    def test_a_closed_issue_is_not_joined(self, night):
        number = night.opens(road=CALL)
        with night.database.write() as connection:
            issue = night.issue(number)
            closed = replace(issue, status=Status.CLOSED, deadlines=(), closed_at=night.clock.now())
            issues.save(connection, issue, closed)
        assert night.reports(road=CALL, reference=number).outcome.kind is Kind.OPENED


class TestWhichIssueIsMeant:
    def test_a_bare_key_acts_on_the_one_open_page(self, night):
        number = night.opens()
        assert night.answers("ana").number == number

    def test_a_bare_key_with_several_open_pages_asks_which(self, night):
        numbers = (night.opens(), night.opens())
        outcome = night.answers("ana")
        assert (outcome.kind, outcome.choices) == (Kind.WHICH_ONE, numbers)

    def test_a_bare_key_without_any_page_says_so(self, night):
        night.opens()
        assert night.answers("cem").kind is Kind.NOTHING_OPEN

    def test_a_bare_key_that_comes_late_hears_who_has_it(self, night):
        number = night.opens()
        night.answers("ben", issue=number)
        outcome = night.answers("ana")
        assert (outcome.kind, outcome.acknowledged_by, outcome.number) == (Kind.ALREADY_TAKEN, "ben", number)

    def test_a_bare_resolve_acts_on_what_one_holds(self, night):
        number = night.opens()
        night.answers("ana")
        assert night.answers("ana", "resolve").kind is Kind.RESOLVED
        assert night.issue(number).status is Status.RESOLVED

    def test_a_responder_who_was_not_paged_may_act_by_number(self, night):
        assert night.answers("cem", issue=night.opens()).kind is Kind.ACKNOWLEDGED

    def test_a_number_that_is_no_issue_is_said_to_be_unknown(self, night):
        assert night.answers("ana", issue=9999).kind is Kind.UNKNOWN_ISSUE

    def test_somebody_who_is_no_responder_changes_nothing(self, night):
        number = night.opens()
        assert night.answers("mallory", issue=number).kind is Kind.UNKNOWN_RESPONDER
        assert night.issue(number).status is Status.TRIGGERED


class TestAnswersAtOnce:
    @both
    def test_of_many_acknowledgements_one_wins_and_the_others_hear_its_name(self, night, second_process):
        number = night.opens()
        doors = [(night, "ana"), (second_process, "ben"), (night, "cem"), (second_process, "dora")]
        said = at_once(*[lambda d=door, who=one: d.answers(who, issue=number) for door, one in doors])
        winner = next(one for one in said if one.kind is Kind.ACKNOWLEDGED).acknowledged_by
        assert sorted(one.kind for one in said) == [Kind.ACKNOWLEDGED] + [Kind.ALREADY_TAKEN] * 3
        assert {one.acknowledged_by for one in said} == {winner}

    @only_postgresql
    def test_a_receipt_and_an_acknowledgement_at_once_do_not_wait_for_each_other(self, night, second_process):
        """Both need the issue and the outbox row: taken in two orders, PostgreSQL ends one of them."""
        for _ in range(15):
            numbers = [night.opens() for _ in range(3)]

            def receive(numbers=numbers):
                for number in numbers:
                    night.door.handle(DeliveryReported(f"{number}-1", AttemptStatus.SENT, provider_id="SM1"))

            def acknowledge(numbers=numbers):
                for number in numbers:
                    second_process.answers("ana", issue=number)

            at_once(receive, acknowledge)
            assert [night.issue(number).holder for number in numbers] == ["ana"] * 3


class TestRulesRevision:
    @both
    def test_another_process_uses_a_new_revision_at_once(self, night, second_process):
        assert second_process.door.rules_now().revision == 1
        with night.database.read() as connection:
            rules = night.door.rules.of(connection)
        body = '{"name":"Anna Ruiz","phone":"+493023125001","timezone":"Europe/Berlin"}'
        change(night.door, Edit({("responder", "ana"): body}), "dora", rules.revision)
        assert second_process.door.rules_now().responders["ana"].first_name == "Anna"

    def test_equal_revisions_are_built_once(self, night):
        assert night.door.rules_now() is night.door.rules_now()


class TestOptOut:
    def test_a_customer_who_opted_out_is_told_nothing_by_text_and_the_timeline_says_so(self, night):
        number = night.opens(road=CALL)
        night.door.handle(ContactOptedOut(ERIK, out=True), key="SM1")
        night.answers("ana", issue=number)
        told = night.rows(number, purpose=Purpose.CUSTOMER_TOLD)
        assert len(told) == 1  # "received", from before
        assert any("asked for no more texts" in text for text in night.texts(number, "note"))

    def test_a_customer_who_allows_texts_again_is_told_again(self, night):
        night.door.handle(ContactOptedOut(ERIK, out=True), key="SM1")
        night.door.handle(ContactOptedOut(ERIK, out=False), key="SM2")
        assert len(night.rows(night.opens(road=CALL), purpose=Purpose.CUSTOMER_TOLD)) == 1


class TestReminder:
    """Acknowledged and forgotten: the holder is paged again, and can answer that page by any road."""

    def test_the_holder_has_a_page_to_answer(self, night):
        night.opens()
        night.answers("ana")
        night.passes(30 * MINUTE)
        assert night.door.has_open_page("ana")

    def test_a_holder_who_was_not_reminded_has_none(self, night):
        night.opens()
        night.answers("ana")
        assert not night.door.has_open_page("ana")

    def test_whoever_picks_up_the_reminder_is_offered_the_issue(self, night):
        number = night.opens()
        night.answers("ana")
        night.passes(30 * MINUTE)
        at_hand = night.door.page_at_hand(night.pages(number)[-1].id)
        assert [one.number for one in at_hand.open] == [number]

    def test_a_bare_key_keeps_it(self, night):
        number = night.opens()
        night.answers("ana")
        night.passes(30 * MINUTE)
        assert night.answers("ana").kind is Kind.ALREADY_YOURS
        night.passes(6 * MINUTE)
        assert night.issue(number).status is Status.ACKNOWLEDGED


class TestWithdrawal:
    def test_what_one_decision_orders_and_withdraws_is_never_sent(self, night):
        """After downtime one ring fires the holder's missed voice rule, and gives the issue to others."""
        number = night.opens()
        night.answers("ana")
        night.passes(30 * MINUTE)  # Ana is reminded by text; her voice rules are due in 1 and 3 minutes
        night.passes(10 * MINUTE)  # nobody rang meanwhile: rule and let_lie are overdue together
        known = {one.id for page in night.issue(number).pages for one in page.attempts if one.is_pending}
        assert {row.id for row in night.pages(number) if row.status is AttemptStatus.QUEUED} <= known


class TestAfterAnOutage:
    def test_the_customer_is_not_told_the_same_as_often_as_it_was_decided(self, night):
        number = night.opens(road=CALL)
        for _ in range(60):  # for two hours nothing could be sent
            night.passes(2 * MINUTE)
        waiting = [row.words for row in night.rows(number, purpose=Purpose.CUSTOMER_TOLD)]
        assert sorted(set(waiting)) == sorted(waiting)

    def test_pages_do_not_pile_up(self, night):
        number = night.opens(road=CALL)
        for _ in range(60):
            night.passes(2 * MINUTE)
        pages = [(row.responder, row.method) for row in night.rows(number, purpose=Purpose.PAGE)]
        assert sorted(set(pages)) == sorted(pages)


def test_an_event_by_command_may_name_any_issue(night):
    number = night.opens(road=CALL)
    joined = night.reports(road=Road.COMMAND, customer=None, contact="", reference=number).outcome
    assert joined.number == number


def test_a_note_without_a_number_goes_to_the_open_page(night):
    number = night.opens()
    event = ResponderAnswered("ana", Answer.NOTE, "sms", "on my way")
    assert night.door.handle(event).outcome.kind is Kind.NOTED
    assert any("on my way" in text for text in night.texts(number, "note"))


def test_whoever_is_asked_to_take_an_issue_over_answers_it_with_a_bare_four(night):
    number = night.opens()
    night.answers("ana", issue=number)
    night.door.handle(HandedOver("ana", "ben"), issue=number)
    assert night.answers("ben").kind is Kind.ACKNOWLEDGED
    assert night.issue(number).holder == "ben"
