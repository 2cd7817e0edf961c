"""Map: a cloud, what stands beside it, and what it says where there is none."""

import json
import re

import numpy as np
import pytest

from pages.common.components import decoder
from pages.explore._map import data, downloads
from tests import fakes
from tests.pages.support import assert_calm, open_app, said
from vae.corpora import factors
from vae.corpora.corpus import Corpus
from vae.explorer import Explorer
from vae.latent import other_maps
from vae.latent.atlas import make_atlas
from vae.latent.atlas_source import store_sentences
from vae.runs.catalogue import find_run, remember, shipped_runs

PAGE = "pages/explore/map.py"


@pytest.mark.parametrize("run", shipped_runs())
def test_every_shipped_run_has_a_map_or_says_how_to_get_one(run):
    app = open_app(PAGE, run=run)
    assert_calm(app)
    assert "trustworthiness" in said(app) or app.button


def test_colour_projection_and_search_can_be_chosen():
    app = open_app(PAGE, run="factors")
    app.selectbox(key="map_colour").select("rate").run()
    app.get_by_key("map_projection").set_value("pca").run()
    app.text_input(key="map_search").set_value("SOUP not").run()
    assert_calm(app)
    text = said(app)
    assert "of the variance" in text
    assert "Found:" in text


@pytest.fixture
def typed(tmp_path):
    """The name of a run of 14 sentences, each three times, with a label of every type."""
    sentences = factors.generate(14, seed=3).sentences * 3
    labels = {
        "stars": tuple("" if i % 7 == 0 else f" {i / 4}" for i in range(42)),
        "day": tuple("" if i % 6 == 0 else f"2021-{i % 12 + 1:02}-01" for i in range(42)),
        "paid": tuple(("yes", "NO", "no", "")[i % 4] for i in range(42)),
        "word": tuple(("none", "", "other (please say)")[i % 3] for i in range(42)),
    }
    source = {"kind": "file", "name": "own.csv", "label_types": {"stars": "number"}}
    own = Corpus("own.csv", sentences, labels, source=source)
    run = fakes.store_run(tmp_path / "typed")
    facts = run.read_json("config.json")
    facts["corpus"] |= {"name": own.name, "digest": own.digest, "source": source}
    run.write_json("config.json", facts)
    store_sentences(run, own, seed=0)
    make_atlas(run, Explorer.load(run), own, seed=0)
    remember(run.path)
    return "typed"


def test_copies_are_counted_and_the_nearest_are_other_sentences(typed):
    app = open_app(PAGE, run=typed)
    assert_calm(app)
    text = said(app)
    assert "**14** of them are distinct; copies share a point." in text
    assert re.search(r"^2 copies · .*stars \*\*— no value\*\*", text, re.MULTILINE)
    assert len(re.findall(r"`\d+\.\d\d` · 2 copies", text)) == 5
    assert "`0.00`" not in text


@pytest.mark.parametrize(
    ("colour", "without"), [("stars", 6), ("day", 7), ("paid", 10), ("word", 14)]
)
def test_a_label_of_every_type_colours_the_map_and_what_is_missing_is_counted(
    typed, colour, without
):
    app = open_app(PAGE, run=typed)
    app.selectbox(key="map_colour").select(colour).run()
    assert_calm(app)
    assert f"{without} sentences have no value, and are grey rings." in said(app)


def test_a_search_without_a_hit_says_so():
    app = open_app(PAGE, run="factors")
    app.text_input(key="map_search").set_value("xylophone").run()
    assert_calm(app)
    assert "**0** of" in said(app)


def test_own_sentences_are_placed_and_their_neighbours_named():
    app = open_app(PAGE, run="factors")
    app.text_area(key="map_own").set_value("He did not like the soup yesterday.")
    app.form_submit_button[0].click().run()
    assert_calm(app)
    text = said(app)
    assert "Your sentence" in text
    assert "Nearest five" in text


def test_markup_in_an_own_sentence_is_shown_as_text():
    app = open_app(PAGE, run="factors")
    app.text_area(key="map_own").set_value("<img src=x onerror=alert(1)> *She* loves it.")
    app.form_submit_button[0].click().run()
    assert_calm(app)
    assert "<img" not in "".join(e.proto.body for e in app.get("html"))


