"""Training: what was recorded is drawn, and a run in progress appears live."""

import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.browsing import ROOT, Server, settled, visit
from vae.corpora import factors


@pytest.fixture
def recorded(server: Server, page: Page) -> Page:
    visit(page, server.address("training", run="factors"))
    return page


def test_the_curves_are_drawn_and_their_figures_can_be_taken_along(recorded: Page):
    charts = recorded.locator(".js-plotly-plot")
    expect(charts).to_have_count(4)
    expect(charts.nth(0).locator(".scatterlayer .trace path.js-line").first).to_be_visible()
    expect(recorded.locator(".js-plotly-plot .heatmaplayer image")).to_have_count(1)


def test_sentences_come_back_better_at_the_end_than_at_the_start(recorded: Page):
    said = recorded.get_by_test_id("stHtml")
    expect(said.first).to_be_visible()
    last = said.all_inner_texts()
    recorded.get_by_role("slider", name="Step").press("Home")
    expect(said.first).not_to_have_text(last[0])
    settled(recorded)
    recorded.get_by_role("slider", name="Step").press("End")
    expect(said.first).to_have_text(last[0])
    figures = recorded.get_by_test_id("stExpander").filter(has_text="The figures").first
    figures.locator("summary").click()
    expect(figures.get_by_test_id("stDataFrame")).to_be_visible()
    with recorded.expect_download() as download:
        figures.get_by_role("button", name=re.compile(r"Download [\d,]+ rows")).click()
    header = download.value.path().read_text(encoding="utf-8-sig").splitlines()[0]
    assert header.startswith("step,")


@contextmanager
def training(server: Server, folder: Path) -> Iterator[subprocess.Popen[bytes]]:
    """A person trains in the shell of the same machine."""
    text = folder / "own.txt"
    text.write_text("\n".join(factors.generate(400, seed=5).sentences), encoding="utf-8")
    command = [sys.executable, "-m", "vae", "train", str(text), "--out", str(folder / "live")]
    command += ["--epochs", "100000", "--patience", "0", "--latent-dim", "4"]
    command += ["--embedding-dim", "16", "--encoder-hidden", "16", "--decoder-hidden", "32"]
    with (folder / "train.log").open("wb") as output:
        process = subprocess.Popen(
            command,
            cwd=ROOT,
            stdout=output,
            stderr=subprocess.STDOUT,
            env={
                **os.environ,
                "LATENT_LENS_CACHE": str(server.log.parent / "cache"),
                "OMP_NUM_THREADS": "1",
            },
        )
    try:
        yield process
    finally:
        process.kill()
        process.wait(timeout=10)


def test_a_run_of_the_shell_appears_live(server: Server, page: Page, tmp_path: Path):
    with training(server, tmp_path) as process:
        while not (tmp_path / "live" / "metrics.jsonl").exists():
            assert process.poll() is None, (tmp_path / "train.log").read_text()
            page.wait_for_timeout(100)
        visit(page, server.address("training", run="live"))
        where = page.get_by_text(re.compile(r"Training: step [\d,]+ of [\d,]+"))
        expect(where).to_be_visible()
        expect(page.locator(".js-plotly-plot").first).to_be_visible()
        before = where.inner_text()
        expect(where).not_to_have_text(before)
        process.send_signal(signal.SIGTERM)
        expect(page.get_by_text(re.compile("Training was stopped at step"))).to_be_visible()
        expect(page.get_by_text("--resume")).to_be_visible()
