"""A sentence through a VAE, stage by stage: formula, figure and code that light each other up.

The formulas are MathML, which browsers set by themselves. The numbers are those of
`vae.course.worked`; the browser goes through the stages and the draws without asking the server.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from typing import Any

import streamlit as st

from pages.common import state
from pages.common.components.source import DOM, source
from vae.course.worked import LISTING, Worked, parts, shown
from vae.figures.posterior import named
from vae.i18n import _, localised, ngettext, pgettext

MOST_ROWS = 8
STAGES = 6

_COMPONENT = st.components.v2.component(
    "latent_lens_formula",
    html='<div class="worked"></div>',
    css=source(__file__, "formula.css"),
    js=DOM + source(__file__, "formula.js"),
)


def show(worked: Worked, titles: Sequence[str], *, key: str, stage: int = 0) -> None:
    """The way of a sentence through the model.

    Args:
        titles: of all Z dimensions; empty where one has none.
        stage: where it begins, from 0, if the link does not say.
    """
    chosen = state.get("stage")
    data = told(worked, titles)
    words = json.dumps(data, sort_keys=True).encode("utf-8", "replace")
    # A step of the course that asks for another stage is given it; all else the browser remembers.
    data["id"] = hashlib.sha256(words).hexdigest()[:16] + f"/{key}/{stage}"
    data["at"] = f"{key}/{stage}"
    data["stage"] = stage if chosen is None else chosen
    data["draw"] = min(state.get("draw"), len(worked.seen.z) - 1)

    def moved() -> None:
        event = st.session_state[key].moved
        if not isinstance(event, dict):
            return
        # What a browser sends is checked like anything else that comes from outside.
        for name, most in (("stage", STAGES), ("draw", len(worked.seen.z))):
            value = event.get(name)
            if isinstance(value, int) and not isinstance(value, bool) and 0 <= value < most:
                state.put(name, value)

    _COMPONENT(key=key, data=data, on_moved_change=moved)


def told(worked: Worked, titles: Sequence[str]) -> dict[str, Any]:
    """All numbers and words, for the browser."""
    seen = worked.seen
    some, others = shown(seen, MOST_ROWS)
    mean, logvar = seen.posterior.mean[0].tolist(), seen.posterior.logvar[0].tolist()
    noise, z, kl = worked.noise.T.tolist(), seen.z.T.tolist(), seen.kl.tolist()
    rows = tuple(
        {
            "d": d,
            "name": name,
            "mu": mean[d],
            "logvar": logvar[d],
            "eps": tuple(noise[d]),
            "z": tuple(z[d]),
            "kl": kl[d],
        }
        for d, name in zip(some, named(some, titles), strict=True)
    )
    return {
        "tokens": seen.tokens,
        "costs": tuple(map(tuple, worked.costs.tolist())),
        "rows": rows,
        "hidden": len(others),
        "others": sum(kl[d] for d in others),
        "beta": worked.beta,
        "code": tuple(tuple(map(tuple, parts(line))) for line in LISTING),
        "decimal": localised("."),
        "words": _words(worked, len(others)),
    }


def _words(worked: Worked, others: int) -> dict[str, Any]:
    n, z = len(worked.seen.tokens), worked.seen.posterior.mean.shape[1]
    return {
        "way": _("The way of a sentence through the model"),
        "back": _("One stage back"),
        "forward": _("One stage on"),
        "slow": _("Slowly, by itself"),
        "pause": _("Pause"),
        "again": _("Draw again ({draw} of {draws})", draw="{draw}", draws="{draws}"),
        "code": _("The same in code"),
        "hint": _("Point at a symbol, a number or a name in the code: the same lights up."),
        "tokens": ngettext("{n} token, the end included", "{n} tokens, the end included", n),
        "dimension": _("dimension {d}:", d="{d}"),
        "axis": _("−3 to 3; grey: the prior"),
        "rest": ngettext("{n} other dimension", "{n} other dimensions", others),
        "distortion": _("distortion"),
        "rate": _("rate") if worked.beta == 1 else _("β × rate"),
        "loss": _("loss, in nats"),
        "columns": {"mu": "μ", "logvar": "log σ²", "eps": "ε", "z": "z", "kl": "KL"},
        "symbols": _symbols(),
        "stages": (
            {
                "name": pgettext("stage", "words"),
                "told": _(
                    "The sentence is cut into tokens: words, signs, and a mark for the end. This "
                    "is x."
                ),
            },
            {
                "name": "μ, σ",
                "told": _(
                    "The encoder reads them and says, for each of {z} dimensions, where z may "
                    "lie: a mean μ and a width σ. It puts out log σ², because that may be any "
                    "number, while σ must not be negative.",
                    z=z,
                ),
            },
            {
                "name": "ε",
                "told": _(
                    "A die is thrown for each dimension: ε, a standard normal number. It knows "
                    "nothing of the sentence and nothing of the model."
                ),
            },
            {
                "name": "z",
                "told": _(
                    "Mean, plus width times die: that is z, the only thing that the decoder gets. "
                    "Throw again and all of z moves, within its widths."
                ),
            },
            {
                "name": _("probabilities"),
                "told": _(
                    "The decoder gives each next token a probability. The cost of a token is −log "
                    "of it, in nats: 0 for what it was certain of. They add up to the distortion D."
                ),
            },
            {
                "name": _("loss"),
                "told": _(
                    "What training makes small: the distortion D, and the rate R, which is what z "
                    "costs (times beta, where that is not 1). Each piece of the bar is one token "
                    "or one dimension; the last is all other dimensions together."
                ),
            },
        ),
    }


def _symbols() -> dict[str, str]:
    return {
        "x": _("x: the sentence, as tokens"),
        "mu": _("μ: the mean of q(z|x), the middle of the region"),
        "logvar": _("log σ²: the logarithm of the variance, what the encoder puts out"),
        "sigma": _("σ: the width of the region, a standard deviation"),
        "eps": _("ε: chance, drawn from N(0, 1)"),
        "z": _("z: the point that the decoder gets"),
        "logp": _("−log p of a token: what it costs, in nats"),
        "distortion": _("D: distortion, what the words cost given z"),
        "kl": _("KL of one dimension: what it costs to say where z is"),
        "rate": _("R: rate, the KL of all dimensions together"),
        "beta": _("β: how much the rate counts"),
        "loss": _("L: the loss, which is the negative ELBO at β = 1"),
    }
