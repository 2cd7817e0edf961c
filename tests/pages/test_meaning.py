"""Meaning: dimensions with their names, what can be read off, steering, and arithmetic."""

import base64
import json
import re
from dataclasses import replace

import numpy as np
import pytest
import torch

from pages.common import resources
from pages.diagnose._meaning import data, dimension_card, steering
from tests import fakes
from tests.pages.support import assert_calm, open_app, said
from vae import Explorer, studies
from vae.diagnostics.bootstrap import share_interval
from vae.figures.information import information_by_label
from vae.latent.names import LONGEST, read_names
from vae.runs.catalogue import remember
from vae.studies import dimensions, evaluation, quality
from vae.studies.summary import figures_of

PAGE = "pages/diagnose/meaning.py"
PARTS = ("dimensions", "read", "one", "steer", "arithmetic", "space")


def card(app) -> str:
    """The heading of the card of the dimension that is chosen."""
    return next(h.value for h in app.header if h.value.startswith("Dimension "))


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """A run of a tiny model with its map and its studies."""
    run = fakes.store_run(tmp_path_factory.mktemp("runs") / "studied", atlas=120)
    explorer = Explorer.load(run)
    for name in ("dimensions", "directions", "probes"):
        studies.make(explorer, fakes.corpus(), name)
    return run


@pytest.fixture
def studied(made):
    """Its name, with no name given to a dimension."""
    (made.path / "names.json").unlink(missing_ok=True)
    remember(made.path)
    return made.name


def walk(app):
    """What the slider was sent; None where there is none."""
    components = [c for c in app.get("bidi_component") if "slider" in c.proto.component_name]
    return json.loads(components[0].proto.json) if components else None


@pytest.mark.parametrize("part", PARTS)
def test_every_part_shows_a_run_or_says_how_to_measure_it(part):
    app = open_app(PAGE, run="factors", meaning=part)
    assert_calm(app)
    assert app.title[0].value == "What does each dimension mean?"


def test_only_the_open_part_runs(studied):
    app = open_app(PAGE, run=studied, meaning="read")
    assert_calm(app)
    assert "Which labels can be read off the mean, and off a draw?" in said(app)
    assert walk(app) is None


# -- dimension by dimension ------------------------------------------------------------------------


def test_the_overview_says_what_it_found_and_the_card_follows(studied):
    app = open_app(PAGE, run=studied)
    assert_calm(app)
    text = said(app)
    assert "of 4 dimensions" in text
    for question in ("Which dimension tells of which label?", "What does it tell of?", "its ends?"):
        assert question in text
    first = resources.informative(studied).order[0]
    assert f"Dimension {first}" in "\n".join(h.value for h in app.header)


def test_the_sentences_at_the_ends_are_those_of_the_map(studied):
    explorer = resources.explorer(studied)
    found = dimensions.read(studies.read(explorer.run, "dimensions"))
    places = data.ends(explorer, found.ends[2])
    mean = explorer.atlas.mean[:, 2]
    assert places["low"].sentences[0] == explorer.atlas.sentences[mean.argmin()]
    assert places["high"].sentences[0] == explorer.atlas.sentences[mean.argmax()]
    assert {place.gone for place in places.values()} == {0}


def test_what_shuffled_labels_give_as_well_is_not_drawn(studied):
    found = dimensions.read(studies.read(resources.explorer(studied).run, "dimensions"))
    (heat,) = information_by_label(found, {}).plot.data
    for d, row in zip(found.order, heat.z, strict=True):
        for shown, told in zip(row, found.told, strict=True):
            assert (shown == 0) == (told.value[d] <= told.chance[d])
            assert shown in (0, told.value[d])  # nats, as everywhere


def test_a_name_is_kept_shown_everywhere_and_reset(studied, made):
    app = open_app(PAGE, run=studied, dim="3")
    app.text_input(key=f"name_{studied}_3").set_value("how loud it is").run()
    assert_calm(app)
    assert read_names(made) == {3: "how loud it is"}
    other = open_app(PAGE, run=studied, dim="3")
    assert "Dimension 3: how loud it is" in [h.value for h in other.header]
    dials = open_app("pages/explore/dimensions.py", run=studied)
    assert "how loud it is" in [
        line["what"].split(" · ")[0] for line in walk(dials)["lines"] if line["id"] == "3"
    ]
    other.button(key="meaning_reset_name").click().run()
    assert read_names(made) == {}
    assert "how loud" not in said(other)


