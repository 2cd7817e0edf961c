"""A run of ours: weights and tokenizer in its directory, loaded and asked."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor

from vae import decoding
from vae.batching import group_by_length
from vae.config import RunConfig
from vae.diagnostics.gradients import Gradients, ModelGradients
from vae.diagnostics.information import encode_all, token_scores
from vae.diagnostics.likelihood import log_importance_weights
from vae.errors import UserError
from vae.explorer import Anatomy, Explorer, check_text
from vae.models import Posterior, TrainableVAE, make_model
from vae.progress import Progress, silent
from vae.runs.store import RunDirectory
from vae.tokenizer import Tokenizer


class OwnExplorer(Explorer):
    """A run that Latent Lens trained.

    Attributes:
        config: all its settings.
        model, tokenizer: what reads and writes; frozen.
    """

    def __init__(
        self, run: RunDirectory, config: RunConfig, model: TrainableVAE, tokenizer: Tokenizer
    ) -> None:
        super().__init__(run)
        self.config, self.tokenizer = config, tokenizer
        self.model = model.eval().requires_grad_(False)

    @classmethod
    def of(cls, directory: RunDirectory) -> OwnExplorer:
        """The run in a directory.

        Raises:
            UserError: a file of it is missing or damaged.
        """
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
    def latent_dim(self) -> int:
        """Z."""
        return self.config.model.latent_dim

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

    def as_read(self, sentence: str) -> str:
        """The sentence as the model takes it in: a word that it does not know is "<unk>"."""
        return self.tokenizer.decode(self.tokenizer.encode(sentence)[:-1])

    def unknown_words(self, sentence: str) -> list[str]:
        """Words of the sentence that are not in the model's vocabulary, in order, each once.

        Raises:
            UserError: the sentence is no text.
        """
        check_text(sentence, "The sentence")
        return self.tokenizer.unknown(sentence)

    def tokens(self, sentence: str) -> tuple[str, ...]:
        """What `log_likelihood` scores, one by one, as a person reads it; "end" is the last."""
        return (*self.tokenizer.tokens(sentence), "end")

    def _check(self, sentence: str, who: str) -> None:
        if not sentence.strip():
            raise UserError(f"{who} is empty. Type a few words.")
        check_text(sentence, who)
        # The tokenizer itself would take seconds for a pasted book.
        longest = self.config.model.max_length
        if len(sentence) > 100 * longest or len(self.tokenizer.encode(sentence)) > 4 * longest:
            raise UserError(
                f"{who} is too long: this model was trained on sentences of up to {longest} "
                "tokens. Give one sentence at a time."
            )

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
        self._check_posteriors(posterior, sentences)
        encoded = group_by_length(self.tokenizer.encode_batch(sentences))
        return log_importance_weights(
            self.model, encoded, posterior, samples, generator, progress=progress
        )

    def gradients(self) -> Gradients:
        """The model as functions that can be differentiated."""
        return ModelGradients(self.model, self.tokenizer)

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
