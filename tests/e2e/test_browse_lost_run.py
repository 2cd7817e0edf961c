"""The power goes out: training process and server are killed, and nothing is lost."""

from __future__ import annotations

import os
import re
import signal
import time
from collections.abc import Callable
from pathlib import Path

import psutil
import pytest
from playwright.sync_api import Browser, Page, expect

from tests.e2e.browsing import DESKTOP, ROOT, Server, serve, visit
from vae.cli import main
from vae.corpora import factors
from vae.runs import queue
from vae.runs.store import RunDirectory

FLAGS = (
    *("--epochs", "150", "--tokens-per-batch", "256", "--warmup-steps", "5", "--threads", "1"),
    *("--validate-every", "50", "--snapshots", "4", "--min-count", "1", "--precision", "fp32"),
    *("--embedding-dim", "16", "--encoder-hidden", "16", "--decoder-hidden", "24"),
    *("--latent-dim", "4", "--checkpoint-seconds", "0.2", "--brief"),
)


def until(reached: Callable[[], bool], seconds: float = 120) -> None:
    deadline = time.monotonic() + seconds
    while not reached():
        assert time.monotonic() < deadline, "it never came that far"
        time.sleep(0.05)


def step_of(run: RunDirectory) -> int:
    return max((int(e["step"]) for e in run.read_metrics() if "step" in e), default=0)


@pytest.fixture
def places(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """A cache and a folder of runs that the test, the server and the training share."""
    places = {
        "LATENT_LENS_CACHE": str(tmp_path / "server" / "cache"),
        "LATENT_LENS_RUNS": str(tmp_path / "runs"),
        "OMP_NUM_THREADS": "1",
    }
    for name, value in places.items():
        monkeypatch.setenv(name, value)
    (tmp_path / "server").mkdir()
    return places


def kill_all(server: Server, run: RunDirectory) -> None:
    """As when the plug is pulled: no process is asked, none can say a last word."""
    trainer = psutil.Process(run.read_json("status.json")["pid"])
    os.kill(trainer.pid, signal.SIGKILL)
    os.killpg(server.process.pid, signal.SIGKILL)
    server.process.wait(timeout=10)
    until(lambda: not psutil.pid_exists(trainer.pid) or trainer.status() == psutil.STATUS_ZOMBIE)


def look(browser: Browser, server: Server) -> Page:
    page = browser.new_context(viewport=DESKTOP).new_page()
    visit(page, server.address("training", run="lab", open="all"))
    return page


def test_a_run_outlives_its_process_and_its_server(
    browser: Browser, tmp_path: Path, places: dict[str, str]
):
    file = tmp_path / "own.txt"
    file.write_text("\n".join(factors.generate(200, seed=3).sentences), encoding="utf-8")
    run, whole = RunDirectory(tmp_path / "runs" / "lab"), tmp_path / "whole"
    folder = tmp_path / "server"
    with serve(ROOT / "app.py", folder, environment=places) as server:
        queue.submit(run, ["train", str(file), "--out", str(run.path), *FLAGS], "lab")
        page = look(browser, server)
        until(lambda: step_of(run) >= 60 and run.has("checkpoint.safetensors"))
        kill_all(server, run)
        page.context.close()
    assert run.state() == "lost"
    left = step_of(run)
    with serve(ROOT / "app.py", folder, environment=places) as server:
        page = look(browser, server)
        expect(page.get_by_text("The training process is gone")).to_be_visible()
        page.get_by_role("button", name=re.compile("Resume")).first.click()
        until(lambda: run.state() == "finished", 240)
        expect(page.get_by_text("Training ran to its end")).to_be_visible()
        page.context.close()
    assert left < step_of(run)
    assert main(["train", str(file), "--out", str(whole), *FLAGS]) == 0
    for name in ("weights.safetensors", "tokenizer.json"):
        assert (run.path / name).read_bytes() == (whole / name).read_bytes(), name
