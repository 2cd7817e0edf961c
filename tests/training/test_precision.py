"""Which arithmetic trains: by the machine and the sizes, never by a clock."""

import copy
import itertools
from dataclasses import replace
from pathlib import Path

import pytest
import torch

from tests.fakes import corpus, encoded, tiny
from vae.batching import GroupedBatches
from vae.config import DataConfig, ModelConfig, RunConfig, TrainConfig
from vae.runs.store import RunDirectory
from vae.training import precision as module
from vae.training import setup
from vae.training.distributed import Team
from vae.training.precision import resolve_precision, seconds_per_update

WIDE = ModelConfig(decoder_hidden=256)
AUTO = TrainConfig()


@pytest.fixture(params=[True, False], ids=["native", "emulated"])
def native(request, monkeypatch) -> bool:
    monkeypatch.setattr(module, "native_bf16", lambda: request.param)
    return request.param


@pytest.mark.parametrize("asked", ["fp32", "bf16"])
def test_what_is_asked_for_is_kept(asked, native):
    assert resolve_precision(WIDE, replace(AUTO, precision=asked)) == asked
    assert resolve_precision(ModelConfig(decoder_hidden=8), TrainConfig(precision=asked)) == asked


def test_auto_takes_bf16_where_the_machine_has_it_and_the_sizes_gain_by_it(native):
    assert resolve_precision(WIDE, AUTO) == ("bf16" if native else "fp32")
    assert resolve_precision(replace(WIDE, decoder_hidden=8), AUTO) == "fp32"
    assert resolve_precision(WIDE, replace(AUTO, tokens_per_batch=32)) == "fp32"
    narrow = replace(WIDE, architecture="transformer", embedding_dim=8)
    assert resolve_precision(narrow, AUTO) == "fp32"


def test_a_machine_without_bf16_decides_for_all(monkeypatch):
    class Mixed(Team):
        def any(self, flag: bool) -> bool:
            return True

    monkeypatch.setattr(module, "native_bf16", lambda: True)
    assert resolve_precision(WIDE, AUTO, Mixed()) == "fp32"


class Clock:
    """Goes on by another amount at every look: a machine that others use."""

    def __init__(self, seed: int) -> None:
        self.now, self.generator = 0.0, torch.Generator().manual_seed(seed)

    def __call__(self) -> float:
        self.now += 10 * float(torch.rand((), generator=self.generator))
        return self.now


def weights_and_facts(path: Path, config: RunConfig, clock: Clock, monkeypatch) -> tuple:
    monkeypatch.setattr("time.perf_counter", clock)
    monkeypatch.setattr("time.monotonic", clock)
    session = setup.start(path, corpus(), config)
    for _ in session.trainer.run():
        pass
    facts = RunDirectory(path).read_json("config.json")
    return session.trainer.model.state_dict(), facts["config"]["train"], facts["asked"]["train"]


def test_the_same_command_gives_the_same_weights_whatever_a_clock_says(
    tmp_path, native, monkeypatch
):
    config = RunConfig(
        DataConfig(min_count=1),
        ModelConfig(embedding_dim=8, encoder_hidden=8, decoder_hidden=64, latent_dim=3),
        TrainConfig(epochs=1, steps=4, tokens_per_batch=256, snapshots=0, threads=1),
    )
    made = [
        weights_and_facts(tmp_path / str(seed), config, Clock(seed), monkeypatch)
        for seed in range(3)
    ]
    expected = "bf16" if native else "fp32"
    for _, settled, asked in made:
        assert (settled["precision"], asked["precision"]) == (expected, "auto")
    for (one, *_), (other, *_) in itertools.pairwise(made):
        assert all(torch.equal(value, other[name]) for name, value in one.items())


def test_a_trial_leaves_the_model_alone():
    model = tiny(dropout=0.2)
    before, state = copy.deepcopy(model.state_dict()), torch.get_rng_state()
    config = TrainConfig(precision="fp32")
    assert seconds_per_update(model, GroupedBatches(encoded(60), 64), config) > 0
    assert all(torch.equal(value, before[name]) for name, value in model.state_dict().items())
    assert torch.equal(state, torch.get_rng_state())
