"""The form about one rotation: it opens at once, shows what each change would do, and applies what was seen."""

import json
from urllib.parse import urlencode

import httpx
import pytest

from oncallbot.engine.change import Edit, change
from oncallbot.engine.proposals import Proposed, confirm, propose
from oncallbot.oncall.edits import AddParticipant
from oncallbot.schedule_files.parts import canonical_text
from oncallbot.storage import rule_objects
from tests.channels.test_slack_sender import slack_is
from tests.chat.slack_requests import signed
from tests.engine.stage import at_once, both
from tests.slack_stage import ANA, DORA, Chat

PRIMARY = "primary/weekly"
NEW = "A new schedule"
LAYER = {
    "every": "1 week",
    "first_handoff": "2026-01-05 09:00",
    "name": "nights",
    "participants": ["ana", "ben"],
}


def rotation(chat: Chat, schedule: str = "primary"):
    return chat.night.door.rules_now().schedules[schedule].layers[0].rotation


def words(chat: Chat, user: str = DORA) -> str:
    return "\n".join(chat.modal(user)["words"])


def writes(chat: Chat, field: str, text: str, rota: str = PRIMARY, /, **others: str) -> str:
    """What the form says after this change; `others` stand in it already."""
    values = {f"{one}:{rota}": said for one, said in others.items()}
    chat.does(DORA, "click", action_id=f"rotation_{field}", value=text, values=values)
    return words(chat)


def applies(chat: Chat, rota: str = PRIMARY, /, **said: str):
    return chat.submits(DORA, **{f"{field}:{rota}": text for field, text in said.items()})


def values(chat: Chat, field: str, name: str = PRIMARY) -> str:
    blocks = chat.modal(DORA)["blocks"]
    return next(one["element"].get("initial_value", "") for one in blocks if one["block_id"] == f"{field}:{name}")


def hurries(chat: Chat, seen, people: str, at: str) -> None:
    """Dora has written this at that moment, in the form as she saw it then."""
    act = {"type": "plain_text_input", "action_id": "rotation_people", "value": people, "action_ts": at}
    sends(chat, seen, people, type="block_actions", actions=[act])


def sends(chat: Chat, seen, people: str, **more) -> str:
    """Slack's request about the form as Dora saw it, with these people written into it; what it is answered."""
    which = {"selected_option": {"value": PRIMARY}}
    questions = [one for one in seen["blocks"] if one.get("element", {}).get("type") == "plain_text_input"]
    written = {
        one["block_id"]: {one["element"]["action_id"]: {"value": one["element"].get("initial_value")}}
        for one in questions
    }
    written[f"people:{PRIMARY}"] = {"rotation_people": {"value": people}}
    state = {"values": {"which": {"rotation_which": which}, **written}}
    view = {one: seen[one] for one in ("id", "hash", "blocks", "private_metadata", "callback_id")}
    user = {"id": DORA, "team_id": chat.sim.settings.slack_team_id}
    view |= {"type": "modal", "state": state}
    said = {"user": user, "team": {"id": user["team_id"]}, "view": view, **more}
    body = urlencode({"payload": json.dumps(said)})
    headers = signed(body, secret=chat.sim.settings.slack_signing_secret)
    answer = httpx.post(f"{chat.night.public_url}/slack/events", content=body, headers=headers)
    assert answer.status_code == 200
    return answer.text


def removes(chat: Chat, *schedules: str) -> None:
    keys = tuple(("schedule", one) for one in schedules)
    done = change(chat.night.door, Edit({}, keys), "test", chat.night.door.rules_now().revision)
    assert type(done).__name__ == "Changed", done


@pytest.fixture
def opened(chat_night: Chat) -> Chat:
    """Dora has opened the form."""
    assert chat_night.commands(DORA, "rotation primary") == ""
    return chat_night


def test_it_opens_with_what_runs(opened):
    assert values(opened, "people") == "@ana @ben @cem"
    assert values(opened, "every") == "1 week"
    assert values(opened, "handoff") == "Mon 09:00"
    assert values(opened, "windows") == "always"
    assert "Change something" in words(opened)


