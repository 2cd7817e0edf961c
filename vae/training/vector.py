"""Training of a vector VAE, epoch by epoch; `vae.training.vector_job` does it for the app.

Whoever trains decides after each epoch whether to go on. What is learned depends on the seed and
the number of epochs alone, never on how they were spread over time.
"""

from __future__ import annotations

import math
import threading
import time
from dataclasses import dataclass, field, replace
from typing import Any

import torch
from torch import Tensor

from vae.corpora.vectors import Vectors
from vae.errors import UserError
from vae.models import Posterior
from vae.models.vector import VectorConfig, VectorLoss, VectorVAE

MOST_EPOCHS = 1_000


@dataclass(frozen=True)
class VectorTrainConfig:
    """How a vector VAE is trained.

    Attributes:
        epochs: passes over the training vectors.
        learning_rate: of Adam (Kingma and Ba, 2015).
        batch: vectors an update.
        beta: weight of the KL.
        seed: of the weights, the order of the vectors and the noise.

    Raises:
        UserError: a setting that nothing can be trained with.
    """

    epochs: int = 100
    learning_rate: float = 1e-3
    batch: int = 64
    beta: float = 1.0
    seed: int = 0

    def __post_init__(self) -> None:
        if not 1 <= self.epochs <= MOST_EPOCHS:
            raise UserError(
                "`epochs` is {n:,}. Choose 1 to {most:,}.", n=self.epochs, most=MOST_EPOCHS
            )
        if self.batch < 1:
            raise UserError("`batch` is {n:,}. An update needs at least 1 vector.", n=self.batch)
        if not 0 < self.learning_rate <= 1:
            raise UserError(
                "`learning_rate` is {value:g}. Choose one above 0, at most 1.",
                value=self.learning_rate,
            )
        if not 0 <= self.beta < math.inf:
            raise UserError("`beta` is {value:g}. Choose 0 or more.", value=self.beta)


class Objective:
    """The loss of a batch, in the steps in which the article goes wrong (`training.mistakes`)."""

    def begin(self, model: VectorVAE, x: Tensor, noise: Tensor, beta: float) -> None:
        """What is done once, before training: nothing."""

    def posterior(self, model: VectorVAE, x: Tensor) -> Posterior:
        """q(z|x) of vectors (B, D)."""
        return model.encode(x)

    def latent(self, posterior: Posterior, noise: Tensor) -> Tensor:
        """(B, Z) what the decoder reads, from standard normal noise (B, Z)."""
        return posterior.at(noise)

    def rate(self, posterior: Posterior) -> Tensor:
        """(B,) nats: KL(q(z|x) || p(z))."""
        return posterior.kl()

    def loss(self, model: VectorVAE, x: Tensor, noise: Tensor, beta: float) -> VectorLoss:
        """The loss of vectors (B, D), term by term."""
        posterior = self.posterior(model, x)
        output = model.decode(self.latent(posterior, noise))
        return VectorLoss(-output.log_likelihood(x), self.rate(posterior), beta)

    def to_minimise(self, loss: VectorLoss) -> Tensor:
        """Scalar: what gradients are taken of."""
        return loss.total.mean()


@dataclass(frozen=True)
class VectorEpoch:
    """Where a training stands after an epoch; nats a vector, means.

    Attributes:
        epoch: from 0, before the first update.
        loss: on the training vectors while they were learned, as the objective itself counts it;
            NaN before the first epoch.
        distortion, rate: on held-out vectors, by the right formulas and one draw of noise each.
        without_noise: distortion on them at what the objective hands to its decoder.
    """

    epoch: int
    loss: float
    distortion: float
    rate: float
    without_noise: float


