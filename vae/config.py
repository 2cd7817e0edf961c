"""Every setting of a run: one source for the command line, the pages and config.json.

Each field carries its help and, where a paper introduced it, the source. Values are checked when
a configuration is made, so a bad one never reaches the training loop.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from typing import Any, TypeVar

from vae.errors import UserError

T = TypeVar("T")


def setting(default: Any, text: str, *, source: str = "", choices: tuple[str, ...] = ()) -> Any:
    """A dataclass field with the words that the command line and the pages show."""
    return field(default=default, metadata={"help": text, "source": source, "choices": choices})


_KINDS = {
    "int": ((int,), "a whole number"),
    "float": ((int, float), "a finite number"),
    "str": ((str,), "text"),
}


def _check_kinds(config: Any) -> None:
    """Every value is of its field's kind, and one of its choices where it has some."""
    for f in fields(config):
        choices = f.metadata.get("choices")
        value = getattr(config, f.name)
        types, kind = _KINDS[str(f.type)]
        finite = not isinstance(value, float) or math.isfinite(value)
        if not isinstance(value, types) or isinstance(value, bool) or not finite:
            raise UserError(f"{f.name} is {value!r}; it must be {kind}.")
        if choices and value not in choices:
            raise UserError(f"{f.name} is '{value}'; choose one of {', '.join(choices)}.")


def _check_range(config: Any, name: str, low: float, high: float = float("inf")) -> None:
    value = getattr(config, name)
    if not low <= value <= high:
        bound = f"at least {low:g}" if high == float("inf") else f"between {low:g} and {high:g}"
        raise UserError(f"{name} is {value}; it must be {bound}.")


def from_mapping(cls: type[T], values: Mapping[str, Any], where: str) -> T:
    """A configuration read from JSON.

    Raises:
        UserError: a field that this version does not know, or a value that is not allowed.
    """
    if not isinstance(values, Mapping):
        raise UserError(f"{where} holds no settings where they should be.")
    known = {f.name for f in fields(cls)}  # type: ignore[arg-type]
    unknown = sorted(str(name) for name in set(values) - known)
    if unknown:
        raise UserError(
            f"{where} has settings that this version does not know: {', '.join(unknown)}. "
            "It was written by another version of Latent Lens."
        )
    try:
        return cls(**values)
    except UserError as error:
        raise UserError(f"{where} cannot be used: {error}") from error


@dataclass(frozen=True)
class DataConfig:
    """How sentences become tokens."""

    tokenizer: str = setting(
        "word",
        "Words, or words as spaces part them (for benchmarks that come in tokens), or pieces of "
        "words (byte-pair encoding)",
        choices=("word", "space", "bpe"),
    )
    vocabulary: int = setting(10_000, "Largest number of distinct tokens; the rest are unknown")
    min_count: int = setting(2, "A word seen fewer times than this in training is unknown")
    window: int = setting(
        100_000, "Sentences that are shuffled together where a directory of shards is streamed"
    )

    def __post_init__(self) -> None:
        _check_kinds(self)
        _check_range(self, "vocabulary", 10, 100_000)
        _check_range(self, "min_count", 1)
        _check_range(self, "window", 1_000, 10_000_000)


