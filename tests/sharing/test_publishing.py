"""A run without its text: nothing of that stands in any file, and its map is the model's words."""

import json
import shutil

import numpy as np
import pytest
import torch

from tests import fakes
from vae import corpora
from vae.cli import main
from vae.config import RunConfig
from vae.corpora import factors, given
from vae.corpora.corpus import sentence_key
from vae.errors import UserError
from vae.explorer import Explorer
from vae.latent.atlas import make_atlas
from vae.latent.atlas_source import load_atlas, store_sentences
from vae.progress import heard_by
from vae.runs.store import RunDirectory
from vae.sharing import publishing, verify
from vae.sharing.publishing import leaks, publish
from vae.studies import fingerprint, made, study
from vae.studies.sentences import corpus_of

N = 60
OWN = "We will not love the beach."


@pytest.fixture(scope="module")
def text(tmp_path_factory):
    path = tmp_path_factory.mktemp("text") / "secret.txt"
    path.write_text("\n".join(factors.generate(N, seed=8).sentences), encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def run(text, tmp_path_factory):
    """A run of a file, with a sentence of it wherever a run may have one."""
    corpus = corpora.load(text)
    run = fakes.store_run(tmp_path_factory.mktemp("runs") / "private")
    facts = run.read_json("config.json")
    facts["corpus"] = {
        "name": corpus.name,
        "digest": corpus.digest,
        "n_sentences": len(corpus),
        "splits": corpus.sizes,
        "labels": [],
        "source": dict(corpus.source),
        "examples": list(corpus.sentences[:3]),
    }
    facts["command"] = f"python -m vae train {text}"
    run.write_json("config.json", facts)
    make_atlas(run, Explorer.load(run), corpus, seed=0)
    store_sentences(run, corpus, seed=0)
    first, second = corpus.sentences[:2]
    run.write_json("evaluation.json", {"n_sentences": 3, "examples": [{"said": first, "x": 1}]})
    run.write_json("snapshots/sentences.json", {"sentences": [first], "labels": {}})
    run.write_json("studies/directions.json", {"version": 1, "result": {"pairs": [first, OWN]}})
    run.append_metric(
        {"event": "snapshot", "step": 1, "samples": [second, OWN], "reconstructions": [first]}
    )
    run.append_metric({"event": "step", "step": 2, "rate": 1.5})
    run.write_text("train.log", f"{first}\n")
    return run


@pytest.fixture(scope="module")
def published(run, text, tmp_path_factory):
    corpus = corpora.labels_by_rule.labelled(corpora.load(text), "english")
    card = {"origin": "Ours", "licence": "CC0"}
    path = tmp_path_factory.mktemp("runs") / "public"
    return publish(run, path, corpus, examples=[OWN], card=card)


@pytest.fixture(autouse=True)
def cache(tmp_path, monkeypatch):
    monkeypatch.setenv("LATENT_LENS_CACHE", str(tmp_path / "cache"))
    return tmp_path / "cache"


def test_no_sentence_of_the_text_stands_in_any_file(run, published, text):
    sentences = [s.encode() for s in text.read_text(encoding="utf-8").splitlines()]

    def holders(directory):
        files = [p for p in directory.path.rglob("*") if p.is_file()]
        return {p.name for p in files if any(s in p.read_bytes() for s in sentences)}

    assert len(holders(run)) == 7  # the run itself holds it nearly everywhere
    assert not holders(published)
    corpus = corpora.load(text)
    assert len(leaks(run, corpus)) == 7
    assert not leaks(published, corpus)


def test_where_a_sentence_would_be_left_nothing_is_published(run, text, tmp_path, monkeypatch):
    monkeypatch.setattr(publishing, "_without", lambda value, text: value)
    with pytest.raises(UserError, match=r"is left in .*json"):
        publish(run, tmp_path / "open", corpora.load(text))
    assert not list(tmp_path.iterdir())


def test_a_published_run_keeps_everything_else(run, published):
    assert published.read_json("studies/directions.json")["result"] == {"pairs": [OWN]}
    assert published.read_json("evaluation.json")["n_sentences"] == 3
    snapshot, step = published.read_metrics()
    assert (snapshot["samples"], snapshot["reconstructions"]) == (["", OWN], [""])
    assert step["rate"] == 1.5
    facts = published.read_json("config.json")
    assert facts["name"] == "public"
    assert facts["corpus"]["card"] == {"origin": "Ours", "licence": "CC0"}
    assert facts["corpus"]["examples"][0] == OWN
    assert len(facts["corpus"]["examples"]) > 1
    assert str(run.path.parent) not in json.dumps(facts)
    assert "path" not in facts["corpus"]["source"]


def test_its_weights_are_kept_in_half_and_computed_with_in_full(run, published, tmp_path):
    stored, whole = (each.read_tensors(publishing.WEIGHTS)[0] for each in (published, run))
    assert {values.dtype for values in stored.values()} == {torch.float16}
    size = (published.path / publishing.WEIGHTS).stat().st_size
    assert size < 0.6 * (run.path / publishing.WEIGHTS).stat().st_size
    model = Explorer.load(published).backend.model
    for name, values in model.state_dict().items():
        assert values.dtype == torch.float32
        assert torch.equal(values, whole[name].half().float())
    config = RunConfig.from_dict(published.read_json("config.json")["config"], "")
    verify._check_weights(published, config)


def test_what_was_measured_of_a_run_holds_for_its_copy_with_rounded_weights(run, text, tmp_path):
    measured = RunDirectory(tmp_path / "measured")
    shutil.copytree(run.path, measured.path)
    for name, of in (("semantics", fingerprint(run)), ("probes", "another training")):
        about = {"version": study(name).version, "of": of, "result": {"pairs": []}}
        measured.write_json(study(name).file, about)
    copy = publish(measured, tmp_path / "copy", corpora.load(text))
    assert fingerprint(copy) != fingerprint(measured)
    assert made(copy, "semantics") == {"pairs": []}
    assert made(copy, "probes") is None


def test_weights_that_half_precision_cannot_hold_stay_as_they_are(tmp_path):
    large = fakes.tiny()
    with torch.no_grad():
        next(large.parameters()).view(-1)[0] = 1e6
    run = fakes.store_run(tmp_path / "large", large)
    publishing.halve(run)
    stored, _ = run.read_tensors(publishing.WEIGHTS)
    assert {values.dtype for values in stored.values()} == {torch.float32}


def test_its_map_shows_what_the_model_says_at_each_latent(run, published, text):
    explorer = Explorer.load(published)
    atlas = explorer.atlas
    assert atlas.said
    stored = run.read_arrays("latents.npz")
    assert np.array_equal(atlas.keys, stored["keys"])
    mean = torch.from_numpy(stored["mean"].astype(np.float32))
    assert list(atlas.sentences) == explorer.decode(mean)
    labels = corpora.labels_by_rule.labelled(corpora.load(text), "english").labels
    assert {**atlas.labels, "split": ()} == {**labels, "split": ()}
    assert set(atlas.labels["split"]) == {"train", "validation", "test"}
    assert np.array_equal(atlas.shown_keys, [sentence_key(s) for s in atlas.sentences])


def test_what_it_says_is_decoded_once_on_a_machine(published):
    said = []

    def say(z):
        said.append(len(z))
        return [f"sentence {i}" for i in range(len(z))]

    assert load_atlas(published, say).sentences == load_atlas(published, say).sentences
    assert said == [N]


def test_who_has_the_text_sees_its_sentences(published, text):
    assert main(["prepare", str(published.path), "--data", str(text)]) == 0
    explorer = Explorer.load(published)
    atlas = explorer.atlas
    assert not atlas.said
    assert list(atlas.sentences) == text.read_text(encoding="utf-8").splitlines()
    assert set(atlas.labels) == {"mood", "polarity", "person", "tense", "split"}
    facts = published.read_json("config.json")["corpus"]
    assert corpus_of(explorer).digest == facts["digest"]


def test_another_text_is_refused(published, tmp_path, capsys):
    other = tmp_path / "other.txt"
    other.write_text("\n".join(factors.generate(N, seed=9).sentences), encoding="utf-8")
    assert main(["prepare", str(published.path), "--data", str(other)]) == 2
    assert "is not the text that" in capsys.readouterr().err
    assert Explorer.load(published).atlas.said


def test_a_text_that_is_gone_again_is_not_missed(published, text, tmp_path):
    copy = shutil.copy(text, tmp_path / "copy.txt")
    assert main(["prepare", str(published.path), "--data", str(copy)]) == 0
    source = published.read_json("config.json")["corpus"]["source"]
    assert given.path_of(source) == copy
    copy.unlink()
    assert given.path_of(source) is None
    assert Explorer.load(published).atlas.said


def test_it_is_measured_on_its_text_and_on_nothing_else(published):
    with pytest.raises(UserError, match="does not come with the run"):
        corpus_of(Explorer.load(published))


def test_a_sentence_of_the_text_is_no_example(run, text, tmp_path):
    corpus = corpora.load(text)
    with pytest.raises(UserError, match="is a sentence of the text"):
        publish(run, tmp_path / "public", corpus, examples=[corpus.sentences[5].upper()])


def test_another_text_cannot_be_published_with_it(run, tmp_path):
    with pytest.raises(UserError, match="not in the text given"):
        publish(run, tmp_path / "public", factors.generate(N, seed=9))


def test_without_examples_it_starts_from_what_the_model_says(run, text, tmp_path, capsys):
    out = tmp_path / "public"
    command = ["publish", str(run.path), "--out", str(out), "--labels-by-rule", "english"]
    assert main([*command, "--origin", "Ours", "--licence", "CC0"]) == 0
    assert "holds no sentence of its text" in capsys.readouterr().err
    examples = RunDirectory(out).read_json("config.json")["corpus"]["examples"]
    keys = set(corpora.load(text).keys.tolist())
    assert examples
    assert not keys & {sentence_key(s) for s in examples}
    assert main(command) == 2


def test_a_run_without_a_map_gets_one(run, text, tmp_path):
    bare = RunDirectory(tmp_path / "bare")
    shutil.copytree(run.path, bare.path)
    for file in ("latents.npz", "projection.npz"):
        (bare.path / file).unlink()
    copy = publish(bare, tmp_path / "public", corpora.load(text), seed=0)
    own = Explorer.load(copy).encode(corpora.load(text).sentences).mean.numpy()
    stored = copy.read_arrays("latents.npz")
    order = {key: i for i, key in enumerate(corpora.load(text).keys.tolist())}
    rows = [order[key] for key in stored["keys"].tolist()]
    assert np.allclose(stored["mean"], own[rows], atol=1e-3)
    assert np.array_equal(stored["keys"], run.read_arrays("latents.npz")["keys"])
    assert len(Explorer.load(copy).atlas) == N


def test_who_waits_for_the_words_of_the_model_is_told_how_far_it_is(published):
    told = []
    with heard_by(lambda done, total, what: told.append((done, total, str(what)))):
        atlas = Explorer.load(published).atlas
    assert told == [(N, N, "Decoding latents")]
    with heard_by(lambda *far: told.append(far)):  # kept on this machine
        assert Explorer.load(published).atlas.sentences == atlas.sentences
    assert len(told) == 1
