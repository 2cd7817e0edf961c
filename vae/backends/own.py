"""A model of ours: weights and tokenizer in a run directory."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor

from vae import decoding
from vae.backends.backend import Anatomy, name_of
from vae.batching import group_by_length
from vae.config import RunConfig
from vae.diagnostics.gradients import Gradients, ModelGradients
from vae.errors import UserError
from vae.i18n import _, enumeration
from vae.inference import Proposal, encode_all, log_importance_weights, token_scores
from vae.models import Posterior, TrainableVAE, make_model
from vae.progress import Progress, silent
from vae.runs.store import RunDirectory
from vae.spelling import Vocabulary, nearest_words
from vae.tokenizer import Tokenizer

HALVES = (torch.float16, torch.bfloat16)


class OwnModel:
    """What Latent Lens trained, as a `Backend`.

    Attributes:
        config: all settings of its run.
        model, tokenizer: what reads and writes; frozen.
    """

    has_posterior = True
    tells_unknown = True

    def __init__(self, config: RunConfig, model: TrainableVAE, tokenizer: Tokenizer) -> None:
        self.config, self.tokenizer = config, tokenizer
        self.model = model.eval().requires_grad_(False)

    @classmethod
    def load(cls, run: RunDirectory) -> OwnModel:
        """The model of a run.

        Raises:
            UserError: a file of it is missing or damaged.
        """
        where = str(run.path / "config.json")
        config = RunConfig.from_dict(run.read_json("config.json").get("config", {}), where)
        tokenizer = Tokenizer.load(run.path / "tokenizer.json")
        stored, _rest = run.read_tensors("weights.safetensors")
        # A published run keeps them in half precision; what computes is fp32 all the same.
        tensors = {k: v.float() if v.dtype in HALVES else v for k, v in stored.items()}
        # First weights are drawn for nothing, in milliseconds; on the device "meta", which draws
        # none, torch first loads its compiler, in a second. Nobody's random numbers are used up.
        with torch.random.fork_rng(devices=[]):
            model = make_model(config.model)
        try:
            model.load_state_dict(tensors, assign=True)
        except RuntimeError as error:
            raise UserError(
                "{weights} does not fit {config}: {reason}. One of them belongs to another run.",
                weights=str(run.path / "weights.safetensors"),
                config=where,
                reason=str(error).splitlines()[-1].strip(),
            ) from error
        return cls(config, model, tokenizer)

    @property
    def latent_dim(self) -> int:
        """Z."""
        return self.config.model.latent_dim

    def encode(self, sentences: Sequence[str], progress: Progress | None = None) -> Posterior:
        """As `Backend.encode`; batched by length."""
        longest = self.config.model.max_length
        for i, sentence in enumerate(sentences):
            # The tokenizer itself would take seconds for a pasted book.
            if len(sentence) > 100 * longest or len(self.tokenizer.encode(sentence)) > 4 * longest:
                raise UserError(
                    "{sentence} is too long: this model was trained on sentences of up to "
                    "{longest} tokens. Give one sentence at a time.",
                    sentence=name_of(i, len(sentences)),
                    longest=longest,
                )
        ids = self.tokenizer.encode_batch(sentences)
        return encode_all(self.model, group_by_length(ids), progress=progress)

    def as_read(self, sentence: str) -> str:
        """The sentence as the model takes it in: a word that it does not know is "<unk>"."""
        return self.tokenizer.decode(self.tokenizer.encode(sentence)[:-1])

    def unknown_words(self, sentence: str) -> list[str]:
        """As `Backend.unknown_words`: those that are not in the vocabulary."""
        return self.tokenizer.unknown(sentence)

    @property
    def vocabulary(self) -> Vocabulary:
        """As `Backend.vocabulary`: that of its tokenizer."""
        return self.tokenizer.vocabulary

    def nearest_words(self, word: str, k: int) -> tuple[str, ...]:
        """As `Backend.nearest_words`; none where the vocabulary is of parts of words."""
        return nearest_words(word, self.tokenizer.words, k)

    def tokens(self, sentence: str) -> tuple[str, ...]:
        """What `log_likelihood` scores, one by one, as a person reads it; "end" is the last."""
        return (*self.tokenizer.tokens(sentence), "end")

    def decode(
        self,
        z: Tensor,
        method: str = "greedy",
        *,
        generator: torch.Generator | None = None,
        temperature: float = 1.0,
        beam_width: int = 5,
    ) -> list[str]:
        """As `Backend.decode`."""
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
                "There is no method '{method}'; choose one of {methods}.",
                method=method,
                methods=enumeration(decoding.METHODS, "or"),
            )
        # Neighbouring points often say the same.
        said = {row: self.tokenizer.decode(row) for row in set(map(tuple, ids))}
        return [said[tuple(row)] for row in ids]

    def log_likelihood(self, sentences: Sequence[str], z: Tensor) -> list[Tensor]:
        """log p of every token in nats given latents (N, Z): N tensors of (T,), `EOS` last."""
        # Many latents of one sentence are the usual case.
        different = list(dict.fromkeys(sentences))
        ids = dict(zip(different, self.tokenizer.encode_batch(different), strict=True))
        return token_scores(self.model, group_by_length([ids[s] for s in sentences]), z)

    def importance_weights(
        self,
        sentences: Sequence[str],
        posterior: Posterior | Proposal,
        samples: int,
        generator: torch.Generator,
        progress: Progress = silent,
    ) -> Tensor:
        """As `Backend.importance_weights`."""
        encoded = group_by_length(self.tokenizer.encode_batch(sentences))
        return log_importance_weights(
            self.model, encoded, posterior, samples, generator, progress=progress
        )

    def gradients(self) -> Gradients:
        """As `Backend.gradients`."""
        return ModelGradients(self.model, self.tokenizer)

    def anatomy(self) -> Anatomy:
        """As `Backend.anatomy`."""
        c = self.config.model
        made = "transformer" if c.architecture == "transformer" else c.cell.upper()
        width = c.embedding_dim if c.architecture == "transformer" else c.decoder_hidden
        return Anatomy(
            parameters=sum(p.numel() for p in self.model.parameters()),
            vocabulary=len(self.tokenizer),
            what=_("{kind}, decoder of {width} units", kind=made, width=width),
        )
