"""Large maps: the same as in memory, whatever stops them, and plain about what is left out."""

from __future__ import annotations

import json

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tests.fakes import corpus, store_run
from tests.fakes import tiny as tiny_model
from vae.cli import main
from vae.corpora.corpus import Corpus
from vae.encoding import columns, large_map
from vae.encoding.large_map import LargeMap, Source
from vae.encoding.large_source import encoded_source, file_source, own_source
from vae.errors import UserError
from vae.explorer import Explorer
from vae.latent import large_atlas, large_projection
from vae.latent.large_atlas import LargeProjection, made, read_large
from vae.latent.projection import Projection, nearest_rows
from vae.studies import fingerprint

N = 300
TOO_LONG = "word " * 400


class StoppedError(Exception):
    """A person's, in the middle."""


@pytest.fixture(scope="module")
def explorer(tmp_path_factory) -> Explorer:
    return Explorer.load(store_run(tmp_path_factory.mktemp("runs") / "tiny"))


@pytest.fixture(autouse=True)
def tiny(monkeypatch, tmp_path):
    """The same code for 300 sentences: parts of 20 to 120."""
    monkeypatch.setenv("LATENT_LENS_CACHE", str(tmp_path / "cache"))
    monkeypatch.setattr(large_atlas, "FEWEST_SENTENCES", 50)
    monkeypatch.setattr(columns, "SHARD", 120)
    monkeypatch.setattr(columns, "_GROUP", 20)
    monkeypatch.setattr("vae.encoding.folder._ROWS", 60)
    monkeypatch.setattr(large_projection, "FITTED", 100)
    monkeypatch.setattr(large_projection, "_PLACED_AT_ONCE", 90)
    monkeypatch.setattr(large_projection, "_AT_ONCE", 70)
    monkeypatch.setattr("vae.corpora.coded._AT_ONCE", 64)


def source_of(text: Corpus, name: str = "text") -> Source:
    return Source({"text": name}, lambda progress: text)


def first(n: int = N) -> Corpus:
    return corpus().subset(np.arange(n))


@pytest.fixture
def large(explorer):
    return read_large(LargeMap(explorer, source_of(first()), N).make())


def test_every_sentence_has_its_posterior_its_labels_and_its_place(large, explorer):
    text = first()
    assert list(large.sentences) == list(text.sentences)
    for name, values in text.labels.items():
        assert list(large.labels[name]) == list(values)
        assert large.types[name] == text.types[name]
    assert list(large.labels["split"]) == [("train", "validation", "test")[i] for i in text.split]
    posterior = explorer.encode(text.sentences)
    np.testing.assert_allclose(large.mean, posterior.mean, atol=1e-6)
    np.testing.assert_allclose(large.logvar, posterior.logvar, atol=1e-6)
    np.testing.assert_allclose(large.rates, posterior.kl(), atol=1e-5)
    np.testing.assert_array_equal(large.shown_keys, text.keys)
    assert large.lengths.tolist() == [len(s.split()) for s in text.sentences]
    assert large.distinct == len(large) == N
    assert not large.copies.any()


def test_its_pca_is_that_of_all_at_once(large):
    from sklearn.decomposition import PCA

    pca = PCA(2, svd_solver="full").fit(large.mean)
    picture = large.projection
    np.testing.assert_allclose(np.abs(picture.pca_components), np.abs(pca.components_), atol=1e-3)
    np.testing.assert_allclose(picture.pca_explained, pca.explained_variance_ratio_, atol=1e-4)
    np.testing.assert_allclose(picture.place(large.mean, large.mean, "pca"), picture.pca, atol=1e-4)


def test_umap_is_fitted_to_the_sample_and_the_rest_is_placed_into_it(large):
    picture = large.projection
    assert isinstance(picture, LargeProjection)
    assert picture.fitted == 100
    assert np.isfinite(picture.umap).all()
    assert picture.umap_trustworthiness > 0.6
    assert 0 <= large.inverse_share() < 1
    assert large.neighbourhoods().usual > 0


def test_what_was_projected_is_placed_where_it_lies(large):
    again = large.projection.place(large.mean[:20], large.mean, "umap")
    np.testing.assert_allclose(again, large.projection.umap[:20], atol=1e-3)


