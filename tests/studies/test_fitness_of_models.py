"""The verdict on models that were trained to be what it says: seconds long, on real updates."""

import random

from vae.config import DataConfig, ModelConfig, RunConfig, TrainConfig
from vae.corpora.corpus import Corpus
from vae.studies.summary import figures
from vae.training import setup
from vae.training.finish import measure

QUIET = lambda done, total, what: None  # noqa: E731

SIZES = ModelConfig(
    embedding_dim=16, encoder_hidden=48, decoder_hidden=96, latent_dim=12, dropout=0.0
)


def noise(n: int) -> Corpus:
    """Sentences of five words that follow from nothing: they can be known by heart alone."""
    rng, words = random.Random(0), [f"w{i}" for i in range(30)]
    return Corpus("noise", tuple(" ".join(rng.choices(words, k=5)) for _ in range(n)))


def judged(path, n: int, **train: object):
    settings = {"beta": 0.05, "beta_schedule": "constant", "word_dropout": 0.5, "keep": "last"}
    config = RunConfig(
        data=DataConfig(min_count=1),
        model=SIZES,
        train=TrainConfig(
            precision="fp32",
            threads=1,
            epochs=1_000,
            warmup_steps=0,
            **{**settings, **train},
        ),
    )
    session = setup.start(path / "run", noise(n), config)
    session.train()
    return figures(measure(session, QUIET, iw_samples=4, most_sentences=100))


def test_eight_updates_are_no_training(tmp_path):
    found = judged(tmp_path, 200, steps=8)
    assert found["verdict"] == "untrained"
    assert "8 updates" in found["verdict_sentence"]


def test_a_large_model_of_few_sentences_memorises(tmp_path):
    found = judged(
        tmp_path, 250, steps=400, learning_rate=1e-2, tokens_per_batch=256, validate_every=100
    )
    assert found["exact_match_trained"] > 0.5
    assert found["exact_match"] < 0.2
    assert found["verdict"] == "memorises"
    assert "training sentences come back word for word" in found["verdict_sentence"]
