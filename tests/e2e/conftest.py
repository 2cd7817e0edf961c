"""One server and one browser for all journeys; a tab, and so a session, of its own for each."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from tests.e2e.browsing import (
    BROWSER_VARIABLE,
    CHROMIUM_FLAGS,
    DESKTOP,
    ROOT,
    Complaints,
    Server,
    chromium,
    serve,
)

REQUIRED = "LATENT_LENS_REQUIRE_BROWSER"
# A page is loaded and left: a tenth of the processor's time is what compiles its scripts to the
# end. What loops for long is compiled all the same.
HARDLY_COMPILED = "--js-flags=--interrupt-budget=2000000 --invocation-count-for-maglev=100000"
# Threads that wait for each other spin; on a machine that runs browser and server that is felt.
ONE_THREAD = {"OMP_NUM_THREADS": "1"}
expect.set_options(timeout=30_000)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Whatever is in this folder drives a browser."""
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.e2e)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Headless Chromium; without one the test is skipped, or fails where one is required."""
    path = chromium()
    if path is None:
        why = f"no Chromium found: install one, or give its path in {BROWSER_VARIABLE}"
        if os.environ.get(REQUIRED) == "1":
            pytest.fail(f"{why} ({REQUIRED}=1 asks for it)", pytrace=False)
        pytest.skip(why)
    with sync_playwright() as playwright:
        instance = playwright.chromium.launch(
            executable_path=path, args=[*CHROMIUM_FLAGS, HARDLY_COMPILED]
        )
        yield instance
        instance.close()


@pytest.fixture(scope="session")
def server(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The app, for all tests of the session."""
    folder = tmp_path_factory.mktemp("server")
    with serve(ROOT / "app.py", folder, environment=ONE_THREAD) as running:
        yield running


@pytest.fixture
def fresh_server(browser: Browser, tmp_path: Path) -> Iterator[Server]:
    """The app as nobody has seen it yet."""
    with serve(ROOT / "app.py", tmp_path, environment=ONE_THREAD) as running:
        yield running


@pytest.fixture(scope="session")
def context(browser: Browser) -> Iterator[BrowserContext]:
    """A browser at the size of a laptop that has the app's scripts in its cache."""
    # What moves is drawn sixty times a second; a journey about motion asks for it.
    with browser.new_context(viewport=DESKTOP, reduced_motion="reduce") as person:
        yield person


@pytest.fixture
def another(browser: Browser) -> Iterator[Callable[[], Page]]:
    """Makes a tab of another person, in a browser without a past."""
    contexts: list[BrowserContext] = []

    def tab() -> Page:
        contexts.append(browser.new_context(viewport=DESKTOP))
        return contexts[-1].new_page()

    yield tab
    for one in contexts:
        one.close()


@pytest.fixture
def page(context: BrowserContext) -> Iterator[Page]:
    """A tab, and so a session, of its own, whose console stays silent to the end."""
    tab = context.new_page()
    complaints = Complaints(tab)
    yield tab
    tab.close()
    assert not complaints.said, complaints.said


@pytest.fixture(scope="module")
def _kept(context: BrowserContext) -> Iterator[tuple[Page, Complaints]]:
    tab = context.new_page()
    yield tab, Complaints(tab)
    tab.close()


@pytest.fixture
def reader(_kept: tuple[Page, Complaints]) -> Iterator[Page]:
    """A tab in which the tests of a module turn to page after page, and change nothing."""
    tab, complaints = _kept
    complaints.said.clear()
    tab.set_viewport_size(DESKTOP)
    yield tab
    assert not complaints.said, complaints.said
