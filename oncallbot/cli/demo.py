"""What does it look like? The product beside emulated telephones and Slack, to play with on a page or as one night.

It must not speed anything up, nor leave a process or file behind.
"""

from __future__ import annotations

import sys
from pathlib import Path

from oncallbot.cli import children, demo_night
from oncallbot.cli.children import Stopped, Unexpected
from oncallbot.cli.demo_cast import HUMANE, QUICK
from oncallbot.cli.demo_evening import Evening
from oncallbot.cli.demo_house import House
from oncallbot.cli.demo_night import Stage
from oncallbot.cli.own_folder import folder

HELP = """
Open that page: you play the customer, both responders and Slack. Ana has {seconds} seconds, then Ben is called.

What the product knows    . {environment}
                          {command} issues --all
The managers' pages       {product}/      sign in with Slack as Dora Lind
Its own address, its log  {product}/health/paging      {log}
Everything by curl        {emulator}/sim/docs

Ctrl-C ends it and leaves nothing behind.
"""


def demo(port: int, host: str, *, headless: bool, quick: bool) -> int:
    """Play one night and judge it (`headless`), or show the page until Ctrl-C. The exit code.

    Headless: 0 only when the product's own record shows the expected night.
    """
    try:
        with children.signals() as signals, folder("demo") as own:
            pace = QUICK if headless or quick else HUMANE
            with House(own, signals, pace) as house:
                if headless:
                    return demo_night.play(house.open(0, "127.0.0.1"))
                _show(house, port, host)
                return 1
    except Stopped as stopped:
        print("\nStopped.", flush=True)
        return 128 + stopped.number if headless else 0
    except Unexpected as problem:
        print(f"demo: {problem}", file=sys.stderr)
        return 1


def _show(house: House, port: int, host: str) -> None:
    """Until a signal comes, or a process that should not ends."""
    stage = house.open(port, host)
    with Evening(house, stage) as evening:
        evening.begin()
        print(f"Listening on {stage.emulator}/")
        print(_help(house, stage), flush=True)
        evening.play()


def _help(house: House, stage: Stage) -> str:
    return HELP.format(
        seconds=house.pace.level.seconds,
        emulator=stage.emulator,
        product=stage.product,
        environment=house.write_environment(),
        command=Path(sys.executable).parent / "oncallbot",
        log=house.log,
    )
