"""Doctor finds whom nobody could reach tonight, and when nobody is on call."""

from typing import Any

from oncallbot.clock import Clock
from oncallbot.storage import opt_outs
from oncallbot.storage.database import Database
from tests.cli.cast import changed
from tests.cli.evening import BEN, ROSTER, TWILIO, Evening
from tests.cli.evening import evening as evening
from tests.cli.evening import whole_evening as whole_evening

ONLY_TEXTS = "phone: +49 30 23125 004, notify: [{after: 0s, by: sms}]"


def reached(evening: Evening, who: str, **how: Any) -> tuple[bool | None, str]:
    """Can this person be reached, and what is said about it?"""
    found = [one for one in evening.found(**how) if one["check"] == "responder_reachable" and one["subject"] == who]
    assert len(found) == 1
    return found[0]["ok"], found[0]["detail"]


def opted_out(url: str, phone: str) -> None:
    database = Database.open(url)
    with database.write() as connection:
        opt_outs.add(connection, phone, Clock().now())
    database.close()


def test_a_person_without_any_contact_method_fails(evening: Evening):
    url = evening.with_rules(changed("Dora Lind, phone: +49 30 23125 004", "Dora Lind", ROSTER))
    ok, detail = reached(evening, "dora", **url)
    assert (ok, "has no phone" in detail) == (False, True)


def test_a_person_whose_road_is_off_fails(evening: Evening):
    url = evening.with_rules(ROSTER)
    assert reached(evening, "dora", **url)[0] is True
    ok, detail = reached(evening, "dora", without=("TWILIO_API_URL", *TWILIO), **url)
    assert (ok, "Twilio is off" in detail) == (False, True)
    assert reached(evening, "ana", without=("TWILIO_API_URL", *TWILIO), **url)[0] is True


def test_a_vendor_that_is_half_set_is_no_road(evening: Evening):
    url = evening.with_rules(ROSTER)
    ok, detail = reached(evening, "dora", without=("TWILIO_AUTH_TOKEN",), **url)
    assert (ok, "Twilio is off" in detail) == (False, True)
    assert reached(evening, "ana", without=("TWILIO_AUTH_TOKEN",), **url)[0] is True


def test_a_person_who_is_only_in_slack_and_not_found_there_fails(evening: Evening):
    only_slack = changed("slack: ben@example.com, phone: +49 30 23125 002", "slack: ben@example.com", ROSTER)
    url = evening.with_rules(only_slack)
    assert reached(evening, "ben", **url)[0] is True
    evening.sim.put(f"/slack/users/{BEN}", email="ben@elsewhere.example")
    ok, detail = reached(evening, "ben", **url)
    assert (ok, "is not found in Slack" in detail) == (False, True)


def test_a_person_who_has_stopped_our_texts_and_has_no_other_way_fails(evening: Evening):
    url = evening.with_rules(changed("phone: +49 30 23125 004", ONLY_TEXTS, ROSTER))
    opted_out(url["DATABASE_URL"], "+493023125004")
    ok, detail = reached(evening, "dora", **url)
    assert (ok, "stop our texts" in detail) == (False, True)


def test_a_person_who_has_stopped_our_texts_is_reached_by_voice(evening: Evening):
    url = evening.with_rules(ROSTER)
    opted_out(url["DATABASE_URL"], "+493023125001")
    ok, detail = reached(evening, "ana", **url)
    assert (ok, detail.startswith("by slack and voice (sms: ")) == (True, True)


def test_whether_a_landline_takes_texts_is_not_known(evening: Evening):
    url = evening.with_rules(changed("phone: +49 30 23125 004", ONLY_TEXTS, ROSTER))
    ok, detail = reached(evening, "dora", **url)
    assert (ok, "looks like a landline" in detail) == (None, True)


def test_nobody_can_be_called_without_a_number_to_call_from(evening: Evening):
    url = evening.with_rules(changed("    numbers: [+49 30 23125 999]\n", "", ROSTER))
    assert "no hotline has a number to call from" in reached(evening, "dora", **url)[1]


def test_people_who_are_never_paged_are_not_looked_at(evening: Evening):
    idle = changed("office_hours:\n  berlin:", "  eva: {name: Eva Roth}\noffice_hours:\n  berlin:", ROSTER)
    url = evening.with_rules(idle)
    assert "eva" not in {one["subject"] for one in evening.found(**url)}


def test_geo_permissions_are_said_to_be_unknown(evening: Evening):
    told = [one for one in evening.found() if one["subject"] == "countries DE"]
    assert [(one["ok"], "Geo permissions" in one["cure"]) for one in told] == [(None, True)]


def test_a_gap_in_the_next_30_days_fails_with_its_first_time(evening: Evening):
    gappy = changed("participants: [ana, ben, cem]", "participants: [ana, nobody]", ROSTER)
    told = evening.failures(**evening.with_rules(gappy))["coverage", "primary"]
    assert "nobody is on call from " in told
    assert " CE" in told  # in the schedule's own zone, and named


def test_a_policy_that_pages_only_a_channel_fails(evening: Evening):
    url = evening.with_rules(changed("page: [{schedule: primary}]", "page: [{channel: C0ONCALL01}]", ROSTER))
    assert "pages nobody" in evening.failures(**url)["coverage", "main"]


def test_rules_without_a_hotline_fail(evening: Evening):
    url = evening.with_rules(ROSTER.partition("hotlines:")[0])
    assert ("coverage", "hotlines") in evening.failures(**url)


def test_a_database_without_rules_fails(evening: Evening):
    url: dict[str, Any] = {"DATABASE_URL": f"sqlite:///{evening.folder / 'bare.db'}"}
    assert evening.command("db", "upgrade", **url).code == 0
    failing = evening.failures(**url)
    assert {("coverage", "hotlines"), ("responder_reachable", "responders")} <= set(failing)
