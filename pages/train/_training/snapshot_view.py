"""The sentences of a run's snapshots on a slider, for runs that kept no points beside them."""

from __future__ import annotations

from typing import Any

import pandas as pd
import streamlit as st

from pages.common import controls, figure_card, prose
from vae.runs.history import History, nearest_snapshot


def snapshot_view(facts: dict[str, Any], recorded: History) -> None:
    """The same sentences through the model, at a step of the training that a slider chooses."""
    corpus = facts.get("corpus")
    examples = corpus.get("examples") if isinstance(corpus, dict) else None
    originals = [str(s) for s in examples] if isinstance(examples, list) else []
    if not recorded.snapshots or not originals:
        st.info("No snapshot of reconstructed sentences was recorded.", icon=":material/info:")
        return
    steps = list(dict.fromkeys(int(s["step"]) for s in recorded.snapshots))
    if len(steps) > 1:
        # Who looks at the newest snapshot of a run in training goes on to the next one.
        at = st.session_state.get("watch_step")
        if at not in steps or at == st.session_state.get("watch_newest"):
            st.session_state["watch_step"] = steps[-1]
        st.session_state["watch_newest"] = steps[-1]
        step = st.select_slider(
            "Step",
            steps,
            key="watch_step",
            format_func=lambda s: f"step {s:,}",
            persist_state="session",
        )
    else:
        step = steps[0]
        st.caption(f"One snapshot so far, at step {step:,}.")
    snapshot = recorded.snapshots[nearest_snapshot(recorded, step)]
    said = [str(s) for s in snapshot["reconstructions"]]
    pairs = list(zip(originals, said, strict=False))
    exact = sum(not any(c for _, c in prose.marked(b, a)) and len(a) == len(b) for a, b in pairs)
    st.markdown(f"**{exact} of {len(pairs)}** sentences come back word for word.")
    for original, reconstruction in pairs:
        with st.container(gap=None):
            st.caption(controls.plain_markdown(original))
            prose.show(shortened(reconstruction), before=original, size="normal")
    st.caption(
        "Grey: what went in. Below it: what comes back from the posterior mean, greedy; wrong "
        "words are marked. Look for the order in which it learns: common words, then grammar, "
        "then what the sentence says. The same sentence for every input is collapse."
    )
    with st.expander("What it says at this step when nothing goes in", key="watch_prior"):
        for sample in snapshot["samples"]:
            prose.show(shortened(str(sample)), size="normal")
        st.caption("Decoded greedily from draws of the prior N(0, I). Look for different ones.")
    figure_card.data(
        lambda: pd.DataFrame(
            [
                {"step": s["step"], "sentence": a, "reconstruction": b}
                for s in recorded.snapshots
                for a, b in zip(originals, s["reconstructions"], strict=False)
            ]
        ),
        key="watch",
        file_name="reconstructions-by-step",
        label="All snapshots",
    )


def shortened(sentence: str, most: int = 24) -> str:
    """An early model goes on and on; enough of it to see."""
    pieces = sentence.split()
    return " ".join(pieces[:most]) + (" …" if len(pieces) > most else "")
