"""Ana, Ben and Cem take weeks from Monday 09:00, in `primary` and by night in `nights`; at `NIGHT` it is Ana's week."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from oncallbot.oncall.editing import Roster, edited
from oncallbot.oncall.edits import Edit
from oncallbot.oncall.intervals import Interval
from oncallbot.oncall.layers import Layer
from oncallbot.oncall.people import Responder
from oncallbot.oncall.preview import Preview, preview
from oncallbot.oncall.rotation import Rotation, Unit
from oncallbot.oncall.schedule import Schedule
from oncallbot.oncall.windows import Weekly, parse_window
from tests.wording.cast import ANA, BEN, BERLIN, DORA, NIGHT, RULES, berlin

CEM = Responder("cem", "Cem Kaya", BERLIN)
WEEKS = Rotation(datetime(2026, 1, 5, 9), 1, Unit.WEEKS, (("ana",), ("ben",), ("cem",)), BERLIN)
BY_NIGHT = Weekly((parse_window("mon-fri 18:00-09:00"),))
PRIMARY = Schedule("primary", BERLIN, (Layer("weekly", WEEKS),))
NIGHTS = Schedule("nights", BERLIN, (Layer("weekly", WEEKS, BY_NIGHT),), must_cover=BY_NIGHT)
STAFFED = replace(
    RULES,
    responders={one.id: one for one in (ANA, BEN, CEM, DORA)},
    schedules={"primary": PRIMARY, "nights": NIGHTS},
)


def span(start: str, end: str) -> Interval:
    return berlin(start), berlin(end)


def previewed(*edits: Edit, schedule: Schedule = PRIMARY) -> Preview:
    before = Roster({schedule.id: schedule})
    after = before
    for edit in edits:
        result = edited(after, edit, NIGHT)
        assert isinstance(result, Roster), result
        after = result
    return preview(before, after, NIGHT)
