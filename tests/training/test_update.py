"""One update, and what defines each cure for a collapsing posterior."""

import copy
import re
from dataclasses import replace

import pytest
import torch

from tests.diagnostics import built
from tests.fakes import encoded, objective, seeded, tiny, trainer
from vae.batching import GroupedBatches
from vae.config import RunConfig, TrainConfig
from vae.errors import UserError
from vae.models import Posterior, decoder_inputs, make_model, words
from vae.objectives import distortion, mmd
from vae.tokenizer import BOS, UNK
from vae.training.cures import CURES, PLAIN, cured, plain
from vae.training.distributed import Dice, Team
from vae.training.events import PhaseEvent, ValidationEvent
from vae.training.presets import preset
from vae.training.update import Updater

WIDTHS = {"embedding_dim": 24, "encoder_hidden": 24, "decoder_hidden": 24}
LEARNS_FAST = {
    "epochs": 36,
    "learning_rate": 2e-2,
    "clip_norm": 5.0,
    "tokens_per_batch": 2000,
    "validate_every": 20,
    "snapshots": 0,
}
LEAST_RATE = {
    "beta": 1.5,
    "annealing": 0.55,
    "cyclical": 0.8,
    "free-bits": 0.7,
    "pretraining": 1.0,
    "aggressive": 0.55,
    "mean-norm": 0.55,
    "mmd": 2.5,
    "denoising": 2.0,
}
"""Nats; without a cure the same model keeps below 0.45."""
BARE = replace(TrainConfig(precision="fp32", weight_decay=0.0), **PLAIN)


def tokens() -> torch.Tensor:
    return encoded().tokens[1][:12]


def updater(model=None, **settings: object) -> Updater:
    return Updater(model or tiny(), replace(BARE, **settings), Team())


def losses(run: Updater, beta: float = 1.0):
    return run.losses(tokens(), beta, Team().share(12))


def snapshot(model) -> dict[str, torch.Tensor]:
    return copy.deepcopy(dict(model.named_parameters()))


def changed(before: dict[str, torch.Tensor], model) -> set[str]:
    return {k for k, v in model.named_parameters() if not torch.equal(before[k], v)}


@pytest.mark.parametrize(("beta", "free_bits"), [(1.0, 0.0), (0.3, 0.0), (0.7, 0.05)])
def test_the_loss_is_distortion_and_weighted_rate(beta, free_bits):
    run = updater(tiny(spread=3.0), free_bits=free_bits)
    found = losses(run, beta)
    noise = seeded(BARE.seed)
    posterior = run.model.encode(tokens())
    logits = run.model.logits(decoder_inputs(tokens()), posterior.sample(noise))
    expected = objective(distortion(logits, tokens()), posterior, beta, free_bits)
    assert found.loss.item() == pytest.approx(expected.item(), rel=1e-5)
    assert found.distortion.shape == found.rate.shape == (12,)
    assert torch.allclose(found.rate, posterior.kl())


def plain_step(model, config: TrainConfig) -> dict[str, torch.Tensor]:
    """The gradients of a batch, with the whole matrix of logits, written out."""
    noise, batch = seeded(config.seed), tokens()
    with torch.autocast("cpu", torch.bfloat16, enabled=config.precision == "bf16"):
        posterior = model.encode(batch)
        z = posterior.at(torch.randn(posterior.mean.shape, generator=noise))
        inputs = decoder_inputs(batch)
        hidden = torch.rand(inputs.shape, generator=noise) < config.word_dropout
        logits = model.logits(inputs.masked_fill(hidden & (inputs != BOS), UNK), z)
    nats = distortion(logits, batch)
    rate = posterior.kl_per_dimension().mean(0).clamp(min=config.free_bits).sum()
    (nats.sum() / len(batch) + rate).backward()
    return {name: p.grad for name, p in model.named_parameters()}


