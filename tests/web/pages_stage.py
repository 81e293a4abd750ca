"""A manager's browser without a browser: what tests of the pages do over and over."""

import re
from pathlib import Path
from typing import Any

from fastapi.testclient import TestClient

from oncallbot.engine.change import Changed, Edit, change
from oncallbot.engine.sign_in import SignIns
from tests.engine.stage import Night, roster

OWN = {"Sec-Fetch-Site": "same-origin"}


def applies(night: Night, folder: Path, text: str) -> None:
    """These are the schedule files from now on."""
    put, rules = roster(folder, text), night.door.rules_now()
    gone = tuple(("responder", one) for one in rules.responders if ("responder", one) not in put)
    edit = Edit(put, gone, from_files=True)
    done = change(night.door, edit, "test", rules.revision)
    assert isinstance(done, Changed), done


def browser_of(app: Any, url: str = "https://pager.example") -> TestClient:
    """Follows no redirect by itself."""
    return TestClient(app, base_url=url, follow_redirects=False)


def signs_in(browser: TestClient, sign_ins: SignIns, responder: str = "dora") -> None:
    link, _ = sign_ins.make_link(responder)
    assert browser.post(f"/sign-in/{link}", headers=OWN).status_code == 303


def csrf_of(page: str) -> str:
    found = re.search(r'name="csrf" value="(\w+)"', page)
    assert found, page
    return found[1]
