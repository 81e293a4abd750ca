"""What a board says of a schedule: the people now, when others come, and where nobody is."""

from datetime import UTC, datetime, timedelta

from oncallbot.oncall.ahead import GAPS_WITHIN, ahead
from oncallbot.oncall.people import Absence
from oncallbot.oncall.schedule import Schedule, who
from oncallbot.schedule_files import build_rules
from oncallbot.schedule_files.load import load_files

TUESDAY_NIGHT = datetime(2026, 1, 6, 2, tzinfo=UTC)  # 03:00 in Berlin
FILE = """\
timezone: Europe/Berlin
responders:
  ana: {name: Ana Ruiz, phone: +49 30 23125 001}
  ben: {name: Ben Okafor, phone: +49 30 23125 002}
office_hours:
  berlin: {open: {mon-fri: 09:00-18:00}}
schedules:
  primary:
    must_cover: {outside: berlin}
    layers:
      - name: weekly
        every: 1 week
        first_handoff: 2026-01-05 09:00
        participants: [ana, ben]
        windows: {outside: berlin}
"""


def schedule(folder, **changed: str) -> Schedule:
    text = FILE
    for old, new in changed.items():
        text = text.replace({"people": "[ana, ben]", "windows": "        windows: {outside: berlin}\n"}[old], new)
    path = folder / "roster.yaml"
    path.write_text(text)
    return build_rules(dict(load_files([path]).objects), 1).schedules["primary"]


def at(day: int, hour: int) -> datetime:
    return datetime(2026, 1, day, hour, tzinfo=UTC) - timedelta(hours=1)  # winter in Berlin


def test_until_is_when_these_people_end_and_next_is_when_others_begin(tmp_path):
    line = ahead(schedule(tmp_path), (), TUESDAY_NIGHT)
    assert (line.responders, line.until) == (("ana",), at(6, 9))
    assert (line.next, line.next_at) == (("ben",), at(12, 18))


def test_next_are_the_same_people_that_everybody_else_is_told(tmp_path):
    primary = schedule(tmp_path)
    for hours in range(0, 21 * 24, 5):
        now = TUESDAY_NIGHT + timedelta(hours=hours)
        assert ahead(primary, (), now).next == who(primary, (), now).next


def test_a_handoff_to_the_same_person_is_no_end(tmp_path):
    line = ahead(schedule(tmp_path, people="[ana]", windows=""), (), TUESDAY_NIGHT)
    assert (line.responders, line.until, line.next) == (("ana",), None, ())


def test_who_comes_in_half_a_year_is_named_without_a_date(tmp_path):
    text = FILE.replace("every: 1 week", "every: 6 months")
    (tmp_path / "roster.yaml").write_text(text.replace("        windows: {outside: berlin}\n", ""))
    rare = build_rules(dict(load_files([tmp_path / "roster.yaml"]).objects), 1).schedules["primary"]
    line = ahead(rare, (), TUESDAY_NIGHT)
    assert (line.responders, line.until, line.next, line.next_at) == (("ana",), None, ("ben",), None)


def test_office_hours_are_no_gap_although_nobody_is_on_call(tmp_path):
    line = ahead(schedule(tmp_path), (), at(6, 12))
    assert (line.responders, line.is_gap, line.until, line.next) == ((), False, at(6, 18), ("ana",))


def test_a_gap_now_and_gaps_to_come_are_told(tmp_path):
    away = (Absence("ana", at(7, 0), at(8, 0)), Absence("ben", at(7, 0), at(8, 0)))
    line = ahead(schedule(tmp_path), away, at(6, 20))
    assert (line.is_gap, line.gaps) == (False, ((at(7, 0), at(7, 9)), (at(7, 18), at(8, 0))))
    now = ahead(schedule(tmp_path), away, at(7, 20))
    assert (now.is_gap, now.responders, now.until) == (True, (), at(8, 0))


def test_gaps_are_told_for_two_weeks(tmp_path):
    assert timedelta(days=14) == GAPS_WITHIN
    line = ahead(schedule(tmp_path, people="[ana, nobody]"), (), TUESDAY_NIGHT)
    assert line.gaps[0][0] == at(12, 18)
    assert line.gaps[-1][1] <= TUESDAY_NIGHT + GAPS_WITHIN
