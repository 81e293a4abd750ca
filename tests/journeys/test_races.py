"""Acknowledged at one instant, by three roads and in several processes: one has it, and everybody is told the truth."""

import json
import threading
from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest

from tests.journeys.conftest import DATABASES, house_of
from tests.journeys.house import House
from tests.journeys.night import Issue, Night
from tests.journeys.processes import Program

pytestmark = pytest.mark.journey
# A process of its own, with Python started: what is raced is the command, not the start of an interpreter.
SHELL = """
import contextlib, io, json, sys
from oncallbot.cli.__main__ import run
print("Listening on standard input", flush=True)
for line in sys.stdin:
    said = io.StringIO()
    with contextlib.redirect_stdout(said):
        code = run(json.loads(line))
    print(json.dumps([code, said.getvalue()]), flush=True)
"""
NAMES = {"ana": "Ana", "ben": "Ben", "cem": "Cem"}


@pytest.fixture(scope="module", params=DATABASES)
def house(request, tmp_path_factory):
    """Telephones in their own time. On PostgreSQL calls and texts come in at two `web` processes."""
    options = {"webs": 2 if request.param == "postgresql" else 1, "time_scale": 1.0}
    with house_of(request, tmp_path_factory, request.param, {"everybody": 4}, **options) as made:
        yield made


@pytest.fixture(scope="module")
def shell(house: House):
    program = Program("shell", ["-c", SHELL], house.environment, house.folder, listens=True).until_ready()
    program.ask(json.dumps(["issues", "--json"]))
    yield program
    program.kill()


@pytest.mark.timeout(400)  # ten rounds: on a machine with much else to do one takes ten seconds
def test_one_of_three_who_answer_at_one_instant_has_it_and_all_hear_the_truth(street, shell):
    night: Night = street("everybody")
    race(night, shell, rounds=10 if night.house.is_postgresql else 4)  # several processes answer only on PostgreSQL


@pytest.mark.soak
def test_one_of_three_has_it_two_hundred_times(street, shell):
    winners = race(street("everybody"), shell, rounds=200)
    assert len(winners) > 1, f"always the same road won: {winners}"


def race(night: Night, shell: Program, rounds: int) -> Counter[str]:
    if night.house.webs > 1:
        night.house.connect(night.street, texts_at="web2")
    winners: Counter[str] = Counter()
    for number in range(rounds):
        winners[one_round(night, shell, number)] += 1
        assert night.end() == []
        for phone in (night.ana, night.ben, night.cem):
            phone.will("manual")
    return winners


def one_round(night: Night, shell: Program, number: int) -> str:
    """The winner."""
    reference = night.page(f"Round {number}")
    night.ana.is_rung()
    night.ana.answers()
    night.ana.is_asked()
    for phone in (night.ben, night.cem):
        phone.is_rung()
    command = json.dumps(["acknowledge", reference, "--as", night.cem.id, "--json"])
    answers: dict[str, str] = {}
    at_one_instant(
        lambda: night.ana.presses("4"),
        lambda: night.ben.texts(f"4 {reference}"),
        lambda: answers.update(cem=shell.ask(command)),
    )
    issue = night.until(lambda one: one.kinds.count("answered_late") == 2, 10, reference)
    winner = next(name for name in NAMES if f"{name}{night.street}" == issue.acknowledged_by)
    all_hear_the_truth(night, issue, winner, json.loads(answers["cem"]))
    nothing_left_after(night, issue)
    return winner


def at_one_instant(*acts: Callable[[], object]) -> None:
    barrier = threading.Barrier(len(acts))

    def act(one: Callable[[], object]) -> None:
        barrier.wait()
        one()

    threads = [threading.Thread(target=act, args=(one,)) for one in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def all_hear_the_truth(night: Night, issue: Issue, winner: str, command: list[Any]) -> None:
    assert issue.kinds.count("acknowledged") == 1
    taken = f"{NAMES[winner]} has {issue.reference} since"
    night.ana.hears("is yours" if winner == "ana" else f"{NAMES[winner]} has it since")
    code, answer = command[0], json.loads(command[1])
    expected = ("acknowledged", 0) if winner == "cem" else ("already_taken", 1)
    assert (answer["outcome"], code, answer["acknowledged_by"]) == (*expected, issue.acknowledged_by)
    for name in NAMES:
        phone = getattr(night, name)
        if name != winner:
            phone.reads(taken)
            assert f"{issue.reference} is yours." not in phone.inbox
    if winner == "ben":
        night.ben.reads(f"{issue.reference} is yours.")
    for phone in (night.ana, night.ben, night.cem):
        phone.is_free()


def nothing_left_after(night: Night, issue: Issue) -> None:
    """No page was checked after the acknowledgement and sent all the same; what had been checked is told as crossed."""
    night.house.until_quiet()
    issue = night.issue(issue.reference)
    (acknowledged_at,) = issue.times("acknowledged")
    crossed = issue.kinds.count("crossed")
    late = 0
    rows = {row.id: row for row in night.house.outbox_of(issue.number) if row.purpose == "page"}
    for request in night.sim.get("/requests"):
        callback = str(request["params"].get("StatusCallback", ""))
        row = rows.get(callback.partition("#")[0].rpartition("/")[2])
        if request["method"] != "POST" or row is None:
            continue
        assert row.checked_at is not None, f"{row.id} was sent unchecked"
        late += request["at"] > acknowledged_at.timestamp() and row.status == "withdrawn"
    assert late <= crossed, f"{late} pages left after the acknowledgement, {crossed} are told as crossed"


def test_a_call_that_crossed_the_acknowledgement_stops_ringing(street):
    night: Night = street("everybody")
    fault = night.fault("hold_before_accept", match={"resource": "Calls", "to": night.ana.number})
    night.page()
    fault.holds()
    night.ben.texts("4")
    issue = night.acknowledged(night.ben)
    fault.release()
    night.ana.is_free(calls=1)
    night.ana.reads(f"Ben has {issue.reference} since")
    issue = night.until(lambda one: "crossed" in one.kinds)
    assert night.ana.heard == []


def test_whoever_answers_a_call_that_crossed_hears_who_has_it(street):
    night: Night = street("everybody")
    night.ana.will("answer")
    fault = night.fault("hold_before_accept", match={"resource": "Calls", "to": night.ana.number})
    end_of_call = night.fault("hold_before_accept", match={"resource": "Calls", "Status": "canceled"})
    night.page()
    fault.holds()
    night.ben.texts("4")
    night.acknowledged(night.ben)
    fault.release()
    night.ana.hears("Nothing to answer any more: Ben has it since")
    end_of_call.release()
    night.until(lambda one: "crossed" in one.kinds)


def test_a_text_that_crossed_the_acknowledgement_is_followed_by_the_truth(street):
    night: Night = street("everybody")
    fault = night.fault("hold_before_accept", match={"resource": "Messages", "to": night.ana.number})
    night.page()
    fault.holds()
    night.ben.texts("4")
    issue = night.acknowledged(night.ben)
    fault.release()
    night.ana.reads("Reply 4 ack")
    night.until(lambda one: "crossed" in one.kinds)
    truth = f"Ben has {issue.reference} since"
    night.ana.reads(truth, count=2)  # once at the acknowledgement, and again behind the page that came after it
    assert truth in night.ana.inbox[-1]
