"""`python -m vae diagnose`: what z costs and tells, and whether the decoder listens."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from vae.commands.console import bar, print_json, print_table, say
from vae.commands.options import add_columns, add_json, add_run, add_seed, no_columns, read_data
from vae.errors import UserError
from vae.i18n import _, message
from vae.i18n.numbers import number

if TYPE_CHECKING:
    from vae.corpora.corpus import Corpus
    from vae.diagnostics.bootstrap import Interval
    from vae.diagnostics.collapse import Diagnosis
    from vae.diagnostics.evidence import Evidence
    from vae.diagnostics.gains import Gain
    from vae.diagnostics.prior_match import PriorMatch, SpaceMatch
    from vae.explorer import Explorer

HELP = message("is the latent space used, and does the decoder listen?")

MOST_SENTENCES = 10_000
"""Of a larger file this many are measured: the mixture of N posteriors costs N squared."""


def add_options(parser: ArgumentParser) -> None:
    """A run, or a file to measure it on."""
    add_run(parser)
    parser.add_argument("--data", type=Path, help=_("sentences of this file instead; kept nowhere"))
    add_columns(parser)
    add_seed(parser)
    add_json(parser)


def run(options: Namespace) -> None:
    """Print the verdict on a run and what it rests on; without a file, keep it with the run."""
    from vae.explorer import Explorer

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
    from vae import studies
    from vae.studies import diagnosis
    from vae.studies.sentences import corpus_of

    no_columns(options)
    if options.seed == 0 and (result := studies.made(explorer.run, "diagnosis")) is not None:
        return diagnosis.read(result)
    progress = bar()
    corpus = corpus_of(explorer, progress)
    if options.seed != 0:  # what is kept with a run is of one seed
        return diagnosis.read(diagnosis.measure(explorer, corpus, options.seed, progress))
    return diagnosis.read(studies.make(explorer, corpus, "diagnosis", progress=progress))


def _of_file(explorer: Explorer, options: Namespace) -> Evidence:
    from vae.diagnostics.samples import Sample
    from vae.studies import diagnosis

    progress = bar()
    path: Path = options.data
    corpus = read_data(options, path, explorer, progress, minimum=2)
    sample = _at_most(corpus, options.seed)
    which = Sample("all", len(sample), of=path.name)
    if len(sample) < len(corpus):
        say(
            _(
                "{n:,} of {total:,} sentences are measured, drawn by the seed.",
                n=len(sample),
                total=len(corpus),
            )
        )
        which = Sample("part", len(sample), len(corpus), path.name)
    return diagnosis.evidence_of(
        explorer, sample, which, _learned(explorer), options.seed, progress
    )


def _at_most(corpus: Corpus, seed: int) -> Corpus:
    import numpy as np

    if len(corpus) <= MOST_SENTENCES:
        return corpus
    rng = np.random.default_rng(seed)
    return corpus.subset(np.sort(rng.choice(len(corpus), MOST_SENTENCES, replace=False)))


def _learned(explorer: Explorer) -> Corpus | None:
    """What the run learned from; without it nothing is said of how frequent a word was."""
    from vae.studies.sentences import corpus_of

    try:
        return corpus_of(explorer, bar())
    except UserError as error:
        say(_("Gains by frequency are left out: {reason}", reason=error.message))
        return None


def _tell(name: str, found: Evidence) -> None:
    from vae.diagnostics.gains import length_finding, opening_finding

    judged = found.diagnosis
    print(_("{run}: {verdict}", run=name, verdict=str(judged.sentence)))
    print(
        _(
            "Measured on {which}, seed {seed}; nats a sentence, 95% intervals.",
            which=str(found.which),
            seed=found.seed,
        )
    )
    print()
    print_table(_figures(found), left=(0, 2, 3))
    if (curve := found.likelihood) is not None:
        print("\n" + "\n".join(filter(None, (curve.ending, curve.drawn))))
    if found.listening is not None:
        heard = found.listening
        print()
        print_table(
            (
                _row(_("log p(x|z), own z"), heard.own),
                _row("  " + _("gain over another's"), heard.over_another),
                _row("  " + _("gain over a prior z"), heard.over_prior),
            ),
            left=(0, 2, 3),
        )
        print(f"\n{opening_finding(heard)}\n{length_finding(heard)}")
        _print_gains(_("Gain by position, nats a word:"), heard.positions)
        _print_gains(_("Gain by frequency in training text, nats a word:"), found.vocabulary)
        _print_gains(_("Gain by factor, nats a word:"), found.factors)
    for reason in (*judged.borderline, *found.lacking):
        print(f"\n{reason}")
    if judged.cures:
        print()
        command = "python -m vae train CORPUS --cure NAME"
        print(_("What would help ({command}):", command=command))
        print_table(((advice.cure, str(advice.reason)) for advice in judged.cures), left=(0, 1))


Row = tuple[str, str, str, str]


def _figures(found: Evidence) -> list[Row]:
    from vae.diagnostics.information import ACTIVE_UNIT_THRESHOLD, bound_or_estimate

    split = found.split
    ceiling = bound_or_estimate(split.information.value, split.ceiling) or ""
    rows = [
        _row(_("rate"), split.rate),
        _row("  " + _("mutual information"), split.information, ceiling),
    ]
    note = ""
    if split.falls_short:
        rows.append(
            _row("    " + _("at most"), split.upper, _("among all sentences there could be"))
        )
        note = _("at most: it holds what the information falls short by")
    rows.append(_row("  KL(q(z) || p(z))", split.mismatch, note))
    if found.likelihood is not None:
        curve = found.likelihood
        rows += [
            _row(_("NLL at most, K = {k}", k=k), nll)
            for k, nll in zip(curve.draws, curve.nll, strict=True)
        ]
        if curve.perplexity is None:
            rows.append((_("perplexity a token"), curve.perplexity_said, "", ""))
        else:
            rows.append(_row(_("perplexity a token"), curve.perplexity))
    note = _(
        "of {dimensions}, variance above {threshold:g}",
        dimensions=found.latent_dim,
        threshold=ACTIVE_UNIT_THRESHOLD,
    )
    if found.principal is not None:
        count = found.principal.at(ACTIVE_UNIT_THRESHOLD)
        rows.append(_row(_("principal units"), count, note, ".0f"))
    rows.append(_row(_("active units"), found.units.at(ACTIVE_UNIT_THRESHOLD), note, ".0f"))
    if found.match is not None:
        rows += _match(found.match)
    return rows


def _match(found: PriorMatch) -> list[Row]:
    """How the posteriors together match the prior, in all directions, live ones and dead ones."""
    rows = [_row(_("KL to the prior by moments"), found.moment_kl)]
    rows += [_row("  " + what, part.moment_kl) for what, part in _parts(found)]
    rows.append(_row(_("share of draws told apart"), found.accuracy, _("0.5 by chance")))
    rows += [_row("  " + what, part.accuracy) for what, part in _parts(found)]
    if found.valid is not None:
        rows += [
            _row(_("grammatical at prior draws"), found.valid.prior, _("decoded greedily"), ".3f"),
            _row("  " + _("at draws of posteriors"), found.valid.aggregate, "", ".3f"),
        ]
    return rows


def _parts(found: PriorMatch) -> list[tuple[str, SpaceMatch]]:
    if found.live is None or found.dead is None:
        return []
    return [
        (_("in {n} live directions", n=found.live.dimensions), found.live),
        (_("in {n} dead directions", n=found.dead.dimensions), found.dead),
    ]


def _row(what: str, figure: Interval, note: str = "", form: str = ".2f") -> Row:
    value = number(figure.value, form)
    return what, value, _interval(figure, form), f"({note})" if note else ""


def _interval(figure: Interval, form: str = ".2f") -> str:
    return f"[{number(figure.low, form)}, {number(figure.high, form)}]"


def _print_gains(title: str, found: Sequence[Gain]) -> None:
    if not found:
        return
    print(f"\n{title}")
    heading = ("", _("words"), "log p", _("over another"), "", _("over prior"))
    rows = [
        (
            each.title[:23],
            number(each.words, ","),
            number(each.own, ".2f"),
            number(each.over_another.value, ".2f"),
            _interval(each.over_another),
            number(each.over_prior.value, ".2f"),
        )
        for each in found
    ]
    print_table([heading, *rows])
