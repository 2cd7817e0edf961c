"""The facade between a trained model and everything else: pages, command line, notebooks."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from vae import decoding
from vae.batching import group_by_length
from vae.config import RunConfig
from vae.corpora.corpus import normalise
from vae.diagnostics.gradients import Gradients, ModelGradients
from vae.diagnostics.information import encode_all, log_prior, token_scores
from vae.diagnostics.likelihood import log_importance_weights
from vae.errors import UserError
from vae.latent import interpolation
from vae.latent.atlas import Atlas
from vae.latent.atlas_source import load_atlas
from vae.latent.findings import Anatomy, Neighbour, PathPoint, Reading
from vae.latent.projection import nearest_rows
from vae.models import Posterior, TrainableVAE, make_model
from vae.progress import Progress, silent
from vae.runs.catalogue import find_run
from vae.runs.store import RunDirectory
from vae.tokenizer import Tokenizer

__all__ = ["Anatomy", "Explorer", "Neighbour", "PathPoint", "Reading"]


class Explorer:
    """A trained run, read-only and thread-safe: one instance serves every session.

    explorer = Explorer.load("factors")
    explorer.decode(explorer.encode(["She loves the film."]).mean)
    """

    def __init__(
        self, run: RunDirectory, config: RunConfig, model: TrainableVAE, tokenizer: Tokenizer
    ) -> None:
        self.run, self.config, self.tokenizer = run, config, tokenizer
        self.model = model.eval().requires_grad_(False)
        self._atlas: Atlas | None = None
        self._lock = threading.Lock()

    @classmethod
    def load(cls, run: str | Path | RunDirectory) -> Explorer:
        """The run in a directory, or the name of a run that ships or was trained here.

        Raises:
            UserError: there is no such run, or a file of it is missing or damaged.
        """
        directory = run if isinstance(run, RunDirectory) else find_run(run)
        stored = directory.read_json("config.json")
        where = str(directory.path / "config.json")
        config = RunConfig.from_dict(stored.get("config", {}), where)
        tokenizer = Tokenizer.load(directory.path / "tokenizer.json")
        tensors, _ = directory.read_tensors("weights.safetensors")
        # First weights are drawn for nothing, in milliseconds; on the device "meta", which draws
        # none, torch first loads its compiler, in a second. Nobody's random numbers are used up.
        with torch.random.fork_rng(devices=[]):
            model = make_model(config.model)
        try:
            model.load_state_dict(tensors, assign=True)
        except RuntimeError as error:
            reason = str(error).splitlines()[-1].strip()
            raise UserError(
                f"{directory.path / 'weights.safetensors'} does not fit {where}: {reason}. "
                "One of them belongs to another run."
            ) from error
        return cls(directory, config, model, tokenizer)

    @property
    def name(self) -> str:
        """The name of the run."""
        return self.run.name

    @property
    def latent_dim(self) -> int:
        """Z."""
        return self.config.model.latent_dim

    # -- sentences to latents ------------------------------------------------------------------

    def encode(self, sentences: Sequence[str], progress: Progress | None = None) -> Posterior:
        """Posteriors (N, Z) of N sentences, batched by length; their `mean` is the embedding.

        Raises:
            UserError: a sentence is empty, no text, or longer than the model can read.
        """
        if isinstance(sentences, str):
            raise UserError("Give a list of sentences: encode([sentence]).")
        for i, sentence in enumerate(sentences):
            self._check(sentence, f"Sentence {i + 1}" if len(sentences) > 1 else "The sentence")
        ids = self.tokenizer.encode_batch(sentences)
        return encode_all(self.model, group_by_length(ids), progress=progress)

    def read(self, sentence: str) -> Reading:
        """Encode one sentence, say which words are unknown, and decode its posterior mean."""
        posterior = self.encode([sentence])
        reconstruction = self.decode(posterior.mean)[0]
        return Reading(
            sentence=sentence,
            tokens=tuple(self.tokenizer.tokens(sentence)),
            unknown=tuple(self.tokenizer.unknown(sentence)),
            posterior=posterior,
            reconstruction=reconstruction,
            exact=normalise(reconstruction) == normalise(self.as_read(sentence)),
        )

    def as_read(self, sentence: str) -> str:
        """The sentence as the model takes it in: a word that it does not know is "<unk>"."""
        return self.tokenizer.decode(self.tokenizer.encode(sentence)[:-1])

    def unknown_words(self, sentence: str) -> list[str]:
        """Words of the sentence that are not in the model's vocabulary, in order, each once.

        Raises:
            UserError: the sentence is no text.
        """
        _check_text(sentence, "The sentence")
        return self.tokenizer.unknown(sentence)

    def tokens(self, sentence: str) -> tuple[str, ...]:
        """What `log_likelihood` scores, one by one, as a person reads it; "end" is the last."""
        return (*self.tokenizer.tokens(sentence), "end")

    def _check(self, sentence: str, who: str) -> None:
        if not sentence.strip():
            raise UserError(f"{who} is empty. Type a few words.")
        _check_text(sentence, who)
        # The tokenizer itself would take seconds for a pasted book.
        longest = self.config.model.max_length
        if len(sentence) > 100 * longest or len(self.tokenizer.encode(sentence)) > 4 * longest:
            raise UserError(
                f"{who} is too long: this model was trained on sentences of up to {longest} "
                "tokens. Give one sentence at a time."
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
        if method == "greedy":
            ids = decoding.greedy(self.model, z.float())
        elif method == "beam":
            ids = decoding.beam(self.model, z.float(), beam_width)
        elif method == "sample":
            if generator is None:
                raise UserError("Sampling needs a generator: same seed, same text.")
            ids = decoding.sample(self.model, z.float(), generator, temperature)
        else:
            raise UserError(
                f"There is no method '{method}'; choose one of {', '.join(decoding.METHODS)}."
            )
        return [self.tokenizer.decode(row) for row in ids]

    def _check_latents(self, z: Tensor) -> None:
        if z.ndim != 2 or z.shape[1] != self.latent_dim:
            raise UserError(
                f"Latents must have the shape (B, {self.latent_dim}), not {tuple(z.shape)}."
            )
        if not bool(torch.isfinite(z).all()):
            raise UserError("A latent holds a value that is not a finite number.")

    def sample_prior(self, n: int, generator: torch.Generator) -> Tensor:
        """(n, Z) draws from the prior N(0, I)."""
        return torch.randn(n, self.latent_dim, generator=generator)

    def log_likelihood(self, sentences: Sequence[str], z: Tensor) -> list[Tensor]:
        """log p of every token in nats given latents (N, Z): N tensors of (T,), `EOS` last.

        Raises:
            UserError: z has the wrong shape, or not one row for each sentence.
        """
        self._check_latents(z)
        if len(z) != len(sentences):
            raise UserError(f"There are {len(z):,} latents for {len(sentences):,} sentences.")
        # Many latents of one sentence are the usual case.
        different = list(dict.fromkeys(sentences))
        ids = dict(zip(different, self.tokenizer.encode_batch(different), strict=True))
        return token_scores(self.model, group_by_length([ids[s] for s in sentences]), z)

    def importance_weights(
        self,
        sentences: Sequence[str],
        posterior: Posterior,
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
                f"There are {len(posterior):,} posteriors for {len(sentences):,} sentences."
            )
        encoded = group_by_length(self.tokenizer.encode_batch(sentences))
        return log_importance_weights(
            self.model, encoded, posterior, samples, generator, progress=progress
        )

    def gradients(self) -> Gradients:
        """The model as functions that can be differentiated."""
        return ModelGradients(self.model, self.tokenizer)

    # -- moving about --------------------------------------------------------------------------

    def interpolate(
        self,
        a: str | Tensor,
        b: str | Tensor,
        steps: int = 9,
        method: str = "slerp",
        *,
        decode: str = "greedy",
        generator: torch.Generator | None = None,
        temperature: float = 1.0,
    ) -> list[PathPoint]:
        """A path between two sentences (their posterior means) or two latents (Z,).

        Raises:
            UserError: as `encode`, `decode` and `vae.latent.interpolation.path`.
        """
        start, end = (self.encode([e]).mean[0] if isinstance(e, str) else e for e in (a, b))
        for point in (start, end):
            self._check_latents(point[None])
        t, points = interpolation.path(start, end, steps, method)
        said = self.decode(points, decode, generator=generator, temperature=temperature)
        before = [None, *said[:-1]]
        return [
            PathPoint(float(t[i]), points[i], said[i], float(log_prior(points[i])), said[i] == b4)
            for i, b4 in enumerate(before)
        ]

    def neighbours(self, z: Tensor, k: int = 5) -> list[list[Neighbour]]:
        """The k corpus sentences nearest to each latent (B, Z), nearest first.

        Raises:
            UserError: the sentences of this run are not on this machine (yet), z has the wrong
                shape or holds a value that is not finite, or k is below 1.
        """
        self._check_latents(z)
        if k < 1:
            raise UserError(f"k is {k}; ask for at least 1 neighbour.")
        atlas = self.atlas
        rows, distances = nearest_rows(z.detach().float().numpy(), atlas.mean, k)
        return [
            [
                Neighbour(
                    atlas.sentences[r],
                    float(d),
                    int(r),
                    {column: values[r] for column, values in atlas.labels.items()},
                )
                for r, d in zip(row, distance, strict=True)
            ]
            for row, distance in zip(rows, distances, strict=True)
        ]

    @property
    def atlas(self) -> Atlas:
        """Up to 10,000 sentences with posteriors and map coordinates.

        Raises:
            CorpusNotReadyError: `python -m vae prepare RUN` has to run first.
            UserError: the run has no atlas, or its sentences are gone.
        """
        with self._lock:
            if self._atlas is None:
                self._atlas = load_atlas(self.run)
            return self._atlas

    # -- what the run knows of itself -------------------------------------------------------------

    def anatomy(self) -> Anatomy:
        """What the model is made of."""
        c = self.config.model
        made = "transformer" if c.architecture == "transformer" else c.cell.upper()
        width = c.embedding_dim if c.architecture == "transformer" else c.decoder_hidden
        return Anatomy(
            parameters=sum(p.numel() for p in self.model.parameters()),
            vocabulary=len(self.tokenizer),
            what=f"{made}, decoder of {width} units",
        )

    def facts(self) -> dict[str, Any]:
        """config.json: corpus, configuration, versions, command."""
        return self.run.read_json("config.json")

    def evaluation(self) -> dict[str, Any] | None:
        """evaluation.json, or None where the run has not been evaluated."""
        return self.run.read_json("evaluation.json") if self.run.has("evaluation.json") else None

    def examples(self) -> list[str]:
        """Sentences to start from."""
        return [str(s) for s in self.facts()["corpus"]["examples"]]


def _check_text(sentence: str, who: str) -> None:
    if any("\ud800" <= sign <= "\udfff" for sign in sentence):
        raise UserError(f"{who} holds bytes that are not text. Save it as UTF-8.")
