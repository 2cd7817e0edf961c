"""What a view of a lesson is drawn from, where no app is."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

import torch

from vae.course.lesson import Lesson, Value
from vae.diagnostics import xray
from vae.explorer import Explorer
from vae.handout import digits
from vae.studies.informative import Informative
from vae.training.vector import VectorTraining


@dataclass(frozen=True)
class Chosen:
    """What a learner has set, by the names of the link; what is not set is as the step gives it.

    Attributes:
        a, b: the sentences; "" for those of the lesson.
        seed: of all that is drawn.
        draw: which of the draws of z the formula shows, from 0.
        z: (Z,) where the dials stand.
    """

    a: str = ""
    b: str = ""
    seed: int = 0
    draw: int = 0
    beta: float = 1.0
    source: str = ""
    scale: float = 1.0
    temperature: float = 0.0
    method: str = ""
    z: Sequence[float] | None = None


@dataclass(frozen=True)
class Scene:
    """A step of a lesson as its view sees it.

    Attributes:
        ranked: gives the dimensions of the run.
        settings: those that the step gives its view.
        trained: gives the VAE and the autoencoder of digits, trained where nobody has yet.
    """

    explorer: Explorer
    lesson: Lesson
    chosen: Chosen
    ranked: Callable[[], Informative]
    settings: Mapping[str, Value] = field(default_factory=dict)
    trained: Callable[[], Sequence[VectorTraining]] = digits.trained

    def sentence(self, end: Literal["a", "b"] = "a") -> str:
        """The learner's sentence, else the lesson's where its run is shown, else the run's.

        Raises:
            UserError: the run has no examples.
        """
        own = self.chosen.a if end == "a" else self.chosen.b
        of_run = self.lesson.run in ("", self.explorer.name)
        given = self.lesson.sentences.get(end) if of_run else None
        return own or given or self.explorer.examples()["ab".index(end)]

    @property
    def ranking(self) -> Informative:
        """The dimensions of the run."""
        return self.ranked()

    def seen(self) -> xray.Xray:
        """The x-ray of the sentence."""
        return xray.xray(self.explorer, self.sentence(), self.dice())

    def dice(self) -> torch.Generator:
        """Chance, from the seed."""
        return torch.Generator().manual_seed(self.chosen.seed)

    def whole(self, name: str, default: int) -> int:
        """A setting that is a whole number."""
        return int(self.settings.get(name, default))

    def text(self, name: str, default: str = "") -> str:
        """A setting that is a text."""
        return str(self.settings.get(name, default))
