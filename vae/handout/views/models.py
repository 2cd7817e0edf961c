"""Two models beside each other: their losses, what they say of a sentence, how they learned."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import torch

from vae.backends.backend import Anatomy
from vae.diagnostics.rate_plane import RatePoint, rate_point
from vae.diagnostics.sentence_scores import SentenceScores, sentence_scores
from vae.errors import UserError
from vae.explorer import Explorer
from vae.figures import Figure, training
from vae.figures import latent_swap as figures
from vae.figures.comparison import rate_distortion
from vae.figures.curves import Run
from vae.handout.scene import Scene
from vae.i18n import _, pgettext
from vae.i18n.numbers import number
from vae.latent.changes import marked
from vae.report.parts import Cell, Digits, Paragraph, Part, Prose, Said, Table, shortened
from vae.runs.catalogue import COLLAPSED_RUN, DEFAULT_RUN, find_run, shipped_runs
from vae.runs.history import History, history
from vae.runs.store import RunDirectory
from vae.runs.summary import latent_dim_of
from vae.studies.summary import figures_of

TWO = (DEFAULT_RUN, COLLAPSED_RUN)
N = 5


# -- in the rate-distortion plane -----------------------------------------------------------------


def tradeoff(scene: Scene) -> list[Part]:
    """Two runs in the rate-distortion plane, and their losses at the learner's beta."""
    points = [point_of(name) for name in TWO]
    beta = scene.chosen.beta
    return [losses(points, beta), Prose(preferred(points, beta)), rate_distortion(points)]


def losses(points: Sequence[RatePoint], beta: float) -> Table:
    """Both bills of each model, and their sum at a beta."""
    rows: list[tuple[Cell, ...]] = [
        (
            ((p.name, False),),
            *(Digits(number(n, ".2f")) for n in (p.distortion, p.rate, _loss(p, beta))),
        )
        for p in points
    ]
    head = (
        pgettext("column", "model"),
        _("distortion, nats"),
        _("rate, nats"),
        _("loss at β = {beta:.2f}", beta=beta),
    )
    return Table("losses", head, rows)


def best(points: Sequence[RatePoint], beta: float) -> int:
    """Which of them has the lowest loss."""
    return min(range(len(points)), key=lambda i: _loss(points[i], beta))


def preferred(points: Sequence[RatePoint], beta: float) -> str:
    """Which of two models training would rather have, in Markdown."""
    found = [_loss(point, beta) for point in points]
    return _(
        "At β = {beta:.2f} training would rather have **{run}**: its loss is lower by "
        "{nats:.2f} nats.",
        beta=beta,
        run=points[best(points, beta)].name,
        nats=max(found) - min(found),
    )


def _loss(point: RatePoint, beta: float) -> float:
    return point.distortion + beta * point.rate


def point_of(name: str) -> RatePoint:
    """A run of a name in the rate-distortion plane.

    Raises:
        UserError: it is not on this machine, or was not evaluated.
    """
    run = find_run(name)
    return placed(name, figures_of(run), _history(run))


def placed(name: str, figures: Mapping[str, Any] | None, recorded: History) -> RatePoint:
    """A run in the rate-distortion plane.

    Args:
        figures: `figures_of` the run.

    Raises:
        UserError: it was not evaluated.
    """
    found = rate_point(name, figures, recorded)
    if found is None:
        raise UserError("The run '{name}' has not been evaluated.", name=name)
    return found


def _history(run: RunDirectory) -> History:
    return history(run.read_metrics())


# -- one sentence under several z -----------------------------------------------------------------


def swap(scene: Scene) -> list[Part]:
    """One sentence from its own z, another's and the prior's, by both models."""
    a, b = scene.sentence("a"), scene.sentence("b")
    made: list[Part] = [Said(_("The sentence"), ((a, False),))]
    made.append(Said(_("The other, whose z is borrowed"), ((b, False),)))
    both = [
        sentence_scores(Explorer.load(find_run(name)), a, b, 1, scene.chosen.seed) for name in TWO
    ]
    low = min(float(found.scores.min()) for found in both)
    for name, found in zip(TWO, both, strict=True):
        tokens = scores(found, low)
        question = _("{of}: {question}", of=name, question=tokens.question)
        # Both stand on one page.
        tokens = replace(tokens, name=f"{tokens.name}-{name}", question=question)
        made += [said_from(found, name), tokens]
    return made


