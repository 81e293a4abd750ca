"""`/oncall` on schedules: a preview that only its asker sees, and Confirm does it once."""


from tests.channels.previewing import shown
from tests.slack_stage import DORA, Chat


def on_call(chat: Chat, at: str) -> str:
    return chat.commands(DORA, f"who primary at {at}")


def test_an_edit_is_previewed_and_changes_nothing_until_it_is_confirmed(chat_night):
    preview = shown(chat_night, DORA, "rotation order primary @cem @ben @ana because fairness")
    assert preview.buttons == ["Confirm", "Cancel"]
    assert "nothing has changed yet" in preview.words
    assert "→" in preview.words
    assert chat_night.night.door.rules_now().schedules["primary"].layers[0].version == 1
    assert preview.clicks("Confirm").startswith("Done.")
    assert preview.buttons == []
    assert chat_night.night.door.rules_now().schedules["primary"].layers[0].version == 2
