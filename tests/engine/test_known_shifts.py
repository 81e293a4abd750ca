"""The past is what was worked, also when the rules say something else by now; the rest is the resolver's."""

from datetime import UTC, datetime, timedelta

from oncallbot.engine import known_shifts, proposals, worked
from oncallbot.engine.change import Changed, Edit, change
from oncallbot.engine.known_shifts import KnownShift
from oncallbot.oncall.edits import ChangeRotation, Start
from oncallbot.storage import worked_shifts
from tests.engine.stage import NIGHT, ROSTER, Night, both
from tests.web.pages_stage import applies

DAY, WEEK = timedelta(days=1), timedelta(weeks=1)
MONDAY = datetime(2026, 12, 21, 8, tzinfo=UTC)  # Ana's first handoff


def shifts(night: Night, start: datetime, end: datetime) -> list[tuple[datetime, datetime, str, bool]]:
    rules = night.door.rules_now()
    with night.database.read() as connection:
        reach = known_shifts.reaches(connection).get("primary")
        found: tuple[KnownShift, ...] = known_shifts.between(connection, rules, "primary", start, end, reach)
    return [(one.start, one.end, ",".join(one.responders), one.is_recorded) for one in found]


def recorded(night: Night, at: datetime) -> None:
    """The record begins at NIGHT and reaches this instant."""
    for reached in sorted({NIGHT, at}):
        night.clock.sets(at=reached)
        with night.database.write() as connection:
            worked.record(connection, night.door.rules.of(connection), reached, running_too=False)


@both
def test_what_was_worked_stays_when_the_rules_are_others(night: Night, tmp_path):
    recorded(night, MONDAY + 3 * WEEK)
    applies(night, tmp_path, ROSTER.replace("participants: [ana, ben, cem]", "participants: [cem]"))
    found = shifts(night, MONDAY + WEEK, MONDAY + 4 * WEEK)
    assert found == [
        (MONDAY + WEEK, MONDAY + 2 * WEEK, "ben", True),
        (MONDAY + 2 * WEEK, MONDAY + 3 * WEEK, "cem", True),
        (MONDAY + 3 * WEEK, MONDAY + 4 * WEEK, "cem", False),
    ]


def test_a_shift_that_an_edit_cut_in_the_record_is_one_again(night: Night):
    recorded(night, MONDAY + WEEK + DAY)
    order = ChangeRotation("primary", participants=(("cem",), ("ana",)), starts=Start.AFTER_CURRENT_SHIFT)
    made = proposals.propose(night.door, [order], "dora")
    assert isinstance(made, proposals.Proposed)
    proposals.confirm(night.door, made.id, "dora", lambda *_: "")
    found = shifts(night, MONDAY + WEEK, MONDAY + 3 * WEEK)
    assert found[0] == (MONDAY + WEEK, MONDAY + 2 * WEEK, "ben", True)
    assert len(found) == 2


def test_before_the_record_the_rules_of_today_answer(night: Night):
    assert shifts(night, MONDAY, NIGHT) == [(MONDAY, NIGHT, "ana", False)]


def test_while_a_schedule_was_gone_nobody_worked_in_it(night: Night, tmp_path):
    backup = (
        "  backup:\n    layers: [{name: daily, every: 1 day, first_handoff: 2026-12-21 09:00, participants: [cem]}]\n"
    )
    for here, gone in ((NIGHT, NIGHT + DAY), (NIGHT + WEEK, NIGHT + WEEK + DAY)):
        night.clock.sets(at=here)
        applies(night, tmp_path, ROSTER.replace("policies:\n", f"{backup}policies:\n"))
        recorded(night, here)
        night.clock.sets(at=gone)
        removal = Edit({}, (("schedule", "backup"),))
        assert isinstance(change(night.door, removal, "test", night.door.rules_now().revision), Changed)
    with night.database.read() as connection:
        found = worked_shifts.between(connection, NIGHT, NIGHT + 2 * WEEK, "backup")
    assert (found[0].starts_at, found[-1].ends_at) == (NIGHT, NIGHT + WEEK + DAY)
    assert not [one for one in found if one.starts_at < NIGHT + WEEK and one.ends_at > NIGHT + DAY]
