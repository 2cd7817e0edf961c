"""What the model says: from nothing, of its example sentences, and between two of them."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor

from vae.diagnostics.latent_swap import distinct
from vae.diagnostics.xray import Saying
from vae.explorer import Explorer
from vae.i18n import _, pgettext
from vae.i18n.numbers import number, percent
from vae.latent.changes import Piece, alike, marked
from vae.models.explorable import NotAvailableError, where_available
from vae.report import stored
from vae.report.parts import Cell, Digits, Missing, Paragraph, Part, Table, attempt, shortened

SAMPLES = 12
STEPS = 9
_MOST_EXAMPLES = 12


def saying(explorer: Explorer, seed: int) -> list[Part]:
    """Prior samples, reconstructions and a path; the same ones for the same seed."""
    if not explorer.latent_dim:
        return [Missing(_("A plain language model has no latent to decode from."))]
    run = explorer.run
    return [
        *attempt(run, lambda: _from_nothing(explorer, seed)),
        *attempt(run, lambda: _back(explorer)),
        *attempt(run, lambda: _between(explorer)),
    ]


def sayings(said: Sequence[Saying], sentence: str) -> Table:
    """What some draws of z decode to, the words marked that were not typed."""
    rows: list[tuple[Cell, ...]] = [
        (
            tuple(marked(one.sentence, sentence)) or ((_("(nothing)"), False),),
            one.draws,
            Digits(number(one.log_p, ".1f")),
        )
        for one in said
    ]
    head = (pgettext("column", "sentence"), pgettext("column", "draws"), _("log p(x|z), nats"))
    return Table("sayings", head, rows)


def examples(explorer: Explorer) -> list[str]:
    """The example sentences of a run; those that are text."""
    found = stored.part(explorer.facts(), "corpus").get("examples")
    texts = found if isinstance(found, list) else []
    return [t for t in texts if isinstance(t, str) and t.strip()][:_MOST_EXAMPLES]


def _from_nothing(explorer: Explorer, seed: int) -> list[Part]:
    generator = torch.Generator().manual_seed(seed)
    z = explorer.sample_prior(SAMPLES, generator)
    said = explorer.decode(z)
    drawn = where_available(lambda: explorer.decode(z, "sample", generator=generator))
    columns = [pgettext("column", "draw"), pgettext("column", "sentence")]
    found = [said]
    if drawn is not None:
        columns = [columns[0], pgettext("column", "greedy"), pgettext("column", "word by word")]
        found = [said, drawn]
    rows: list[tuple[Cell, ...]] = [
        (i + 1, *(_pieces(s, None) for s in each))
        for i, each in enumerate(zip(*found, strict=True))
    ]
    return [
        Table(
            "prior-samples",
            tuple(columns),
            rows,
            _(
                "From nothing: {n} draws of the prior N(0, I), seed {seed}, decoded greedily, and "
                "drawn word by word at temperature 1",
                n=SAMPLES,
                seed=str(seed),
            )
            if drawn is not None
            else _(
                "From nothing: {n} draws of the prior N(0, I), seed {seed}, decoded greedily",
                n=SAMPLES,
                seed=str(seed),
            ),
        ),
        Paragraph(
            _(
                "{different} of {n} differ. Look for sentences that are whole and unlike each "
                "other. The same sentence again and again is a decoder that does not listen.",
                different=distinct(said),
                n=SAMPLES,
            )
        ),
    ]


def _back(explorer: Explorer) -> list[Part]:
    sentences = examples(explorer)
    if not sentences:
        return [Missing(_("This run keeps no example sentences to bring back."))]
    posterior = explorer.encode(sentences)
    back = explorer.decode(posterior.mean)
    scores = _scores(explorer, sentences, posterior.mean)
    rates = [None] * len(sentences) if posterior.is_point else posterior.kl().tolist()
    rows: list[tuple[Cell, ...]] = [
        (_pieces(s, None), _pieces(b, s), score, None if rate is None else round(rate, 2))
        for s, b, score, rate in zip(sentences, back, scores, rates, strict=True)
    ]
    exact = sum(alike(b, s) for s, b in zip(sentences, back, strict=True))
    return [
        Table(
            "reconstructions",
            (
                pgettext("column", "sentence"),
                _("comes back as"),
                _("log p(x|z), nats"),
                _("rate, nats"),
            ),
            rows,
            _("There and back: example sentences, decoded greedily from their posterior means"),
        ),
        Paragraph(
            _(
                "{exact} of {n} come back ({share}; these few are examples, the share over "
                "held-out sentences stands above). Words that changed are marked. log p is that "
                "of the sentence at its posterior mean.",
                exact=exact,
                n=len(sentences),
                share=percent(exact / len(sentences)),
            )
        ),
    ]


def _scores(explorer: Explorer, sentences: list[str], z: Tensor) -> list[float | None]:
    try:
        return [round(float(s.sum()), 2) for s in explorer.log_likelihood(sentences, z)]
    except NotAvailableError:
        return [None] * len(sentences)


def _between(explorer: Explorer) -> list[Part]:
    ends = examples(explorer)[:2]
    if len(ends) < 2:
        return [Missing(_("A walk needs two example sentences, and this run keeps fewer."))]
    method = explorer.usual_path
    way = explorer.interpolate(ends[0], ends[1], STEPS, method)
    before = [None, *(point.sentence for point in way)]
    rows: list[tuple[Cell, ...]] = [
        (point.t, _pieces(point.sentence, last), round(float(point.z.norm()), 2))
        for point, last in zip(way, before, strict=False)
    ]
    shell = explorer.latent_dim**0.5
    return [
        Table(
            "interpolation",
            ("t", pgettext("column", "sentence"), _("length of z")),
            rows,
            _(
                "In between: {n} steps along the great arc (slerp) between two posterior means",
                n=STEPS,
            )
            if explorer.has_posterior
            else _("In between: {n} steps ({method}) between two codes", n=STEPS, method=method),
        ),
        Paragraph(
            _(
                "What changed since the step above is marked. Look for sentences that stay whole "
                "and change a little at a time. A jump in the middle, or a sentence that means "
                "nothing, shows a place that the decoder does not know."
            )
            if not explorer.has_posterior
            else _(
                "What changed since the step above is marked. Look for sentences that stay whole "
                "and change a little at a time. A jump in the middle, or a sentence that means "
                "nothing, shows a place that the decoder does not know. Draws of the prior have a "
                "length near √Z = {shell:.1f}; points far from it lie where the decoder was seldom "
                "trained.",
                shell=shell,
            )
        ),
    ]


def _pieces(sentence: str, before: str | None) -> tuple[Piece, ...]:
    if not sentence:
        return ((_("(nothing: the model ends at once)"), False),)
    return tuple(marked(shortened(sentence), None if before is None else shortened(before)))
