"""Emulated Twilio and handsets, outside the product: it talks to them over HTTP exactly as to the vendors.

Must import nothing of oncallbot outside this package, and no vendor's library.
"""

from oncallbot.emulators.settings import Settings

__all__ = ["Settings"]