@pytest.mark.parametrize("name", ["<img src=x onerror=alert(1)>", "*bold* $x$ [a](b)"])
def test_a_name_is_shown_as_it_is_written(studied, name):
    app = open_app(PAGE, run=studied, dim="0")
    app.text_input(key=f"name_{studied}_0").set_value(name).run()
    assert_calm(app)
    head = card(app)
    assert name not in head
    assert head.replace("\\", "").endswith(name)


def test_a_name_that_is_too_long_or_cannot_be_kept_is_a_sentence(studied, made, monkeypatch):
    app = open_app(PAGE, run=studied, dim="0")
    app.text_input(key=f"name_{studied}_0").set_value("x" * (LONGEST + 1)).run()
    assert not app.exception
    assert "Shorten it" in app.warning[0].value

    def full(*_):
        raise OSError(30, "Read-only file system")

    monkeypatch.setattr("vae.runs.store.write_bytes", full)
    app.text_input(key=f"name_{studied}_0").set_value("loud").run()
    assert "Read-only" in app.warning[0].value.replace("\\", "")
    assert read_names(made) == {}


def test_a_dimension_that_the_run_has_not_is_the_first(studied):
    app = open_app(PAGE, run=studied, dim="77")
    assert_calm(app)
    assert f"Dimension {resources.informative(studied).order[0]}" in card(app)


def test_next_and_previous_step_through_the_dimensions(studied):
    app = open_app(PAGE, run=studied)
    explorer = resources.explorer(studied)
    found = dimensions.read(studies.read(explorer.run, "dimensions"))
    order = sorted(range(len(found.kl.value)), key=lambda d: -found.kl.value[d])
    assert resources.informative(studied).order == tuple(order)  # as on every other page
    app.button(key="meaning_next").click().run()
    assert f"Dimension {order[1]}" in card(app)
    app.button(key="meaning_previous").click().run()
    assert f"Dimension {order[0]}" in card(app)


def test_before_the_study_is_made_a_dimension_can_be_turned_and_named(unmapped):
    app = open_app(PAGE, run=unmapped)
    assert_calm(app)
    assert "What does each dimension do?" in said(app)
    assert len(walk(app)["lines"]) == 1


def test_a_damaged_study_is_a_sentence_and_the_card_stays(studied, made):
    file = made.path / "studies" / "dimensions.json"
    whole = file.read_text()
    try:
        stored = json.loads(whole)
        del stored["result"]["kl"]
        file.write_text(json.dumps(stored))
        app = open_app(PAGE, run=studied)
        assert not app.exception
        assert "Measure it again" in app.error[0].value
        assert card(app)
    finally:
        file.write_text(whole)


def test_a_plain_language_model_has_no_dimension(language_model):
    app = open_app(PAGE, run=language_model)
    assert_calm(app)
    assert "plain language model" in said(app)


def test_a_rank_within_error_is_said_to_be_one(studied):
    found = dimensions.read(studies.read(resources.explorer(studied).run, "dimensions"))
    clear = replace(
        found, kl=replace(found.kl, low=(0.0, 2.0, 4.0, 6.0), high=(1.0, 3.0, 5.0, 7.0))
    )
    tied = replace(found, kl=replace(found.kl, low=(0.0, 2.0, 2.5, 2.9), high=(1.0, 3.0, 2.9, 7.0)))
    assert clear.ties(1) == 0
    assert tied.ties(0) == 0
    assert "2 other dimensions have KLs" in dimension_card.alike(tied.ties(1))
    assert tied.ties(3) == 2
    assert "another dimension has a KL" in dimension_card.alike(1)


def test_a_dimension_that_the_run_has_not_is_said(studied):
    app = open_app(PAGE, run=studied, dim="999")
    assert_calm(app)
    assert "This run has no dimension 999; dimension" in said(app)


# -- steering and arithmetic -----------------------------------------------------------------------


def test_a_label_s_direction_comes_with_its_evidence(studied):
    app = open_app(PAGE, run=studied, meaning="steer")
    assert_calm(app)
    metrics = {m.label.split(" (")[0]: m for m in app.metric}
    assert "A random direction" in metrics
    held_out = metrics["Held-out accuracy"]
    n = int(re.search(r"n = (\d+)", held_out.label)[1])
    assert re.fullmatch(r"\d+% to \d+%" if n < 20 else r"[\d.]+%", held_out.value)
    assert "How often does it flip, and does all else stay?" in said(app)
    line = walk(app)["lines"][0]
    assert len(line["points"]) == 33
    assert line["points"][16]["short"] == "strength +0.00"


