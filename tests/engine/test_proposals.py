"""A change of schedules is proposed, looked at and confirmed: written once, told, never over somebody else's."""

from datetime import timedelta

from oncallbot.engine.proposals import Confirmed, Ended, NotYours, Proposed, Renewed, Unknown, confirm, decline, propose
from oncallbot.oncall.editing import Mistake
from oncallbot.oncall.edits import AddOverride, AddParticipant, RemoveParticipant, Start
from oncallbot.oncall.precedence import Override
from oncallbot.oncall.schedule import responders_at
from oncallbot.storage import rule_objects, worked_shifts
from oncallbot.storage.proposals import Status
from tests.engine.stage import MINUTE, NIGHT, at_once, both

DAY = timedelta(days=1)


def tells(responder, outline):
    return f"{responder}, {outline.made_by} changed it"


def proposed(night, *orders, by="dora", **more) -> Proposed:
    found = propose(night.door, orders, by, **more)
    assert isinstance(found, Proposed), found
    return found


def on_call(night, at):
    rules = night.door.rules_now()
    return responders_at(rules.schedules["primary"], rules.absences, at)[0]


def now_rings(who):
    return AddOverride("primary", Override(who, NIGHT, NIGHT + DAY, made_by="dora", made_at=NIGHT))


@both
def test_a_proposal_changes_nothing_until_it_is_confirmed(night):
    found = proposed(night, now_rings("cem"), reason="Ana is ill")
    assert on_call(night, NIGHT) == ("ana",)
    done = confirm(night.door, found.id, "dora", tells)
    assert isinstance(done, Confirmed)
    assert on_call(night, NIGHT) == ("cem",)
    with night.database.read() as connection:
        latest = rule_objects.history(connection, 1)[0]
    assert (latest.by, latest.reason, latest.kind) == ("dora", "Ana is ill", "override")


def test_those_whose_shifts_change_are_told_with_the_commit(night):
    done = confirm(night.door, proposed(night, now_rings("cem")).id, "dora", tells)
    assert isinstance(done, Confirmed)
    assert done.told == ("ana", "cem")
    assert {row.responder: row.words for row in night.claims()} == {
        "ana": "ana, dora changed it",
        "cem": "cem, dora changed it",
    }


def test_an_open_issue_pages_by_the_new_schedule_from_its_next_level_on(night):
    number = night.opens()
    assert night.pages(number, "ana")
    confirm(night.door, proposed(night, RemoveParticipant("primary", "ben")).id, "dora", tells)
    night.passes(5 * MINUTE)
    assert night.pages(number, "cem")
    assert not night.pages(number, "ben")


@both
def test_the_second_of_two_managers_sees_a_fresh_preview_and_nothing_is_overwritten(night):
    first, second = proposed(night, now_rings("cem")), proposed(night, RemoveParticipant("primary", "ben"), by="ana")
    assert isinstance(confirm(night.door, first.id, "dora", tells), Confirmed)
    renewed = confirm(night.door, second.id, "ana", tells)
    assert isinstance(renewed, Renewed)
    assert isinstance(confirm(night.door, renewed.proposed.id, "ana", tells), Confirmed)
    assert on_call(night, NIGHT) == ("cem",)
    assert confirm(night.door, second.id, "ana", tells) == Ended(Status.REPLACED)


def test_a_preview_that_a_handoff_has_passed_is_made_anew(night):
    found = proposed(night, AddParticipant("primary", ("dora",)))
    night.clock.moves(8 * DAY)
    assert isinstance(confirm(night.door, found.id, "dora", tells), Renewed)


def test_a_preview_of_what_has_begun_meanwhile_is_made_anew_and_nobody_is_said_to_have_edited(night):
    later = Override("cem", NIGHT + DAY, NIGHT + 2 * DAY, made_by="dora", made_at=NIGHT)
    found = proposed(night, AddOverride("primary", later))
    night.clock.moves(DAY + MINUTE)
    renewed = confirm(night.door, found.id, "dora", tells)
    assert isinstance(renewed, Renewed)
    assert not renewed.is_edited
    assert isinstance(confirm(night.door, renewed.proposed.id, "dora", tells), Confirmed)


@both
def test_two_clicks_at_once_write_once(night):
    found = proposed(night, now_rings("cem"))
    results = at_once(*(lambda: confirm(night.door, found.id, "dora", tells) for _ in range(2)))
    assert sorted(type(one).__name__ for one in results) == ["Confirmed", "Ended"]


def test_only_who_is_asked_confirms_and_who_proposed_may_take_it_back(night):
    found = proposed(night, now_rings("ben"), by="ana", decided_by="ben")
    assert confirm(night.door, found.id, "ana", tells) == NotYours("ben")
    assert decline(night.door, found.id, "cem") == NotYours("ben")
    assert decline(night.door, found.id, "ana") == Ended(Status.DECLINED)
    assert confirm(night.door, found.id, "ben", tells) == Ended(Status.DECLINED)
    assert confirm(night.door, "nonsense", "ben", tells) == Unknown()


def test_what_cannot_be_is_not_kept(night):
    assert isinstance(propose(night.door, [RemoveParticipant("primary", "nobody")], "dora"), Mistake)


@both
def test_the_record_of_what_was_worked_is_written_before_the_rules_change(night):
    confirm(night.door, proposed(night, now_rings("cem")).id, "dora", tells)
    night.clock.moves(60 * MINUTE)
    edit = RemoveParticipant("primary", "ana", starts=Start.IMMEDIATELY)
    confirm(night.door, proposed(night, edit).id, "dora", tells)
    with night.database.read() as connection:
        found = worked_shifts.between(connection, NIGHT, NIGHT + DAY, "primary")
    assert [(one.responders, one.starts_at, one.ends_at) for one in found] == [(("cem",), NIGHT, NIGHT + 60 * MINUTE)]
