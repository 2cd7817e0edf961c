"""The study of neighbours and distances: what it finds, and what it takes from strangers."""

import copy
import json

import numpy as np
import pytest

from tests.fakes import corpus, store_run, tiny
from vae.corpora.corpus import Corpus
from vae.diagnostics.samples import Reason
from vae.errors import UserError
from vae.explorer import Explorer
from vae.latent import sentence_encoder
from vae.latent.spaces import bag_of_words
from vae.models.explorable import NotAvailableError
from vae.studies import semantics


def absent():
    raise NotAvailableError("Not installed. Install it.")


def words_again():
    return lambda sentences, progress: bag_of_words(sentences).toarray()


@pytest.fixture(scope="module")
def explorer(tmp_path_factory):
    return Explorer.load(store_run(tmp_path_factory.mktemp("semantics") / "run"))


@pytest.fixture(scope="module")
def found(explorer):
    return semantics.measure(explorer, corpus(), encoder=words_again)


def pair(result, a, b):
    return next(p for p in result["pairs"] if (p["a"], p["b"]) == (a, b))


def test_an_encoder_that_counts_words_agrees_with_the_bag_of_words(found):
    same = pair(found, "words", "encoder")
    assert same["overlap"]["value"] == pytest.approx(1.0)
    assert same["correlation"]["value"] == pytest.approx(1.0)
    other, again = pair(found, "model", "words"), pair(found, "model", "encoder")
    assert other["overlap"]["value"] == pytest.approx(again["overlap"]["value"])
    assert other["correlation"]["value"] < 0.9


def test_every_figure_says_what_it_rests_on(found):
    n = found["n_sentences"]
    assert n == len({s.lower() for s in corpus().select("test").sentences})
    assert found["chance"] == found["k"] / (n - 1)
    for p in found["pairs"]:
        for interval in (p["overlap"], p["correlation"]):
            assert interval["low"] <= interval["value"] <= interval["high"]
            assert interval["n"] == n


def test_the_same_seed_gives_the_same_study(explorer, found):
    assert semantics.measure(explorer, corpus(), encoder=words_again) == found


def test_without_an_encoder_its_figures_are_null_and_say_why(explorer):
    result = semantics.measure(explorer, corpus(), encoder=absent)
    assert result["encoder"] is None
    for p in result["pairs"]:
        if "encoder" in (p["a"], p["b"]):
            assert (p["overlap"], p["correlation"]) == (None, None)
            assert str(Reason.of_json(p["why"])) == "Not installed. Install it."
    semantics.read(json.loads(json.dumps(result)))


def test_the_real_encoder_is_asked_where_nothing_else_is_given(explorer):
    """Installed or not, the figures are there or a reason is."""
    result = semantics.measure(explorer, corpus())
    assert (result["encoder"] is None) == bool(sentence_encoder.missing())


def test_a_language_model_has_no_space_to_compare(tmp_path):
    run = store_run(tmp_path / "lm", tiny(latent_dim=0))
    with pytest.raises(NotAvailableError, match="no latent space"):
        semantics.measure(Explorer.load(run), corpus(), encoder=absent)


def test_too_few_different_sentences_are_refused(explorer):
    few = Corpus("few", corpus().sentences[:8] * 5)
    with pytest.raises(UserError, match="different held-out sentences"):
        semantics.measure(explorer, few, encoder=absent)


def test_what_was_measured_can_be_stored_and_read(found):
    semantics.read(json.loads(json.dumps(found)))


@pytest.mark.parametrize(
    "damage",
    [
        lambda r: r.pop("pairs"),
        lambda r: r["pairs"].pop(),
        lambda r: r["pairs"].reverse(),
        lambda r: r["pairs"][0].update(overlap=None),
        lambda r: r["pairs"][0]["overlap"].update(value=float("nan")),
        lambda r: r["pairs"][0]["overlap"].update(high="1"),
        lambda r: r["pairs"][0]["correlation"].update(low=-7),
        lambda r: r["pairs"][0].update(why="x" * 10_000),
        lambda r: r.update(chance=True),
        lambda r: r.update(n_sentences=-1),
        lambda r: r.update(encoder=5),
        lambda r: r.update(split=None),
    ],
)
def test_a_damaged_result_is_refused_in_words(found, damage):
    result = copy.deepcopy(json.loads(json.dumps(found)))
    damage(result)
    with pytest.raises(UserError, match="Measure it again"):
        semantics.read(result)


def test_a_copy_of_a_sentence_is_not_its_neighbour(explorer):
    doubled = Corpus("twice", corpus().sentences + tuple(s.upper() for s in corpus().sentences))
    once = semantics.measure(explorer, Corpus("once", corpus().sentences), encoder=absent)
    assert semantics.measure(explorer, doubled, encoder=absent)["pairs"] == once["pairs"]
    assert np.isfinite(once["chance"])
