"""What the server answers to a page that cannot decode by itself."""

import base64

import numpy as np
import pytest
import torch

from pages.common.components import decoder
from tests import fakes
from vae.errors import UserError
from vae.explorer import Explorer


@pytest.fixture(scope="module")
def explorer(tmp_path_factory) -> Explorer:
    return Explorer.load(fakes.store_run(tmp_path_factory.mktemp("run") / "own"))


def asked(z: np.ndarray) -> dict[str, object]:
    return {"id": "7", "z": base64.b64encode(z.astype("<f4").tobytes()).decode()}


@pytest.mark.parametrize("n", [1, 4])
def test_it_says_what_the_model_decodes(explorer, n):
    z = np.random.default_rng(n).normal(size=(n, explorer.latent_dim)).astype(np.float32)
    found = decoder.answered(explorer, asked(z))
    assert found == {"id": "7", "said": explorer.decode(torch.from_numpy(z))}


def test_what_is_no_question_to_this_model_is_not_answered(explorer):
    z = np.zeros((1, explorer.latent_dim))
    wrong = [asked(z[:, 1:]), asked(z[:0]), asked(np.full_like(z, np.nan)), None, "z"]
    wrong += [asked(np.zeros((17, explorer.latent_dim))), asked(z) | {"id": 3}, {"id": "1"}]
    wrong += [asked(z) | {"z": "?"}]
    assert [decoder.answered(explorer, each) for each in wrong] == [None] * len(wrong)


def test_a_model_that_fails_is_quoted(explorer, monkeypatch):
    def fail(*_):
        raise UserError("The model has no answer.")

    monkeypatch.setattr(Explorer, "decode", fail)
    found = decoder.answered(explorer, asked(np.ones((1, explorer.latent_dim))))
    assert found == {"id": "7", "error": "The model has no answer."}
