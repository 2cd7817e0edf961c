"""A model examined on one set of sentences: all that its diagnosis rests on is measured."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Protocol, TypeVar

import numpy as np
import torch
from torch import Tensor

from vae.diagnostics.bootstrap import Floats, bootstrap_mean
from vae.diagnostics.evidence import Evidence, too_few
from vae.diagnostics.gains import Gain, factor_gains, listening, vocabulary_gains
from vae.diagnostics.information import unit_variances
from vae.diagnostics.latent_swap import Scores, score, too_alike
from vae.diagnostics.likelihood import DRAWS, LikelihoodCurve, grown, likelihood_curve
from vae.diagnostics.prior_match import PriorMatch, prior_match
from vae.diagnostics.proposals import affordable, choose
from vae.diagnostics.rate_split import bounded, rate_split
from vae.diagnostics.samples import Reason, Sample
from vae.diagnostics.units import principal_curve, unit_curve
from vae.errors import UserError
from vae.i18n import message
from vae.inference import Proposal, totals
from vae.models.base import Posterior
from vae.models.explorable import Explorable, NotAvailableError, where_available
from vae.models.point import KEEPS_A_POINT
from vae.progress import Progress, silent

T = TypeVar("T")

MOST_POSTERIORS = 2_000
"""Posteriors that are measured where there are no more than they: a mixture costs N squared."""


class Weighing(Explorable, Protocol):
    """A model that also weighs draws, as `vae.inference` does for any."""

    def importance_weights(
        self,
        sentences: Sequence[str],
        posterior: Posterior | Proposal,
        samples: int,
        generator: torch.Generator,
        progress: Progress = silent,
    ) -> Tensor:
        """(N, K) nats: log p(x, z_k) / q(z_k|x)."""
        ...


def gather(
    model: Weighing,
    sentences: Sequence[str],
    which: Sample,
    *,
    seed: int,
    counts: Mapping[str, int] | None = None,
    words_of: Callable[[str], Mapping[str, Sequence[int]]] | None = None,
    grammatical: Callable[[str], bool] | None = None,
    frequency_costs: Floats | None = None,
    draws: int = DRAWS[-1],
    most_draws: int | None = None,
    validation: tuple[Sequence[str], Sample] | None = None,
    progress: Progress = silent,
) -> Evidence:
    """Measure a model on N sentences.

    Args:
        counts: how often each word stands in the training text, if that is known.
        words_of: the places of the words that say each factor, where sentences have factors.
        grammatical: whether a sentence is one of the language, where a grammar is known.
        frequency_costs: (N,) nats that each sentence costs by the frequencies of words alone.
        draws: K of the tightest likelihood bound.
        most_draws: K doubles up to so many, until the bound is level; None for `draws` and no more.
        validation: sentences that the proposal of the bound is chosen on, and which they are;
            without them it is some of the sentences themselves, with other draws.

    Raises:
        NotAvailableError: the model keeps a point.
        UserError: there are fewer than two sentences, or one cannot be read.
    """
    generator = torch.Generator().manual_seed(seed)
    # Numbers of its own for each part: it is the same whatever is measured beside it.
    space_rng, bound_rng, heard_rng, words_rng, factor_rng, match_rng = np.random.default_rng(
        seed
    ).spawn(6)
    missing: list[Reason] = []
    if caution := too_few(len(sentences)):
        missing.append(caution)

    def available(kind: str, ask: Callable[[], T]) -> T | None:
        try:
            return ask()
        except NotAvailableError as error:
            missing.append(Reason.error(error, kind))
            return None

    progress(0, len(sentences), message("Encoding sentences"))
    posterior = model.encode(sentences)
    if posterior.is_point:
        raise NotAvailableError(KEEPS_A_POINT)
    progress(len(sentences), len(sentences), message("Encoding sentences"))
    space = _of_space(posterior, which, seed, generator, space_rng, progress, missing)
    scores = _scores(model, sentences, seed, progress, missing, available)
    own = _own(model, sentences, posterior, scores, seed)
    elbos = None if own is None else own - posterior.kl().double().numpy()
    few = affordable(len(sentences), draws)
    aside = validation or (
        sentences[:few],
        replace(which, kind="part", n=few, total=len(sentences)),
    )

    def weighed() -> LikelihoodCurve:
        # Other draws than the bound is made of, which so holds whatever is chosen.
        choice = torch.Generator().manual_seed(
            int(np.random.default_rng([seed, 1]).integers(2**62))
        )
        proposal, chosen = choose(model, *aside, posterior, choice, progress)

        def draw(k: int) -> Tensor:
            return model.importance_weights(sentences, proposal, k, generator, progress)

        return likelihood_curve(
            grown(draw, draws, most_draws or draws),
            [len(model.tokens(s)) for s in sentences],
            bound_rng,
            elbo=elbos if model.latent_dim else None,
            proposal=chosen,
        )

    likelihood = available("no-likelihood", weighed)
    heard = listening(scores, heard_rng) if scores else None
    match = _match(posterior, match_rng, _accepts(model, grammatical), missing, progress)
    rng = np.random.default_rng(seed)  # its own: the other figures stay what they are without
    distortion = None if own is None else bootstrap_mean(-own, rng)
    elbo = None if elbos is None else bootstrap_mean(elbos, rng)
    vocabulary: tuple[Gain, ...] = ()
    factors: tuple[Gain, ...] = ()
    if scores and counts is not None:
        vocabulary = vocabulary_gains(scores, counts, words_rng)
    if scores and words_of is not None:
        factors = factor_gains(scores, sentences, words_of, factor_rng, progress)
    nll = likelihood.nll[-1] if likelihood is not None else None
    return replace(
        space,
        split=bounded(space.split, nll, match.moment_kl if match else None),
        likelihood=likelihood,
        listening=heard,
        vocabulary=vocabulary,
        factors=factors,
        missing=tuple(missing),
        distortion=distortion,
        elbo=elbo,
        unigram=None
        if frequency_costs is None
        else bootstrap_mean(frequency_costs, np.random.default_rng(seed)),
        match=match,
    )


def _of_space(
    posterior: Posterior,
    which: Sample,
    seed: int,
    generator: torch.Generator,
    rng: np.random.Generator,
    progress: Progress,
    missing: Sequence[Reason],
) -> Evidence:
    """The parts that N posteriors (N, Z) tell of the latent space."""
    split = rate_split(posterior, generator, rng, progress=progress)
    latent = posterior.mean.shape[1]
    return Evidence(
        n=len(posterior),
        which=which,
        seed=seed,
        latent_dim=latent,
        split=split,
        rate_per_dimension=tuple(posterior.kl_per_dimension().double().mean(0).tolist()),
        variances=tuple(unit_variances(posterior.mean).tolist()),
        units=unit_curve(posterior.mean, rng),
        # Numbers of its own, so that the figures beside it are what they were.
        principal=principal_curve(posterior.mean, np.random.default_rng(seed)),
        likelihood=None,
        listening=None,
        vocabulary=(),
        factors=(),
        missing=tuple(missing),
    )


def _match(
    posterior: Posterior,
    rng: np.random.Generator,
    accepts: Callable[[Tensor], list[bool] | None],
    missing: list[Reason],
    progress: Progress = silent,
) -> PriorMatch | None:
    """None where there is no latent space, or where it cannot be said."""
    if not posterior.mean.shape[1]:
        return None
    try:
        return prior_match(posterior, rng, accepts, progress)
    except UserError as error:
        missing.append(Reason.error(error, "no-match"))
        return None


def _accepts(
    model: Explorable, grammatical: Callable[[str], bool] | None
) -> Callable[[Tensor], list[bool] | None]:
    """Whether what is decoded greedily at latents (M, Z) is of the language; None if not known."""
    if grammatical is None:
        return lambda z: None
    return lambda z: where_available(lambda: [grammatical(s) for s in model.decode(z)])


def _own(
    model: Weighing,
    sentences: Sequence[str],
    posterior: Posterior,
    scores: Scores | None,
    seed: int,
) -> Floats | None:
    """(N,) log p(x|z) of one draw of z each: those that `scores` are of, where there are."""
    if scores is not None:
        return scores.totals(scores.own)
    z = posterior.sample(torch.Generator().manual_seed(seed))
    scored = where_available(lambda: model.log_likelihood(sentences, z))
    return None if scored is None else totals(scored).numpy()


def evidence_of_posteriors(posterior: Posterior, kind: str, seed: int = 0) -> Evidence:
    """What N posteriors (N, Z) alone tell, of at most 2,000 drawn by the seed.

    Args:
        kind: of sentences (`vae.diagnostics.samples.Sample`).

    Raises:
        NotAvailableError: the model keeps a point.
        UserError: there are fewer than two.
    """
    if posterior.is_point:
        raise NotAvailableError(KEEPS_A_POINT)
    generator = torch.Generator().manual_seed(seed)
    rng = np.random.default_rng(seed)
    some = posterior.rows(torch.randperm(len(posterior), generator=generator)[:MOST_POSTERIORS])
    caution = too_few(len(some))
    missing = [caution] if caution else []
    space = _of_space(some, Sample(kind, len(some)), seed, generator, rng, silent, missing)
    match = _match(some, rng, lambda z: None, missing)
    return replace(space, match=match, missing=tuple(missing))


def _scores(
    model: Weighing,
    sentences: Sequence[str],
    seed: int,
    progress: Progress,
    missing: list[Reason],
    available: Callable[[str, Callable[[], Scores]], Scores | None],
) -> Scores | None:
    """What the decoder says of each token; None where it cannot, or there is nothing to hear."""
    if not model.latent_dim:
        missing.append(Reason("no-z"))
        return None
    if too_alike(sentences):
        missing.append(Reason("alike"))
        return None
    return available("not-heard", lambda: score(model, sentences, seed, progress))
