"""Training: what was recorded is drawn, and a run in progress appears live."""

import os
import re
import signal
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.e2e.browsing import ROOT, Server, settled, turn_to, visit
from tests.e2e.recording import Recording
from vae.corpora import factors


@pytest.fixture
def recorded(server: Server, reader: Page) -> Page:
    turn_to(reader, server.address("training", run="factors", open="all"))
    return reader


def panel(page: Page, title: str) -> Locator:
    """A panel of the curves by its title."""
    return page.locator(".panel").filter(has=page.locator(".title", has_text=title))


def drag(page: Page, plot: Locator, start: float, end: float) -> None:
    """Drag across a plot, from and to shares of its width."""
    plot.scroll_into_view_if_needed()
    box = plot.bounding_box()
    assert box
    y = box["y"] + box["height"] * 0.55
    page.mouse.move(box["x"] + box["width"] * start, y)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] * end, y, steps=5)
    page.mouse.up()
    page.mouse.move(box["x"] + box["width"] * end - 1, y)


def view(page: Page, what: str) -> Any:
    """What the curves of the page share: range, hover, now."""
    script = "what => [...window.latentLensViews.values()].at(-1)[what]"
    return page.evaluate(script, what)


def last_step(page: Page) -> int:
    """How far the axis of the curves reaches."""
    return page.evaluate(
        "Math.max(...[...[...window.latentLensViews.values()].at(-1).members.values()]"
        ".map(m => m.extent[1]))"
    )


def test_the_curves_are_drawn_and_their_figures_can_be_taken_along(recorded: Page):
    canvases = recorded.locator(".panel .plot canvas")
    expect(canvases).to_have_count(8)
    expect(panel(recorded, "mutual information, nats")).to_be_visible()
    recorded.wait_for_function(
        """() => [...document.querySelectorAll(".panel .plot canvas")].every((c) =>
            c.getContext("2d").getImageData(0, 0, c.width, c.height).data.some((v) => v))"""
    )
    figures = recorded.get_by_test_id("stExpander").filter(has_text="The figures").first
    figures.locator("summary").click()
    expect(figures.get_by_test_id("stDataFrame")).to_be_visible()
    with recorded.expect_download() as download:
        figures.get_by_role("button", name=re.compile(r"Download [\d,]+ rows")).click()
    header = download.value.path().read_text(encoding="utf-8-sig").splitlines()[0]
    assert header.startswith("step,")


def test_reading_zooming_and_going_back_work_by_hand_and_by_key(recorded: Page):
    plot = panel(recorded, "distortion, nats").locator(".plot")
    at_the_end = panel(recorded, "rate, nats").locator(".head").inner_text()
    drag(recorded, plot, 0.3, 0.5)
    start, end = view(recorded, "range")
    assert 0 < start < end < last_step(recorded)
    # Every panel is read where the pointer is on one of them.
    head = panel(recorded, "rate, nats").locator(".head")
    expect(head).not_to_have_text(at_the_end, use_inner_text=True)
    expect(recorded.get_by_role("button", name="Show all steps").first).to_be_visible()
    plot.dblclick()
    assert view(recorded, "range") is None
    plot.focus()
    plot.press("ArrowLeft")
    spoken = recorded.locator(".spoken").filter(has_text=re.compile("training .* nats at step"))
    expect(spoken.first).to_be_attached()
    plot.press("+")
    assert view(recorded, "range") is not None
    plot.press("Escape")
    assert view(recorded, "range") is None


def test_the_wheel_scrolls_the_page_and_with_a_key_it_zooms(recorded: Page):
    plot = panel(recorded, "distortion, nats").locator(".plot")
    plot.hover()
    recorded.mouse.wheel(0, 60)
    assert view(recorded, "range") is None
    plot.hover()
    recorded.keyboard.down("Control")
    recorded.mouse.wheel(0, -300)
    recorded.keyboard.up("Control")
    recorded.wait_for_function("[...window.latentLensViews.values()].at(-1).range !== null")


