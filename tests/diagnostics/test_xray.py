"""One sentence under the lens: its parts are the loss that training minimises."""

import math
from dataclasses import replace

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from tests.fakes import corpus, objective, seeded, store_run, tiny
from vae.diagnostics.xray import MOST_DRAWS, same_tokens, sayings, xray
from vae.errors import UserError
from vae.explorer import Explorer
from vae.models import Posterior, decoder_inputs
from vae.models.explorable import NotAvailableError
from vae.objectives import distortion, token_log_likelihood

SENTENCES = corpus().sentences[:12]
KINDS = {
    "lstm": {"cell": "lstm"},
    "gru": {"cell": "gru"},
    "transformer": {"architecture": "transformer", "layers": 2},
    "normalised": {"mean_scale": 0.7},
}


@pytest.fixture(scope="module", params=list(KINDS))
def explorer(request, tmp_path_factory):
    run = tmp_path_factory.mktemp("runs") / request.param
    return Explorer.load(store_run(run, tiny(spread=1.5, **KINDS[request.param])).path)


@pytest.fixture(scope="module")
def gru(tmp_path_factory):
    return Explorer.load(store_run(tmp_path_factory.mktemp("runs") / "gru").path)


def test_tokens_and_dimensions_together_are_the_loss_of_training_to_1e_5(explorer):
    for i, sentence in enumerate(SENTENCES):
        seen = xray(explorer, sentence, seeded(i), draws=3)
        tokens = torch.tensor([explorer.backend.tokenizer.encode(sentence)])
        with torch.no_grad():
            posterior = explorer.backend.model.encode(tokens)
            for s, z in enumerate(seen.z):
                logits = explorer.backend.model.logits(decoder_inputs(tokens), z[None])
                trained = float(objective(distortion(logits, tokens), posterior, beta=1.0))
                # Training sums in single precision: a hundred nats have no sixth decimal there.
                nats = -token_log_likelihood(logits, tokens).double().sum(-1)
                loss = float(objective(nats, posterior, beta=1.0))
                assert loss == pytest.approx(trained, rel=1e-6)
                parts = -float(seen.own[s].sum()) + float(seen.kl.sum())
                assert parts == pytest.approx(loss, rel=0, abs=1e-5)
                assert float(seen.losses[s]) == pytest.approx(parts, abs=1e-9)
        assert seen.elbo == pytest.approx(-float(seen.losses.mean()))
        assert seen.loss == pytest.approx(seen.distortion.mean + seen.rate)


def test_the_elbo_agrees_with_a_monte_carlo_reference_within_its_error(explorer):
    sentence = SENTENCES[0]
    posterior = explorer.encode([sentence])
    n = 3_000
    z = posterior.mean + (0.5 * posterior.logvar).exp() * torch.randn(n, 4, generator=seeded(9))
    totals = torch.stack(explorer.log_likelihood([sentence] * n, z)).double().sum(1)
    reference = float(totals.mean()) - float(posterior.kl()[0])
    seen = xray(explorer, sentence, seeded(1), draws=MOST_DRAWS)
    assert seen.distortion.deviation == pytest.approx(float(totals.std()), rel=0.25)
    error = math.hypot(seen.distortion.error, float(totals.std()) / math.sqrt(n))
    assert abs(seen.elbo - reference) < 4 * error + 1e-5


def test_scores_given_the_prior_are_those_of_draws_from_it(gru):
    sentence = SENTENCES[1]
    seen = xray(gru, sentence, seeded(2), draws=MOST_DRAWS)
    z = torch.randn(3_000, 4, generator=seeded(8))
    totals = torch.stack(gru.log_likelihood([sentence] * 3_000, z)).double()
    error = totals.std(0) * (1 / 3_000 + 1 / MOST_DRAWS) ** 0.5
    assert ((seen.log_p_prior - totals.mean(0)).abs() < 4 * error + 1e-5).all()
    assert seen.distortion_prior.mean == pytest.approx(-float(seen.log_p_prior.sum()))


@given(st.lists(st.floats(-4, 4), min_size=4, max_size=4), st.floats(-3, 1))
def test_the_rate_does_not_depend_on_the_draws(gru, mean, logvar):
    seen = xray(gru, SENTENCES[0], seeded(), draws=2)
    moved = replace(seen, posterior=Posterior(torch.tensor([mean]), torch.full((1, 4), logvar)))
    closed = sum(0.5 * (m * m + math.exp(logvar) - logvar - 1) for m in mean)
    assert moved.rate == pytest.approx(closed, rel=1e-4, abs=1e-5)
    assert moved.loss - moved.distortion.mean == pytest.approx(moved.rate, abs=1e-6)


def test_same_seed_same_x_ray(gru):
    one, same, other = (xray(gru, SENTENCES[0], seeded(s)) for s in (1, 1, 2))
    assert torch.equal(one.own, same.own)
    assert torch.equal(one.prior, same.prior)
    assert not torch.equal(one.own, other.own)
    assert not torch.equal(one.z, one.posterior.mean.expand_as(one.z))