@dataclass
class VectorTraining:
    """A training that is under way, safe to be advanced by several threads.

    Attributes:
        history: epochs so far, the state before the first one first.
        problem: what ended it early: an error of its code; empty where none did.
    """

    vectors: Vectors
    model_config: VectorConfig
    config: VectorTrainConfig = field(default_factory=VectorTrainConfig)
    objective: Objective = field(default_factory=Objective)
    history: list[VectorEpoch] = field(default_factory=list, init=False)
    problem: str = field(default="", init=False)

    def __post_init__(self) -> None:
        if self.model_config.data_dim != self.vectors.values.shape[1]:
            raise UserError(
                "The vectors have {given:,} values, the model reads {needed:,}.",
                given=self.vectors.values.shape[1],
                needed=self.model_config.data_dim,
            )
        if self.model_config.likelihood == "bernoulli" and self.vectors.kind != "binary digits":
            raise UserError(
                "A Bernoulli decoder writes zeros and ones, and these vectors hold other numbers. "
                "Choose the Gaussian decoder, or vectors of two values."
            )
        c = self.config
        self.model = VectorVAE(self.model_config, c.seed)
        self._train = torch.from_numpy(self.vectors.train)
        self._held_out = torch.from_numpy(self.vectors.held_out)
        self._draw = torch.Generator().manual_seed(c.seed + 1)
        self._fixed = self._noise(self._held_out, torch.Generator().manual_seed(c.seed + 2))
        self._optimiser = torch.optim.Adam(self.model.parameters(), c.learning_rate, fused=True)
        self._lock = threading.Lock()
        first = self._noise(self._train, torch.Generator().manual_seed(c.seed + 3))
        self.objective.begin(self.model, self._train, first, c.beta)
        self._record(math.nan)

    @property
    def done(self) -> int:
        """Epochs made."""
        return len(self.history) - 1

    @property
    def over(self) -> bool:
        """Whether nothing more can be learned: all epochs are made, or it went wrong."""
        return self.done >= self.config.epochs or bool(self.problem) or self.diverged

    @property
    def diverged(self) -> bool:
        """Whether the loss is no number any more."""
        return self.done > 0 and not math.isfinite(self.history[-1].loss)

    def advance(self, seconds: float = math.inf) -> None:
        """Make epochs until the time is used or the training is over; one at least, if it is not.

        Another thread that advances it meanwhile has the turn: this one then returns at once.
        """
        if not self._lock.acquire(blocking=False):
            return
        try:
            end = time.monotonic() + seconds
            while not self.over:
                try:
                    self._record(self._epoch())
                except AttributeError as error:  # a listing for a library of another version
                    self.problem = f"{type(error).__name__}: {error}"
                if time.monotonic() >= end:
                    return
        finally:
            self._lock.release()

    def _epoch(self) -> float:
        """One pass; the mean loss of its vectors."""
        order = torch.randperm(len(self._train), generator=self._draw)
        total = 0.0
        for rows in order.split(self.config.batch):
            x = self._train[rows]
            loss = self.objective.loss(self.model, x, self._noise(x, self._draw), self.config.beta)
            minimised = self.objective.to_minimise(loss)
            self._optimiser.zero_grad()
            minimised.backward()
            self._optimiser.step()
            total += minimised.item() * len(rows)
        return total / len(self._train)

    @torch.no_grad()
    def _record(self, loss: float) -> None:
        x = self._held_out
        posterior = self.objective.posterior(self.model, x)
        handed = self.objective.latent(posterior, self._fixed)
        self.history.append(
            VectorEpoch(
                epoch=len(self.history),
                loss=loss,
                distortion=-float(
                    self.model.decode(posterior.at(self._fixed)).log_likelihood(x).mean()
                ),
                rate=float(posterior.kl().mean()),
                without_noise=-float(self.model.decode(handed).log_likelihood(x).mean()),
            )
        )

    def _noise(self, x: Tensor, generator: torch.Generator) -> Tensor:
        return torch.randn(len(x), self.model_config.latent_dim, generator=generator)


def train_vectors(
    vectors: Vectors,
    config: VectorTrainConfig | None = None,
    objective: Objective | None = None,
    **model: Any,
) -> VectorTraining:
    """A training of vectors to its end; `model` are settings of `VectorConfig`, as its
    likelihood."""
    model_config = replace(VectorConfig(vectors.values.shape[1]), **model)
    training = VectorTraining(
        vectors, model_config, config or VectorTrainConfig(), objective or Objective()
    )
    training.advance()
    return training
