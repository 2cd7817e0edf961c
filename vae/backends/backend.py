"""What stands behind an `Explorer`: `Explorable`, and all else that pages ask of a run's model."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import torch
from torch import Tensor

from vae.diagnostics.gradients import Gradients
from vae.errors import UserError
from vae.i18n import Message, message
from vae.inference import Proposal
from vae.models import Posterior
from vae.models.explorable import Explorable
from vae.progress import Progress, silent
from vae.spelling import Vocabulary


@dataclass(frozen=True)
class Anatomy:
    """What a model is made of; None where it does not tell.

    Attributes:
        parameters: how many numbers it has learned.
        vocabulary: how many different tokens it knows.
        what: its kind, for a reader.
    """

    parameters: int | None
    vocabulary: int | None
    what: str


class Backend(Explorable, Protocol):
    """The model of a run. `Explorer` has checked what it is asked: shapes, numbers, text.

    Every method may raise `NotAvailableError` where the model has no such thing.
    """

    @property
    def has_posterior(self) -> bool:
        """Whether a sentence has a distribution; if not, `encode` gives `vae.models.point.Codes`,
        and there is no prior to draw from.
        """
        ...

    @property
    def tells_unknown(self) -> bool:
        """Whether no unknown word means that every word is known."""
        ...

    def encode(self, sentences: Sequence[str], progress: Progress | None = None) -> Posterior:
        """Posteriors (N, Z) of N sentences.

        Raises:
            UserError: a sentence is longer than the model can read.
        """
        ...

    def decode(
        self,
        z: Tensor,
        method: str = "greedy",
        *,
        generator: torch.Generator | None = None,
        temperature: float = 1.0,
        beam_width: int = 5,
    ) -> list[str]:
        """Sentences of B latents (B, Z): greedy, beam, or a sample from the decoder.

        Raises:
            UserError: the method does not exist, or a sample is asked for without a generator.
        """
        ...

    def as_read(self, sentence: str) -> str:
        """The sentence as the model takes it in, where it does not know every word of it."""
        ...

    def unknown_words(self, sentence: str) -> list[str]:
        """Words of the sentence that the model does not know, in order, each once."""
        ...

    @property
    def vocabulary(self) -> Vocabulary | None:
        """All that it knows; None where it does not tell."""
        ...

    def nearest_words(self, word: str, k: int) -> tuple[str, ...]:
        """At most k words that the model knows, the nearest to one that it does not know first."""
        ...

    def importance_weights(
        self,
        sentences: Sequence[str],
        posterior: Posterior | Proposal,
        samples: int,
        generator: torch.Generator,
        progress: Progress = silent,
    ) -> Tensor:
        """(N, K) nats: log p(x, z_k) / q(z_k|x) with K `samples` of posteriors (N, Z)."""
        ...

    def gradients(self) -> Gradients:
        """The model as functions that can be differentiated."""
        ...

    def anatomy(self) -> Anatomy:
        """What the model is made of."""
        ...


def name_of(row: int, of: int) -> Message:
    """What to call a sentence that something is wrong with: "Sentence 3" where there are more."""
    return message("Sentence {i}", i=row + 1) if of > 1 else message("The sentence")


def check_sentence(sentence: str, who: Message) -> None:
    """Refuse what is no sentence; `who` names it, as "Sentence 3".

    Raises:
        UserError: it is empty, or no text.
    """
    if not sentence.strip():
        raise UserError("{sentence} is empty. Type a few words.", sentence=who)
    check_text(sentence, who)


def check_text(sentence: str, who: Message) -> None:
    """Refuse bytes that are not text.

    Raises:
        UserError: the sentence holds some.
    """
    if any("\ud800" <= sign <= "\udfff" for sign in sentence):
        raise UserError("{sentence} holds bytes that are not text. Save it as UTF-8.", sentence=who)
