"""How semantic is the space? The study `semantics` of a run, shown where a page asks for it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd
import streamlit as st

from pages.common import controls, figure_card, job_panel
from pages.diagnose._meaning import semantics_charts
from pages.diagnose._meaning.semantics_charts import WHO, pair_name
from vae.diagnostics.samples import Reason
from vae.explorer import Explorer
from vae.latent import sentence_encoder
from vae.runs import jobs

STUDY = "semantics"


def show(explorer: Explorer) -> None:
    """Neighbours and distances of three spaces; where they were not measured, an offer."""
    st.header("How semantic is the space?", anchor=False, divider="gray")
    with controls.page_error_boundary():
        found = job_panel.study(explorer, STUDY)
        if found is None:
            return
        st.markdown(f"### {finding(found)}")
        left, right = st.columns(2, gap="large")
        with left:
            neighbours(explorer, found)
        with right:
            distances(explorer, found)
        missing(explorer, found)
        st.page_link(
            "pages/explore/map.py",
            label="See each space as a map",
            icon=":material/scatter_plot:",
        )


def finding(found: Mapping[str, Any]) -> str:
    """The answer in a sentence: whose neighbours those of the model are."""
    of_model = [p for p in found["pairs"] if p["a"] == "model" and p["overlap"]]
    of_model.sort(key=lambda p: -p["overlap"]["value"])
    first, *others = of_model
    if first["overlap"]["low"] <= found["chance"]:
        return "Its neighbours are those that chance would give: nearness means nothing here."
    k = found["k"]
    shared = " and ".join(f"{k * p['overlap']['value']:.1f} with a {WHO[p['b']]}" for p in of_model)
    counts = f"of {k} neighbours it shares {shared}; chance gives {k * found['chance']:.1f}"
    if not others:
        return f"{counts[0].upper()}{counts[1:]}."
    if others[0]["overlap"]["high"] >= first["overlap"]["low"]:
        return f"It sorts by words and by meaning alike: {counts}."
    more, less = ("words", "meaning") if first["b"] == "words" else ("meaning", "words")
    return f"It sorts by {more} more than by {less}: {counts}."


def neighbours(explorer: Explorer, found: Mapping[str, Any]) -> None:
    """Shares of common neighbours."""
    k, n = found["k"], found["n_sentences"]
    figure_card.chart(
        f"Which of a sentence's {k} nearest are its nearest elsewhere?",
        semantics_charts.agreement(
            found["pairs"], "overlap", "share in common", 0.0, found["chance"]
        ),
        key="semantics_overlap",
        alt=said(found, "overlap", "share of common neighbours"),
        look_for=f"Mean share of common neighbours, 0 to 1, k = {k}, over {n:,} different held-out "
        "sentences; bars: 95% by bootstrap over sentences. Euclidean distance between posterior "
        "means, cosine elsewhere. Look for this model far to the right of chance, nearer to the "
        "sentence encoder than to words if it sorts by meaning. On the line of chance is a bad "
        "sign.",
        table=lambda: table(found, "overlap"),
        file_name=f"{explorer.name}-common-neighbours",
    )


def distances(explorer: Explorer, found: Mapping[str, Any]) -> None:
    """Rank correlations of distances."""
    n = found["n_sentences"]
    figure_card.chart(
        "Is what is far apart here far apart elsewhere?",
        semantics_charts.agreement(
            found["pairs"], "correlation", "Spearman's correlation", -0.1, 0.0
        ),
        key="semantics_correlation",
        alt=said(found, "correlation", "rank correlation of distances"),
        look_for=f"Spearman's rank correlation (−1 to 1) of all {n * (n - 1) // 2:,} distances "
        f"between the same {n:,} sentences; bars: 95% by bootstrap over sentences, "
        f"{found['correlation_draws']:,} draws. It looks at the whole space, where neighbours look "
        "close by. Near 0: the space as a whole is ordered by something else, or by nothing.",
        table=lambda: table(found, "correlation"),
        file_name=f"{explorer.name}-distance-order",
    )


def said(found: Mapping[str, Any], figure: str, what: str) -> str:
    """A chart in words."""
    values = (
        f"{pair_name(p)} {p[figure]['value']:.2f}" if p[figure] else f"{pair_name(p)} not available"
        for p in found["pairs"]
    )
    return f"Dots with intervals, {what}: {', '.join(values)}."


def table(found: Mapping[str, Any], figure: str) -> pd.DataFrame:
    """The figures; what is not available stays empty and says why."""
    return pd.DataFrame(
        [
            {
                "spaces": pair_name(p),
                **{
                    name: None if p[figure] is None else p[figure][name]
                    for name in ("value", "low", "high", "level", "n")
                },
                "chance": found["chance"] if figure == "overlap" else 0.0,
                "not available": str(Reason.of_json(p["why"])) if p[figure] is None else "",
            }
            for p in found["pairs"]
        ]
    )


def missing(explorer: Explorer, found: Mapping[str, Any]) -> None:
    """What could not be measured, and how to have it."""
    for why in dict.fromkeys(str(Reason.of_json(p["why"])) for p in found["pairs"] if p["why"]):
        st.info(f"Not available. {controls.with_commands(why)}", icon=":material/block:")
    if found["encoder"] is not None or sentence_encoder.missing():
        return
    key = jobs.study_key(explorer.run, STUDY)
    if (job := jobs.read(key)) and job.running:
        job_panel.follow(key)
        return
    st.button(
        "It is installed now: measure again",
        key=f"again_{key}",
        icon=":material/refresh:",
        on_click=jobs.start_study,
        args=(explorer.run, STUDY),
    )
