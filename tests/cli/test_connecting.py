"""The numbers' webhooks are pointed at us, and what rings when we are down is printed for another machine."""

from typing import Any
from xml.etree import ElementTree

import pytest

from tests.cli.cast import changed
from tests.cli.evening import DORA, HOTLINE, ROSTER, TWILIO, Evening
from tests.cli.evening import evening as evening
from tests.cli.evening import whole_evening as whole_evening

NUMBER = f"/numbers/{HOTLINE}"
SECOND = "+493023125998"
ERIK = "+493023125100"
RETRIES = "#rc=2&rp=ct,rt,5xx"


def numbers(evening: Evening) -> dict[str, Any]:
    return {one["phone_number"]: one for one in evening.sim.get("/numbers")}


def fresh(evening: Evening) -> None:
    """A number as it comes from the shop."""
    evening.sim.http.delete(NUMBER)
    evening.sim.put(NUMBER)


def test_every_webhook_leads_to_us_by_post_and_is_tried_again(evening: Evening):
    fresh(evening)
    done = evening.command("twilio", "connect")
    assert (done.code, done.err) == (0, "")
    number = numbers(evening)[HOTLINE]
    assert number["voice_url"] == f"{evening.public_url}/twilio/voice{RETRIES}"
    assert number["sms_url"] == f"{evening.public_url}/twilio/sms{RETRIES}"
    assert number["status_callback"] == f"{evening.public_url}/twilio/hotline/ended{RETRIES}"
    assert {number[f"{one}_method"] for one in ("voice", "sms", "status_callback")} == {"POST"}


def test_each_field_is_shown_before_and_after(evening: Evening):
    evening.sim.put(NUMBER, voice_url="https://old.example.com/voice")
    said = evening.command("twilio", "connect").out
    assert said.splitlines()[0] == f"{HOTLINE} (main)"
    assert f"  voice_url: https://old.example.com/voice → {evening.public_url}/twilio/voice{RETRIES}" in said
    assert "sms_url" not in said


def test_what_is_right_is_not_asked_for_again(evening: Evening):
    asked = len(evening.sim.get("/requests"))
    assert evening.command("twilio", "connect").out == f"{HOTLINE} (main): nothing to change\n"
    assert {one["method"] for one in evening.sim.get("/requests")[asked:]} == {"GET"}


def test_a_dry_run_changes_nothing_and_exits_1_when_something_would_change(evening: Evening):
    assert evening.command("twilio", "connect", "--dry-run").code == 0
    fresh(evening)
    before = numbers(evening)
    done = evening.command("twilio", "connect", "--dry-run", "--json")
    assert (done.code, numbers(evening)) == (1, before)
    (told,) = done.answer
    assert (told["hotline"], told["number"], told["applied"]) == ("main", HOTLINE, False)
    assert told["changes"]["sms_url"] == {"before": "", "after": f"{evening.public_url}/twilio/sms{RETRIES}"}


def test_a_fallback_stays_unless_another_one_is_named(evening: Evening):
    before = numbers(evening)[HOTLINE]["voice_fallback_url"]
    evening.sim.put(NUMBER, voice_url="")
    evening.command("twilio", "connect")
    assert numbers(evening)[HOTLINE]["voice_fallback_url"] == before != ""
    evening.command("twilio", "connect", "--fallback", "http://elsewhere.example/twiml.xml")
    after = numbers(evening)[HOTLINE]
    assert (after["voice_fallback_url"], after["voice_fallback_method"]) == (
        "http://elsewhere.example/twiml.xml",
        "GET",
    )


def test_a_number_without_a_fallback_is_told(evening: Evening):
    fresh(evening)
    assert "no fallback yet" in evening.command("twilio", "connect").out


def test_a_number_that_cannot_text_keeps_its_sms_fields(evening: Evening):
    fresh(evening)
    evening.sim.put(NUMBER, capabilities={"sms": False})
    assert evening.command("twilio", "connect").code == 0
    assert numbers(evening)[HOTLINE]["sms_url"] == ""


def test_nothing_is_changed_when_one_number_is_not_owned(evening: Evening):
    fresh(evening)
    two = changed("numbers: [+49 30 23125 999]", "numbers: [+49 30 23125 999, +49 30 23125 998]", ROSTER)
    done = evening.command("twilio", "connect", **evening.with_rules(two))
    assert (done.code, done.out) == (1, "")
    assert done.err.startswith(f"hotline main, {SECOND}: the account does not own it; buy it")
    assert numbers(evening)[HOTLINE]["voice_url"] == ""


def test_an_application_on_the_number_is_not_covered_up(evening: Evening):
    evening.sim.put(NUMBER, voice_application_sid="AP" + "0" * 32)
    done = evening.command("twilio", "connect")
    assert done.code == 1
    assert "a TwiML application takes its calls" in done.err


