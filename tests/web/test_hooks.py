"""Machines' reports: 202 only after the commit, and every mistake said with its cure."""

import json

import pytest
from fastapi.testclient import TestClient
from jsonschema import Draft202012Validator

from oncallbot.escalation.issue import Road, Status
from oncallbot.storage import issues, reports, webhooks
from oncallbot.storage.webhooks import Webhook
from tests.engine.stage import ERIK, NOON, at_once

TOKEN = "t0ken"


@pytest.fixture
def hook(night, product):
    with night.database.write() as connection:
        webhooks.add(connection, Webhook("monitor", "main", None, night.clock.now()), TOKEN)
    with TestClient(product, raise_server_exceptions=False) as client:

        def post(body=None, token=TOKEN, **fields):
            content = body if body is not None else json.dumps({"summary": "Checkout is down", **fields})
            return client.post(f"/hooks/{token}", content=content, headers={"Content-Type": "application/json"})

        yield post


def errors(response) -> dict[str, tuple[str, str]]:
    assert response.status_code == 422
    return {one["field"]: (one["problem"], one["cure"]) for one in response.json()["errors"]}


class TestAccepted:
    def test_it_is_committed_when_it_is_answered(self, night, hook):
        response = hook()
        assert (response.status_code, response.json()) == (
            202,
            {"reference": "AH-1001", "status": "triggered", "joined": False},
        )
        issue = night.issue(1001)
        assert (issue.summary, issue.road) == ("Checkout is down", Road.WEBHOOK)
        assert len(night.pages(1001)) == 1

    def test_the_details_reach_whoever_takes_it(self, night, hook):
        hook(details="500s since 03:00")
        assert night.issue(1001).summary == "Checkout is down. 500s since 03:00"

    @pytest.mark.parametrize(("field", "value"), [("phone", "+49 30 23125 100"), ("email", "erik@acme.example")])
    def test_the_customer_is_known_by_what_is_posted(self, night, hook, field, value):
        hook(**{field: value})
        assert night.issue(1001).customer == "acme"

    def test_a_phone_can_be_told_things(self, night, hook):
        hook(phone="+49 30 23125 100")
        assert night.issue(1001).contact == ERIK

    def test_what_is_not_urgent_is_held(self, night, hook):
        assert hook(urgent=False).json()["status"] == "held"

    def test_in_office_hours_it_is_held_for_the_day_team(self, night, hook):
        night.clock.sets(at=NOON)
        assert hook().json()["status"] == Status.HELD

    @pytest.mark.parametrize("fields", [{"details": ""}, {"phone": None}, {"email": None}, {"dedup_key": None}])
    def test_what_may_be_left_out_may_be_empty(self, hook, fields):
        assert hook(**fields).status_code == 202

    def test_words_that_no_database_takes_are_kept_without_them(self, night, hook):
        assert hook(body=b'{"summary": "down\\u0000 \\u0007now"}').status_code == 202
        assert night.issue(1001).summary == "down now"


class TestJoining:
    def test_a_repeated_key_joins_the_open_issue(self, night, hook):
        hook(dedup_key="checkout")
        again = hook(dedup_key="checkout")
        assert again.json() == {"reference": "AH-1001", "status": "triggered", "joined": True}
        with night.database.read() as connection:
            assert len(reports.of_issue(connection, 1001)) == 2

    def test_another_source_with_the_same_key_opens_its_own(self, night, hook):
        with night.database.write() as connection:
            webhooks.add(connection, Webhook("other", "main", None, night.clock.now()), "other")
        hook(dedup_key="checkout")
        assert hook(token="other", dedup_key="checkout").json()["joined"] is False

    def test_without_a_key_each_report_is_an_issue(self, hook):
        assert [hook().json()["reference"] for _ in range(2)] == ["AH-1001", "AH-1002"]

    def test_the_same_key_at_once_is_one_issue(self, night, hook):
        said = at_once(*[lambda: hook(dedup_key="checkout").json()["joined"]] * 4)
        assert sorted(said) == [False, True, True, True]


