"""How likely a model finds sentences: the importance-weighted bound over its draws."""

from __future__ import annotations

from vae import colours
from vae.diagnostics.likelihood import LikelihoodCurve
from vae.figures import frame
from vae.figures.figure import Figure
from vae.i18n import _, listed
from vae.i18n.numbers import between, plus_minus, span


def likelihood(curve: LikelihoodCurve, *, ends: tuple[float, float] | None = None) -> Figure:
    """The bound of -log p(x) over the draws K, with its interval.

    Args:
        ends: of the scale in nats, of runs that stand beside each other.
    """
    low, high = ends or curve.span
    fig = frame.figure(260)
    fig.add_scatter(
        x=curve.draws,
        y=[i.value for i in curve.nll],
        error_y=frame.error_bars(curve.nll),
        mode="lines+markers",
        line={"color": colours.DISTORTION, "width": 2.5},
        marker={"size": 9},
        **frame.hover_text(
            [
                _("K = {k}: at most {nats:.2f} nats a sentence", k=k, nats=i.value)
                for k, i in zip(curve.draws, curve.nll, strict=True)
            ]
        ),
    )
    if not curve.exact:
        frame.level(fig, curve.negative_elbo, _("negative ELBO"), dash="dash")
    fig.update_xaxes(type="log", tickvals=list(curve.draws), ticktext=[str(k) for k in curve.draws])
    room = 0.06 * max(high - low, 0.1)
    fig.update_yaxes(range=[low - room, high + room])
    frame.axis_title(fig, _("draws K of each sentence"), _("NLL, nats a sentence"))
    return Figure(
        name="likelihood",
        question=finding(curve),
        plot=fig,
        alt=_(
            "Bound of the negative log likelihood over the draws K: {points}.",
            points=listed(
                _("{nats:.2f} at {k}", nats=i.value, k=k)
                for k, i in zip(curve.draws, curve.nll, strict=True)
            ),
        ),
        look_for=curve.ending,
        estimator=f"{_estimator(curve)} {curve.drawn}".strip(),
        table=lambda: frame.estimates(
            "K", dict(zip(curve.draws, curve.nll, strict=True)), _("NLL, at most (nats)")
        ),
    )


def finding(curve: LikelihoodCurve) -> str:
    """The bound at most draws, and the perplexity."""
    return _(
        "At most {nats:.2f} nats a sentence, perplexity {perplexity}",
        nats=curve.nll[-1].value,
        perplexity=curve.perplexity_said,
    )


def _estimator(curve: LikelihoodCurve) -> str:
    last = curve.nll[-1]
    return _(
        "Importance weights (Burda et al., 2016) take {gap} nats off the negative ELBO, the dashed "
        "line. At K = {k} {nats} nats a sentence ({interval}); perplexity a token {perplexity}, "
        "ends of sentences counted ({tokens:,} tokens, {n:,} sentences). Bars: intervals over "
        "sentences.",
        gap=plus_minus(curve.gap),
        k=curve.draws[-1],
        nats=plus_minus(last),
        interval=between(last),
        perplexity=span(curve.perplexity) if curve.perplexity else curve.perplexity_said,
        tokens=curve.n_tokens,
        n=last.n,
    )
