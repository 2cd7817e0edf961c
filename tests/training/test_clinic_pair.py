"""The pair of the clinic: two commands that differ in their cure only."""

import pytest

from vae.cli import build_parser
from vae.commands.settings import configuration
from vae.errors import UserError
from vae.training.clinic import clinic_pair
from vae.training.cures import CURES


def configs(cure):
    return [
        configuration(build_parser().parse_args(["train", "factors", "--out", "x", *a.arguments]))
        for a in clinic_pair(cure, 3)
    ]


@pytest.mark.parametrize("cure", CURES)
def test_a_pair_differs_in_its_cure_only(cure):
    plain, cured = configs(cure)
    assert plain != cured
    assert plain.train.steps == cured.train.steps > 0
    assert plain.train.seed == cured.train.seed == 3
    assert (plain.train.threads, cured.train.threads) == (1, 1)
    for name in ("latent_dim", "encoder_hidden", "decoder_hidden", "embedding_dim"):
        assert getattr(plain.model, name) == getattr(cured.model, name)
    assert (plain.train.beta, plain.train.free_bits, plain.model.mean_scale) == (1.0, 0.0, 0.0)


def test_a_cure_that_does_not_exist_is_a_sentence():
    with pytest.raises(UserError, match="no cure 'prayer'"):
        clinic_pair("prayer", 0)