class TestRefused:
    def test_an_unknown_token_is_404(self, hook):
        assert hook(token="guessed").status_code == 404

    def test_a_revoked_token_is_404(self, night, hook):
        with night.database.write() as connection:
            webhooks.revoke(connection, "monitor", night.clock.now())
        assert hook().status_code == 404

    def test_a_body_of_64_kb_is_read(self, hook):
        assert hook(body=b'{"summary": "x"}' + b" " * (64 * 1024 - 16)).status_code == 202

    def test_a_byte_more_is_413(self, hook):
        assert hook(body=b'{"summary": "x"}' + b" " * (64 * 1024 - 15)).status_code == 413

    @pytest.mark.parametrize(
        ("field", "value"),
        [
            ("summary", ""),
            ("summary", "   "),
            ("summary", "x" * 501),
            ("summary", 5),
            ("summary", None),
            ("details", "x" * 20_001),
            ("details", ["x"]),
            ("phone", "12"),
            ("phone", "030 23125 100"),
            ("phone", 4930),
            ("email", "nobody"),
            ("email", "a b@acme.example"),
            ("email", "x" * 250 + "@acme.example"),
            ("urgent", "yes"),
            ("urgent", None),
            ("dedup_key", ""),
            ("dedup_key", "x" * 201),
            ("dedup_key", 7),
        ],
    )
    def test_a_field_that_cannot_be_used_is_named_with_its_cure(self, night, hook, field, value):
        said = errors(hook(**{field: value}))
        assert list(said) == [field]
        assert all(said[field])
        assert "Value error" not in said[field][0]
        with night.database.read() as connection:
            assert issues.open_ones(connection) == []

    def test_every_wrong_field_is_named_at_once(self, hook):
        assert set(errors(hook(phone="12", urgent="yes", colour="red"))) == {"phone", "urgent", "colour"}

    def test_a_missing_summary_is_said_to_be_missing(self, hook):
        assert errors(hook(body=b"{}"))["summary"][0] == "is missing"

    @pytest.mark.parametrize(
        "body", [b"", b"{", b"[]", b'"x"', b"null", b"\xff\xfe", b"[" * 20_000, b"summary=x", b'{"summary": NaN}']
    )
    def test_what_is_no_json_object_is_422(self, hook, body):
        assert errors(hook(body=body))

    def test_a_lone_surrogate_is_422_or_kept_without_it(self, hook):
        assert hook(body=b'{"summary": "\\ud800 down"}').status_code in (202, 422)


class TestDescription:
    def test_the_openapi_document_is_whole(self, product):
        described = TestClient(product).get("/openapi.json").json()
        (operation,) = (methods["post"] for path, methods in described["paths"].items() if path == "/hooks/{token}")
        assert set(operation["responses"]) == {"202", "404", "413", "422", "503"}
        schema = operation["requestBody"]["content"]["application/json"]["schema"]
        Draft202012Validator.check_schema(schema)
        assert set(schema["properties"]) == {"summary", "details", "phone", "email", "urgent", "dedup_key"}
        assert schema["required"] == ["summary"]

    def test_every_reference_in_it_leads_somewhere(self, product):
        described = TestClient(product).get("/openapi.json").json()

        def references(node):
            if isinstance(node, dict):
                yield from ([node["$ref"]] if "$ref" in node else [])
                for value in node.values():
                    yield from references(value)
            elif isinstance(node, list):
                for value in node:
                    yield from references(value)

        for reference in references(described):
            found = described
            for part in reference.removeprefix("#/").split("/"):
                found = found[part]

    def test_only_what_other_programs_may_rely_on_is_described(self, product):
        assert list(TestClient(product).get("/openapi.json").json()["paths"]) == ["/hooks/{token}"]

    def test_an_answer_is_as_described(self, hook, product):
        described = TestClient(product).get("/openapi.json").json()
        schema = described["components"]["schemas"]["Accepted"]
        Draft202012Validator(schema).validate(hook().json())

    def test_the_page_for_people_names_every_field_and_loads_nothing(self, product):
        page = TestClient(product).get("/docs")
        assert page.headers["content-type"] == "text/html; charset=utf-8"
        for word in ("summary", "details", "phone", "email", "urgent", "dedup_key", "/hooks/{token}", "202", "413"):
            assert word in page.text
        for loading in ("<script", "src=", "<link"):
            assert loading not in page.text
