"""The transformer sentence VAE: one decoder in training and in generation, and where z enters."""

import copy
import math

import pytest
import torch

from tests.fakes import corpus, draws, encoded, objective, seeded, store_run, tiny, trainer
from vae import decoding
from vae.config import ModelConfig
from vae.decoding import beam, greedy, sample
from vae.errors import UserError
from vae.explorer import Explorer
from vae.inference import encode_all
from vae.models import RecurrentVAE, TransformerVAE, decoder_inputs, make_model
from vae.models.transformer import positions
from vae.objectives import distortion
from vae.tokenizer import BOS, EOS
from vae.training.events import ValidationEvent

every_model = pytest.mark.parametrize(
    ("latent_dim", "layers"), [(latent, layers) for latent in (0, 4) for layers in (1, 2)]
)

every_model_and_normalised = pytest.mark.parametrize(
    ("latent_dim", "layers", "mean_scale"),
    [(0, 1, 0.0), (0, 2, 0.0), (4, 1, 0.0), (4, 2, 0.0), (4, 1, 0.7), (4, 2, 0.7)],
)


def transformer(latent_dim: int = 4, **changes: object) -> TransformerVAE:
    """A transformer six units wide, of two heads."""
    model = tiny(latent_dim=latent_dim, architecture="transformer", **changes)
    assert isinstance(model, TransformerVAE)
    return model


def batch(group: int = 1, rows: int = 4) -> torch.Tensor:
    """(rows, T) sentences of one length."""
    return encoded().tokens[group][:rows]


def latents(rows: int, latent_dim: int = 4, seed: int = 0) -> torch.Tensor:
    return torch.randn(rows, latent_dim, generator=seeded(seed))


@every_model
def test_rows_may_leave_and_change_places_while_stepping(latent_dim, layers):
    model, tokens = transformer(latent_dim, layers=layers, spread=2.0), batch()
    z = latents(len(tokens), latent_dim)
    inputs = decoder_inputs(tokens)
    whole = model.logits(inputs, z)
    rows, state = torch.arange(len(tokens)), model.start(z)
    for t, stay in enumerate([[3, 0, 2], [1, 0], [0, 1], [1]]):
        logits, state = model.step(inputs[rows, t], z[rows], state)
        assert torch.allclose(logits, whole[rows, t], atol=1e-5)
        rows, state = rows[stay], tuple(s[stay] for s in state)
    logits, _ = model.step(inputs[rows, 4], z[rows], state)
    assert rows.tolist() == [3]
    assert torch.allclose(logits, whole[rows, 4], atol=1e-5)


@every_model
def test_the_state_holds_keys_and_values_of_each_layer_batch_first(latent_dim, layers):
    model, z = transformer(latent_dim, layers=layers), latents(3, latent_dim)
    memory = 1 if latent_dim else 0
    state = model.start(z)
    assert [s.shape for s in state] == [(3, 2, memory, 3)] * (2 * layers)
    _, following = model.step(torch.tensor([BOS] * 3), z, state)
    assert [s.shape for s in following] == [(3, 2, memory + 1, 3)] * (2 * layers)
    assert [s.shape for s in state] == [(3, 2, memory, 3)] * (2 * layers)


@pytest.mark.parametrize("architecture", ["recurrent", "transformer"])
@pytest.mark.parametrize("mean_scale", [0.0, 0.7])
def test_every_parameter_is_of_the_encoder_or_of_the_decoder_or_is_the_embedding(
    architecture, mean_scale
):
    model, tokens = tiny(architecture=architecture, mean_scale=mean_scale), batch()
    assert not set(model.encoder_parts) & set(model.decoder_parts)
    parts = {name: name.split(".")[0] for name, _ in model.named_parameters()}
    known = {*model.encoder_parts, *model.decoder_parts, "embedding"}
    assert known - {"mean_norm"} <= set(parts.values()) <= known
    assert ("mean_norm" in parts.values()) == bool(mean_scale)
    # A part is what the one or the other computes with, and nothing else is.
    posterior = model.encode(tokens)
    (posterior.mean.sum() + posterior.logvar.square().sum()).backward()
    reached = {n for n, p in model.named_parameters() if p.grad is not None}
    assert reached == {n for n in parts if parts[n] in (*model.encoder_parts, "embedding")}
    model.zero_grad()
    model.logits(decoder_inputs(tokens), latents(4)).square().sum().backward()
    reached = {n for n, p in model.named_parameters() if p.grad is not None}
    assert reached == {n for n in parts if parts[n] in (*model.decoder_parts, "embedding")}


