"""What stands outside the night: Twilio's emulator, our public address, and requests signed as Twilio signs them.

It must not know who is on call, nor write to the database.
"""

import threading
from collections.abc import Iterator, Mapping
from typing import Any

import httpx
import pytest
import uvicorn
from fastapi.testclient import TestClient

from oncallbot.channels.link import Links
from oncallbot.channels.phones import Telephones
from oncallbot.channels.sms import SmsSender
from oncallbot.channels.voice import VoiceSender
from oncallbot.emulators.server import Running, running
from oncallbot.emulators.settings import Settings as EmulatorSettings
from oncallbot.emulators.twilio.signer import signature
from oncallbot.engine.sending import Sender
from oncallbot.oncall.people import Method
from oncallbot.telephony.client import Credentials
from oncallbot.web import app as web
from tests.engine.stage import ERIK, HOTLINE, SECRET, Night


class Sim:
    """The emulator's control interface as short verbs."""

    def __init__(self, emulator: Running) -> None:
        self.settings, self.url = emulator.settings, emulator.url
        # Nobody here speaks TLS, and reading the machine's certificates takes 20 ms of each client.
        self.http = httpx.Client(base_url=emulator.url + "/sim", timeout=30, trust_env=False, verify=False)

    def put(self, path: str, **wish: Any) -> Any:
        return self._checked(self.http.put(path, json=wish))

    def post(self, path: str, **wish: Any) -> Any:
        return self._checked(self.http.post(path, json=wish))

    def get(self, path: str) -> Any:
        return self._checked(self.http.get(path))

    def wait(self, kind: str, /, **wanted: Any) -> Any:
        return self._checked(self.http.get("/wait", params={"for": kind, "timeout": 15, **wanted}))["found"]

    def fault(self, kind: str, resource: str, **wish: Any) -> str:
        match = {"resource": resource, "method": "POST", **wish.pop("match", {})}
        return str(self.post("/faults", kind=kind, match=match, **wish)["id"])

    def posted(self, resource: str) -> list[dict[str, Any]]:
        """The parameters of every POST to Calls.json or Messages.json, in their order."""
        ends = f"/{resource}.json"
        return [
            one["params"] for one in self.get("/requests") if one["method"] == "POST" and one["path"].endswith(ends)
        ]

    def violations(self) -> list[Any]:
        """What Twilio would have refused; webhooks that nobody listened to are this test's own business."""
        return list(self.get("/violations?kind=conduct"))

    @staticmethod
    def _checked(response: httpx.Response) -> Any:
        assert response.status_code == 200, response.text
        return response.json()


class Front:
    """One HTTP server for a whole session, behind which each test puts its own application."""

    def __init__(self) -> None:
        self.app: Any = None
        config = uvicorn.Config(self._serve, port=0, log_level="warning", lifespan="off", interface="asgi3")
        self.server = uvicorn.Server(config)
        self.thread = threading.Thread(target=self.server.run, daemon=True)

    async def _serve(self, scope: Any, receive: Any, send: Any) -> None:
        app = self.app
        if app is None:  # a late webhook of an earlier test
            await send({"type": "http.response.start", "status": 204, "headers": []})
            await send({"type": "http.response.body", "body": b""})
            return
        await app(scope, receive, send)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server.servers[0].sockets[0].getsockname()[1]}"

    def start(self) -> None:
        self.thread.start()
        while not self.server.started:
            threading.Event().wait(0.01)

    def forgets(self) -> None:
        """Nobody answers any more: what was on its way to this test's application does not reach the next one's."""
        self.app = None
        httpx.get(self.url, trust_env=False, verify=False)  # served after everything that had come before

    def stop(self) -> None:
        """Now, not when the last browser lets go of its connection."""
        self.server.should_exit = self.server.force_exit = True
        self.thread.join(10)


class Twilio:
    """Posts signed forms to the product as Twilio would; the signature is the emulator's own reading of the rules."""

    def __init__(self, night: Night, app: Any, token: str) -> None:
        self.public_url, self.token = night.public_url, token
        self.client = TestClient(app, base_url=night.public_url, raise_server_exceptions=False)

    def posts(self, path: str, *, token: str | None = None, signed: str | None = None, **form: Any) -> httpx.Response:
        fields = {name.rstrip("_"): str(value) for name, value in form.items()}
        path = path.removeprefix(self.public_url).partition("#")[0]
        given = signed if signed is not None else signature(token or self.token, self.public_url + path, fields)
        headers = {"X-Twilio-Signature": given} if given else {}
        response: Any = self.client.post(path, data=fields, headers=headers)
        return response

    def calls(self, sid: str = "CA1", from_: str = ERIK, to: str = HOTLINE, **more: Any) -> str:
        """The first webhook of a call; the TwiML."""
        form = {"CallSid": sid, "From": from_, "To": to, "CallStatus": "ringing", "Direction": "inbound", **more}
        return self.posts("/twilio/voice", **form).text

    def texts(self, body: str, sid: str = "SM1", from_: str = ERIK, to: str = HOTLINE, **more: Any) -> str:
        form = {"MessageSid": sid, "From": from_, "To": to, "Body": body, "NumMedia": "0", **more}
        return self.posts("/twilio/sms", **form).text


@pytest.fixture(scope="session")
def emulator() -> Iterator[Running]:
    with running(EmulatorSettings(time_scale=0.2, speech_rate=0.001)) as started:
        yield started


@pytest.fixture(scope="session")
def front() -> Iterator[Front]:
    made = Front()
    made.start()
    yield made
    made.stop()


@pytest.fixture
def sim(emulator: Running, front: Front) -> Iterator[Sim]:
    made = Sim(emulator)
    made.put(f"/numbers/{HOTLINE}", voice_url=f"{front.url}/twilio/voice", sms_url=f"{front.url}/twilio/sms")
    yield made
    front.app = None
    made.post("/reset")
    front.forgets()
    made.http.close()


@pytest.fixture
def product(night: Night) -> Any:
    """The web application of this night."""
    doors = web.Doors(
        door=night.door,
        measures=night.measures,
        public_url=night.public_url,
        twilio_tokens=("primary-token", "secondary-token"),
        release="test",
        links=Links(SECRET, night.public_url),
    )
    return web.create(doors)


@pytest.fixture
def twilio(night: Night, product: Any) -> Iterator[Twilio]:
    made = Twilio(night, product, "primary-token")
    with made.client:  # one event loop for all requests
        yield made


@pytest.fixture
def connected(night: Night, sim: Sim, front: Front) -> Night:
    """The night with emulated Twilio at the other end, both ways."""
    night.public_url = front.url
    tokens = (sim.settings.auth_token,)
    front.app = web.create(web.Doors(night.door, night.measures, front.url, tokens, "test", Links(SECRET, front.url)))
    night.senders = senders(sim, front.url)
    return night


def senders(sim: Sim, public_url: str, api_url: str | None = None) -> Mapping[Method, Sender]:
    telephones = Telephones(Credentials(sim.settings.account_sid, sim.settings.auth_token, api_url=api_url or sim.url))
    sms = SmsSender(telephones, public_url, Links(SECRET, public_url))
    return {Method.SMS: sms, Method.VOICE: VoiceSender(telephones, public_url)}