def test_every_token_has_its_score_and_the_end_is_the_last(explorer):
    seen = xray(explorer, SENTENCES[0], seeded(), draws=2)
    assert seen.tokens == explorer.tokens(SENTENCES[0])
    assert seen.tokens[-1] == "end"
    assert seen.own.shape == seen.prior.shape == (2, len(seen.tokens))
    assert (seen.own < 0).all()


def test_unknown_words_are_flagged_and_no_others(gru):
    sentence = "She loves gandalf in the film."
    seen = xray(gru, sentence, seeded())
    flags = seen.unknown(gru.unknown_words(sentence))
    assert [t for t, strange in zip(seen.tokens, flags, strict=True) if strange] == ["gandalf"]
    stored = seen.to_dict(gru.unknown_words(sentence))
    assert [t["token"] for t in stored["tokens"] if t["unknown"]] == ["gandalf"]


def test_a_word_that_is_spelled_like_the_end_does_not_flag_the_end(gru):
    seen = xray(gru, "She loves the end", seeded())
    assert seen.unknown(["end"]) == (False, False, False, True, False)


def test_a_model_that_does_not_tell_its_words_flags_none(gru):
    seen = xray(gru, SENTENCES[0], seeded())
    assert set(seen.unknown(None)) == {None}
    assert {t["unknown"] for t in seen.to_dict()["tokens"]} == {None}


def test_as_json_the_figures_still_add_up(explorer):
    stored = xray(explorer, SENTENCES[2], seeded(3)).to_dict()
    total = -sum(t["logp"] for t in stored["tokens"]) + sum(stored["kl"])
    assert total == pytest.approx(stored["loss"], abs=1e-9)
    assert stored["elbo"] == -stored["loss"]
    assert len(stored["kl"]) == len(stored["mean"]) == explorer.latent_dim


def test_what_the_draws_say_is_counted_and_scored(gru):
    seen = xray(gru, SENTENCES[0], seeded(), draws=40)
    found = sayings(gru, seen)
    assert sum(one.draws for one in found) == 40
    assert [one.draws for one in found] == sorted((one.draws for one in found), reverse=True)
    assert len({one.sentence for one in found}) == len(found)
    weighted = sum(one.draws * one.log_p for one in found) / 40
    assert weighted == pytest.approx(-seen.distortion.mean)
    assert {one.sentence for one in found} == set(gru.decode(seen.z))


def test_a_sentence_that_comes_back_is_known_whatever_its_capitals(gru):
    said = gru.decode(torch.zeros(1, 4))[0]
    seen = xray(gru, said.upper(), seeded(), draws=2)
    moved = replace(seen, z=torch.zeros(2, 4))
    (only,) = sayings(gru, moved)
    assert only.same
    assert not sayings(gru, replace(moved, sentence="She loves the film."))[0].same


def test_a_language_model_has_a_loss_and_no_rate(tmp_path):
    model = Explorer.load(store_run(tmp_path / "lm", tiny("lstm", 0, spread=2.0)).path)
    seen = xray(model, SENTENCES[0], seeded())
    assert seen.rate == 0
    assert seen.distortion.deviation == pytest.approx(0, abs=1e-6)
    assert seen.loss == pytest.approx(seen.distortion_prior.mean)


def test_without_tokens_sentences_are_compared_as_text(gru):
    def none(sentence):
        raise NotAvailableError("This model has no tokens.")

    silent = Borrowed(gru, tokens=none)
    assert same_tokens(silent, "She  loves the film.", "she loves the film.")
    assert not same_tokens(silent, "She loves the film.", "She loves the game.")
    assert not same_tokens(silent, "", "She loves the film.")


class Borrowed:
    """An explorable of another make: what it cannot do is replaced."""

    def __init__(self, model, **instead):
        self._model = model
        self.__dict__.update(instead)

    def __getattr__(self, name):
        return getattr(self._model, name)


def test_a_model_that_scores_nothing_is_not_available(gru):
    def none(sentences, z):
        raise NotAvailableError("This model does not score tokens.")

    with pytest.raises(NotAvailableError, match="does not score"):
        xray(Borrowed(gru, log_likelihood=none), SENTENCES[0], seeded())


def test_scores_that_do_not_belong_to_the_tokens_are_refused(gru):
    short = Borrowed(gru, tokens=lambda sentence: ("one", "end"))
    with pytest.raises(UserError, match="do not belong together"):
        xray(short, SENTENCES[0], seeded())
    impossible = Borrowed(
        gru, log_likelihood=lambda s, z: [torch.full((15,), -math.inf) for _ in s]
    )
    with pytest.raises(UserError, match="not a finite number"):
        xray(impossible, SENTENCES[0], seeded())


@pytest.mark.parametrize("draws", [-1, 0, 1, MOST_DRAWS + 1])
def test_too_few_or_too_many_draws_are_refused(gru, draws):
    with pytest.raises(UserError, match="from 2 to 256"):
        xray(gru, SENTENCES[0], seeded(), draws=draws)


def test_an_empty_sentence_is_refused(gru):
    with pytest.raises(UserError, match="empty"):
        xray(gru, "  ", seeded())
