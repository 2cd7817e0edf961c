"""What was trained, on what, with which versions and seeds, and how it is made again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from importlib.metadata import PackageNotFoundError, version
from typing import Any

from vae import studies
from vae.config import CONFIG_PARTS
from vae.explorer import Explorer
from vae.report import stored
from vae.report.parts import Cell, Folded, Metric, Metrics, Paragraph, Part, Table

_READ_WITH = ("torch", "numpy", "tokenizers")
_PARTS = {"data": "Sentences to tokens", "model": "The model", "train": "Objective and training"}


def setting(explorer: Explorer) -> list[Part]:
    """Corpus, model and training, each setting with what it means."""
    facts = explorer.facts()
    corpus, config = stored.part(facts, "corpus"), stored.part(facts, "config")
    model = stored.part(config, "model")
    settings = Metrics(
        (
            Metric("Corpus", stored.text(corpus, "name"), _splits(corpus)),
            Metric(
                "Sentences",
                stored.thousands(corpus, "n_sentences"),
                f"{stored.thousands(model, 'vocabulary_size')} tokens known",
            ),
            Metric("Parameters", stored.thousands(facts, "parameters"), _architecture(model)),
            Metric(
                "Latent dimensions",
                stored.thousands(model, "latent_dim"),
                "numbers in which a sentence is kept",
            ),
        )
    )
    tables = tuple(_settings(name, stored.part(config, name)) for name in CONFIG_PARTS)
    folded = Folded("All settings, and what each means", (*tables, *_left_out(corpus)))
    return [settings, *_labels(corpus), folded]


def _splits(corpus: Mapping[str, Any]) -> str:
    splits = stored.part(corpus, "splits")
    said = ", ".join(f"{stored.thousands(splits, name)} {name}" for name in splits)
    return said or "splits unknown"


def _architecture(model: Mapping[str, Any]) -> str:
    kind = stored.text(model, "architecture", "recurrent")
    if kind == "recurrent":
        cell = stored.text(model, "cell").upper()
        return f"{cell}, decoder of {stored.thousands(model, 'decoder_hidden')} units"
    return f"{kind}, {stored.thousands(model, 'embedding_dim')} units wide"


def _labels(corpus: Mapping[str, Any]) -> list[Part]:
    labels = corpus.get("labels")
    if not isinstance(labels, list) or not labels:
        return [Paragraph("The corpus has no labels: nothing can be said of what dimensions mean.")]
    return [Paragraph(f"Labels of the corpus: {', '.join(str(name) for name in labels[:100])}.")]


def _settings(name: str, values: Mapping[str, Any]) -> Table:
    rows: list[tuple[Cell, ...]] = []
    for f in fields(CONFIG_PARTS[name]):
        if f.name in values:
            source = f.metadata.get("source")
            help_ = str(f.metadata.get("help", ""))
            meaning = f"{help_} ({source})" if source else help_
            # As text: a learning rate of 0.002 is said as it was set, not rounded.
            rows.append((f.name.replace("_", " "), stored.text(values, f.name), meaning))
    return Table(f"settings-{name}", ("setting", "value", "meaning"), rows, _PARTS[name])


def _left_out(corpus: Mapping[str, Any]) -> list[Table]:
    dropped = stored.part(corpus, "dropped")
    if not dropped:
        return []
    rows = [(reason, stored.count(dropped, reason)) for reason in dropped]
    return [Table("left-out", ("why", "sentences"), rows, "Left out of the corpus")]


def made(explorer: Explorer, seed: int) -> list[Part]:
    """Command, seeds, digests and versions: all that is needed to make the run again."""
    facts = explorer.facts()
    corpus = stored.part(facts, "corpus")
    train = stored.part(stored.part(facts, "config"), "train")
    evaluation = _seed_of_evaluation(explorer)
    rows: list[tuple[Cell, ...]] = [
        ("command of the run", stored.text(facts, "command")),
        ("begun", stored.text(facts, "created")),
        ("seed of training", stored.text(train, "seed")),
        ("seed of the evaluation", evaluation),
        ("seed of this report", str(seed)),
        ("digest of the corpus", stored.text(corpus, "digest")),
        ("digest of the weights (BLAKE2b, 128 bit)", studies.fingerprint(explorer.run)),
        ("threads of training", stored.text(facts, "threads")),
    ]
    versions = stored.part(facts, "versions")
    rows += [(f"{name}, in training", stored.text(versions, name)) for name in versions]
    rows += [(f"{name}, for this report", _installed(name)) for name in _READ_WITH]
    return [
        Paragraph("The same command, seed and versions give the same run on one machine."),
        Table("made-with", ("what", "value"), rows, "Command, seeds, digests and versions"),
    ]


def _seed_of_evaluation(explorer: Explorer) -> str:
    if not explorer.run.has("evaluation.json"):
        return "not evaluated"
    return stored.text(explorer.evaluation() or {}, "seed")


def _installed(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return "unknown"
