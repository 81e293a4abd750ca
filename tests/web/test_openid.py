"""Sign in with Slack, by a provider that shares no code with us: everything that came is checked, or nobody is in."""

from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from fastapi.testclient import TestClient

from oncallbot.channels.link import Links
from oncallbot.chat.openid import Provider as Asked
from oncallbot.engine.change import Edit, change
from oncallbot.web import app as web
from tests.engine.outside import Front
from tests.engine.stage import ROSTER, SECRET, Night, roster
from tests.web import provider as standard
from tests.web.pages_stage import browser_of
from tests.web.provider import KEYS, Provider, encoded

CALLBACK = "https://pager.example/sign-in/slack/callback"
TEAM = "T0TEAM0001"
DORA = {"sub": "U0DORA0001", "https://slack.com/user_id": "U0DORA0001", "https://slack.com/team_id": TEAM}
BY_ADDRESS = {"sub": "1", "email": "Dora@example.com", "email_verified": True}


@pytest.fixture(scope="module")
def far() -> Iterator[Front]:
    made = Front()
    made.start()
    yield made
    made.stop()


@pytest.fixture
def provider(far: Front) -> Iterator[Provider]:
    made = Provider(far.url, CALLBACK, dict(DORA))
    far.app = made.app()
    yield made
    far.app = None


@pytest.fixture
def browser(night: Night, tmp_path, provider: Provider) -> Iterator[TestClient]:
    text = ROSTER.replace("name: Dora Lind,", "name: Dora Lind, slack: U0DORA0001, email: dora@example.com,")
    text = text.replace("name: Cem Aydin,", "name: Cem Aydin, slack: U0CEM00001, email: cem@example.com,")
    change(night.door, Edit(roster(tmp_path, text), from_files=True), "test", 1)
    asked = Asked(provider.issuer, standard.CLIENT, standard.SECRET, CALLBACK)
    doors = web.Doors(
        *(night.door, night.measures, night.public_url, (), "test", Links(SECRET, night.public_url)),
        openid=asked,
        slack_team=TEAM,
    )
    with browser_of(web.create(doors)) as made:
        yield made


SignIn = Callable[..., Any]


@pytest.fixture
def signs_in(browser: TestClient) -> SignIn:
    """Press the button, let the provider do its part, come back; `changed` is what comes back otherwise."""

    def go(**changed: str) -> Any:
        begun = browser.get("/sign-in/slack")
        if begun.status_code != 303:
            return begun
        there = httpx.get(begun.headers["location"], trust_env=False, verify=False)
        back = {name: values[0] for name, values in parse_qs(urlsplit(there.headers["location"]).query).items()}
        return browser.get("/sign-in/slack/callback", params=back | changed)

    return go


def is_in(browser: TestClient) -> bool:
    return browser.get("/").status_code == 200


class TestGood:
    def test_a_manager_is_signed_in(self, browser, signs_in):
        assert "/sign-in/slack" in browser.get("/sign-in").text
        answer = signs_in()
        assert (answer.status_code, answer.headers["location"]) == (303, "/")
        assert is_in(browser)
        assert "Dora Lind" in browser.get("/").text

    def test_slack_is_asked_for_our_workspace_only(self, browser):
        asked = parse_qs(urlsplit(browser.get("/sign-in/slack").headers["location"]).query)
        assert asked["team"] == [TEAM]
        assert asked["scope"] == ["openid profile email"]

    def test_each_attempt_has_secrets_of_its_own(self, browser):
        first, second = (parse_qs(urlsplit(browser.get("/sign-in/slack").headers["location"]).query) for _ in "12")
        for name in ("state", "nonce", "code_challenge"):
            assert first[name] != second[name]

    def test_a_provider_without_slacks_claims_is_believed_about_a_verified_address(self, browser, provider, signs_in):
        provider.person = dict(BY_ADDRESS)
        assert signs_in().status_code == 303
        assert is_in(browser)

    def test_an_address_may_come_from_userinfo(self, browser, provider, signs_in):
        provider.person, provider.in_userinfo_only = dict(BY_ADDRESS), ("email", "email_verified")
        assert signs_in().status_code == 303
        assert "/userinfo" in provider.asked

    def test_a_provider_that_knows_only_basic_authentication_will_do(self, provider, signs_in):
        provider.methods = []
        assert signs_in().status_code == 303

    def test_a_provider_without_challenges_will_do(self, provider, signs_in):
        provider.challenges = []
        assert signs_in().status_code == 303

    def test_a_new_key_is_asked_for(self, browser, provider, signs_in):
        assert signs_in().status_code == 303
        provider.shown_keys, provider.signer = (0, 1), KEYS[1]
        provider.header = {"alg": "RS256", "kid": "key-1"}
        assert signs_in().status_code == 303
        assert provider.asked.count("/keys") == 2


