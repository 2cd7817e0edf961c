"""The numbers of a formula are the model's, and its lines of code run."""

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from tests.fakes import seeded, store_run, tiny
from vae.course.worked import LISTING, SYMBOLS, Worked, parts, shown
from vae.diagnostics.xray import xray
from vae.explorer import Explorer
from vae.models import decoder_inputs
from vae.objectives import distortion, token_log_likelihood

SENTENCES = ("We went to the beach.", "Does he hate watching the boring drama at his house?")
KINDS = {"recurrent": {}, "transformer": {"architecture": "transformer", "layers": 2}}


@pytest.fixture(scope="module", params=list(KINDS))
def explorer(request, tmp_path_factory):
    run = tmp_path_factory.mktemp("runs") / request.param
    return Explorer.load(store_run(run, tiny(spread=1.5, **KINDS[request.param])).path)


@pytest.mark.parametrize("beta", [0.0, 0.3, 1.0, 4.0])
def test_the_terms_add_up_to_the_loss_of_the_model_to_1e_5(explorer, beta):
    model = explorer.backend.model
    for i, sentence in enumerate(SENTENCES):
        worked = Worked(xray(explorer, sentence, seeded(i), draws=3), beta)
        tokens = torch.tensor([explorer.backend.tokenizer.encode(sentence)])
        with torch.no_grad():
            posterior = model.encode(tokens)
            for s, noise in enumerate(worked.noise):
                z = posterior.at(noise[None].float())
                logits = model.logits(decoder_inputs(tokens), z)
                nats = -token_log_likelihood(logits, tokens).double().sum()
                loss = float(nats + beta * posterior.kl_per_dimension().double().sum())
                terms = float(worked.costs[s].sum()) + beta * float(worked.seen.kl.sum())
                assert terms == pytest.approx(loss, rel=0, abs=1e-5)
                assert float(worked.losses[s]) == pytest.approx(terms, abs=1e-9)
                trained = float(distortion(logits, tokens) + beta * posterior.kl())
                assert float(worked.losses[s]) == pytest.approx(trained, rel=1e-6)


def test_the_listing_runs_and_gives_the_same_loss(explorer, monkeypatch):
    sentence = SENTENCES[0]
    worked = Worked(xray(explorer, sentence, seeded(4), draws=2), beta=0.5)

    def encoder(tokens):
        posterior = explorer.backend.model.encode(tokens[None])
        return posterior.mean[0], posterior.logvar[0]

    def decoder(tokens, z):
        logits = explorer.backend.model.logits(decoder_inputs(tokens[None]), z[None])
        return token_log_likelihood(logits, tokens[None])[0]

    class Tokenizer:
        encode = staticmethod(lambda text: torch.tensor(explorer.backend.tokenizer.encode(text)))

    monkeypatch.setattr(torch, "randn", lambda _: worked.noise[0])
    names = {
        "torch": torch,
        "tokenizer": Tokenizer,
        "encoder": encoder,
        "decoder": decoder,
        "sentence": sentence,
        "beta": 0.5,
    }
    with torch.no_grad():
        exec("\n".join(LISTING), names)
    assert float(names["loss"]) == pytest.approx(float(worked.losses[0]), rel=0, abs=1e-5)
    assert set(SYMBOLS) <= set(names)


@pytest.mark.parametrize("line", LISTING)
def test_the_pieces_of_a_line_are_the_line(line):
    assert "".join(text for text, _ in parts(line)) == line
    assert all(SYMBOLS[text] == symbol for text, symbol in parts(line) if symbol)


def test_a_method_is_no_symbol():
    assert ("z", "z") in parts("kl.z = z")
    assert parts("a.sum()") == [("a.sum()", "")]


@given(st.integers(0, 9))
def test_every_dimension_is_shown_or_among_the_others(explorer, most):
    seen = xray(explorer, SENTENCES[0], seeded(), draws=2)
    some, others = shown(seen, most)
    assert sorted([*some, *others]) == list(range(len(seen.kl)))
    assert not some or not others or min(seen.kl[list(some)]) >= max(seen.kl[list(others)])
