"""Doctor tries the credentials for real, and finds what is wrong at Slack, at Twilio and with the numbers."""

from typing import Any

import pytest

from oncallbot.clock import Clock
from oncallbot.oncall.people import Method
from oncallbot.storage import slack_ids, workers
from oncallbot.storage.database import Database
from oncallbot.storage.workers import Worker
from tests.cli.cast import changed
from tests.cli.evening import ANA, BEN, CEM, HOTLINE, ONCALL, ROSTER, SLACK, TWILIO, Evening
from tests.cli.evening import evening as evening
from tests.cli.evening import whole_evening as whole_evening

NUMBER = f"/numbers/{HOTLINE}"


def twiml(inside: str) -> tuple[int, str]:
    return 200, f'<?xml version="1.0" encoding="UTF-8"?><Response>{inside}</Response>'


# Slack


def test_a_token_that_slack_refuses_fails(evening: Evening):
    failing = evening.failures(SLACK_BOT_TOKEN="xoxb-wrong")
    assert "the bot token is wrong" in failing["slack_auth", "SLACK_BOT_TOKEN"]


def test_slack_that_cannot_be_reached_fails(evening: Evening):
    evening.sim.post("/faults", kind="down", match={"vendor": "slack"})
    assert "slack.com" in evening.failures()["slack_auth", "SLACK_BOT_TOKEN"]


def test_ids_of_another_app_fail_and_the_right_ones_are_told(evening: Evening):
    failing = evening.failures(SLACK_TEAM_ID="T0OTHER001", SLACK_BOT_USER_ID="U0OTHER001")
    assert f"set SLACK_TEAM_ID={evening.environ['SLACK_TEAM_ID']}" in failing["slack_auth", "SLACK_TEAM_ID"]
    assert ("slack_auth", "SLACK_BOT_USER_ID") in failing
    assert ("slack_auth", "SLACK_BOT_ID") not in failing


def test_a_scope_that_is_missing_fails_and_says_what_for(evening: Evening):
    scopes = evening.sim.get("/slack/settings")["scopes"]
    evening.sim.put("/slack/settings", scopes=[one for one in scopes if one != "im:write"])
    assert "conversations.open" in evening.failures()["slack_scopes", "im:write"]


def test_a_responder_whom_slack_does_not_know_fails(evening: Evening):
    evening.sim.put(f"/slack/users/{BEN}", email="ben@elsewhere.example")
    assert "e-mail" in evening.failures()["slack_names", "ben"]


def keeps(url: dict[str, Any], name: str, id_: str) -> None:
    """The workers have found this id for the name."""
    database = Database.open(url["DATABASE_URL"])
    with database.write() as connection:
        slack_ids.keep(connection, name, id_, Clock().now())
    database.close()


def test_a_name_that_the_workers_take_for_somebody_else_fails(evening: Evening):
    url = evening.with_rules(ROSTER)
    keeps(url, "ben@example.com", CEM)
    keeps(url, "help", ONCALL)
    failing = evening.failures(**url)
    assert "write the id instead of the name" in failing["slack_names", "ben"]
    assert "write the id instead of the name" in failing["slack_channels", "#help"]


def test_without_a_token_names_that_the_workers_have_not_found_fail(evening: Evening):
    url = evening.with_rules(ROSTER)
    keeps(url, "help", "C0HELP0001")
    now = Clock().now()
    database = Database.open(url["DATABASE_URL"])
    with database.write() as connection:
        workers.register(connection, Worker("w1", "worker", now, now, roads=frozenset({Method.SLACK})))
    database.close()
    failing = evening.failures(without=("SLACK_API_URL", *SLACK), **url)
    assert [subject for check, subject in failing if check == "slack_names"] == ["responder ben"]


@pytest.mark.parametrize(
    ("facts", "said"),
    [({"deleted": True}, "has left"), ({"is_bot": True}, "is a bot"), ({"team_id": "T0ACME0001"}, "another workspace")],
)
def test_a_member_who_cannot_answer_fails(evening: Evening, facts: dict[str, object], said: str):
    evening.sim.put(f"/slack/users/{CEM}", **facts)
    assert said in evening.failures()["slack_names", "cem"]


def test_an_id_that_is_nobodys_fails(evening: Evening):
    url = evening.with_rules(changed(ANA, "U0NOBODY01", ROSTER))
    assert "U0NOBODY01" in evening.failures(**url)["slack_names", "ana"]


def test_a_channel_without_the_bot_fails(evening: Evening):
    evening.sim.put(f"/slack/channels/{ONCALL}", bot=False)
    assert "/invite" in evening.failures()["slack_channels", ONCALL]


def test_a_channel_that_is_archived_fails(evening: Evening):
    evening.sim.put(f"/slack/channels/{ONCALL}", is_archived=True)
    assert "is archived" in evening.failures()["slack_channels", ONCALL]


