"""A model of another make, asked through an adapter: none of its answers is trusted."""

import types
from pathlib import Path

import pytest
import torch

from tests.adapters.factor_analysis import make, make_mute, make_silent
from tests.fakes import seeded
from vae.backends import AdaptedModel
from vae.corpora import factors
from vae.errors import UserError
from vae.explorer import Explorer
from vae.models import Posterior
from vae.models.explorable import NotAvailableError
from vae.runs.store import RunDirectory

SENTENCES = factors.generate(1_500).sentences[:30]
A, B = SENTENCES[:2]


def asked(model) -> Explorer:
    return Explorer(RunDirectory(Path("nowhere")), AdaptedModel("tests:model", model, "nowhere"))


def of(**methods) -> Explorer:
    """An adapter of two dimensions with the methods given."""
    return asked(types.SimpleNamespace(latent_dim=2, **methods))


@pytest.fixture(scope="module")
def explorer():
    return asked(make())


def test_it_reads_and_writes_as_the_model_does(explorer):
    posterior = explorer.encode(SENTENCES)
    assert torch.equal(posterior.mean, make().encode(SENTENCES).mean)
    assert explorer.decode(posterior.mean) == make().decode(posterior.mean)
    reading = explorer.read(A)
    assert reading.tokens == make().tokens(A)[:-1]
    assert reading.reconstruction == make().decode(posterior.mean[:1])[0]


def test_many_latents_are_read_in_parts_and_in_order(explorer, monkeypatch):
    monkeypatch.setattr("vae.backends.adapted._AT_ONCE", 7)
    whole = make().encode(SENTENCES)
    assert torch.equal(explorer.encode(SENTENCES).mean, whole.mean)
    assert explorer.decode(whole.mean) == make().decode(whole.mean)
    scores = explorer.log_likelihood(SENTENCES, whole.mean)
    for a, b in zip(scores, make().log_likelihood(SENTENCES, whole.mean), strict=True):
        assert torch.allclose(a, b.float())


def test_a_path_between_two_sentences(explorer):
    path = explorer.interpolate(A, B, 5)
    assert [p.t for p in path] == pytest.approx([0, 0.25, 0.5, 0.75, 1])
    assert path[0].sentence == make().decode(make().encode([A]).mean)[0]


def test_samples_are_those_of_their_seed(explorer):
    z = explorer.sample_prior(6, seeded(1))
    first, again, other = (explorer.decode(z, "sample", generator=seeded(s)) for s in (3, 3, 4))
    assert first == again != other


def test_what_is_not_offered_is_not_available():
    silent, mute = asked(make_silent()), asked(make_mute())
    z = torch.zeros(1, silent.latent_dim)
    asks = (
        lambda: silent.log_likelihood([A], z),
        lambda: silent.tokens(A),
        lambda: silent.importance_weights([A], silent.encode([A]), 3, seeded()),
        lambda: silent.decode(z, "sample", generator=seeded()),
        lambda: silent.decode(z, "beam"),
        lambda: silent.gradients(),
        lambda: mute.decode(z),
        lambda: mute.interpolate(A, B),
    )
    for ask in asks:
        with pytest.raises(NotAvailableError):
            ask()


def test_a_method_that_is_not_implemented_counts_as_not_offered():
    def decode(z):
        raise NotImplementedError

    with pytest.raises(NotAvailableError, match="offers no decode"):
        of(decode=decode).decode(torch.zeros(1, 2))


def test_a_reading_says_none_for_what_is_not_available():
    reading = asked(make_mute()).read(A)
    assert (reading.tokens, reading.reconstruction, reading.exact) == (None, None, None)
    assert len(reading.posterior) == 1


def test_unknown_words_are_told_or_not_told_of():
    word = "xylophone"
    assert asked(make()).unknown_words(f"She loves the {word}.") == [word]
    silent = asked(make_silent())
    assert silent.unknown_words(f"She loves the {word}.") == []
    assert not silent.tells_unknown
    assert silent.as_read(A) == A


def posterior(mean, logvar=None):
    mean = torch.as_tensor(mean)
    return Posterior(mean, torch.zeros_like(mean) if logvar is None else logvar)


@pytest.mark.parametrize(
    "encode",
    [
        lambda s: posterior(torch.zeros(len(s), 3)),
        lambda s: posterior(torch.zeros(1, 2)),
        lambda s: posterior(torch.full((len(s), 2), float("nan"))),
        lambda s: posterior(torch.zeros(len(s), 2), torch.full((len(s), 2), float("inf"))),
        lambda s: torch.zeros(len(s), 2),
        lambda s: None,
        lambda s: Posterior("a", "b"),
        lambda s: 1 / 0,
    ],
)
def test_a_posterior_that_is_none_is_a_sentence(encode):
    with pytest.raises(UserError, match="adapter tests:model"):
        of(encode=encode).encode([A, B])


@pytest.mark.parametrize("decode", [lambda z: [], lambda z: [5] * len(z), lambda z: "text"])
def test_sentences_that_are_none_are_a_sentence(decode):
    with pytest.raises(UserError, match="adapter tests:model"):
        of(decode=decode).decode(torch.zeros(2, 2))


@pytest.mark.parametrize(
    "score",
    [
        lambda s, z: [torch.zeros(3)],
        lambda s, z: [torch.tensor([0.5, -1.0])] * len(s),
        lambda s, z: [torch.tensor([-float("inf")])] * len(s),
        lambda s, z: [torch.zeros(0)] * len(s),
        lambda s, z: torch.zeros(2, 3),
    ],
)
def test_scores_that_are_no_log_probabilities_are_a_sentence(score):
    with pytest.raises(UserError, match="adapter tests:model"):
        of(log_likelihood=score).log_likelihood([A, B], torch.zeros(2, 2))


@pytest.mark.parametrize("latent_dim", [0, -1, None, "8", True, 2.0])
def test_a_model_without_dimensions_is_refused(latent_dim):
    with pytest.raises(UserError, match="latent_dim"):
        asked(types.SimpleNamespace(latent_dim=latent_dim))


@pytest.mark.parametrize("sentence", ["", "  ", "x" * 3_000, "a\ud800"])
def test_a_sentence_that_is_none_never_reaches_the_model(sentence):
    def encode(sentences):
        raise AssertionError("it did")

    with pytest.raises(UserError, match="The sentence"):
        of(encode=encode).encode([sentence])


def test_a_model_says_itself_what_it_cannot_read(explorer):
    with pytest.raises(UserError, match="places for words"):
        explorer.encode(["word " * 40])


def test_what_it_is_made_of_is_told_as_far_as_it_tells():
    told, untold = asked(make()).anatomy(), asked(make_silent()).anatomy()
    assert told.vocabulary == make().vocabulary
    assert "factor analysis" in told.what
    assert (untold.parameters, untold.vocabulary) == (None, None)


def test_one_thread_is_let_in_at_a_time():
    from concurrent.futures import ThreadPoolExecutor
    from time import sleep

    inside, most = [], []

    def decode(z):
        inside.append(1)
        most.append(len(inside))
        sleep(0.002)
        inside.pop()
        return ["x"] * len(z)

    explorer = of(decode=decode)
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda _: explorer.decode(torch.zeros(1, 2)), range(20)))
    assert max(most) == 1
