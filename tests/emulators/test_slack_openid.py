"""Sign in with Slack at the emulator: the product's own client signs in there, and what Slack refuses is refused."""

from urllib.parse import parse_qs, urlsplit

import httpx
import jwt
import pytest

from oncallbot.chat.openid import Attempt, Provider
from oncallbot.emulators.server import Running
from oncallbot.errors import Refused, Unavailable

BACK = "http://127.0.0.1:8000/sign-in/slack/callback"
ANA = "U0ANA00001"


@pytest.fixture
def http(emulator: Running):
    with httpx.Client(base_url=emulator.url, trust_env=False, verify=False, timeout=20) as made:
        wish = {"settings": {"request_url": "http://127.0.0.1:8000/slack/events"}}
        people = {ANA: {"real_name": "Ana <Ruiz>", "email": "ana@example.com"}, "U0FAR00001": {"team_id": "T0FAR00001"}}
        assert made.put("/sim/slack", json=wish | {"users": people}).status_code == 200
        yield made
        made.post("/sim/reset")


@pytest.fixture
def provider(emulator: Running, http) -> Provider:
    settings = emulator.settings
    return Provider(emulator.url, settings.slack_client_id, settings.slack_client_secret, BACK)


def chosen(http: httpx.Client, address: str, user: str = ANA) -> dict[str, str]:
    answer = http.post(address, data={"user": user})
    assert answer.status_code == 302, answer.text
    return {name: values[0] for name, values in parse_qs(urlsplit(answer.headers["location"]).query).items()}


def test_whoever_is_chosen_is_signed_in(emulator: Running, http, provider):
    attempt = Attempt.new()
    address = provider.address(attempt, emulator.settings.slack_team_id)
    page = http.get(address).text
    assert "Sign in as Ana &lt;Ruiz&gt;" in page
    assert "U0FAR00001" not in page
    back = chosen(http, address)
    assert back["state"] == attempt.state
    said = provider.claims(back["code"], attempt)
    assert (said.team_id, said.user_id, said.email) == (emulator.settings.slack_team_id, ANA, "ana@example.com")


def test_a_code_is_good_once_and_for_whoever_asked(http, provider):
    attempt = Attempt.new()
    code = chosen(http, provider.address(attempt, None))["code"]
    with pytest.raises(Refused, match="invalid_grant"):
        provider.claims(code, Attempt.new())
    with pytest.raises(Refused, match="invalid_code"):
        provider.claims(code, attempt)


def test_a_wrong_secret_is_refused(emulator: Running, http, provider):
    attempt = Attempt.new()
    code = chosen(http, provider.address(attempt, None))["code"]
    with pytest.raises(Refused, match="bad_client_secret"):
        Provider(emulator.url, emulator.settings.slack_client_id, "wrong", BACK).claims(code, attempt)


def test_an_address_that_is_not_the_apps_is_refused(emulator: Running, http):
    evil = Provider(emulator.url, emulator.settings.slack_client_id, "any", "https://evil.example/callback")
    assert http.get(evil.address(Attempt.new(), None)).status_code == 400
    assert [one["code"] for one in http.get("/sim/violations").json()] == ["bad_redirect_uri"]


def test_its_keys_are_those_that_sign(emulator: Running, http, provider):
    attempt = Attempt.new()
    asked = provider.address(attempt, None)
    form = {
        "grant_type": "authorization_code",
        "code": chosen(http, asked)["code"],
        "redirect_uri": BACK,
        "client_id": emulator.settings.slack_client_id,
        "client_secret": emulator.settings.slack_client_secret,
        "code_verifier": attempt.verifier,
    }
    token = http.post("/api/openid.connect.token", data=form).json()["id_token"]
    keys = jwt.PyJWKSet.from_dict(http.get("/openid/connect/keys").json())
    said = jwt.decode(token, keys.keys[0], algorithms=["RS256"], audience=emulator.settings.slack_client_id)
    assert (said["iss"], said["nonce"]) == (emulator.url, attempt.nonce)


def test_when_slack_is_down_signing_in_is_too(http, provider):
    http.post("/sim/faults", json={"kind": "down", "match": {"vendor": "slack"}})
    with pytest.raises(Unavailable):
        provider.address(Attempt.new(), None)
