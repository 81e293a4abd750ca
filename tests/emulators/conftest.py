"""A running emulator and a stand-in for the product, which answers as each test says."""

import base64
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import httpx
import pytest

from oncallbot.emulators.server import Running, running
from oncallbot.emulators.settings import Settings

from .workspace import Slack

HOTLINE = "+493023125999"
ERIK = "+493023125100"
ANA = "+493023125001"
BEN = "+493023125002"
XML = "text/xml"


class Said:
    """One webhook as the product received it."""

    def __init__(self, method: str, target: str, headers: dict[str, str], body: str) -> None:
        self.method, self.target, self.headers, self.body = method, target, headers, body
        self.path = urlsplit(target).path
        self.posted = dict(parse_qsl(body, keep_blank_values=True))
        self.params = dict(parse_qsl(urlsplit(target).query, keep_blank_values=True)) | self.posted


Answer = tuple[Any, ...] | str | Callable[[Said], Any]


class Product:
    """Answers each path with TwiML, or (status, content type, body), or what a function says."""

    def __init__(self) -> None:
        self.answers: dict[str, Answer] = {}
        self.heard: list[Said] = []
        product = self

        class Handler(BaseHTTPRequestHandler):
            def answer(self) -> None:
                length = int(self.headers.get("Content-Length") or 0)
                said = Said(self.command, self.path, dict(self.headers), self.rfile.read(length).decode())
                product.heard.append(said)
                answer: Any = product.answers.get(said.path, (204, "", ""))
                while callable(answer):
                    answer = answer(said)
                if answer is None:
                    self.close_connection = True
                    return
                status, kind, body, *more = (200, XML, answer) if isinstance(answer, str) else answer
                content = body.encode() if isinstance(body, str) else body
                self.send_response(status)
                for name, value in (more[0] if more else {}).items():
                    self.send_header(name, value)
                if kind:
                    self.send_header("Content-Type", kind)
                self.send_header("Content-Length", str(len(content)))
                self.end_headers()
                self.wfile.write(content)

            do_GET = do_POST = answer  # noqa: N815

            def log_message(self, *_: object) -> None:
                pass

        class Server(ThreadingHTTPServer):
            def handle_error(self, *_: object) -> None:
                """A test's emulator may go away in the middle of an answer."""

        self.server = Server(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, args=(0.01,), daemon=True).start()

    def at(self, path: str) -> list[Said]:
        return [said for said in self.heard if said.path == path]


class Sim:
    """The control interface and the REST interface, as short verbs."""

    def __init__(self, emulator: Running) -> None:
        self.settings, self.world = emulator.settings, emulator.app.state.world
        self.http = httpx.Client(base_url=emulator.url, timeout=30, trust_env=False, verify=False)
        self.base = f"/2010-04-01/Accounts/{self.settings.account_sid}"
        self.auth = (self.settings.account_sid, self.settings.auth_token)

    def put(self, path: str, **wish: Any) -> Any:
        return self._checked(self.http.put("/sim" + path, json=wish))

    def post(self, path: str, **wish: Any) -> Any:
        return self._checked(self.http.post("/sim" + path, json=wish))

    def get(self, path: str) -> Any:
        return self._checked(self.http.get("/sim" + path))

    def play(self, number: str, verb: str, **wish: Any) -> Any:
        return self.post(
            f"/handsets/{number}/{verb}", **({"from": wish.pop("from_")} if "from_" in wish else {}), **wish
        )

    def handset(self, number: str) -> Any:
        return self.get(f"/handsets/{number}")

    def wait(self, kind: str, /, **wanted: Any) -> Any:
        params: dict[str, Any] = {"for": kind, "timeout": 10} | {
            name.rstrip("_"): value for name, value in wanted.items()
        }
        return self._checked(self.http.get("/sim/wait", params=params))["found"]

    @staticmethod
    def _checked(response: httpx.Response) -> Any:
        assert response.status_code == 200, response.text
        return response.json()

    def rest(self, method: str, path: str, auth: Any = None, **form: Any) -> httpx.Response:
        where: dict[str, Any] = {"params": form} if method == "GET" else {"data": form}
        user, password = auth or self.auth
        token = base64.b64encode(f"{user}:{password}".encode()).decode()
        return self.http.request(method, self.base + path, headers={"Authorization": f"Basic {token}"}, **where)

    def call(self, to: str = ANA, **form: Any) -> Any:
        response = self.rest("POST", "/Calls.json", To=to, **({"From": HOTLINE} | form))
        assert response.status_code == 201, response.text
        return response.json()

    def text(self, to: str = ANA, **form: Any) -> Any:
        response = self.rest("POST", "/Messages.json", To=to, **({"From": HOTLINE, "Body": "hello"} | form))
        assert response.status_code == 201, response.text
        return response.json()

    def violations(self) -> list[int]:
        return [violation["code"] for violation in self.get("/violations")]


@pytest.fixture(scope="session")
def emulator() -> Iterator[Running]:
    with running(Settings(time_scale=0.05, speech_rate=0.002)) as started:
        yield started


@pytest.fixture
def product() -> Iterator[Product]:
    """A new one, on a new port, for each test: a late webhook of an earlier test finds nobody."""
    product = Product()
    yield product
    product.server.shutdown()
    product.server.server_close()


@pytest.fixture
def sim(emulator: Running, product: Product) -> Iterator[Sim]:
    sim = Sim(emulator)
    sim.put(
        f"/numbers/{HOTLINE}",
        voice_url=product.url + "/voice",
        sms_url=product.url + "/sms",
        status_callback=product.url + "/ended",
    )
    yield sim
    sim.post("/reset")
    sim.http.close()


@pytest.fixture
def slack(sim: Sim, product: Product) -> Slack:
    """The emulated workspace, its cast at their places, with the stand-in for the product as its app."""
    return Slack(sim, product)
