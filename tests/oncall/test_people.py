from datetime import UTC, datetime, timedelta

import pytest

from oncallbot.oncall.people import DEFAULT_NOTIFY, Absence, Method, NotificationRule, Responder
from tests.oncall.cast import utc

ANA = Responder("ana", "Ana Ruiz", "Europe/Madrid", slack="U0ANA00001", phone="+493023125001")


def test_slack_and_sms_come_at_once_and_the_phone_rings_twice_by_default() -> None:
    rules = [(rule.after.total_seconds(), rule.by.value) for rule in DEFAULT_NOTIFY]
    assert rules == [(0, "slack"), (0, "sms"), (60, "voice"), (180, "voice")]


def test_sms_and_voice_share_the_phone_and_a_missing_method_has_no_address() -> None:
    assert [ANA.address(method) for method in Method] == ["U0ANA00001", "+493023125001", "+493023125001", None]


def test_first_name_is_the_first_word_of_the_name() -> None:
    assert ANA.first_name == "Ana"


def test_a_notification_rule_cannot_come_before_its_page() -> None:
    with pytest.raises(ValueError, match="0s or more"):
        NotificationRule(timedelta(seconds=-1), Method.SMS)


@pytest.mark.parametrize("name", ["Europe/Berln", "", "Europe", "../etc/passwd", "a\0b"])
def test_an_unknown_time_zone_is_refused_with_an_example(name: str) -> None:
    with pytest.raises(ValueError, match="Europe/Berlin"):
        Responder("ana", "Ana Ruiz", name)


def test_an_absence_must_end_after_it_starts() -> None:
    with pytest.raises(ValueError, match="end after it starts"):
        Absence("ana", utc("2026-01-01"), utc("2026-01-01"))


def test_an_absence_without_offset_is_refused() -> None:
    with pytest.raises(ValueError, match="offset"):
        Absence("ana", datetime(2026, 1, 1), datetime(2026, 1, 2, tzinfo=UTC))
