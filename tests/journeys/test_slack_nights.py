"""The night in Slack, with whole processes: the race of four roads, Slack away, and what stays true afterwards."""

import re
import threading
from collections import Counter
from collections.abc import Callable, Iterator, Mapping

import httpx
import pytest

from oncallbot import app
from oncallbot.storage import slack_ids
from tests.journeys.conftest import DATABASES, fresh_database
from tests.journeys.house import opened
from tests.journeys.night import Night
from tests.journeys.processes import wait_until
from tests.journeys.slack_house import SlackHouse, colleague, slack_house

pytestmark = pytest.mark.journey

ROUNDS = 8
FIRST_NAMES = {"ana": "Ana", "ben": "Ben", "cem": "Cem", "dora": "Dora"}


@pytest.fixture(scope="module", params=DATABASES)
def house(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[SlackHouse]:
    folder = tmp_path_factory.mktemp(f"slack-{request.param}")
    url = fresh_database(request, request.param, folder)
    kinds = dict(enumerate(["everybody", "patient", "patient", "patient", "patient", "patient"]))
    with opened(lambda: slack_house(folder, url, kinds, time_scale=1.0)) as made:
        assert isinstance(made, SlackHouse)
        yield made


def test_one_of_four_who_answer_by_four_roads_at_one_instant_has_it(street):
    night: Night = street("everybody")
    winners: Counter[str] = Counter()
    for number in range(ROUNDS if night.house.is_postgresql else ROUNDS // 2):  # only there several processes answer
        winners[one_round(night, number)] += 1
        assert night.end() == []
        for phone in (night.ana, night.ben, night.cem, night.dora):
            phone.will("manual")
    print(winners)


def one_round(night: Night, number: int) -> str:
    """Ana clicks, Ben presses 4, Cem texts 4, Dora opens her link and answers. The winner."""
    reference = night.page(f"Round {number}")
    ana = colleague(night, night.ana)
    card = ana.sees_card(f"{reference} ·", button="Acknowledge")
    night.ben.answers()
    night.ben.is_asked()
    night.cem.reads(f"{reference} ")
    link = re.findall(r"https?://\S+/answer/\S+", night.dora.reads(f"{reference} "))[-1]
    said: dict[str, str] = {}
    at_one_instant(
        lambda: said.update(ana=clicked(ana, card["ts"])),
        lambda: night.ben.presses("4"),
        lambda: night.cem.texts(f"4 {reference}"),
        lambda: said.update(dora=httpx.post(link, data={"answer": "acknowledge"}, trust_env=False, verify=False).text),
    )
    others = 3 if said["ana"] == "clicked" else 2  # the button was gone from the card before the click
    issue = night.until(lambda one: one.kinds.count("answered_late") == others, 15, reference)
    assert issue.kinds.count("acknowledged") == 1
    winner = next(name for name in FIRST_NAMES if f"{name}{night.street}" == issue.acknowledged_by)
    truth = f"{FIRST_NAMES[winner]} has {reference} since"
    yours = f"{reference} is yours."
    if said["ana"] == "clicked":
        ana.reads_privately(yours if winner == "ana" else truth)
    night.ben.hears("is yours" if winner == "ben" else f"{FIRST_NAMES[winner]} has it since")
    night.cem.reads(yours if winner == "cem" else truth)
    assert (yours if winner == "dora" else truth) in said["dora"]
    ana.sees_card(f"{FIRST_NAMES[winner]} has it since", ts=card["ts"])
    return winner


def clicked(ana, ts: str) -> str:
    answered = ana.sim.http.post(
        f"/slack/users/{ana.user}/click", json={"channel": ana.oncall, "ts": ts, "text": "Acknowledge"}
    )
    assert answered.status_code in (200, 409), answered.text
    return "clicked" if answered.status_code == httpx.codes.OK else "gone"


def at_one_instant(*acts: Callable[[], object]) -> None:
    barrier, failures = threading.Barrier(len(acts)), []

    def act(one: Callable[[], object]) -> None:
        barrier.wait()
        try:
            one()
        except BaseException as failure:
            failures.append(failure)
            raise

    threads = [threading.Thread(target=act, args=(one,)) for one in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []


@pytest.mark.parametrize("how", ["down", "hangs"])
def test_slack_away_all_night_and_the_page_still_lands(street, how):
    night: Night = street("patient")
    if how == "down":
        night.fault("down", 100_000, match={"path": "/api/"}, status=503)
    else:
        night.fault("accept_and_timeout", 100_000, match={"path": "/api/"}, seconds=20)
    for number in range(8):
        night.page(f"Trouble {number}")
    reference = night.references[-1]
    night.ana.is_rung(within=15)  # sooner than the first of Slack's answers
    night.ana.texts(f"4 {reference}")
    night.acknowledged(night.ana, within=10, reference=reference)
    while night.faults:
        night.faults.pop().end()
    slack = colleague(night, night.ana)
    wait_until(lambda: sum("Ana has it since" in card for card in slack.cards()) == 1, 60, "the newest state")
    wait_until(lambda: len(slack.cards()) >= len(night.references), 60, "every card")
    assert sorted(card.split(" · ")[0] for card in slack.cards()) == sorted(night.references)


def test_the_product_starts_and_answers_while_slack_is_down(street):
    night: Night = street("patient")
    reference = night.page()
    night.fault("down", 100_000, match={"path": "/api/"}, status=503)
    for name in night.house.names:
        night.house.restart(name)
    answered = colleague(night, night.ana).does("command", text=f"ack {reference}")
    assert [one["text"] for one in answered["shown"]] == [f"{reference} is yours."]
    night.acknowledged(night.ana, reference=reference)


def test_a_card_from_before_an_upgrade_goes_on_working(street):
    night: Night = street("patient")
    reference = night.page()
    ana = colleague(night, night.ana)
    card = ana.sees_card(f"{reference} ·", button="Acknowledge")
    night.house.environment["ONCALLBOT_RELEASE"] = "the next one"
    for name in night.house.names:
        night.house.restart(name)
    ana.clicks("Acknowledge", card["ts"])
    night.acknowledged(night.ana, reference=reference)
    ana.sees_card("Ana has it since", ts=card["ts"])
    assert len(ana.cards()) == 1


def test_a_post_in_the_hotlines_channel_pages_and_its_thread_hears_who_has_it(street):
    night: Night = street("patient")
    dora, ana = colleague(night, night.dora), colleague(night, night.ana)
    wait_until(lambda: f"help-{night.street}" in known_names(night), 10, "the channel's name looked up")
    post = dora.does("post", channel=dora.help, text="Checkout is down")
    night.sim.wait("slack_message", 15, channel=dora.help, thread_ts=post["ts"], contains="AH-")
    reference = night.references[-1]
    card = ana.sees_card(f"{reference} ·", button="Acknowledge")
    ana.clicks("Acknowledge", card["ts"])
    night.sim.wait("slack_message", 15, channel=dora.help, thread_ts=post["ts"], contains="Ana")


def known_names(night: Night) -> Mapping[str, str]:
    with app.open_desk(app.read_settings(night.house.environment)) as desk, desk.database.read() as connection:
        return slack_ids.all_ones(connection)
