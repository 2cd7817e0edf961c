"""Presets for a text of one's own: what each is for, it does."""

from dataclasses import replace

from vae.config import RunConfig
from vae.corpora import factors, files
from vae.training import setup
from vae.training.presets import OFFERED, PRESETS, preset


def test_what_is_offered_for_a_text_of_ones_own_is_there():
    assert set(OFFERED) < set(PRESETS)
    assert preset("balanced") == RunConfig()


def test_the_demonstration_uses_every_dimension_of_200_pasted_sentences(tmp_path):
    corpus = files.read_text("\n".join(factors.generate(200, seed=5).sentences))
    config = preset("demonstration")
    # A part of its updates is enough to see it.
    short = replace(config.train, steps=300, beta_warmup=0.5, precision="fp32")
    session = setup.start(tmp_path / "run", corpus, RunConfig(config.data, config.model, short))
    events = []
    session.train(events.append)
    validations = [e for e in events if e.kind == "validation"]
    assert len(validations) == 3
    assert validations[-1].active_units >= 4
    assert validations[-1].rate > 1
    unknown = session.tokenizer.unknown(corpus.select("train").sentences[0])
    assert not unknown
