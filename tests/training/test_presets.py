"""Presets for a text of one's own: what each is for, it does, at every size of text."""

from dataclasses import replace

import pytest

from vae.config import RunConfig
from vae.corpora import factors, files
from vae.corpora.corpus import normalise
from vae.explorer import Explorer
from vae.models import make_model
from vae.training import setup
from vae.training.presets import OFFERED, PRESETS, preset

SIZES = (40, 160, 400, 4_000, 20_000, 95_000, 1_000_000)


def work(config: RunConfig, vocabulary: int = 4_000) -> float:
    """What all updates cost, but for a factor: tokens times weights."""
    model = make_model(replace(config.model, vocabulary_size=vocabulary))
    weights = sum(p.numel() for p in model.parameters())
    return config.train.steps * config.train.tokens_per_batch * weights


def test_what_is_offered_for_a_text_of_ones_own_is_there():
    assert set(OFFERED) < set(PRESETS)
    assert preset("factors", 10) == preset("factors")
    assert all(preset(name) == preset(name, 20_000) for name in OFFERED)


@pytest.mark.parametrize("sentences", SIZES)
def test_the_first_preset_is_the_quickest_and_the_last_the_most_thorough(sentences):
    demonstration, balanced, best = (work(preset(name, sentences)) for name in OFFERED)
    assert demonstration < 0.8 * balanced
    assert balanced < 0.6 * best


@pytest.mark.parametrize("name", OFFERED)
@pytest.mark.parametrize("sentences", SIZES)
def test_the_last_weights_are_kept_of_a_text_to_know_by_heart_and_the_best_of_any_other(
    name, sentences
):
    train = preset(name, sentences).train
    if sentences <= 1_500:
        assert (train.keep, train.patience) == ("last", 0)
    else:
        assert train.keep == "best"
        assert train.patience > 0
    assert train.beta_warmup < 1  # or nothing would compete to be the best


def test_pasted_sentences_begin_to_come_back_word_for_word(tmp_path):
    corpus = files.read_text("\n".join(factors.generate(60, seed=5).sentences))
    config = preset("demonstration", corpus.sizes["train"])
    # A third of its updates is enough for a third of its sentences; all of both is for a browser.
    short = replace(config.train, steps=500, precision="fp32", threads=1, snapshots=0)
    session = setup.start(tmp_path / "run", corpus, RunConfig(config.data, config.model, short))
    events = []
    session.train(events.append)
    last = [e for e in events if e.kind == "validation"][-1]
    assert last.active_units >= 4
    assert last.rate > 1
    explorer = Explorer.load(session.directory)
    read = corpus.select("train").sentences
    assert not any(explorer.unknown_words(s) for s in read)
    said = explorer.decode(explorer.encode(read).mean)
    same = [normalise(a) == normalise(b) for a, b in zip(said, read, strict=True)]
    assert sum(same) >= 0.3 * len(same)
