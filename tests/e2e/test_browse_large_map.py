"""A map of more sentences: chosen, pointed at, selected from; its words come as they are needed."""

import re
from collections.abc import Iterator

import numpy as np
import pytest
from playwright.sync_api import Browser, Page, expect

from tests.e2e.browsing import DESKTOP, ROOT, Complaints, Server, choose, serve, settled, visit
from tests.e2e.conftest import ONE_THREAD
from tests.e2e.test_browse_map import chosen, draw, drawn
from tests.fakes import corpus, store_run
from vae.encoding.large_map import LargeMap
from vae.encoding.large_source import own_source
from vae.explorer import Explorer
from vae.latent import large_atlas
from vae.latent.atlas import make_atlas
from vae.latent.large_atlas import LargeAtlas, read_large
from vae.runs.catalogue import remember

N = 900


@pytest.fixture(scope="module")
def made(tmp_path_factory) -> Iterator[tuple[Server, LargeAtlas]]:
    """The app with a run of 500 sentences on its usual map, and 900 on a large one."""
    folder = tmp_path_factory.mktemp("large")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("LATENT_LENS_CACHE", str(folder / "cache"))
        patch.setattr(large_atlas, "FEWEST_SENTENCES", 50)
        run = store_run(folder / "many")
        facts = run.read_json("config.json")
        facts["corpus"]["source"] = dict(corpus().source)
        run.write_json("config.json", facts)
        explorer = Explorer.load(run)
        make_atlas(run, explorer, corpus(), seed=0)
        remember(run.path)
        large = read_large(LargeMap(explorer, own_source(explorer, N), N).make())
    with serve(ROOT / "app.py", folder, environment=ONE_THREAD) as server:
        yield server, large


@pytest.fixture
def page(browser: Browser, made: tuple[Server, LargeAtlas]) -> Iterator[Page]:
    """The page Map with the large map."""
    server, _ = made
    with browser.new_context(viewport=DESKTOP) as person:
        page = person.new_page()
        complaints = Complaints(page)
        visit(page, server.address("map", run="many"))
        drawn(page)
        choose(page.get_by_role("combobox", name="Map of"), f"{N:,} sentences")
        alt = re.compile(f"map of {N:,} sentences")
        expect(page.locator(".point-map .stage")).to_have_attribute("aria-label", alt)
        settled(page)
        drawn(page)
        yield page
        assert not complaints.said


def test_it_says_how_much_it_shows_and_survives_a_reload(page, made):
    _, large = made
    shows = page.get_by_text(f"{N:,} of {N:,} different sentences shown.")
    expect(shows).to_be_visible()
    assert f"size={large.version}" in page.url
    page.reload()
    expect(shows).to_be_visible(timeout=60_000)


def test_the_sentence_of_every_point_is_that_of_its_file(page, made):
    _, large = made
    rows = np.random.default_rng(0).choice(N, 50, replace=False).tolist()
    said = page.locator(".point-map").evaluate(
        """async (root, rows) => {
            const map = root.pointMap;
            const soon = () => new Promise((done) => setTimeout(done, 20));
            while (!map.words?.given) await soon();
            const { words } = map;
            for (const row of rows)
                for (let i = 0; i < 500 && !words.ready(row); i++) await soon();
            const labels = (row) => Object.fromEntries(words.labels.map(([n, of]) => [n, of(row)]));
            return rows.map((row) => [words.sentence(row), labels(row)]);
        }""",
        rows,
    )
    for row, (sentence, labels) in zip(rows, said, strict=True):
        assert sentence == large.sentences[row]
        assert labels == {n: v[row] for n, v in large.labels.items() if n != "split"}


def test_pointing_at_a_point_shows_its_sentence(page, made):
    _, large = made
    spot = page.locator(".point-map").evaluate(
        """({ pointMap: map }) => {
            const [x, y] = map.camera.screen(map.xy[0], map.xy[1]);
            const box = map.stage.getBoundingClientRect();
            return [box.left + x, box.top + y, map.below([x, y])];
        }"""
    )
    page.mouse.move(*spot[:2])
    expect(page.locator(".point-map .card")).to_contain_text(large.sentences[spot[2]])


def test_a_box_selects_and_lists(page):
    draw(page, "Box select", (0.05, 0.05), (0.95, 0.95))
    assert chosen(page) > 0.5 * N


def test_a_search_is_for_all_of_them(page, made):
    _, large = made
    word = large.sentences[N - 1].split()[-1].strip(".?!").lower()
    page.get_by_label("Search", exact=True).fill(word)
    page.get_by_label("Search", exact=True).press("Enter")
    n = len(large.search(word))
    title = re.compile(f"Found: {n:,} sentence")
    expect(page.get_by_role("heading", name=title)).to_be_visible()
