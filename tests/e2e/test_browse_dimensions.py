"""Dimensions: one dial is turned, the sentence follows, and the way back is there."""

import re
from itertools import pairwise

import pytest
import torch
from playwright.sync_api import Page, expect

from tests.e2e.browsing import Server, big_sentence, settled, slider, turn_to, visit
from vae.explorer import Explorer
from vae.i18n.numbers import number

A = "She loves cooking the delicious curry in her kitchen every weekend."


@pytest.fixture(scope="module")
def start() -> str:
    """What the model says before a dial is turned."""
    explorer = Explorer.load("factors")
    return explorer.decode(explorer.encode([A]).mean)[0]


@pytest.fixture
def dials(server: Server, reader: Page, start: str) -> Page:
    turn_to(reader, server.address("dimensions", run="factors", a=A))
    expect(reader).not_to_have_url(re.compile(r"[?&]z="))
    expect(reader.get_by_role("button", name="Reset the dials")).to_be_disabled()
    expect(big_sentence(reader)).to_have_text(start)
    return reader


def test_eight_dials_stand_there_and_all_on_request(server: Server, page: Page):
    dials = page
    visit(dials, server.address("dimensions", run="factors", a=A))
    expect(dials.get_by_role("slider", name=re.compile("Dimension"))).to_have_count(8)
    dials.get_by_text(re.compile(r"All \d+ dimensions")).click()
    expect(dials.get_by_role("slider", name=re.compile("Dimension"))).not_to_have_count(8)
    expect(dials.get_by_role("slider", name=re.compile("Dimension")).nth(8)).to_be_visible()


def test_the_sentence_follows_a_dial_while_the_server_stands_still(
    server: Server, dials: Page, start: str
):
    explorer = Explorer.load("factors")
    z = explorer.encode([A]).mean
    said = {start}
    with server.paused():
        slider(dials).focus()
        for key, value in (("Home", -3.0), ("End", 3.0)):
            slider(dials).press(key)
            z[0, int(slider(dials).get_attribute("data-line") or "")] = value
            (wanted,) = explorer.decode(z)
            expect(big_sentence(dials)).to_have_text(wanted)
            said.add(wanted)
    assert len(said) >= 2, "the dimension that tells most changes no word"
    expect(dials).to_have_url(re.compile(r"[?&]z="))


def test_between_its_points_a_dial_says_what_pytorch_says(server: Server, dials: Page):
    dial = slider(dials)
    expect(dial).to_have_attribute("step", "0.01")
    explorer = Explorer.load("factors")
    z = explorer.encode([A]).mean
    d = int(dial.get_attribute("data-line") or "")
    box = dial.bounding_box()
    assert box is not None
    middle = box["y"] + box["height"] / 2
    value = dials.locator(".value").first
    said = set()
    with server.paused():
        dials.mouse.move(box["x"] + box["width"] / 2, middle)
        dials.mouse.down()
        for share in torch.linspace(0.02, 0.98, 25).tolist():
            dials.mouse.move(box["x"] + share * box["width"], middle)
            turned = z.clone()
            turned[0, d] = -3 + float(dial.input_value()) / 4
            expect(big_sentence(dials)).to_have_text(explorer.decode(turned)[0])
            said.add(big_sentence(dials).inner_text())
            expect(value).to_have_text(number(float(turned[0, d]), "+.2f"))
        last = dial.input_value()
        dials.mouse.up()
    assert len(said) > 1
    expect(dials).to_have_url(re.compile(r"[?&]z="))
    settled(dials)
    assert abs(float(dial.input_value()) - float(last)) <= 0.01


def test_a_browser_that_decodes_finds_by_itself_where_the_dials_lead(server: Server, dials: Page):
    explorer = Explorer.load("factors")
    z = explorer.encode([A]).mean[0]
    dial = slider(dials)
    expect(dial).to_have_attribute("step", "0.01")
    d = int(dial.get_attribute("data-line") or "")
    dial.focus()
    for key, value in (("End", 3.0), ("ArrowLeft", 2.75)):
        dial.press(key)
        expect(dials.locator(".value").first).to_have_text(f"+{value:.2f}")
        expect(dials.locator(".say .readout")).to_contain_text("from the start")
        settled(dials)
        z = z.half().float()  # as a link holds it
        z[d] = value
        rows = dials.locator(".line")
        assert rows.count() == 8
        for i in range(8):
            row = rows.nth(i)
            turned = z.repeat(25, 1)
            dimension = int(row.locator("input").get_attribute("data-line") or "")
            turned[:, dimension] = torch.linspace(-3, 3, 25)
            said = explorer.decode(turned)
            expect(row.locator(".low span").last).to_have_text(said[0])
            expect(row.locator(".high span").last).to_have_text(said[-1])
            changes = sum(one != other for one, other in pairwise(said))
            expect(row.locator(".ticks i")).to_have_count(changes)
    other = slider(dials, re.compile("Dimension")).nth(1)
    other.focus()
    before = dials.url
    with server.paused():
        other.press("Home")
        turned = z.clone()
        turned[int(other.get_attribute("data-line") or "")] = -3
        expect(big_sentence(dials)).to_have_text(explorer.decode(turned[None])[0])
    expect(dials).not_to_have_url(before)


def test_reset_goes_back_to_the_start(dials: Page, start: str):
    reset = dials.get_by_role("button", name="Reset the dials")
    expect(reset).to_be_disabled()
    slider(dials).focus()
    slider(dials).press("End")
    expect(dials).to_have_url(re.compile(r"[?&]z="))
    expect(reset).to_be_enabled()
    expect(dials.locator(".say .readout")).to_contain_text("from the start")
    reset.click()
    expect(big_sentence(dials)).to_have_text(start)
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