def test_a_channel_that_is_misspelt_fails(evening: Evening):
    url = evening.with_rules(changed("slack_channels: [help]", "slack_channels: [hepl]", ROSTER))
    assert "hotline main" in evening.failures(**url)["slack_channels", "#hepl"]


def test_a_user_group_that_slack_does_not_know_fails(evening: Evening):
    url = evening.with_rules(changed("  primary:\n", "  primary:\n    user_group: oncal\n", ROSTER))
    evening.sim.put("/slack/usergroups/S0ONCALL01", name="On call", handle="oncall", users=[])
    assert "no user group oncal" in evening.failures(**url)["slack_names", "primary"]


# The account


def test_a_token_that_twilio_refuses_fails(evening: Evening):
    failing = evening.failures(TWILIO_AUTH_TOKEN="0" * 32)
    assert "20003" in failing["twilio_auth", "TWILIO_AUTH_TOKEN"]
    assert ("twilio_auth", "TWILIO_API_KEY_SID") not in failing


def test_twilio_that_cannot_be_reached_fails(evening: Evening):
    failing = evening.failures(TWILIO_API_URL="http://127.0.0.1:1")
    assert "api.twilio.com" in failing["twilio_auth", "TWILIO_AUTH_TOKEN"]


def test_an_account_that_is_suspended_fails(evening: Evening):
    evening.sim.put("/account", status="suspended")
    assert "the account is suspended" in evening.failures()["twilio_auth", "TWILIO_AUTH_TOKEN"]


def test_the_secondary_token_in_the_place_of_the_primary_fails(evening: Evening):
    secondary = evening.sim.get("/account")["secondary_token"]
    told = evening.failures(TWILIO_AUTH_TOKEN=secondary)
    assert "signs its requests with another token" in told["twilio_auth", "TWILIO_AUTH_TOKEN"]
    primary = evening.environ["TWILIO_AUTH_TOKEN"]
    assert evening.failures(TWILIO_AUTH_TOKEN=secondary, TWILIO_AUTH_TOKEN_SECONDARY=primary) == {}


def test_a_secondary_token_that_twilio_refuses_fails(evening: Evening):
    failing = evening.failures(TWILIO_AUTH_TOKEN_SECONDARY="0" * 32)
    assert list(failing) == [("twilio_auth", "TWILIO_AUTH_TOKEN_SECONDARY")]


def test_an_api_key_is_tried_where_it_is_used(evening: Evening):
    account = evening.sim.get("/account")
    right = {"TWILIO_API_KEY_SID": account["api_key_sid"], "TWILIO_API_KEY_SECRET": account["api_key_secret"]}
    assert evening.failures(**right) == {}
    wrong = evening.failures(**(right | {"TWILIO_API_KEY_SECRET": "wrong"}))
    assert list(wrong) == [("twilio_auth", "TWILIO_API_KEY_SID")]


def test_what_a_trial_account_may_do_is_not_known(evening: Evening):
    evening.sim.put("/account", type="Trial")
    assert [one["ok"] for one in evening.found() if one["subject"] == "trial"] == [None]


def test_only_a_request_of_the_vendors_proves_that_we_believe_them(evening: Evening):
    told = {one["subject"]: one["ok"] for one in evening.found(**evening.with_rules(ROSTER))}
    assert (told["signatures"], told["SLACK_SIGNING_SECRET"]) == (None, None)
    evening.sim.post("/handsets/+493023125100/text", to=HOTLINE, body="The plant stands still")
    evening.sim.wait("text", number="+493023125100", direction="in", contains="AH-")
    evening.sim.put("/slack/settings", request_url=f"{evening.public_url}/slack/events")
    evening.sim.post(f"/slack/users/{ANA}/command", text="page the plant stands still", channel="dm")
    for one in evening.command("issues", "--json").answer:
        assert evening.command("dismiss", one["reference"], "--as", "dora").code == 0
    told = {one["subject"]: one["ok"] for one in evening.found()}
    assert (told["signatures"], told["SLACK_SIGNING_SECRET"]) == (True, True)


# The numbers


def test_a_number_of_a_hotline_without_twilio_fails(evening: Evening):
    url = evening.with_rules(ROSTER)
    failing = evening.failures(without=("TWILIO_API_URL", *TWILIO), **url)
    assert "Twilio is off: nobody answers it" in failing["number_voice", HOTLINE]


def test_a_number_that_the_account_does_not_own_fails(evening: Evening):
    evening.sim.http.delete(NUMBER)
    assert "does not own it" in evening.failures()["number_voice", HOTLINE]


def test_a_hotline_without_a_number_fails(evening: Evening):
    url = evening.with_rules(changed("    numbers: [+49 30 23125 999]\n", "", ROSTER))
    assert "no hotline has a number" in evening.failures(**url)["number_voice", "hotlines"]


