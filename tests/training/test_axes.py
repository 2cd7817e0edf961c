"""Turning the latent space: what it leaves as it was, what it finds, and that a resume knows."""

import copy
from dataclasses import replace

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from tests import fakes
from vae.config import ModelConfig, RunConfig, TrainConfig
from vae.diagnostics.information import unit_variances
from vae.errors import UserError
from vae.models import Posterior, decoder_inputs
from vae.training.axes import (
    independent_axes,
    sample_posteriors,
    turn_of,
    turned_logvar,
    turning_step,
)
from vae.training.events import PhaseEvent, SnapshotEvent, ValidationEvent


def rotation(z: int, seed: int = 0) -> torch.Tensor:
    q, _ = np.linalg.qr(np.random.default_rng(seed).normal(size=(z, z)))
    return torch.tensor(q, dtype=torch.float32)


def tokens() -> torch.Tensor:
    return fakes.encoded().tokens[1][:12]


@pytest.mark.parametrize("architecture", ["recurrent", "transformer"])
@pytest.mark.parametrize("cell", ["gru", "lstm"])
def test_a_turned_model_says_of_the_turned_z_what_it_said_of_z(architecture, cell):
    model = fakes.tiny(cell, layers=2, spread=2.0, architecture=architecture)
    before, z, axes = (
        copy.deepcopy(model),
        torch.randn(12, 4, generator=fakes.seeded()),
        rotation(4),
    )
    model = model.turned(axes, torch.zeros(4), torch.zeros(4))
    inputs = decoder_inputs(tokens())
    assert torch.allclose(model.logits(inputs, z @ axes.T), before.logits(inputs, z), atol=1e-5)
    mean = before.encode(tokens()).mean
    assert torch.allclose(model.encode(tokens()).mean, mean @ axes.T, atol=1e-5)
    assert torch.equal(model.encode(tokens()).logvar, torch.zeros(12, 4))


@pytest.mark.parametrize("architecture", ["recurrent", "transformer"])
@pytest.mark.parametrize("cell", ["gru", "lstm"])
def test_a_cut_model_says_what_it_said_where_the_dead_directions_are_at_rest(architecture, cell):
    before = fakes.tiny(cell, layers=2, spread=2.0, architecture=architecture)
    turn = rotation(4)
    axes, dead = turn[:2], turn[2:]
    rest = dead.T @ torch.tensor([0.7, -1.2])
    model = before.turned(axes, rest, torch.zeros(2))
    assert model.config.latent_dim == 2
    z = torch.randn(12, 2, generator=fakes.seeded())
    inputs = decoder_inputs(tokens())
    assert torch.allclose(
        model.logits(inputs, z), before.logits(inputs, z @ axes + rest), atol=1e-5
    )
    mean = before.encode(tokens()).mean
    assert torch.allclose(model.encode(tokens()).mean, mean @ axes.T, atol=1e-5)
    assert model.encode(tokens()).logvar.shape == (12, 2)


def test_only_the_weights_that_know_z_are_turned():
    model = fakes.tiny("lstm")
    after = dict(model.turned(rotation(4), torch.zeros(4), torch.zeros(4)).named_parameters())
    changed = {k for k, v in model.named_parameters() if not torch.equal(after[k], v)}
    assert changed == {
        "to_posterior.weight",
        "to_posterior.bias",
        "to_state.weight",
        "decoder.weight_ih_l0",
    }


@given(st.integers(0, 1_000))
def test_independent_sources_are_found_again_whatever_mixed_them(seed):
    # Binary sources, as a factor of two values is: a rotation of them is what ICA undoes.
    draw = np.random.default_rng(seed)
    sources = torch.tensor(draw.choice([-1.0, 1.0], size=(3_000, 4)))
    sources += 0.1 * torch.tensor(draw.normal(size=sources.shape))
    axes = independent_axes(sources @ rotation(4, seed).double().T, seed=0)
    found = (axes.double() @ rotation(4, seed).double()).abs()
    # A permutation: one entry near 1 in each row and each column.
    assert torch.allclose(found.max(0).values, torch.ones(4, dtype=torch.double), atol=0.01)
    assert torch.allclose(found.max(1).values, torch.ones(4, dtype=torch.double), atol=0.01)


def test_axes_are_orthogonal_the_same_each_time_and_the_dead_ones_come_last():
    mean = torch.rand(2_000, 6, generator=fakes.seeded()) * torch.tensor([3, 3, 0, 3, 3, 1e-3])
    axes = independent_axes(mean, seed=1)
    assert torch.allclose(axes @ axes.T, torch.eye(6), atol=1e-5)
    assert torch.equal(axes, independent_axes(mean, seed=1))
    assert axes[:4, [2, 5]].abs().max() < 0.01
    assert axes[4:, [0, 1, 3, 4]].abs().max() < 0.01


