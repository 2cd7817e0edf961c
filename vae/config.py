"""Every setting of a run: one source for the command line, the pages and config.json.

Each field carries its help and, where a paper introduced it, the source. Values are checked when
a configuration is made, so a bad one never reaches the training loop.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from vae.errors import UserError
from vae.i18n import message
from vae.setting import check_kinds, check_range, from_mapping, setting


@dataclass(frozen=True)
class DataConfig:
    """How sentences become tokens."""

    tokenizer: str = setting(
        "word",
        message(
            "Words, or words as spaces part them (for benchmarks that come in tokens), "
            "or pieces of words (byte-pair encoding), or characters (where no blanks part words)"
        ),
        choices=("word", "space", "bpe", "character"),
    )
    vocabulary: int = setting(
        10_000, message("Largest number of distinct tokens; the rest are unknown")
    )
    min_count: int = setting(2, message("A word seen fewer times than this in training is unknown"))
    window: int = setting(
        100_000,
        message("Sentences that are shuffled together where a directory of shards is streamed"),
    )

    def __post_init__(self) -> None:
        check_kinds(self)
        check_range(self, "vocabulary", 10, 100_000)
        check_range(self, "min_count", 1)
        check_range(self, "window", 1_000, 10_000_000)


@dataclass(frozen=True)
class ModelConfig:
    """Sizes of a sentence VAE. `vocabulary_size` and `max_length` come from the data."""

    vocabulary_size: int = setting(0, message("Tokens the model knows (set from the tokenizer)"))
    max_length: int = setting(64, message("Longest sentence in tokens, end of sentence included"))
    architecture: str = setting(
        "recurrent",
        message("What encoder and decoder are made of"),
        source="recurrent: Bowman 2016; transformer: Vaswani 2017",
        choices=("recurrent", "transformer"),
    )
    cell: str = setting(
        "lstm",
        message("Recurrent cell of encoder and decoder (recurrent)"),
        choices=("lstm", "gru"),
    )
    embedding_dim: int = setting(
        128,
        message("Size of a word's vector, shared by input and output; the width of a transformer"),
    )
    encoder_hidden: int = setting(
        256, message("Units of the encoder in each direction (recurrent)")
    )
    decoder_hidden: int = setting(384, message("Units of the decoder (recurrent)"))
    encoder_layers: int = setting(1, message("Layers of the encoder"))
    decoder_layers: int = setting(1, message("Layers of the decoder"))
    heads: int = setting(4, message("Attention heads; they divide embedding_dim (transformer)"))
    latent_dim: int = setting(
        32,
        message(
            "Dimensions of z; 0 gives the plain language model, the baseline of every text VAE"
        ),
    )
    dropout: float = setting(
        0.0, message("Share of units silenced at the decoder's input and output while training")
    )
    mean_scale: float = setting(
        0.0,
        message(
            "Batch-normalised posterior means: the standard deviation that each "
            "dimension's means are held at; 0 leaves them free"
        ),
        source="Zhu 2020",
    )

    def __post_init__(self) -> None:
        check_kinds(self)
        for name in ("embedding_dim", "encoder_hidden", "decoder_hidden"):
            check_range(self, name, 1, 8192)
        for name in ("encoder_layers", "decoder_layers"):
            check_range(self, name, 1, 8)
        check_range(self, "heads", 1, 64)
        check_range(self, "mean_scale", 0, 10)
        check_range(self, "latent_dim", 0, 4096)
        check_range(self, "vocabulary_size", 0, 1_000_000)
        check_range(self, "max_length", 2, 1024)
        check_range(self, "dropout", 0, 0.95)
        if self.architecture == "transformer" and self.embedding_dim % self.heads:
            raise UserError(
                "embedding_dim is {embedding_dim}, which {heads} attention heads do not "
                "divide. Choose a multiple, or other heads.",
                embedding_dim=self.embedding_dim,
                heads=self.heads,
            )
        if self.mean_scale and not self.latent_dim:
            raise UserError("mean_scale holds the posterior means, and latent_dim 0 has none.")


@dataclass(frozen=True)
class TrainConfig:
    """Objective, schedule and optimiser of one run."""

    seed: int = setting(0, message("Seed of every random draw of the run"))
    epochs: int = setting(20, message("Passes over the training sentences"))
    steps: int = setting(0, message("Stop after this many updates; 0 leaves it to --epochs"))
    tokens_per_batch: int = setting(1024, message("Tokens in a batch of sentences of one length"))
    learning_rate: float = setting(2e-3, message("Peak step size of AdamW"))
    warmup_steps: int = setting(
        200, message("Updates over which the learning rate rises from zero")
    )
    weight_decay: float = setting(0.01, message("Decoupled weight decay"), source="Loshchilov 2019")
    clip_norm: float = setting(5.0, message("Largest norm of a gradient"), source="Pascanu 2013")
    word_dropout: float = setting(
        0.3,
        message("Share of the decoder's input words hidden while training"),
        source="Bowman 2016",
    )
    beta: float = setting(
        1.0,
        message("Weight of the rate against the distortion at full strength"),
        source="Higgins 2017",
    )
    beta_schedule: str = setting(
        "linear",
        message("How beta grows to its full strength"),
        source="Bowman 2016; cyclical: Fu 2019",
        choices=("constant", "linear", "cyclical"),
    )
    beta_warmup: float = setting(0.5, message("Share of training over which a linear beta grows"))
    beta_cycles: int = setting(4, message("Cycles of a cyclical beta"), source="Fu 2019")
    beta_ratio: float = setting(
        0.5, message("Share of a cycle in which beta grows"), source="Fu 2019"
    )
    free_bits: float = setting(
        0.25,
        message("Floor in nats below which the rate of a dimension (batch mean) costs nothing"),
        source="Kingma 2016",
    )
    autoencoder: float = setting(
        0.0,
        message(
            "Share of training spent first as a plain autoencoder (beta 0); then the "
            "decoder is drawn anew"
        ),
        source="Li 2019",
    )
    encoder_updates: int = setting(
        0,
        message(
            "Most updates of the encoder alone before each of the decoder, while mutual "
            "information still rises; 0 trains both at once"
        ),
        source="He 2019",
    )
    mmd: float = setting(
        0.0,
        message(
            "Weight of the distance (MMD) between aggregated posterior and prior; with "
            "beta 0 this is the MMD-VAE"
        ),
        source="InfoVAE: Zhao 2017",
    )
    denoising: float = setting(
        0.0,
        message("Share of words deleted from what the encoder reads in training"),
        source="Shen 2020",
    )
    turn_axes: float = setting(
        0.0,
        message(
            "Share of training after which the latent space is turned, so that its axes "
            "are the independent components of the posterior means; 0 never turns it"
        ),
        source="FastICA: Hyvärinen 2000",
    )
    cut_below: float = setting(
        0.0,
        message(
            "Where the latent space is turned, cut off the directions along which the posterior "
            "means vary by less than this; 0 keeps all. From then on the model has fewer "
            "dimensions, and no floor of free bits, which held the others up"
        ),
        source="PCA: Hotelling 1933",
    )
    validate_every: int = setting(
        0, message("Updates between validations; 0 validates after each epoch")
    )
    snapshots: int = setting(
        24, message("Most snapshots kept of the latent space and of what fixed sentences become")
    )
    patience: int = setting(
        0,
        message(
            "Stop after this many validations without a better ELBO at full beta; 0 never stops"
        ),
    )
    keep: str = setting(
        "best",
        message(
            "Which weights are kept: of the best validation at full beta, or the last ones, where "
            "a text is so small that a model can only know it by heart"
        ),
        choices=("best", "last"),
    )
    precision: str = setting(
        "auto",
        message(
            "Arithmetic of training; auto takes bf16 where this CPU has it and the model is large "
            "enough to gain by it"
        ),
        choices=("auto", "fp32", "bf16"),
    )
    threads: int = setting(0, message("CPU threads of torch; 0 takes as many as there are cores"))

    def __post_init__(self) -> None:
        check_kinds(self)
        check_range(self, "seed", 0, 2**63 - 1)
        for name in ("steps", "warmup_steps", "validate_every", "patience"):
            check_range(self, name, 0)
        check_range(self, "snapshots", 0, 200)
        check_range(self, "encoder_updates", 0, 100)
        check_range(self, "threads", 0, 256)
        check_range(self, "autoencoder", 0, 0.9)
        check_range(self, "denoising", 0, 0.9)
        check_range(self, "turn_axes", 0, 0.95)
        check_range(self, "cut_below", 0, 1)
        for name in ("epochs", "tokens_per_batch", "beta_cycles"):
            check_range(self, name, 1)
        for name in ("weight_decay", "beta", "free_bits", "mmd"):
            check_range(self, name, 0)
        check_range(self, "word_dropout", 0, 1)
        check_range(self, "beta_warmup", 0, 1)
        check_range(self, "beta_ratio", 0, 1)
        if self.learning_rate <= 0:
            raise UserError(
                "learning_rate is {learning_rate:g}; it must be above 0.",
                learning_rate=self.learning_rate,
            )
        if self.clip_norm <= 0:
            raise UserError(
                "clip_norm is {clip_norm:g}; it must be above 0.", clip_norm=self.clip_norm
            )


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
        if self.train.cut_below and not self.train.turn_axes:
            raise UserError(
                "cut_below cuts directions off where the latent space is turned, and turn_axes 0 "
                "never turns it. Set turn_axes above 0, or cut a finished run: {command}.",
                command="`python -m vae cut RUN --out NEW`",
            )
        if self.train.keep == "last" and self.train.patience:
            raise UserError(
                "patience stops where validation no longer improves, and keep 'last' takes no "
                "heed of it. Set patience to 0, or keep to 'best'."
            )
        if self.model.latent_dim:
            return
        for name in ("autoencoder", "encoder_updates", "mmd", "denoising", "turn_axes"):
            if getattr(self.train, name):
                raise UserError(
                    "{name} is a setting of the latent space, and latent_dim 0 has none. Set "
                    "{name} to 0, or latent_dim above 0.",
                    name=name,
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
            raise UserError("{where} is not a run's config.", where=str(where))
        try:
            return cls(
                data=from_mapping(DataConfig, values["data"], where),
                model=from_mapping(ModelConfig, values["model"], where),
                train=from_mapping(TrainConfig, values["train"], where),
            )
        except KeyError as error:
            raise UserError(
                "{where} has no part {reason}: it is not a run's config.",
                where=str(where),
                reason=str(error),
            ) from error
