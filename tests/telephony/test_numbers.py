"""A number is dialled only when it is one."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oncallbot.telephony.numbers import is_textable_shape, is_withheld, to_e164

WITHHELD = [
    None,
    "",
    "  ",
    "anonymous",
    "Anonymous",
    "+266696687",
    "266696687",
    "+7378742833",
    "+2562533",
    "+8656696",
    "+86282452253",
    "RESTRICTED",
    "unavailable",
    "unknown",
    "private number",
    "sip:anonymous@anonymous.invalid",
    "sip:+493023125001@pbx.example",
    "SIPS:ana@pbx.example",
    "client:ana",
    "anonymous@anonymous.invalid",
    "+",
    "0000000",
]


@pytest.mark.parametrize("raw", WITHHELD)
def test_a_withheld_caller_has_no_number(raw) -> None:
    assert is_withheld(raw)
    assert to_e164(raw, "DE") is None
    assert not is_textable_shape(raw)


@pytest.mark.parametrize("raw", ["+493023125001", "+15005550006", "12345", "030 23125001", "+8613800138000"])
def test_a_number_is_not_withheld(raw) -> None:
    assert not is_withheld(raw)


@pytest.mark.parametrize(
    ("raw", "region", "written"),
    [
        ("+49 30 23125 001", None, "+493023125001"),
        ("+49 (0)30 23125-001", None, "+493023125001"),
        ("+4930/23125001", None, "+493023125001"),
        (" 030 23125 001 ", "DE", "+493023125001"),
        ("030 23125 001", "de", "+493023125001"),
        ("0049 30 23125001", "DE", "+493023125001"),
        ("+15550100100", None, "+15550100100"),
        ("030 23125 001", None, None),
        ("112", "DE", None),
        ("call me", "DE", None),
        ("1-800-FLOWERS", "US", None),
        ("+49", None, None),
        ("+4930231250011234567", None, None),
        ("9" * 500, "DE", None),
        ("030 23125 001", "XX", None),
    ],
)
def test_any_spelling_becomes_e164_and_anything_else_nothing(raw, region, written) -> None:
    assert to_e164(raw, region) == written


@pytest.mark.parametrize(
    "raw", ["49302312", "+0493023125", "+49 30 23125001", "+123456", "+1234567890123456", "+٤٩٣٠٢٣١٢٥"]
)
def test_only_the_exact_shape_is_texted(raw) -> None:
    assert is_textable_shape("+493023125001")
    assert not is_textable_shape(raw)


@given(st.text(max_size=80))
def test_hostile_input_is_a_number_or_none(raw) -> None:
    written = to_e164(raw, "DE")
    assert written is None or is_textable_shape(written)
