"""One sentence: what is kept of it, its way through the formula, what draws of z say."""

from __future__ import annotations

from collections.abc import Sequence

from vae.course.worked import LISTING, Worked, shown
from vae.diagnostics import xray
from vae.diagnostics.xray import Saying
from vae.explorer import Reading
from vae.figures import posterior as posteriors
from vae.figures.loss_bar import loss_bar
from vae.handout.scene import Scene
from vae.i18n import _, ngettext, pgettext
from vae.i18n.numbers import number
from vae.latent.changes import marked
from vae.report.parts import Cell, Digits, Listing, Paragraph, Part, Prose, Said, Table
from vae.report.saying import sayings

SHOWN_DIMENSIONS = 10
SHOWN_SAYINGS = 8
MOST_ROWS = 8


def kept(scene: Scene) -> list[Part]:
    """What goes in, the posterior, and what comes back."""
    found = scene.explorer.read(scene.sentence())
    ranking = scene.ranking
    dims = ranking.order[:SHOWN_DIMENSIONS]
    return [
        *comes_back(found),
        posteriors.dimensions(found.posterior, dims, ranking.titles, ranking.sample),
    ]


def comes_back(found: Reading) -> list[Part]:
    """What is decoded from the mean of a sentence; nothing where the model does not decode."""
    if found.reconstruction is None:
        return []
    return [
        Said(_("What comes back"), tuple(marked(found.reconstruction, found.sentence))),
        Paragraph(_("Decoded from the mean, greedily. Marked is what differs from what went in.")),
    ]


def draws(scene: Scene) -> list[Part]:
    """Draws from the posterior, and what each says."""
    n, sentence = scene.whole("draws", 32), scene.sentence()
    said = xray.sayings(scene.explorer, xray.xray(scene.explorer, sentence, scene.dice(), n))
    return said_by_draws(said, n, sentence)


def said_by_draws(said: Sequence[Saying], n: int, sentence: str) -> list[Part]:
    """What n draws say."""
    found: list[Part] = [
        Prose(
            _(
                "**{same} of {total} draws say the sentence itself; all draws together say "
                "{kinds} different ones.**",
                same=sum(one.draws for one in said if one.same),
                total=n,
                kinds=len(said),
            )
        ),
        sayings(said[:SHOWN_SAYINGS], sentence),
    ]
    if (more := len(said) - SHOWN_SAYINGS) > 0:
        rest = ngettext("One more is not shown.", "{n} more are not shown.", more)
        found.append(Paragraph(rest))
    return found


def through(scene: Scene) -> list[Part]:
    """The sentence through the whole model: tokens, dimensions, loss and the code of it."""
    beta = float(scene.settings.get("beta", 1.0))
    worked = Worked(scene.seen(), beta)
    draw = min(scene.chosen.draw, len(worked.seen.z) - 1)
    distortion, rate = float(worked.distortions[draw]), worked.seen.rate
    terms = [number(n, ".2f") for n in (distortion, beta, rate, float(worked.losses[draw]))]
    total = r"$$L = D + \beta \cdot R = {} + {} \cdot {} = {}$$".format(*terms)
    return [
        _tokens(worked, draw, distortion),
        Prose(r"$$z = \mu + \sigma \cdot \varepsilon$$"),
        _numbers(worked, draw, scene.ranking.titles, rate),
        Prose(total),
        loss_bar(worked, draw, scene.ranking.titles),
        Listing(LISTING),
    ]


def _tokens(worked: Worked, draw: int, distortion: float) -> Table:
    rows: list[tuple[Cell, ...]] = [
        (token, Digits(number(cost, ".2f")))
        for token, cost in zip(worked.seen.tokens, worked.costs[draw].tolist(), strict=True)
    ]
    rows.append(
        (_("D: distortion, what the words cost given z"), Digits(number(distortion, ".2f")))
    )
    head = (pgettext("column", "token"), _("−log p of a token: what it costs, in nats"))
    return Table("tokens-of-sentence", head, rows)


def _numbers(worked: Worked, draw: int, titles: Sequence[str], rate: float) -> Table:
    """μ, log σ², ε, z and KL of the dimensions that cost most, and of all others the KL alone."""
    seen = worked.seen
    some, others = shown(seen, MOST_ROWS)
    mean, logvar = seen.posterior.mean[0].tolist(), seen.posterior.logvar[0].tolist()
    noise, z, kl = worked.noise[draw].tolist(), seen.z[draw].tolist(), seen.kl.tolist()
    rows: list[tuple[Cell, ...]] = [
        (
            name,
            *(Digits(number(of[d], "+.2f")) for of in (mean, logvar, noise, z)),
            Digits(number(kl[d], ".2f")),
        )
        for d, name in zip(some, posteriors.named(some, titles), strict=True)
    ]
    if others:
        rest = ngettext("{n} other dimension", "{n} other dimensions", len(others))
        blank = [Digits("")] * 4
        rows.append((rest, *blank, Digits(number(sum(kl[d] for d in others), ".2f"))))
    together = _("R: rate, the KL of all dimensions together")
    rows.append((together, *[Digits("")] * 4, Digits(number(rate, ".2f"))))
    head = (pgettext("column", "dimension"), "μ", "log σ²", "ε", "z", "KL")
    return Table("numbers-of-sentence", head, rows)