@dataclass(frozen=True)
class ModelConfig:
    """Sizes of a sentence VAE. `vocabulary_size` and `max_length` come from the data."""

    vocabulary_size: int = setting(0, "Tokens the model knows (set from the tokenizer)")
    max_length: int = setting(64, "Longest sentence in tokens, end of sentence included")
    architecture: str = setting(
        "recurrent",
        "What encoder and decoder are made of",
        source="recurrent: Bowman 2016; transformer: Vaswani 2017",
        choices=("recurrent", "transformer"),
    )
    cell: str = setting(
        "lstm", "Recurrent cell of encoder and decoder (recurrent)", choices=("lstm", "gru")
    )
    embedding_dim: int = setting(
        128, "Size of a word's vector, shared by input and output; the width of a transformer"
    )
    encoder_hidden: int = setting(256, "Units of the encoder in each direction (recurrent)")
    decoder_hidden: int = setting(384, "Units of the decoder (recurrent)")
    encoder_layers: int = setting(1, "Layers of the encoder")
    decoder_layers: int = setting(1, "Layers of the decoder")
    heads: int = setting(4, "Attention heads; they divide embedding_dim (transformer)")
    latent_dim: int = setting(
        32, "Dimensions of z; 0 gives the plain language model, the baseline of every text VAE"
    )
    dropout: float = setting(
        0.0, "Share of units silenced at the decoder's input and output while training"
    )
    mean_scale: float = setting(
        0.0,
        "Batch-normalised posterior means: the standard deviation that each dimension's means are "
        "held at; 0 leaves them free",
        source="Zhu 2020",
    )

    def __post_init__(self) -> None:
        _check_kinds(self)
        for name in ("embedding_dim", "encoder_hidden", "decoder_hidden"):
            _check_range(self, name, 1, 8192)
        for name in ("encoder_layers", "decoder_layers"):
            _check_range(self, name, 1, 8)
        _check_range(self, "heads", 1, 64)
        _check_range(self, "mean_scale", 0, 10)
        _check_range(self, "latent_dim", 0, 4096)
        _check_range(self, "vocabulary_size", 0, 1_000_000)
        _check_range(self, "max_length", 2, 1024)
        _check_range(self, "dropout", 0, 0.95)
        if self.architecture == "transformer" and self.embedding_dim % self.heads:
            raise UserError(
                f"embedding_dim is {self.embedding_dim}, which {self.heads} attention heads do not "
                "divide. Choose a multiple, or other heads."
            )
        if self.mean_scale and not self.latent_dim:
            raise UserError("mean_scale holds the posterior means, and latent_dim 0 has none.")


