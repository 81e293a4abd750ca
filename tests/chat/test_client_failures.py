"""Every way in which Slack or the wire can fail becomes exactly one of our errors, and nothing is said twice."""

from __future__ import annotations

import socket
import ssl
from datetime import UTC, datetime, timedelta
from urllib.error import URLError

import pytest

from oncallbot.chat import codes, failures
from oncallbot.chat.client import Credentials, Slack
from oncallbot.errors import Misconfigured, OutcomeUnknown, RateLimited, Refused, Unavailable, VendorError
from tests.chat.vendor import ANA, ONCALL, TOKEN, TS, Vendor, running_vendor

SINCE = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)


def error_of_a_post(slack: Slack) -> VendorError:
    with pytest.raises(VendorError) as caught:
        slack.post(ONCALL, "words")
    return caught.value


def error_of_a_response(slack: Slack, url: str) -> VendorError:
    with pytest.raises(VendorError) as caught:
        slack.respond(url, "words")
    return caught.value


@pytest.mark.parametrize(
    "code",
    """invalid_auth not_authed account_inactive token_revoked missing_scope not_allowed_token_type
    not_in_channel channel_not_found""".split(),
)
def test_what_others_share_asks_for_somebody_to_mend_it(vendor, slack, code) -> None:
    vendor.refuses(code)
    error = error_of_a_post(slack)
    assert type(error) is Misconfigured
    assert error.code == code
    assert codes.meaning(code) in str(error)


@pytest.mark.parametrize("code", ["no_text", "msg_too_long", "invalid_blocks", "user_not_found", "never_heard_of"])
def test_any_other_word_refuses_this_request_only(vendor, slack, code) -> None:
    vendor.refuses(code)
    error = error_of_a_post(slack)
    assert type(error) is Refused
    assert error.code == code


@pytest.mark.parametrize(
    ("given", "wait"),
    [
        ("7", timedelta(seconds=7)),
        ("0", timedelta(seconds=1)),
        ("86400", timedelta(minutes=5)),
        ("Sun, 22 Nov 2026 03:00:30 GMT", timedelta(seconds=30)),
        ("soon", timedelta(seconds=2)),
    ],
)
def test_too_many_requests_wait_as_long_as_asked_but_never_long(vendor, slack, given, wait) -> None:
    vendor.refuses("ratelimited", 429, retry_after=given)
    error = error_of_a_post(slack)
    assert isinstance(error, RateLimited)
    assert error.retry_after == wait
    assert len(vendor.asked) == 1


@pytest.mark.parametrize("code", ["ratelimited", "rate_limited"])
def test_too_many_requests_count_whatever_the_status(vendor, slack, code) -> None:
    vendor.refuses(code)
    assert isinstance(error_of_a_post(slack), RateLimited)


@pytest.mark.parametrize("status", [500, 502, 503, 504])
@pytest.mark.parametrize("body", [None, {"ok": False, "error": "internal_error"}, "<html>oops", {"ok": True}])
def test_a_server_error_may_have_been_done(vendor, slack, status, body) -> None:
    vendor.says(body, status)
    assert type(error_of_a_post(slack)) is OutcomeUnknown
    assert len(vendor.asked) == 1


@pytest.mark.parametrize("code", ["fatal_error", "internal_error"])
def test_an_accident_inside_slack_may_have_been_done(vendor, slack, code) -> None:
    vendor.refuses(code)
    assert type(error_of_a_post(slack)) is OutcomeUnknown


@pytest.mark.parametrize(
    "body", [None, "<html>", "[]", '["x"]', "null", "{", "{}", '{"ok": true}', '{"ok": true, "channel": "C1", "ts": 7}']
)
def test_a_success_that_cannot_be_read_may_have_been_done(vendor, slack, body) -> None:
    vendor.says(body)
    assert type(error_of_a_post(slack)) is OutcomeUnknown


@pytest.mark.parametrize("status", [401, 403, 404])
def test_a_refusal_without_words_is_a_wrong_address_or_token(vendor, slack, status) -> None:
    vendor.says("<html>no", status)
    assert type(error_of_a_post(slack)) is Misconfigured


def test_silence_after_the_request_may_have_been_done(vendor: Vendor) -> None:
    vendor.is_silent()
    impatient = Slack(vendor.credentials, timeout=timedelta(milliseconds=100))
    assert type(error_of_a_post(impatient)) is OutcomeUnknown


def test_a_post_whose_connection_was_dropped_is_not_sent_again_by_itself(vendor, slack) -> None:
    vendor.hangs_up()
    assert type(error_of_a_post(slack)) is OutcomeUnknown
    assert len(vendor.asked) == 1


