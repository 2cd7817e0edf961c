"""The end of a run: a short evaluation is short in all its parts, and a map can wait."""

import numpy as np
import pytest

from tests import fakes
from vae.config import ModelConfig, RunConfig, TrainConfig
from vae.errors import UserError
from vae.explorer import Explorer
from vae.studies.summary import figures, figures_of
from vae.training import setup
from vae.training.finish import measure

QUIET = lambda done, total, what: None  # noqa: E731


@pytest.fixture
def measured(tmp_path):
    """A run of a few updates, measured briefly."""
    sizes = ModelConfig(embedding_dim=6, encoder_hidden=5, decoder_hidden=7, latent_dim=3)
    config = RunConfig(model=sizes, train=TrainConfig(steps=3, precision="fp32", threads=1))
    session = setup.start(tmp_path / "run", fakes.corpus(), config)
    session.train()
    return session, measure(session, QUIET, iw_samples=4, most_sentences=20)


def test_a_brief_evaluation_says_how_brief_it_was(measured):
    session, made = measured
    result = figures(made)
    assert (result["n_sentences"], result["iw_samples"]) == (20, 4)
    assert result["grammar"]["prior_samples"] == 20
    assert result["grammar"]["interpolations"] == 5
    assert all(probe["n_test"] <= 120 for probe in result.get("probes", {}).values())
    assert figures_of(session.directory)["rate"] == result["rate"]


def test_an_evaluation_says_whether_its_bound_still_falls(measured):
    result = figures(measured[1])
    assert len(result["nll_iw_each"]) == 20
    assert np.mean(result["nll_iw_each"]) == pytest.approx(result["nll_iw"], abs=1e-3)
    assert result["nll_iw"] <= result["nll_iw_half"]  # of the same draws, so whatever they are


def test_no_map_is_drawn_but_its_sentences_are_kept(measured):
    session, _ = measured
    assert not session.directory.has("latents.npz")
    with pytest.raises(UserError, match="has no latents"):
        _ = Explorer.load(session.directory).atlas