def test_every_change_is_previewed_while_it_is_written(opened):
    assert "Dora" in writes(opened, "people", "@ana @ben @cem @dora")
    assert "nothing has changed yet" in words(opened)
    assert "→" in words(opened)
    assert rotation(opened).participants == (("ana",), ("ben",), ("cem",))


def test_what_was_previewed_is_applied_and_told(opened):
    writes(opened, "people", "@cem @ben @ana", reason="summer")
    answered = applies(opened, people="@cem @ben @ana", reason="summer")
    assert answered["response_action"] == "update"
    assert words(opened).startswith("Rotation\nDone.")
    with opened.night.database.read() as connection:
        latest = rule_objects.history(connection, 1)[0]
    assert (latest.by, latest.reason) == ("dora", "summer")


def test_what_was_not_seen_yet_is_shown_first(opened):
    answered = applies(opened, every="2 weeks")
    assert answered["response_action"] == "update"
    assert "Look at this preview, then press Apply again" in words(opened)
    assert rotation(opened).every == 1
    applies(opened, every="2 weeks")
    assert rotation(opened).every == 2


def test_the_second_manager_sees_a_fresh_preview_and_nothing_is_overwritten(opened):
    writes(opened, "every", "2 weeks")
    made = propose(opened.night.door, (AddParticipant("primary", ("dora",)),), "dora")
    assert isinstance(made, Proposed)
    confirm(opened.night.door, made.id, "dora", lambda *_: "")
    applies(opened, every="2 weeks")
    assert "Look at this preview" in words(opened)
    assert rotation(opened).every == 1
    applies(opened, every="2 weeks")
    assert rotation(opened).every == 2
    assert ("dora",) in rotation(opened).participants


@pytest.mark.parametrize(
    ("field", "text", "expected"),
    [
        ("people", "@ana @nobodyhere", "nobodyhere"),
        ("every", "2", "2 of what?"),
        ("handoff", "noon-ish", "Not a handoff's time"),
        ("handoff", "Tuesday at 9", "Which time of the day is meant? Write Tue 09:00"),
        ("windows", "outside paris", "No office hours of that name"),
    ],
)
def test_what_is_wrong_stands_at_its_question(opened, field, text, expected):
    assert expected.lower() in writes(opened, field, text).lower()
    answered = applies(opened, **{field: text})
    assert answered["response_action"] == "errors"
    assert expected.lower() in answered["errors"][f"{field}:{PRIMARY}"].lower()


@pytest.mark.parametrize("handoff", ["10:00", "1st 10:00"])
def test_what_does_not_fit_stands_at_the_question_that_was_changed(opened, handoff):
    assert "hands off on a weekday" in writes(opened, "handoff", handoff)
    assert "weekday" in applies(opened, handoff=handoff)["errors"][f"handoff:{PRIMARY}"]


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("primary", "there is a schedule primary already"),
        ("Primary", "there is a schedule primary already"),
        ("every", "A name has letters"),
    ],
)
def test_a_name_that_cannot_be_is_wrong_at_the_name(opened, name, expected):
    opened.does(DORA, "click", action_id="rotation_which", value=NEW)
    answered = applies(opened, NEW, name=name, people="@ana @ben")
    assert expected in answered["errors"][f"name:{NEW}"]


def test_the_newest_words_are_shown_however_fast_they_are_written(opened):
    seen = opened.modal(DORA)
    hurries(opened, seen, "@ana @b", "1795316460.1")
    hurries(opened, seen, "@ben @ana", "1795316460.3")
    hurries(opened, seen, "@ben @an", "1795316460.2")
    assert "a new order, Ben, Ana" in words(opened)


def test_words_that_come_after_apply_do_not_open_the_form_again(opened):
    writes(opened, "people", "@ben @ana")
    seen = opened.modal(DORA)
    applies(opened, people="@ben @ana")
    hurries(opened, seen, "@ben @an", "9999999999.1")
    assert "Done." in words(opened)


def test_a_rotation_that_is_gone_is_not_taken_for_a_new_one(opened):
    add(opened, {}, [LAYER])
    opened.commands(DORA, "rotation crowd")
    removes(opened, "crowd")
    assert applies(opened, "crowd/nights", every="2 weeks")["response_action"] == "update"
    assert "not there any more" in words(opened)