def test_a_modal_and_a_whisper_are_not_sent_again_either(vendor, slack) -> None:
    for say in (lambda: slack.open_view("1.2", {}), lambda: slack.whisper(ONCALL, ANA, "words")):
        vendor.hangs_up()
        with pytest.raises(OutcomeUnknown):
            say()
    assert len(vendor.asked) == 2


def test_an_update_and_a_look_up_survive_one_dropped_connection(vendor, slack) -> None:
    vendor.hangs_up()
    vendor.agrees(channel=ONCALL, ts=TS)
    slack.update(ONCALL, TS, "resolved")
    vendor.hangs_up()
    vendor.agrees(messages=[])
    assert slack.find_post(ONCALL, "n-7", SINCE) is None
    assert len(vendor.asked) == 4


def test_a_refused_connection_was_certainly_not_done() -> None:
    with running_vendor() as gone:
        pass
    slack = Slack(gone.credentials)
    assert type(error_of_a_post(slack)) is Unavailable
    assert type(error_of_a_response(slack, gone.url)) is Unavailable


def test_an_unknown_name_was_certainly_not_done() -> None:
    assert type(error_of_a_post(Slack(Credentials(TOKEN, "http://slack.invalid/api/")))) is Unavailable


def test_a_connection_that_is_never_made_was_certainly_not_done() -> None:
    with socket.socket() as full:
        full.bind(("127.0.0.1", 0))
        full.listen(0)
        address = full.getsockname()
        waiting = [socket.socket() for _ in range(4)]
        for one in waiting:
            one.setblocking(False)
            one.connect_ex(address)
        silent = Credentials(TOKEN, f"http://127.0.0.1:{address[1]}/api/")
        assert type(error_of_a_post(Slack(silent, timeout=timedelta(milliseconds=100)))) is Unavailable
        for one in waiting:
            one.close()


def test_a_certificate_that_is_not_trusted_was_certainly_not_done() -> None:
    assert type(failures.from_wire(URLError(ssl.SSLCertVerificationError("self-signed")))) is Unavailable


@pytest.mark.parametrize("url", ["slack.example/api/", "http:///api/", "file:///etc/passwd", "http://127.0.0.1:x/"])
def test_an_address_that_is_none_is_the_set_up(url) -> None:
    slack = Slack(Credentials(TOKEN, url))
    assert type(error_of_a_post(slack)) is Misconfigured
    assert type(error_of_a_response(slack, url)) is Misconfigured


@pytest.mark.parametrize(
    ("status", "body", "kind", "code"),
    [
        (404, "expired_url", Refused, "expired_url"),
        (404, '{"ok": false, "error": "used_url"}', Refused, "used_url"),
        (200, '{"ok": false, "error": "cant_update_message"}', Refused, "cant_update_message"),
        (429, "", RateLimited, "429"),
        (500, "server_error", OutcomeUnknown, "server_error"),
        (200, "<html>hello", OutcomeUnknown, ""),
    ],
)
def test_a_response_that_was_not_taken_says_why(vendor, slack, status, body, kind, code) -> None:
    vendor.says(body, status)
    error = error_of_a_response(slack, f"{vendor.url}/response/1")
    assert type(error) is kind
    assert error.code == code


def test_a_list_that_is_none_is_unreadable(vendor, slack) -> None:
    vendor.agrees(messages="none")
    with pytest.raises(OutcomeUnknown):
        slack.find_post(ONCALL, "n-7", SINCE)


def test_an_error_on_the_second_page_is_one_of_ours_too(vendor, slack) -> None:
    vendor.agrees(channels=[], response_metadata={"next_cursor": "more"})
    vendor.refuses("ratelimited", 429)
    with pytest.raises(RateLimited):
        slack.channel_id_of_name("on-call")


def test_no_words_of_an_answer_get_into_an_error_that_is_logged(vendor, slack) -> None:
    vendor.says("<html>Erik of Acme: +49 30 23125 100", 502)
    assert "Erik" not in str(error_of_a_post(slack))


def test_every_error_keeps_what_caused_it(vendor, slack) -> None:
    vendor.refuses("no_text")
    assert error_of_a_post(slack).__cause__ is not None


def test_a_failure_writes_no_line_of_the_sdk(vendor, slack, caplog) -> None:
    vendor.hangs_up()
    error_of_a_post(slack)
    vendor.says("<html>")
    error_of_a_post(slack)
    assert caplog.records == []
