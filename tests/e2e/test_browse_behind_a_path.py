"""A server whose addresses all begin with a path, as behind a proxy of a school."""

import re
from pathlib import Path

from playwright.sync_api import Page, expect

from tests.e2e.browsing import ROOT, serve, settled, slider, visit, whole_and_calm
from tests.e2e.conftest import ONE_THREAD

A = "She loves cooking the delicious curry in her kitchen every weekend."


def test_pages_components_and_links_work_below_a_path(page: Page, tmp_path: Path):
    with serve(ROOT / "app.py", tmp_path, environment=ONE_THREAD, below="school/lens") as server:
        assert server.url.endswith("/school/lens")
        # The first request is a deep link; the slider is a component of ours.
        visit(page, server.address("interpolate", run="factors-collapsed", a=A))
        expect(page.get_by_role("textbox", name="Sentence A")).to_have_value(A)
        expect(slider(page)).to_be_visible()
        whole_and_calm(page)
        page.get_by_test_id("stSidebarNav").get_by_role("link", name=re.compile("Runs$")).click()
        expect(page).to_have_url(re.compile(rf"{re.escape(server.url)}/runs\?"))
        settled(page)
        whole_and_calm(page)
        page.get_by_test_id("stMain").get_by_role("link", name="See how it learned").click()
        expect(page).to_have_url(re.compile(rf"{re.escape(server.url)}/training\?"))
        settled(page)
        whole_and_calm(page)
        page.close()  # before its server, whose end it would complain of
