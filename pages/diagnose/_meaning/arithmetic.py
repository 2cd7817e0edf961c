"""a - b + c: what is said there, what stands nearby, and how often it is what it should be."""

from __future__ import annotations

from functools import partial

import numpy as np
import streamlit as st
import torch
from torch import Tensor

from pages.common import controls, depth, fields, figure_card, job_panel, prose, resources, state
from pages.common.components import decoder, sentence_slider
from vae.corpora.corpus import Corpus, normalise
from vae.errors import UserError
from vae.explorer import Explorer
from vae.figures.analogies import analogies
from vae.i18n import _
from vae.i18n.numbers import number
from vae.latent.arithmetic import Analogy, analogy
from vae.latent.atlas import Atlas
from vae.latent.changes import marked
from vae.studies.analogies import Quadruple, quadruples
from vae.studies.directions_read import read
from vae.studies.sentences import corpus_of_map

NEAREST = 5
AMOUNTS = tuple(i / 8 for i in range(17))
"""How much of a - b the slider adds to c: nothing, all of it, twice as much."""


def show(explorer: Explorer) -> None:
    """Three sentences, the answer, its neighbours, and the score on many."""
    examples = _examples(explorer)
    # Until a person types, three sentences that have an answer to look for.
    given = offer(examples) if examples else explorer.examples()
    for label, end in ((_("a"), "a"), (_("minus b"), "b")):
        with st.container(gap="xsmall"):
            text = fields.sentence_box(label, end, given)
            take = partial(state.set_sentence, end)
            fields.sentence_help(text, explorer, state.widget_key(end), take)
    _third(explorer, given)
    atlas = job_panel.atlas(explorer)
    if atlas is not None:
        with controls.page_error_boundary():
            answer(explorer, atlas, given, examples)
    depth.bar()
    depth.section(
        "amount",
        _("How much of a − b does c take before it changes?"),
        _("Add nothing of it to c, all of it, or twice as much."),
        partial(amount, explorer, *sentences_of(given)),
    )
    with controls.page_error_boundary():
        score(explorer)


