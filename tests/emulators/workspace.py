"""The emulated workspace as short verbs: the cast, their channels, and the app that a test plays.

Nothing here stands in for a part of ours.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl

import httpx

if TYPE_CHECKING:
    from .conftest import Product, Said, Sim

ANA, BEN, ERIK, GUEST, ROBOT = "U0ANA00001", "U0BEN00002", "U0ERIK0003", "U0GUEST004", "U0ROBOT005"
FOREIGN_TEAM = "T0ACME0001"
ON_CALL, HELP, SHARED, SECRET, ELSEWHERE = "C0ONCALL01", "C0HELP0001", "C0SHARED01", "G0SECRET01", "C0ELSEWH01"
PEOPLE: dict[str, dict[str, Any]] = {
    ANA: {"name": "ana", "real_name": "Ana Ruiz", "email": "ana@example.com", "tz": "Europe/Madrid"},
    BEN: {"name": "ben", "real_name": "Ben Okafor", "email": "ben@example.com"},
    ERIK: {"name": "erik", "real_name": "Erik", "team_id": FOREIGN_TEAM},
    GUEST: {"name": "gus", "is_restricted": True},
    ROBOT: {"name": "robot", "is_bot": True},
}
BUTTON = {"type": "button", "action_id": "acknowledge", "value": "AH-1", "text": {"type": "plain_text", "text": "Take"}}


def section(text: str = "hello") -> dict[str, Any]:
    return {"type": "section", "text": {"type": "mrkdwn", "text": text}}


def actions(*elements: dict[str, Any]) -> dict[str, Any]:
    return {"type": "actions", "block_id": "row", "elements": list(elements or (BUTTON,))}


def field(name: str = "note", **element: Any) -> dict[str, Any]:
    """An input block."""
    held = {"type": "plain_text_input", "action_id": name} | element
    return {"type": "input", "block_id": name, "label": {"type": "plain_text", "text": name}, "element": held}


def modal(*blocks: dict[str, Any], **more: Any) -> dict[str, Any]:
    words = {name: {"type": "plain_text", "text": name} for name in ("title", "submit", "close")}
    return {"type": "modal", "callback_id": "form", "blocks": list(blocks or (field(),)), **words, **more}


def payload(said: Said) -> dict[str, Any]:
    """What the app is told, whichever way: an event, an interaction or a command."""
    if said.body.startswith("{"):
        return dict(json.loads(said.body))
    form = dict(parse_qsl(said.body, keep_blank_values=True))
    return dict(json.loads(form["payload"])) if "payload" in form else form


class Slack:
    """Web API, control interface, and what the app has heard."""

    def __init__(self, sim: Sim, product: Product) -> None:
        self.sim, self.product, self.http = sim, product, sim.http
        channels = {
            ON_CALL: {"name": "oncall", "members": [ANA, BEN]},
            HELP: {"name": "help", "members": [ANA, BEN, GUEST, ROBOT]},
            SHARED: {"name": "acme", "members": [ANA, ERIK], "is_ext_shared": True},
            SECRET: {"name": "secret", "members": [BEN], "is_private": True, "bot": False},
            ELSEWHERE: {"name": "elsewhere", "members": [BEN], "bot": False},
        }
        settings = {"request_url": product.url + "/slack/events"}
        sim.put("/slack", settings=settings, users=PEOPLE, channels=channels)

    def settings(self, **wish: Any) -> Any:
        return self.sim.put("/slack/settings", **wish)

    def ask(self, method: str, token: str | None = None, **arguments: Any) -> httpx.Response:
        """As Slack's own client: structures as JSON in a JSON body."""
        headers = {"Authorization": f"Bearer {token or self.sim.settings.slack_token}"}
        return self.http.post("/api/" + method, json=arguments, headers=headers)

    def form(self, method: str, **arguments: Any) -> Any:
        """As a form, which every method takes."""
        headers = {"Authorization": f"Bearer {self.sim.settings.slack_token}"}
        data = {k: json.dumps(v) if isinstance(v, dict | list) else v for k, v in arguments.items()}
        return self.http.post("/api/" + method, data=data, headers=headers).json()

    def api(self, method: str, **arguments: Any) -> Any:
        said = self.form(method, **arguments)
        assert said["ok"], said
        return said

    def error(self, method: str, **arguments: Any) -> str:
        said = self.form(method, **arguments)
        assert not said["ok"], said
        return str(said["error"])

    def post(self, channel: str = ON_CALL, text: str = "card", **more: Any) -> Any:
        return self.api("chat.postMessage", channel=channel, text=text, **more)

    def act(self, user: str, verb: str, **wish: Any) -> Any:
        return self.sim.post(f"/slack/users/{user}/{verb}", **wish)

    def refused(self, user: str, verb: str, **wish: Any) -> str:
        """What Slack's client would not let this user do, in words."""
        answer = self.http.post(f"/sim/slack/users/{user}/{verb}", json=wish)
        assert answer.status_code == 409, answer.text
        return str(answer.json()["detail"])

    def user(self, id: str) -> Any:
        return self.sim.get(f"/slack/users/{id}")

    def messages(self, channel: str) -> Any:
        return self.sim.get(f"/slack/channels/{channel}/messages")

    def wait(self, what: str, /, **wanted: Any) -> Any:
        return self.sim.wait(f"slack_{what}", **wanted)

    def codes(self, of: str | None = None) -> list[str]:
        return [each["code"] for each in self.sim.get("/violations") if of in (None, each["kind"])]

    def answers(self, answer: Any) -> None:
        """What the app says: (status, content type, body), or a function of what it was told."""
        self.product.answers["/slack/events"] = answer

    def says(self, body: Any) -> None:
        self.answers((200, "application/json", json.dumps(body)))

    def opens(self, view: dict[str, Any]) -> None:
        """The app answers every request by opening a modal."""

        def answer(said: Said) -> Any:
            if trigger := payload(said).get("trigger_id"):
                self.api("views.open", trigger_id=trigger, view=view)
            return (200, "", "")

        self.answers(answer)

    def heard(self, kind: str = "") -> list[dict[str, Any]]:
        """Everything the app was told, of a type of payload or, without one, of all."""
        told = [payload(said) for said in self.product.heard]
        return [each for each in told if not kind or each.get("type", "command") == kind]

    def events(self, kind: str = "message") -> list[dict[str, Any]]:
        """Those that have arrived when nothing is under way any more."""
        self.sim.wait("quiet")
        return [each["event"] for each in self.heard("event_callback") if each["event"]["type"] == kind]
