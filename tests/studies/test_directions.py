"""The study of the directions: what it measures, and what it refuses to show."""

import json
from dataclasses import replace

import numpy as np
import pytest

from tests import fakes
from tests.latent.onehot import OneHot
from vae.corpora import factors
from vae.corpora.label_ranges import HIGHEST, LOWEST, MIDDLE
from vae.diagnostics.bootstrap import Interval
from vae.errors import UserError
from vae.explorer import Explorer
from vae.studies import directions
from vae.studies.directions import FEWEST, OTHERS, grouped, measure
from vae.studies.directions_read import RANDOM, read

COLUMNS = ("tense", "mood", "subject")


def corpus(**columns):
    """700 sentences of the language with a few of their labels, as if from a file."""
    whole = factors.generate(700)
    labels = {name: whole.labels[name] for name in COLUMNS} | columns
    return replace(whole, labels=labels, source={"kind": "file"})


@pytest.fixture(scope="module")
def found():
    """What is measured where the grammar is not known, on a model that has a place for all."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(directions, "STEERED", 25)
        return json.loads(json.dumps(measure(OneHot(), corpus())))


def test_a_property_with_its_own_numbers_is_steered_and_told_apart(found):
    study = read(found)
    assert (study.read_by, study.analogies, study.left_out) == ("probes", None, ())
    assert [each.label for each in study.labels] == list(COLUMNS)
    tense = study.of("tense")
    assert set(tense.values) == {"past", "present", "future"}
    at = tense.curve().strengths.index(1.0)
    assert tense.curve().flips.share(at).value == 1.0
    assert tense.curve(RANDOM).flips.share(at).value < 0.2
    told = tense.how_told("past", "future")
    assert told == tense.how_told("future", "past")
    assert told.accuracy.value == 1.0
    assert 0.5 < told.control < 0.9
    assert tense.how_told("past", "the rest", "classifier").accuracy.value > 0.95
    assert tense.how_told("past", "never") is None


def test_a_stored_direction_is_that_of_the_means(found):
    tense = read(found).of("tense")
    step = tense.direction("future", "past").step
    means = dict(zip(tense.values, tense.means, strict=True))
    assert step == pytest.approx(np.array(means["future"]) - means["past"])
    assert tense.direction("future", "past", "classifier").place([means["future"]]) == (
        pytest.approx([1.0])
    )


def test_probes_say_how_often_they_read_right(found):
    accuracy = {each.label: each.accuracy for each in read(found).probes}
    assert accuracy.keys() == set(COLUMNS)
    assert min(accuracy.values()) > 0.95


def test_what_cannot_be_shown_is_refused(found):
    directions.read(found)
    for damage in (
        lambda r: r.pop("labels"),
        lambda r: r["labels"][0]["means"].pop(),
        lambda r: r["labels"][0]["means"][0].pop(),
        lambda r: r["labels"][0]["normals"][0].__setitem__(0, float("nan")),
        lambda r: r["labels"][0]["counts"].__setitem__(0, 0.0),
        lambda r: r["labels"][0]["values"].__setitem__(0, 3),
        lambda r: r["labels"][0]["targets"].append("perfect"),
        lambda r: r["labels"][0]["steering"][0]["curve"]["flips"]["hits"].pop(),
        lambda r: r["labels"][0]["steering"][0]["curve"]["flips"].__setitem__("n", 1),
        lambda r: r["labels"][0]["steering"][0].__setitem__("how", "magic"),
        lambda r: r.__setitem__("labels", r["labels"] * 20),
    ):
        damaged = json.loads(json.dumps(found))
        damage(damaged)
        with pytest.raises(UserError):
            directions.read(damaged)


def test_rare_values_are_one_and_where_these_are_few_none():
    labels = {
        "kind": ("often",) * 300 + ("seldom",) * 80 + ("once", "twice") * 60,
        "few": ("often",) * 497 + ("rare", "rarer", ""),
        "each": tuple(map(str, range(500))),
    }
    made = grouped(replace(fakes.corpus(), labels=labels)).labels
    assert set(made["kind"]) == {"often", "seldom", "once", "twice"}
    assert set(made["few"]) == {"often", ""}
    assert set(made["each"]) == {OTHERS}
    many = tuple(f"v{i % 25}" for i in range(500))
    assert set(grouped(replace(fakes.corpus(), labels={"many": many})).labels["many"]) == {
        f"v{i}" for i in range(25)
    }
    assert FEWEST == 20


def test_a_label_without_two_values_is_left_out_and_why_is_said(monkeypatch):
    monkeypatch.setattr(directions, "STEERED", 5)
    whole = corpus(number=tuple(f"no. {i}" for i in range(700)))
    whole = replace(whole, labels={name: whole.labels[name] for name in ("mood", "number")})
    study = read(json.loads(json.dumps(measure(OneHot(), whole))))
    assert [each.label for each in study.labels] == ["mood"]
    assert study.left_out[0].label == "number"
    assert "Fewer than two values" in str(study.left_out[0].why).capitalize()


def test_a_direction_of_a_number_or_a_date_leads_from_its_lowest_to_its_highest_third():
    """Numbers that rise with the tense of the sentence are told apart as the tense is."""
    order = {"past": 0, "present": 1, "future": 2}
    at = [order[tense] for tense in corpus().labels["tense"]]
    whole = corpus(
        number=tuple("" if i % 50 == 0 else str(100 * t + i % 90) for i, t in enumerate(at)),
        day=tuple(f"{2001 + 9 * t}-03-{i % 28 + 1:02}" for i, t in enumerate(at)),
    )
    whole = replace(whole, labels={name: whole.labels[name] for name in ("number", "day")})
    study = read(measure(OneHot(silent=True), whole))
    for label in ("number", "day"):
        each = study.of(label)
        assert set(each.values) == {LOWEST, MIDDLE, HIGHEST}
        told = each.how_told(HIGHEST, LOWEST)
        assert told.accuracy.value > 0.9 > told.control + 0.1
    assert min(study.of("number").counts) > 100


def test_sentences_without_a_value_do_not_count_as_other_values():
    """Where half of the label is hidden, what is told of the rest is told as well as before."""
    tense = corpus().labels["tense"]
    hidden = tuple("" if i % 2 else value for i, value in enumerate(tense))
    whole = replace(corpus(), labels={"tense": hidden})
    (found,) = measure(OneHot(silent=True), whole)["labels"]
    told = read_told(found)
    assert {source for source, _ in told} == {"the rest", "past", "future"}
    asked = sum(bool(hidden[i]) for i in whole.indices("test"))
    for accuracy in told.values():
        assert accuracy.value > 0.95
        assert accuracy.n <= asked


def test_a_value_that_is_not_held_out_takes_no_other_with_it():
    whole = corpus()
    held_out = {*whole.indices("test").tolist()}
    tense = tuple(
        "past" if i in held_out and value == "future" else value
        for i, value in enumerate(whole.labels["tense"])
    )
    (found,) = measure(OneHot(silent=True), replace(whole, labels={"tense": tense}))["labels"]
    assert set(read_told(found)) == {
        ("the rest", "past"),
        ("the rest", "present"),
        ("past", "present"),
    }


def read_told(found):
    """(source, target) to the accuracy of the difference."""
    return {
        (each["source"], each["target"]): Interval(**each["told"]["accuracy"])
        for each in found["told"]
        if each["how"] == "difference"
    }


def test_a_model_that_cannot_write_has_directions_and_no_steering():
    whole = corpus()
    whole = replace(whole, labels={"mood": whole.labels["mood"]})
    (mood,) = read(json.loads(json.dumps(measure(OneHot(silent=True), whole)))).labels
    assert mood.steering is None
    assert mood.curve() is None
    assert mood.told[0].told.accuracy.value == 1.0


def test_a_run_of_the_language_is_read_by_its_grammar_and_asked_for_analogies(
    tmp_path, monkeypatch
):
    monkeypatch.setattr(directions, "STEERED", 8)
    monkeypatch.setattr(directions.analogies, "MOST", 11)
    explorer = Explorer.load(fakes.store_run(tmp_path / "run"))
    seen = []
    made = [measure(explorer, fakes.corpus(), 0, lambda *p: seen.append(p)) for _ in range(2)]
    assert made[0] == made[1]
    study = read(json.loads(json.dumps(made[0])))
    assert study.read_by == "grammar"
    assert study.analogies.n == 11
    assert study.of("polarity").curve().flips.n == 8
    assert len({str(what) for _, _, what in seen}) > 10


def test_a_plain_language_model_has_nowhere_to_steer(tmp_path):
    model = fakes.tiny(latent_dim=0)
    explorer = Explorer.load(fakes.store_run(tmp_path / "run", model))
    with pytest.raises(UserError, match="plain language model"):
        measure(explorer, fakes.corpus())
