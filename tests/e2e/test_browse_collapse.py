"""Collapse: the healthy and the collapsed run beside each other, each with its verdict."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.browsing import Server, settled, visit


@pytest.fixture
def diagnosis(server: Server, page: Page) -> Page:
    visit(page, server.address("collapse", run="factors"))
    return page


def test_healthy_and_collapsed_are_told_apart_at_once(diagnosis: Page):
    verdicts = diagnosis.get_by_role("heading", name=re.compile("^(Healthy|Partly|Collapsed)"))
    expect(verdicts).to_have_count(2)
    expect(verdicts.nth(0)).to_contain_text("Healthy: ")
    expect(verdicts.nth(1)).to_contain_text("Collapsed: 0 of ")
    for run in ("factors", "factors-collapsed"):
        expect(diagnosis.get_by_test_id("stMain").get_by_text(run, exact=True)).to_be_visible()


def test_only_the_healthy_decoder_listens(diagnosis: Page):
    """The collapsed one says one sentence, whatever z is."""
    columns = diagnosis.get_by_test_id("stColumn").filter(has_text="Decoded from its own z")
    expect(columns).to_have_count(2)
    expect(columns.nth(1).get_by_test_id("stHtml")).to_have_count(5)
    healthy = columns.nth(0).get_by_test_id("stHtml").all_inner_texts()
    collapsed = columns.nth(1).get_by_test_id("stHtml").all_inner_texts()
    assert len(set(healthy)) == 5
    assert len(set(collapsed)) == 1


def test_the_threshold_is_moved_and_the_count_follows(diagnosis: Page):
    count = diagnosis.get_by_role("heading", name=re.compile(r"factors: \d+ of \d+ active"))
    expect(count).to_be_visible()
    before = count.inner_text()
    threshold = diagnosis.get_by_role("slider", name=re.compile("Active above"))
    threshold.press("End")
    expect(count).not_to_have_text(before)
    threshold.press("Home")
    expect(count).to_be_visible()
    settled(diagnosis)


def test_one_run_may_stand_alone(diagnosis: Page):
    diagnosis.get_by_role("combobox", name="Compare with").click()
    diagnosis.get_by_role("option", name="none", exact=True).click()
    verdicts = diagnosis.get_by_role("heading", name=re.compile("^(Healthy|Partly|Collapsed)"))
    expect(verdicts).to_have_count(1)
    expect(verdicts).to_contain_text("Healthy: ")
