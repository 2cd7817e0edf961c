"""Each study has its section: what it found where it was made, what is missing where it was not."""

import json
import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from tests import fakes
from tests.report.support import HOSTILE, Markup, plots
from vae import report, studies
from vae.corpora import factors
from vae.diagnostics.disentanglement import WHAT
from vae.explorer import Explorer
from vae.figures.disentanglement import METRICS
from vae.latent.names import give_name
from vae.runs.store import RunDirectory
from vae.studies import diagnosis

NAMES = tuple(studies.STUDIES)


@pytest.fixture(scope="module")
def run(tmp_path_factory) -> RunDirectory:
    """A run with every study; some on two of the labels, which is faster."""
    run = fakes.store_run(tmp_path_factory.mktemp("studied") / "studied", atlas=60)
    explorer, corpus = Explorer.load(run), factors.generate(700)
    two = {name: corpus.labels[name] for name in ("tense", "mood")}
    few = replace(corpus, labels=two, source={"kind": "file"})
    for name in NAMES:
        studies.make(explorer, corpus if name in ("diagnosis", "directions") else few, name)
    return run


@pytest.fixture(scope="module")
def text(run) -> str:
    return report.make(Explorer.load(run))


@pytest.fixture
def other(run, tmp_path) -> RunDirectory:
    """A copy, to be changed."""
    return RunDirectory(Path(shutil.copytree(run.path, tmp_path / "studied")))


def found(run: RunDirectory, name: str) -> dict:
    result = studies.read(run, name)
    assert result is not None
    return result


def test_what_was_measured_is_shown_and_nothing_is_said_to_be_missing(text):
    page = Markup(text)
    assert "Not measured yet" not in page.said
    assert "This cannot be shown" not in page.said
    assert len(page.ids) == len(set(page.ids))


def test_the_verdict_is_that_of_the_diagnosis(run, text):
    assert diagnosis.read(found(run, "diagnosis")).diagnosis.sentence in Markup(text).said


def test_the_likelihood_curve_has_every_k_with_its_interval(run, text):
    curve = plots(text)["likelihood"]["data"][0]
    measured = found(run, "diagnosis")["likelihood"]
    assert curve["x"] == measured["draws"]
    bound = np.array([[i["low"], i["value"], i["high"]] for i in measured["nll"]])
    assert curve["y"] == pytest.approx(bound[:, 1], rel=1e-5)
    reach = (curve["error_y"]["arrayminus"], curve["error_y"]["array"])
    ends = np.array(reach).T
    assert ends == pytest.approx(np.diff(bound), rel=1e-4)


def test_gains_are_those_of_each_place(run, text):
    places = plots(text)["gains-by-position"]["data"][0]
    measured = found(run, "diagnosis")["listening"]["positions"]
    values = [p["over_another"]["value"] for p in measured]
    assert places["y"] == pytest.approx(values, rel=1e-4, abs=1e-6)
    assert set(plots(text)["gains-by-factor"]["data"][0]["y"]) <= set(factors.FACTOR_NAMES)


def test_what_probes_read_of_a_steered_sentence_comes_with_how_often_they_are_right(other):
    changed = found(other, "directions") | {
        "read_by": "probes",
        "probes": [{"label": "tense", "accuracy": 0.71}, {"label": "mood", "accuracy": 0.98}],
    }
    stored = json.loads((other.path / "studies/directions.json").read_text())
    (other.path / "studies/directions.json").write_text(json.dumps(stored | {"result": changed}))
    said = Markup(report.make(Explorer.load(other))).said
    assert "Read by probes (right in 71.0% to 98.0%, held out)" in said


def test_probes_stand_beside_their_controls(run, text):
    without, *series = plots(text)["probes"]["data"]
    labels = found(run, "probes")["labels"]
    names = [name.removesuffix(" (R²)") for name in without["y"]]
    assert set(names) == set(labels)
    assert without["x"] == pytest.approx([labels[n]["majority"] for n in names], rel=1e-5)
    for trace, key in zip(series, ("linear", "neighbours", "shuffled", "drawn"), strict=True):
        assert trace["x"] == pytest.approx([labels[n][key]["value"] for n in names], rel=1e-5)


def test_every_metric_of_disentanglement_is_shown_with_what_it_is(run, text):
    noise, chart = plots(text)["disentanglement-metrics"]["data"]
    assert noise["name"] == "on noise"
    measured = found(run, "disentanglement")["noise"]
    assert noise["x"] == pytest.approx(list(measured.values()), rel=1e-4)
    metrics = found(run, "disentanglement")["metrics"]
    assert chart["x"] == pytest.approx([metrics[n]["value"] for n in METRICS if n in metrics])
    said = Markup(text).said
    assert "DCI disentanglement, held out" in said
    assert all(str(WHAT[name]) in said for name in metrics)


