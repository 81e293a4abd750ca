"""A real browser opens a responder's link: it sees the page and its buttons, and opening it answers nothing."""

import subprocess
from pathlib import Path

import pytest

from oncallbot.channels.link import Links
from oncallbot.oncall.people import Method
from tests.engine.stage import SECRET

FLAGS = (
    *("--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
)


@pytest.mark.browser
def test_a_browser_that_opens_the_link_sees_the_buttons_and_acknowledges_nothing(
    connected, front, browser, tmp_path: Path
):
    number = connected.opens("Mail is down <script>document.title='stolen'</script>")
    page = next(row for row in connected.pages(number) if row.method is Method.SMS)
    link = Links(SECRET, front.url).of(page)
    line = [str(browser), *FLAGS, f"--user-data-dir={tmp_path}", "--dump-dom", link]
    shown = subprocess.run(line, capture_output=True, text=True, check=True, timeout=60).stdout
    assert shown.count("<button") == 3
    assert f"<title>AH-{number}</title>" in shown
    assert connected.issue(number).status == "triggered"
