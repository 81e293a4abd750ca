"""How does Slack sign a request?

Must not share code with the product: this is our own reading of
https://docs.slack.dev/authentication/verifying-requests-from-slack (checked November 2026).
"""

import hashlib
import hmac
import time
from collections.abc import Callable


def signature(signing_secret: str, timestamp: str, body: bytes) -> str:
    """`v0=` and the HMAC-SHA256 of `v0:TIMESTAMP:BODY`."""
    text = b"v0:" + timestamp.encode() + b":" + body
    return "v0=" + hmac.new(signing_secret.encode(), text, hashlib.sha256).hexdigest()


def signer(secret: Callable[[], str], body: bytes) -> Callable[[str, dict[str, str], str], dict[str, str]]:
    """A signer for the postman; signs at the moment of sending, so a retry carries a new timestamp."""

    def sign(_url: str, _params: dict[str, str], spoil: str) -> dict[str, str]:
        timestamp = str(int(time.time()))
        return {
            "X-Slack-Request-Timestamp": timestamp,
            "X-Slack-Signature": signature(secret() + spoil, timestamp, body),
        }

    return sign
