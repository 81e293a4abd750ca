"""Which error does Slack answer with, and is it the product's own fault?

Must not decide when: the desks refuse, this module only names.
Errors of all methods: https://docs.slack.dev/reference/methods (checked November 2026).
"""

from typing import Any

# What any method may answer.
COMMON = frozenset(
    "not_authed invalid_auth account_inactive missing_scope invalid_arguments invalid_form_data invalid_json "
    "json_not_object unknown_method ratelimited internal_error".split()
)
# What a faultless program meets too (races, other people's wishes, wrong settings): not violations.
BUSINESS = frozenset(
    "account_inactive already_pinned already_reacted bot_not_found cant_delete_message cant_update_message "
    "channel_not_found hash_conflict internal_error invalid_auth is_archived message_not_found "
    "no_such_subteam not_found not_in_channel paid_teams_only permission_denied plan_upgrade_required "
    "team_not_found thread_not_found used_url user_disabled user_not_found user_not_in_channel user_not_visible "
    "users_not_found".split()
)


class Refused(Exception):
    """A request that Slack answers with `ok: false`."""

    def __init__(self, error: str, *messages: str, about: str = "", **more: Any) -> None:
        super().__init__(error, messages)
        self.error, self.messages, self.more = error, messages, more
        self.about = about or "; ".join(messages)

    @property
    def is_violation(self) -> bool:
        return self.error not in BUSINESS

    @property
    def kind(self) -> str:
        """Of the violation: `rate` where the product was too fast, `conduct` otherwise."""
        return "rate" if self.error in ("ratelimited", "rate_limited") else "conduct"

    def envelope(self) -> dict[str, Any]:
        shown: dict[str, Any] = {"ok": False, "error": self.error, **self.more}
        if self.messages:
            shown["response_metadata"] = {"messages": [f"[ERROR] {message}" for message in self.messages]}
            if self.error in ("invalid_blocks", "invalid_arguments"):
                shown["errors"] = list(self.messages)
        return shown
