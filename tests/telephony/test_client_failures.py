"""Every way in which Twilio or the wire can fail becomes exactly one of our errors."""

from __future__ import annotations

import socket
import ssl
from datetime import UTC, datetime, timedelta

import pytest
import requests

from oncallbot.errors import Misconfigured, OutcomeUnknown, RateLimited, Refused, Unavailable, VendorError
from oncallbot.telephony import codes, failures
from oncallbot.telephony.client import Credentials, Telephone
from tests.telephony.vendor import ANA, CALL, HOTLINE, SID, Vendor, running_vendor

URL = "https://pager.example/x"


def error_of_a_call(telephone: Telephone) -> VendorError:
    with pytest.raises(VendorError) as caught:
        telephone.place_call(ANA, HOTLINE, URL, URL)
    return caught.value


def error_of_a_text(telephone: Telephone) -> VendorError:
    with pytest.raises(VendorError) as caught:
        telephone.send_text(ANA, HOTLINE, "words", URL, timedelta(minutes=5))
    return caught.value


@pytest.mark.parametrize("code", [21211, 21214, 21217, 21610, 21614, 30003, 30005, 30006])
def test_a_permanent_code_fails_this_notification_only(vendor, telephone, code) -> None:
    vendor.refuses(code)
    error = error_of_a_text(telephone)
    assert type(error) is Refused
    assert error.code == str(code)


@pytest.mark.parametrize("code", [20003, 21210, 21212, 21215, 21408, 21606, 30034])
def test_a_set_up_code_asks_for_somebody_to_mend_it(vendor, telephone, code) -> None:
    vendor.refuses(code, 401 if code == 20003 else 400)
    error = error_of_a_text(telephone)
    assert type(error) is Misconfigured
    assert error.code == str(code)


def test_a_401_without_a_body_is_the_set_up(vendor, telephone) -> None:
    vendor.answers(401)
    assert type(error_of_a_call(telephone)) is Misconfigured


def test_other_client_errors_are_refused(vendor, telephone) -> None:
    vendor.refuses(21617)
    assert type(error_of_a_text(telephone)) is Refused


def test_the_newer_error_format_is_understood(vendor, telephone) -> None:
    problem = {"type": "https://x", "title": "Blocked", "status": 400, "code": 21610, "detail": "opted out"}
    vendor.answers(400, problem)
    error = error_of_a_text(telephone)
    assert type(error) is Refused
    assert error.code == "21610"


@pytest.mark.parametrize(
    ("header", "wait"),
    [
        ("7", timedelta(seconds=7)),
        ("0", timedelta(seconds=1)),
        ("86400", timedelta(minutes=5)),
        ("Sun, 22 Nov 2026 03:00:30 GMT", timedelta(seconds=30)),
        ("soon", timedelta(seconds=2)),
        ("nan", timedelta(seconds=2)),
    ],
)
def test_too_many_requests_waits_as_long_as_asked_but_never_long(vendor, telephone, header, wait) -> None:
    vendor.answers(429, {"code": 20429, "message": "Too Many Requests"}, Retry_After=header)
    error = error_of_a_call(telephone)
    assert isinstance(error, RateLimited)
    assert error.retry_after == wait


def test_20429_counts_whatever_its_status(vendor, telephone) -> None:
    vendor.refuses(20429, 400)
    assert isinstance(error_of_a_call(telephone), RateLimited)


@pytest.mark.parametrize("status", [500, 502, 503, 504])
@pytest.mark.parametrize("body", [None, {"code": 20500, "message": "Internal"}, "<html>oops"])
def test_a_server_error_may_have_been_done(vendor, telephone, status, body) -> None:
    vendor.answers(status, body)
    assert type(error_of_a_call(telephone)) is OutcomeUnknown


def test_a_server_error_is_not_sent_again_by_itself(vendor, telephone) -> None:
    vendor.answers(503)
    error_of_a_call(telephone)
    assert len(vendor.asked) == 1


@pytest.mark.parametrize("body", ["", "<html>", "[]", "null", '"queued"', '{"sid": 7}', '{"sid": null}'])
def test_a_success_that_cannot_be_read_may_have_been_done(vendor, telephone, body) -> None:
    vendor.answers(201, body)
    assert type(error_of_a_call(telephone)) is OutcomeUnknown


