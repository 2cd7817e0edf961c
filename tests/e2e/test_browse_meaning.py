"""Meaning: a dimension gets a name that stays; two selections become a dial of their own."""

import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.e2e.browsing import (
    ROOT,
    Server,
    big_sentence,
    serve,
    settled,
    slider,
    visit,
    whole_and_calm,
)
from tests.e2e.conftest import ONE_THREAD
from vae.explorer import Explorer

A = "She loved cooking the delicious curry in her kitchen yesterday."


@pytest.fixture(scope="module")
def workshop(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The app with a copy of a run that ships, to be written to."""
    folder: Path = tmp_path_factory.mktemp("workshop")
    shutil.copytree(ROOT / "assets" / "runs" / "factors", folder / "runs" / "copied")
    (folder / "runs" / "copied" / "names.json").unlink(missing_ok=True)
    where = {**ONE_THREAD, "LATENT_LENS_RUNS": str(folder / "runs")}
    with serve(ROOT / "app.py", folder, environment=where) as running:
        yield running


def test_a_dimension_is_renamed_and_keeps_its_name(workshop: Server, page: Page, another):
    visit(page, workshop.address("meaning", run="copied", dim=3, open="all"))
    whole_and_calm(page)
    head = page.get_by_role("heading", name=re.compile("^Dimension 3"))
    expect(head).not_to_contain_text("where it happens")
    name = page.get_by_role("textbox", name="Name", exact=True)
    name.fill("where it happens")
    name.press("Enter")
    expect(head).to_have_text("Dimension 3: where it happens")
    page.reload()
    settled(page)
    expect(head).to_have_text("Dimension 3: where it happens")
    other = another()
    visit(other, workshop.address("dimensions", run="copied"))
    other.get_by_text(re.compile(r"All \d+ dimensions")).click()
    expect(slider(other, re.compile("Dimension 3, where it happens"))).to_be_visible()
    page.get_by_role("button", name="Reset to the proposed name").click()
    expect(head).not_to_contain_text("where it happens")


def found_on_the_map(page: Page, words: str, end: str) -> None:
    """Select what a search finds on the map, and use it as a set."""
    field = page.get_by_role("textbox", name="Search")
    field.fill(words)
    field.press("Enter")
    expect(page.get_by_text(f"sentences hold “{words}”")).to_be_visible()
    settled(page)
    page.get_by_role("button", name=f"Use as set {end}").click()
    settled(page)


def test_two_selections_become_a_direction_that_flips_the_property(workshop: Server, page: Page):
    visit(page, workshop.address("map", run="copied", a=A, open="all"))
    found_on_the_map(page, "yesterday", "A")
    found_on_the_map(page, "tomorrow", "B")
    page.get_by_role("link", name=re.compile("Steer from set A")).click()
    settled(page)
    dial = slider(page, re.compile("Strength"))
    expect(dial).to_be_visible()
    whole_and_calm(page)
    expect(page.get_by_text("Held-out accuracy (n =")).to_be_visible()
    expect(big_sentence(page)).to_contain_text("yesterday")
    expect(page.locator(".say .readout")).to_contain_text("set A")
    dial.focus()
    dial.press("End")
    expect(big_sentence(page)).to_contain_text("tomorrow")
    expect(big_sentence(page)).to_contain_text("will")
    expect(page.locator(".say .readout")).to_contain_text("set B")
    expect(page).to_have_url(re.compile("strength=2"))
    settled(page)
    expect(page.get_by_role("heading", name="How often does it cross over?")).to_be_visible()
    whole_and_calm(page)


def test_arithmetic_says_between_its_points_what_pytorch_says(server: Server, page: Page):
    b, c = "She loves cooking the delicious curry in her kitchen.", "They feed the kitten."
    visit(
        page,
        server.address("meaning", run="factors", meaning="arithmetic", a=A, b=b, c=c, open="all"),
    )
    dial = slider(page, "How much of a − b is added to c")
    expect(dial).to_have_attribute("step", "0.01")
    settled(page)
    explorer = Explorer.load("factors")
    first, second, third = explorer.encode([A, b, c]).mean
    dial.focus()
    dial.press("Home")
    said = set()
    with server.paused():
        for _ in range(30):
            dial.press("Shift+ArrowRight")
            share = float(dial.input_value()) / 8
            (wanted,) = explorer.decode((third + share * (first - second))[None])
            expect(big_sentence(page)).to_have_text(wanted)
            expect(page.locator(".say .readout")).to_have_text(f"c + {share:.2f} (a − b)")
            said.add(wanted)
    assert len(said) > 1
    settled(page)
    expect(big_sentence(page)).to_have_text(wanted)


def test_a_steered_sentence_is_read_where_the_slider_is_let_go(server: Server, page: Page):
    visit(page, server.address("meaning", run="factors", meaning="steer", a=A, open="all"))
    dial = slider(page, re.compile("Strength"))
    expect(dial).to_have_attribute("step", "0.01")
    settled(page)
    dial.focus()
    dial.press("Shift+ArrowRight")
    readout = page.locator(".say .readout")
    expect(readout).to_have_text(re.compile(r"strength \+\d\.\d\d · \w+"))
    expect(page).to_have_url(re.compile(r"strength=\d\.\d+"))
    at = float(dial.input_value())
    assert at != int(at)
    assert round(-2 + at / 8, 2) == float(readout.inner_text().split()[1])
