"""The environment is read once: everything wrong with it is said together, and no secret is ever said."""

from datetime import timedelta

import pytest

from oncallbot.errors import ConfigurationError
from oncallbot.settings import Settings

KEY = "k" * 40
LEAST = {"SECRET_KEY": KEY}
SLACK = {
    "SLACK_BOT_TOKEN": "xoxb-hidden",
    "SLACK_SIGNING_SECRET": "hidden-signing",
    "SLACK_TEAM_ID": "T0TEAM0001",
    "SLACK_BOT_ID": "B0BOT00001",
    "SLACK_BOT_USER_ID": "U0BOT00001",
}
TWILIO = {
    "TWILIO_ACCOUNT_SID": "AC0123",
    "TWILIO_AUTH_TOKEN": "hidden-token",
    "PUBLIC_URL": "https://oncall.example.com",
}
EMULATORS = {"ONCALLBOT_ALLOW_EMULATORS": "1"}


def problems_of(**environ):
    with pytest.raises(ConfigurationError) as raised:
        Settings.read(environ)
    return raised.value.problems


def test_a_secret_key_is_enough():
    settings = Settings.read(LEAST)
    assert settings.database_url == "sqlite:///oncallbot.db"
    assert (settings.port, settings.public_url) == (8000, "http://127.0.0.1:8000")
    assert not settings.has_slack
    assert not settings.has_twilio
    assert settings.log_level == "INFO"


def test_the_process_s_own_environment_is_not_read(monkeypatch, tmp_path):
    monkeypatch.setenv("PORT", "9")
    monkeypatch.chdir(tmp_path)
    (tmp_path / ".env").write_text("PORT=9\n")
    assert Settings.read(LEAST).port == 8000


def test_blank_variables_count_as_unset():
    settings = Settings.read({**LEAST, "PORT": "", "SLACK_BOT_TOKEN": " ", "TWILIO_ACCOUNT_SID": ""})
    assert settings.port == 8000
    assert not settings.has_slack


def test_both_vendors_whole_are_two_roads():
    settings = Settings.read({**LEAST, **SLACK, **TWILIO, "TWILIO_AUTH_TOKEN_SECONDARY": "hidden-second"})
    assert settings.has_slack
    assert settings.has_twilio
    assert settings.public_url == "https://oncall.example.com"
    assert settings.twilio_auth_tokens == ("hidden-token", "hidden-second")
    assert settings.warnings == ()


@pytest.mark.parametrize("missing", SLACK)
def test_slack_half_set_names_what_is_missing(missing):
    (problem,) = problems_of(**LEAST, **{name: value for name, value in SLACK.items() if name != missing})
    assert problem.place == missing
    assert "leave out all of Slack's" in problem.cure


@pytest.mark.parametrize("missing", TWILIO)
def test_twilio_half_set_names_what_is_missing(missing):
    (problem,) = problems_of(**LEAST, **{name: value for name, value in TWILIO.items() if name != missing})
    assert problem.place == missing


@pytest.mark.parametrize(
    ("one", "other"),
    [("TWILIO_API_KEY_SID", "TWILIO_API_KEY_SECRET"), ("TWILIO_API_KEY_SECRET", "TWILIO_API_KEY_SID")],
)
def test_half_of_an_api_key_names_the_other_half(one, other):
    (problem,) = problems_of(**LEAST, **TWILIO, **{one: "SK0123"})
    assert problem.place == other


def test_a_misspelt_half_is_recognised():
    misspelt = {
        ("SLACK_SIGNING_SECERT" if name == "SLACK_SIGNING_SECRET" else name): one for name, one in SLACK.items()
    }
    (problem,) = problems_of(**LEAST, **misspelt)
    assert problem.cure == "rename SLACK_SIGNING_SECERT"


def test_an_api_key_still_needs_the_auth_token_for_signatures():
    environ = {**TWILIO, "TWILIO_API_KEY_SID": "SK0123", "TWILIO_API_KEY_SECRET": "hidden"}
    assert Settings.read({**LEAST, **environ}).twilio_api_key_sid == "SK0123"
    del environ["TWILIO_AUTH_TOKEN"]
    (problem,) = problems_of(**LEAST, **environ)
    assert problem.place == "TWILIO_AUTH_TOKEN"


