"""The facade between a model and everything else: pages, command line, notebooks."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from vae import backends
from vae.backends.backend import Anatomy, Backend, check_sentence, check_text, name_of
from vae.corpora.corpus import normalise
from vae.diagnostics.gradients import Gradients
from vae.errors import UserError
from vae.i18n import message
from vae.inference import Proposal, log_prior
from vae.latent import interpolation
from vae.latent.atlas import Atlas, neighbours_of
from vae.latent.atlas_source import load_atlas, posterior_without_text
from vae.latent.findings import Neighbour, PathPoint, Reading
from vae.latent.spread import Spread, spread_of, usual_path
from vae.models import Posterior
from vae.models.explorable import NotAvailableError, where_available
from vae.models.point import KEEPS_A_POINT
from vae.progress import Progress, silent
from vae.runs.catalogue import find_run
from vae.runs.store import RunDirectory
from vae.spelling import Vocabulary

__all__ = ["Anatomy", "Explorer", "Neighbour", "PathPoint", "Reading"]


class Explorer:
    """A run, read-only and thread-safe: one instance serves every session.

    explorer = Explorer.load("factors")
    explorer.decode(explorer.encode(["She loves the film."]).mean)

    Attributes:
        run: its directory.
        backend: the model that reads and writes: weights of ours, or a model of another make.
    """

    def __init__(self, run: RunDirectory, backend: Backend) -> None:
        self.run, self.backend = run, backend
        self._atlas: Atlas | None = None
        self._examples: list[str] | None = None
        self._lock = threading.Lock()

    @staticmethod
    def load(run: str | Path | RunDirectory) -> Explorer:
        """The run in a directory, or the name of a run that ships or was trained here.

        Raises:
            UserError: there is no such run, a file of it is missing or damaged, or the model
                behind it is of another make and may not be loaded (`vae.models.adapters`).
        """
        directory = run if isinstance(run, RunDirectory) else find_run(run)
        return Explorer(directory, backends.load(directory))

    @property
    def name(self) -> str:
        """The name of the run."""
        return self.run.name

    @property
    def latent_dim(self) -> int:
        """Z."""
        return self.backend.latent_dim

    @property
    def has_posterior(self) -> bool:
        """Whether a sentence has a distribution; if not it has a code, and there is no prior."""
        return self.backend.has_posterior

    # -- sentences to latents ------------------------------------------------------------------

    def encode(self, sentences: Sequence[str], progress: Progress | None = None) -> Posterior:
        """Posteriors (N, Z) of N sentences; their `mean` is the embedding.

        Raises:
            UserError: a sentence is empty, no text, or longer than the model can read.
        """
        if isinstance(sentences, str):
            raise UserError("Give a list of sentences: encode([sentence]).")
        for i, sentence in enumerate(sentences):
            check_sentence(sentence, name_of(i, len(sentences)))
        return self.backend.encode(sentences, progress)

    def tokens(self, sentence: str) -> tuple[str, ...]:
        """What `log_likelihood` scores, one by one, as a person reads it; the end is the last."""
        return self.backend.tokens(sentence)

    def as_read(self, sentence: str) -> str:
        """The sentence as the model takes it in, where it does not know every word of it."""
        return self.backend.as_read(sentence)

    def unknown_words(self, sentence: str) -> list[str]:
        """Words of the sentence that the model does not know, in order, each once.

        Raises:
            UserError: the sentence is no text.
        """
        check_text(sentence, message("The sentence"))
        return self.backend.unknown_words(sentence)

    def nearest_words(self, word: str, k: int = 3) -> tuple[str, ...]:
        """At most k words that the model knows and that one that it does not know may stand for,
        the nearest first (`vae.spelling`); none where it does not tell.
        """
        return self.backend.nearest_words(word, k)

    @property
    def vocabulary(self) -> Vocabulary | None:
        """All that the model knows; None where it does not tell."""
        return self.backend.vocabulary

    @property
    def tells_unknown(self) -> bool:
        """Whether no unknown word means that every word is known."""
        return self.backend.tells_unknown

    def read(self, sentence: str) -> Reading:
        """Encode one sentence, say which words are unknown, and decode its posterior mean."""
        posterior = self.encode([sentence])
        said = where_available(lambda: self.decode(posterior.mean)[0])
        return Reading(
            sentence=sentence,
            tokens=where_available(lambda: self.tokens(sentence)[:-1]),
            unknown=tuple(self.unknown_words(sentence)),
            posterior=posterior,
            reconstruction=said,
            exact=None if said is None else normalise(said) == normalise(self.as_read(sentence)),
        )

    # -- latents to sentences ------------------------------------------------------------------

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
            UserError: z has the wrong shape or holds a value that is not finite, the method does
                not exist, or a sample is asked for without a generator.
        """
        self._check_latents(z)
        return self.backend.decode(
            z, method, generator=generator, temperature=temperature, beam_width=beam_width
        )

    def log_likelihood(self, sentences: Sequence[str], z: Tensor) -> list[Tensor]:
        """log p of every token in nats given latents (N, Z): N tensors of (T,), the end last.

        Raises:
            UserError: z has the wrong shape, or not one row for each sentence.
        """
        self._check_latents(z)
        if len(z) != len(sentences):
            raise UserError(
                "There are {z:,} latents for {n:,} sentences.", z=len(z), n=len(sentences)
            )
        return self.backend.log_likelihood(sentences, z)

    def importance_weights(
        self,
        sentences: Sequence[str],
        posterior: Posterior | Proposal,
        samples: int,
        generator: torch.Generator,
        progress: Progress = silent,
    ) -> Tensor:
        """(N, K) nats: log p(x, z_k) / q(z_k|x) with K `samples` of posteriors (N, Z).

        Raises:
            UserError: K is below 1, or there is not one posterior for each sentence.
        """
        if len(posterior) != len(sentences):
            raise UserError(
                "There are {posteriors:,} posteriors for {n:,} sentences.",
                posteriors=len(posterior),
                n=len(sentences),
            )
        return self.backend.importance_weights(sentences, posterior, samples, generator, progress)

    def gradients(self) -> Gradients:
        """The model as functions that can be differentiated.

        Raises:
            NotAvailableError: a model of another make offers none.
        """
        return self.backend.gradients()

    def sample_prior(self, n: int, generator: torch.Generator) -> Tensor:
        """(n, Z) draws from the prior N(0, I).

        Raises:
            NotAvailableError: the model keeps a point, and has no prior.
        """
        if not self.has_posterior:
            raise NotAvailableError(KEEPS_A_POINT)
        return torch.randn(n, self.latent_dim, generator=generator)

    def _check_latents(self, z: Tensor) -> None:
        if z.ndim != 2 or z.shape[1] != self.latent_dim:
            raise UserError(
                "Latents must have the shape {wanted}, not {shape}.",
                wanted=f"(B, {self.latent_dim})",
                shape=str(tuple(z.shape)),
            )
        if not bool(torch.isfinite(z).all()):
            raise UserError("A latent holds a value that is not a finite number.")

    # -- moving about --------------------------------------------------------------------------

    def interpolate(
        self,
        a: str | Tensor,
        b: str | Tensor,
        steps: int = 9,
        method: str | None = None,
        *,
        decode: str = "greedy",
        generator: torch.Generator | None = None,
        temperature: float = 1.0,
    ) -> list[PathPoint]:
        """A path between two sentences (their posterior means) or two latents (Z,).

        Args:
            method: "slerp" or "lerp"; without one `usual_path`.

        Raises:
            UserError: as `encode`, `decode` and `vae.latent.interpolation.path`.
        """
        start, end = (self.encode([e]).mean[0] if isinstance(e, str) else e for e in (a, b))
        for point in (start, end):
            self._check_latents(point[None])
        t, points = interpolation.path(start, end, steps, method or self.usual_path)
        said = self.decode(points, decode, generator=generator, temperature=temperature)
        before = [None, *said[:-1]]
        density = log_prior(points).tolist() if self.has_posterior else [None] * len(points)
        return [
            PathPoint(float(t[i]), points[i], said[i], density[i], said[i] == b4)
            for i, b4 in enumerate(before)
        ]

    @property
    def usual_path(self) -> str:
        """The path that fits this space (`vae.latent.spread`)."""
        return usual_path(self.known_posterior()[0]) if not self.has_posterior else "slerp"

    @property
    def spread(self) -> Spread:
        """Where its numbers lie: of the prior, or of the codes on its map (`vae.latent.spread`)."""
        return spread_of(self.known_posterior()[0])

    def known_posterior(self) -> tuple[Posterior, bool]:
        """(q(z|x) of N sentences, (N, Z), True of the sentences of the map).

        Without a map they are the example sentences. Nothing is decoded for it.

        Raises:
            UserError: there is neither a map nor an example sentence that the model can read.
        """
        try:
            stored = None if self._atlas is not None else posterior_without_text(self.run)
            return self.atlas.posterior if stored is None else stored, True
        except UserError:
            return self.encode(self.examples()), False

    def neighbours(self, z: Tensor, k: int = 5) -> list[list[Neighbour]]:
        """The k different corpus sentences nearest to each latent (B, Z), nearest first.

        Raises:
            UserError: the sentences of this run are not on this machine (yet), z has the wrong
                shape or holds a value that is not finite, or k is below 1.
        """
        self._check_latents(z)
        if k < 1:
            raise UserError("k is {k}; ask for at least 1 neighbour.", k=k)
        return neighbours_of(z.detach().float().numpy(), self.atlas, k)

    def with_atlas(self, atlas: Atlas) -> Explorer:
        """The same run, seen with another map of it."""
        seen = Explorer(self.run, self.backend)
        seen._atlas = atlas
        return seen

    @property
    def atlas(self) -> Atlas:
        """Up to 10,000 sentences with posteriors and map coordinates.

        Raises:
            CorpusNotReadyError: `python -m vae prepare RUN` has to run first.
            UserError: the run has no atlas, or its sentences are gone.
        """
        with self._lock:
            if self._atlas is None:
                self._atlas = load_atlas(self.run, self.decode)
            return self._atlas

    # -- what the run knows of itself -------------------------------------------------------------

    def anatomy(self) -> Anatomy:
        """What the model is made of."""
        return self.backend.anatomy()

    def facts(self) -> dict[str, Any]:
        """config.json: corpus, configuration, versions, command."""
        return self.run.read_json("config.json")

    def examples(self) -> list[str]:
        """Sentences to start from, of which the model knows every word where there are such."""
        if self._examples is None:
            stored = self._stored_examples()
            self._examples = self.starters(len(stored)) or stored
        return list(self._examples)

    def starters(self, n: int = 5) -> list[str]:
        """At most n different sentences to start from of which the model knows every word.

        They are examples of its corpus; where too few are known, what it says for the others.
        """
        examples = self._stored_examples()
        known = [s for s in examples if not self.unknown_words(s)]
        rest = [s for s in examples if s not in known]
        if len(known) < n and rest:
            known += where_available(lambda: self.decode(self.encode(rest).mean)) or []
        return list(dict.fromkeys(s for s in known if s.strip()))[:n]

    def _stored_examples(self) -> list[str]:
        return [str(s) for s in self.facts()["corpus"]["examples"]]