def test_a_cell_no_better_than_chance_is_dark_and_says_so(run, text):
    (heat,) = plots(text)["information-by-label"]["data"]
    told = {t["label"]: t for t in found(run, "dimensions")["told"]}
    for row, cells, said in zip(heat["y"], heat["z"], heat["customdata"], strict=True):
        d = int(row.split(" · ")[0])
        for label, cell, words in zip(heat["x"], cells, said, strict=True):
            value, chance = told[label]["value"][d], told[label]["chance"][d]
            assert cell == pytest.approx(value if value > chance else 0.0, rel=1e-5)
            assert ("no more than shuffled labels" in words) == (value <= chance)


def test_dimensions_come_by_falling_kl_and_the_control_is_the_last_row(run, text):
    (heat,) = plots(text)["changes-by-dimension"]["data"]
    kl = np.array(found(run, "dimensions")["kl"]["value"])
    rows = [int(row.split(" · ")[0]) for row in heat["y"][:-1]]
    assert rows == list(np.argsort(-kl, kind="stable"))
    assert heat["y"][-1] == "random"


def test_a_name_that_a_person_gave_a_dimension_is_shown_as_text(other):
    give_name(other, 1, "<b>mine</b>", 4)
    text = report.make(Explorer.load(other))
    assert "<b>mine</b>" in Markup(text).said
    (heat,) = plots(text)["information-by-label"]["data"]
    assert "1 · &lt;b&gt;mine&lt;/b&gt;" in heat["y"]


def test_flips_are_shown_at_one_step_with_random_steps_as_the_control(run, text):
    series = plots(text)["steering"]["data"]
    labels = {each["label"]: each for each in found(run, "directions")["labels"]}
    assert [s["name"] for s in series][::3] == ["flips", "flips, random direction"]
    for name, value in zip(series[0]["y"], series[0]["x"], strict=True):
        curves = {s["how"]: s["curve"] for s in labels[name]["steering"]}
        at = curves["difference"]["strengths"].index(1.0)
        flips = curves["difference"]["flips"]
        assert value == pytest.approx(flips["hits"][at] / flips["n"], rel=1e-5, abs=1e-9)


def test_analogies_say_how_often_they_are_right_to_the_letter(run, text):
    measured = found(run, "directions")["analogies"]
    assert f"n = {measured['n']:,}" in Markup(text).said
    assert f"{100 * measured['exact_match']['value']:.1f}%" in Markup(text).said


def test_neighbours_are_shown_beside_chance(run, text):
    plot = plots(text)["neighbour-overlap"]
    measured = found(run, "semantics")
    assert plot["layout"]["shapes"][0]["x0"] == pytest.approx(measured["chance"], rel=1e-5)
    known = [p["overlap"]["value"] for p in measured["pairs"] if p["overlap"]]
    assert plot["data"][0]["x"] == pytest.approx(known, rel=1e-5)


@pytest.mark.parametrize("name", NAMES)
def test_a_damaged_study_is_a_sentence_and_the_others_stand(other, name):
    file = other.path / studies.study(name).file
    stored = json.loads(file.read_text())
    file.write_text(json.dumps({**stored, "result": {"n": "many"}}))
    text = report.make(Explorer.load(other))
    said = Markup(text).said
    assert said.count("This cannot be shown.") == 1
    assert f"python -m vae study RUN {name}" in said
    assert str(other.path) not in text
    shown = {"directions": "rates", "diagnosis": "steering"}
    assert shown.get(name, "steering") in plots(text)


def test_a_study_of_other_weights_counts_as_not_made(other):
    file = other.path / studies.study("probes").file
    file.write_text(json.dumps({**json.loads(file.read_text()), "of": "others"}))
    said = Markup(report.make(Explorer.load(other))).said
    assert "python -m vae study studied probes" in said


def test_hostile_names_of_labels_stay_text(other):
    for name in ("probes", "directions", "dimensions", "disentanglement"):
        file = other.path / studies.study(name).file
        hostile = json.dumps(HOSTILE.replace("\ud800", ""))
        file.write_text(file.read_text().replace('"tense"', hostile))
    text = report.make(Explorer.load(other))
    page = Markup(text)
    assert "This cannot be shown" not in page.said
    assert text.count("<script") == 1 + text.count("<script>")
    assert not page.of("img")
    names = [name for trace in plots(text)["probes"]["data"] for name in trace["y"]]
    assert any("onerror=a()" in name for name in names)
    assert not any("<img" in name for name in names)
