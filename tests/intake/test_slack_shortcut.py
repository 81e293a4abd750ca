"""Page on-call about this: at once, at any hour, with the message's words, answered in private."""

from oncallbot.escalation.issue import Road, Status
from tests.engine.stage import NOON
from tests.slack_stage import ANA, CEM, DAY, FAY, HELP, Chat


def chooses(chat_night: Chat, user: str, channel: str, ts: str) -> list[str]:
    answered = chat_night.does(user, "shortcut", channel=channel, ts=ts)
    assert answered["status"] == 200
    chat_night.night.sends()
    return chat_night.whispers(user)


def test_it_pages_at_once_with_the_words_of_the_message(chat_night):
    chat_night.night.clock.sets(at=NOON)
    ts = chat_night.posts(FAY, "the lift is stuck", DAY)
    said = chooses(chat_night, CEM, DAY, ts)
    issue = chat_night.issue()
    assert (issue.summary, issue.status, issue.road) == ("the lift is stuck", Status.TRIGGERED, Road.SLACK)
    assert said[-1].startswith(f"AH-{issue.number} is open")


def test_on_a_post_that_has_opened_an_issue_it_joins_that_one(chat_night):
    ts = chat_night.posts(FAY, "it is down")
    said = chooses(chat_night, ANA, HELP, ts)
    assert said[-1] == f"AH-{chat_night.issue().number} is open: Ana is being paged."


def test_two_people_who_choose_it_on_one_message_page_once(chat_night):
    ts = chat_night.posts(FAY, "it is down", DAY)
    for user in (ANA, CEM):
        chooses(chat_night, user, DAY, ts)
    assert len(chat_night.issues()) == 1


def test_its_thread_gets_the_reference_only_where_the_bot_listens(chat_night):
    ts = chat_night.posts(FAY, "it is down", DAY)
    chooses(chat_night, CEM, DAY, ts)
    assert chat_night.thread(DAY, ts) == []
    assert chat_night.issue().contact == ""


def test_a_machines_message_can_be_paged_about(chat_night):
    ts = chat_night.posts(FAY, "CPU at 100 %", HELP, bot_id="B0GRAFANA1")
    chooses(chat_night, CEM, HELP, ts)
    assert chat_night.issue().summary == "CPU at 100 %"


def test_a_replay_pages_once_and_answers_once(chat_night):
    ts = chat_night.posts(FAY, "it is down", DAY)
    chooses(chat_night, CEM, DAY, ts)
    chat_night.sim.post("/slack/replay", kind="message_action")
    chat_night.night.sends()
    assert (len(chat_night.issues()), len(chat_night.whispers(CEM))) == (1, 1)