def test_a_line_that_cannot_be_read_leaves_the_others_on_the_map():
    app = open_app(PAGE, run="factors")
    lines = ["She loves it.", "word " * 3_000, "He hates it."]
    app.text_area(key="map_own").set_value("\n".join(lines))
    app.form_submit_button[0].click().run()
    assert_calm(app)
    text = said(app)
    assert re.search(r"Left out: 1\. “word word [^”]*”: The sentence is too long", text)
    assert "Your sentence" in text


def test_a_pasted_book_leaves_the_map_standing():
    app = open_app(PAGE, run="factors")
    app.text_area(key="map_own").set_value("word " * 5_000)
    app.form_submit_button[0].click().run()
    assert not app.exception
    assert "too long" in said(app)
    assert "trustworthiness" in said(app)


def test_a_neighbour_becomes_sentence_a():
    app = open_app(PAGE, run="factors")
    app.button(key="use_near_0_a").click().run()
    assert_calm(app)
    assert app.query_params["a"]
    assert app.button(key="use_near_0_a").label == "Is A"


def test_a_plain_language_model_has_no_map(language_model):
    app = open_app(PAGE, run=language_model)
    assert_calm(app)
    assert "no map" in said(app)


def test_a_run_without_a_map_says_so(unmapped):
    app = open_app(PAGE, run=unmapped)
    assert_calm(app)
    assert "no map" in said(app)


def test_a_run_that_has_just_begun_is_waited_for(unmapped, tmp_path):
    (tmp_path / "unmapped" / "weights.safetensors").unlink()
    app = open_app(PAGE, run=unmapped)
    assert not app.exception
    assert "no weights yet" in said(app)


def test_sentences_that_are_not_gathered_are_offered(not_gathered):
    app = open_app(PAGE, run=not_gathered)
    assert_calm(app)
    assert [b for b in app.button if "Gather" in b.label]


def test_a_bad_link_shows_the_default_run():
    app = open_app(PAGE, run="nowhere")
    assert_calm(app)
    assert "trustworthiness" in said(app)


@pytest.mark.parametrize(
    ("text", "kept", "left_out"),
    [("", 0, 0), ("a\n\n a \nb", 2, 0), ("\n".join(map(str, range(250))), 200, 50)],
)
def test_own_lines_are_counted(text, kept, left_out):
    lines, dropped = data.own_lines(text)
    assert (len(lines), dropped) == (kept, left_out)


def card(app) -> str:
    """The sentence of the card: the first that is set large."""
    return re.sub(
        r"<[^>]+>", "", next(e.proto.body for e in app.get("html") if "<p" in e.proto.body)
    )


def test_a_search_moves_the_card_to_its_first_hit_and_back_when_it_is_cleared():
    app = open_app(PAGE, run="factors")
    before = card(app)
    app.text_input(key="map_search").set_value("soup not").run()
    assert_calm(app)
    words = set(re.findall(r"\w+", card(app).lower()))
    assert {"soup", "not"} <= words
    assert card(app) != before
    assert "Found" in said(app).splitlines() or "**Found**" in said(app)
    app.text_input(key="map_search").set_value("").run()
    assert card(app) == before


def test_steps_of_a_search_lead_to_its_other_hits_and_no_further():
    app = open_app(PAGE, run="factors")
    app.text_input(key="map_search").set_value("soup not").run()
    first = card(app)
    app.session_state["map_hit"] = ("soup not", 1)
    app.run()
    second = card(app)
    assert second != first
    app.session_state["map_hit"] = ("soup not", 10**9)
    app.run()
    assert_calm(app)
    # Another search begins at its first hit.
    app.text_input(key="map_search").set_value("SOUP not").run()
    assert card(app) == first


def test_the_map_can_be_taken_to_other_tools():
    app = open_app(PAGE, run="factors")
    assert_calm(app)
    buttons = {e.proto.label: e.proto.help for e in app.get("download_button")}
    assert "`tensorboard --logdir .`" in buttons["For TensorBoard Projector (ZIP)"]
    assert "`embedding-atlas map.parquet --text" in buttons["For Embedding Atlas (ZIP)"]
    assert "without a network" in buttons["Page to take along"]