class TestBadToken:
    @pytest.mark.parametrize(
        "wrong",
        [
            {"nonce": "another"},
            {"nonce": None},
            {"aud": "another-client"},
            {"aud": ["another-client", "client-1"]},
            {"aud": None},
            {"azp": "another-client"},
            {"iss": "https://evil.example"},
            {"iss": None},
            {"exp": 1_000_000_000},  # 2001; the time of collecting would give each pytest worker other tests
            {"exp": None},
            {"iat": 9_999_999_999},  # 2286
            {"sub": None},
        ],
        ids=str,
    )
    def test_whatever_is_wrong_in_it_nobody_is_signed_in(self, browser, provider, signs_in, wrong):
        provider.token = wrong
        assert signs_in().status_code == 403
        assert not is_in(browser)

    def test_another_key_of_the_same_name_is_refused(self, browser, provider, signs_in):
        provider.signer = KEYS[1]
        assert signs_in().status_code == 403
        assert not is_in(browser)

    def test_a_key_that_the_provider_does_not_show_is_refused(self, browser, provider, signs_in):
        provider.signer, provider.header = KEYS[1], {"alg": "RS256", "kid": "key-1"}
        assert signs_in().status_code == 403

    @pytest.mark.parametrize("algorithm", ["none", "HS256", "RS512"])
    def test_another_algorithm_is_refused(self, browser, provider, signs_in, algorithm):
        provider.header = {"alg": algorithm, "kid": "key-0"}
        assert signs_in().status_code == 403
        assert not is_in(browser)

    def test_an_unsigned_token_is_refused(self, browser, provider, signs_in):
        def unsigned(asked: dict[str, str]) -> str:
            parts = [encoded(one) for one in (b'{"alg": "none"}', b'{"sub": "U0DORA0001"}', b"")]
            return ".".join(parts)

        provider.id_token = unsigned
        assert signs_in().status_code == 403

    def test_userinfo_about_somebody_else_is_refused(self, browser, provider, signs_in):
        provider.person, provider.in_userinfo_only = dict(BY_ADDRESS), ("email", "email_verified")
        provider.userinfo = {"sub": "2"}
        assert signs_in().status_code == 403


class TestBadReturn:
    def test_another_state_is_refused(self, browser, provider, signs_in):
        assert signs_in(state="guessed").status_code == 400
        assert "/token" not in provider.asked

    def test_without_the_browser_that_began_nothing_ends(self, browser, provider, signs_in):
        begun = browser.get("/sign-in/slack")
        there = httpx.get(begun.headers["location"], trust_env=False, verify=False)
        browser.cookies.clear()
        back = urlsplit(there.headers["location"])
        assert browser.get(f"{back.path}?{back.query}").status_code == 400
        assert "/token" not in provider.asked

    def test_a_code_works_once(self, browser, signs_in):
        assert signs_in(code="guessed").status_code == 403
        assert not is_in(browser)

    def test_who_says_no_at_slack_is_told_how_it_goes_on(self, browser, signs_in):
        answer = signs_in(error="access_denied")
        assert (answer.status_code, "broken off" in answer.text) == (403, True)


class TestWho:
    @pytest.mark.parametrize(
        ("person", "words"),
        [
            (DORA | {"https://slack.com/user_id": "U0NOBODY01"}, "you are no responder here"),
            (DORA | {"https://slack.com/user_id": "U0CEM00001"}, "for managers"),
            (DORA | {"https://slack.com/team_id": "T0ACME0001"}, "another Slack workspace"),
            (DORA | {"https://slack.com/team_id": None}, "another Slack workspace"),
            (BY_ADDRESS | {"email_verified": False}, "you are no responder here"),
            (BY_ADDRESS | {"email": "erik@acme.example"}, "you are no responder here"),
            (BY_ADDRESS | {"email": "cem@example.com"}, "for managers"),
            ({"sub": "1"}, "you are no responder here"),
            # An address never outweighs Slack's own ids.
            (BY_ADDRESS | {"https://slack.com/user_id": "U0NOBODY01", "https://slack.com/team_id": TEAM}, "no resp"),
        ],
    )
    def test_only_our_managers_are_signed_in(self, browser, provider, signs_in, person, words):
        provider.person = person
        answer = signs_in()
        assert (answer.status_code, words in answer.text) == (403, True)
        assert not is_in(browser)

    def test_slack_itself_is_never_believed_by_an_address(self):
        assert Asked("https://slack.com", "1", "2", CALLBACK).is_slack


class TestProviderDown:
    @pytest.mark.parametrize("status", [500, 503, 429])
    def test_it_is_said_plainly(self, browser, provider, signs_in, status):
        provider.status = status
        answer = signs_in()
        assert (answer.status_code, "oncallbot sign-in --as" in answer.text) == (503, True)

    def test_going_down_half_way_is_no_trace_either(self, browser, provider):
        begun = browser.get("/sign-in/slack")
        there = httpx.get(begun.headers["location"], trust_env=False, verify=False)
        provider.status = 503
        back = urlsplit(there.headers["location"])
        assert browser.get(f"{back.path}?{back.query}").status_code == 503

    def test_nobody_listening_is_503(self, night, far):
        asked = Asked("http://127.0.0.1:9", "1", "2", CALLBACK)
        doors = web.Doors(
            *(night.door, night.measures, night.public_url, (), "test", Links(SECRET, night.public_url)), openid=asked
        )
        with browser_of(web.create(doors)) as browser:
            assert browser.get("/sign-in/slack").status_code == 503

    def test_a_provider_that_calls_itself_something_else_is_not_asked_further(self, browser, provider, signs_in):
        provider.calls_itself = "https://evil.example"
        assert signs_in().status_code == 403
        assert provider.asked == ["/.well-known/openid-configuration"]

    def test_it_is_asked_again_once_it_is_back(self, provider, signs_in):
        provider.status = 503
        assert signs_in().status_code == 503
        provider.status = 200
        assert signs_in().status_code == 303


def test_without_a_client_id_there_is_no_sign_in_with_slack(product):
    with browser_of(product) as browser:
        assert browser.get("/sign-in/slack").status_code == 404
        assert browser.get("/sign-in/slack/callback").status_code == 404