@pytest.mark.parametrize("stop", range(1, 14, 2))
def test_who_is_stopped_goes_on_and_ends_with_the_same_files(explorer, large, monkeypatch, stop):
    again = LargeMap(explorer, source_of(first(), "again"), N)
    calls = 0

    def stopping(done, total, what):
        nonlocal calls
        calls += 1
        if calls == stop:
            raise StoppedError

    with pytest.raises(StoppedError):
        again.make(stopping)
    assert again.folder.name not in made(fingerprint(explorer.run))
    folder = again.make()
    names = {path.name for path in large.folder.iterdir()}
    assert names == {path.name for path in folder.iterdir()}
    for name in names - {".making.lock"}:
        assert (folder / name).read_bytes() == (large.folder / name).read_bytes(), name


def test_a_step_that_was_done_is_not_done_again(explorer):
    read, wanted = [], first()

    def once(progress):
        read.append(1)
        return wanted

    map_ = LargeMap(explorer, Source({"text": "once"}, once), N)

    def stop(done, total, what):
        if "Placing" in str(what):
            raise StoppedError

    with pytest.raises(StoppedError):
        map_.make(stop)
    map_.make()
    map_.make()
    assert read == [1]


def test_repeated_and_unreadable_sentences_are_left_out_and_counted(explorer):
    text = [*first(100).sentences, *(s.upper() for s in first(30).sentences), TOO_LONG]
    atlas = read_large(LargeMap(explorer, source_of(Corpus("bad", tuple(text))), 200).make())
    assert len(atlas) == 100
    assert atlas.facts["left_out"] == {"repeated": 30, "too long to read": 1}
    assert list(atlas.sentences) == list(first(100).sentences)


def test_of_more_sentences_a_sample_is_drawn_and_said(explorer):
    text = Corpus("own", corpus().sentences)
    atlas = read_large(LargeMap(explorer, source_of(text), 80).make())
    assert len(atlas) == 80
    assert atlas.facts["total"] == len(corpus())
    assert set(atlas.sentences) < set(text.sentences)


def test_of_a_generated_corpus_it_is_the_beginning(explorer):
    atlas = read_large(LargeMap(explorer, own_source(explorer, 600), 600).make())
    assert len(atlas) == 600
    assert list(atlas.sentences[:500]) == list(corpus().sentences)


def test_a_label_of_very_many_values_is_left_out_and_named(explorer, monkeypatch):
    monkeypatch.setattr(large_atlas, "MOST_VALUES", 50)
    text = first(80)
    labelled = Corpus("own", text.sentences, {"id": tuple(map(str, range(80)))})
    atlas = read_large(LargeMap(explorer, source_of(labelled), 80).make())
    assert list(atlas.labels) == ["split"]
    assert atlas.facts["too_many_values"] == ["id"]


@pytest.mark.parametrize("n", [0, 49, 1_000_001])
def test_too_few_and_too_many_are_refused(explorer, n):
    with pytest.raises(UserError, match="from 50 to 1,000,000 sentences"):
        LargeMap(explorer, source_of(first()), n)


def test_a_search_finds_what_it_finds_in_memory(large):
    for query in ("the", "THE soup", "not", "zebra", "", "  ", "a b c"):
        expected = Corpus("x", tuple(large.sentences)).sentences
        low = [w.lower() for w in query.split()]
        rows = [i for i, s in enumerate(expected) if low and all(w in s.lower() for w in low)]
        assert large.search(query).tolist() == rows


def test_its_nearest_are_those_of_brute_force(large):
    rows, distances = large.nearest(large.mean[:5] + 0.1, 6)
    expected, far = nearest_rows(large.mean[:5] + 0.1, np.array(large.mean), 6)
    np.testing.assert_array_equal(rows, expected)
    np.testing.assert_allclose(distances, far)


@pytest.mark.parametrize("file", ["umap.f32", "text.u8", "facts.json", "label-0.u8"])
def test_a_damaged_map_is_told(large, file):
    (large.folder / file).unlink()  # a file that is mapped is not cut short
    (large.folder / file).write_bytes(b"[]")
    with pytest.raises(UserError, match="damaged"):
        read_large(large.folder)


def test_the_command_makes_one_of_a_file(explorer, tmp_path, capsys):
    path = tmp_path / "own.txt"
    path.write_text("\n".join([*first(120).sentences, TOO_LONG]), encoding="utf-8")
    command = ["prepare", str(explorer.run.path), "--sentences", "100", "--data", str(path)]
    assert main(command) == 0
    assert "100 of 120 different sentences are on a large map" in capsys.readouterr().err
    (facts,) = made(fingerprint(explorer.run)).values()
    assert facts["n"] == 100
    assert json.dumps(facts)


