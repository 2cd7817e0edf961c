"""Map of very many sentences: made beside the usual one, chosen, and as good to ask."""

import io
import shutil
import zipfile
from pathlib import Path

import pandas as pd
import pytest

from pages.explore._map import downloads
from tests.fakes import corpus, store_run
from tests.pages.support import assert_calm, open_app, said
from vae.cli import main
from vae.corpora.corpus import Corpus
from vae.encoding import columns
from vae.encoding.large_map import LargeMap
from vae.encoding.large_source import own_source
from vae.explorer import Explorer
from vae.i18n import message
from vae.latent import large_atlas, large_projection
from vae.latent.atlas import make_atlas
from vae.latent.atlas_source import store_sentences
from vae.latent.large_atlas import read_large
from vae.runs import jobs
from vae.runs.catalogue import remember
from vae.runs.store import RunDirectory
from vae.studies import fingerprint

PAGE = "pages/explore/map.py"
N = 700


@pytest.fixture(scope="module")
def run_made(tmp_path_factory):
    """A run of the generated corpus, made once; no test may change it."""
    stored = store_run(tmp_path_factory.mktemp("runs") / "many")
    facts = stored.read_json("config.json")
    facts["corpus"]["source"] = dict(corpus().source)
    stored.write_json("config.json", facts)
    make_atlas(stored, Explorer.load(stored), corpus(), seed=0)
    return stored


