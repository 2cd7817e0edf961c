"""`python -m vae diagnose`: what the latent space carries, and whether the decoder listens."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from vae import studies
from vae.commands.console import bar, describe, print_json, say
from vae.corpora import files
from vae.corpora.corpus import Corpus
from vae.diagnostics.bootstrap import Interval
from vae.diagnostics.collapse import Diagnosis
from vae.diagnostics.evidence import Evidence
from vae.diagnostics.gains import Gain, length_finding, opening_finding
from vae.diagnostics.information import ACTIVE_UNIT_THRESHOLD
from vae.diagnostics.samples import Sample
from vae.errors import UserError
from vae.explorer import Explorer
from vae.studies import diagnosis
from vae.studies.sentences import corpus_of

MOST_SENTENCES = 10_000
"""Of a larger file this many are measured: the mixture of N posteriors costs N squared."""


def diagnose(options: Namespace) -> None:
    """Print the verdict on a run and what it rests on; without a file, keep it with the run."""
    explorer = Explorer.load(options.run)
    found = _stored(explorer, options) if options.data is None else _of_file(explorer, options)
    if options.json:
        print_json({"run": explorer.name, **found.to_dict(), "diagnosis": _said(found.diagnosis)})
        return
    _tell(explorer.name, found)


def _said(judged: Diagnosis) -> dict[str, Any]:
    """The verdict as JSON, with its words for who reads it."""
    cures = [{"cure": advice.cure, "reason": advice.reason} for advice in judged.cures]
    said = {"sentence": judged.sentence, "evidence": list(judged.evidence)}
    return {**judged.to_dict(), **said, "cures": cures}


def _stored(explorer: Explorer, options: Namespace) -> Evidence:
    if options.text is not None:
        raise UserError("--text names a column of a file: give the file with --data.")
    if options.seed == 0 and (result := studies.read(explorer.run, "diagnosis")) is not None:
        return diagnosis.read(result)
    progress = bar()
    corpus = corpus_of(explorer, progress)
    if options.seed != 0:  # what is kept with a run is of one seed
        return diagnosis.read(diagnosis.measure(explorer, corpus, options.seed, progress))
    return diagnosis.read(studies.make(explorer, corpus, "diagnosis", progress=progress))


def _of_file(explorer: Explorer, options: Namespace) -> Evidence:
    progress = bar()
    path: Path = options.data
    corpus = files.read_file(path, text=options.text, minimum=2, progress=progress)
    describe(corpus)
    sample = _at_most(corpus, options.seed)
    which = Sample("all", len(sample), of=path.name)
    if len(sample) < len(corpus):
        say(f"{len(sample):,} of {len(corpus):,} sentences are measured, drawn by the seed.")
        which = Sample("part", len(sample), len(corpus), path.name)
    return diagnosis.evidence_of(
        explorer, sample, which, _learned(explorer), options.seed, progress
    )


def _at_most(corpus: Corpus, seed: int) -> Corpus:
    if len(corpus) <= MOST_SENTENCES:
        return corpus
    rng = np.random.default_rng(seed)
    return corpus.subset(np.sort(rng.choice(len(corpus), MOST_SENTENCES, replace=False)))


def _learned(explorer: Explorer) -> Corpus | None:
    """What the run learned from; without it nothing is said of how frequent a word was."""
    try:
        return corpus_of(explorer, bar())
    except UserError as error:
        say(f"Gains by frequency are left out: {error}")
        return None


def _tell(name: str, found: Evidence) -> None:
    judged, split = found.diagnosis, found.split
    print(f"{name}: {judged.sentence}")
    print(f"Measured on {found.which}, seed {found.seed}; nats a sentence, 95% intervals.\n")
    _line("rate", split.rate)
    _line("  mutual information", split.information, f"cannot exceed {split.ceiling:.2f}")
    if split.falls_short:
        _line("    at most", split.upper, "among all sentences there could be")
    note = "at most: it holds what the information falls short by" if split.falls_short else ""
    _line("  KL(q(z) || p(z))", split.mismatch, note)
    if found.likelihood is not None:
        for k, nll in zip(found.likelihood.draws, found.likelihood.nll, strict=True):
            _line(f"NLL at most, K = {k}", nll)
        _line("perplexity a token", found.likelihood.perplexity)
    units = found.units.at(ACTIVE_UNIT_THRESHOLD)
    of = f"of {found.latent_dim}, variance above {ACTIVE_UNIT_THRESHOLD:g}"
    _line("active units", units, of, digits=0)
    if found.holes is not None:
        note = f"of prior draws; {found.holes.quantile:g} were q(z) the prior"
        _line("share in holes", found.holes.share, note)
    if found.listening is not None:
        heard = found.listening
        print()
        _line("log p(x|z), own z", heard.own)
        _line("  gain over another's", heard.over_another)
        _line("  gain over a prior z", heard.over_prior)
        print(f"\n{opening_finding(heard)}\n{length_finding(heard)}")
        _gains("position", heard.positions)
        _gains("frequency in training text", found.vocabulary)
        _gains("factor", found.factors)
    for reason in (*judged.borderline, *found.missing):
        print(f"\n{reason}")
    if judged.cures:
        print("\nWhat would help (python -m vae train CORPUS --cure NAME):")
        for advice in judged.cures:
            print(f"  {advice.cure:<12} {advice.reason}")


def _line(what: str, figure: Interval, note: str = "", digits: int = 2) -> None:
    value, low, high = (f"{v:.{digits}f}" for v in (figure.value, figure.low, figure.high))
    print(f"{what:<24}{value:>9}  [{low}, {high}]{f'  ({note})' if note else ''}")


def _gains(by: str, found: Sequence[Gain]) -> None:
    if not found:
        return
    print(f"\nGain by {by}, nats a word:")
    print(f"{'':<24}{'words':>8}{'log p':>8}{'over another':>14}{'':>16}{'over prior':>12}")
    for each in found:
        over = each.over_another
        print(
            f"{each.title[:23]:<24}{each.words:>8,}{each.own:>8.2f}{over.value:>14.2f}"
            f"{f'[{over.low:.2f}, {over.high:.2f}]':>16}{each.over_prior.value:>12.2f}"
        )