def test_between_two_strengths_the_sentence_is_that_of_the_strength(studied):
    app = open_app(PAGE, run=studied, meaning="steer", strength="0.33")
    assert_calm(app)
    data_sent = walk(app)
    line = data_sent["lines"][0]
    strength = -2 + 4 * line["at"] / 32
    assert strength == pytest.approx(0.33, abs=0.001)
    low, high = (latent(line["way"][end]) for end in ("low", "high"))
    z = low + (0.33 + 2) / 4 * (high - low)
    (text,) = resources.explorer(studied).decode(torch.from_numpy(z)[None])
    assert "".join(text for text, _ in data_sent["now"]["pieces"]) == text
    assert "strength +0.33 · " in data_sent["now"]["readout"]
    assert line["way"]["readout"] == "strength {value:+.2f}"


def latent(packed):
    """Numbers as a browser takes them."""
    return np.frombuffer(base64.b64decode(packed), "<f4")


def test_arithmetic_adds_as_much_as_the_slider_says(studied):
    app = open_app(PAGE, run=studied, meaning="arithmetic")
    assert_calm(app)
    explorer = resources.explorer(studied)
    a, b, c = (app.text_input(key=f"{end}_meaning").value for end in "abc")
    line = walk(app)["lines"][0]
    first, second, third = explorer.encode([a, b, c]).mean
    assert line["at"] == 8
    said_at = ["".join(text for text, _ in point["pieces"]) for point in line["points"]]
    assert said_at[8] == explorer.decode((third + first - second)[None])[0]
    assert said_at[0] == explorer.decode(third[None])[0]
    assert [line["points"][i]["short"] for i in (0, 8, 16)] == [
        f"c + {share} (a − b)" for share in ("0.00", "1.00", "2.00")
    ]
    np.testing.assert_allclose(latent(line["way"]["low"]), third, atol=1e-6)
    far = third + 2 * (first - second)
    np.testing.assert_allclose(latent(line["way"]["high"]), far, atol=1e-6)


@pytest.mark.parametrize(("n", "shown"), [(2, "34% to 100%"), (20, "100.0%")])
def test_of_few_sentences_an_accuracy_is_shown_as_its_interval(n, shown):
    assert steering.accuracy(share_interval(n, n)) == shown


def test_a_decoder_that_does_not_listen_is_said_to(tmp_path, studied):
    assert "No step changes a word" not in said(open_app(PAGE, run=studied, meaning="steer"))
    run = fakes.store_run(tmp_path / "deaf", atlas=60)
    explorer = Explorer.load(run)
    weights = explorer.backend.model.state_dict()
    weights["to_state.weight"].zero_()
    weights["decoder.weight_ih_l0"][:, -explorer.latent_dim :] = 0
    run.write_tensors("weights.safetensors", weights)
    studies.make(Explorer.load(run), fakes.corpus(), "directions")
    remember(run.path)
    app = open_app(PAGE, run=run.name, meaning="steer")
    assert not app.exception
    assert "No step changes a word" in said(app)


def test_two_sets_make_a_direction(studied):
    explorer = resources.explorer(studied)
    sentences = explorer.atlas.sentences
    app = open_app(PAGE, run=studied, meaning="steer", made="sets")
    assert_calm(app)
    assert "Two sets of sentences make a direction" in said(app)
    app.text_area(key="meaning_set_a").set_value("\n".join(sentences[:5]))
    app.text_area(key="meaning_set_b").set_value("\n".join(sentences[5:10])).run()
    assert_calm(app)
    assert "10 sentences of both sets" in said(app)
    assert "How often does it cross over?" in said(app)
    assert walk(app)["lines"][0]["high"]["tag"] == "more set B"


def test_a_sentence_in_both_sets_is_named(studied):
    sentences = resources.explorer(studied).atlas.sentences
    app = open_app(PAGE, run=studied, meaning="steer", made="sets")
    app.text_area(key="meaning_set_a").set_value("\n".join(sentences[:3]))
    app.text_area(key="meaning_set_b").set_value("\n".join(sentences[2:5])).run()
    assert not app.exception
    assert "is in both sets" in app.error[0].value


def test_what_the_map_found_becomes_a_set(studied):
    app = open_app("pages/explore/map.py", run=studied)
    app.text_input(key="map_search").set_value("the").run()
    app.button(key="map_found_set_b").click().run()
    assert_calm(app)
    app.switch_page(PAGE).run()
    assert_calm(app)
    lines = app.text_area(key="meaning_set_b").value.splitlines()
    assert len(lines) > 1
    assert all("the" in line.lower() for line in lines)


