"""Only what one of our tokens signed is Twilio's. The signer here follows Twilio's document, not its library."""

from __future__ import annotations

import base64
import hashlib
import hmac

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oncallbot.telephony.signature import is_signed, signed

PUBLIC = "https://pager.example"
PATH = "/twilio/sms?nonce=a%20b&empty="
FORM = [("From", "+493023125001"), ("Body", "ack & <resolve> ü"), ("NumMedia", "0")]


def sign(token: str, url: str, form: list[tuple[str, str]]) -> str:
    """https://www.twilio.com/docs/usage/webhooks/webhooks-security: the URL, then sorted names with their values."""
    signed = url + "".join(name + value for name, value in sorted(form))
    return base64.b64encode(hmac.new(token.encode(), signed.encode(), hashlib.sha1).digest()).decode()


GOOD = sign("primary", PUBLIC + PATH, FORM)


def test_a_request_signed_with_the_primary_token_is_twilios() -> None:
    assert is_signed(["primary"], PUBLIC, PATH, FORM, GOOD)


def test_during_rotation_either_token_counts() -> None:
    assert is_signed(["new", "primary"], PUBLIC, PATH, FORM, GOOD)
    assert not is_signed(["new", "newer"], PUBLIC, PATH, FORM, GOOD)


@pytest.mark.parametrize("signature", [None, "", "x", "ü", GOOD[:-1], GOOD.lower(), GOOD + " "])
def test_a_missing_or_wrong_signature_is_a_no_and_no_exception(signature) -> None:
    assert not is_signed(["primary"], PUBLIC, PATH, FORM, signature)


@pytest.mark.parametrize("token", ["", None])
def test_an_empty_token_signs_nothing(token) -> None:
    forged = sign("", PUBLIC + PATH, FORM)
    assert not is_signed([token], PUBLIC, PATH, FORM, forged)
    assert not is_signed([], PUBLIC, PATH, FORM, forged)


def test_a_changed_value_path_or_host_is_not_signed() -> None:
    assert not is_signed(["primary"], PUBLIC, PATH, [*FORM[:2], ("NumMedia", "1")], GOOD)
    assert not is_signed(["primary"], PUBLIC, PATH + "x", FORM, GOOD)
    assert not is_signed(["primary"], "https://evil.example", PATH, FORM, GOOD)


def test_blank_parameters_are_part_of_the_signature() -> None:
    form = [*FORM, ("Digits", "")]
    signature = sign("primary", PUBLIC + PATH, form)
    assert is_signed(["primary"], PUBLIC, PATH, form, signature)


def test_a_blank_parameter_with_a_name_of_its_own_cannot_be_dropped() -> None:
    form = [("Digits", ""), ("From", "x")]
    signature = sign("primary", PUBLIC + PATH, form)
    assert not is_signed(["primary"], PUBLIC, PATH, form[1:], signature)


def test_a_fragment_is_neither_sent_nor_signed() -> None:
    assert is_signed(["primary"], PUBLIC, PATH + "#rc=2&rp=ct,rt,5xx", FORM, GOOD)


def test_a_trailing_slash_of_the_public_url_does_not_matter() -> None:
    assert is_signed(["primary"], PUBLIC + "/", PATH, FORM, GOOD)


def test_repeated_names_are_signed_with_every_value() -> None:
    form = [("MediaUrl", "b"), ("MediaUrl", "a")]
    assert is_signed(["primary"], PUBLIC, PATH, form, sign("primary", PUBLIC + PATH, form))


def test_a_mapping_serves_as_parameters() -> None:
    assert is_signed(["primary"], PUBLIC, PATH, dict(FORM), GOOD)


def test_a_signature_over_the_standard_port_counts() -> None:
    signature = sign("primary", "https://pager.example:443" + PATH, FORM)
    assert is_signed(["primary"], PUBLIC, PATH, FORM, signature)


def test_a_public_url_on_another_port_counts() -> None:
    local = "http://127.0.0.1:8000"
    assert is_signed(["primary"], local, PATH, FORM, sign("primary", local + PATH, FORM))


@pytest.mark.parametrize("params", [b'{"a": 1}', '{"b": 1}', None, [("a",)], {"a": None}, [1]])
def test_a_body_that_is_no_form_is_a_no_and_no_exception(params) -> None:
    assert not is_signed(["primary"], PUBLIC, PATH, params, GOOD)


@given(st.text(), st.lists(st.tuples(st.text(), st.text())), st.text() | st.none())
def test_whatever_strangers_send_is_a_no(path, params, signature) -> None:
    assert not is_signed(["primary"], PUBLIC, path, params, signature)


def test_what_we_fetch_as_twilio_would_carries_its_signature() -> None:
    assert signed("primary", PUBLIC + PATH) == sign("primary", PUBLIC + PATH, [])
