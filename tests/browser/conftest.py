"""Where the decoder's JavaScript runs: a tab of headless Chromium."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page

from tests.e2e.conftest import browser as browser


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What drives a browser says so."""
    for item in items:
        if "browser" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.e2e)


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A tab of somebody without a past."""
    with browser.new_context() as context:
        yield context.new_page()
