"""Dimensions: one dial is turned, the sentence follows, and the way back is there."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.browsing import Server, big_sentence, settled, slider, visit

A = "She loves cooking the delicious curry in her kitchen every weekend."


@pytest.fixture
def dials(server: Server, page: Page) -> Page:
    visit(page, server.address("dimensions", run="factors", a=A))
    expect(big_sentence(page)).not_to_be_empty()
    return page


def test_eight_dials_stand_there_and_all_on_request(dials: Page):
    expect(dials.get_by_role("slider", name=re.compile("Dimension"))).to_have_count(8)
    dials.get_by_text(re.compile(r"All \d+ dimensions")).click()
    expect(dials.get_by_role("slider", name=re.compile("Dimension"))).not_to_have_count(8)
    settled(dials)
    assert dials.get_by_role("slider", name=re.compile("Dimension")).count() > 8


def test_the_sentence_follows_a_dial_while_the_server_stands_still(server: Server, dials: Page):
    before = big_sentence(dials).inner_text()
    said = {before}
    with server.paused():
        slider(dials).focus()
        for key in ("Home", "End"):
            slider(dials).press(key)
            said.add(big_sentence(dials).inner_text())
    assert len(said) >= 2, "the dimension that tells most changes no word"
    expect(dials).to_have_url(re.compile(r"[?&]z="))


def test_reset_goes_back_to_the_start(dials: Page):
    before = big_sentence(dials).inner_text()
    reset = dials.get_by_role("button", name="Reset the dials")
    expect(reset).to_be_disabled()
    slider(dials).focus()
    slider(dials).press("End")
    expect(dials).to_have_url(re.compile(r"[?&]z="))
    expect(reset).to_be_enabled()
    expect(dials.locator(".say .readout")).to_contain_text("from the start")
    reset.click()
    expect(big_sentence(dials)).to_have_text(before)
    expect(dials).not_to_have_url(re.compile(r"[?&]z="))
    expect(reset).to_be_disabled()


def test_the_link_shows_another_person_the_same_dials(dials: Page, another):
    slider(dials).focus()
    slider(dials).press("Home")
    expect(dials).to_have_url(re.compile(r"[?&]z="))
    settled(dials)
    expect(dials.locator(".say .readout")).to_contain_text("from the start")
    said = big_sentence(dials).inner_text()
    other = another()
    visit(other, dials.url)
    expect(big_sentence(other)).to_have_text(said)
    expect(slider(other)).to_have_value("0")


def test_the_point_is_taken_along_to_interpolate(dials: Page):
    slider(dials).focus()
    slider(dials).press("End")
    expect(dials).to_have_url(re.compile(r"[?&]z="))
    dials.get_by_role("button", name="Use this point as A").click()
    expect(dials).to_have_url(re.compile(r"[?&]za="))
    dials.get_by_test_id("stSidebarNav").get_by_role("link", name="Interpolate").click()
    expect(dials.get_by_text("Sentence A: a point chosen on the page Dimensions")).to_be_visible()
