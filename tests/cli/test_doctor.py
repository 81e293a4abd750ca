"""What would stop a page tonight is found and named with its cure; a set-up that is right has nothing to mend."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from oncallbot import app
from oncallbot.cli.doctor import clocks, environment
from oncallbot.clock import Clock
from oncallbot.storage import workers
from oncallbot.storage.database import Database
from oncallbot.storage.workers import Worker
from tests.cli.evening import ROSTER, SLACK, TWILIO, Evening
from tests.cli.evening import evening as evening
from tests.cli.evening import whole_evening as whole_evening

PROMISED = (
    "settings database tzdata clock slack_auth slack_scopes twilio_auth number_voice number_sms number_fallback "
    "responder_reachable coverage worker"
).split()


def test_a_set_up_that_is_right_has_nothing_to_mend(evening: Evening):
    assert evening.failures() == {}
    found = evening.found()
    assert set(PROMISED) <= {one["check"] for one in found}
    assert {one["check"] for one in found if one["ok"]} == {one["check"] for one in found}
    assert all(set(one) == {"check", "subject", "ok", "detail", "cure"} for one in found)


def test_for_a_person_what_is_well_takes_a_line_and_what_fails_its_cure(evening: Evening):
    evening.sim.put("/slack/channels/C0ONCALL01", bot=False)
    done = evening.command("doctor")
    assert (done.code, done.err) == (1, "")
    assert "fine       responder_reachable  ana, ben, cem, dora\n" in done.out
    assert "FAILS      slack_channels       C0ONCALL01: the bot is not in it" in done.out
    assert "→ in that channel: /invite @oncallbot\n" in done.out
    assert "1 of " in done.out.splitlines()[-1]


def test_doctor_only_asks(evening: Evening):
    asked = len(evening.sim.get("/requests"))
    evening.found()
    made = evening.sim.get("/requests")[asked:]
    assert len(made) > 5
    assert {one["method"] for one in made if not one["path"].startswith("/api/")} == {"GET"}
    methods = {one["path"].removeprefix("/api/") for one in made if one["path"].startswith("/api/")}
    assert methods == {
        *("auth.test", "conversations.info", "conversations.list", "users.info", "users.lookupByEmail"),
    }


def test_doctor_leaves_no_trace_in_a_database_that_nobody_uses(evening: Evening):
    url = evening.with_rules(ROSTER)
    folder = evening.folder
    before = {path.name: path.stat().st_mtime_ns for path in folder.iterdir()}
    evening.found(**url)
    assert {path.name: path.stat().st_mtime_ns for path in folder.iterdir()} == before


# settings


@pytest.mark.parametrize("name", [*SLACK, *TWILIO, "SECRET_KEY", "PUBLIC_URL"])
def test_a_variable_that_is_missing_is_named(evening: Evening, name: str):
    assert ("settings", name) in evening.failures(without=(name,))


def test_a_token_alone_tells_the_other_three_values(evening: Evening):
    failing = evening.failures(without=SLACK[1:])
    for name in SLACK[2:]:
        assert f"set {name}={evening.environ[name]}" in failing["settings", name]
    assert ("settings", "SLACK_SIGNING_SECRET") in failing
    assert ("slack_auth", "SLACK_BOT_TOKEN") not in failing


def test_a_misspelt_variable_is_named_with_the_right_one(evening: Evening):
    failing = evening.failures(without=("TWILIO_AUTH_TOKEN",), TWILIO_AUTH_TOKN="x", ONCALLBOT_LOGS="INFO")
    assert "TWILIO_AUTH_TOKEN" in failing["settings", "TWILIO_AUTH_TOKN"]
    assert "rename it to ONCALLBOT_LOG" in failing["settings", "ONCALLBOT_LOGS"]


def test_a_secret_that_can_be_guessed_is_named(evening: Evening):
    assert "guessed" in evening.failures(SECRET_KEY="short")["settings", "SECRET_KEY"]


def test_no_secret_is_in_any_finding(evening: Evening):
    said = str(evening.found(SECRET_KEY="short", DATABASE_URL="postgresql://ana:pass-word@localhost:1/none"))
    secrets = [evening.environ[name] for name in ("SLACK_BOT_TOKEN", "SLACK_SIGNING_SECRET", "TWILIO_AUTH_TOKEN")]
    assert [one for one in (*secrets, "pass-word") if one in said] == []


def test_a_token_is_not_sent_to_an_address_that_is_refused(evening: Evening):
    asked = len(evening.sim.get("/requests"))
    failing = evening.failures(without=("ONCALLBOT_ALLOW_EMULATORS",))
    assert {("settings", "SLACK_API_URL"), ("settings", "TWILIO_API_URL")} <= set(failing)
    assert evening.sim.get("/requests")[asked:] == []


# public_url


def test_an_address_of_this_network_only_fails(evening: Evening):
    failing = evening.failures(
        without=("ONCALLBOT_ALLOW_EMULATORS", "SLACK_API_URL", *SLACK, "TWILIO_API_URL", *TWILIO)
    )
    assert "https" in failing["public_url", evening.public_url]


def test_an_address_at_which_something_else_answers_fails(evening: Evening):
    url = evening.elsewhere.url
    assert "something else answers (HTTP 404)" in evening.failures(PUBLIC_URL=url)["public_url", url]


def test_an_address_that_leads_elsewhere_fails(evening: Evening):
    evening.elsewhere.documents["/health/paging"] = (301, "")
    url = evening.elsewhere.url
    assert "another address" in evening.failures(PUBLIC_URL=url)["public_url", url]


def test_an_address_that_is_not_there_fails(evening: Evening):
    failing = evening.failures(PUBLIC_URL="https://oncall.invalid")
    assert "its name is unknown" in failing["public_url", "https://oncall.invalid"]


def test_slack_without_an_address_fails(evening: Evening):
    failing = evening.failures(without=("PUBLIC_URL", "TWILIO_API_URL", *TWILIO))
    assert ("public_url", "http://127.0.0.1:8000") in failing


# database


def test_a_file_that_is_missing_fails_and_stays_missing(evening: Evening, tmp_path: Path):
    failing = evening.failures(DATABASE_URL=f"sqlite:///{tmp_path / 'none.db'}")
    assert "there is no such file" in failing["database", f"SQLite {tmp_path / 'none.db'}"]
    assert not (tmp_path / "none.db").exists()


def test_what_was_not_looked_at_names_what_failed(evening: Evening, tmp_path: Path):
    found = evening.found(DATABASE_URL=f"sqlite:///{tmp_path / 'none' / 'none.db'}")
    named = {one["check"]: (one["detail"], one["cure"]) for one in found}
    assert named["database"] == ("there is no such folder", "make the folder, or correct DATABASE_URL")
    assert named["coverage"][1] == named["number_voice"][1] == "see database"


def test_a_database_without_our_tables_fails_and_stays_empty(evening: Evening, tmp_path: Path):
    (tmp_path / "empty.db").touch()
    failing = evening.failures(DATABASE_URL=f"sqlite:///{tmp_path / 'empty.db'}")
    assert "oncallbot db upgrade" in failing["database", f"SQLite {tmp_path / 'empty.db'}"]
    assert (tmp_path / "empty.db").stat().st_size == 0


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("postgresql://oncallbot@127.0.0.1:1/oncallbot", "cannot be reached"),
        ("sqlite:///notes.txt", "file is not a database"),
    ],
)
def test_a_database_that_cannot_be_used_fails(evening: Evening, tmp_path: Path, monkeypatch, url: str, said: str):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "notes.txt").write_text("these are notes, and no database\n" * 100)
    assert said in evening.failures(DATABASE_URL=url)["database", "DATABASE_URL"]


def test_a_postgresql_that_a_power_cut_destroys_fails(evening: Evening, postgresql_url):
    url = {"DATABASE_URL": postgresql_url()}
    assert evening.command("db", "upgrade", **url).code == 0
    (told,) = [detail for (check, _), detail in evening.failures(**url).items() if check == "database"]
    assert "is off" in told  # the servers of tests are hasty


# tzdata, clock


def test_time_zone_data_of_years_ago_fails():
    assert environment.tzdata_of("2020.1", Clock().now(), None).ok is False


def test_servers_with_other_time_zone_data_fail(evening: Evening):
    said = '{"status": "ok", "checks": {}, "release": "", "tzdata": "2020.1"}'
    evening.elsewhere.documents["/health/paging"] = (200, said)
    failing = evening.failures(PUBLIC_URL=evening.elsewhere.url)
    assert [check for check, _ in failing if check == "tzdata"] == ["tzdata"]


@pytest.mark.parametrize(("vendor", "path"), [("Twilio", "/account"), ("Slack", "/slack/settings")])
@pytest.mark.parametrize("seconds", [-90, 90])
def test_a_clock_that_is_a_minute_off_fails(evening: Evening, vendor: str, path: str, seconds: int):
    evening.sim.put(path, clock_skew=seconds)
    assert f"{'behind' if seconds > 0 else 'ahead of'} it" in evening.failures()["clock", vendor]


def test_a_database_whose_clock_is_off_fails():
    found = clocks.examine(Clock().now(), {}, timedelta(seconds=3))
    assert [(one.subject, one.ok) for one in found] == [("PostgreSQL", False), ("vendors", None)]


# worker


def test_no_worker_fails(evening: Evening):
    assert ("worker", "workers") in evening.failures(**evening.with_rules(ROSTER))


def with_worker(evening: Evening, **facts: object) -> dict[str, Any]:
    """Another database, where one worker has just said that it is there."""
    url = evening.with_rules(ROSTER)
    now = Clock().now()
    roads = app.roads(app.read_settings(evening.environ))
    known = {"id": "w1", "kind": "worker", "started_at": now, "seen_at": now, "roads": roads}
    database = Database.open(url["DATABASE_URL"])
    with database.write() as connection:
        workers.register(connection, Worker(**(known | facts)))  # type: ignore[arg-type]
    database.close()
    return url


def test_a_worker_without_our_roads_fails(evening: Evening):
    url = with_worker(evening, roads=frozenset())
    assert "cannot send by slack, sms, voice" in evening.failures(**url)["worker", "w1"]


def test_a_worker_of_another_release_fails(evening: Evening):
    url = with_worker(evening, release="v1")
    assert "release v1" in evening.failures(**url, ONCALLBOT_RELEASE="v2")["worker", "w1"]


def test_a_worker_whose_clock_is_off_fails(evening: Evening):
    url = with_worker(evening, clock_skew=timedelta(seconds=3))
    assert "disagree by 3.0 s" in evening.failures(**url)["worker", "w1"]


def test_a_shell_without_the_vendors_variables_says_that_it_cannot_know(evening: Evening):
    blind = evening.found(without=("SLACK_API_URL", *SLACK, "TWILIO_API_URL", *TWILIO))
    unknown = {(one["check"], one["subject"]): one["detail"] for one in blind if one["ok"] is None}
    assert "the workers use it" in unknown["slack_auth", "Slack"]
    assert "the workers use it" in unknown["twilio_auth", "Twilio"]
    assert ("number_voice", "+493023125999") in unknown
