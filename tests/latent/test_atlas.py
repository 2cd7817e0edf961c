"""The atlas: latents matched with sentences that are made again."""

import numpy as np
import pytest
import torch

from tests.fakes import corpus, store_run, tiny, tokenizer
from vae.batching import group_by_length
from vae.corpora import factors
from vae.corpora.corpus import SPLITS, Corpus
from vae.errors import UserError
from vae.explorer import Explorer
from vae.inference import encode_all
from vae.latent import atlas as atlas_module
from vae.latent.atlas import atlas_rows, make_atlas, read_atlas, search
from vae.latent.atlas_source import load_atlas, store_sentences

FEW = 14  # below what UMAP needs, so that nothing waits for it


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    return store_run(tmp_path_factory.mktemp("atlas") / "run", atlas=FEW)


def few() -> Corpus:
    return factors.generate(FEW)


def test_an_atlas_has_the_sentences_labels_and_latents_of_its_corpus(run):
    atlas, sample = read_atlas(run, few()), few()
    assert atlas.sentences == sample.sentences
    assert set(atlas.labels) == {*sample.labels, "split"}
    assert atlas.labels["topic"] == sample.labels["topic"]
    assert atlas.labels["split"] == tuple(SPLITS[i] for i in sample.split)
    assert (atlas.missing, atlas.fresh, len(atlas)) == (0, False, FEW)
    exact = encode_all(
        tiny(spread=2.0), group_by_length(tokenizer().encode_batch(sample.sentences))
    )
    # Stored in half precision: three digits.
    assert atlas.mean == pytest.approx(exact.mean.numpy(), abs=2e-3)
    assert atlas.logvar == pytest.approx(exact.logvar.numpy(), abs=6e-3)
    assert torch.equal(atlas.posterior.mean, torch.from_numpy(atlas.mean))


def test_no_sentence_travels_with_a_run(run):
    stored = run.read_arrays("latents.npz")
    assert all(value.dtype.kind in "ufi" for value in stored.values())


def test_sentences_are_matched_by_key_whatever_their_order(run):
    shuffled = few().subset(np.random.default_rng(0).permutation(FEW))
    atlas = read_atlas(run, shuffled)
    assert atlas.sentences == few().sentences
    assert atlas.labels["topic"] == few().labels["topic"]
    assert (atlas.mean == read_atlas(run, few()).mean).all()


def test_case_and_spacing_make_no_other_sentence(run):
    shouted = Corpus("t", tuple(f"  {s.upper()} " for s in few().sentences))
    atlas = read_atlas(run, shouted)
    assert atlas.missing == 0
    assert atlas.sentences == shouted.sentences


def test_sentences_that_this_machine_lacks_are_left_out_and_counted(run):
    kept = np.array([11, 2, 5])
    atlas, whole = read_atlas(run, few().subset(kept)), read_atlas(run, few())
    assert atlas.missing == FEW - 3
    assert len(atlas) == 3
    rows = np.sort(kept)
    assert atlas.sentences == tuple(few().sentences[i] for i in rows)
    assert (atlas.mean == whole.mean[rows]).all()
    assert (atlas.projection.pca == whole.projection.pca[rows]).all()
    assert (atlas.projection.umap == whole.projection.umap[rows]).all()


def test_the_first_of_several_equal_sentences_gives_its_labels(run):
    sentences = few().sentences
    twice = Corpus("t", (*sentences, *sentences), {"copy": ("first",) * FEW + ("second",) * FEW})
    assert set(read_atlas(run, twice).labels["copy"]) == {"first"}


def test_a_corpus_that_shares_no_sentence_is_refused(run):
    with pytest.raises(UserError, match=r"None of the 14 sentences .* the file"):
        read_atlas(run, Corpus("t", ("Something else entirely.",)))


def test_a_run_without_a_map_says_so(tmp_path):
    run = store_run(tmp_path / "run")
    with pytest.raises(UserError, match=r"latents\.npz"):
        read_atlas(run, few())


def test_a_map_whose_halves_do_not_belong_together_is_refused(tmp_path):
    run, other = store_run(tmp_path / "a", atlas=FEW), store_run(tmp_path / "b", atlas=FEW - 2)
    run.write_arrays("projection.npz", other.read_arrays("projection.npz"))
    with pytest.raises(UserError, match=r"projection\.npz"):
        read_atlas(run, few())
    for wrong in ({}, {"umap": np.zeros((FEW, 2))}, {"warp": np.zeros(3)}):
        run.write_arrays("projection.npz", {"x": np.zeros(1), **wrong})
        with pytest.raises(UserError, match=r"projection\.npz"):
            read_atlas(run, few())
    (run.path / "projection.npz").unlink()
    with pytest.raises(UserError, match=r"no projection\.npz"):
        read_atlas(run, few())