def test_apply_right_after_another_rotation_was_chosen_shows_that_one(opened):
    add(opened, {}, [LAYER])
    opened.commands(DORA, "rotation primary")
    assert opened.submits(DORA, which="crowd/nights")["response_action"] == "update"
    assert values(opened, "people", "crowd/nights") == "@ana @ben"


def test_a_schedule_without_a_rotation_opens_no_form(chat_night):
    add(chat_night, {}, [])
    assert "crowd has no rotation" in chat_night.commands(DORA, "rotation crowd")
    assert chat_night.modal(DORA) is None


def test_nothing_changed_is_said_and_nothing_is_written(opened):
    assert applies(opened)["response_action"] == "errors"


@pytest.mark.parametrize("zone", ["Europe/Lisbon", "europe/lisbon"])
def test_a_new_schedule_is_made(opened, zone):
    opened.does(DORA, "click", action_id="rotation_which", value=NEW)
    written = {"name": "weekend", "zone": zone, "people": "@ana @ben"}
    writes(opened, "windows", "sat-sun", NEW, **written)
    applies(opened, NEW, windows="sat-sun", **written)
    assert rotation(opened, "weekend").participants == (("ana",), ("ben",))
    assert opened.night.door.rules_now().schedules["weekend"].timezone == "Europe/Lisbon"


def test_a_submission_that_is_replayed_is_applied_once(opened):
    writes(opened, "every", "2 weeks")
    applies(opened, every="2 weeks")
    revision = opened.night.door.rules_now().revision
    again = opened.sim.post("/slack/replay", kind="view_submission")
    assert "Done." in again["body"]
    assert opened.night.door.rules_now().revision == revision


@both
def test_a_submission_that_comes_several_times_at_once_is_answered_as_one(opened):
    writes(opened, "people", "@cem @ben @ana")
    seen, revision = opened.modal(DORA), opened.night.door.rules_now().revision
    (answer,) = set(at_once(*[lambda: sends(opened, seen, "@cem @ben @ana", type="view_submission")] * 4))
    assert "Done." in answer
    assert opened.night.door.rules_now().revision == revision + 1


def test_an_error_is_not_kept_when_its_cause_is_cured(opened):
    writes(opened, "people", "@ana @erik")
    seen = opened.modal(DORA)
    assert "errors" in sends(opened, seen, "@ana @erik", type="view_submission")
    add_responder(opened, "erik")
    assert "errors" not in sends(opened, seen, "@ana @erik", type="view_submission")


def test_a_form_that_cannot_be_opened_is_answered_with_commands(chat_night):
    slack_is(chat_night, "http_500", "views.open", count=3)
    assert "/oncall rotation show" in chat_night.commands(DORA, "rotation primary")


def test_it_opens_for_managers_only(chat_night):
    assert chat_night.commands(ANA, "rotation primary").startswith("Only managers can edit rotations")
    assert chat_night.modal(ANA) is None


def test_a_hundred_responders_and_as_many_rotations_keep_every_limit(chat_night):
    people = {
        ("responder", f"person-with-a-long-name-{one:03}"): f'{{"name":"P {one}","timezone":"Europe/Berlin"}}'
        for one in range(100)
    }
    layers = [
        {
            "every": "1 week",
            "first_handoff": "2026-01-05 09:00",
            "name": f"layer {one:03} {'x' * 60}",
            "participants": [id_ for _, id_ in people],
        }
        for one in range(120)
    ]
    add(chat_night, people, layers)
    assert chat_night.commands(DORA, "rotation crowd") == ""
    assert chat_night.modal(DORA)["callback_id"] == "rotation"


def add_responder(chat: Chat, id_: str) -> None:
    body = canonical_text("responder", {"name": id_.title(), "timezone": "Europe/Berlin"})
    done = change(chat.night.door, Edit({("responder", id_): body}), "test", chat.night.door.rules_now().revision)
    assert type(done).__name__ == "Changed", done


def add(chat: Chat, people, layers) -> None:
    crowd = canonical_text("schedule", {"timezone": "Europe/Berlin", "layers": layers})
    done = change(
        chat.night.door,
        Edit({**people, ("schedule", "crowd"): crowd}),
        "test",
        chat.night.door.rules_now().revision,
    )
    assert type(done).__name__ == "Changed", done
