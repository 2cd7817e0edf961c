"""The same sentence, the same path and the same draws through several runs, side by side."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from pages.common import controls, depth, fields, prose, resources, seeds, state
from pages.train._compare import data
from pages.train._compare.data import Side
from vae.explorer import Explorer, Reading
from vae.i18n import _, listed, message, sentences
from vae.latent.changes import shortened

DRAWS = 5
NOT_YET = message(
    "No weights yet: its training has just begun, or ended before the first validation."
)


def show(sides: Sequence[Side]) -> None:
    """All three on request, for as many of the runs as can be asked."""
    depth.section(
        "same",
        _("What does each make of the same two sentences?"),
        _("Type them once: what each run keeps, and what lies between them."),
        lambda: same_sentences(sides, opened(sides)),
    )
    depth.section(
        "nothing",
        _("What does each say when nothing goes in?"),
        _("The same draws of the prior through every decoder."),
        lambda: same_draws(sides, opened(sides)),
    )


def same_sentences(sides: Sequence[Side], explorers: dict[str, Explorer]) -> None:
    """Both sentences through every run, and the way from the one to the other."""
    same_sentence(sides, explorers)
    same_path(sides, explorers)


def opened(sides: Sequence[Side]) -> dict[str, Explorer]:
    """The models that can be asked."""
    found = {}
    for side in sides:
        if side.run.has_model():
            with controls.page_error_boundary():
                found[side.name] = resources.explorer(side.name)
    return found


def beside(sides: Sequence[Side]) -> list[tuple[Side, st.delta_generator.DeltaGenerator]]:
    """A place for each run, three in a row."""
    places = []
    for i in range(0, len(sides), 3):
        row = sides[i : i + 3]
        places += zip(row, st.columns(max(len(row), min(3, len(sides))), gap="large"), strict=False)
    return places


def usable(side: Side, explorers: dict[str, Explorer]) -> Explorer | None:
    """The model of a side with a latent space; else the reason is said, and None."""
    st.markdown(f"**{controls.plain_markdown(side.name)}**")
    explorer = explorers.get(side.name)
    if explorer is None:
        st.caption(_("It cannot be opened.") if side.run.has_model() else str(NOT_YET))
        return None
    if not explorer.latent_dim:
        st.caption(_("A plain language model: there is no z to decode from."))
        return None
    return explorer


def same_sentence(sides: Sequence[Side], explorers: dict[str, Explorer]) -> None:
    """One sentence through every run."""
    st.subheader(_("What does each keep of one sentence?"), anchor=False)
    if not explorers:
        st.info(str(NOT_YET), icon=":material/hourglass_empty:")
        return
    left, right = st.columns(2)
    readers = list(explorers.values())
    with left:
        sentence = fields.sentence_for_many(_("The sentence, typed once"), "a", readers)
    with right:
        fields.sentence_for_many(_("Another, to walk to"), "b", readers)
    for side, place in beside(sides):
        with place, controls.page_error_boundary():
            explorer = usable(side, explorers)
            if explorer is None:
                continue
            with st.spinner(_("Reading with {run}", run=side.name)):
                found = data.reading(explorer, sentence)
            if found.reconstruction is None:
                st.caption(_("What comes back is not available: this model does not write."))
            else:
                prose.show(found.reconstruction, before=sentence, size="large")
            st.caption(facts_of(found, explorer))
    st.caption(
        _(
            "Decoded greedily from the posterior mean; words that changed are marked. Look for "
            "what comes back. A sentence about something else altogether is what collapse says."
        )
    )


def facts_of(found: Reading, explorer: Explorer) -> str:
    """What is known of a sentence in a run, each in a sentence of Markdown."""
    if explorer.has_posterior:
        rate = float(found.posterior.kl().sum())
        said = [_("The rate of this sentence: {rate:.2f} nats.", rate=rate)]
    else:
        said = [_("It keeps a point: this sentence has no rate.")]
    if found.unknown:
        words = listed(controls.plain_markdown(word[:40]) for word in found.unknown[:8])
        said.append(_("Unknown words: {words}.", words=words))
    elif explorer.tells_unknown:
        said.append(_("Every word is known."))
    if found.exact:
        said.append(_("It comes back word for word."))
    return sentences(*said)


def same_path(sides: Sequence[Side], explorers: dict[str, Explorer]) -> None:
    """One interpolation through every run."""
    st.subheader(_("What lies between two sentences?"), anchor=False)
    first = next(iter(explorers.values()), None)
    if first is None:
        return
    a, b = (state.sentence(end, first.examples()) for end in ("a", "b"))
    ends = {"a": controls.plain_markdown(a), "b": controls.plain_markdown(b)}
    st.caption(_("From “{a}” to “{b}”.", **ends))
    for side, place in beside(sides):
        with place, controls.page_error_boundary():
            explorer = usable(side, explorers)
            if explorer is None:
                continue
            with st.spinner(_("Walking through {run}", run=side.name)):
                method = state.get("method") or explorer.usual_path
                path = resources.path(side.name, a, b, method, "greedy", 0)
            shown = path[:: (len(path) - 1) // 6]
            before = None
            for point in shown:
                said = shortened(point.sentence)
                prose.show(said, before=before, size="normal")
                before = said
            distinct = len({point.sentence for point in path})
            st.caption(
                _(
                    "{n} different sentences in {steps} steps ({method})",
                    n=distinct,
                    steps=len(path),
                    method=method,
                )
            )
    st.caption(
        _(
            "Seven of the steps, what changed since the one above marked. Look for steps that "
            "change a little at a time. The same sentence all the way: the decoder does not "
            "listen."
        )
    )


def same_draws(sides: Sequence[Side], explorers: dict[str, Explorer]) -> None:
    """The same noise through every decoder."""
    seed = seeds.field(width=160)
    for side, place in beside(sides):
        with place, controls.page_error_boundary():
            explorer = usable(side, explorers)
            if explorer is None:
                continue
            for said in data.prior_sentences(explorer, DRAWS, seed):
                prose.show(shortened(said), size="normal")
    st.caption(
        _(
            "Greedy, from the same draws of the prior: dimension by dimension the same noise. "
            "Where latent spaces differ in size the smaller one gets the first of it; a dimension "
            "means something else in every run all the same. Look for grammatical sentences that "
            "differ."
        )
    )