def test_a_direction_of_next_to_no_variance_is_no_component():
    """FastICA would whiten it, and spread its noise over all axes."""
    g = fakes.seeded()
    mean = torch.rand(3_000, 5, generator=g) * torch.tensor([3.0, 3.0, 3.0, 0.02, 0.02])
    turned = mean @ rotation(5).T @ independent_axes(mean @ rotation(5).T, seed=0).T
    assert unit_variances(turned)[:3].min() > 0.5
    assert unit_variances(turned)[3:].max() < 0.001


@pytest.mark.parametrize("mean", [torch.zeros(50, 3), torch.randn(50, 1)])
def test_a_collapsed_or_a_single_dimension_is_not_turned(mean):
    assert torch.equal(independent_axes(mean, seed=0), torch.eye(mean.shape[1]))


@pytest.mark.parametrize("sentences", [2, 5, 12])
def test_means_of_a_handful_of_sentences_end_no_training(sentences):
    """They fill fewer dimensions than are active: those are turned, and the rest is dead."""
    g = fakes.seeded()
    mean = torch.randn(sentences, 16, generator=g)[torch.randint(sentences, (2_000,), generator=g)]
    axes = independent_axes(mean, seed=0)
    assert torch.allclose(axes @ axes.T, torch.eye(16), atol=1e-5)
    if sentences > 2:
        assert unit_variances(mean @ axes.T)[sentences - 1 :].max() < 1e-6


def spread_over_all() -> Posterior:
    """Two sources in four dimensions, turned over all of them and away from the origin."""
    g = fakes.seeded()
    mean = torch.zeros(3_000, 4)
    mean[:, :2] = torch.rand(3_000, 2, generator=g) * 3
    mean[:, 2:] = torch.tensor([0.4, -0.9]) + 0.05 * torch.randn(3_000, 2, generator=g)
    return Posterior(mean @ rotation(4).T, torch.full((3_000, 4), -1.0))


def test_dead_directions_are_cut_off_and_held_where_the_means_lie():
    posterior = spread_over_all()
    turn = turn_of(posterior, cut_below=0.01, seed=0)
    assert turn.axes.shape == (2, 4)
    assert turn.logvar.shape == (2,)
    assert torch.allclose(turn.axes @ turn.rest, torch.zeros(2), atol=1e-5)
    kept = posterior.mean @ turn.axes.T @ turn.axes + turn.rest
    assert float((kept - posterior.mean).square().sum(1).mean()) < 2 * 0.05**2 * 1.1
    whole = turn_of(posterior, cut_below=0.0, seed=0)
    assert whole.axes.shape == (4, 4)
    assert not whole.rest.any()


def test_a_single_live_direction_is_kept_and_a_collapsed_space_is_left_whole():
    mean = spread_over_all().mean[:, :1] @ torch.ones(1, 4)
    turn = turn_of(Posterior(mean, torch.zeros(3_000, 4)), cut_below=0.01, seed=0)
    assert turn.axes.shape == (1, 4)
    assert torch.allclose(turn.axes.abs(), torch.full((1, 4), 0.5), atol=1e-4)
    nothing = turn_of(Posterior(torch.ones(50, 4), torch.zeros(50, 4)), cut_below=0.01, seed=0)
    assert torch.equal(nothing.axes, torch.eye(4))
    assert not nothing.rest.any()


def test_a_turned_variance_is_that_of_draws_along_the_new_axis():
    g = fakes.seeded()
    posterior = Posterior(torch.zeros(1, 3), torch.tensor([[-2.0, 0.0, 1.0]]))
    axes = rotation(3)
    draws = (0.5 * posterior.logvar).exp() * torch.randn(200_000, 3, generator=g)
    assert torch.allclose(turned_logvar(posterior, axes).exp(), (draws @ axes.T).var(0), rtol=0.02)


def test_posteriors_are_sampled_without_touching_the_training_s_own_numbers():
    run = fakes.trainer()
    state = run.updater.generator.get_state()
    found = sample_posteriors(run.model, run.train, seed=0)
    assert 10_000 <= len(found) < 10_100
    assert torch.equal(run.updater.generator.get_state(), state)


def turning(**settings: object):
    return fakes.trainer(fakes.tiny(spread=3.0), turn_axes=0.5, epochs=2, **settings)


