"""Managers sign in by a link, once; who may not any more is out at once; a form is our own or nothing."""

from datetime import timedelta
from urllib.parse import quote

import pytest
from fastapi.testclient import TestClient

from oncallbot.engine.sign_in import IDLE, LINK_LIVES, LONGEST, SignIns, forget_what_is_over
from oncallbot.storage.tables import sessions, sign_in_links
from oncallbot.web import app as web
from tests.engine.stage import MINUTE, ROSTER, SECOND, Night, both
from tests.web.pages_stage import OWN, applies, browser_of, csrf_of, signs_in

REMOVED = ROSTER.replace("dora", "edda").replace("23125 004", "23125 005")


@pytest.fixture
def browser(product):
    with browser_of(product) as made:
        yield made


@pytest.fixture
def sign_ins(night: Night) -> SignIns:
    return SignIns(night.door)


def is_in(browser: TestClient) -> bool:
    return browser.get("/").status_code == 200


def rows(night: Night, table) -> int:
    with night.database.read() as connection:
        return len(connection.execute(table.select()).all())


class TestLink:
    @both
    def test_only_the_button_behind_it_signs_in(self, browser, sign_ins):
        link, _ = sign_ins.make_link("dora")
        shown = browser.get(f"/sign-in/{link}")
        assert (shown.status_code, "Sign in as Dora Lind" in shown.text) == (200, True)
        assert not is_in(browser)
        answer = browser.post(f"/sign-in/{link}", headers=OWN)
        assert (answer.status_code, answer.headers["location"]) == (303, "/")
        assert is_in(browser)

    def test_it_works_once(self, browser, sign_ins):
        link, _ = sign_ins.make_link("dora")
        assert browser.post(f"/sign-in/{link}").status_code == 303
        browser.cookies.clear()
        assert browser.get(f"/sign-in/{link}").status_code == 410
        assert browser.post(f"/sign-in/{link}").status_code == 410
        assert not is_in(browser)

    def test_it_is_good_for_15_minutes(self, night, browser, sign_ins):
        link, until = sign_ins.make_link("dora")
        night.clock.moves(LINK_LIVES)
        assert until == night.clock.now()
        assert browser.get(f"/sign-in/{link}").status_code == 410
        assert browser.post(f"/sign-in/{link}").status_code == 410

    def test_a_link_for_who_is_no_manager_signs_nobody_in(self, browser, sign_ins):
        link, _ = sign_ins.make_link("ana")
        assert browser.get(f"/sign-in/{link}").status_code == 410
        assert browser.post(f"/sign-in/{link}").status_code == 410

    def test_a_guessed_link_signs_nobody_in(self, browser):
        assert browser.post("/sign-in/guessed").status_code == 410

    def test_a_page_of_another_site_cannot_use_it_up(self, browser, sign_ins):
        link, _ = sign_ins.make_link("dora")
        for headers in ({"Sec-Fetch-Site": "cross-site"}, {"Origin": "https://evil.example"}, {"Origin": "null"}):
            assert browser.post(f"/sign-in/{link}", headers=headers).status_code == 403
        assert browser.post(f"/sign-in/{link}", headers=OWN).status_code == 303


class TestAskedPage:
    """Signing in ends where one wanted to go, and never on another site."""

    def lands(self, browser: TestClient, sign_ins: SignIns) -> str:
        link, _ = sign_ins.make_link("dora")
        landed: str = browser.post(f"/sign-in/{link}", headers=OWN).headers["location"]
        return landed

    def test_one_lands_on_the_page_that_was_asked_for_once(self, browser, sign_ins):
        assert browser.get("/calendars?of=ana").headers["location"] == "/sign-in"
        assert self.lands(browser, sign_ins) == "/calendars?of=ana"
        assert self.lands(browser, sign_ins) == "/"

    def test_what_the_page_itself_fetches_is_not_where_one_lands(self, browser, sign_ins):
        browser.get("/calendars")
        browser.get("/", headers={"Sec-Fetch-Mode": "cors"})
        assert self.lands(browser, sign_ins) == "/calendars"

    @pytest.mark.parametrize(
        "planted",
        [
            *("//evil.example", "/\\evil.example", "\\\\evil.example", "https://evil.example/", "javascript:alert(1)"),
            *("/\t/evil.example", "/ /evil.example", "/\r\nSet-Cookie: a=b", "evil.example", "", "/sign-out", "/ä"),
        ],
    )
    def test_a_cookie_that_somebody_planted_leads_nowhere_else(self, browser, sign_ins, planted):
        browser.cookies.set("__Host-oncallbot-asked", quote(planted))
        assert self.lands(browser, sign_ins) == "/"


