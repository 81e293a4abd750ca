"""Commands about shifts and absences are what was typed, or are answered with what fits."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from oncallbot.wording.command_forms import NotUnderstood
from oncallbot.wording.commands import parse
from oncallbot.wording.schedule_forms import (
    BeAbsent,
    CoverMe,
    EndAbsence,
    MakeOverride,
    RemoveOverrides,
    RevokeFeed,
    ShowAbsences,
    ShowFeed,
    Stretch,
    SwapShifts,
    TakeShift,
    WholeStint,
)
from tests.wording.cast import BERLIN, KNOWN, NIGHT, berlin  # Dora writes on Saturday 21 November 2026, 03:14

SAT, SUN = berlin("2026-11-21 20:00"), berlin("2026-11-22 08:00")
FRI, MON = berlin("2026-11-27 18:00"), berlin("2026-11-30 09:00")
NEXT_MON = berlin("2026-11-23 09:00")
THIS, NEXT = WholeStint(is_running=True), WholeStint(is_running=False)


def day(text: str) -> datetime:
    return berlin(f"{text} 00:00")


def on(number: str) -> WholeStint:
    start = day(f"2026-12-{number}")
    return WholeStint(on=(start, start + timedelta(days=1)))


def read(text: str, known=KNOWN):
    return parse(text, known, NIGHT, BERLIN)


@pytest.mark.parametrize(
    ("text", "command"),
    [
        ("cover me", CoverMe()),
        ("Cover me please.", CoverMe()),
        ("cover", CoverMe()),
        ("cover for me", CoverMe()),
        ("cover me in primary", CoverMe(schedule="primary")),
        ("cover me Sat 20:00 to Sun 08:00", CoverMe(SAT, SUN)),
        ("cover me from sat 20:00 until sun 08:00", CoverMe(SAT, SUN)),
        ("cover my shift Sat 20:00–08:00", CoverMe(SAT, SUN)),
        ("cover me 20:00-08:00 in Primary", CoverMe(SAT, SUN, "primary")),
        ("cover me in primary 20:00 to 08:00 because of “the kids”", CoverMe(SAT, SUN, "primary", "the kids")),
        ("cover me because <@U0BEN00001> & I are ill", CoverMe(reason="@Ben & I are ill")),
        ("take primary until Mon 09:00", TakeShift("primary", NEXT_MON)),
        ("take primary Mon 09:00", TakeShift("primary", NEXT_MON)),
        ("take primary from now until Mon 09:00", TakeShift("primary", NEXT_MON)),
        ("Take PRIMARY for 2 hours!", TakeShift("primary", berlin("2026-11-21 05:14"))),
        ("take backup till 10pm because Ana sleeps", TakeShift("backup", berlin("2026-11-21 22:00"), "Ana sleeps")),
        ("swap Sat 20:00 with @ben Mon 09:00", SwapShifts("ben", SAT, NEXT_MON)),
        ("swap my Sat 20:00 with @ben’s Mon 09:00", SwapShifts("ben", SAT, NEXT_MON)),
        ("swap my shift on Sat at 20:00 for ben Mon 09:00", SwapShifts("ben", SAT, NEXT_MON)),
        ("swap Sat 20:00 with Ben Okafor Mon 09:00", SwapShifts("ben", SAT, NEXT_MON)),
        ("swap Sat 20:00 with <@U0BEN00001|ben o>", SwapShifts("ben", SAT)),
        ("swap with @ben Mon 09:00 in primary", SwapShifts("ben", None, NEXT_MON, "primary")),
        ("swap with @ben because concert", SwapShifts("ben", reason="concert")),
        ("swap ben", SwapShifts("ben")),
        ("swap my turn on Sat at 20:00 with @ben", SwapShifts("ben", SAT)),
        ("swap my week with @ben", SwapShifts("ben", WholeStint())),
        ("swap weeks with Ben Okafor", SwapShifts("ben", WholeStint())),
        ("Swap my turn with @ben’s in primary", SwapShifts("ben", WholeStint(), None, "primary")),
        ("swap my next week for @ben’s next week", SwapShifts("ben", NEXT, NEXT)),
        ("swap the rest of my week with @ben", SwapShifts("ben", THIS)),
        ("swap this week with @ben's stint because wedding", SwapShifts("ben", THIS, WholeStint(), None, "wedding")),
        ("swap my week of 2026-12-07 with @ben week of 14 Dec", SwapShifts("ben", on("07"), on("14"))),
        ("swap my week at Sat 20:00 with @ben", SwapShifts("ben", WholeStint(on=(SAT, SAT)))),
        (
            "swap 2026-12-07 to 2026-12-13 with @ben 2026-12-14 to 2026-12-20",
            SwapShifts(
                "ben",
                Stretch(day("2026-12-07"), day("2026-12-14"), is_days=True),
                Stretch(day("2026-12-14"), day("2026-12-21"), is_days=True),
            ),
        ),
        ("swap for 2 hours with @ben", SwapShifts("ben", Stretch(NIGHT, berlin("2026-11-21 05:14")))),
        ("swap in 2 hours with @ben", SwapShifts("ben", berlin("2026-11-21 05:14"))),
        ("swap from Fri 18:00 to Mon 09:00 with @ben Sat 20:00", SwapShifts("ben", Stretch(FRI, MON), SAT)),
        ("override primary @ben Fri 18:00 to Mon 09:00", MakeOverride("primary", "ben", FRI, MON)),
        ("override @ben in primary from Fri 18:00 to Mon 09:00", MakeOverride("primary", "ben", FRI, MON)),
        ("override primary with Ben Okafor fri 18:00 - mon 09:00", MakeOverride("primary", "ben", FRI, MON)),
        ("override primary me until Mon 09:00", MakeOverride("primary", "dora", NIGHT, NEXT_MON)),
        (
            "override primary @ben Fri 18:00 to Mon 09:00 instead of @ana because concert",
            MakeOverride("primary", "ben", FRI, MON, "ana", "concert"),
        ),
        (
            "override primary ben replacing Ana 2026-12-24 to 2026-12-26",
            MakeOverride("primary", "ben", day("2026-12-24"), day("2026-12-27"), "ana"),
        ),
        ("override remove primary", RemoveOverrides("primary")),
        ("override primary remove @ben", RemoveOverrides("primary", "ben")),
        ("undo override in primary at Sat 20:00", RemoveOverrides("primary", None, SAT)),
        ("end override primary Ben Sat 20:00", RemoveOverrides("primary", "ben", SAT)),
        ("feed", ShowFeed()),
        ("calendar", ShowFeed()),
        ("feed of Primary", ShowFeed("primary")),
        ("feed revoke", RevokeFeed()),
        ("revoke feed primary", RevokeFeed("primary")),
    ],
)
def test_a_change_of_shifts_is_understood(text, command) -> None:
    assert read(text) == command


@pytest.mark.parametrize(
    ("text", "command"),
    [
        ("absent", ShowAbsences()),
        ("absences", ShowAbsences()),
        ("absent list", ShowAbsences()),
        ("absent 2027-08-01 to 2027-08-15", BeAbsent(None, day("2027-08-01"), day("2027-08-16"))),
        ("absent from 2027-08-01 until 2027-08-15.", BeAbsent(None, day("2027-08-01"), day("2027-08-16"))),
        ("absent 1 Aug 2027 to 15 Aug", BeAbsent(None, day("2027-08-01"), day("2027-08-16"))),
        ("away 24-27 Dec", BeAbsent(None, day("2026-12-24"), day("2026-12-28"))),
        ("sick today", BeAbsent(None, day("2026-11-21"), day("2026-11-22"))),
        ("absent tomorrow because wedding", BeAbsent(None, day("2026-11-22"), day("2026-11-23"), "wedding")),
        ("absent Fri to Mon", BeAbsent(None, day("2026-11-27"), day("2026-12-01"))),
        ("absent for 2 hours", BeAbsent(None, NIGHT, berlin("2026-11-21 05:14"))),
        ("absent Mon 09:00 to 12:00", BeAbsent(None, NEXT_MON, berlin("2026-11-23 12:00"))),
        ("absent @ben tomorrow", BeAbsent("ben", day("2026-11-22"), day("2026-11-23"))),
        ("absent Ben Okafor tomorrow", BeAbsent("ben", day("2026-11-22"), day("2026-11-23"))),
        ("absent me tomorrow", BeAbsent(None, day("2026-11-22"), day("2026-11-23"))),
        ("back", EndAbsence()),
        ("back again!", EndAbsence()),
        ("not absent", EndAbsence()),
        ("back @ben", EndAbsence("ben")),
        ("back @dora", EndAbsence()),
        ("back ben at 2027-08-02", EndAbsence("ben", day("2027-08-02"))),
    ],
)
def test_an_absence_is_understood(text, command) -> None:
    assert read(text) == command


@pytest.mark.parametrize(
    ("text", "understood", "not_understood", "nearest"),
    [
        ("cover me in primry", "cover me", "primry", "cover me in primary"),
        ("cover me Sat 20:00", "cover me Sat 20:00", "", "cover me Sat 20:00 for 8 hours"),
        ("cover me tonight", "cover me", "tonight", "cover me 20:00 to 08:00"),
        ("cover me tomorrow", "cover me", "tomorrow", "cover me tomorrow 20:00 to 08:00"),
        ("cover me Sat 20:00 to 8", "cover me from Sat 20:00", "8", "cover me Sat 20:00 to 08:00"),
        ("cvoer me Sat 20:00 to 08:00", "", "cvoer", "cover me Sat 20:00 to 08:00"),
        ("take", "take", "", "take primary for 2 hours"),
        ("take primary", "take primary", "", "take primary for 2 hours"),
        ("take primry until 08:00", "take", "primry", "take primary until 08:00"),
        ("take until 08:00", "take", "", "take primary until 08:00"),
        ("take primary until 8", "take primary", "until 8", "take primary until 08:00"),
        ("take primary until Mon", "take primary", "until Mon", "take primary until Mon 08:00"),
        (
            "take primary Fri 18:00 to Mon 09:00",
            "take primary",
            "Fri 18:00 to Mon 09:00",
            "override primary @dora Fri 18:00 to Mon 09:00",
        ),
        ("swap", "swap", "", "swap with @ana"),
        ("swap Sat 20:00", "swap Sat 20:00", "", "swap Sat 20:00 with @ana"),
        ("swap Sat 20:00 with bne", "swap", "bne", "swap Sat 20:00 with @ben"),
        ("swap Sat with @ben Mon 09:00", "swap", "Sat", "swap Sat 08:00 with @ben Mon 09:00"),
        ("swap Sat 20:00 with @ben Mno", "swap Sat 20:00 with @ben", "Mno", "swap Sat 20:00 with @ben tomorrow 20:00"),
        ("swap my week", "swap my week", "", "swap my week with @ana"),
        ("swap next wek with @ben", "swap", "next wek", "swap next week with @ben"),
        ("swap my week of Mno with @ben", "swap", "week of mno", "swap week of tomorrow 20:00 with @ben"),
        (
            "swap 7 Dec to Mno with @ben 14 Dec to 20 Dec",
            "swap",
            "Mno",
            "swap 7 Dec for 8 hours with @ben 14 Dec to 20 Dec",
        ),
        (
            "swap this week with @ben 2026-12-14 to 2026-12-07",
            "swap this week with @ben",
            "2026-12-07",
            "swap this week with @ben 2026-12-07 to 2026-12-14",
        ),
        ("absent @ben", "absent @ben", "", "absent @ben today to tomorrow"),
        ("absent bne tomorrow", "absent", "bne", "absent @ben tomorrow"),
        ("absent until Mon", "absent until", "Mon", "absent now to 2026-11-23 00:00"),
        ("absent 2026-01-01 to 2026-01-05", "absent", "2026-01-01 to 2026-01-05", "absent 20:00 to 08:00"),
        ("absnet tomorrow", "", "absnet", "absent tomorrow"),
        ("back bne", "back", "bne", "back @ben"),
        ("override", "override", "", "override primary @ana 20:00 to 08:00"),
        ("override primary", "override primary", "", "override primary @ana 20:00 to 08:00"),
        ("override primary @ben", "override primary @ben", "", "override primary @ben 20:00 to 08:00"),
        ("override primry @ben for 2 hours", "override", "primry", "override primary @ben for 2 hours"),
        ("override primary bne for 2 hours", "override primary", "bne", "override primary @ben for 2 hours"),
        ("override primary for 2 hours", "override primary", "", "override primary @ana for 2 hours"),
        (
            "override primary @ben for 2 hours instead of ann",
            "override primary … instead of",
            "ann",
            "override primary @ben for 2 hours instead of @ana",
        ),
        ("feed primry", "feed", "primry", "feed primary"),
        ("feed revoke primary now", "feed revoke", "now", "feed revoke primary"),
        ("override remove primary bne", "override remove primary", "bne", "override remove primary @ben"),
        ("add @ben to primary", "add responder", "@ben to primary", "rotation add @ben to primary"),
        ("absent 1 Aug to 15 Aug", "absent", "1 Aug", "absent 2027-08-01 to 15 Aug"),
    ],
)
def test_what_does_not_fit_is_answered_with_the_nearest_form(text, understood, not_understood, nearest) -> None:
    wrong = read(text)
    assert isinstance(wrong, NotUnderstood)
    assert (wrong.understood, wrong.not_understood, wrong.nearest[0]) == (understood, not_understood, nearest)


def test_proposals_keep_the_reason_and_the_schedule() -> None:
    wrong = read("cover me Sat 20:00 to 8 in primary because concert")
    assert isinstance(wrong, NotUnderstood)
    assert wrong.nearest[0] == "cover me Sat 20:00 to 08:00 in primary because concert"


def test_april_is_a_person_only_where_a_person_stands() -> None:
    april = replace(KNOWN, people=(*KNOWN.people, replace(KNOWN.people[0], id="april", name="April Jones")))
    assert read("absent 1 April 2027 to 3 April", april) == BeAbsent(None, day("2027-04-01"), day("2027-04-04"))
    assert read("absent @april tomorrow", april) == BeAbsent("april", day("2026-11-22"), day("2026-11-23"))


def test_the_only_schedule_need_not_be_named() -> None:
    only = replace(KNOWN, schedules=("primary",))
    assert read("take until Mon 09:00", only) == TakeShift("primary", NEXT_MON)
    assert read("override @ben Fri 18:00 to Mon 09:00", only) == MakeOverride("primary", "ben", FRI, MON)


def test_me_is_the_asker_and_nobody_when_the_asker_is_no_responder() -> None:
    assert isinstance(read("override primary me until Mon 09:00", replace(KNOWN, asker=None)), NotUnderstood)
