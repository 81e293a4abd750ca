"""How texts travel, are answered, and are stopped."""

from typing import Any

import pytest

from .conftest import ANA, BEN, ERIK, HOTLINE, Product, Sim


def reply(text: str) -> str:
    return f"<Response><Message>{text}</Message></Response>"


def told(product: Product) -> list[str]:
    return [said.posted["MessageStatus"] for said in product.at("/status")]


def test_a_text_is_queued_sent_and_delivered_and_the_first_status_is_not_told(sim: Sim, product: Product) -> None:
    made = sim.text(StatusCallback=product.url + "/status")
    assert (made["status"], made["direction"], made["num_segments"]) == ("queued", "outbound-api", "1")
    sim.wait("message", sid=made["sid"], status="delivered")
    sim.wait("quiet")
    assert told(product) == ["sent", "delivered"]
    said = product.at("/status")[0].posted
    assert (said["MessageSid"], said["SmsSid"], said["From"], said["To"]) == (made["sid"], made["sid"], HOTLINE, ANA)
    assert sim.handset(ANA)["texts"][0]["body"] == "hello"


@pytest.mark.parametrize("code", [30003, 30005, 30006])
def test_an_undelivered_text_says_why_by_callback_only(sim: Sim, product: Product, code: int) -> None:
    sim.put(f"/handsets/{ANA}", texts="undelivered", error_code=code)
    made = sim.text(StatusCallback=product.url + "/status")
    assert made["error_code"] is None
    assert sim.wait("message", sid=made["sid"], status="undelivered")["error_code"] == code
    sim.wait("quiet")
    assert told(product) == ["sent", "undelivered"]
    assert product.at("/status")[-1].posted["ErrorCode"] == str(code)
    assert sim.handset(ANA)["texts"] == []


def test_some_carriers_never_say_delivered(sim: Sim, product: Product) -> None:
    sim.put(f"/handsets/{ANA}", texts="carrier_silent")
    sim.text(StatusCallback=product.url + "/status")
    sim.wait("text", number=ANA, contains="hello")
    sim.wait("quiet")
    assert told(product) == ["sent"]


def test_a_text_that_becomes_scheduled_has_not_arrived(sim: Sim, product: Product) -> None:
    sim.put(f"/handsets/{ANA}", texts="scheduled")
    made = sim.text(StatusCallback=product.url + "/status")
    sim.wait("message", sid=made["sid"], status="scheduled")
    assert sim.handset(ANA)["texts"] == []
    assert sim.rest("POST", f"/Messages/{made['sid']}.json", Status="canceled").json()["status"] == "canceled"


def test_a_text_expires_with_its_validity_period(sim: Sim) -> None:
    sim.put(f"/handsets/{ANA}", text_after=30)
    late = sim.text(ValidityPeriod="2")
    assert sim.wait("message", sid=late["sid"], status="failed")["error_code"] == 30036


def test_a_text_to_the_hotline_is_answered_by_twiml(sim: Sim, product: Product) -> None:
    product.answers["/sms"] = reply("AH-1042 is yours.")
    sid = sim.play(ANA, "text", to=HOTLINE, body="4 1042")["message_sid"]
    sim.wait("text", number=ANA, direction="in", contains="AH-1042 is yours.")
    asked = product.at("/sms")[0].posted
    assert (asked["MessageSid"], asked["Body"], asked["From"], asked["To"]) == (sid, "4 1042", ANA, HOTLINE)
    assert (asked["NumMedia"], asked["SmsStatus"], asked["NumSegments"]) == ("0", "received", "1")
    sent = sim.wait("message", direction="outbound-reply")
    assert sent["to"] == ANA
    assert sim.violations() == []


@pytest.mark.parametrize("answer", [(204, "", ""), (200, "text/xml", "<Response/>"), (200, "text/xml", "")])
def test_a_text_need_not_be_answered(sim: Sim, product: Product, answer: Any) -> None:
    product.answers["/sms"] = answer
    sim.play(ERIK, "text", to=HOTLINE, body="the shop is down")
    sim.wait("webhook", purpose="sms")
    sim.wait("quiet")
    assert [text["direction"] for text in sim.handset(ERIK)["texts"]] == ["out"]
    assert sim.violations() == []


