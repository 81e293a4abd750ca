"""How does a manager get in without Slack? Prints a link that signs one person in, once.

It must not sign anybody in: the button behind the link does.
"""

from __future__ import annotations

from oncallbot.cli.desk import opened
from oncallbot.cli.naming import named
from oncallbot.cli.output import FINE, document, instant, is_for_a_person, no, say
from oncallbot.engine.sign_in import LINK_LIVES, SignIns, manager_of
from oncallbot.errors import Problem


def sign_in(responder: str, *, as_json: bool) -> int:
    """Makes a link for this manager."""
    with opened() as desk:
        rules = desk.door.rules_now()
        person = named("responder", responder, rules.responders)
        if manager_of(rules, person.id) is None:
            cure = "write `manager: true` for this responder in the schedule files and apply them"
            raise no(Problem(f"responder {person.id}", "is no manager, and the pages are for managers", cure))
        token, expires_at = SignIns(desk.door).make_link(person.id)
        url = f"{desk.settings.public_url}/sign-in/{token}"
    if as_json:
        document({"responder": person.id, "url": url, "expires_at": instant(expires_at)})
    else:
        say(url)
        if is_for_a_person():
            minutes = int(LINK_LIVES.total_seconds()) // 60
            say(f"Signs in {person.name}, once, within {minutes} minutes. Hand it to nobody else.")
    return FINE
