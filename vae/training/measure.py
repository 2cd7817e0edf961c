"""What is measured while a model trains: validation, and snapshots of fixed sentences."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

from vae import decoding
from vae.batching import Encoded, ordered_batches
from vae.diagnostics.information import active_units, mutual_information, principal_units
from vae.inference import encode_all
from vae.latent.interpolation import path
from vae.models import Posterior, SentenceVAE, TrainableVAE, decoder_inputs
from vae.objectives import word_log_likelihood

_INFORMATION_SENTENCES = 1_000
_SAMPLES = 5
_PATH_STEPS = 7
_TOKENS = 4_096


@dataclass(frozen=True)
class Validation:
    """Means over validation sentences, one draw of z each; nats a sentence."""

    n_sentences: int
    distortion: float
    rate: float
    rate_per_dimension: list[float]
    active_units: int
    principal_units: int
    mutual_information: float
    mutual_information_ceiling: float

    @property
    def elbo(self) -> float:
        """Nats a sentence."""
        return -self.distortion - self.rate


@torch.inference_mode()
def validate(model: TrainableVAE, sentences: Encoded, seed: int) -> Validation:
    """Measure a model; with a generator of its own, how often changes nothing of the training."""
    generator = torch.Generator().manual_seed(seed)
    nats, posteriors = 0.0, []
    for _, tokens in ordered_batches(sentences, _TOKENS):
        posterior = model.encode(tokens)
        outputs = model.outputs(decoder_inputs(tokens), posterior.sample(generator))
        # First over a sentence: in another order the last bit may decide which weights are kept.
        nats += float(-word_log_likelihood(model, outputs, tokens).sum(-1).sum())
        posteriors.append(posterior)
    joint = Posterior(
        torch.cat([q.mean for q in posteriors]), torch.cat([q.logvar for q in posteriors])
    )
    n = len(joint)
    per_dimension = joint.kl_per_dimension().mean(0)
    sample = joint.rows(torch.randperm(n, generator=generator)[:_INFORMATION_SENTENCES])
    information, _ = mutual_information(sample, generator)
    return Validation(
        n_sentences=n,
        distortion=nats / n,
        rate=float(per_dimension.sum()),
        rate_per_dimension=per_dimension.tolist(),
        active_units=active_units(joint.mean),
        principal_units=principal_units(joint.mean),
        mutual_information=information,
        mutual_information_ceiling=math.log(len(sample)),
    )


@dataclass(frozen=True)
class Watched:
    """What every snapshot of a run looks at.

    Attributes:
        examples: encoded sentences whose reconstructions are shown; the interpolation runs from
            the first to the last.
        sentences: encoded sentences whose posterior means are kept.
        say: token ids of a sentence to its text.
    """

    examples: Encoded
    sentences: Encoded
    say: Callable[[Sequence[int]], str]


@dataclass(frozen=True)
class Snapshot:
    """What a model makes of the watched sentences, all decoded greedily.

    Attributes:
        reconstructions: from the posterior mean of each example.
        samples: from fixed draws of the prior.
        interpolation: on the path between two examples' means, both ends included.
        means: (n, Z) posterior means of the watched sentences, along the axes that the latent space
            had at first.
    """

    reconstructions: list[str]
    samples: list[str]
    interpolation: list[str]
    means: Tensor


def snapshot_steps(total: int, count: int) -> frozenset[int]:
    """At most `count` updates, denser at the start, where a model changes fastest."""
    if count == 0:
        return frozenset()
    share = [(i / max(1, count - 1)) ** 2 for i in range(count)]
    return frozenset(round(s * total) for s in share)


def take_snapshot(
    model: SentenceVAE,
    watched: Watched,
    seed: int,
    axes: Tensor | None = None,
    rest: Tensor | None = None,
) -> Snapshot:
    """Look at the watched sentences; one batch decodes all that is said.

    Args:
        axes, rest: (L, Z) of now, in those of the first update, and (Z,) what they leave out, where
            the latent space has been turned: the points of the picture, and the draws of the prior,
            stay where they were.
    """
    latent = model.config.latent_dim if axes is None else axes.shape[1]
    means = encode_all(model, watched.examples).mean  # (E, Z)
    generator = torch.Generator().manual_seed(seed)
    prior = torch.randn(_SAMPLES, latent, generator=generator)
    seen = encode_all(model, watched.sentences).mean
    if axes is not None:
        prior, seen = prior @ axes.T, seen @ axes + (0.0 if rest is None else rest)
    walk = path(means[0], means[-1], _PATH_STEPS, "slerp")[1] if len(means) else means
    said = [watched.say(i) for i in decoding.greedy(model, torch.cat([means, prior, walk]))]
    examples, samples = len(means), len(means) + _SAMPLES
    return Snapshot(
        reconstructions=said[:examples],
        samples=said[examples:samples],
        interpolation=said[samples:],
        means=seen,
    )
