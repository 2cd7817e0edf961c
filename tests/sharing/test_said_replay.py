"""A replay without its text: every place has what the model says, and no file has a sentence."""

import json

import numpy as np
import pytest
import torch

from tests import fakes
from vae.corpora import factors
from vae.corpora.corpus import sentence_key
from vae.errors import UserError
from vae.explorer import Explorer
from vae.latent import said_replay
from vae.latent.timeline import read_timeline
from vae.runs.history import history
from vae.runs.store import RunDirectory
from vae.sharing import arrays
from vae.sharing.archive import is_known
from vae.sharing.publishing import leaks, publish

N = 60
OWN = "We will not love the beach."
LEFT_OUT = "(left out)"


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    return snapshots_of(tmp_path_factory.mktemp("runs") / "private")


def snapshots_of(path):
    """A run with two snapshots, and a model that says words of its own alone."""
    run = fakes.store_run(path)
    corpus = factors.generate(N, seed=8)
    said = Explorer.load(run).decode(Explorer.load(run).encode(corpus.sentences).mean)
    facts = run.read_json("config.json")
    facts["corpus"] |= {"digest": corpus.digest, "examples": list(corpus.sentences[:3])}
    run.write_json("config.json", facts)
    run.write_json("evaluation.json", {"n_sentences": 3})
    watched = list(corpus.sentences[5:25])
    run.write_json("snapshots/sentences.json", {"sentences": watched, "labels": {}})
    latent = Explorer.load(run).latent_dim
    draws = np.random.default_rng(0)
    for step in (0, 10):
        mean = draws.normal(size=(len(watched), latent)).astype(np.float16)
        run.write_arrays(f"snapshots/{step:08d}.npz", {"mean": mean})
        run.append_metric(
            {
                "event": "snapshot",
                "step": step,
                "reconstructions": [said[0], corpus.sentences[1], OWN],
                "samples": [corpus.sentences[9], OWN],
                "interpolation": [OWN, corpus.sentences[2]],
            }
        )
    return run


@pytest.fixture
def corpus():
    return factors.generate(N, seed=8)


@pytest.fixture
def published(run, corpus, tmp_path, monkeypatch):
    monkeypatch.setenv("LATENT_LENS_CACHE", str(tmp_path / "cache"))
    return publish(run, tmp_path / "replayed", corpus)


def test_no_sentence_of_the_text_is_left(run, published, corpus):
    assert "snapshots/sentences.json" in leaks(run, corpus)
    assert not leaks(published, corpus)
    bytes_of = [p.read_bytes() for p in published.path.rglob("*") if p.is_file()]
    assert not any(s.encode() in found for s in corpus.sentences for found in bytes_of)


def test_the_points_are_those_of_the_run_with_labels_and_the_words_of_the_model(
    run, published, corpus
):
    explorer = Explorer.load(published)
    said = said_replay.read(published, explorer.decode)
    before, after = read_timeline(run), said.timeline(read_timeline(published))
    assert before.steps == after.steps
    assert np.array_equal(before.frames, after.frames)
    mean = explorer.encode(corpus.sentences[5:25]).mean.half().float()
    assert list(after.sentences) == explorer.decode(mean)
    assert {k: list(v) for k, v in after.labels.items()} == {
        name: list(values[5:25]) for name, values in corpus.labels.items()
    }
    assert list(said.examples) == explorer.decode(
        explorer.encode(corpus.sentences[:3]).mean.half().float()
    )


def test_what_a_snapshot_said_stands_in_its_place_or_is_said_to_be_left_out(published):
    said = said_replay.read(published, Explorer.load(published).decode)
    bare = history(list(published.read_metrics()))
    for event in said.history(bare, LEFT_OUT).snapshots:
        # The tiny model says no sentence of the text.
        assert event["reconstructions"][1:] == [LEFT_OUT, OWN]
        assert event["samples"] == [LEFT_OUT, OWN]
        assert event["interpolation"] == [OWN, LEFT_OUT]


def test_a_sentence_that_the_model_says_word_for_word_comes_back(corpus, tmp_path):
    """With a model that keeps a sentence's number, and says that sentence."""

    class Exact:
        def encode(self, sentences):
            rows = [corpus.sentences.index(s) for s in sentences]
            return fakes.Posterior(torch.tensor(rows)[:, None].float(), torch.zeros(len(rows), 1))

        def decode(self, z):
            return [corpus.sentences[int(i)] for i in z[:, 0]]

    run, made = RunDirectory(tmp_path / "run"), RunDirectory(tmp_path / "made")
    run.write_json("config.json", {"corpus": {"examples": list(corpus.sentences[:2])}})
    run.write_json("snapshots/sentences.json", {"sentences": list(corpus.sentences[2:6])})
    run.write_arrays("snapshots/00000007.npz", {"mean": np.ones((4, 3), dtype=np.float16)})
    event = {
        "event": "snapshot",
        "step": 7,
        "reconstructions": [corpus.sentences[1], OWN],
        "samples": [corpus.sentences[30]],
    }
    run.append_metric(event)
    keys = set(corpus.keys.tolist())

    def is_text(said):
        return sentence_key(said) in keys

    said_replay.write(run, made, Exact(), corpus, is_text)
    emptied = said_replay.without(event, is_text)
    assert (emptied["reconstructions"], emptied["samples"]) == (["", OWN], [""])
    said = said_replay.read(made, Exact().decode)
    (found,) = said.history(history([emptied]), LEFT_OUT).snapshots
    assert found == event
    assert said.examples == corpus.sentences[:2]
    assert said.timeline(read_timeline(made)).sentences == corpus.sentences[2:6]


def test_a_run_with_its_sentences_says_nothing_in_their_place(run):
    assert said_replay.read(run, Explorer.load(run).decode) is None


def test_it_travels_and_what_is_none_is_refused(published):
    assert is_known(said_replay.FILE)
    latent = Explorer.load(published).latent_dim
    arrays.check(published, latent)
    stored = published.read_arrays(said_replay.FILE)
    for name, wrong in {
        "watched": stored["watched"] + 10_000,
        "places": stored["places"][:, :0],
        "mean": np.full_like(stored["mean"], np.nan),
    }.items():
        published.write_arrays(said_replay.FILE, {**stored, name: wrong})
        with pytest.raises(UserError, match=r"said\.npz"):
            arrays.check(published, latent)
        with pytest.raises(UserError, match=r"said\.npz is damaged"):
            said_replay.read(published, Explorer.load(published).decode)


def test_a_run_of_before_that_has_no_snapshots_is_published_without(run, corpus, tmp_path):
    bare = fakes.store_run(tmp_path / "bare")
    made = RunDirectory(tmp_path / "made")
    said_replay.write(bare, made, Explorer.load(bare), corpus, lambda _text: False)
    assert not made.has(said_replay.FILE)
    assert json.dumps(said_replay.without({"event": "step", "rate": 1}, bool))