def encoded(explorer, tmp_path):
    """Shards of 300 sentences with a label, and their posteriors by the command."""
    shards, out = tmp_path / "shards", tmp_path / "out"
    shards.mkdir()
    text = list(first().sentences)
    for part in range(3):
        rows = slice(100 * part, 100 * part + 100)
        table = pa.table({"text": text[rows], "mood": [("good", None)[i % 2] for i in range(100)]})
        pq.write_table(table, shards / f"part-{part}.parquet", row_group_size=30)
    command = ["encode", str(explorer.run.path), str(shards), "--text", "text", "--out", str(out)]
    assert main(command) == 0
    return out


def test_what_was_encoded_is_mapped_without_being_encoded_again(
    explorer, large, tmp_path, monkeypatch, capsys
):
    out = encoded(explorer, tmp_path)
    monkeypatch.setattr(large_map, "encode_folder", None)
    command = ["prepare", str(explorer.run.path), "--sentences", "300", "--data", str(out)]
    assert main(command) == 0
    assert "300 of 300 different sentences" in capsys.readouterr().err
    (version,) = set(made(fingerprint(explorer.run))) - {large.folder.name}
    again = read_large(large.folder.with_name(version))
    assert list(again.sentences) == list(large.sentences)
    np.testing.assert_allclose(again.mean, large.mean, atol=1e-5)
    np.testing.assert_allclose(again.logvar, large.logvar, atol=1e-5)
    np.testing.assert_allclose(again.rates, large.rates, atol=1e-4)
    np.testing.assert_allclose(again.projection.pca, large.projection.pca, atol=1e-3)
    assert list(again.labels["mood"]) == ["good", ""] * 150


def test_of_many_encoded_sentences_a_sample_keeps_its_own_posteriors(explorer, tmp_path):
    source = encoded_source(explorer, encoded(explorer, tmp_path))
    atlas = read_large(LargeMap(explorer, source, 120).make())
    assert len(atlas) == 120
    np.testing.assert_allclose(atlas.mean, explorer.encode(list(atlas.sentences)).mean, atol=1e-5)


def test_an_encoding_of_which_every_row_was_skipped_is_told(explorer, tmp_path):
    out = encoded(explorer, tmp_path)
    for file in out.glob("*.parquet"):
        pq.write_table(pq.read_table(file).slice(0, 0), file)
    with pytest.raises(UserError, match="have no sentence in them"):
        encoded_source(explorer, out)


def test_what_another_model_encoded_is_refused(explorer, tmp_path):
    out = encoded(explorer, tmp_path)
    other = Explorer.load(store_run(tmp_path / "other", tiny_model(seed=1, spread=2.0)))
    with pytest.raises(UserError, match="of another model than 'other'"):
        encoded_source(other, out)


def test_an_encoding_that_was_stopped_is_refused(explorer, tmp_path):
    out = encoded(explorer, tmp_path)
    next(iter(sorted(out.glob("*.parquet")))).unlink()
    with pytest.raises(UserError, match="parts: the encoding was stopped"):
        encoded_source(explorer, out)


def test_a_file_or_posteriors_that_are_not_there_are_told(explorer, tmp_path):
    with pytest.raises(UserError, match="There is no file"):
        file_source(explorer, tmp_path)
    with pytest.raises(UserError, match="has no posteriors in it"):
        encoded_source(explorer, tmp_path)
    pq.write_table(pa.table({"sentence": ["one"]}), tmp_path / "plain.parquet")
    with pytest.raises(UserError, match="sentences without posteriors"):
        encoded_source(explorer, tmp_path)
    (tmp_path / "plain.parquet").write_bytes(b"PAR1")
    with pytest.raises(UserError, match="damaged"):
        encoded_source(explorer, tmp_path)


def test_a_picture_of_one_kind_is_placed_as_the_usual_one_is(large):
    usual = Projection(**{k: v for k, v in vars(large.projection).items() if k != "fitted"})
    z = large.mean[:30] + 0.05
    np.testing.assert_allclose(
        large.projection.place(z, large.mean, "umap"), usual.place(z, np.array(large.mean), "umap")
    )