def test_all_problems_are_reported_at_once():
    problems = problems_of(
        PORT="http", DATABASE_URL="mysql://x", SLACK_TEAM_ID="T1", ONCALLBOT_LOG="loud", TWILIO_ACCOUNT_SID="AC1"
    )
    assert {one.place for one in problems} >= {
        *("PORT", "DATABASE_URL", "SECRET_KEY", "SLACK_BOT_TOKEN", "ONCALLBOT_LOG", "TWILIO_AUTH_TOKEN", "PUBLIC_URL"),
    }
    assert all(one.cure for one in problems)
    assert len({(one.place, one.wrong) for one in problems}) == len(problems)
    assert [one.place for one in problems].count("SECRET_KEY") == 1


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PORT", "65536"),
        ("PORT", "-1"),
        ("DATABASE_URL", "sqlite://"),
        ("DATABASE_URL", "sqlite:///:memory:"),
        ("DATABASE_URL", "postgresql://"),
        ("PUBLIC_URL", "oncall.example.com"),
        ("PUBLIC_URL", "https://oncall.example.com/?x=1"),
        ("PUBLIC_URL", "ftp://oncall.example.com"),
        ("SLACK_API_URL", "slack"),
        ("TWILIO_API_URL", "http://127.0.0.1:1/2010"),
        ("ONCALLBOT_CLOCK_OFFSET", "9"),
        ("ONCALLBOT_CLOCK_OFFSET", "+9x"),
        ("ONCALLBOT_ALLOW_EMULATORS", "maybe"),
        ("ONCALLBOT_LOG", "loud"),
    ],
)
def test_a_wrong_value_is_named_with_its_cure(name, value):
    problems = problems_of(**{**LEAST, **EMULATORS, name: value})
    assert [one.place for one in problems] == [name]
    assert problems[0].cure


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("postgres://u:p@h/d", "postgresql://u:p@h/d"),
        ("postgresql://u:p@h/d?x=1", "postgresql://u:p@h/d?x=1"),
        ("sqlite:///var/oncall.db", "sqlite:///var/oncall.db"),
    ],
)
def test_both_spellings_of_postgresql_work(given, kept):
    assert Settings.read({**LEAST, "DATABASE_URL": given}).database_url == kept


def test_a_trailing_slash_of_the_public_url_is_forgiven():
    assert Settings.read({**LEAST, "PUBLIC_URL": "https://x.example/"}).public_url == "https://x.example"


def test_the_public_url_follows_a_free_port():
    assert Settings.read({**LEAST, "PORT": "0"}).listening_on(4711).public_url == "http://127.0.0.1:4711"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("SLACK_API_URL", "http://127.0.0.1:9000/api"),
        ("SLACK_API_URL", "https://notslack.com/api/"),
        ("SLACK_API_URL", "http://slack.com/api/"),
        ("TWILIO_API_URL", "http://127.0.0.1:9000"),
        ("ONCALLBOT_CLOCK_OFFSET", "+9h30m"),
    ],
)
def test_what_emulators_need_is_refused_unless_they_are_allowed(name, value):
    (problem,) = problems_of(**LEAST, **{name: value})
    assert problem.place == name
    assert "ONCALLBOT_ALLOW_EMULATORS=1" in problem.cure
    assert Settings.read({**LEAST, **EMULATORS, name: value}).allow_emulators


def test_what_emulators_need_is_refused_beside_other_problems():
    problems = problems_of(PORT="http", TWILIO_API_URL="http://127.0.0.1:9000", ONCALLBOT_CLOCK_OFFSET="+9h30m")
    assert {one.place for one in problems} >= {"PORT", "SECRET_KEY", "TWILIO_API_URL", "ONCALLBOT_CLOCK_OFFSET"}


@pytest.mark.parametrize("value", ["https://slack.com/api/", "https://slack.com/api"])
def test_slack_s_own_address_needs_no_permission(value):
    assert Settings.read({**LEAST, "SLACK_API_URL": value}).slack_api_url == "https://slack.com/api/"


@pytest.mark.parametrize(
    ("text", "offset"),
    [
        ("+9h30m", timedelta(hours=9, minutes=30)),
        ("-2d", timedelta(days=-2)),
        ("90s", timedelta(seconds=90)),
        ("+0s", timedelta()),
    ],
)
def test_the_clock_offset_is_a_length(text, offset):
    assert Settings.read({**LEAST, **EMULATORS, "ONCALLBOT_CLOCK_OFFSET": text}).clock_offset == offset


def test_unknown_variables_of_ours_are_named_with_the_nearest():
    settings = Settings.read(
        {
            **LEAST,
            "ONCALLBOT_CLOCK_OFSET": "1h",
            "ONCALLBOT_PORT": "1",
            "ONCALLBOT_ZZZ": "1",
            "ONCALLBOT_REQUIRE": "browser",
            "OTHER": "1",
        }
    )
    assert dict(settings.unknown_variables) == {
        "ONCALLBOT_CLOCK_OFSET": "ONCALLBOT_CLOCK_OFFSET",
        "ONCALLBOT_PORT": "PORT",
        "ONCALLBOT_ZZZ": None,
    }
    assert any("did you mean ONCALLBOT_CLOCK_OFFSET?" in one for one in settings.warnings)