def origins() -> list[str]:
    """Where each z comes from."""
    return [_("its own z"), _("the other's z"), _("a prior z")]


def said_from(found: SentenceScores, name: str) -> Table:
    """What one model says under each z, and how likely it finds the sentence."""
    rows: list[tuple[Cell, ...]] = [
        (origin, ((shortened(said), False),), Digits(number(abs(total), ".1f")))
        for origin, said, total in zip(origins(), found.said, found.totals.tolist(), strict=True)
    ]
    head = (_("decoded from"), pgettext("column", "sentence"), _("−log p of the sentence, nats"))
    return Table(f"swap-{name}", head, rows, name)


def scores(found: SentenceScores, low: float) -> Figure:
    """What each token costs under each z; `low` is the dark end of the scale, in nats."""
    return figures.token_scores(found.tokens, origins(), found.scores, low=low)


def learning(_scene: Scene) -> list[Part]:
    """How both models learned: rate and distortion, step by step."""
    runs = [find_run(name) for name in TWO]
    courses = [Run(run.name, _history(run), latent_dim_of(run)) for run in runs]
    return [training.losses(courses).figure()]


# -- what each says by itself ---------------------------------------------------------------------


def beside(scene: Scene) -> list[Part]:
    """The same sentence, and the same five draws of the prior, by both models."""
    made: list[Part] = []
    for name in TWO:
        explorer = Explorer.load(find_run(name))
        sentence = scene.sentence()
        back, new = spoken(explorer, sentence, scene.chosen.seed)
        bills, bound = measured(point_of(name), figures_of(explorer.run) or {})
        made += [
            Paragraph(f"{name}: {bills}"),
            *([Prose(bound)] if bound else []),
            Said(_("What comes back"), tuple(marked(back, sentence))),
            of_its_own(new, name),
        ]
    return made


def measured(point: RatePoint, figures: Mapping[str, Any]) -> tuple[str, str]:
    """The two bills of a model, and the bound on -log p; "" where that was not measured."""
    bills = _(
        "distortion {distortion:.2f} + rate {rate:.2f} nats a sentence",
        distortion=point.distortion,
        rate=point.rate,
    )
    if (nats := figures.get("nll_iw")) is None:
        return bills, ""
    bound = _(
        "**−log p of a new sentence: {nats:.2f} nats** (at most; K = {k} draws)",
        nats=nats,
        k=figures.get("iw_samples"),
    )
    return bills, bound


def of_its_own(new: Sequence[str], name: str) -> Table:
    """Sentences that a model makes up."""
    rows: list[tuple[Cell, ...]] = [(((shortened(text), False),),) for text in new]
    return Table(f"own-{name}", (_("sentences of its own, from draws of the prior"),), rows)


def spoken(explorer: Explorer, sentence: str, seed: int) -> tuple[str, tuple[str, ...]]:
    """What comes back from the mean, and sentences drawn word by word from prior draws.

    Raises:
        NotAvailableError: the model does not decode.
        UserError: the sentence cannot be read.
    """
    generator = torch.Generator().manual_seed(seed)
    back = explorer.decode(explorer.encode([sentence]).mean)[0]
    z = explorer.sample_prior(N, generator)
    return back, tuple(explorer.decode(z, "sample", generator=generator))


def inside(_scene: Scene) -> list[Part]:
    """What each model that ships is made of."""
    return [anatomies({n: Explorer.load(find_run(n)).anatomy() for n in shipped_runs()})]


def anatomies(made: Mapping[str, Anatomy]) -> Table:
    """What models are made of."""
    rows: list[tuple[Cell, ...]] = [
        (
            ((name, False),),
            parts.what,
            *(
                _("not told") if n is None else Digits(number(n, ","))
                for n in (parts.parameters, parts.vocabulary)
            ),
        )
        for name, parts in made.items()
    ]
    head = (
        pgettext("column", "model"),
        _("what its encoder and decoder are"),
        _("numbers it has learned"),
        _("words it knows"),
    )
    return Table("inside", head, rows)