@pytest.mark.parametrize(
    ("facts", "said"),
    [
        ({"capabilities": {"voice": False}}, "cannot be called"),
        ({"voice_url": "https://old.example.com/voice"}, "its voice_url is https://old.example.com/voice"),
        ({"voice_url": ""}, "its voice_url is empty"),
        ({"voice_method": "GET"}, "its voice_method is GET"),
        ({"status_callback": ""}, "its status_callback is empty"),
        ({"voice_application_sid": "AP" + "0" * 32}, "a TwiML application takes its calls"),
        ({"trunk_sid": "TK" + "0" * 32}, "a SIP trunk takes its calls"),
    ],
)
def test_a_number_whose_calls_do_not_come_to_us_fails(evening: Evening, facts: dict[str, object], said: str):
    evening.sim.put(NUMBER, **facts)
    assert said in evening.failures()["number_voice", HOTLINE]


@pytest.mark.parametrize(
    ("facts", "said"),
    [
        ({"capabilities": {"sms": False}}, "cannot text, but ana, ben, cem, dora would be texted from it"),
        ({"sms_url": "https://old.example.com/sms"}, "its sms_url is https://old.example.com/sms"),
        ({"sms_method": "GET"}, "its sms_method is GET"),
        ({"sms_application_sid": "AP" + "0" * 32}, "a TwiML application takes its texts"),
    ],
)
def test_a_number_whose_texts_do_not_come_to_us_fails(evening: Evening, facts: dict[str, object], said: str):
    evening.sim.put(NUMBER, **facts)
    assert said in evening.failures()["number_sms", HOTLINE]


def test_a_number_that_leads_here_without_a_hotline_fails(evening: Evening):
    evening.sim.put("/numbers/+493023125998", voice_url=f"{evening.public_url}/twilio/voice")
    assert "no hotline has it" in evening.failures()["number_voice", "+493023125998"]


# The fallback


@pytest.mark.parametrize(
    ("path", "said"),
    [
        ("/gone.xml", "HTTP 404"),
        ("/silent.xml", "rings nobody"),
        ("/page.html", "no TwiML"),
        ("/text.xml", "no TwiML"),
        ("/spoken.txt", "is text/plain"),
        ("/round.xml", "from one address to the next"),
        ("/other.xml", "another number than `fallback_number`"),
    ],
)
def test_a_fallback_that_rings_nobody_of_ours_fails(evening: Evening, path: str, said: str):
    evening.elsewhere.documents |= {
        "/silent.xml": twiml("<Say>We are closed.</Say>"),
        "/page.html": (200, "<html><body>Hello</body></html>"),
        "/text.xml": (200, "Hello"),
        "/spoken.txt": twiml("<Dial>+493023125004</Dial>"),
        "/round.xml": (307, "/round.xml"),
        "/other.xml": twiml("<Dial>+493023125888</Dial>"),
    }
    evening.sim.put(NUMBER, voice_fallback_url=evening.elsewhere.url + path)
    assert said in evening.failures()["number_fallback", HOTLINE]


def test_a_number_without_a_fallback_fails(evening: Evening):
    evening.sim.put(NUMBER, voice_fallback_url="")
    assert "has no fallback" in evening.failures()["number_fallback", HOTLINE]


def test_a_fallback_on_our_own_machine_fails(evening: Evening):
    evening.sim.put(NUMBER, voice_fallback_url=f"{evening.public_url}/fallback.xml")
    assert "our own machine" in evening.failures()["number_fallback", HOTLINE]


def test_a_fallback_may_lead_on_but_not_to_our_own_machine(evening: Evening):
    evening.elsewhere.documents["/moved.xml"] = (301, "/fallback.xml")
    evening.sim.put(NUMBER, voice_fallback_url=f"{evening.elsewhere.url}/moved.xml")
    assert evening.failures() == {}
    evening.elsewhere.documents["/moved.xml"] = (301, f"{evening.public_url}/fallback.xml")
    assert "our own machine" in evening.failures()["number_fallback", HOTLINE]


def test_a_fallback_that_does_not_answer_fails(evening: Evening):
    evening.sim.put(NUMBER, voice_fallback_url="https://fallback.invalid/twiml.xml")
    assert "its name is unknown" in evening.failures()["number_fallback", HOTLINE]


def test_a_fallback_is_asked_as_twilio_would(evening: Evening):
    evening.sim.put(NUMBER, voice_fallback_method="POST")
    assert "answers POST with HTTP 405" in evening.failures()["number_fallback", HOTLINE]
    evening.elsewhere.takes_post = True
    assert evening.failures() == {}


def test_a_fallback_that_rings_the_hotline_itself_fails(evening: Evening):
    url = evening.with_rules(changed("    fallback_number: +49 30 23125 004\n", "", ROSTER))
    evening.elsewhere.documents["/fallback.xml"] = twiml(f"<Dial>{HOTLINE}</Dial>")
    assert "rings the hotline itself" in evening.failures(**url)["number_fallback", HOTLINE]
