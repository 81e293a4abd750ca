"""`/oncall` on schedules: a preview that only its asker sees, and Confirm does it once."""

import json
from datetime import timedelta

import pytest

from oncallbot.engine.change import Edit, change
from oncallbot.oncall.schedule import responders_at
from oncallbot.schedule_files.parts import canonical_text
from oncallbot.storage import rule_objects
from tests.channels.previewing import shown
from tests.engine.stage import MINUTE, NIGHT, both
from tests.slack_stage import ANA, CEM, DORA, FAY, Chat


def rules(chat: Chat):
    return chat.night.door.rules_now()


def on_call(chat: Chat, schedule: str = "primary", at=NIGHT) -> tuple[str, ...]:
    return responders_at(rules(chat).schedules[schedule], rules(chat).absences, at)[0]


def direct(chat: Chat, user: str) -> list[str]:
    return [one["text"] for one in chat.sim.get(f"/slack/users/{user}")["direct"]]


def last_audit(chat: Chat):
    with chat.night.database.read() as connection:
        return rule_objects.history(connection, 1)[0]


class TestPreviews:
    def test_an_edit_changes_nothing_until_it_is_confirmed_and_then_says_who_is_told(self, chat_night):
        preview = shown(chat_night, DORA, "rotation order primary @cem @ben @ana because fairness")
        assert preview.buttons == ["Confirm", "Cancel"]
        assert "nothing has changed yet" in preview.words
        assert "Cem → Ana" in preview.words
        assert rules(chat_night).schedules["primary"].layers[0].version == 1
        assert "told" in preview.clicks("Confirm")
        assert preview.buttons == []
        assert rules(chat_night).schedules["primary"].layers[0].version == 2
        assert (last_audit(chat_night).by, last_audit(chat_night).reason) == ("dora", "fairness")
        assert any("Dora changed who is on call" in one for one in direct(chat_night, CEM))

    def test_times_of_a_change_are_whole_seconds_as_files_are_to_show_them(self, chat_night):
        chat_night.night.clock.moves(timedelta(microseconds=694_405))
        shown(chat_night, DORA, "take primary for 2 hours").clicks("Confirm")
        shown(chat_night, DORA, "absent @cem from now until tomorrow 08:00").clicks("Confirm")
        (override,), (absence,) = rules(chat_night).schedules["primary"].overrides, rules(chat_night).absences
        assert (override.start, override.end) == (NIGHT, NIGHT + timedelta(hours=2))
        assert (absence.start, absence.end.microsecond) == (NIGHT, 0)

    def test_a_preview_says_when_it_takes_over_a_change_that_is_pending(self, chat_night):
        first = shown(chat_night, DORA, "rotation remove primary @cem")
        assert "takes over" not in first.words
        first.clicks("Confirm")
        second = shown(chat_night, DORA, "rotation add primary @dora after a full rotation")
        assert "It takes over the change that is to start Mon 28 Dec" in second.words

    def test_cancel_leaves_everything_as_it_was(self, chat_night):
        preview = shown(chat_night, DORA, "rotation remove primary @cem")
        assert preview.clicks("Cancel") == "That was cancelled. Nothing has changed."
        assert rules(chat_night).schedules["primary"].layers[0].version == 1

    @both
    def test_of_two_managers_the_second_sees_a_fresh_preview_and_nothing_is_overwritten(self, chat_night, manager_too):
        first = shown(chat_night, DORA, "rotation add primary @dora")
        second = shown(chat_night, CEM, "rotation remove primary @ben")
        first.clicks("Confirm")
        said = second.clicks("Confirm")
        assert "Somebody changed the schedules meanwhile" in said
        assert second.buttons == ["Confirm", "Cancel"]
        people = rules(chat_night).schedules["primary"].layers[0].rotation.participants
        assert {("dora",), ("ben",)} <= set(people)
        assert second.clicks("Confirm").startswith("Done.")
        people = rules(chat_night).schedules["primary"].layers[0].rotation.participants
        assert ("dora",) in people
        assert ("ben",) not in people

    def test_a_click_that_is_replayed_confirms_once_and_answers_once(self, chat_night):
        shown(chat_night, DORA, "rotation every primary 2 weeks").clicks("Confirm")
        revision = rules(chat_night).revision
        assert chat_night.sim.post("/slack/replay", kind="block_actions")["status"] == 200
        chat_night.night.sends()
        assert rules(chat_night).revision == revision

    def test_a_command_that_is_replayed_shows_the_same_preview(self, chat_night):
        shown(chat_night, DORA, "rotation add primary @dora")
        first, again = (chat_night.sim.post("/slack/replay", kind="command")["body"] for _ in range(2))
        assert first == again
        assert "Confirm" in first

    def test_what_is_so_already_has_nothing_to_confirm(self, chat_night):
        preview = shown(chat_night, DORA, "hours berlin mon-fri 09:00-18:00")
        assert preview.words.startswith("Nothing would change")
        assert preview.buttons == []


