"""What does a caller hear from another machine while ours is down? The hotline's languages, one after the other.

No sentence may say that anybody was reached, or that anything was written down: nobody can know that there.
"""

from __future__ import annotations

from oncallbot.escalation.rules import Hotline
from oncallbot.wording.languages import SPOKEN, spoken_language
from oncallbot.wording.text import clean

_LONGEST_NAME = 60
_FIRST = {
    "en": "{hotline}. Our on-call system does not answer right now. We are connecting you to a person.",
    "de": "{hotline}. Unser Bereitschaftssystem antwortet gerade nicht. Wir verbinden Sie mit einem Menschen.",
}
# Also heard by a caller whose talk has just ended.
_LAST = {
    "en": "The call ends here. If nobody could help you, please call again in a few minutes.",
    "de": "Der Anruf endet hier. Wenn Ihnen niemand helfen konnte, rufen Sie bitte in einigen Minuten wieder an.",
}


def languages(hotline: Hotline) -> tuple[str, ...]:
    """Those of the hotline's that we speak, in its order; at least one."""
    codes = [one.strip().lower().replace("_", "-").split("-")[0] for one in hotline.languages]
    return tuple(dict.fromkeys(one for one in codes if one in SPOKEN)) or (spoken_language(None, hotline),)


def before(hotline: Hotline, language: str) -> str:
    """Said before a person's phone rings."""
    return _FIRST[language].format(hotline=clean(hotline.name, _LONGEST_NAME))


def after(language: str) -> str:
    """Said when that is over: nobody has answered, or they have talked."""
    return _LAST[language]