def test_z_reaches_the_logits_of_every_position():
    model, tokens = transformer(spread=2.0), batch(rows=1)
    inputs = decoder_inputs(tokens)
    a, b = latents(2).split(1)
    moved = (model.logits(inputs, a) - model.logits(inputs, b)).abs().amax(-1)
    assert moved.min() > 1e-4
    z = a.clone().requires_grad_()
    for t in range(tokens.shape[1]):
        (gradient,) = torch.autograd.grad(model.logits(inputs, z)[0, t].square().sum(), z)
        assert (gradient != 0).all()


@pytest.mark.parametrize("way", ["to_memory", "to_inputs"])
def test_each_of_the_two_ways_of_z_reaches_every_position_by_itself(way):
    model, tokens = transformer(spread=2.0, layers=2), batch(rows=1)
    inputs = decoder_inputs(tokens)
    other = model.to_inputs if way == "to_memory" else model.to_memory
    with torch.no_grad():
        other.weight.zero_()
    a, b = latents(2).split(1)
    moved = (model.logits(inputs, a) - model.logits(inputs, b)).abs().amax(-1)
    assert moved.min() > 1e-5


def test_every_layer_attends_to_the_memory_of_z():
    model, tokens = transformer(spread=2.0, layers=2), batch(rows=1)
    inputs, z = decoder_inputs(tokens), latents(1)
    plain = model.logits(inputs, z)
    for layer in range(2):
        changed = copy.deepcopy(model)
        with torch.no_grad():
            changed.to_memory.weight.chunk(2)[layer].neg_()
        assert ((changed.logits(inputs, z) - plain).abs().amax(-1) > 1e-6).all()


@every_model
def test_the_decoder_cannot_see_the_word_that_it_predicts(latent_dim, layers):
    model, tokens = transformer(latent_dim, layers=layers), batch(rows=1)
    inputs, z = decoder_inputs(tokens), torch.zeros(1, latent_dim)
    before = model.logits(inputs, z)
    for t in range(1, inputs.shape[1]):
        changed = inputs.clone()
        changed[0, t] = (changed[0, t] + 1) % model.config.vocabulary_size
        after = model.logits(changed, z)
        assert torch.equal(before[:, :t], after[:, :t])
        assert ((before[:, t:] - after[:, t:]).abs().amax(-1) > 0).all()