def offer(examples: dict[str, Quadruple]) -> list[str]:
    """Sentences a and b that differ in one factor alone, and c; those of the factor chosen."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        factor = st.selectbox(
            _("An example in which a and b differ in"),
            list(examples),
            key="meaning_factor",
            placeholder=_("Choose"),
            width=300,
        )
        example = examples[factor if factor in examples else next(iter(examples))]
        st.button(
            _("Use it"),
            key="meaning_use_example",
            icon=":material/playlist_add_check:",
            on_click=_use,
            args=(example,),
        )
    return [example.a, example.b, example.c]


def _use(example: Quadruple) -> None:
    state.set_sentence("a", example.a)
    state.set_sentence("b", example.b)
    state.put("c", example.c)


def _examples(explorer: Explorer) -> dict[str, Quadruple]:
    """One for each factor that can change alone, where a grammar knows the answer; else none."""
    try:
        corpus = corpus_of_map(explorer)
    except UserError:
        return {}
    return _of_grammar(explorer, corpus)


@resources.shared(max_entries=6)
def _of_grammar(explorer: Explorer, _corpus: Corpus) -> dict[str, Quadruple]:
    try:
        most = 2 * len(_corpus.grammar.factors) if _corpus.grammar else 0
        found = quadruples(_corpus, most, np.random.default_rng(0))
    except UserError:
        return {}
    return {q.factor: q for q in reversed(found)}


def third(examples: list[str]) -> str:
    """Sentence c; the third example until one is typed."""
    return str(state.get("c") or (examples[2 % len(examples)] if examples else ""))


def sentences_of(examples: list[str]) -> tuple[str, str, str]:
    """a, b and c."""
    return state.sentence("a", examples), state.sentence("b", examples), third(examples)


def _third(explorer: Explorer, examples: list[str]) -> None:
    def take(typed: str) -> None:
        state.put("c", typed.strip() or None)

    with st.container(gap="xsmall"):
        text = fields.sentence_field(_("plus c"), "c", third(examples), take)
        fields.sentence_help(text, explorer, state.widget_key("c"), take)


def answer(
    explorer: Explorer, atlas: Atlas, examples: list[str], known: dict[str, Quadruple]
) -> None:
    """The decoded sentence, very large, and the nearest ones of the corpus beside it."""
    a, b, c = sentences_of(examples)
    found = _analogy(explorer, a, b, c)
    said, near = st.columns([3, 2], gap="large")
    with said:
        st.header(_("What does the model say at a − b + c?"), anchor=False)
        prose.show(found.sentence, before=c, size="huge")
        expected = next((q.d for q in known.values() if (q.a, q.b, q.c) == (a, b, c)), "")
        if expected:
            right = normalise(expected) == normalise(found.sentence)
            st.markdown(
                _(":material/check: Exactly what the grammar expects.")
                if right
                else _(
                    ":material/close: The grammar expects: {sentence}",
                    sentence=controls.plain_markdown(expected),
                )
            )
        st.caption(
            _(
                "Decoded greedily from the sum of posterior means. Words that differ from c are "
                "underlined. Good: c with the one change that leads from b to a. Bad: c as it was, "
                "or a sentence about something else."
            )
        )
    with near:
        st.header(_("Which sentences stand nearest?"), anchor=False)
        prose.table(
            [_("sentence"), _("distance")],
            [
                [
                    prose.html(marked(n.sentence, found.sentence))
                    + (f" {prose.note(_('a, b or c itself'))}" if n.given else ""),
                    number(n.distance, ".2f"),
                ]
                for n in found.nearest
            ],
        )
        st.caption(
            _(
                "Nearest {n} of {total:,} sentences; Euclidean distance between posterior means. "
                "Marked words differ from what the model says. If the nearest is c itself, little "
                "has moved (Linzen, 2016).",
                n=NEAREST,
                total=len(atlas),
            )
        )


@resources.shared(max_entries=64)
def _analogy(explorer: Explorer, a: str, b: str, c: str) -> Analogy:
    atlas = explorer.atlas
    return analogy(explorer, a, b, c, atlas.sentences, atlas.mean, NEAREST)


@st.fragment
@controls.page_error_boundary()
def amount(explorer: Explorer, a: str, b: str, c: str) -> None:
    """c with more and more of a - b; a move of the slider reruns this much only."""
    decoder_name = decoder.name(explorer)
    start, step = _added(explorer, a, b, c)
    said = _amounts(explorer, a, b, c)
    kept = st.session_state.get("meaning_amount")
    # A place that was chosen for other sentences is none for these.
    mine = (explorer.name, a, b, c)
    at = kept[1] if kept and kept[0] == mine else AMOUNTS.index(1.0)
    points = [_point(share, text, said[0]) for share, text in zip(AMOUNTS, said, strict=True)]
    here = points[int(at)]
    if at != int(at):
        share = sentence_slider.value(at, AMOUNTS)
        here = _point(share, explorer.decode((start + share * step)[None])[0], said[0])
    gap = sentence_slider.Gap("value")
    ends = AMOUNTS[0], AMOUNTS[-1]
    low, high = (start + share * step for share in ends)
    readout = _amount(f"{gap:.2f}")
    line = sentence_slider.Line(
        id="amount",
        label=_("How much of a − b is added to c"),
        points=points,
        at=at,
        low=sentence_slider.End("c", points[0].pieces),
        high=sentence_slider.End("c + 2 (a − b)", points[-1].pieces),
        ticks=[i for i in range(1, len(said)) if said[i] != said[i - 1]],
        way=sentence_slider.Way(low, high, "lerp", ends, readout, readout, len(AMOUNTS), said[0])
        if decoder_name
        else None,
    )

    def moved(_line: str, index: float) -> None:
        st.session_state["meaning_amount"] = (mine, index)

    sentence_slider.show(here, [line], moved, "meaning_amount_walk", decoder_name)
    st.caption(
        _(
            "At 0 stands what comes back of c; words that differ from it are underlined, and a "
            "mark is where the sentence changes. Good: it changes once, before 1, and stays. Bad: "
            "nothing changes at 1, or other words change with it."
        )
    )


def _point(share: float, text: str, unmoved: str) -> sentence_slider.Point:
    said = _amount(number(share, ".2f"))
    return sentence_slider.Point(marked(text, unmoved if share else None), said, said)


def _amount(share: str) -> str:
    return _("c + {share} (a − b)", share=share)


def _added(explorer: Explorer, a: str, b: str, c: str) -> tuple[Tensor, Tensor]:
    """(Z,) each: c, and a - b."""
    first, second, third = explorer.encode([a, b, c]).mean
    return third, first - second


@resources.shared(max_entries=64)
def _amounts(explorer: Explorer, a: str, b: str, c: str) -> tuple[str, ...]:
    start, step = _added(explorer, a, b, c)
    return tuple(explorer.decode(start + torch.tensor(AMOUNTS)[:, None] * step))


def score(explorer: Explorer) -> None:
    """How often the answer is exactly right, where a grammar knows it."""
    result = resources.study_result(explorer.run, "directions")
    found = None if result is None else read(result).analogies
    if found is None:
        return
    depth.section(
        "score",
        _("Does it work on many sentences?"),
        _("Exactly right in {share:.1%} of {n:,}.", share=found.exact_match.value, n=found.n),
        lambda: figure_card.show(
            analogies(found), key="meaning_analogies", file_name=f"{explorer.name}-analogies"
        ),
    )
