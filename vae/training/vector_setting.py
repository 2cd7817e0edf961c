"""What a training of vectors is made of, in few words: the same for a page and for a process."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

from vae.corpora import vectors as corpora
from vae.corpora.vectors import Vectors
from vae.explorer import Explorer
from vae.models.vector import VectorConfig
from vae.training.mistakes import MISTAKES
from vae.training.vector import Objective, VectorTrainConfig, VectorTraining

MOST_SENTENCES = 1_800


@dataclass(frozen=True)
class Setting:
    """What a training is made of.

    Attributes:
        vectors: digits, binary or sentences.
        run: whose sentences; empty for digits.
        latents, weight, epochs, seed: as of `VectorConfig` and `VectorTrainConfig`.
        mistake: the step that it gets wrong; empty for the right form.
    """

    vectors: str
    run: str = ""
    latents: int = 2
    weight: float = 1.0
    epochs: int = 100
    seed: int = 0
    mistake: str = ""

    @property
    def key(self) -> str:
        """Its name among the widgets of a page."""
        return "_".join(map(str, vars(self).values()))

    def with_mistake(self, mistake: str) -> Setting:
        """The same with one step wrong."""
        return replace(self, mistake=mistake)


def digits(kind: str) -> Vectors:
    """The digits of a setting: "digits" in grey, "binary" in black and white."""
    return corpora.binary_digits() if kind == "binary" else corpora.digits()


def sentence_vectors(explorer: Explorer) -> Vectors:
    """Vectors of a run's sentences.

    Raises:
        UserError: the run has no sentences to make vectors of.
    """
    return corpora.sentence_vectors(explorer.atlas.sentences[:MOST_SENTENCES])


def begun(setting: Setting, found: Vectors) -> VectorTraining:
    """The training of a setting before its first epoch."""
    likelihood: Literal["gaussian", "bernoulli"] = (
        "bernoulli" if setting.vectors == "binary" else "gaussian"
    )
    sizes = VectorConfig(found.values.shape[1], latent_dim=setting.latents, likelihood=likelihood)
    config = VectorTrainConfig(setting.epochs, beta=setting.weight, seed=setting.seed)
    objective = MISTAKES[setting.mistake]() if setting.mistake else Objective()
    return VectorTraining(found, sizes, config, objective)
