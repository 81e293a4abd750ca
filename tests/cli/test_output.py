"""Text in a terminal: no line is wider than it, and no colour where none is wanted."""

import contextlib
import os
import sys
from collections.abc import Callable

import pytest

from oncallbot.cli.__main__ import run
from oncallbot.cli.output import table

HEADINGS = ("schedule", "from", "to", "why")
ROW = ("primary", "Mon 2026-11-23 09:00 CET", "Mon 2026-11-30 09:00 CET", "weekly, turn 46")

Terminal = Callable[[Callable[[], object]], str]


@pytest.fixture
def terminal(monkeypatch: pytest.MonkeyPatch) -> Terminal:
    """What a terminal of 60 columns shows of what is done in it."""
    monkeypatch.setenv("COLUMNS", "60")
    monkeypatch.setenv("TERM", "xterm")

    def shown(act: Callable[[], object]) -> str:
        reading, writing = os.openpty()
        with os.fdopen(writing, "w", encoding="utf-8") as screen, pytest.MonkeyPatch.context() as patch:
            patch.setattr(sys, "stdout", screen)
            act()
        text = b""
        with contextlib.suppress(OSError):  # so it ends once nobody writes any more
            while piece := os.read(reading, 4096):
                text += piece
        os.close(reading)
        return text.decode().replace("\r\n", "\n")

    return shown


def test_what_does_not_fit_beside_stands_beneath(terminal):
    assert terminal(lambda: table(HEADINGS, [ROW])).splitlines() == [
        "SCHEDULE  FROM                      TO",
        "  WHY",
        "primary   Mon 2026-11-23 09:00 CET  Mon 2026-11-30 09:00 CET",
        "  weekly, turn 46",
    ]


def test_words_wider_than_the_terminal_are_wrapped(terminal):
    shown = terminal(lambda: table(("why", "cure"), [("short", "a long word " * 12)]))
    assert max(map(len, shown.splitlines())) <= 60


def test_a_pipe_gets_one_line_for_each_row(capsys):
    table(HEADINGS, [ROW])
    assert len(capsys.readouterr().out.splitlines()) == 2


def test_shifts_fit_the_terminal_and_no_color_makes_them_plain(terminal, on_sqlite, monkeypatch):
    monkeypatch.setenv("NO_COLOR", "1")
    shown = terminal(lambda: run(["shifts", "primary", "--from", "2026-03-02", "--to", "2026-03-09"]))
    assert "on call" in shown
    assert "\x1b" not in shown
    assert max(map(len, shown.splitlines())) <= 60