class TestOrders:
    @pytest.mark.parametrize(
        ("text", "expected"),
        [
            ("rotation create weekend every 1 week at Fri 18:00 @ana @ben", "new schedule weekend"),
            ("rotation add primary @dora", "Dora joins"),
            ("rotation remove primary @cem", "Cem leaves"),
            ("rotation handoff primary Tue 10:00", "handoff at Tue 10:00"),
            ("rotation windows primary mon-fri 18:00-09:00, sat-sun", "mon-fri 18:00-09:00"),
            ("rotation order primary @ben @ana @cem", "a new order"),
            ("override primary @ben tomorrow 08:00 to tomorrow 20:00 because concert", "Ben is on call in primary"),
            ("absent @ana tomorrow to tomorrow", "Ana is away"),
            ("take primary until tomorrow 08:00", "Dora is on call in primary"),
            ("hours berlin mon-fri 08:00-17:00", "mon-fri 08:00-17:00"),
            ("hours berlin closed 2026-12-31 stocktaking", "closed: 2026-12-31"),
            ("hours berlin opened 2027-01-02 10:00-14:00", "opened: 2027-01-02 10:00-14:00"),
            ("hours berlin holidays DE BE", "public holidays of DE, BE"),
        ],
    )
    def test_every_order_is_previewed_and_done_on_confirm(self, chat_night, text, expected):
        preview = shown(chat_night, DORA, text)
        assert expected in preview.words
        before = rules(chat_night).revision
        assert preview.clicks("Confirm").startswith("Done.")
        assert rules(chat_night).revision == before + 1

    def test_what_was_changed_can_be_taken_back(self, chat_night):
        shown(chat_night, DORA, "override primary @ben tomorrow 08:00 to tomorrow 20:00").clicks("Confirm")
        shown(chat_night, DORA, "absent @cem tomorrow to tomorrow").clicks("Confirm")
        shown(chat_night, DORA, "hours berlin closed 2026-12-31").clicks("Confirm")
        for text in ("override remove primary @ben", "back @cem", "hours berlin usual 2026-12-31"):
            assert shown(chat_night, DORA, text).clicks("Confirm").startswith("Done."), text
        assert rules(chat_night).schedules["primary"].overrides == ()
        assert rules(chat_night).absences == ()
        assert not rules(chat_night).office_hours["berlin"].closed

    def test_the_fairest_order_is_proposed_like_any_other_with_its_ledger(self, chat_night):
        shown(chat_night, DORA, "rotation order primary @ana @ben @ben now").clicks("Confirm")
        preview = shown(chat_night, DORA, "rotation order primary fairest")
        assert "weighted hours" in preview.words
        assert preview.clicks("Confirm").startswith("Done.")
        assert last_audit(chat_night).reason == "the fairest order"

    def test_the_fairest_order_that_is_there_already_has_nothing_to_confirm(self, chat_night):
        preview = shown(chat_night, DORA, "rotation order primary fairest")
        assert preview.words.startswith("The present order is the fairest. Nothing has changed.")
        assert "all turns weigh the same" in preview.words
        assert preview.buttons == []

    def test_what_runs_tonight_follows_at_once(self, chat_night):
        shown(chat_night, CEM, "take primary until tomorrow 08:00").clicks("Confirm")
        assert on_call(chat_night, at=chat_night.night.clock.now()) == ("cem",)
        number = chat_night.night.opens("the plant stands still")
        assert chat_night.night.pages(number, "cem")

    @pytest.mark.parametrize(
        ("text", "expected"),
        [
            ("rotation show primary", "Ana, Ben, Cem"),
            ("absent", "Nobody is away."),
            ("hours", "berlin"),
            ("override remove primary", "there is no such override"),
            ("back", "You are not away"),
            ("rotation create primary every 1 week at Mon 09:00 @ana", "That is not possible"),
        ],
    )
    def test_questions_and_what_cannot_be_are_answered_in_words(self, chat_night, text, expected):
        preview = shown(chat_night, DORA, text)
        assert expected.lower() in preview.words.lower()
        assert preview.buttons == []

    def test_wrong_input_says_what_was_understood_and_the_nearest_right_form(self, chat_night):
        said = chat_night.commands(DORA, "rotation evry primary 2 weeks")
        assert "/oncall rotation every primary 2 weeks" in said

    def test_a_feed_is_given_to_its_owner_and_can_be_revoked(self, chat_night):
        said = chat_night.commands(ANA, "feed")
        assert "/calendar/" in said
        assert chat_night.commands(ANA, "feed") == said
        assert "good no more" in chat_night.commands(ANA, "feed revoke")
        assert "nothing was taken back" in chat_night.commands(ANA, "feed revoke")
        chat_night.commands(ANA, "feed primary")
        assert "/oncall feed primary makes a new one" in chat_night.commands(ANA, "feed revoke primary")


