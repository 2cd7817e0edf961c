"""What its own z gains a sentence, and where: part of the diagnosis."""

from __future__ import annotations

from collections.abc import Sequence

from vae.colours import POSTERIOR, PRIOR
from vae.diagnostics.gains import Gain, Listening
from vae.report.charts import Dots, Level, Lines, Panel, estimates
from vae.report.intervals import ends, head
from vae.report.parts import Cell, Figure, Part, Table, number


def places(found: Listening) -> list[Part]:
    """The gain at each place of a sentence, and at its beginning, middle and end."""
    if not found.positions:
        return []
    places = list(range(1, len(found.positions) + 1))
    chart = Lines(
        "place of the word in the sentence",
        (
            Panel(
                "gain of its own z, nats a word",
                (
                    estimates(
                        "over another's z",
                        POSTERIOR,
                        [g.over_another for g in found.positions],
                        places,
                    ),
                    estimates(
                        "over a prior z",
                        PRIOR,
                        [g.over_prior for g in found.positions],
                        places,
                        shape="square",
                    ),
                ),
                height=200,
                unit="nats",
            ),
        ),
        x_name="word",
    )
    groups = [g for g in (found.opening, found.rest, found.end) if g]
    return [
        Figure(
            "At which words does the decoder listen?",
            chart,
            "What a sentence's own z gains each place of it, over another's z and a prior one.",
            "Look for gains all along. Gains at the first words alone are a latent that memorises "
            "how sentences begin (Bosc and Vincent, 2020). Mean log p of a word under its own z "
            "less that under the other; bands: 95% intervals over sentences.",
            _gain_table("gain-by-place", found.positions),
        ),
        *([gains_of("part", groups)] if groups else []),
    ]


_GAINS = {
    "part": ("Is it the beginning, the end, or all of the sentence?", "part of the sentence"),
    "vocabulary": ("Does it hear rare words, or common ones?", "words by their frequency"),
    "factors": ("Which factors does it hear?", "words that say a factor"),
}


def gains_of(name: str, gains: Sequence[Gain]) -> Figure:
    """The gain of groups of words; `name` is one of "part", "vocabulary" and "factors"."""
    question, what = _GAINS[name]
    shown = gains[:60]
    chart = Dots(
        f"gain of its own z, nats a word; {what}",
        [g.name for g in shown],
        (
            estimates("over another's z", POSTERIOR, [g.over_another for g in shown]),
            estimates("over a prior z", PRIOR, [g.over_prior for g in shown], shape="square"),
        ),
        unit="nats",
        levels=[Level(0.0, "")],
    )
    best = max(shown, key=lambda g: g.over_another.value)
    return Figure(
        question,
        chart,
        f"Gain of a sentence's own z by {what}; most for {best.name}, "
        f"{number(best.over_another.value)} nats a word over another's z.",
        "Look for gains well above zero. Words that are easy to guess gain little, and may be "
        "heard all the same: the table says what share of their surprise z takes away. Means "
        "with 95% intervals over sentences.",
        _gain_table(f"gain-by-{name}", gains),
    )


def _gain_table(name: str, gains: Sequence[Gain]) -> Table:
    columns = (
        "words",
        "n words",
        "log p under own z",
        "under another's",
        "under a prior z",
        *head("gain over another's"),
        *head("gain over a prior z"),
        "share of surprise resolved",
    )
    rows: list[tuple[Cell, ...]] = [
        (
            g.name,
            g.words,
            g.own,
            g.another,
            g.prior,
            *ends(g.over_another),
            *ends(g.over_prior),
            g.resolved.value,
        )
        for g in gains
    ]
    return Table(name, columns, rows, "Nats a word")
