"""The sentences of a run's snapshots on a slider, for runs that kept no points beside them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import pandas as pd
import streamlit as st

from pages.common import controls, figure_card, prose
from vae.i18n import _, pgettext
from vae.latent.changes import alike, shortened
from vae.runs.history import History, nearest_snapshot


def snapshot_view(facts: dict[str, Any], recorded: History) -> None:
    """The same sentences through the model, at a step of the training that a slider chooses."""
    originals = originals_of(facts)
    if not recorded.snapshots or not originals:
        st.info(_("No snapshot of reconstructed sentences was recorded."), icon=":material/info:")
        return
    snapshot = recorded.snapshots[nearest_snapshot(recorded, chosen_step(recorded))]
    said = [str(s) for s in snapshot["reconstructions"]]
    pairs = list(zip(originals, said, strict=False))
    st.markdown(
        _(
            "**{right} of {n}** sentences come back word for word.",
            right=sum(alike(back, original) for original, back in pairs),
            n=len(pairs),
        )
    )
    show_pairs(pairs)
    st.caption(
        _(
            "Grey: what went in. Below it: what comes back from the posterior mean, greedy; wrong "
            "words are marked. Look for the order in which it learns: common words, then grammar, "
            "then what the sentence says. The same sentence for every input is collapse."
        )
    )
    with st.expander(_("What it says at this step when nothing goes in"), key="watch_prior"):
        for sample in snapshot["samples"]:
            prose.show(shortened(str(sample)), size="normal")
        st.caption(_("Decoded greedily from draws of the prior N(0, I). Look for different ones."))
    figure_card.data(
        lambda: table(originals, recorded),
        key="watch",
        file_name="reconstructions-by-step",
        label=_("All snapshots"),
    )


def originals_of(facts: Mapping[str, Any]) -> list[str]:
    """The sentences that come back at each snapshot, as config.json has them; else none."""
    corpus = facts.get("corpus")
    examples = corpus.get("examples") if isinstance(corpus, dict) else None
    return [str(s) for s in examples] if isinstance(examples, list) else []


def show_pairs(pairs: Iterable[tuple[str, str]]) -> None:
    """Each sentence that went in, small, over what came back."""
    for original, back in pairs:
        with st.container(gap=None):
            st.caption(controls.plain_markdown(original))
            prose.show(shortened(back), before=original, size="normal")


def chosen_step(recorded: History) -> int:
    """The step to look at: of a slider, where there is more than one."""
    steps = list(dict.fromkeys(int(s["step"]) for s in recorded.snapshots))
    if len(steps) == 1:
        st.caption(_("One snapshot so far, at step {step:,}.", step=steps[0]))
        return steps[0]
    # Who looks at the newest snapshot of a run in training goes on to the next one.
    at = st.session_state.get("watch_step")
    if at not in steps or at == st.session_state.get("watch_newest"):
        st.session_state["watch_step"] = steps[-1]
    st.session_state["watch_newest"] = steps[-1]
    return st.select_slider(
        _("Step"),
        steps,
        key="watch_step",
        format_func=lambda s: _("step {step:,}", step=s),
        persist_state="session",
    )


def table(originals: Sequence[str], recorded: History) -> pd.DataFrame:
    """What came back at every snapshot."""
    return pd.DataFrame(
        [
            {
                pgettext("column", "step"): s["step"],
                pgettext("column", "sentence"): original,
                pgettext("column", "reconstruction"): back,
            }
            for s in recorded.snapshots
            for original, back in zip(originals, s["reconstructions"], strict=False)
        ]
    )
