"""What does every HTTP door need? The engine's door, and what the settings say about outside.

It must not know a route.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from oncallbot.channels.link import Links
from oncallbot.engine.handle import Door
from oncallbot.engine.measures import Measures

if TYPE_CHECKING:  # both take long to import, and are loaded only where they are connected
    from oncallbot.chat.app import App
    from oncallbot.chat.openid import Provider


@dataclass(frozen=True, slots=True)
class Doors:
    """`public_url` has no trailing slash; `twilio_tokens` is empty when Twilio is off, `slack` None when Slack is.

    `openid` is None where nobody signs in by a provider; `slack_team` is the only team whose members may.
    """

    door: Door
    measures: Measures
    public_url: str
    twilio_tokens: tuple[str, ...]
    release: str
    links: Links
    slack: App | None = None
    openid: Provider | None = None
    slack_team: str | None = None
