"""Tiny real models, tokenizers and runs: everything is the product's own code, only small."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

import torch
from torch import nn

from vae.batching import Encoded, GroupedBatches, group_by_length
from vae.config import DataConfig, ModelConfig, RunConfig, TrainConfig
from vae.corpora import factors
from vae.corpora.corpus import Corpus
from vae.explorer import Explorer
from vae.latent.atlas import make_atlas
from vae.models import Draw, Posterior, TrainableVAE, make_model
from vae.objectives import free_bits_rate
from vae.runs.store import RunDirectory
from vae.tokenizer import Tokenizer
from vae.training.distributed import Team
from vae.training.loop import Trainer
from vae.training.measure import Watched

SENTENCES = 500
EARLIER = Path(__file__).parent / "studies" / "earlier"
"""Files of the first version of studies and evaluation, as it wrote them."""


def earlier_evaluation(**changes: Any) -> dict[str, Any]:
    """An evaluation.json as the first version wrote it, with other figures."""
    found: dict[str, Any] = json.loads((EARLIER / "evaluation.json").read_text()) | changes
    latent = found["latent_dim"]
    units = found["active_units"] = min(found["active_units"], latent)
    if "rate_per_dimension" not in changes:
        found["rate_per_dimension"] = [found["rate"] / max(1, latent)] * latent
    if "variance_of_means" not in changes:
        found["variance_of_means"] = [1.0] * units + [0.0] * (latent - units)
    if found["decoder_listens"]:
        found["decoder_listens"] = {"prior": -50.0} | found["decoder_listens"]
    return found


@cache
def corpus() -> Corpus:
    """500 sentences of the factors language, with their labels."""
    return factors.generate(SENTENCES)


@cache
def tokenizer(scheme: str = "word") -> Tokenizer:
    """A tokenizer that knows every word of `corpus`."""
    return Tokenizer.train(corpus().sentences, DataConfig(scheme, vocabulary=400, min_count=1))


@cache
def encoded(n: int = SENTENCES) -> Encoded:
    """The first n sentences of `corpus`, grouped by length."""
    return group_by_length(tokenizer().encode_batch(corpus().sentences[:n]))


def seeded(seed: int = 0) -> torch.Generator:
    """A generator of its own for every draw."""
    return torch.Generator().manual_seed(seed)


def draws(seed: int = 0) -> Draw:
    """Uniform numbers of any shape, from a seed."""
    generator = seeded(seed)
    return lambda shape: torch.rand(shape, generator=generator)


def objective(
    nats: torch.Tensor, posterior: Posterior, beta: float, free_bits: float = 0.0
) -> torch.Tensor:
    """Mean distortion + beta * rate under free bits, as the training loop puts them together."""
    return nats.mean() + beta * free_bits_rate(posterior.kl_per_dimension().mean(0), free_bits)


def tiny(
    cell: str = "gru",
    latent_dim: int = 4,
    *,
    vocabulary_size: int | None = None,
    layers: int = 1,
    dropout: float = 0.0,
    max_length: int = 20,
    seed: int = 0,
    spread: float = 1.0,
    architecture: str = "recurrent",
    mean_scale: float = 0.0,
) -> TrainableVAE:
    """A sentence VAE a few units wide; `spread` multiplies its weights, so that they say more."""
    config = ModelConfig(
        vocabulary_size=vocabulary_size or len(tokenizer()),
        max_length=max_length,
        architecture=architecture,
        cell=cell,
        embedding_dim=6,
        encoder_hidden=5,
        decoder_hidden=7,
        encoder_layers=layers if architecture == "transformer" else 1,
        decoder_layers=layers,
        heads=2,
        latent_dim=latent_dim,
        dropout=dropout,
        mean_scale=mean_scale,
    )
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        model = make_model(config)
    with torch.no_grad():
        for parameter in model.parameters():
            parameter.mul_(spread)
        nn.init.normal_(model.output_bias, std=0.1 * spread, generator=seeded(seed))
    return model


def trainer(
    model: TrainableVAE | None = None,
    *,
    n: int = 200,
    validation: int = 40,
    team: Team | None = None,
    **settings: object,
) -> Trainer:
    """A trainer of a tiny model on n sentences; the validation sentences follow after them."""
    words, sentences = tokenizer(), corpus().sentences
    # Spelled out, so that no test rests on a default that is tuned for another purpose.
    defaults: dict[str, object] = {
        "epochs": 2,
        "tokens_per_batch": 256,
        "learning_rate": 2e-3,
        "warmup_steps": 0,
        "weight_decay": 0.01,
        "clip_norm": 1.0,
        "word_dropout": 0.3,
        "beta": 1.0,
        "beta_schedule": "linear",
        "beta_warmup": 0.25,
        "beta_cycles": 4,
        "beta_ratio": 0.5,
        "free_bits": 0.0,
        "snapshots": 24,
        "precision": "fp32",
    }
    config = TrainConfig(**{**defaults, **settings})  # type: ignore[arg-type]
    return Trainer(
        model or tiny(dropout=0.1),
        GroupedBatches(encoded(n), config.tokens_per_batch),
        group_by_length(words.encode_batch(sentences[n : n + validation])),
        config,
        Watched(
            examples=group_by_length(words.encode_batch(sentences[:3])),
            sentences=group_by_length(words.encode_batch(sentences[n : n + 20])),
            say=words.decode,
        ),
        team=team,
    )


@cache
def recorded(latent_dim: int = 4) -> tuple[dict[str, Any], ...]:
    """What a trainer of a tiny model records; it trains once for all who ask."""
    events = trainer(tiny(latent_dim=latent_dim, dropout=0.1), validate_every=5).run()
    return tuple(event.to_dict() for event in events if event is not None)


def store_run(path: Path, model: TrainableVAE | None = None, *, atlas: int = 0) -> RunDirectory:
    """A run of a tiny model in a directory, its map of `atlas` sentences included (0: no map)."""
    model = model or tiny(spread=2.0)
    run = RunDirectory(path)
    sample = factors.generate(max(atlas, 1))
    run.write_text("tokenizer.json", tokenizer().to_json())
    run.write_json(
        "config.json",
        {
            "name": path.name,
            "corpus": {
                "name": "factors",
                "digest": sample.digest,
                "source": dict(sample.source),
                "examples": list(corpus().sentences[:3]),
            },
            "config": RunConfig(model=model.config).to_dict(),
        },
    )
    run.write_tensors("weights.safetensors", model.state_dict())
    if atlas:
        make_atlas(run, Explorer.load(run), sample, seed=0)
    return run
