"""What was trained, on what, with which versions and seeds, and how it is made again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from importlib.metadata import PackageNotFoundError, version
from typing import Any

from vae import studies
from vae.config import CONFIG_PARTS
from vae.corpora.given import card_said
from vae.corpora.reasons import reason_message
from vae.explorer import Explorer
from vae.i18n import _, listed, message, pgettext
from vae.report import stored
from vae.report.parts import Cell, Details, Metric, Metrics, Paragraph, Part, Table
from vae.studies.summary import figures_of

_READ_WITH = ("torch", "numpy", "tokenizers")
_PARTS = {
    "data": message("Sentences to tokens"),
    "model": message("The model"),
    "train": message("Objective and training"),
}


def setting(explorer: Explorer) -> list[Part]:
    """Corpus, model and training, each setting with what it means."""
    facts = explorer.facts()
    corpus, config = stored.part(facts, "corpus"), stored.part(facts, "config")
    model = stored.part(config, "model")
    settings = Metrics(
        (
            Metric(_("Corpus"), stored.text(corpus, "name"), _splits(corpus)),
            Metric(
                _("Sentences"),
                stored.thousands(corpus, "n_sentences"),
                _("{n} tokens known", n=stored.thousands(model, "vocabulary_size")),
            ),
            Metric(_("Parameters"), stored.thousands(facts, "parameters"), _architecture(model)),
            Metric(
                _("Latent dimensions"),
                stored.thousands(model, "latent_dim"),
                _("numbers in which a sentence is kept"),
            ),
        )
    )
    tables = tuple(_settings(name, stored.part(config, name)) for name in CONFIG_PARTS)
    folded = Details(_("All settings, and what each means"), (*tables, *_left_out(corpus)))
    card = card_said(corpus)
    told = [] if card is None else [Paragraph(str(card))]
    return [settings, *told, *_labels(corpus), folded]


def _splits(corpus: Mapping[str, Any]) -> str:
    splits = stored.part(corpus, "splits")
    named = {"train": _("train"), "validation": _("validation"), "test": _("test")}
    parts = [
        _("{n} {split}", n=stored.thousands(splits, name), split=named.get(name, name))
        for name in splits
    ]
    return listed(parts, "unit") or _("splits unknown")


def _architecture(model: Mapping[str, Any]) -> str:
    kind = stored.text(model, "architecture", "recurrent")
    if kind == "recurrent":
        cell = stored.text(model, "cell").upper()
        units = stored.thousands(model, "decoder_hidden")
        return _("{cell}, decoder of {units} units", cell=cell, units=units)
    return _(
        "{kind}, {units} units wide", kind=kind, units=stored.thousands(model, "embedding_dim")
    )


def _labels(corpus: Mapping[str, Any]) -> list[Part]:
    labels = corpus.get("labels")
    if not isinstance(labels, list) or not labels:
        return [
            Paragraph(_("The corpus has no labels: nothing can be said of what dimensions mean."))
        ]
    return [Paragraph(_("Labels of the corpus: {labels}.", labels=listed(labels[:100], "unit")))]


def _settings(name: str, values: Mapping[str, Any]) -> Table:
    rows: list[tuple[Cell, ...]] = []
    for f in fields(CONFIG_PARTS[name]):
        if f.name in values:
            source = f.metadata.get("source")
            help_ = str(f.metadata.get("help", ""))
            meaning = f"{help_} ({source})" if source else help_
            # As text: a learning rate of 0.002 is said as it was set, not rounded.
            rows.append((f.name.replace("_", " "), stored.text(values, f.name), meaning))
    head = (
        pgettext("column", "setting"),
        pgettext("column", "value"),
        pgettext("column", "meaning"),
    )
    return Table(f"settings-{name}", head, rows, str(_PARTS[name]))


def _left_out(corpus: Mapping[str, Any]) -> list[Table]:
    dropped = stored.part(corpus, "dropped")
    if not dropped:
        return []
    rows = [(str(reason_message(reason)), stored.count(dropped, reason)) for reason in dropped]
    head = (pgettext("column", "why"), pgettext("column", "sentences"))
    return [Table("left-out", head, rows, _("Left out of the corpus"))]


def provenance(explorer: Explorer, seed: int) -> list[Part]:
    """Command, seeds, digests and versions: all that is needed to make the run again."""
    facts = explorer.facts()
    corpus = stored.part(facts, "corpus")
    train = stored.part(stored.part(facts, "config"), "train")
    evaluation = _seed_of_evaluation(explorer)
    rows: list[tuple[Cell, ...]] = [
        (_("command of the run"), stored.text(facts, "command")),
        (_("begun"), stored.text(facts, "created")),
        (_("seed of training"), stored.text(train, "seed")),
        (_("seed of the evaluation"), evaluation),
        (_("seed of this report"), str(seed)),
        (_("digest of the corpus"), stored.text(corpus, "digest")),
        (_("digest of the weights (BLAKE2b, 128 bit)"), studies.fingerprint(explorer.run)),
        (_("threads of training"), stored.text(facts, "threads")),
    ]
    versions = stored.part(facts, "versions")
    rows += [
        (_("{package}, in training", package=name), stored.text(versions, name))
        for name in versions
    ]
    rows += [
        (_("{package}, for this report", package=name), _installed(name)) for name in _READ_WITH
    ]
    return [
        Paragraph(_("The same command, seed and versions give the same run on one machine.")),
        Table(
            "made-with",
            (pgettext("column", "what"), pgettext("column", "value")),
            rows,
            _("Command, seeds, digests and versions"),
        ),
    ]


def _seed_of_evaluation(explorer: Explorer) -> str:
    if not explorer.run.has("evaluation.json"):
        return _("not evaluated")
    return stored.text(figures_of(explorer.run) or {}, "seed")


def _installed(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return _("unknown")