class TestPermissions:
    @pytest.mark.parametrize(
        "text",
        [
            "rotation add primary @dora",
            "rotation create weekend every 1 week at Fri 18:00 @ana",
            "rotation order primary fairest",
            "rotation primary",
            "override primary @ben tomorrow 08:00 to tomorrow 20:00",
            "override remove primary",
            "absent @cem tomorrow to tomorrow",
            "hours berlin closed 2026-12-31",
        ],
    )
    def test_only_managers_edit_and_responders_read_what_they_can_do(self, chat_night, text):
        preview = shown(chat_night, ANA, text)
        assert preview.words.startswith("Only managers can")
        assert "cover me, take, swap, absent" in preview.words
        assert preview.buttons == []

    def test_who_is_no_manager_any_more_cannot_confirm_what_they_proposed(self, chat_night, manager_too):
        preview = shown(chat_night, CEM, "rotation remove primary @ben")
        make_manager(chat_night, is_one=False)
        assert preview.clicks("Confirm").startswith("Only managers can confirm this.")
        assert rules(chat_night).schedules["primary"].layers[0].version == 1

    def test_responders_say_themselves_that_they_are_away_and_back(self, chat_night):
        assert shown(chat_night, ANA, "absent tomorrow to tomorrow").clicks("Confirm").startswith("Done.")
        assert on_call(chat_night, at=NIGHT + 24 * 60 * MINUTE) == ("ben",)
        assert shown(chat_night, ANA, "back").clicks("Confirm").startswith("Done.")
        assert rules(chat_night).absences == ()

    @pytest.mark.parametrize("text", ["rotation", "cover me", "feed", "absent tomorrow to tomorrow", "hours"])
    def test_who_is_no_responder_changes_and_reads_nothing(self, chat_night, text):
        assert chat_night.commands(FAY, text).startswith("Only responders can do that")

    def test_a_guest_of_the_same_name_table_is_nobody(self, chat_night):
        chat_night.sim.put(f"/slack/users/{FAY}", is_restricted=True)
        assert chat_night.commands(FAY, "take primary until tomorrow 08:00").startswith("Only responders")


@pytest.fixture
def manager_too(chat_night: Chat) -> None:
    """Cem is a manager as well as Dora."""
    make_manager(chat_night, is_one=True)


def make_manager(chat: Chat, *, is_one: bool) -> None:
    with chat.night.database.read() as connection:
        body = next(one.body for one in rule_objects.load_all(connection) if (one.kind, one.id) == ("responder", "cem"))
    text = canonical_text("responder", json.loads(body) | {"manager": is_one})
    done = change(chat.night.door, Edit({("responder", "cem"): text}), "test", rules(chat).revision)
    assert type(done).__name__ == "Changed", done
