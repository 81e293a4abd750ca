"""Which of Twilio's clients does this thread use? One each: they must not be shared between threads.

It must not be asked for a telephone before the first send: making one opens nothing, but costs time.
"""

from __future__ import annotations

import threading

from oncallbot.telephony.client import Credentials, Telephone


class Telephones:
    """One `Telephone` per thread that asks."""

    def __init__(self, credentials: Credentials) -> None:
        self._credentials = credentials
        self._own = threading.local()

    def mine(self) -> Telephone:
        """This thread's."""
        known: Telephone | None = getattr(self._own, "telephone", None)
        if known is None:
            known = self._own.telephone = Telephone(self._credentials)
        return known
