"""The training lab: from 200 pasted sentences to a walk between two of them, in one sitting."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.e2e.browsing import (
    DESKTOP,
    ROOT,
    Complaints,
    Server,
    big_sentence,
    serve,
    settled,
    slider,
    visit,
    whole_and_calm,
)
from vae.corpora import factors, files
from vae.corpora.corpus import normalise
from vae.runs.process import ProcessRecord, terminate
from vae.runs.store import LIVE, RunDirectory
from vae.studies.summary import figures_of

SENTENCES = "\n".join(factors.generate(200, seed=5).sentences)
NAME = "pasted text balanced"
# A minute on a quiet machine, from the press to the walk; three on one that is not.
MOST_SECONDS = 180.0


@pytest.fixture
def runs(tmp_path: Path) -> Iterator[Path]:
    """The folder of runs of a server of its own; no training outlives the test."""
    yield tmp_path / "runs"
    for file in (tmp_path / "runs").glob("*/status.json"):
        status = json.loads(file.read_text(encoding="utf-8"))
        record = ProcessRecord.of_json(status)
        if record is not None and status.get("state") in LIVE:
            terminate(record)


@pytest.fixture
def own_server(browser: Browser, tmp_path: Path, runs: Path) -> Iterator[Server]:
    environment = {"OMP_NUM_THREADS": "1", "LATENT_LENS_RUNS": str(runs)}
    with serve(ROOT / "app.py", tmp_path, environment=environment) as running:
        yield running


@pytest.fixture
def tab(browser: Browser) -> Iterator[Page]:
    """The tab of somebody who was never here."""
    with browser.new_context(viewport=DESKTOP) as person:
        page = person.new_page()
        complaints = Complaints(page)
        yield page
        assert not complaints.said, complaints.said


def button(page: Page, name: str) -> Locator:
    return page.get_by_role("button", name=name, exact=True)


def curves_reach(page: Page, step: int) -> None:
    """Wait until the curves show an update later than this one."""
    page.wait_for_function(
        "step => [...(window.latentLensViews ?? new Map()).values()].some(view =>"
        " [...view.members.values()].some(m => m.extent[1] > step))",
        arg=step,
        timeout=180_000,
    )


def paste(page: Page) -> None:
    box = page.get_by_role("textbox", name="Sentences, one a line")
    box.fill(SENTENCES)
    box.press("Control+Enter")
    expect(page.get_by_text("200 sentences are used")).to_be_visible(timeout=60_000)
    # The presets are drawn anew as their minutes become known, for a moment beside what they were.
    expect(page.get_by_text("being measured")).to_have_count(0, timeout=60_000)
    settled(page)
    expect(page.get_by_role("radio", name="Demonstration")).to_be_checked()
    expect(button(page, "Start training")).to_be_enabled()


def at_the_ends(page: Page) -> list[str]:
    """What is said at both ends of the path."""
    said = []
    for key, value in (("Home", "0"), ("End", "60")):
        settled(page)
        slider(page).focus()
        slider(page).press(key)
        expect(slider(page)).to_have_value(value)
        said.append(big_sentence(page).inner_text())
    return said


def told(run: RunDirectory, kind: str) -> list[dict]:
    return [e for e in run.read_metrics() if e["event"] == kind]


def test_paste_train_adjust_pause_resume_and_explore(own_server: Server, tab: Page, runs: Path):
    run = RunDirectory(runs / NAME)
    visit(tab, own_server.address("lab"))
    paste(tab)
    tab.get_by_test_id("stRadio").get_by_text("Balanced", exact=True).click()
    expect(tab.get_by_role("radio", name="Balanced")).to_be_checked()
    expect(tab.get_by_role("textbox", name="Its name")).to_have_value(NAME)
    settled(tab)
    button(tab, "Start training").dblclick()

    # It begins by itself, and its curves move.
    expect(tab).to_have_url(re.compile(r"/training\?run="), timeout=60_000)
    expect(tab.get_by_text(re.compile(r"Training: step"))).to_be_visible(timeout=60_000)
    curves_reach(tab, 0)
    step = int(run.read_json("status.json")["step"])
    curves_reach(tab, step)
    assert [p.name for p in runs.iterdir() if not p.name.startswith(".")] == [NAME]

    # Another beta, marked where it was asked for.
    tab.get_by_text("Adjust it while it trains").click()
    beta = tab.get_by_role("slider", name="Beta at full strength")
    beta.press("ArrowRight")
    beta.press("ArrowRight")
    button(tab, "Apply").click()
    while not (adjusted := told(run, "steer")):
        assert run.state() == "running"
        tab.wait_for_timeout(100)
    assert adjusted[0]["changes"] == {"beta": pytest.approx(0.25)}

    # A pause outlasts the tab.
    button(tab, "Pause").click()
    paused = tab.get_by_text(re.compile(r"Paused at step [\d,]+"))
    expect(paused).to_be_visible()
    where = paused.inner_text()
    tab.reload()
    settled(tab)
    expect(paused).to_have_text(where)
    assert run.state() == "paused"
    button(tab, "Go on").click()
    expect(tab.get_by_text(re.compile(r"Training: step"))).to_be_visible()
    # Before, it may still say one thing wherever z is, by chance of where it was paused.
    curves_reach(tab, 1_000)
    settled(tab)

    # Stopped, and kept: measured and mapped before it says so.
    button(tab, "Stop and keep").click()
    expect(tab.get_by_text(re.compile(r"Training was stopped at step"))).to_be_visible(
        timeout=120_000
    )
    whole_and_calm(tab)
    assert run.state() == "stopped"
    measured = figures_of(run)
    assert measured is not None
    assert measured["active_units"] >= 2

    # What it learned is there to be walked in.
    tab.get_by_test_id("stSidebarNav").get_by_text("Map", exact=True).click()
    settled(tab)
    expect(tab.locator(".point-map .points")).to_be_visible()
    expect(tab.get_by_text(re.compile(r"200 (of 200 )?sentences|200 of 200")).first).to_be_visible()
    tab.get_by_test_id("stSidebarNav").get_by_text("Interpolate", exact=True).click()
    settled(tab)
    expect(big_sentence(tab)).not_to_be_empty()
    said = at_the_ends(tab)
    assert said[0] != said[1], "both ends of the path say the same"
    whole_and_calm(tab)


def test_pasted_sentences_are_walked_between_word_for_word_after_one_press(
    own_server: Server, tab: Page
):
    visit(tab, own_server.address("lab"))
    paste(tab)
    pressed = time.monotonic()
    button(tab, "Start training").click()
    expect(tab).to_have_url(re.compile(r"/training\?run="), timeout=60_000)
    walk = tab.get_by_role("link", name="Walk between two sentences")
    expect(walk).to_be_visible(timeout=1_000 * MOST_SECONDS)
    walk.click()
    expect(tab).to_have_url(re.compile(r"/interpolate\?"), timeout=60_000)
    settled(tab)
    read = files.read_text(SENTENCES).select("train").sentences
    a, b = read[0], next(s for s in read if s.split()[0] != read[0].split()[0])
    for name, sentence in (("Sentence A", a), ("Sentence B", b)):
        box = tab.get_by_role("textbox", name=name)
        box.fill(sentence)
        box.press("Enter")
        settled(tab)
    for key, value, sentence in (("Home", "0", a), ("End", "60", b)):
        settled(tab)
        slider(tab).focus()
        slider(tab).press(key)
        expect(slider(tab)).to_have_value(value)
        whole = re.compile(rf"^\s*{re.escape(normalise(sentence))}\s*$", re.IGNORECASE)
        expect(big_sentence(tab)).to_have_text(whole)
    assert time.monotonic() - pressed < MOST_SECONDS
    whole_and_calm(tab)
