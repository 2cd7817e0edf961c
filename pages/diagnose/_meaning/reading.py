"""What can be read off a latent, and whether each dimension stands for one thing."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from pages.common import controls, figure_card, job_panel
from pages.diagnose._meaning import reading_charts
from vae.diagnostics.disentanglement import WHAT
from vae.explorer import Explorer
from vae.studies import disentanglement, probes
from vae.studies.disentanglement import Disentangled
from vae.studies.probes import Probed

METRICS = {
    "higgins": "Higgins 2017",
    "higgins_scaled": "Higgins 2017, scaled",
    "kim_mnih": "Kim and Mnih 2018",
    "mig": "MIG",
    "mig_neighbours": "MIG, nearest neighbours",
    "sap": "SAP",
    "sap_threshold": "SAP, thresholds",
    "dci_disentanglement": "DCI disentanglement",
    "dci_disentanglement_held_out": "DCI disentanglement, held out",
    "dci_completeness": "DCI completeness",
    "dci_completeness_held_out": "DCI completeness, held out",
    "dci_informativeness": "DCI informativeness",
    "modularity": "Modularity",
    "modularity_neighbours": "Modularity, nearest neighbours",
}


def show_probes(explorer: Explorer) -> None:
    """Linear and nearest-neighbour probes of every label, with their controls."""
    result = job_panel.study(explorer, "probes")
    if result is None:
        return
    found = probes.read(result)
    st.markdown(f"### {controls.plain_markdown(_what_is_read(found))}")
    table = probe_table(found)
    figure_card.chart(
        "Which labels can be read off the mean?",
        reading_charts.probe_dots(table),
        key="meaning_probes",
        alt=f"Held-out score of a linear and a nearest-neighbour probe for {len(table)} labels, "
        "with 95% intervals, beside the majority and shuffled labels.",
        look_for="Look for filled marks far to the right of the grey line, the score without the "
        "model. A bad sign: marks on that line (the label is not kept), or shuffled labels above "
        "it (the probe learns by heart). A probe that works says that the label is there, not "
        f"that the decoder uses it. {controls.plain_markdown(str(found.which))}, "
        f"{found.folds}-fold, no sentence in two folds; whiskers 95%. R²: of numbers, 1 is "
        "perfect, 0 no better than the mean. " + controls.left_out(found.left_out),
        table=lambda: table,
        file_name=f"{explorer.name}-probes",
    )


def _what_is_read(found: Probed) -> str:
    named = {k: p for k, p in found.labels.items() if p.metric == "accuracy"}
    if not named:
        return "No label of categories can be probed."
    worst, probe = min(named.items(), key=lambda item: item[1].linear.value)
    which = worst if len(named) == 1 else f"Of {len(named)} labels the worst, {worst},"
    held_out = "held-out " if found.which.unseen else ""
    return (
        f"{which} is read off in {probe.linear.value:.1%} of {held_out}sentences "
        f"({probe.linear.low:.1%} to {probe.linear.high:.1%}; {probe.majority:.1%} without the "
        "model)."
    )


def probe_table(found: Probed) -> pd.DataFrame:
    """One row a label."""
    rows = []
    for label, probe in found.labels.items():
        row: dict[str, object] = {
            "label": label,
            "metric": "accuracy" if probe.metric == "accuracy" else "R²",
            "values": probe.classes,
        }
        for name in ("linear", "neighbours", "shuffled"):
            interval = getattr(probe, name)
            row |= {
                name: round(interval.value, 4),
                f"{name}, low (95%)": round(interval.low, 4),
                f"{name}, high (95%)": round(interval.high, 4),
            }
        rows.append({**row, "majority or mean": round(probe.majority, 4), "sentences": probe.n})
    return pd.DataFrame(rows).sort_values(["metric", "linear"], ascending=[False, False])


def show_disentanglement(explorer: Explorer) -> None:
    """Metrics of disentanglement with their intervals over seeds."""
    result = job_panel.study(explorer, "disentanglement")
    if result is None:
        return
    found = disentanglement.read(result)
    st.markdown(f"### {_how_pure(found)}")
    table = metric_table(found)
    figure_card.chart(
        "Does each dimension stand for one thing?",
        reading_charts.metric_dots(table),
        key="meaning_disentanglement",
        alt=f"Values of {len(table)} metrics of disentanglement from 0 to 1 with 95% intervals.",
        look_for="Each runs from 0 to 1, but they do not measure the same, so compare a metric "
        "with itself: between runs, and with published figures of the same estimator. Look for "
        "high disentanglement and completeness (DCI) and a wide gap (MIG). A bad sign: high "
        "informativeness and low disentanglement, which is everything kept by all dimensions "
        f"together. Mean of {found.seeds} seeds, each on {found.n:,} of "
        f"{controls.plain_markdown(str(found.which))}; whiskers 95% (Student). "
        + controls.left_out(found.left_out),
        table=lambda: table,
        file_name=f"{explorer.name}-disentanglement",
    )
    if found.dependent:
        said = "; ".join(
            f"{controls.plain_markdown(name)} from {controls.plain_markdown(', '.join(others))}"
            for name, others in list(found.dependent.items())[:8]
        )
        st.caption(
            "Factors that follow from others in part, so that no model could keep them all apart: "
            f"{said}."
        )


def _how_pure(found: Disentangled) -> str:
    dci = found.metrics.get("dci_disentanglement")
    if dci is None:
        return "Disentanglement could be measured in part only."
    other = found.metrics.get("dci_disentanglement_held_out")
    held_out = (
        f", {other.value:.2f} ({other.low:.2f} to {other.high:.2f}) by held-out loss"
        if other
        else ""
    )
    return (
        f"DCI disentanglement is {dci.value:.2f} ({dci.low:.2f} to {dci.high:.2f}) by impurity"
        f"{held_out}: 0 is everything in every dimension, 1 is one thing in each."
    )


def metric_table(found: Disentangled) -> pd.DataFrame:
    """One row a metric, in the order of `WHAT`."""
    return pd.DataFrame(
        [
            {
                "metric": METRICS.get(name, name.replace("_", " ")),
                "value": round(found.metrics[name].value, 4),
                "low (95%)": round(found.metrics[name].low, 4),
                "high (95%)": round(found.metrics[name].high, 4),
                "seeds": found.metrics[name].n,
                "what it is": what,
            }
            for name, what in WHAT.items()
            if name in found.metrics
        ]
    )