def test_a_set_has_a_sentence_a_line_as_a_file_has(studied):
    app = open_app(PAGE, run=studied, meaning="steer", made="sets")
    text = "One bird\u2028sang.\n\nNobody\x85heard it.\nThe\x0cend."
    app.text_area(key="meaning_set_a").set_value(text).run()
    assert not app.exception
    wanted = ["One bird sang.", "Nobody heard it.", "The end."]
    assert app.text_area(key="meaning_set_a").value == "\n".join(wanted)
    assert "Set A has 3 sentences" in said(app)


def test_more_than_a_set_takes_is_said(studied):
    app = open_app(PAGE, run=studied, meaning="steer", made="sets")
    app.text_area(key="meaning_set_a").set_value("\n".join(f"row {i}" for i in range(600))).run()
    assert not app.exception
    assert "100 lines were left out" in said(app)


def test_a_dimension_is_chosen_in_the_box_or_by_the_buttons(studied):
    app = open_app(PAGE, run=studied)
    box = app.selectbox(key="dim_meaning")
    box.select(box.options[2]).run()
    chosen = app.query_params["dim"][0]
    assert box.options[2].startswith(f"dim {chosen}")
    app.button(key="meaning_next").click().run()
    assert app.query_params["dim"][0] != chosen
    assert card(app).startswith(f"Dimension {app.query_params['dim'][0]}")


def test_arithmetic_opens_with_three_sentences_that_have_an_answer(studied):
    app = open_app(PAGE, run=studied, meaning="arithmetic")
    assert_calm(app)
    assert "grammar expects" in said(app)
    before = app.text_input(key="b_meaning").value
    app.text_input(key="a_meaning").set_value("We went to the beach.").run()
    assert app.text_input(key="b_meaning").value == before
    assert not {"b", "c"} & set(app.query_params)


def test_an_example_of_arithmetic_fills_all_three_sentences(studied):
    app = open_app(PAGE, run=studied, meaning="arithmetic")
    app.button(key="meaning_use_example").click().run()
    assert_calm(app)
    assert {"a", "b", "c"} <= set(app.query_params)
    assert "grammar expects" in said(app)
    assert "How often is a − b + c exactly right?" in said(app).replace("\\", "")


def test_a_pasted_book_is_no_sentence_c(studied):
    app = open_app(PAGE, run=studied, meaning="arithmetic", c="We went to the beach.")
    app.text_input(key="c_meaning").set_value("word " * 5_000).run()
    assert not app.exception
    assert "too long for one sentence" in said(app)
    assert app.text_input(key="c_meaning").value == "We went to the beach."


# -- all told --------------------------------------------------------------------------------------


def told(app):
    """The table of all that the evaluation says; None where there is none."""
    return app.table[-1].value if app.table else None


@pytest.mark.parametrize("part", ["dimensions", "steer"])
def test_all_that_the_evaluation_says_of_its_quality_stands_at_the_foot(part):
    app = open_app(PAGE, run="factors", meaning=part)
    assert_calm(app)
    assert "How good is it, all told?" in [h.value for h in app.header]
    rows = told(app).set_index("figure")
    stored = figures_of(Explorer.load("factors").run)
    flips = stored["steering"]["mood"]["flips"]
    assert rows.loc["mood moved\\: it flips", "measured"] == f"**{flips:.1%}**"
    assert len(rows) == len(quality.rows(evaluation.fullest(Explorer.load("factors").run)))
    assert "python -m vae evaluate" in said(app)
    assert "2,000 test sentences" in said(app)


def test_a_run_that_was_not_evaluated_has_no_such_table(studied):
    app = open_app(PAGE, run=studied)
    assert_calm(app)
    assert told(app) is None
    assert "all told" not in " ".join(h.value for h in app.header)


def test_what_the_evaluation_could_not_measure_is_not_available(tmp_path):
    probes = {"*odd* $x$": {"accuracy": 0.5, "majority": 0.4, "classes": 2, "n_test": 40}}
    made = fakes.store_run(tmp_path / "unstudied", atlas=120)
    remember(made.path)
    made.write_json(
        "evaluation.json", fakes.earlier_evaluation(probes=probes, disentanglement=None)
    )
    app = open_app(PAGE, run="unstudied")
    assert_calm(app)
    rows = told(app)
    assert list(rows["measured"]) == ["**50.0%**", "**not available**"]
    assert "\\*odd\\* \\$x\\$" in rows["figure"][0]  # shown as it is written


def test_a_damaged_evaluation_is_a_sentence_and_the_rest_stands(studied, made):
    (made.path / "evaluation.json").write_text("{")
    try:
        app = open_app(PAGE, run=studied)
    finally:
        (made.path / "evaluation.json").unlink()
    assert not app.exception
    assert any("damaged" in e.value for e in app.error)
    assert "of 4 dimensions" in said(app)
