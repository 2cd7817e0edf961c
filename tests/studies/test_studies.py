"""What is measured of a run once and kept with it."""

import json
import os

import numpy as np
import pytest

from tests import fakes
from vae import studies
from vae.corpora import factors
from vae.errors import UserError
from vae.explorer import Explorer
from vae.models.explorable import NotAvailableError
from vae.studies import catalogue
from vae.studies.sentences import corpus_of, drawn


def _count(explorer, corpus, seed, progress):
    progress(1, 1, "Counting")
    return {"n": len(corpus), "seed": seed, "latent_dim": explorer.latent_dim}


def _check(result):
    if not isinstance(result.get("n"), int):
        raise UserError("no n")


@pytest.fixture
def explorer(tmp_path, monkeypatch):
    """A run, and a study that counts."""
    module = type("Counting", (), {"measure": staticmethod(_count), "check": staticmethod(_check)})
    monkeypatch.setitem(
        catalogue.STUDIES, "counting", catalogue.Study("counting", "How many?", "All.", "counting")
    )
    monkeypatch.setattr(catalogue, "import_module", lambda name: module)
    return Explorer.load(fakes.store_run(tmp_path / "run", atlas=40))


def test_a_study_is_kept_with_the_run_and_read_again(explorer):
    assert studies.read(explorer.run, "counting") is None
    made = studies.make(explorer, fakes.corpus(), "counting", seed=3)
    assert made == {"n": 500, "seed": 3, "latent_dim": 4}
    assert studies.read(explorer.run, "counting") == made
    stored = explorer.run.read_json("studies/counting.json")
    assert stored["seed"] == 3
    assert stored["seconds"] >= 0


def test_a_study_of_other_weights_counts_as_not_made(explorer):
    studies.make(explorer, fakes.corpus(), "counting")
    explorer.run.write_tensors("weights.safetensors", fakes.tiny(seed=9).state_dict())
    assert studies.read(explorer.run, "counting") is None


def test_a_study_of_another_version_counts_as_not_made(explorer, monkeypatch):
    studies.make(explorer, fakes.corpus(), "counting")
    newer = catalogue.Study("counting", "How many?", "All.", "counting", version=2)
    monkeypatch.setitem(catalogue.STUDIES, "counting", newer)
    assert studies.read(explorer.run, "counting") is None


def test_what_a_run_has_not_is_kept_too_and_not_tried_again(explorer, monkeypatch):
    def refuse(*_):
        raise NotAvailableError("Of two labels at least, and there is one.")

    monkeypatch.setattr(catalogue.Study, "compute", lambda _: refuse)
    for ask in (
        lambda: studies.make(explorer, fakes.corpus(), "counting"),
        lambda: studies.read(explorer.run, "counting"),
    ):
        with pytest.raises(NotAvailableError, match="there is one"):
            ask()
    explorer.run.write_tensors("weights.safetensors", fakes.tiny(seed=9).state_dict())
    assert studies.read(explorer.run, "counting") is None


def test_a_damaged_study_says_how_to_make_it_again(explorer):
    studies.make(explorer, fakes.corpus(), "counting")
    path = explorer.run.path / "studies" / "counting.json"
    stored = json.loads(path.read_text())
    path.write_text(json.dumps({**stored, "result": 3}))
    with pytest.raises(UserError, match="python -m vae study"):
        studies.read(explorer.run, "counting")
    path.write_text(path.read_text()[:20])
    with pytest.raises(UserError, match="python -m vae study"):
        studies.read(explorer.run, "counting")


def test_a_run_that_cannot_be_written_to_is_a_sentence(explorer):
    # Root may write where nobody may: a file stands where the folder would be.
    (explorer.run.path / "studies").write_text("")
    with pytest.raises(UserError, match="cannot be kept"):
        studies.make(explorer, fakes.corpus(), "counting")


def test_an_unknown_study_lists_those_there_are():
    with pytest.raises(UserError, match="diagnosis, probes"):
        studies.study("astrology")


def test_the_corpus_of_a_run_is_made_again(explorer):
    assert corpus_of(explorer).sentences == factors.generate(40).sentences


def test_where_the_corpus_is_gone_the_sentences_of_the_map_stand_in(explorer):
    stored = explorer.run.read_json("config.json")
    text = "\n".join(factors.generate(60).sentences)
    (explorer.run.path / "gone.txt").write_text(text)
    source = {"kind": "file", "path": "gone.txt", "text_column": None, "label_columns": []}
    stored["corpus"]["source"] = source
    atlas = explorer.atlas  # of the factors, loaded before its source is changed
    explorer.run.write_json("config.json", stored)
    os.unlink(explorer.run.path / "gone.txt")
    corpus = corpus_of(explorer)
    assert corpus.sentences == atlas.sentences
    assert "split" not in corpus.labels
    assert corpus.assigned == atlas.labels["split"]


def test_sentences_of_a_split_are_drawn_alike_for_one_seed():
    corpus = fakes.corpus()
    first, again, other = (drawn(corpus, "train", 50, seed) for seed in (0, 0, 1))
    assert first.sentences == again.sentences != other.sentences
    assert len(first) == 50
    rows = corpus.indices("train")
    assert set(first.sentences) <= {corpus.sentences[i] for i in rows}
    assert len(drawn(corpus, "test", 10_000, 0)) == len(corpus.indices("test"))


def test_a_split_without_a_sentence_is_said():
    train = fakes.corpus().subset(np.arange(5))
    alone = type(train)("alone", train.sentences, assigned=("train",) * 5)
    with pytest.raises(UserError, match="no test sentence"):
        drawn(alone, "test", 10, 0)