def test_a_run_whose_page_is_too_large_says_so_in_its_place(monkeypatch):
    explorer = Explorer.load("factors")
    assert '"seed":3' in downloads._page_html(explorer, 3)
    monkeypatch.setattr(downloads.page, "MOST_BYTES", 1_000)
    assert "its weights alone take" in downloads._page_html(explorer, 3)


@pytest.mark.parametrize("kind", ["dimensions", "around", "three"])
def test_a_plane_says_its_quality_and_what_it_is_laid_by(kind):
    app = open_app(PAGE, run="factors")
    app.get_by_key("map_projection").set_value(kind).run()
    assert_calm(app)
    text = said(app)
    assert re.search(r"trustworthiness of this picture is \*\*0\.\d\d\*\*", text)
    assert "of the variance" in text
    assert ("Around A: “" in text) == (kind == "around")
    assert ("Through A: “" in text) == (kind == "three")


def test_three_sentences_on_a_line_get_a_sentence_and_the_choice_stays():
    same = "She loves the soup."
    app = open_app(PAGE, run="factors", a=same, b=same)
    app.get_by_key("map_projection").set_value("three").run()
    assert not app.exception
    assert "lie on one line" in said(app)
    assert app.get_by_key("map_projection").value == "three"


def test_another_space_has_no_plane_through_the_latents_of_the_model():
    app = open_app(PAGE, run="factors")
    app.get_by_key("map_projection").set_value("three").run()
    app.get_by_key("map_space").set_value("words").run()
    assert not app.exception
    app.get_by_key("map_space").set_value("model").run()
    assert_calm(app)


def test_a_circle_around_a_sentence_says_what_lies_in_it():
    app = open_app(PAGE, run="factors")
    assert not app.select_slider
    app.toggle(key="map_around_it").set_value(True).run()
    assert_calm(app)
    many = int(re.search(r"32 draws from N\(z, r² I\) say (\d+) sentences", said(app))[1])
    app.select_slider(key="map_radius").set_value(0.0).run()
    assert_calm(app)
    assert "say 1 sentence." in said(app)
    distinct = app.dataframe[0].value["different sentences"].tolist()
    assert distinct[0] == 1
    assert distinct[5] == many > 1


EVERYTHING = "names,density,path,point,direction"


@pytest.mark.parametrize("kind", ["umap", "pca", "three"])
def test_what_lies_over_the_map_is_in_the_link_and_is_said(kind):
    app = open_app(PAGE, run="factors", on=EVERYTHING)
    app.get_by_key("map_projection").set_value(kind).run()
    assert_calm(app)
    assert sorted(app.get_by_key("on_map").value) == sorted(EVERYTHING.split(","))
    text = said(app)
    for part in ("class-based TF-IDF", "25%, 50%, 75%", "The arrow goes one step"):
        assert part in text
    app.get_by_key("on_map").set_value(["names"]).run()
    assert app.query_params["on"] == "names"
    assert "The arrow goes one step" not in said(app)
    app.get_by_key("on_map").set_value([]).run()
    assert app.query_params["on"] == "none"
    assert "class-based TF-IDF" not in said(app)


def test_an_arrow_begins_at_the_mean_of_what_it_leaves_or_at_a_sentence():
    app = open_app(PAGE, run="factors", on="direction")
    app.get_by_key("map_projection").set_value("pca").run()
    ends = {}
    for start in ("mean", "sentence"):
        app.get_by_key("arrow_map").set_value(start).run()
        assert_calm(app)
        ends[start] = drawn(app)["arrow"]["places"]
    steps = {start: np.subtract(*reversed(places)) for start, places in ends.items()}
    np.testing.assert_allclose(steps["mean"], steps["sentence"], atol=1e-5)
    assert not np.allclose(ends["mean"], ends["sentence"])


