"""In which language does this customer hear us? The words of each language are in `english` and `german`.

It must not fall silent: a language that we do not speak becomes the hotline's first one that we do, else English.
"""

from __future__ import annotations

from oncallbot.escalation.rules import Hotline

SPOKEN = ("en", "de")


def spoken_language(wanted: str | None, hotline: Hotline) -> str:
    """`en` or `de`; `de-AT` and `DE` are `de`."""
    for language in (wanted or "", *hotline.languages):
        code = language.strip().lower().replace("_", "-").split("-")[0]
        if code in SPOKEN:
            return code
    return "en"
