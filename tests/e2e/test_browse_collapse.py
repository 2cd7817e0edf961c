"""Collapse: the healthy and the collapsed run beside each other, each with its verdict."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.browsing import Server, settled, turn_to, visit


@pytest.fixture
def diagnosis(server: Server, reader: Page) -> Page:
    turn_to(reader, server.address("collapse", run="factors", open="all"))
    return reader


def test_healthy_and_collapsed_are_told_apart_at_once(diagnosis: Page):
    verdicts = diagnosis.get_by_role("heading", name=re.compile("^(Healthy|Used|Partly|Collapsed)"))
    expect(verdicts).to_have_count(2)
    expect(verdicts.nth(0)).to_contain_text("Healthy: ")
    expect(verdicts.nth(1)).to_contain_text("Collapsed: the rate is ")
    figures = diagnosis.get_by_role(
        "heading", name=re.compile(r": \d+ of \d+ dimensions are active$")
    )
    expect(figures.nth(0)).to_have_text(re.compile("^factors: "))
    expect(figures.nth(1)).to_have_text(re.compile("^factors-collapsed: 0 of "))


def test_only_the_healthy_decoder_listens(diagnosis: Page):
    """Its own z makes the sentence far likelier than another's; the collapsed one hardly cares."""
    columns = diagnosis.get_by_test_id("stColumn").filter(has_text="Decoded from its own z")
    expect(columns).to_have_count(2)
    gains = []
    for side in (0, 1):
        captions = columns.nth(side).get_by_text("Decoded from ")
        expect(captions).to_have_count(5)
        nats = [
            float(re.search(r"([−-]?\d+\.\d) nats", c)[1].replace("−", "-"))
            for c in captions.all_inner_texts()
        ]
        gains.append(nats[0] - nats[1])
    healthy, collapsed = gains
    assert healthy > 10
    assert abs(collapsed) < 2


def test_threshold_and_comparison_are_chosen(diagnosis: Page):
    count = diagnosis.get_by_role(
        "heading", name=re.compile(r"factors: \d+ of \d+ dimensions are active")
    )
    expect(count).to_be_visible()
    before = count.inner_text()
    threshold = diagnosis.get_by_role("slider", name=re.compile("Active above"))
    threshold.press("End")
    expect(count).not_to_have_text(before)
    none_left = count.inner_text()
    threshold.press("Home")
    # A page that is still drawn again would close the box that is opened next.
    expect(count).not_to_have_text(none_left)
    settled(diagnosis)
    # One run may stand alone.
    # Typed: it is the last of a list that shows as many runs at once as there is room for.
    beside = diagnosis.get_by_role("combobox", name="Compare with")
    beside.click()
    beside.fill("none")
    expect(diagnosis.get_by_role("option")).to_have_count(1)
    beside.press("Enter")
    verdicts = diagnosis.get_by_role("heading", name=re.compile("^(Healthy|Used|Partly|Collapsed)"))
    expect(verdicts).to_have_count(1)
    expect(verdicts).to_contain_text("Healthy: ")


def test_sections_open_on_request_by_link_and_all_at_once(server: Server, page: Page):
    visit(page, server.address("collapse", run="factors"))
    split = page.locator(".st-key-section_split")
    expect(split.get_by_text("nats of information").first).to_be_visible()
    expect(split.locator(".js-plotly-plot")).to_have_count(0)
    split.locator("summary").first.click()
    expect(split.locator(".js-plotly-plot")).to_have_count(2)
    expect(page).to_have_url(re.compile("open=split"))
    visit(page, page.url)
    expect(split.locator(".js-plotly-plot")).to_have_count(2)
    swapped = page.get_by_text("Decoded from its own z")
    expect(swapped).to_have_count(0)
    page.get_by_role("button", name="Open all").click()
    expect(swapped).to_have_count(2, timeout=90_000)
    settled(page)
    page.get_by_role("button", name="Close all").click()
    expect(swapped).to_have_count(0)
    expect(split.locator(".js-plotly-plot")).to_have_count(0)
    expect(page).not_to_have_url(re.compile("open="))
