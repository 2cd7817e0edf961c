"""The map, with the weights of every healthy run that ships, held against PyTorch."""

import re
import shutil
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import torch
from playwright.sync_api import Page, expect

from tests.e2e.browsing import Server, big_sentence, settled, slider, visit
from tests.e2e.mapping import answering, chosen, draw, place, pointed_at, seen, until
from vae.cache import CACHE_VARIABLE
from vae.corpora.corpus import Corpus
from vae.explorer import Explorer
from vae.latent.atlas import make_atlas
from vae.latent.atlas_source import store_sentences
from vae.runs.catalogue import find_run, remember
from vae.runs.store import RunDirectory

SAID = 300


@pytest.fixture
def small(server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], str]:
    """Makes a run with the weights of another and a map of sentences that it says itself, which
    needs no text and no minute; its name."""
    monkeypatch.setenv(CACHE_VARIABLE, str(server.log.parent / "cache"))
    monkeypatch.setattr("vae.latent.projection.NEIGHBOURS", 10_000)  # no UMAP, which is slow

    def make(name: str) -> str:
        whole = Explorer.load(name)
        z = whole.sample_prior(SAID, torch.Generator().manual_seed(0))
        sentences = tuple(dict.fromkeys(s for s in whole.decode(z) if s.strip()))
        source = {"kind": "file", "name": "said.txt"}
        corpus = Corpus("said.txt", sentences, {}, source=source)
        path = tmp_path / f"{name}-small"
        shutil.copytree(whole.run.path, path)
        run = RunDirectory(path)
        facts = run.read_json("config.json")
        about = {"name": corpus.name, "digest": corpus.digest, "source": source}
        run.write_json("config.json", facts | {"corpus": facts["corpus"] | about})
        store_sentences(run, corpus, seed=0)
        make_atlas(run, whole, corpus, seed=0)
        remember(path)
        return path.name

    return make


CARD = '[data-testid="stHtml"] p[dir="auto"]'


def pinch(page: Page, x: float, y: float, times: float) -> None:
    """Two fingers go apart around a place, in shares of the map's size."""
    devtools = page.context.new_cdp_session(page)
    left, top = place(page, x, y)

    def fingers(kind: str, *apart: float) -> None:
        at = [{"x": left + a, "y": top, "id": i} for i, a in enumerate(apart)]
        devtools.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": at})

    fingers("touchStart", -30, 30)
    for share in np.linspace(1, times, 8):
        fingers("touchMove", -30 * share, 30 * share)
    fingers("touchEnd")


def tap(page: Page, x: float, y: float) -> None:
    """One finger, at a place in shares of the map's size."""
    devtools = page.context.new_cdp_session(page)
    left, top = place(page, x, y)
    at = [{"x": left, "y": top, "id": 0}]
    devtools.send("Input.dispatchTouchEvent", {"type": "touchStart", "touchPoints": at})
    devtools.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})


@pytest.mark.parametrize("run", ["factors", "docstrings", "everyday"])
def test_pointer_fingers_dial_and_lasso_are_answered_as_pytorch_decodes(
    server: Server, page: Page, small: Callable[[str], str], run: str
):
    name = run if run == "factors" else small(run)
    explorer = Explorer.load(find_run(name))
    visit(page, server.address("map", run=name, on="names,density"))
    page.get_by_role("radio", name="PCA").click()
    until(page, "map.key?.endsWith('pca')")
    answering(page)

    def at(x: float, y: float) -> str:
        """What PyTorch says at a place of the plane."""
        projection = explorer.atlas.projection
        z = projection.pca_mean + np.array([x, y]) @ projection.pca_components
        return explorer.decode(torch.tensor(z, dtype=torch.float32)[None])[0]

    for found in pointed_at(page, (0.3, 0.4), (0.55, 0.5), (0.98, 0.97)):
        assert found["text"] == explorer.decode(torch.tensor([found["latent"]]))[0]
        assert found["text"] == at(found["x"], found["y"])

    before = seen(page, "map.camera.k")
    pinch(page, 0.5, 0.5, 3)
    assert seen(page, "map.camera.k") == pytest.approx(3 * before, rel=0.2)
    tap(page, 0.4, 0.05)
    until(page, "map.place ?? map.data.chosen >= 0")
    if where := seen(page, "map.place"):
        expect(page.locator(CARD).first).to_have_text(at(*where))

    page.get_by_text("Draw from around it").click()
    dial = page.locator(".st-key-map_radius").get_by_role("slider")
    dial.press("Home")
    expect(page.get_by_text("say 1 sentence.")).to_be_visible()
    until(page, "map.data.circle?.radius === 0")

    draw(page, "Lasso select", (0.1, 0.1), (0.9, 0.1), (0.9, 0.9), (0.1, 0.9), (0.1, 0.1))
    assert chosen(page) == seen(page, "map.selected.reduce((a, b) => a + b)") > 1


@pytest.mark.parametrize("run", ["docstrings", "everyday"])
def test_a_dial_of_every_run_says_what_pytorch_says(server: Server, page: Page, run: str):
    explorer = Explorer.load(run)
    a = explorer.starters()[0]
    visit(page, server.address("dimensions", run=run, a=a))
    dial = slider(page)
    expect(dial).to_have_attribute("step", "0.01")
    z = explorer.encode([a]).mean
    for key, value in (("Home", -3.0), ("End", 3.0)):
        dial.press(key)
        z[0, int(dial.get_attribute("data-line") or "")] = value
        expect(big_sentence(page)).to_have_text(explorer.decode(z)[0])
    settled(page)
    expect(page).to_have_url(re.compile(r"[?&]z="))
