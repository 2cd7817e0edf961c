"""Map of very many sentences: made beside the usual one, chosen, and as good to ask."""

import pytest

from tests.fakes import corpus, store_run
from tests.pages.support import assert_calm, open_app, said
from vae.corpora.corpus import Corpus
from vae.encoding import large_map
from vae.encoding.large_map import LargeMap
from vae.encoding.large_source import own_source
from vae.explorer import Explorer
from vae.i18n import message
from vae.latent import large_atlas, large_projection
from vae.latent.atlas import make_atlas
from vae.latent.atlas_source import store_sentences
from vae.runs import jobs
from vae.runs.catalogue import remember

PAGE = "pages/explore/map.py"
N = 700


@pytest.fixture
def run(tmp_path, monkeypatch):
    """The name of a run of the generated corpus."""
    monkeypatch.setattr(large_atlas, "FEWEST_SENTENCES", 50)
    stored = store_run(tmp_path / "many")
    facts = stored.read_json("config.json")
    facts["corpus"]["source"] = dict(corpus().source)
    stored.write_json("config.json", facts)
    make_atlas(stored, Explorer.load(stored), corpus(), seed=0)
    remember(stored.path)
    return stored


@pytest.fixture
def large(run, monkeypatch):
    """The version of a large map of it, of more sentences than the usual one."""
    monkeypatch.setattr(large_map, "_SHARD", 300)
    monkeypatch.setattr(large_projection, "FITTED", 100)
    explorer = Explorer.load(run)
    return LargeMap(explorer, own_source(explorer, N), N).make().name


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


def test_a_damaged_large_map_leaves_the_usual_one(run, large):
    folder = large_atlas.home(large_map.fingerprint(run)) / large
    (folder / "starts.u32").unlink()
    app = open_app(PAGE, run=run.name)
    app.selectbox(key="size_map").select(large).run()
    assert not app.exception
    assert "are damaged" in "".join(e.value for e in app.error)
    assert f"of {len(corpus()):,} sentences shown." in said(app)
