"""How processes start, refuse to start, and end."""

import contextlib
import socket
import threading
from collections.abc import Iterator

import httpx
import pytest

from tests.journeys.processes import Program, clean_environment, free_port
from tests.postgresql import PostgreSQL

pytestmark = pytest.mark.journey


@pytest.fixture
def program(tmp_path):
    """Call it with a kind of process and its environment."""

    def start(kind: str, **variables: str) -> Program:
        given = {"SECRET_KEY": "a secret key for journeys only", "PORT": "0"} | variables
        hosts = [] if kind == "worker" else ["--host", "127.0.0.1"]
        return Program(kind, ["-m", "oncallbot.cli", kind, *hosts], clean_environment() | given, tmp_path)

    return start


def test_serve_migrates_sqlite_picks_a_port_warns_once_and_says_that_no_page_could_go_out(program, tmp_path):
    serve = program("serve", DATABASE_URL=f"sqlite:///{tmp_path}/new.db").until_ready()
    with httpx.Client(base_url=serve.url, trust_env=False, verify=False) as http:
        assert http.get("/health/live").json() == {"status": "ok"}
        assert http.get("/health/ready").status_code == 200
        assert http.get("/health/paging").status_code == 503
        assert http.post("/twilio/voice", data={"CallSid": "CA1"}).status_code == 503
    assert serve.stop() == 0
    assert serve.complaints.count("Twilio is off") == 1


def test_a_second_serve_on_the_same_file_refuses_and_the_first_goes_on(program, tmp_path):
    url = f"sqlite:///{tmp_path}/one.db"
    first = program("serve", DATABASE_URL=url).until_ready()
    second = program("serve", DATABASE_URL=url)
    assert second.wait() == 1
    assert "another `oncallbot serve` uses this SQLite file" in second.complaints
    assert httpx.get(f"{first.url}/health/ready", trust_env=False, verify=False).status_code == 200
    assert first.stop() == 0
    third = program("serve", DATABASE_URL=url).until_ready()
    assert third.stop() == 0


@pytest.mark.parametrize("kind", ["web", "worker"])
def test_sqlite_cannot_be_shared_by_processes(program, tmp_path, kind):
    refused = program(kind, DATABASE_URL=f"sqlite:///{tmp_path}/one.db")
    assert refused.wait() == 1
    assert "SQLite cannot be shared" in refused.complaints


@pytest.mark.parametrize("kind", ["serve", "web", "worker"])
def test_an_old_schema_says_how_to_upgrade_it(program, postgresql_server: PostgreSQL, kind):
    refused = program(kind, DATABASE_URL=postgresql_server.fresh_database())
    assert refused.wait() == 1
    assert "oncallbot db upgrade" in refused.complaints


def test_a_port_that_is_taken_is_one_clear_line(program, tmp_path):
    port = str(free_port())
    first = program("serve", DATABASE_URL=f"sqlite:///{tmp_path}/one.db", PORT=port).until_ready()
    second = program("serve", DATABASE_URL=f"sqlite:///{tmp_path}/two.db", PORT=port)
    assert second.wait() == 1
    assert f"{port} on 127.0.0.1" in second.complaints
    assert first.stop() == 0


def test_a_request_that_hangs_keeps_no_process_from_ending_in_time(program, tmp_path):
    with endless() as (provider, is_asked):
        given = {"SLACK_CLIENT_ID": "1.2", "SLACK_CLIENT_SECRET": "s", "PUBLIC_URL": "http://127.0.0.1:8000"}
        serve = program(
            "serve",
            DATABASE_URL=f"sqlite:///{tmp_path}/new.db",
            ONCALLBOT_ALLOW_EMULATORS="1",
            ONCALLBOT_OIDC_ISSUER=provider,
            **given,
        ).until_ready()
        with socket.create_connection(("127.0.0.1", int(serve.url.rpartition(":")[2]))) as browser:
            browser.sendall(b"GET /sign-in/slack HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
            assert is_asked.wait(20)
            assert serve.stop() == 0


@contextlib.contextmanager
def endless() -> Iterator[tuple[str, threading.Event]]:
    """A server that is never silent for long, and whose answer never ends; its address, and whether it was asked."""
    is_asked, is_over = threading.Event(), threading.Event()

    def answer() -> None:
        connection, _ = listener.accept()
        with connection, contextlib.suppress(OSError):
            is_asked.set()
            connection.sendall(b"HTTP/1.1 200 OK\r\n")
            while not is_over.wait(0.2):
                connection.sendall(b"x-more: yes\r\n")

    with socket.create_server(("127.0.0.1", 0)) as listener:
        server = threading.Thread(target=answer)
        server.start()
        try:
            yield f"http://127.0.0.1:{listener.getsockname()[1]}", is_asked
        finally:
            is_over.set()
            if not is_asked.is_set():
                socket.create_connection(listener.getsockname()).close()
            server.join()
