"""What does one of Slack's error words mean for us: mend the set-up, come again later, or never again?

It must not raise: `failures` makes errors of these.
Source: https://docs.slack.dev/reference/methods (checked 2026-11); every word not named here is this request's own.
"""

from __future__ import annotations

# Nor will others like it: somebody must mend the token, the app or the channel.
SET_UP = {
    "invalid_auth": "the bot token is wrong",
    "not_authed": "there is no bot token",
    "account_inactive": "the app was removed from the workspace",
    "token_revoked": "the bot token was revoked: install the app again",
    "token_expired": "the bot token has expired",
    "not_allowed_token_type": "the token is no bot token (xoxb-…)",
    "missing_scope": "the app lacks a scope: install it again from `oncallbot slack manifest`",
    "no_permission": "the app may not do this: install it again from `oncallbot slack manifest`",
    "not_allowed": "the app may not do this",
    "access_denied": "the app may not do this",
    "accesslimited": "the workspace does not allow this network",
    "app_access_restricted": "the workspace restricts the app",
    "enterprise_is_restricted": "the organisation restricts the app",
    "ekm_access_denied": "the administrators have suspended posting",
    "org_login_required": "the workspace is moving to an organisation",
    "two_factor_setup_required": "the workspace demands two-factor sign-in",
    "team_access_not_granted": "the app is not installed in that workspace",
    "team_not_found": "the workspace is unknown",
    "method_deprecated": "Slack has withdrawn what we ask for",
    "deprecated_endpoint": "Slack has withdrawn what we ask for",
    "unknown_method": "SLACK_API_URL is not Slack's",
    "metadata_must_be_sent_from_app": "the token is no bot token (xoxb-…)",
    "messages_tab_disabled": "the app's Messages tab is off: install it again from `oncallbot slack manifest`",
    "channel_not_found": "there is no such channel, or it is private and the bot was not invited",
    "not_in_channel": "the bot is not in the channel: invite it",
    "is_archived": "the channel is archived",
    "restricted_action": "the channel does not let the bot post",
    "restricted_action_read_only_channel": "the channel does not let the bot post",
}

RATE_LIMITED = frozenset({"ratelimited", "rate_limited", "ratelimit", "message_limit_exceeded"})

# Certainly not done; trying again helps.
NOT_YET = frozenset(
    {
        "request_timeout",
        "team_added_to_org",
        "migration_in_progress",
        "service_unavailable",
        "external_channel_migrating",
    }
)

# "Some aspect of the operation may have succeeded before the error was raised."
IN_DOUBT = frozenset({"fatal_error", "internal_error", "internal_server_error", "timeout"})

NO_SUCH_USER = "users_not_found"
NO_SUCH_MEMBER = frozenset({"user_not_found", "user_not_visible"})
NO_SUCH_CHANNEL = "channel_not_found"

EXPIRED_TRIGGERS = frozenset({"expired_trigger_id", "exchanged_trigger_id", "invalid_trigger_id"})


def is_set_up(code: str) -> bool:
    """Must somebody mend the token, the app or the channel?"""
    return code in SET_UP


def meaning(code: str) -> str:
    """The word in plain words; "" for one that we have no words for."""
    return SET_UP.get(code, "")
