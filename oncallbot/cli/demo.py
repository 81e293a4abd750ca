"""What does it look like? The product beside emulated telephones, as real processes, to play with or as one night.

It must not speed anything up, touch the caller's database or environment, or leave a process or file behind.
"""

from __future__ import annotations

import shlex
import sys
from importlib import resources
from pathlib import Path
from typing import Any

import httpx

from oncallbot.cli import children, demo_night
from oncallbot.cli.children import OUR_PREFIXES, OURS, STARTS_WITHIN, Children, Stopped, Unexpected
from oncallbot.cli.demo_night import Stage

HOTLINE = "+493023125999"

HELP = """
The night is yours. Everybody has a telephone, and you play them all ({emulator}/sim/docs):

  Erik of Acme calls      curl {emulator}/sim/handsets/+493023125100/call --json '{{"to": "{hotline}"}}'
  he hears and speaks     curl {emulator}/sim/handsets/+493023125100
                          curl {emulator}/sim/handsets/+493023125100/speak --json '{{"text": "Nobody can order"}}'
                          curl {emulator}/sim/handsets/+493023125100/press --json '{{"digits": "#"}}'
  Ana is on call          curl -X POST {emulator}/sim/handsets/+493023125001/answer
  4 s later it is Ben     curl -X POST {emulator}/sim/handsets/+493023125002/answer
  4 takes it              curl {emulator}/sim/handsets/+493023125002/press --json '{{"digits": "4"}}'
  or by text              curl {emulator}/sim/handsets/+493023125002/text --json '{{"to": "{hotline}", "body": "4"}}'

What the product knows    . {environment}
                          {command} issues --all      and      {command} issue AH-1001
Its health and its log    {product}/health/paging      {log}

Ctrl-C ends it and leaves nothing behind.
"""


def demo(port: int, host: str, headless: bool) -> int:
    """Play one night and judge it (`headless`), or start everything and wait for Ctrl-C. The exit code.

    Headless: 0 only when the product's own record shows the expected night.
    """
    try:
        with children.signals() as signals, children.folder("demo") as folder:
            return _run(_House(folder, signals), port, host, headless)
    except Stopped as stopped:
        print("\nStopped.", flush=True)
        return 128 + stopped.number if headless else 0
    except Unexpected as problem:
        print(f"demo: {problem}", file=sys.stderr)
        return 1


def _run(house: _House, port: int, host: str, headless: bool) -> int:
    with house:
        stage = house.start(None if headless else port, "127.0.0.1" if headless else host)
        if headless:
            return demo_night.play(stage)
        print(f"Listening on {stage.product}/")
        command = f"{Path(sys.executable).parent / 'oncallbot'}"
        text = HELP.format(
            emulator=stage.emulator,
            product=stage.product,
            hotline=HOTLINE,
            environment=house.write_environment(),
            command=command,
            log=house.log,
        )
        print(text, flush=True)
        house.wait()
        return 1


class _House(Children):
    """The emulator's and the product's processes."""

    def start(self, port: int | None, host: str) -> Stage:
        """Start everything: emulator, product, its roster, its number. `port` None picks a free one."""
        emulator = self.emulator()
        with httpx.Client(base_url=emulator, timeout=STARTS_WITHIN, trust_env=False) as http:
            account = _asked(http.get("/sim/account"))
            self.environment |= {
                "TWILIO_ACCOUNT_SID": account["account_sid"],
                "TWILIO_AUTH_TOKEN": account["auth_token"],
                "TWILIO_API_URL": emulator,
            }
            product = self.serve(port, host)
            roster = self.folder / "roster.yaml"
            roster.write_text(resources.files("oncallbot.cli").joinpath("demo_roster.yaml").read_text("utf-8"), "utf-8")
            self.command("apply", str(roster))
            public = self.environment["PUBLIC_URL"]
            number = {
                "voice_url": f"{public}/twilio/voice",
                "sms_url": f"{public}/twilio/sms",
                "status_callback": f"{public}/twilio/hotline/ended",
            }
            _asked(http.put(f"/sim/numbers/{HOTLINE}", json=number))
        return Stage(emulator, product, HOTLINE, self.command)

    def write_environment(self) -> Path:
        """A file that gives a shell the product's environment: the command line must reach by the same roads."""
        path = self.folder / "environment"
        ours = sorted(name for name in self.environment if name in OURS or name.startswith(OUR_PREFIXES))
        path.touch(0o600)
        path.write_text("".join(f"export {name}={shlex.quote(self.environment[name])}\n" for name in ours), "utf-8")
        return path


def _asked(response: httpx.Response) -> dict[str, Any]:
    if response.status_code != httpx.codes.OK:
        raise Unexpected(f"{response.request.method} {response.url} answered {response.status_code}: {response.text}")
    answer: dict[str, Any] = response.json()
    return answer
