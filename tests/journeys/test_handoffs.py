"""A handoff comes while three workers tick, one of them is killed and another starts: it is told once."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from oncallbot.storage import duties
from oncallbot.storage.database import Database
from tests.journeys.house import House, Sim
from tests.journeys.processes import Program, clean_environment, wait_until

pytestmark = pytest.mark.journey

HOTLINE, ANA, CEM = "+493023125999", "+493023125001", "+493023125003"
ROSTER = """\
timezone: UTC
responders:
  ana: {name: Ana Ruiz, phone: "+493023125001"}
  cem: {name: Cem Aydin, phone: "+493023125003"}
office_hours:
  never: {open: {}}
schedules:
  primary:
    layers: [{name: weekly, every: 1 week, first_handoff: 2026-01-05 09:00, participants: [ana]}]
    overrides: [OVERRIDE]
policies:
  default: {levels: [{page: [{schedule: primary}]}]}
hotlines:
  main: {name: Example Support, numbers: ["+493023125999"], office_hours: never}
"""


class Workers(House):
    """A house of workers alone: nobody reports anything."""

    def open(self) -> "Workers":
        line = ["-m", "oncallbot.emulators", "--port", "0"]
        emulator = self.programs["emulator"] = Program("emulator", line, clean_environment(), self.folder, forks=True)
        self.sim = Sim(emulator.until_ready().url)
        account = self.sim.get("/account")
        self.sim.put(f"/numbers/{HOTLINE}")
        self.environment |= {
            "DATABASE_URL": self.database_url,
            "SECRET_KEY": "a secret key for journeys only",
            "TWILIO_ACCOUNT_SID": account["account_sid"],
            "TWILIO_AUTH_TOKEN": account["auth_token"],
            "TWILIO_API_URL": emulator.url,
            "ONCALLBOT_ALLOW_EMULATORS": "1",
            "PUBLIC_URL": "http://127.0.0.1:9",
        }
        assert self.command("db", "upgrade").code == 0
        self.applies("")
        self.start("worker", "worker2", "worker3")
        return self

    def applies(self, override: str) -> None:
        path = self.folder / "roster.yaml"
        path.write_text(ROSTER.replace("OVERRIDE", override))
        applied = self.command("apply", str(path))
        assert applied.code == 0, applied.complaint

    def has_marks(self) -> bool:
        database = Database.open(self.database_url)
        with database.read() as connection:
            found = duties.last_done(connection, "handoff")
        database.close()
        return "primary" in found

    def told(self, phone: str, words: str) -> int:
        texts = self.sim.get(f"/handsets/{phone}")["texts"]
        return len([one for one in texts if words in one["body"]])


@pytest.fixture
def workers(postgresql_url, tmp_path: Path) -> Iterator[Workers]:
    house = Workers(tmp_path, postgresql_url(), kinds={})
    try:
        yield house.open()
        for program in house.programs.values():
            program.ask_to_stop()
        assert {program.stopped() for program in house.programs.values()} == {0}
    finally:
        house.sim.http.close()
        for program in house.programs.values():
            if program.is_running:
                program.kill()


def test_a_handoff_among_three_workers_a_kill_and_a_restart_is_told_once(workers: Workers):
    wait_until(workers.has_marks, 20, "the duties' first marks")
    start = datetime.now(UTC).replace(microsecond=0) + timedelta(seconds=6)
    end = start + timedelta(hours=3)
    workers.applies(f"{{responder: cem, from: {start:%Y-%m-%d %H:%M:%S}, to: {end:%Y-%m-%d %H:%M:%S}}}")
    workers.kill("worker2")
    workers.start("worker4")
    workers.sim.wait("text", 40, number=CEM, contains="on call in primary now")
    assert workers.programs.pop("worker3").stop() == 0  # a kill could cut it off between sending and noting that
    workers.start("worker5")
    workers.sim.wait("quiet", 20)
    assert workers.told(CEM, "on call in primary now") == 1
    assert workers.told(CEM, "begins in") <= 1
    assert workers.told(ANA, "on call in primary now") == 0