@pytest.mark.parametrize("precision", ["fp32", "bf16"])
@pytest.mark.parametrize("architecture", ["recurrent", "transformer"])
def test_over_a_small_vocabulary_an_update_is_the_plain_one_to_the_bit(precision, architecture):
    """What was trained by an earlier version is made again by its command."""
    made = {"vocabulary_size": words.LARGE - 1, "architecture": architecture, "spread": 2.0}
    run = updater(tiny(**made), precision=precision, word_dropout=0.3, free_bits=0.01)
    losses(run).loss.backward()
    expected = plain_step(tiny(**made), run.config)
    for name, parameter in run.model.named_parameters():
        assert torch.equal(parameter.grad, expected[name]), name


@pytest.mark.parametrize("architecture", ["recurrent", "transformer"])
def test_over_a_large_vocabulary_an_update_is_the_plain_one_but_for_rounding(architecture):
    made = {"vocabulary_size": words.LARGE, "architecture": architecture, "spread": 2.0}
    run = updater(tiny(**made), word_dropout=0.3, free_bits=0.01)
    losses(run).loss.backward()
    expected = plain_step(tiny(**made), run.config)
    for name, parameter in run.model.named_parameters():
        assert torch.allclose(parameter.grad, expected[name], rtol=1e-4, atol=1e-5), name


def test_both_terms_are_summed_over_a_sentence_and_averaged_over_sentences():
    run = updater(tiny(spread=3.0))
    found = losses(run, 0.7)
    q = run.model.encode(tokens()[:1])
    of_first = (q.mean.square() + q.logvar.exp() - 1 - q.logvar).sum() / 2  # closed form
    assert found.rate[0].item() == pytest.approx(of_first.item(), rel=1e-4)
    nats = sum(found.distortion.tolist()) / 12 + 0.7 * sum(found.rate.tolist()) / 12
    assert found.loss.item() == pytest.approx(nats, rel=1e-5)


def test_twice_the_batch_is_the_same_loss(monkeypatch):
    monkeypatch.setattr(Dice, "normal", lambda _, shape: torch.ones(shape))
    run = updater(tiny(spread=3.0), free_bits=0.05)
    once = losses(run).loss
    twice = run.losses(tokens().repeat(2, 1), 1.0, Team().share(24)).loss
    assert twice.item() == pytest.approx(once.item(), rel=1e-5)


def test_the_loss_leaves_a_dimension_below_its_free_bits_alone():
    model = tiny(spread=3.0)
    kl = model.encode(tokens()).kl_per_dimension().mean(0)
    floor = kl.detach().sort().values[1:3].mean().item()  # two dimensions below it, two above
    run = updater(model, free_bits=floor)
    low = kl < floor
    found, told = model.encode, {}

    def encode(read):
        q = found(read)
        for part in (q.mean, q.logvar):
            part.retain_grad()
        told["q"] = q
        return q

    model.encode = encode  # type: ignore[method-assign]
    gradients = []
    for beta in (0.0, 1.0):
        run.generator.manual_seed(0)
        losses(run, beta).loss.backward()
        gradients.append((told["q"].mean.grad, told["q"].logvar.grad))
    for without, with_rate in zip(*gradients, strict=True):
        assert torch.equal(without[:, low], with_rate[:, low])
        assert (without[:, ~low] != with_rate[:, ~low]).all()


def test_a_collapsed_posterior_has_a_loss_of_finite_gradient():
    model = built.posterior_is_the_prior()
    losses(updater(model)).loss.backward()
    assert all(torch.isfinite(p.grad).all() for p in model.parameters() if p.grad is not None)


def test_mmd_is_added_with_its_weight_and_taken_from_the_draws_of_the_batch():
    model = tiny(spread=3.0)
    without, weighed = losses(updater(model)), losses(updater(model, mmd=50.0))
    generator = seeded(BARE.seed)
    z = model.encode(tokens()).sample(generator)
    prior = torch.randn(z.shape, generator=generator)
    expected = without.loss.item() + 50.0 * mmd(z, prior).item()
    assert weighed.loss.item() == pytest.approx(expected, rel=1e-5)


