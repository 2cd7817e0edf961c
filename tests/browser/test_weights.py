"""A decoder packed for a browser: what is in the file, and which decoders are refused."""

import json
import struct
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
import torch
from safetensors.numpy import load

from tests.fakes import store_run, tiny, tokenizer
from vae.backends import AdaptedModel
from vae.browser import can_run, digest, pack, refusal
from vae.browser import weights as packing
from vae.errors import UserError
from vae.explorer import Explorer
from vae.runs.store import RunDirectory
from vae.tokenizer import BOS, EOS, PAD, UNK


def told(blob: bytes) -> dict:
    """What the metadata of a packed decoder says."""
    (size,) = struct.unpack("<Q", blob[:8])
    return json.loads(json.loads(blob[8 : 8 + size])["__metadata__"]["decoder"])


def explorer(tmp_path: Path, **sizes: object) -> Explorer:
    return Explorer.load(store_run(tmp_path / "run", tiny(**sizes)))


@pytest.mark.parametrize(
    "make", [{}, {"cell": "lstm", "layers": 2}, {"architecture": "transformer"}]
)
def test_every_weight_of_the_decoder_is_there_in_half_precision_and_none_of_the_encoder(
    tmp_path, make
):
    ex = explorer(tmp_path, **make)
    model = ex.backend.model
    found = load(pack(ex))
    encoders = set(model.encoder_parts)
    wanted = {n: p for n, p in model.named_parameters() if n.split(".")[0] not in encoders}
    assert set(found) == set(wanted)
    for name, weight in wanted.items():
        assert found[name].dtype == np.float16
        np.testing.assert_array_equal(found[name], weight.half().numpy())


def test_sizes_and_words_are_told_beside_the_weights(tmp_path):
    ex = explorer(tmp_path, cell="lstm", layers=2)
    said, words = told(pack(ex)), tokenizer()
    assert said["kind"] == "lstm"
    assert (said["latent_dim"], said["hidden"], said["layers"]) == (4, 7, 2)
    assert (said["start"], said["end"], said["max_length"]) == (BOS, EOS, 20)
    assert said["unspoken"] == [PAD, UNK, BOS]
    assert said["words"]["vocabulary"] == [words.token(i) for i in range(len(words))]
    assert said["words"]["cases"] == words.cases


def test_a_run_is_packed_to_the_same_bytes_each_time_and_another_to_others(tmp_path):
    ex = explorer(tmp_path)
    other = Explorer.load(store_run(tmp_path / "other", tiny(seed=1)))
    assert digest(pack(ex)) == digest(pack(ex)) == digest(pack(Explorer.load(ex.run)))
    assert digest(pack(ex)) != digest(pack(other))


def refused(ex: Explorer, why: str) -> None:
    assert not can_run(ex)
    assert why in str(refusal(ex))
    with pytest.raises(UserError, match=why):
        pack(ex)


def test_a_decoder_of_another_make_is_refused():
    ex = Explorer(
        RunDirectory(Path("nowhere")),
        AdaptedModel("tests:m", SimpleNamespace(latent_dim=2), "nowhere"),
    )
    refused(ex, "of another make")


def test_a_model_without_a_latent_space_is_refused(tmp_path):
    refused(explorer(tmp_path, latent_dim=0), "no latent space")


def test_a_decoder_that_is_too_large_is_refused(tmp_path, monkeypatch):
    ex = explorer(tmp_path)
    assert can_run(ex)
    monkeypatch.setattr(packing, "MOST_BYTES", 1000)
    refused(ex, "at most")


@pytest.mark.parametrize("weight", [7e4, -7e4, float("nan"), float("inf")])
def test_a_weight_that_half_precision_cannot_hold_is_refused(tmp_path, weight):
    ex = explorer(tmp_path)
    with torch.no_grad():
        ex.backend.model.output_bias[5] = weight
    refused(ex, "too large for half precision")
