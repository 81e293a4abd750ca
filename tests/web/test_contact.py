"""The contact card holds the numbers that page, and the steps by which they ring through; anybody may have it."""

import re
from collections.abc import Iterator

import pytest
from fastapi.testclient import TestClient

from oncallbot.web.vcard import vcard
from oncallbot.wording import ringing_through
from tests import browsing
from tests.browsing import LAPTOP, PHONE, Windows
from tests.engine.outside import Front
from tests.engine.stage import HOTLINE, ROSTER, Night
from tests.web.pages_stage import applies


@pytest.fixture
def client(product) -> Iterator[TestClient]:
    with TestClient(product, follow_redirects=False) as made:
        yield made


def unfolded(card: str) -> list[str]:
    return re.sub("\r\n ", "", card).split("\r\n")


def test_the_card_has_every_number_that_pages(client: TestClient):
    answer = client.get("/contact.vcf")
    assert (answer.status_code, answer.headers["content-type"]) == (200, "text/vcard; charset=utf-8")
    lines = unfolded(answer.text)
    assert (lines[0], lines[1], lines[-2:]) == ("BEGIN:VCARD", "VERSION:3.0", ["END:VCARD", ""])
    assert "FN:oncallbot Example Support" in lines
    assert [line for line in lines if line.startswith("TEL")] == [f"TEL;TYPE=CELL,VOICE:{HOTLINE}"]


def test_the_card_tells_the_steps_for_each_phone(client: TestClient):
    (note,) = (line for line in unfolded(client.get("/contact.vcf").text) if line.startswith("NOTE:"))
    assert "Emergency Bypass" in note
    assert "Do Not Disturb" in note
    assert note.count("\\n") == len(list(ringing_through.lines())) - 1


def test_no_line_of_a_card_is_longer_than_phones_take():
    name = 'Größe; "A\\B", Ltd\nTEL:+1' + "ü" * 100
    card = vcard(name, "u", ["+49"], "one\ntwo", "https://oncall.example.com/contact")
    assert all(len(line.encode()) <= 75 for line in card.split("\r\n"))
    lines = unfolded(card)
    assert [line for line in lines if line.startswith("TEL")] == ["TEL;TYPE=CELL,VOICE:+49"]
    assert lines[3].startswith('FN:Größe\\; "A\\\\B"\\, Ltd\\nTEL:+1ü')


def test_of_several_hotlines_each_has_its_first_number_on_the_one_card(night: Night, client: TestClient, tmp_path):
    second = "  sales: {name: Sales, numbers: [+49 30 23125 998, +49 30 23125 997], office_hours: berlin}\n"
    applies(night, tmp_path, ROSTER + second)
    lines = unfolded(client.get("/contact.vcf").text)
    assert [line.partition(":")[2] for line in lines if line.startswith("TEL")] == [HOTLINE, "+493023125998"]
    assert "FN:oncallbot" in lines


def test_without_a_number_there_is_no_card_and_the_page_says_so(night: Night, client: TestClient, tmp_path):
    applies(night, tmp_path, ROSTER.replace("    numbers: [+49 30 23125 999]\n", ""))
    assert client.get("/contact.vcf").status_code == 404
    assert "No hotline has a number yet." in client.get("/contact").text


def test_the_page_shows_no_responders_number(client: TestClient):
    page = client.get("/contact")
    assert (page.status_code, HOTLINE in page.text) == (200, True)
    assert set(re.findall(r"\+\d{9,}", page.text)) == {HOTLINE}


@pytest.mark.browser
def test_everybody_can_read_the_page_and_save_the_contact(connected: Night, front: Front, windows: Windows):
    for size in (LAPTOP, PHONE):
        page = windows.open(size)
        page.goto(f"{front.url}/contact")
        assert browsing.barriers(page) == []
        assert not page.evaluate("document.documentElement.scrollWidth > window.innerWidth")
        with page.expect_download() as downloading:
            page.get_by_role("link", name="Save the contact").click()
        assert downloading.value.suggested_filename == "oncallbot.vcf"
