"""What becomes of the answer to a command, and of what is posted to a response URL?

Must not send anything to the product.
"""

import json
import time

from fastapi import Request

from oncallbot.emulators.slack import posting
from oncallbot.emulators.slack.arguments import Arguments
from oncallbot.emulators.slack.chat import read_blocks
from oncallbot.emulators.slack.errors import Refused
from oncallbot.emulators.slack.records import Ephemeral, Json, Message, ResponseUrl
from oncallbot.emulators.slack.service import Slack

MOST_USES = 5
KNOWN = frozenset(
    "text blocks attachments response_type replace_original delete_original thread_ts mrkdwn unfurl_links "
    "unfurl_media metadata link_names parse markdown_text username icon_emoji icon_url as_user channel".split()
)


async def take(slack: Slack, request: Request) -> None:
    """A POST to a response URL: at most 5, within 30 minutes."""
    workspace = slack.workspace
    url = workspace.response_urls.get(request.url.path)
    if url is None:
        raise Refused("invalid_url", about=request.url.path)
    if url.used >= MOST_USES:
        raise Refused("used_url", about="used 5 times")
    if time.monotonic() - url.made_at > workspace.app.response_url_seconds:
        raise Refused("expired_url")
    try:
        said = json.loads(await request.body() or b"{}")
    except ValueError as error:
        raise Refused("invalid_payload", about=str(error)) from error
    if not isinstance(said, dict):
        raise Refused("invalid_payload")
    url.used += 1
    apply(slack, url, said, "response_url")


def apply(slack: Slack, url: ResponseUrl, said: Json, via: str) -> None:
    """Shows, replaces or deletes, as the body says. An ephemeral answer is the default."""
    workspace, args = slack.workspace, Arguments(said)
    if unknown := set(said) - KNOWN:
        workspace.violation("unknown_arguments", f"{via}: {', '.join(sorted(unknown))}", method=via)
    if args.flag("delete_original"):
        _delete(slack, url)
        return
    text, blocks = args.text("text") or args.text("markdown_text"), read_blocks(slack, args)
    if not text and not blocks and not said.get("attachments"):
        raise Refused("no_text")
    posting.check_conduct(workspace, via, text, blocks or [])
    if args.flag("replace_original") and url.ts:
        _replace(slack, url, text, blocks or [])
    elif args.text("response_type") == "in_channel":
        app = workspace.app
        message = Message(workspace.new_ts(), app.bot_user_id, text, blocks or [], team=app.team_id, bot_id=app.bot_id)
        message.thread_ts = args.text("thread_ts") or None
        posting.post(slack, workspace.channels[url.channel], message)
    else:
        thread = args.text("thread_ts") or url.thread_ts
        workspace.show(Ephemeral(workspace.new_ts(), url.channel, url.user, text, blocks or [], thread, via))


def _replace(slack: Slack, url: ResponseUrl, text: str, blocks: list[Json]) -> None:
    workspace = slack.workspace
    if url.is_ephemeral:
        for each in workspace.ephemerals:
            if each.ts == url.ts and each.user == url.user:
                each.text, each.blocks = text, blocks
        workspace.journal.note("slack_ephemeral", user=url.user, channel=url.channel, text=text)
        return
    channel = workspace.channels[url.channel]
    if url.ts and (message := workspace.find_message(channel, url.ts)):
        posting.change(slack, channel, message, workspace.app.bot_user_id, text=text, blocks=blocks)


def _delete(slack: Slack, url: ResponseUrl) -> None:
    workspace = slack.workspace
    for each in workspace.ephemerals:
        if url.is_ephemeral and each.ts == url.ts and each.user == url.user:
            each.is_deleted = True
    channel = workspace.channels[url.channel]
    if not url.is_ephemeral and url.ts and (message := workspace.find_message(channel, url.ts)):
        posting.delete(slack, channel, message)
    workspace.journal.touch()