def test_the_encoder_reads_the_sentence_in_both_directions_and_in_order():
    model, tokens = transformer(spread=2.0), batch(rows=1)
    mean = model.encode(tokens).mean
    for position in (0, tokens.shape[1] // 2, tokens.shape[1] - 2):
        changed = tokens.clone()
        changed[0, position] = (changed[0, position] + 7) % model.config.vocabulary_size
        assert not torch.allclose(model.encode(changed).mean, mean, atol=1e-7)
    swapped = tokens[:, [1, 0, *range(2, tokens.shape[1])]]
    assert not torch.allclose(model.encode(swapped).mean, mean, atol=1e-5)


def test_the_language_model_has_the_same_decoder_but_for_z():
    count = {
        latent: sum(p.numel() for n, p in transformer(latent).named_parameters() if "decoder" in n)
        for latent in (0, 4)
    }
    assert count[0] == count[4]


def test_dropout_acts_on_the_words_and_on_every_branch_and_draws_by_sentence():
    model, tokens = transformer(dropout=0.5, layers=2), batch()
    shapes = []

    def draw(shape: tuple[int, ...]) -> torch.Tensor:
        shapes.append(shape)
        return torch.ones(shape)

    model.logits(decoder_inputs(tokens), torch.zeros(4, 4), draw)
    assert shapes == [(4, tokens.shape[1], 6)] * (1 + 2 * 2)


def test_dropout_silences_words_and_branches_but_never_z():
    model, tokens = transformer(dropout=0.5, spread=2.0), batch(rows=1)

    def nothing_kept(shape: tuple[int, ...]) -> torch.Tensor:
        return torch.zeros(shape)

    inputs = decoder_inputs(tokens)
    a, b = latents(2).split(1)
    under_a = model.logits(inputs, a, nothing_kept)
    assert torch.equal(under_a, model.logits(inputs.flip(1), a, nothing_kept))
    assert not torch.allclose(under_a, model.logits(inputs, b, nothing_kept))


def test_one_seed_one_model():
    weights = [transformer(layers=2, seed=seed).state_dict() for seed in (0, 0, 1)]
    assert all(torch.equal(weights[0][name], weights[1][name]) for name in weights[0])
    assert not torch.equal(weights[0]["embedding.weight"], weights[2]["embedding.weight"])


@pytest.mark.parametrize("latent_dim", [0, 4])
def test_greedy_takes_the_most_probable_word_of_the_whole_prefix(latent_dim):
    model, z = transformer(latent_dim, spread=3.0, max_length=9), latents(12, latent_dim)
    for said, row in zip(greedy(model, z), z, strict=True):
        assert len(said) <= 9
        inputs = torch.tensor([[BOS, *said]])
        logits = decoding._speakable(model.logits(inputs, row[None]))[0]
        expected = [*said, EOS][:9]
        assert logits.argmax(-1).tolist()[: len(expected)] == expected


@pytest.mark.parametrize("latent_dim", [0, 4])
def test_sampling_is_seeded_and_no_row_depends_on_another(latent_dim):
    model, z = transformer(latent_dim, spread=2.0, max_length=9), latents(8, latent_dim)
    said = sample(model, z, seeded(5))
    assert said == sample(model, z, seeded(5))
    assert said != sample(model, z, seeded(6))
    assert sample(model, z[:1], seeded(5)) == said[:1]


@torch.inference_mode()
@pytest.mark.parametrize("latent_dim", [0, 4])
def test_a_beam_of_one_is_greedy_and_a_wider_one_is_as_probable(latent_dim):
    model, z = transformer(latent_dim, spread=3.0, max_length=6), latents(10, latent_dim)
    assert beam(model, z, width=1) == greedy(model, z)

    def log_p(said: list[int], row: torch.Tensor) -> float:
        inputs, words = torch.tensor([[BOS, *said]]), [*said, EOS][:6]
        scores = decoding._speakable(model.logits(inputs, row[None]))[0].log_softmax(-1)
        return sum(float(scores[t, word]) for t, word in enumerate(words))

    wide = sum(log_p(said, row) for said, row in zip(beam(model, z, 8), z, strict=True))
    narrow = sum(log_p(said, row) for said, row in zip(greedy(model, z), z, strict=True))
    assert wide > narrow - 1e-4


def test_sentences_longer_than_any_trained_on_are_encoded_and_scored():
    model = transformer(max_length=8)
    long = torch.randint(4, model.config.vocabulary_size, (2, 32), generator=seeded())
    posterior = model.encode(long)
    assert posterior.mean.isfinite().all()
    assert model.logits(decoder_inputs(long), posterior.mean).isfinite().all()
    assert model.encode(long[:, :1]).mean.isfinite().all()


@pytest.mark.parametrize("width", [6, 7])
def test_positions_are_sines_and_cosines_that_know_where_they_start(width):
    table = positions(0, 9, width)
    assert table.shape == (9, width)
    assert torch.allclose(table[4:], positions(4, 9, width))
    assert table[3, 0] == pytest.approx(math.sin(3))
    assert table[3, 1] == pytest.approx(math.cos(3))
    assert table[3, 2] == pytest.approx(math.sin(3 / 10_000 ** (2 / width)))


@pytest.mark.parametrize("latent_dim", [0, 4])
def test_bfloat16_arithmetic_stays_near_the_exact(latent_dim):
    model, tokens = transformer(latent_dim, layers=2), batch()
    inputs, z = decoder_inputs(tokens), latents(4, latent_dim)
    exact, posterior = model.logits(inputs, z), model.encode(tokens)
    with torch.autocast("cpu", torch.bfloat16):
        rough, rough_posterior = model.logits(inputs, z), model.encode(tokens)
        assert rough_posterior.mean.dtype == rough_posterior.logvar.dtype == torch.float32
        assert torch.allclose(rough_posterior.mean, posterior.mean, atol=0.05)
        assert torch.allclose(rough.float(), exact, atol=0.05)
        state = model.start(z)
        for t in range(tokens.shape[1]):
            logits, state = model.step(inputs[:, t], z, state)
            assert torch.allclose(logits.float(), exact[:, t], atol=0.05)
        distortion(model.logits(inputs, z, draws()), tokens).sum().backward()
    assert all(p.grad.isfinite().all() for n, p in model.named_parameters() if "decoder" in n)


def test_an_untrained_model_guesses_like_a_uniform_one():
    config = ModelConfig(2000, architecture="transformer", encoder_layers=4, decoder_layers=4)
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(0)
        model = make_model(config)
    tokens = torch.randint(4, 2000, (16, 12), generator=seeded())
    with torch.no_grad():
        posterior = model.encode(tokens)
        nats = distortion(model.logits(decoder_inputs(tokens), posterior.mean), tokens) / 12
    assert float(nats.mean()) == pytest.approx(math.log(2000), abs=0.3)
    assert float(posterior.kl_per_dimension().mean()) < 0.3


def test_a_transformer_learns_to_repeat_what_it_reads():
    model, tokens = transformer(latent_dim=8, layers=1), batch(rows=4)
    optimizer, draw = torch.optim.Adam(model.parameters(), 0.02), seeded()
    for _ in range(300):
        posterior = model.encode(tokens)
        logits = model.logits(decoder_inputs(tokens), posterior.sample(draw))
        optimizer.zero_grad()
        objective(distortion(logits, tokens), posterior, 0.1).backward()
        optimizer.step()
    assert greedy(model, model.encode(tokens).mean) == tokens[:, :-1].tolist()


def test_a_stored_run_is_explored_like_any_other(tmp_path):
    model, sentences = transformer(mean_scale=0.7, layers=2, spread=2.0), corpus().sentences[:5]
    model.encode(batch())
    store_run(tmp_path / "run", model)
    explorer = Explorer.load(tmp_path / "run")
    assert isinstance(explorer.backend.model, TransformerVAE)
    expected = encode_all(model.eval(), encoded(5)).mean
    assert torch.equal(explorer.encode(sentences).mean, expected)
    for method in ("greedy", "beam", "sample"):
        assert len(explorer.decode(expected, method, generator=seeded())) == 5
    four_times = " ".join(["film"] * (4 * model.config.max_length - 1))
    assert explorer.encode([four_times]).mean.isfinite().all()


def test_the_trainer_trains_it():
    model = transformer(dropout=0.2)
    events = trainer(model, epochs=3, learning_rate=0.02).run()
    elbo = [e.elbo for e in events if isinstance(e, ValidationEvent)]
    assert elbo[-1] > elbo[0]


def test_the_configuration_chooses_the_model():
    assert isinstance(make_model(ModelConfig(50, architecture="transformer")), TransformerVAE)
    assert isinstance(make_model(ModelConfig(50)), RecurrentVAE)
    with pytest.raises(UserError, match="heads do not divide"):
        ModelConfig(50, architecture="transformer", embedding_dim=30)