def test_a_misspelt_variable_of_a_vendor_is_named_only_while_the_right_one_is_unset():
    misspelt = {"PUBLIC_URI": "https://oncall.example.com", "TWILIO_ACCOUNT_SIDE": "AC1", "SECRET_KEY_BASE": "k"}
    assert dict(Settings.read({**LEAST, **misspelt}).unknown_variables) == {
        "PUBLIC_URI": "PUBLIC_URL",
        "TWILIO_ACCOUNT_SIDE": "TWILIO_ACCOUNT_SID",
    }
    assert Settings.read({**LEAST, **TWILIO, "TWILIO_ACCOUNT_SIDE": "AC1"}).unknown_variables == ()


def test_what_is_wrong_does_not_hide_what_is_right():
    settings, problems = Settings.as_far_as_readable({"SLACK_BOT_TOKEN": "xoxb-hidden", "PORT": "many"})
    assert settings.slack_bot_token is not None
    assert (settings.port, settings.has_twilio) == (8000, False)
    assert {one.place for one in problems} == {"SECRET_KEY", "PORT", *SLACK} - {"SLACK_BOT_TOKEN"}


def test_a_vendor_that_is_off_is_one_warning():
    warnings = Settings.read(LEAST).warnings
    assert [one.split(":")[0] for one in warnings] == ["Slack is off", "Twilio is off"]


def test_a_short_secret_key_is_a_warning():
    assert any("SECRET_KEY" in one for one in Settings.read({"SECRET_KEY": "short"}).warnings)


def test_no_secret_shows_in_the_settings():
    environ = {**LEAST, **SLACK, **TWILIO, "DATABASE_URL": "postgresql://u:hidden@h/d"}
    said = f"{Settings.read(environ)!r} {Settings.read(environ)}"
    assert "hidden" not in said
    assert KEY not in said


@pytest.mark.parametrize(
    "wrong",
    [
        {"SLACK_BOT_TOKEN": "hidden"},
        {"SLACK_TEAM_ID": "hidden"},
        {"TWILIO_ACCOUNT_SID": "hidden"},
        {"TWILIO_API_KEY_SID": "hidden", "TWILIO_API_KEY_SECRET": "hidden"},
        {"DATABASE_URL": "mysql://u:hidden@h/d"},
        {"PUBLIC_URL": "https://u:hidden@h"},
    ],
)
def test_no_secret_shows_in_errors(wrong):
    """Two swapped variables put a secret where a name was expected."""
    with pytest.raises(ConfigurationError) as raised:
        Settings.read({**LEAST, **SLACK, **TWILIO, **wrong})
    assert "hidden" not in str(raised.value)
    assert raised.value.__cause__ is None


def test_settings_do_not_change():
    settings = Settings.read(LEAST)
    with pytest.raises(ValueError, match="frozen"):
        setattr(settings, "port", 1)  # noqa: B010 - as an assignment the type checker refuses it too


CLIENT = {"SLACK_CLIENT_ID": "1.2", "SLACK_CLIENT_SECRET": "hidden-client", "PUBLIC_URL": "https://oncall.example.com"}


def test_sign_in_with_slack_needs_both_its_values():
    assert Settings.read({**LEAST, **SLACK, **CLIENT}).oidc_issuer == "https://slack.com"
    for missing in ("SLACK_CLIENT_ID", "SLACK_CLIENT_SECRET"):
        half = {name: value for name, value in {**SLACK, **CLIENT}.items() if name != missing}
        (problem,) = problems_of(**LEAST, **half)
        assert problem.place == missing
        assert "links" in problem.cure


def test_sign_in_with_slack_needs_to_know_the_workspace_and_our_address():
    assert {one.place for one in problems_of(**LEAST, **CLIENT)} == {"SLACK_TEAM_ID"}
    without = {name: value for name, value in CLIENT.items() if name != "PUBLIC_URL"}
    assert {one.place for one in problems_of(**LEAST, **SLACK, **without)} == {"PUBLIC_URL"}


def test_another_provider_than_slack_is_for_emulators_only():
    other = {**CLIENT, "ONCALLBOT_OIDC_ISSUER": "https://login.slack.com"}
    assert {one.place for one in problems_of(**LEAST, **other)} == {"ONCALLBOT_OIDC_ISSUER"}
    assert Settings.read({**LEAST, **other, **EMULATORS}).oidc_issuer == "https://login.slack.com"