def test_the_encoder_of_a_denoising_model_never_reads_the_whole_sentence():
    model, read = tiny(), []
    encode = model.encode
    model.encode = lambda t: read.append(t.shape[1]) or encode(t)  # type: ignore[method-assign]
    found = losses(updater(model, denoising=0.5))
    assert read
    assert read[0] < tokens().shape[1]
    # What it has to say is the whole sentence all the same.
    assert found.distortion.min().item() > 0


def test_an_aggressive_update_trains_the_encoder_often_and_the_decoder_once():
    model = tiny()
    run = updater(model, encoder_updates=7)
    batches = GroupedBatches(encoded(100), 64)
    run.aggressive_update(tokens(), 1.0, 1e-2, batches)
    steps = {
        name: int(run.optimizer.state[p]["step"]) if p in run.optimizer.state else 0
        for name, p in model.named_parameters()
    }
    for name, count in steps.items():
        part = name.split(".")[0]
        assert count == (7 if part in model.encoder_parts else 1), name


def test_inner_updates_end_when_the_encoder_gains_no_more():
    run = updater(encoder_updates=60)
    run.aggressive_update(tokens(), 1.0, 0.0, GroupedBatches(encoded(12), 10_000))
    inner = {int(s["step"]) for s in run.optimizer.state.values()}
    assert max(inner) < 60


def test_an_inner_update_leaves_the_decoder_and_the_shared_words_alone():
    model = tiny()
    before = snapshot(model)
    updater(model)._step(tokens(), 1.0, trained="encoder")
    moved = changed(before, model)
    assert moved
    assert {name.split(".")[0] for name in moved} <= set(model.encoder_parts)


def test_a_reset_redraws_the_decoder_from_the_seed_and_keeps_encoder_and_words():
    model = tiny()
    run = updater(model)
    for _ in range(3):
        run.update(tokens(), 0.0, 1e-2)
    before = snapshot(model)
    run.reset_decoder()
    moved = changed(before, model)
    assert {name.split(".")[0] for name in moved} == set(model.decoder_parts)
    assert {
        p
        for p, n in zip(run.parameters, dict(model.named_parameters()), strict=True)
        if n.split(".")[0] in model.decoder_parts
    }.isdisjoint(run.optimizer.state)
    again = tiny()
    other = updater(again)
    other.reset_decoder()
    for name, value in again.named_parameters():
        if name.split(".")[0] in model.decoder_parts:
            assert torch.equal(value, dict(model.named_parameters())[name])


def test_a_run_that_is_pretrained_says_when_its_decoder_is_drawn_anew():
    run = trainer(epochs=4, autoencoder=0.5, snapshots=0, validate_every=3)
    seen = [e for e in run.run() if e is not None]
    phases = [(e.step, e.phase) for e in seen if isinstance(e, PhaseEvent)]
    half = round(0.5 * run.total_steps)
    assert phases == [(0, "autoencoder"), (half, "decoder drawn anew")]
    kept = [e for e in seen if isinstance(e, ValidationEvent) and e.best]
    assert kept[-1].step > half


def test_aggressive_training_ends_when_the_information_no_longer_climbs():
    run = trainer(epochs=6, encoder_updates=3, snapshots=0, validate_every=4, learning_rate=1e-9)
    seen = [e for e in run.run() if e is not None]
    phases = [e.phase for e in seen if isinstance(e, PhaseEvent)]
    assert phases == ["aggressive encoder", "encoder and decoder together"]
    assert not run.progress.aggressive