def test_zoom_reading_and_every_canvas_outlast_a_run_that_grows_and_ends(
    server: Server, page: Page, tmp_path: Path
):
    growing = Recording(tmp_path, server, "growing")
    growing.tell(150)
    growing.keep_points()
    growing.status("running")
    visit(page, server.address("training", run="growing", open="all"))
    expect(page.locator(".stage canvas")).to_be_visible()
    canvases = page.locator(".panel .plot canvas, .stage canvas")
    expect(canvases).to_have_count(9)
    handles = canvases.element_handles()
    drag(page, panel(page, "distortion, nats").locator(".plot"), 0.3, 0.6)
    zoomed = view(page, "range")
    hover = view(page, "hover")
    late = []
    for _ in range(5):
        step = growing.tell(12)
        if growing.events[growing.told - 1]["event"] == "snapshot":
            growing.keep_point()
        growing.status("running")
        began = time.monotonic()
        page.wait_for_function(
            "step => [...[...window.latentLensViews.values()].at(-1).members.values()]"
            ".some(m => m.extent[1] >= step)",
            arg=step,
        )
        late.append(time.monotonic() - began)
        assert view(page, "range") == zoomed
        assert view(page, "hover") == pytest.approx(hover, rel=0.02)
    # Two seconds on a machine at rest; that of a test may be busy.
    assert statistics.median(late) < 4
    growing.tell(len(growing.events))
    growing.status("finished")
    expect(page.get_by_text("Training: step")).to_have_count(0)
    expect(page.get_by_text("Its weights are of step")).to_be_visible()
    settled(page)
    assert view(page, "range") == zoomed
    assert all(handle.evaluate("c => c.isConnected") for handle in handles)


def test_the_headings_of_a_run_that_grows_say_its_newest_figures(
    server: Server, page: Page, tmp_path: Path
):
    growing = Recording(tmp_path, server, "read-off")
    growing.tell(60)
    growing.status("running")
    visit(page, server.address("training", run="read-off", open="all"))
    head = panel(page, "distortion, nats").locator(".head")
    expect(head).to_contain_text("training")
    first = head.inner_text()
    growing.tell(120)
    growing.status("running")
    expect(head).not_to_have_text(first, use_inner_text=True)
    growing.tell(len(growing.events))
    growing.status("finished")
    expect(page.get_by_text("Its weights are of step")).to_be_visible()
    settled(page)
    newest = head.inner_text()
    page.reload()
    expect(head).to_have_text(newest, use_inner_text=True)


def test_what_was_changed_in_mid_run_is_said_where_it_is_read(
    server: Server, page: Page, tmp_path: Path
):
    adjusted = Recording(tmp_path, server, "adjusted")
    adjusted.tell(200)
    adjusted.run.append_metric({"event": "steer", "step": 400, "changes": {"beta": 0.5}})
    visit(page, server.address("training", run="adjusted", open="all"))
    plot = panel(page, "beta").locator(".plot")
    plot.focus()
    for _ in range(400):
        plot.press("ArrowLeft")
        if (view(page, "hover") or 0) <= 400:
            break
    expect(page.locator(".spoken").first).to_contain_text("beta 0.5 from step 400")


def test_sentences_of_a_run_without_points_come_back_better_at_the_end_than_at_the_start(
    server: Server, page: Page, tmp_path: Path
):
    plain = Recording(tmp_path, server, "without-points")
    plain.tell(len(plain.events))
    visit(page, server.address("training", run="without-points", open="all"))
    said = page.get_by_test_id("stHtml")
    expect(said.first).to_be_visible()
    last = said.all_inner_texts()
    page.get_by_role("slider", name="Step").press("Home")
    expect(said.first).not_to_have_text(last[0])
    settled(page)
    page.get_by_role("slider", name="Step").press("End")
    expect(said.first).to_have_text(last[0])


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
        visit(page, server.address("training", run="live", open="all"))
        where = page.get_by_text(re.compile(r"Training: step [\d,]+ of [\d,]+"))
        expect(where).to_be_visible()
        expect(page.locator(".panel .plot canvas").first).to_be_visible()
        before = where.inner_text()
        expect(where).not_to_have_text(before)
        process.send_signal(signal.SIGTERM)
        expect(page.get_by_text(re.compile("Training was stopped at step"))).to_be_visible()
        expect(page.get_by_text("--resume")).to_be_visible()
