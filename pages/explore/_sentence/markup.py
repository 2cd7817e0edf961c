"""One sentence under the lens, as HTML: the ELBO in numbers, its words on their tints."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from pages.explore._sentence import tinted
from vae import colours
from vae.diagnostics.xray import Xray
from vae.i18n import _
from vae.i18n.numbers import number

_WORD = tinted.SERIF + "font-size:1.25rem;"


def formula(seen: Xray) -> str:
    """The ELBO with the numbers put in, as HTML."""
    d, r, elbo = (number(nats, ".2f") for nats in (seen.distortion.mean, seen.rate, seen.elbo))

    def term(colour: str, text: str) -> str:
        return (
            f'<span style="border-bottom:0.22em solid {colour};padding:0 0.1em;'
            f'white-space:nowrap;">{text}</span>'
        )

    one, other = colours.DISTORTION, colours.RATE
    return (
        '<p style="margin:0;font-size:1.05rem;">ELBO = '
        f"−({term(one, _('distortion'))} + {term(other, _('rate'))})</p>"
        f'<p style="margin:0.3rem 0 0;{tinted.MONO}font-size:clamp(1.15rem,2.6vw,2rem);">'
        f"−({term(one, d)} + {term(other, r)}) = <strong>{elbo}</strong> "
        f'<span style="font-size:0.6em;">{_("nats")}</span></p>'
    )


def token_strip(seen: Xray, unknown: Sequence[bool | None]) -> str:
    """Every token in a box with its log p given z above that given a prior z, as HTML.

    Colours go with the numbers; each box tells a screen reader all of it.
    """
    boxes = []
    rows = zip(seen.tokens, unknown, seen.log_p.tolist(), seen.log_p_prior.tolist(), strict=True)
    for token, strange, own, prior in rows:
        values = {"token": token, "own": own, "prior": prior}
        label = (
            _("{token}, unknown: {own:.2f} nats given z, {prior:.2f} given a prior z", **values)
            if strange
            else _("{token}: {own:.2f} nats given z, {prior:.2f} given a prior z", **values)
        )
        edge = "border-bottom:2px dashed currentColor;" if strange else ""
        note = f'<span style="font-size:0.75rem;">{_("unknown")}</span>' if strange else ""
        boxes.append(
            f'<li aria-label="{escape(label)}" title="{escape(label)}" style="min-width:3.4rem;'
            'max-width:100%;text-align:center;overflow-wrap:anywhere;">'
            f'<div style="{_WORD}"><span style="{edge}">{escape(token)}</span> {note}</div>'
            f"{tinted.likelihood(own)}{tinted.likelihood(prior)}</li>"
        )
    return (
        '<ul dir="auto" style="list-style:none;margin:0;padding:0;display:flex;flex-wrap:wrap;'
        f'gap:0.6rem 0.35rem;">{"".join(boxes)}</ul>{tinted.likelihood_legend()}'
    )
