"""Where does a vendor call us back about a notification? Paths below PUBLIC_URL, one per purpose.

It must not serve them: `web` does.
"""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import urlencode

PAGE_CALL = "/twilio/page/{attempt}"
PAGE_KEY = "/twilio/page/{attempt}/key"
CALL_STATUS = "/twilio/call-status/{attempt}"
TEXT_STATUS = "/twilio/text-status/{attempt}"

# More tries than Twilio's single one, also when our answer is late or a 5xx; the fragment is neither sent nor signed.
RETRIES = "#rc=2&rp=ct,rt,5xx"


def address(public_url: str, path: str, query: Mapping[str, str | int] | None = None, **parts: str) -> str:
    """The whole URL, with the retry policy in its fragment."""
    asked = f"?{urlencode(query)}" if query else ""
    return f"{public_url}{path.format(**parts)}{asked}{RETRIES}"