def test_a_small_corpus_is_shown_whole_and_a_large_one_in_part(monkeypatch):
    monkeypatch.setattr(atlas_module, "MOST_SENTENCES", 100)
    large = Corpus("t", corpus().sentences)
    assert atlas_rows(factors.generate(100), 0).tolist() == list(range(100))
    assert atlas_rows(corpus(), 0).tolist() == list(range(100))  # can be made again alone
    rows = atlas_rows(large, 0).tolist()
    assert len(set(rows)) == 100
    assert rows == sorted(rows) == atlas_rows(large, 0).tolist()
    assert rows != atlas_rows(large, 1).tolist()


def nothing(z):
    """What a model says whose sentences are at hand: it is not asked."""
    raise AssertionError("asked what the model says")


def test_the_atlas_of_generated_sentences_needs_nothing_but_the_run(run):
    assert load_atlas(run, nothing).sentences == few().sentences


def test_the_sentences_of_a_file_are_kept_with_the_run(tmp_path):
    run = store_run(tmp_path / "run", atlas=FEW)
    own = Corpus("mine", few().sentences, {"topic": few().labels["topic"]}, source={"kind": "file"})
    facts = run.read_json("config.json")
    facts["corpus"] = {"name": "mine", "digest": own.digest, "source": {"kind": "file"}}
    run.write_json("config.json", facts)
    with pytest.raises(UserError, match=r"sentences\.parquet"):
        load_atlas(run, nothing)
    store_sentences(run, own, seed=0)
    atlas = load_atlas(run, nothing)
    assert atlas.sentences == own.sentences
    assert atlas.labels["topic"] == own.labels["topic"]
    content = (run.path / "sentences.parquet").read_bytes()
    for damaged in (b"", b"no parquet", content[:100], content[: len(content) // 2]):
        (run.path / "sentences.parquet").write_bytes(damaged)
        with pytest.raises(UserError, match=r"sentences\.parquet"):
            load_atlas(run, nothing)


def test_the_language_model_has_an_atlas_of_no_dimensions(tmp_path):
    run = store_run(tmp_path / "run", tiny(latent_dim=0), atlas=FEW)
    atlas = read_atlas(run, few())
    assert atlas.mean.shape == (FEW, 0)
    assert len(atlas) == FEW


def test_an_atlas_is_the_same_however_often_it_is_made(run):
    before = [run.read_arrays(f) for f in ("latents.npz", "projection.npz")]
    make_atlas(run, Explorer.load(run), few(), seed=0)
    after = [run.read_arrays(f) for f in ("latents.npz", "projection.npz")]
    for old, new in zip(before, after, strict=True):
        assert old.keys() == new.keys()
        assert all(np.array_equal(old[k], new[k], equal_nan=True) for k in old)


def test_search_wants_every_word_and_no_case():
    two = ("She loves the soup.", "Soup is what he hates.")
    assert list(search(two, "SOUP he")) == [0, 1]
    assert list(search(two, "soup she")) == [0]
    assert not len(search(two, "  "))


def test_every_copy_keeps_its_own_labels_and_spelling(tmp_path):
    once = few().sentences[:3]
    twice = Corpus(
        "t",
        (*once, *(s.upper() for s in once), *once),
        {"who": tuple(f"w{i}" for i in range(9))},
    )
    run = store_run(tmp_path / "run", atlas=FEW)
    make_atlas(run, Explorer.load(run), twice, seed=0)
    atlas = read_atlas(run, twice)
    assert atlas.sentences == twice.sentences
    assert atlas.labels["who"] == twice.labels["who"]
    assert atlas.copies.tolist() == [2] * 9
    assert atlas.distinct == 3
    assert (atlas.mean[:3] == atlas.mean[6:]).all()
    assert (atlas.projection.umap[:3] == atlas.projection.umap[6:]).all()


def test_copies_that_an_earlier_version_scattered_share_a_place(tmp_path):
    twice = Corpus("t", few().sentences * 2)
    run = store_run(tmp_path / "run", atlas=FEW)
    make_atlas(run, Explorer.load(run), twice, seed=0)
    arrays = run.read_arrays("projection.npz")
    arrays["umap"] = np.random.default_rng(0).normal(size=(2 * FEW, 2)).astype(np.float32)
    run.write_arrays("projection.npz", arrays)
    picture = read_atlas(run, twice).projection.umap
    assert (picture[:FEW] == picture[FEW:]).all()
    assert (picture[:FEW] == arrays["umap"][:FEW]).all()


def test_sixty_sentences_of_many_copies_have_sixty_places_and_other_neighbours(tmp_path):
    sixty = Corpus("t", factors.generate(60, seed=4).sentences)
    many = Corpus("t", sixty.sentences * 20)
    run = store_run(tmp_path / "run", atlas=FEW)
    make_atlas(run, Explorer.load(run), many, seed=0)
    atlas = read_atlas(run, many)
    assert (len(atlas), atlas.distinct) == (1_200, len(set(sixty.keys.tolist())))
    for picture in (atlas.projection.umap, atlas.projection.pca):
        assert len(np.unique(picture, axis=0)) <= atlas.distinct
    rows, distances = atlas.nearest(atlas.mean[:5], 6)
    for i, row in enumerate(rows):
        assert len({atlas.keys[r] for r in row}) == 6
        assert atlas.keys[row[0]] == atlas.keys[i]
    assert (distances[:, 1:] > 0).all()
