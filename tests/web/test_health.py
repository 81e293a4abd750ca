"""What routers, monitors and Prometheus read."""

import pytest
from fastapi.testclient import TestClient
from prometheus_client.parser import text_string_to_metric_families

from oncallbot.storage import workers
from tests.engine.stage import MINUTE


@pytest.fixture
def client(product):
    with TestClient(product) as made:
        yield made


def beats(night):
    with night.database.write() as connection:
        workers.register(connection, workers.Worker("w1", "serve", night.clock.now(), night.clock.now()))


def metrics(client) -> dict[str, dict[tuple[str, ...], float]]:
    families = text_string_to_metric_families(client.get("/metrics").text)
    return {one.name: {tuple(each.labels.values()): each.value for each in one.samples} for one in families}


def test_live_is_always_ok(client):
    assert client.get("/health/live").json() == {"status": "ok"}


def test_ready_has_the_promised_shape(client):
    response = client.get("/health/ready")
    assert response.status_code == 200
    body = response.json()
    assert set(body) == {"status", "checks", "release", "tzdata"}
    assert body["status"] == "ok"
    assert {key for check in body["checks"].values() for key in check} == {"ok", "detail"}
    assert (body["release"], body["tzdata"][:2]) == ("test", "20")


def test_paging_names_its_four_checks(night, client):
    beats(night)
    response = client.get("/health/paging")
    assert (response.status_code, set(response.json()["checks"])) == (200, {"worker", "alarms", "outbox", "roads"})


def test_paging_fails_without_a_worker(client):
    response = client.get("/health/paging")
    assert (response.status_code, response.json()["status"]) == (503, "failing")


def test_paging_fails_when_an_alarm_is_late(night, client):
    night.opens()
    night.clock.moves(2 * MINUTE)
    beats(night)
    checks = client.get("/health/paging").json()["checks"]
    assert [name for name, check in checks.items() if not check["ok"]] == ["alarms", "outbox"]


def test_no_phone_number_is_shown(night, client):
    beats(night)
    night.opens()
    for path in ("/health/ready", "/health/paging", "/metrics"):
        assert "+49" not in client.get(path).text


def test_metrics_count_issues_by_status(night, client):
    night.answers("ana", issue=night.opens())
    night.opens()
    counted = metrics(client)["oncallbot_issues"]
    assert (counted[("triggered",)], counted[("acknowledged",)], counted[("closed",)]) == (1, 1, 0)


def test_metrics_count_what_waits_to_be_sent(night, client):
    night.opens(contact="")
    assert metrics(client)["oncallbot_notifications_pending"][("queued",)] == 1


def test_metrics_show_each_check(night, client):
    assert metrics(client)["oncallbot_paging_ok"] == {("worker",): 0, ("alarms",): 1, ("outbox",): 1, ("roads",): 1}


def test_metrics_count_alarms(night, client):
    night.opens()
    night.passes(MINUTE)
    assert metrics(client)["oncallbot_alarms_rung"][()] >= 1
