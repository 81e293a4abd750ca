"""Any rotation, windows, layers, overrides, absences and instants, in every zone: what the properties draw from."""

from datetime import UTC, datetime, timedelta

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

from oncallbot.oncall.hours import OfficeHours
from oncallbot.oncall.people import Absence
from oncallbot.oncall.rotation import Rotation, Unit
from oncallbot.oncall.schedule import Layer, Override, Schedule
from oncallbot.oncall.windows import Outside, Weekly, WeeklyWindow
from tests.oncall.cast import ODD_ZONES
from tests.oncall.test_wallclock import ZONES

PEOPLE = ("ana", "ben", "cem", "dora")
DAYS = timedelta(days=1)

people = st.sampled_from(PEOPLE)
tz_names = st.sampled_from(ODD_ZONES) | st.sampled_from(ZONES)
# Close to a clock change more often than not.
instants = st.one_of(
    st.datetimes(datetime(2026, 3, 20), datetime(2026, 4, 26)),
    st.datetimes(datetime(2026, 10, 20), datetime(2026, 11, 10)),
    st.datetimes(datetime(1990, 1, 1), datetime(2100, 1, 1)),
).map(lambda at: at.replace(tzinfo=UTC))
wall_times = st.datetimes(datetime(2020, 1, 1), datetime(2030, 1, 1)).map(
    lambda at: at.replace(minute=at.minute // 15 * 15, second=0, microsecond=0)
)
entries = st.lists(people, max_size=3, unique=True).map(tuple)
minutes = st.integers(0, 95).map(lambda quarter: quarter * 15)
weekly_windows = st.lists(
    st.builds(WeeklyWindow, st.frozensets(st.integers(0, 6), min_size=1), minutes, minutes), max_size=3
).map(tuple)
hours = st.builds(OfficeHours, st.just("office"), tz_names, weekly_windows)
windows = st.none() | st.builds(Weekly, weekly_windows) | st.builds(Outside, hours)


@st.composite
def rotations(draw: st.DrawFn) -> Rotation:
    unit = draw(st.sampled_from(Unit))
    every = draw(st.integers(1, 48 if unit is Unit.HOURS else 5))
    ring = tuple(draw(st.lists(entries, min_size=1, max_size=4)))
    return Rotation(draw(wall_times), every, unit, ring, draw(tz_names))


@st.composite
def overrides(draw: st.DrawFn) -> Override:
    start = draw(instants)
    length = draw(st.timedeltas(timedelta(minutes=1), 20 * DAYS))
    return Override(draw(people), start, start + length, draw(st.none() | people))


@st.composite
def absences(draw: st.DrawFn) -> Absence:
    start = draw(instants)
    return Absence(draw(people), start, start + draw(st.timedeltas(timedelta(minutes=1), 40 * DAYS)))


schedules = st.builds(
    Schedule,
    st.just("primary"),
    tz_names,
    st.lists(st.builds(Layer, st.sampled_from(["low", "high"]), rotations(), windows), max_size=3).map(tuple),
    st.lists(overrides(), max_size=4).map(tuple),
    windows,
)
away = st.lists(absences(), max_size=4)
thorough = settings(
    deadline=None, max_examples=80, suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much]
)
quick = settings(thorough, max_examples=40)