@dataclass(frozen=True)
class TrainConfig:
    """Objective, schedule and optimiser of one run."""

    seed: int = setting(0, "Seed of every random draw of the run")
    epochs: int = setting(20, "Passes over the training sentences")
    steps: int = setting(0, "Stop after this many updates; 0 leaves it to --epochs")
    tokens_per_batch: int = setting(1024, "Tokens in a batch of sentences of one length")
    learning_rate: float = setting(2e-3, "Peak step size of AdamW")
    warmup_steps: int = setting(200, "Updates over which the learning rate rises from zero")
    weight_decay: float = setting(0.01, "Decoupled weight decay", source="Loshchilov 2019")
    clip_norm: float = setting(5.0, "Largest norm of a gradient", source="Pascanu 2013")
    word_dropout: float = setting(
        0.3, "Share of the decoder's input words hidden while training", source="Bowman 2016"
    )
    beta: float = setting(
        1.0, "Weight of the rate against the distortion at full strength", source="Higgins 2017"
    )
    beta_schedule: str = setting(
        "linear",
        "How beta grows to its full strength",
        source="Bowman 2016; cyclical: Fu 2019",
        choices=("constant", "linear", "cyclical"),
    )
    beta_warmup: float = setting(0.5, "Share of training over which a linear beta grows")
    beta_cycles: int = setting(4, "Cycles of a cyclical beta", source="Fu 2019")
    beta_ratio: float = setting(0.5, "Share of a cycle in which beta grows", source="Fu 2019")
    free_bits: float = setting(
        0.25, "Nats a dimension may carry (batch mean) before its rate counts", source="Kingma 2016"
    )
    autoencoder: float = setting(
        0.0,
        "Share of training spent first as a plain autoencoder (beta 0); then the decoder is drawn "
        "anew",
        source="Li 2019",
    )
    encoder_updates: int = setting(
        0,
        "Most updates of the encoder alone before each of the decoder, while mutual information "
        "still rises; 0 trains both at once",
        source="He 2019",
    )
    mmd: float = setting(
        0.0,
        "Weight of the distance (MMD) between aggregated posterior and prior; with beta 0 this is "
        "the MMD-VAE",
        source="InfoVAE: Zhao 2017",
    )
    denoising: float = setting(
        0.0, "Share of words deleted from what the encoder reads in training", source="Shen 2020"
    )
    turn_axes: float = setting(
        0.0,
        "Share of training after which the latent space is turned, so that its axes are the "
        "independent components of the posterior means; 0 never turns it",
        source="FastICA: Hyvärinen 2000",
    )
    validate_every: int = setting(0, "Updates between validations; 0 validates after each epoch")
    snapshots: int = setting(
        24, "Most snapshots kept of the latent space and of what fixed sentences become"
    )
    patience: int = setting(
        0, "Stop after this many validations without a better ELBO at full beta; 0 never stops"
    )
    precision: str = setting(
        "auto",
        "Arithmetic of training; auto takes bf16 where this CPU has it and runs it faster",
        choices=("auto", "fp32", "bf16"),
    )
    threads: int = setting(0, "CPU threads of torch; 0 takes as many as there are cores")

    def __post_init__(self) -> None:
        _check_kinds(self)
        _check_range(self, "seed", 0, 2**63 - 1)
        for name in ("steps", "warmup_steps", "validate_every", "patience"):
            _check_range(self, name, 0)
        _check_range(self, "snapshots", 0, 200)
        _check_range(self, "encoder_updates", 0, 100)
        _check_range(self, "threads", 0, 256)
        _check_range(self, "autoencoder", 0, 0.9)
        _check_range(self, "denoising", 0, 0.9)
        _check_range(self, "turn_axes", 0, 0.95)
        for name in ("epochs", "tokens_per_batch", "beta_cycles"):
            _check_range(self, name, 1)
        for name in ("weight_decay", "beta", "free_bits", "mmd"):
            _check_range(self, name, 0)
        _check_range(self, "word_dropout", 0, 1)
        _check_range(self, "beta_warmup", 0, 1)
        _check_range(self, "beta_ratio", 0, 1)
        if self.learning_rate <= 0:
            raise UserError(f"learning_rate is {self.learning_rate:g}; it must be above 0.")
        if self.clip_norm <= 0:
            raise UserError(f"clip_norm is {self.clip_norm:g}; it must be above 0.")


CONFIG_PARTS = {"data": DataConfig, "model": ModelConfig, "train": TrainConfig}


@dataclass(frozen=True)
class RunConfig:
    """All that a run needs to be made again, as it stands in config.json."""

    data: DataConfig = field(default_factory=DataConfig)
    model: ModelConfig = field(default_factory=ModelConfig)
    train: TrainConfig = field(default_factory=TrainConfig)

    def __post_init__(self) -> None:
        if self.train.turn_axes and self.model.mean_scale:
            raise UserError(
                "mean_scale holds the means along the axes, and turn_axes turns these. Set one of "
                "the two to 0."
            )
        if self.model.latent_dim:
            return
        for name in ("autoencoder", "encoder_updates", "mmd", "denoising", "turn_axes"):
            if getattr(self.train, name):
                raise UserError(
                    f"{name} is a setting of the latent space, and latent_dim 0 has none. Set "
                    f"{name} to 0, or latent_dim above 0."
                )

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON, one object for each part."""
        return asdict(self)

    @classmethod
    def from_dict(cls, values: Mapping[str, Any], where: str) -> RunConfig:
        """Read back what `to_dict` wrote.

        Raises:
            UserError: a part is missing or holds settings that this version does not know.
        """
        if not isinstance(values, Mapping):
            raise UserError(f"{where} is not a run's config.")
        try:
            return cls(
                data=from_mapping(DataConfig, values["data"], where),
                model=from_mapping(ModelConfig, values["model"], where),
                train=from_mapping(TrainConfig, values["train"], where),
            )
        except KeyError as error:
            raise UserError(f"{where} has no part {error}: it is not a run's config.") from error