@pytest.mark.parametrize(
    "address", ["http://oncall.example.com", "https://localhost", "https://10.0.0.7", "https://pager"]
)
def test_an_address_that_twilio_cannot_reach_by_https_is_refused(evening: Evening, address: str):
    real = ("ONCALLBOT_ALLOW_EMULATORS", "TWILIO_API_URL", "SLACK_API_URL")
    done = evening.command("twilio", "connect", without=real, PUBLIC_URL=address)
    assert (done.code, done.out) == (1, "")
    assert done.err.startswith(f"PUBLIC_URL: {address} is no address that Twilio reaches")


def test_without_twilio_there_is_nothing_to_connect(evening: Evening):
    done = evening.command("twilio", "connect", without=("TWILIO_API_URL", *TWILIO))
    assert (done.code, done.out) == (1, "")
    assert "Twilio is off" in done.err


@pytest.mark.parametrize("fallback", ["elsewhere.example/twiml.xml", "ftp://elsewhere.example", "{own}/fallback.xml"])
def test_a_fallback_that_cannot_be_one_is_wrong_usage(evening: Evening, fallback: str):
    done = evening.command("twilio", "connect", "--fallback", fallback.format(own=evening.public_url))
    assert (done.code, done.out) == (2, "")
    assert done.err.startswith("--fallback: ")


def test_a_refusal_by_twilio_is_told_and_can_be_repeated(evening: Evening):
    fresh(evening)
    evening.sim.post("/faults", kind="http_500", match={"resource": "IncomingPhoneNumbers", "method": "POST"})
    done = evening.command("twilio", "connect", "--json")
    assert (done.code, [one["applied"] for one in done.answer]) == (1, [False])
    assert "run the command again" in done.err
    assert evening.command("twilio", "connect").code == 0


# The fallback document


def test_the_fallback_says_the_truth_in_each_language_and_rings_a_person(evening: Evening):
    printed = evening.command("twilio", "fallback").out
    assert evening.command("twilio", "fallback", "main", "--json").answer == {
        "hotline": "main",
        "twiml": printed.rstrip(),
    }
    root = ElementTree.fromstring(printed)
    assert [verb.tag for verb in root] == ["Say", "Say", "Dial", "Say", "Say", "Hangup"]
    assert [verb.get("language") for verb in root.iter("Say")] == ["en-US", "de-DE"] * 2
    dial = root.find("Dial")
    assert dial is not None
    assert ([number.text for number in dial], dial.get("callerId")) == ([DORA], HOTLINE)
    assert int(dial.get("timeout", "60")) <= 25
    assert evening.public_url not in ElementTree.tostring(root, encoding="unicode")


def test_a_hotline_without_a_fallback_number_is_told_what_to_write(evening: Evening):
    url = evening.with_rules(changed("    fallback_number: +49 30 23125 004\n", "", ROSTER))
    done = evening.command("twilio", "fallback", "main", **url)
    assert (done.code, done.out) == (1, "")
    assert done.err.startswith("hotline main: has no `fallback_number`; ")


def test_an_unknown_hotline_is_answered_with_the_nearest(evening: Evening):
    done = evening.command("twilio", "fallback", "mian")
    assert (done.code, "main" in done.err) == (1, True)


def test_of_several_hotlines_one_has_to_be_named(evening: Evening):
    second = "  sales: {name: Sales, office_hours: berlin}\n"
    done = evening.command("twilio", "fallback", **evening.with_rules(ROSTER + second))
    assert (done.code, done.err) == (2, "HOTLINE: there are several hotlines; name one of main, sales\n")


def test_a_caller_reaches_a_person_while_we_are_down(evening: Evening):
    evening.sim.put(NUMBER, voice_url="http://127.0.0.1:1/twilio/voice", status_callback="")
    evening.sim.put(f"/handsets/{DORA}", behaviour="manual")
    evening.sim.post(f"/handsets/{ERIK}/call", to=HOTLINE)
    evening.sim.wait("handset", number=DORA, state="ringing")
    heard = " ".join(evening.sim.get(f"/handsets/{ERIK}")["call"]["heard"])
    assert "Our on-call system does not answer right now." in heard
    assert "Unser Bereitschaftssystem antwortet gerade nicht." in heard
    evening.sim.post(f"/handsets/{DORA}/decline")
    evening.sim.wait("handset", number=ERIK, state="idle")
    ended = evening.sim.get(f"/handsets/{ERIK}")["calls"][-1]
    assert "If nobody could help you" in " ".join(ended["heard"])
    assert [one for one in evening.sim.get("/violations?kind=conduct") if one.get("vendor") != "slack"] == []