def test_a_run_turns_its_axes_once_and_its_picture_does_not_jump():
    run = turning(snapshots=24, learning_rate=1e-5)
    pictures, phases = {}, []
    for event in run.run():
        if isinstance(event, SnapshotEvent):
            pictures[event.step] = (run.last_snapshot.means, event.samples)
        if isinstance(event, PhaseEvent):
            phases.append(event)
    step = turning_step(run.total_steps, run.config)
    assert [(p.step, p.phase) for p in phases] == [(step, "axes turned to independent components")]
    assert run.axes is not None
    assert not torch.allclose(run.axes, torch.eye(4), atol=0.1)
    before = max(s for s in pictures if s <= step)
    after = min(s for s in pictures if s > step)
    # At this learning rate nothing else moves.
    assert torch.allclose(pictures[before][0], pictures[after][0], atol=0.01)
    assert pictures[before][1] == pictures[after][1]


def test_weights_of_before_the_turn_are_not_the_ones_that_are_kept():
    run = turning(beta_schedule="constant", validate_every=1, snapshots=0)
    list(run.run())
    assert run.progress.best_step > turning_step(run.total_steps, run.config)


def test_a_resume_on_either_side_of_the_turn_ends_with_the_same_weights():
    whole = turning(snapshots=0)
    list(whole.run())
    step = turning_step(whole.total_steps, whole.config)
    for leave in (step - 1, step, step + 1):
        first = turning(snapshots=0)
        for event in first.run():
            if event is None and first.progress.step == leave:
                break
        tensors, progress = copy.deepcopy(first.state())
        second = turning(snapshots=0)
        second.load_state(tensors, progress)
        list(second.run())
        for name, value in whole.model.state_dict().items():
            assert torch.equal(value, second.model.state_dict()[name]), (leave, name)
        assert torch.equal(whole.axes, second.axes)


def cutting(**settings: object):
    # Two dimensions of the tiny model are told nothing, so that there is something to cut off.
    model = fakes.tiny(spread=3.0)
    with torch.no_grad():
        model.to_posterior.weight[2:4] = 0.0
        model.to_posterior.bias[2:4] = torch.tensor([0.5, -0.5])
    return fakes.trainer(
        model, turn_axes=0.1, cut_below=0.02, epochs=2, learning_rate=1e-4, **settings
    )


def test_a_run_goes_on_without_its_dead_directions_and_a_resume_on_either_side_is_the_same():
    whole = cutting(snapshots=6)
    events = [e for e in whole.run() if e is not None]
    phases = [e.phase for e in events if isinstance(e, PhaseEvent)]
    assert phases == ["dead directions cut off, axes turned to independent components"]
    assert whole.model.config.latent_dim == 2
    assert whole.updater.lifted
    assert whole.last_snapshot.means.shape[1] == 4
    assert len([e for e in events if isinstance(e, ValidationEvent)][-1].rate_per_dimension) == 2
    step = turning_step(whole.total_steps, whole.config)
    for leave in (step, step + 1):
        first = cutting(snapshots=6)
        for event in first.run():
            if event is None and first.progress.step == leave:
                break
        tensors, progress = copy.deepcopy(first.state())
        # config.json may say the size of before the cut, or of after it.
        for size in (4, 2):
            second = fakes.trainer(
                fakes.tiny(latent_dim=size, spread=3.0),
                turn_axes=0.1,
                cut_below=0.02,
                epochs=2,
                learning_rate=1e-4,
                snapshots=6,
            )
            second.load_state(copy.deepcopy(tensors), progress)
            list(second.run())
            for name, value in whole.model.state_dict().items():
                assert torch.equal(value, second.model.state_dict()[name]), (leave, size, name)


def test_what_cannot_be_turned_is_refused_before_anything_starts():
    turned = TrainConfig(turn_axes=0.5)
    with pytest.raises(UserError, match="mean_scale"):
        RunConfig(model=ModelConfig(mean_scale=0.6), train=turned)
    with pytest.raises(UserError, match="latent_dim 0 has none"):
        RunConfig(model=ModelConfig(latent_dim=0), train=turned)
    with pytest.raises(UserError, match="turn_axes"):
        replace(turned, turn_axes=1.0)
    with pytest.raises(UserError, match="cut_below cuts"):
        RunConfig(train=TrainConfig(cut_below=0.01))


def test_no_floor_of_free_bits_is_left_once_what_it_held_up_is_cut_off():
    """With a floor far above the rate nothing would pull the posteriors to the prior."""
    lifted, held = cutting(free_bits=50.0), turning(free_bits=50.0, snapshots=0)
    for run in (lifted, held):
        list(run.run())
    assert lifted.updater.lifted
    assert not held.updater.lifted
    kl = torch.tensor([[0.2, 0.1]])
    share = lifted.updater.team.share(1)
    assert float(lifted.updater._rate(kl, share)) == pytest.approx(0.3)
    assert float(held.updater._rate(kl, share)) == pytest.approx(100.0)