def test_a_redirect_is_a_wrong_address_and_is_not_followed(vendor, telephone) -> None:
    vendor.answers(307, None, Location="http://127.0.0.1:1/")
    assert type(error_of_a_call(telephone)) is Misconfigured


def test_silence_after_the_request_may_have_been_done(vendor: Vendor) -> None:
    vendor.answers(201, {"sid": CALL}, late=1)
    impatient = Telephone(vendor.credentials, timeout=timedelta(milliseconds=200))
    assert type(error_of_a_call(impatient)) is OutcomeUnknown


def test_a_connection_dropped_after_sending_may_have_been_done(vendor, telephone) -> None:
    vendor.answers(200, None, drop=True)
    assert type(error_of_a_call(telephone)) is OutcomeUnknown
    assert len(vendor.asked) == 1


def test_a_refused_connection_was_certainly_not_done() -> None:
    with running_vendor() as gone:
        pass
    assert type(error_of_a_call(Telephone(gone.credentials))) is Unavailable


def test_an_unknown_name_was_certainly_not_done(monkeypatch) -> None:
    def unknown(*_: object) -> None:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    nowhere = Credentials(SID, "token", api_url="http://pager.invalid")
    assert type(error_of_a_call(Telephone(nowhere))) is Unavailable


def test_a_connection_that_is_never_made_was_certainly_not_done() -> None:
    with socket.socket() as full:
        full.bind(("127.0.0.1", 0))
        full.listen(0)
        address = full.getsockname()
        waiting = [socket.socket() for _ in range(4)]
        for one in waiting:
            one.setblocking(False)
            one.connect_ex(address)
        silent = Credentials(SID, "token", api_url=f"http://127.0.0.1:{address[1]}")
        assert type(error_of_a_call(Telephone(silent, timeout=timedelta(milliseconds=200)))) is Unavailable
        for one in waiting:
            one.close()


def test_a_certificate_that_is_not_trusted_was_certainly_not_done() -> None:
    error = requests.exceptions.SSLError(ssl.SSLCertVerificationError("self-signed"))
    assert type(failures.from_wire(error)) is Unavailable
    assert type(failures.from_wire(requests.exceptions.SSLError("bad record"))) is OutcomeUnknown


def test_an_address_that_is_none_is_the_set_up() -> None:
    wrong = Credentials(SID, "token", api_url="pager.example")
    assert type(error_of_a_call(Telephone(wrong))) is Misconfigured


def test_a_certificate_file_that_is_not_there_escapes_as_our_error_too(monkeypatch, vendor) -> None:
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", "/nowhere/at/all.pem")
    over_tls = Credentials(SID, "token", api_url=vendor.url.replace("http:", "https:"))
    assert isinstance(error_of_a_call(Telephone(over_tls)), VendorError)


@pytest.mark.parametrize(("status", "kind"), [(429, RateLimited), (401, Misconfigured), (500, OutcomeUnknown)])
def test_a_listing_that_fails_is_told_apart_though_its_exception_has_no_code(vendor, telephone, status, kind) -> None:
    vendor.answers(status, {"code": {429: 20429, 401: 20003, 500: 20500}[status], "message": "no"})
    with pytest.raises(VendorError) as caught:
        telephone.find_call(ANA, HOTLINE, datetime(2026, 1, 1, tzinfo=UTC))
    assert type(caught.value) is kind


def test_a_listing_without_a_list_is_unreadable(vendor, telephone) -> None:
    vendor.answers(200, {"page": 0})
    with pytest.raises(OutcomeUnknown):
        telephone.find_call(ANA, HOTLINE, datetime(2026, 1, 1, tzinfo=UTC))


def test_no_phone_number_gets_into_an_error_that_is_logged(vendor, telephone) -> None:
    vendor.answers(400, {"code": 21999, "message": f"The number {ANA} and +49 30 23125 001 are odd"})
    words = str(error_of_a_text(telephone))
    assert "30231" not in words
    assert "23125" not in words
    assert "odd" in words


def test_every_error_keeps_what_caused_it(vendor, telephone) -> None:
    vendor.refuses(21211)
    assert error_of_a_call(telephone).__cause__ is not None


def test_codes_are_judged_as_words_or_as_numbers() -> None:
    assert codes.is_set_up(21606)
    assert codes.is_set_up("21606")
    assert not codes.is_set_up(30005)
    assert not codes.is_set_up(None)
    assert not codes.is_set_up("")
    assert codes.meaning(30006)
    assert codes.meaning("1") == ""
