"""What do the vendors need to know of us? Prints it, ready to be pasted.

It must not ask a vendor anything.
"""

from __future__ import annotations

import os

from oncallbot.app import read_settings
from oncallbot.chat.manifest import manifest
from oncallbot.cli.output import FINE, document, misuse
from oncallbot.errors import Problem


def slack_manifest(url: str | None) -> int:
    """The app's manifest for the installation that the world reaches at `url`, else at PUBLIC_URL."""
    address = url or read_settings(os.environ, needs_secret=False).public_url
    if not address.startswith(("https://", "http://")):
        raise misuse(Problem("--url", f"{address} is no web address", "write it like https://oncall.example.com"))
    document(manifest(address))
    return FINE
