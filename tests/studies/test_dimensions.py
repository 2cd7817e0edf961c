"""The study of the dimensions: of one run, without its text, and checked when it is read."""

import copy
import json

import pytest

from tests import fakes
from vae.corpora.corpus import sentence_key
from vae.errors import UserError
from vae.explorer import Explorer
from vae.studies import dimensions, make, read


@pytest.fixture(scope="module")
def explorer(tmp_path_factory):
    return Explorer.load(fakes.store_run(tmp_path_factory.mktemp("runs") / "studied", atlas=60))


@pytest.fixture(scope="module")
def result(explorer):
    return json.loads(json.dumps(dimensions.measure(explorer, fakes.corpus())))


def test_everything_is_there_for_every_dimension(result):
    study = dimensions.read(result)
    assert len(study.proposed) == 4
    assert study.n == len(fakes.corpus().indices("test"))
    assert study.moved.read_by == "grammar"
    assert {told.label for told in study.told} == {*fakes.corpus().labels, "length"}
    kl = study.kl
    assert all(a <= v <= b for a, v, b in zip(kl.low, kl.value, kl.high, strict=True))


def test_no_text_of_the_corpus_travels(explorer, result):
    said = json.dumps(result)
    assert not any(s in said for s in [*fakes.corpus().sentences, *explorer.atlas.sentences])


def test_the_ends_are_the_sentences_furthest_out(explorer, result):
    atlas = explorer.atlas
    for d, place in enumerate(dimensions.read(result).ends):
        order = atlas.mean[:, d].argsort(kind="stable")
        assert int(place.low[0], 16) == sentence_key(atlas.sentences[order[0]])
        assert int(place.high[0], 16) == sentence_key(atlas.sentences[order[-1]])
        assert not set(place.low) & set(place.high)


def test_same_seed_same_study(explorer, result):
    again = json.loads(json.dumps(dimensions.measure(explorer, fakes.corpus())))
    assert again == result


def test_it_is_kept_with_the_run(explorer):
    made = make(explorer, fakes.corpus(), "dimensions")
    assert read(explorer.run, "dimensions") == json.loads(json.dumps(made))


def test_a_run_without_a_map_has_no_sentences_at_the_ends(tmp_path):
    unmapped = Explorer.load(fakes.store_run(tmp_path / "unmapped"))
    study = dimensions.read(dimensions.measure(unmapped, fakes.corpus()))
    assert study.ends == ()


def test_a_plain_language_model_has_no_dimensions(tmp_path):
    plain = Explorer.load(fakes.store_run(tmp_path / "plain", fakes.tiny(latent_dim=0)))
    with pytest.raises(UserError, match="plain language model"):
        dimensions.measure(plain, fakes.corpus())


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (("proposed",), []),
        (("proposed",), [5, None, None, None]),
        (("n",), "many"),
        (("kl", "value"), [1, 2]),
        (("kl", "low"), [0.0, 0.0, 0.0, float("nan")]),
        (("kl", "high"), [0.0, 0.0, 0.0, None]),
        (("told",), {}),
        (("told", 0, "value"), [True] * 4),
        (("told", 0, "chance"), [0.0]),
        (("ends",), [{"low": ["a sentence"], "middle": [], "high": []}] * 4),
        (("ends",), [{"low": [], "middle": [], "high": []}] * 3),
        (("moved", "labels", 0), {}),
        (("moved", "read_by"), "guesses"),
        (("moved", "readable"), [1]),
        (("moved", "start"), 10**400),
    ],
)
def test_a_study_that_cannot_be_shown_is_refused(result, path, value):
    broken = copy.deepcopy(result)
    *above, last = path
    inner = broken
    for name in above:
        inner = inner[name]
    inner[last] = value
    with pytest.raises(UserError, match="Measure it again"):
        dimensions.read(broken)
