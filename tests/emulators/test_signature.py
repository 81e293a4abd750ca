"""Webhooks are signed as Twilio's documentation says, by a reading that is not the twilio package's."""

import pytest
from twilio.request_validator import RequestValidator  # type: ignore[import-untyped]

from oncallbot.emulators.twilio.signer import signature

from .conftest import ANA, ERIK, HOTLINE, Product, Sim

# The example of https://www.twilio.com/docs/usage/security, by the telephone number it used over the years.
PUBLISHED = {"+14158675309": "RSOYDt4T1cUTdK1PDd93/VVr8B8=", "+12349013030": "0/KCTR6DLpKmkAf8muzZqo1nDgQ="}


@pytest.mark.parametrize(("caller", "expected"), PUBLISHED.items())
def test_the_published_example_has_the_published_signature(caller: str, expected: str) -> None:
    params = {"CallSid": "CA1234567890ABCDE", "Caller": caller, "Digits": "1234", "From": caller, "To": "+18005551212"}
    assert signature("12345", "https://mycompany.com/myapp.php?foo=1&bar=2", params) == expected


def test_the_fragment_is_neither_sent_nor_signed(sim: Sim, product: Product) -> None:
    product.answers["/page"] = "<Response/>"
    sim.put(f"/handsets/{ANA}", behaviour="answer")
    sim.call(Url=product.url + "/page?a=1#rc=2&rp=ct,rt")
    said = sim.wait("webhook", purpose="voice")
    assert said["url"] == product.url + "/page?a=1"
    assert product.heard[0].target == "/page?a=1"


@pytest.mark.parametrize("method", ["POST", "GET"])
def test_the_twilio_package_accepts_our_signatures(sim: Sim, product: Product, method: str) -> None:
    product.answers["/voice"] = "<Response/>"
    sim.put(f"/numbers/{HOTLINE}", voice_url=product.url + "/voice?x=%C3%BC", voice_method=method)
    sim.play(ERIK, "call", to=HOTLINE)
    sim.wait("quiet")
    validator = RequestValidator(sim.settings.auth_token)
    for said in product.heard:
        assert validator.validate(product.url + said.target, said.posted, said.headers["X-Twilio-Signature"])
    assert [said.method for said in product.at("/voice")] == [method]


def test_blank_parameters_are_sent_blank_and_signed(sim: Sim, product: Product) -> None:
    product.answers["/voice"] = "<Response/>"
    sim.play(ERIK, "call", to=HOTLINE, from_="")
    sim.wait("quiet")
    said = product.at("/voice")[0]
    assert (said.posted["From"], said.posted["FromCity"]) == ("", "")
    assert (
        signature(sim.settings.auth_token, product.url + said.target, said.posted) == said.headers["X-Twilio-Signature"]
    )


def test_after_a_rotation_the_new_primary_token_signs(sim: Sim, product: Product) -> None:
    product.answers["/voice"] = "<Response/>"
    sim.put("/account", auth_token="rotated")
    sim.play(ERIK, "call", to=HOTLINE)
    sim.wait("quiet")
    said = product.at("/voice")[0]
    assert signature("rotated", product.url + said.target, said.posted) == said.headers["X-Twilio-Signature"]


def test_a_bad_signature_can_be_ordered_and_its_refusal_is_no_violation(sim: Sim, product: Product) -> None:
    product.answers["/voice"] = (403, "text/plain", "no")
    sim.post("/faults", kind="bad_signature", match={"purpose": "voice"})
    sim.play(ERIK, "call", to=HOTLINE)
    sim.wait("quiet")
    said = product.at("/voice")[0]
    assert (
        signature(sim.settings.auth_token, product.url + said.target, said.posted) != said.headers["X-Twilio-Signature"]
    )
    assert sim.violations() == []