def test_pictures_come_as_numbered_addresses(sim: Sim, product: Product) -> None:
    sim.play(ERIK, "text", to=HOTLINE, body="see", media=["http://x/a.jpg", "http://x/b.jpg"])
    asked = sim.wait("webhook", purpose="sms")["params"]
    assert (asked["NumMedia"], asked["MediaUrl1"]) == ("2", "http://x/b.jpg")
    assert asked["MessageSid"].startswith("MM")


def test_an_owner_may_answer_texts_alone(sim: Sim, product: Product) -> None:
    sim.put(f"/handsets/{ANA}", auto_reply=["4", "6"])
    sim.text(Body="AH-1042: reply 4")
    sim.wait("webhook", purpose="sms", Body="4")
    sim.text(Body="Fixed?")
    sim.wait("webhook", purpose="sms", Body="6")


@pytest.mark.parametrize("word", ["STOP", "stopall", " Unsubscribe ", "CANCEL", "end", "QUIT", "revoke", "OPTOUT"])
def test_a_stop_word_is_the_carriers_and_still_reaches_us(sim: Sim, product: Product, word: str) -> None:
    sim.play(ANA, "text", to=HOTLINE, body=word)
    asked = sim.wait("webhook", purpose="sms")["params"]
    assert (asked["OptOutType"], asked["Body"]) == ("STOP", word)
    sim.wait("text", number=ANA, direction="in", contains="unsubscribed")
    refused = sim.rest("POST", "/Messages.json", To=ANA, From=HOTLINE, Body="hello")
    assert (refused.status_code, refused.json()["code"]) == (400, 21610)


def test_start_restores_what_stop_has_ended(sim: Sim) -> None:
    sim.play(ANA, "text", to=HOTLINE, body="STOP")
    sim.play(ANA, "text", to=HOTLINE, body="start")
    sim.wait("text", number=ANA, direction="in", contains="re-subscribed")
    sim.text()
    sim.wait("text", number=ANA, contains="hello")


def test_opting_out_holds_for_one_pair_of_numbers(sim: Sim) -> None:
    sim.play(ANA, "text", to=HOTLINE, body="STOP")
    sim.text(BEN)
    sim.wait("text", number=BEN, contains="hello")


def test_help_is_answered_by_the_carrier(sim: Sim) -> None:
    sim.play(ANA, "text", to=HOTLINE, body="HELP")
    assert sim.wait("webhook", purpose="sms")["params"]["OptOutType"] == "HELP"
    sim.wait("text", number=ANA, direction="in", contains="Reply STOP")


def test_a_reply_to_somebody_who_opted_out_fails(sim: Sim, product: Product) -> None:
    product.answers["/sms"] = reply("You are unsubscribed.")
    sim.play(ANA, "text", to=HOTLINE, body="STOP")
    assert sim.wait("message", direction="outbound-reply", status="failed")["error_code"] == 21610


def test_a_failing_text_webhook_is_replaced_by_the_fallback(sim: Sim, product: Product) -> None:
    product.answers |= {"/sms": (500, "", ""), "/fallback": reply("We will call you.")}
    sim.put(f"/numbers/{HOTLINE}", sms_fallback_url=product.url + "/fallback")
    sim.play(ERIK, "text", to=HOTLINE, body="help us")
    sim.wait("text", number=ERIK, contains="We will call you.")
    assert product.at("/fallback")[0].posted["ErrorCode"] == "11200"
    assert sim.violations() == [11200]


def test_it_is_not_quiet_before_a_texts_webhook_has_been_answered(sim: Sim, product: Product) -> None:
    product.answers["/sms"] = reply("Thanks.")
    sim.play(ERIK, "text", to=HOTLINE, body="the shop is down")
    sim.wait("quiet")
    assert [text["body"] for text in sim.handset(ERIK)["texts"]] == ["the shop is down", "Thanks."]