@pytest.mark.parametrize("kind", ["pca", "dimensions"])
def test_what_a_plane_does_not_show_is_at_the_mean_in_a_sentence_or_in_a_draw(kind):
    app = open_app(PAGE, run="factors", a="She loves the soup.")
    app.get_by_key("map_projection").set_value(kind).run()
    planes = {}
    for rest in ("mean", "sentence", "drawn"):
        app.get_by_key("rest_map").set_value(rest).run()
        assert_calm(app)
        planes[rest] = told(app)["places"]
        assert {"mean": "at its mean", "sentence": "in sentence A", "drawn": "seed 0"}[
            rest
        ] in said(app)
    assert app.query_params["rest"] == "drawn"
    z = Explorer.load("factors").encode(["She loves the soup."]).mean[0].numpy()
    axes, origin = (np.array(planes["sentence"][part]) for part in ("axes", "origin"))
    away = z - origin
    np.testing.assert_allclose(away, (away @ axes.T) @ axes, atol=1e-4)
    assert planes["mean"]["axes"] == planes["drawn"]["axes"]
    next(b for b in app.button if b.label == "Draw again").click().run()
    assert app.query_params["seed"] == "1"
    assert told(app)["places"]["origin"] != planes["drawn"]["origin"]


def drawn(app) -> dict:
    """What the map was told last of what lies over the cloud."""
    return told(app)["map"]


def told(app) -> dict:
    """What the map was told last."""
    return clouds(app)[0]


def clouds(app) -> list[dict]:
    """What each map was told last."""
    found = [e.proto for e in app.get("bidi_component") if e.proto.component_name.endswith("map")]
    return [json.loads(each.json) for each in found]


def test_another_run_stands_beside_with_the_sentences_that_both_have(typed):
    app = open_app(PAGE, run=typed, beside="factors", on="names")
    assert_calm(app)
    first, second = clouds(app)
    assert first["follows"] is None
    assert second["follows"]["key"] == first["key"]
    assert second["n"] == 10_000
    assert "Good: it keeps together there too" in said(app) or "stays there" in said(app)
    app.selectbox(key="beside_map").set_value("").run()
    assert len(clouds(app)) == 1
    assert "beside" not in app.query_params


def test_what_lies_over_the_first_map_lies_over_the_second_as_its_run_has_it():
    a, b, own = "She loves the soup.", "He hated the film.", "They will cook tomorrow."
    app = open_app(PAGE, run="factors", beside="factors-collapsed", a=a, b=b, on="path,direction")
    app.text_area(key="map_own").set_value(own)
    app.form_submit_button[0].click().run()
    assert_calm(app)
    first, second = (cloud["map"] for cloud in clouds(app))
    for one in (first, second):
        assert [mark["name"] for mark in one["marks"]] == ["A", "B"]
        assert [sentence["text"] for sentence in one["own"]] == [own]
        assert len(one["path"]) > 2
        assert one["arrow"]["name"] == first["arrow"]["name"]
        assert one["chosen"] == -1
    assert first["path"] != second["path"]
    assert first["arrow"]["places"] != second["arrow"]["places"]


def test_the_same_sentences_stand_beside_in_another_space_once_it_is_made(typed):
    app = open_app(PAGE, run=typed, beside=":words")
    assert not app.exception
    assert len(clouds(app)) == 1
    assert [b for b in app.button if b.label == "Make this map"]
    other_maps.make(Explorer.load(find_run(typed)).atlas, "words", seed=0)
    app.run()
    assert_calm(app)
    assert [cloud["n"] for cloud in clouds(app)] == [42, 42]
    assert "42 sentences are on both maps" in said(app)


def test_a_link_to_a_map_that_is_not_there_is_said_to_be_wrong():
    app = open_app(PAGE, run="factors", beside="nowhere", on="names,hats", maps="many")
    assert not app.exception
    assert said(app).count("Part of this link was left out") == 3
    assert len(clouds(app)) == 1


def test_a_model_that_no_browser_runs_is_asked_through_the_server(monkeypatch):
    monkeypatch.setattr("pages.common.components.decoder.can_run", lambda explorer: False)
    decoder._packed.clear()
    try:
        app = open_app(PAGE, run="factors")
        assert_calm(app)
        assert told(app)["decoder"] == "server-factors"
        names = [e.proto.component_name for e in app.get("bidi_component")]
        assert sum(name.endswith("server_decoder") for name in names) == 1
        assert not any(name.endswith("lens_decoder") for name in names)
    finally:
        decoder._packed.clear()