class TestSession:
    def test_who_is_not_signed_in_is_sent_to_sign_in(self, browser):
        answer = browser.get("/")
        assert (answer.status_code, answer.headers["location"]) == (303, "/sign-in")
        shown = browser.get("/sign-in")
        assert "oncallbot sign-in --as" in shown.text
        assert "/sign-in/slack" not in shown.text

    def test_the_cookie_is_for_our_server_only_and_no_script_reads_it(self, browser, sign_ins):
        link, _ = sign_ins.make_link("dora")
        cookie = browser.post(f"/sign-in/{link}").headers["set-cookie"].lower()
        assert cookie.startswith("__host-oncallbot=")
        for part in ("httponly", "secure", "samesite=lax", "path=/"):
            assert part in cookie
        assert "domain" not in cookie

    def test_only_hashes_are_kept(self, night, browser, sign_ins):
        link, _ = sign_ins.make_link("dora")
        browser.post(f"/sign-in/{link}")
        token = browser.cookies["__Host-oncallbot"]
        with night.database.read() as connection:
            kept = str(connection.execute(sessions.select()).all() + connection.execute(sign_in_links.select()).all())
        assert token not in kept
        assert link not in kept

    def test_each_sign_in_has_a_token_of_its_own_and_ends_the_one_before(self, night, browser, sign_ins):
        signs_in(browser, sign_ins)
        first = browser.cookies["__Host-oncallbot"]
        signs_in(browser, sign_ins)
        assert browser.cookies["__Host-oncallbot"] != first
        assert sign_ins.current(first) is None
        assert rows(night, sessions) == 1

    def test_it_ends_when_it_is_not_used(self, night, browser, sign_ins):
        signs_in(browser, sign_ins)
        night.clock.moves(IDLE - SECOND)
        assert is_in(browser)
        night.clock.moves(IDLE - SECOND)
        assert is_in(browser)
        night.clock.moves(IDLE)
        assert not is_in(browser)

    def test_a_page_that_is_only_left_open_does_not_count_as_use(self, night, browser, sign_ins):
        signs_in(browser, sign_ins)
        for _ in range(2):
            night.clock.moves(IDLE / 2)
            answer = browser.get("/", headers={"Sec-Fetch-Mode": "cors"})
        assert answer.status_code == 303

    def test_it_ends_after_a_week_however_much_it_is_used(self, night, browser, sign_ins):
        signs_in(browser, sign_ins)
        for _ in range(LONGEST // (IDLE - MINUTE)):
            night.clock.moves(IDLE - MINUTE)
            assert is_in(browser)
        night.clock.moves(IDLE - MINUTE)
        assert not is_in(browser)

    @both
    @pytest.mark.parametrize("text", [REMOVED, ROSTER.replace(", manager: true", "")], ids=["removed", "no manager"])
    def test_who_is_removed_or_no_manager_any_more_is_out_at_once(self, night, browser, sign_ins, tmp_path, text):
        signs_in(browser, sign_ins)
        applies(night, tmp_path, text)
        answer = browser.get("/")
        assert (answer.status_code, answer.headers["location"]) == (303, "/sign-in")

    def test_signing_out_ends_it_here_and_on_the_server(self, browser, sign_ins):
        signs_in(browser, sign_ins)
        token = browser.cookies["__Host-oncallbot"]
        form = {"csrf": csrf_of(browser.get("/").text)}
        assert browser.post("/sign-out", data=form, headers=OWN).headers["location"] == "/sign-in"
        assert sign_ins.current(token) is None
        assert not browser.cookies

    @both
    def test_what_is_over_is_swept(self, night, browser, sign_ins):
        signs_in(browser, sign_ins)
        sign_ins.make_link("dora")
        forget_what_is_over(night.door)
        assert (rows(night, sessions), rows(night, sign_in_links)) == (1, 1)
        night.clock.moves(IDLE + SECOND)
        forget_what_is_over(night.door)
        assert (rows(night, sessions), rows(night, sign_in_links)) == (0, 0)


class TestForms:
    @pytest.mark.parametrize("csrf", ["", "guessed", "ü"])
    def test_without_the_sessions_own_token_nothing_happens(self, browser, sign_ins, csrf):
        signs_in(browser, sign_ins)
        assert browser.post("/sign-out", data={"csrf": csrf}, headers=OWN).status_code == 403
        assert is_in(browser)

    def test_another_sessions_token_is_not_accepted(self, browser, sign_ins):
        signs_in(browser, sign_ins)
        others = csrf_of(browser.get("/").text)
        signs_in(browser, sign_ins)
        assert browser.post("/sign-out", data={"csrf": others}, headers=OWN).status_code == 403

    def test_a_form_on_another_site_is_refused_although_it_has_the_token(self, browser, sign_ins):
        signs_in(browser, sign_ins)
        form = {"csrf": csrf_of(browser.get("/").text)}
        for headers in ({"Sec-Fetch-Site": "same-site"}, {"Origin": "https://evil.example"}):
            assert browser.post("/sign-out", data=form, headers=headers).status_code == 403
        assert is_in(browser)


class TestHeaders:
    @pytest.mark.parametrize("path", ["/", "/sign-in", "/sign-in/guessed"])
    def test_every_page_forbids_what_it_does_not_need(self, browser, sign_ins, path):
        if path == "/":
            signs_in(browser, sign_ins)
        headers = browser.get(path).headers
        policy = headers["content-security-policy"]
        assert "default-src 'none'" in policy
        assert "frame-ancestors 'none'" in policy
        assert "unsafe" not in policy
        assert headers["cache-control"] == "no-store"
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["referrer-policy"] == "same-origin"

    def test_files_have_an_address_that_changes_with_them(self, browser, product):
        address = product.state.pages.static_files.address("pages.css")
        answer = browser.get(address)
        assert answer.headers["content-type"].startswith("text/css")
        assert "immutable" in answer.headers["cache-control"]
        assert browser.get("/static/..%2fapp.py").status_code == 404


def test_on_plain_http_the_cookie_has_no_prefix_that_browsers_would_refuse(night, sign_ins):
    from oncallbot.channels.link import Links
    from tests.engine.stage import SECRET

    url = "http://127.0.0.1:8000"
    app = web.create(web.Doors(night.door, night.measures, url, (), "test", Links(SECRET, url)))
    with browser_of(app, url) as browser:
        signs_in(browser, sign_ins)
        assert set(browser.cookies) == {"oncallbot"}
        assert is_in(browser)


def test_below_a_path_every_address_has_it(night, sign_ins):
    from oncallbot.channels.link import Links
    from tests.engine.stage import SECRET

    url = "https://example.com/oncall"
    app = web.create(web.Doors(night.door, night.measures, url, (), "test", Links(SECRET, url)))
    with browser_of(app, "https://example.com") as browser:
        assert browser.get("/").headers["location"] == "/oncall/sign-in"
        assert 'href="/oncall/static/pages.css' in browser.get("/sign-in").text


def test_a_link_lives_as_long_as_it_says():
    assert timedelta(minutes=15) == LINK_LIVES