def test_normalised_means_keep_the_rate_near_its_bound_where_beta_would_end_it():
    settings = {"epochs": 6, "beta": 20.0, "beta_schedule": "constant", "learning_rate": 5e-3}
    rates = []
    for model in (tiny(mean_scale=1.0), tiny()):
        run = trainer(model, n=400, **settings)
        rates.append([e for e in run.run() if isinstance(e, ValidationEvent)][-1].rate)
    # Z s^2 / 2 = 2 nats, by moments that run over training sentences.
    assert rates[0] > 1.7
    assert rates[1] < 0.3


SAID_BY = {
    "mean_scale": "means are held",
    "beta": "the rate (counts for|hardly counts)",
    "beta_schedule": "beta (rises|climbs)",
    "beta_warmup": "first half",
    "beta_cycles": "each cycle",
    "beta_ratio": "climbs",
    "word_dropout": "(hiding|words stay hidden)",
    "free_bits": "(free bits|may carry some nats)",
    "autoencoder": "begins as a plain autoencoder",
    "encoder_updates": "the encoder is trained until",
    "mmd": "MMD",
    "denoising": "words deleted",
}
"""What a cure that changes a setting has to say of it."""


@pytest.mark.parametrize("name", list(CURES))
def test_every_cure_differs_from_the_plain_model_only_in_what_it_says(name):
    base, cure = plain(preset("best")), CURES[name]  # whose course of beta is no cure's
    config = cured(preset("best"), name)
    changed = {
        setting
        for of, as_before in ((config.model, base.model), (config.train, base.train))
        for setting, value in vars(of).items()
        if value != getattr(as_before, setting)
    }
    assert config.data == base.data
    assert changed
    for setting in changed | set(cure.model) | set(cure.train):
        assert re.search(SAID_BY[setting], f"{cure.title} {cure.what}", re.IGNORECASE), setting
    assert ("annealing" in str(cure.title).lower()) == ("beta_schedule" in cure.train)
    assert len(str(cure.what)) > 80
    assert len(str(cure.costs)) > 40
    assert str(cure.paper)[-4:].isdigit()


def test_a_cure_that_does_not_exist_is_refused_by_name():
    with pytest.raises(UserError, match="free-bits"):
        cured(RunConfig(), "prayer")


@pytest.mark.parametrize("name", list(CURES))
def test_every_cure_trains(name):
    config = cured(RunConfig(), name)
    model = tiny(mean_scale=config.model.mean_scale)
    settings = {k: v for k, v in CURES[name].train.items() if k != "encoder_updates"}
    if "encoder_updates" in CURES[name].train:
        settings["encoder_updates"] = 3
    run = trainer(model, **{**PLAIN, "epochs": 2, "snapshots": 0, **settings})
    found = [e for e in run.run() if isinstance(e, ValidationEvent)]
    assert found[-1].elbo > found[0].elbo


def rates_of(settings: dict[str, object], mean_scale: float = 0.0) -> list[float]:
    """Rates at the last three validations, in nats, of a small model that learned 40 sentences."""
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(1)
        model = make_model(replace(tiny(mean_scale=mean_scale).config, **WIDTHS))
    run = trainer(model, n=40, **{**PLAIN, **LEARNS_FAST, **settings})
    return [e.rate for e in run.run() if isinstance(e, ValidationEvent)][-3:]


def test_without_a_cure_little_is_said_through_z():
    assert max(rates_of({})) < 0.45


@pytest.mark.parametrize("name", list(CURES))
def test_with_every_cure_z_is_used(name):
    settings = dict(CURES[name].train)
    if "encoder_updates" in settings:
        settings["encoder_updates"] = 3
    rates = rates_of(settings, cured(RunConfig(), name).model.mean_scale)
    assert min(rates) > LEAST_RATE[name]


def test_a_posterior_is_reached_from_its_noise():
    q = Posterior(torch.tensor([[1.0, 2.0]]), torch.log(torch.tensor([[4.0, 9.0]])))
    assert torch.allclose(q.at(torch.tensor([[1.0, -1.0]])), torch.tensor([[3.0, -1.0]]))
