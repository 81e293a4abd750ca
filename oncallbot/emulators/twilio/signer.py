"""How does Twilio sign a webhook?

Must not share code with the product: this is our own reading of
https://www.twilio.com/docs/usage/security (checked November 2026).
"""

import base64
import hashlib
import hmac
from collections.abc import Callable


def signature(auth_token: str, url: str, params: dict[str, str]) -> str:
    """HMAC-SHA1 over the URL without fragment and each posted name and value, sorted by name."""
    text = url.split("#", 1)[0] + "".join(name + params[name] for name in sorted(params))
    return base64.b64encode(hmac.new(auth_token.encode(), text.encode(), hashlib.sha1).digest()).decode()


def signer(token: Callable[[], str]) -> Callable[[str, dict[str, str], str], dict[str, str]]:
    """A signer for the postman; `token` is asked at each signing, since tokens are rotated."""

    def sign(url: str, params: dict[str, str], spoil: str) -> dict[str, str]:
        return {"X-Twilio-Signature": signature(token() + spoil, url, params)}

    return sign
