"""What does a command leave behind that was killed? No process."""

import socket
from urllib.parse import urlsplit

import pytest

from tests.journeys.processes import Program, clean_environment, wait_until

pytestmark = pytest.mark.journey
STARTS_EMULATORS = """
import signal
from oncallbot.cli import children
from oncallbot.cli.own_folder import folder
with children.signals() as signals, folder("demo") as own, children.Children(own, signals) as house:
    print(house.emulator(), flush=True)
    signal.pause()
"""


def is_heard(url: str) -> bool:
    place = urlsplit(url)
    with socket.socket() as asking:
        return asking.connect_ex((place.hostname, place.port)) == 0


def test_what_a_command_has_started_ends_when_the_command_is_killed(tmp_path):
    environment = clean_environment() | {"TMPDIR": str(tmp_path)}
    command = Program("command", ["-c", STARTS_EMULATORS], environment, tmp_path).until_ready()
    assert is_heard(command.said)
    command.kill()
    wait_until(lambda: not is_heard(command.said), what="the end of the emulators")
