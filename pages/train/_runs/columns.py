"""The columns of the table of runs: what stands in them, how they are called and shown."""

from __future__ import annotations

from datetime import UTC, datetime

import streamlit as st

from vae.diagnostics.information import bound_or_estimate
from vae.diagnostics.verdict_words import VERDICTS
from vae.i18n import _, pgettext
from vae.runs.pace import standing
from vae.runs.summary import Summary

# Pixels of the first columns: four of them fit a phone, all a laptop beside the sidebar.
WIDTHS = {
    "run": 122,
    "state": 106,
    "rate": 62,
    "NLL": 64,
    "verdict": 130,
    "MI": 60,
    "principal units": 108,
    "active units": 96,
    "of": 56,
    "MI is": 150,
}


def line(s: Summary) -> dict[str, object]:
    """A run as a row, what matters most first; what is not known stays empty."""
    return {
        "run": s.name if s.shipped else _("{run} (yours)", run=s.name),
        "state": standing(s.state, s.cause),
        "rate": s.rate,
        "NLL": s.nll,
        "verdict": str(VERDICTS[s.verdict]) if s.verdict in VERDICTS else None,
        "MI": s.mutual_information,
        "principal units": s.principal_units,
        "active units": s.active_units,
        "of": s.latent_dim,
        "MI is": bound_or_estimate(s.mutual_information, s.mutual_information_ceiling),
        "minutes": s.minutes,
        "updates": s.step,
        "corpus": s.corpus,
        "made": datetime.fromtimestamp(s.begun, UTC) if s.begun else None,
        "K": s.iw_samples,
        "sentences": s.n_sentences,
    }


def headings() -> dict[str, str]:
    """The columns of the table, as they are read."""
    return {
        "run": pgettext("column", "run"),
        "state": pgettext("column", "state"),
        "verdict": pgettext("column", "verdict"),
        "corpus": pgettext("column", "corpus"),
        "made": pgettext("column", "made"),
        "updates": pgettext("column", "updates"),
        "minutes": pgettext("column", "minutes"),
        "rate": pgettext("column", "rate"),
        "MI": pgettext("column", "MI"),
        "MI is": pgettext("column", "MI is"),
        "principal units": pgettext("column", "principal units"),
        "active units": pgettext("column", "active units"),
        "of": pgettext("column", "of Z"),
        "NLL": pgettext("column", "NLL"),
        "K": pgettext("column", "K"),
        "sentences": pgettext("column", "sentences"),
    }


def config() -> dict[str, object]:
    """How the table names its columns and shows its numbers."""
    helps = {
        "minutes": _("spent training"),
        "verdict": _("as the page Collapse says it, with the figures that decide"),
        "MI": _("mutual information, nats"),
        "MI is": _("over half of its ceiling, ln n, the estimate falls short"),
        "of": _("dimensions of z"),
        "sentences": _("test sentences that the figures are measured on"),
    }
    formats = {
        "minutes": "%.1f",
        "rate": "%.2f",
        "MI": "%.2f",
        "NLL": "%.2f",
        "updates": "localized",
        "sentences": "localized",
    }
    names = headings()
    made = st.column_config.DatetimeColumn(names["made"], format="YYYY-MM-DD HH:mm")
    texts = {
        key: st.column_config.Column(names[key], help=helps.get(key), width=WIDTHS.get(key))
        for key in ("run", "state", "verdict", "corpus", "MI is")
    }
    numbers = {
        key: st.column_config.NumberColumn(
            name, format=formats.get(key), help=helps.get(key), width=WIDTHS.get(key)
        )
        for key, name in names.items()
        if key not in ("made", *texts)
    }
    return {"made": made, **texts, **numbers}