@pytest.fixture(scope="module")
def large_made(run_made, tmp_path_factory):
    """Where a large map of it is, of more sentences than the usual one."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("LATENT_LENS_CACHE", str(tmp_path_factory.mktemp("cache")))
        patch.setattr(large_atlas, "FEWEST_SENTENCES", 50)
        patch.setattr(columns, "SHARD", 300)
        patch.setattr(large_projection, "FITTED", 100)
        explorer = Explorer.load(run_made)
        return Path(LargeMap(explorer, own_source(explorer, N), N).make())


@pytest.fixture
def run(tmp_path, monkeypatch, run_made):
    """The run, which a test may change."""
    monkeypatch.setattr(large_atlas, "FEWEST_SENTENCES", 50)
    shutil.copytree(run_made.path, tmp_path / "many")
    remember(tmp_path / "many")
    return RunDirectory(tmp_path / "many")


@pytest.fixture
def large(run, large_made):
    """The version of its large map, which a test may damage."""
    shutil.copytree(large_made, large_atlas.home(fingerprint(run)) / large_made.name)
    return large_made.name


def opened(run, large):
    app = open_app(PAGE, run=run.name)
    app.selectbox(key="size_map").select(large).run()
    assert_calm(app)
    return app


def test_without_a_large_map_one_is_offered_and_the_usual_one_is_shown(run):
    app = open_app(PAGE, run=run.name)
    assert_calm(app)
    assert f"**{len(corpus()):,}** of {len(corpus()):,} sentences shown." in said(app)
    assert not [box for box in app.selectbox if box.key == "size_map"]
    assert [e for e in app.expander if e.label == "A map of more sentences"]


def opened_offer(run):
    app = open_app(PAGE, run=run.name)
    app.session_state["map_large"] = True
    app.run()
    assert_calm(app)
    return app


def test_so_many_as_one_asks_for_are_made_by_a_job_of_its_own(run, monkeypatch):
    asked = []
    monkeypatch.setattr(jobs, "start", lambda key, command: asked.append(command))
    app = opened_offer(run)
    app.number_input(key="map_asked").set_value(600).run()
    assert "600 of them, or all where there are fewer" in said(app)
    next(b for b in app.button if b.label == "Make this map").click().run()
    assert asked[0][1:6] == ["-m", "vae", "prepare", str(run.path), "--sentences"]
    assert asked[0][6] == "600"


def test_a_job_that_runs_is_followed_and_can_be_cancelled_by_whoever_opens_the_page(run):
    key = jobs.large_map_key(run)
    report = jobs.report(jobs.job_file(key))
    report(3, 12, message("Encoding sentences"))
    app = open_app(PAGE, run=run.name)
    assert_calm(app)
    assert "3 of 12." in said(app)
    assert next(b for b in app.button if b.label == "Cancel").key == f"cancel_{key}"


def test_a_run_whose_text_is_elsewhere_names_the_command(run):
    facts = run.read_json("config.json")
    facts["corpus"]["source"] = {"kind": "file", "name": "own.txt"}
    run.write_json("config.json", facts)
    store_sentences(run, Corpus("own.txt", corpus().sentences), seed=0)
    app = opened_offer(run)
    assert f"python -m vae prepare {run.name} --sentences" in said(app)
    assert not [b for b in app.button if b.label == "Make this map"]


def test_a_large_map_is_chosen_and_says_how_much_it_shows(run, large):
    app = opened(run, large)
    text = said(app)
    assert "**700** of 700 different sentences shown." in text
    assert "UMAP was fitted to 100 of them; the others were placed into its picture." in text
    assert "each different sentence is shown once" in text
    assert "Nearest five" in text


def test_the_chosen_map_is_in_the_link_and_stays_from_page_to_page(run, large):
    app = opened(run, large)
    assert app.query_params["size"] in (large, [large])
    other = open_app(PAGE, run=run.name, size=large)
    assert_calm(other)
    assert "**700** of 700 different sentences shown." in said(other)
    other.switch_page("pages/explore/interpolate.py").run()
    other.switch_page(PAGE).run()
    assert_calm(other)
    assert other.selectbox(key="size_map").value == large
    other.selectbox(key="size_map").select("").run()
    assert "size" not in other.query_params


def test_a_link_to_a_large_map_that_is_not_here_shows_the_usual_one_and_says_so(run):
    app = open_app(PAGE, run=run.name, size=f"250000-{16 * 'a'}")
    assert not app.exception
    assert "The map of 250,000 sentences that was chosen is not on this machine" in said(app)
    assert f"of {len(corpus()):,} sentences shown." in said(app)
    assert "size" not in app.query_params


def test_another_map_lets_go_of_the_rows_selected_on_the_one_before(run, large):
    app = open_app(PAGE, run=run.name, size=large, selected="12")
    assert_calm(app)
    app.selectbox(key="size_map").select("").run()
    assert "selected" not in app.query_params


@pytest.mark.parametrize("kind", ["pca", "dimensions", "around"])
def test_every_picture_is_there(run, large, kind):
    app = opened(run, large)
    app.get_by_key("map_projection").set_value(kind).run()
    assert_calm(app)
    assert "of the variance" in said(app)


@pytest.mark.parametrize("colour", ["tense", "rate", "length", "split"])
def test_every_colouring_is_there(run, large, colour):
    app = opened(run, large)
    app.selectbox(key="map_colour").select(colour).run()
    assert_calm(app)


def test_a_search_finds_and_lists(run, large):
    app = opened(run, large)
    app.text_input(key="map_search").set_value("THE not").run()
    assert_calm(app)
    text = said(app)
    assert "of 700 sentences hold" in text
    assert "Found:" in text


def test_own_sentences_are_placed_among_all(run, large):
    app = opened(run, large)
    app.text_area(key="map_own").set_value(corpus().sentences[3])
    app.form_submit_button[0].click().run()
    assert_calm(app)
    assert "Your sentence" in said(app)


def test_what_is_too_much_for_a_table_is_said(run, large, monkeypatch):
    app = opened(run, large)
    monkeypatch.setattr("vae.latent.large_atlas.MOST_IN_TABLE", 20)
    app.text_input(key="map_search").set_value("the").run()
    assert_calm(app)
    text = said(app)
    assert "Tables and downloads hold up to 20 points: these are the first of" in text
    assert "select some of the 700" in text


def test_what_is_taken_along_of_a_large_map_is_a_sample_that_says_so(run, large, monkeypatch):
    monkeypatch.setattr(downloads, "MOST_FOR_TOOLS", 200)
    monkeypatch.setattr(downloads.page, "MOST_POINTS", 300)
    helped = {b.label: b.help for b in opened(run, large).get("download_button")}
    assert "200 of 700 points" in helped["For Embedding Atlas (ZIP)"]
    assert (
        f"export {run.name} --for tensorboard --sentences 700"
        in helped["For TensorBoard Projector (ZIP)"]
    )
    assert "up to 300 of the 700 sentences" in helped["Page to take along"]
    explorer = Explorer.load(run)
    seen = explorer.with_atlas(read_large(large_atlas.home(fingerprint(run)) / large))
    page = downloads._page_html(seen, 3)
    assert '"total":700' in page
    assert "300 sentences of the text" in page
    packed = zipfile.ZipFile(io.BytesIO(downloads._zipped(seen, "embedding-atlas")))
    assert "200 of 700 sentences on a map" in packed.read("many-map/README.txt").decode()
    frame = pd.read_parquet(io.BytesIO(packed.read("many-map/map.parquet")))
    assert len(frame) == 200
    assert set(frame["sentence"]) < set(seen.atlas.sentences)


def test_the_commands_take_a_large_map_whole_or_as_a_page(run, large, tmp_path, capsys):
    out, page = tmp_path / "out", tmp_path / "page.html"
    named = [str(run.path), "--sentences", str(N), "--out"]
    assert main(["export", *named, str(out), "--for", "tensorboard"]) == 0
    assert len((out / "vectors.tsv").read_text().splitlines()) == N
    assert main(["page", *named, str(page)]) == 0
    assert '"total":700' in page.read_text(encoding="utf-8")
    assert main(["page", str(run.path), "--sentences", "999", "--out", str(page)]) == 2
    assert "no large map of 'many' with 999 sentences" in capsys.readouterr().err


def test_a_damaged_large_map_leaves_the_usual_one(run, large):
    folder = large_atlas.home(fingerprint(run)) / large
    (folder / "starts.u32").unlink()
    app = open_app(PAGE, run=run.name)
    app.selectbox(key="size_map").select(large).run()
    assert not app.exception
    assert "are damaged" in "".join(e.value for e in app.error)
    assert f"of {len(corpus()):,} sentences shown." in said(app)
