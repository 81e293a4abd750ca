"""How do tests look at our pages? Through the machine's own Chromium, driven by Playwright, with axe at hand.

It must not fetch a browser, nor leave one running.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Literal

from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

FLAGS = ("--disable-gpu", "--disable-quic", "--disable-background-networking", "--disable-component-update")
LAPTOP = (1440, 900)
PHONE = (390, 844)
SMALL_PHONE = (360, 640)
SERIOUS = frozenset({"serious", "critical"})
PATIENCE = 20.0  # seconds, on a busy machine; what is already so takes none of them


@contextmanager
def running(executable: Path) -> Iterator[Browser]:
    """A headless Chromium; it ends with the block, its driver too. `expect` waits as long as a window does."""
    expect.set_options(timeout=PATIENCE * 1000)
    with sync_playwright() as driver:
        browser = driver.chromium.launch(
            executable_path=executable, args=[*FLAGS, "--disable-sync"], chromium_sandbox=False
        )
        try:
            yield browser
        finally:
            browser.close()


class Windows:
    """Opens windows of one browser: each has its own cookies, and remembers what went wrong in the page."""

    def __init__(self, browser: Browser) -> None:
        self._browser = browser
        self._contexts: list[BrowserContext] = []
        self.errors: list[str] = []

    def open(
        self,
        size: tuple[int, int] = LAPTOP,
        *,
        scripts: bool = True,
        dark: bool = False,
        timeout_seconds: float = PATIENCE,
        **options: Any,
    ) -> Page:
        """A new window. Waiting for something to appear in it fails after `timeout_seconds`."""
        scheme: Literal["dark", "light"] = "dark" if dark else "light"
        context = self._browser.new_context(
            viewport={"width": size[0], "height": size[1]},
            java_script_enabled=scripts,
            color_scheme=scheme,
            locale="en-GB",
            timezone_id="Europe/Berlin",
            **options,
        )
        context.set_default_timeout(timeout_seconds * 1000)
        self._contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        return page

    def close(self) -> None:
        """Close every window."""
        for context in self._contexts:
            context.close()


def barriers(page: Page) -> list[str]:
    """What axe finds serious or critical in the page as it is now, one line each; empty is good."""
    return serious(Axe().run(page).response["violations"])


def faint_in_the_dark(page: Page) -> list[str]:
    """What axe can hardly read where the reader's machine is dark; all else is as in the light: ask `barriers` first.

    A third of the work of looking at everything again.
    """
    page.emulate_media(color_scheme="dark")
    found = page.evaluate("axe.run(document, {runOnly: ['color-contrast'], resultTypes: ['violations']})")
    page.emulate_media(color_scheme="light")
    return serious(found["violations"])


def serious(found: list[dict[str, Any]]) -> list[str]:
    """One line for each."""
    return [
        f"{one['id']}: {one['help']}: {', '.join(str(node['target']) for node in one['nodes'])}"
        for one in found
        if one["impact"] in SERIOUS
    ]
