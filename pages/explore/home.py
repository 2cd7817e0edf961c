"""What does a model keep of a sentence?"""

import streamlit as st

from pages.common import (
    collection,
    controls,
    fields,
    job_panel,
    label_words,
    prose,
    resources,
    state,
    tour,
)
from vae.corpora.label_types import NO_VALUE
from vae.explorer import Explorer, Reading
from vae.i18n import _, message, ngettext, pgettext, sentences
from vae.i18n.numbers import number
from vae.latent.changes import marked

SHOWN_DIMENSIONS = 12
CARDS = (
    (
        "pages/train/training.py",
        message("Watch it learn"),
        message("How the sentences came, step by step."),
    ),
    (
        "pages/explore/interpolate.py",
        message("Walk between two"),
        message("What does it say half way?"),
    ),
    (
        "pages/explore/dimensions.py",
        message("Turn one dial"),
        message("What does a single dimension change?"),
    ),
    (
        "pages/diagnose/collapse.py",
        message("Is it collapsed?"),
        message("Does the decoder read the latents at all?"),
    ),
)


def show_kept(explorer: Explorer, run_name: str, reading: Reading) -> None:
    """Mean and spread of the posterior in the most informative dimensions."""
    # Plotly is loaded when the answer is on its way.
    with collection.put_off():
        from pages.common import figure_card
        from vae.figures import posterior as posteriors

    ranking = resources.informative(run_name)
    dims = ranking.order[:SHOWN_DIMENSIONS]
    former = state.sentence_before(run_name, reading.sentence)
    before = explorer.encode([former]) if former else None
    figure = posteriors.dimensions(reading.posterior, dims, ranking.titles, ranking.sample, before)
    figure_card.show(figure, key="home_kept", file_name=f"posterior-{run_name}", title=st.header)


def show_in(reading: Reading) -> None:
    """The tokens that the encoder reads."""
    if reading.tokens is None:
        st.header(_("What goes in"), anchor=False)
        prose.show(reading.sentence, size="normal")
        st.caption(_("Into which tokens the model splits it is not available: it does not tell."))
        return
    n = len(reading.tokens)
    st.header(ngettext("What goes in: {n} token", "What goes in: {n} tokens", n), anchor=False)
    prose.tokens(reading.tokens)


def show_back(reading: Reading) -> None:
    """The reconstruction, and whether it is the same."""
    st.header(_("What comes back"), anchor=False)
    if reading.reconstruction is None:
        st.info(_("Not available: this model reads and does not write."), icon=":material/block:")
        return
    prose.show(reading.reconstruction, before=reading.sentence, size="huge")
    if reading.exact:
        st.caption(_("The same, word for word: decoded from the posterior mean, greedily."))
    elif reading.unknown:
        st.caption(
            _(
                "Decoded from the posterior mean, greedily. Marked is what differs from what went "
                "in; a word that the model never learned cannot come back."
            )
        )
    else:
        st.caption(
            _(
                "Decoded from the posterior mean, greedily. Marked is what differs from what "
                "went in."
            )
        )


def show_neighbours(explorer: Explorer, reading: Reading) -> None:
    """The five sentences of the corpus that the model keeps nearest to this one."""
    st.header(_("Which sentences does it keep nearby?"), anchor=False)
    atlas = job_panel.atlas(explorer)
    if atlas is None:
        return
    found = explorer.neighbours(reading.posterior.mean, 5)[0]
    before = reading.sentence if reading.reconstruction is None else reading.reconstruction
    columns = [c for c, v in atlas.labels.items() if c != "split" and 2 <= len(set(v)) <= 12][:5]
    valued = label_words.values(explorer)
    copied = any(n.copies for n in found)
    prose.table(
        [
            pgettext("column", "sentence"),
            pgettext("column", "distance"),
            *([pgettext("column", "copies")] if copied else []),
            *map(label_words.names(explorer), columns),
        ],
        [
            [
                prose.html(marked(n.sentence, before)),
                f"{n.distance:.2f}",
                *([number(n.copies, ",")] if copied else []),
                *(valued(c, n.labels[c]) or str(NO_VALUE) for c in columns),
            ]
            for n in found
        ],
    )
    how = _(
        "Nearest five of {n:,} distinct sentences; Euclidean distance between posterior means ({z} "
        "dimensions, no unit).",
        n=atlas.distinct,
        z=explorer.latent_dim,
    )
    differ = (
        _("Marked words differ from what went in.")
        if reading.reconstruction is None
        else _("Marked words differ from what came back.")
    )
    good = _(
        "Good: they say much the same, or the same with one thing turned round. Bad: they have "
        "nothing in common."
    )
    st.caption(sentences(how, differ, good))


def show_cards() -> None:
    """Where to go next."""
    for column, (page, title, text) in zip(st.columns(len(CARDS)), CARDS, strict=True):
        with column.container(border=True, height="stretch"):
            st.page_link(page, label=f"**{title}**", icon=":material/arrow_forward:")
            st.caption(str(text))


with controls.page_error_boundary():
    st.title(_("What does a model keep of a sentence?"), anchor=False)
    run_name = state.chosen_run()
    explorer = job_panel.required_explorer(run_name)
    st.markdown(
        _(
            "Latent Lens opens a **text VAE**: an encoder turns a sentence into a point, with some "
            "doubt around it; a decoder turns a point back into a sentence. Nearby points should "
            "say nearby things. Type a sentence and see what is kept of it, then walk between two, "
            "turn one dimension at a time, look at the whole corpus as a map, and find out whether "
            "the space is used at all."
        )
    )
    tour.offer()
    sentence = fields.sentence_input(_("Your sentence"), "a", explorer)
    if explorer.latent_dim == 0:
        st.info(
            _(
                "The run '{run}' is a plain language model with no latent dimension: it keeps "
                "nothing of a sentence, and is here to compare with. Choose another run in the "
                "sidebar to see one kept.",
                run=explorer.name,
            ),
            icon=":material/info:",
        )
    else:
        with controls.page_error_boundary():
            reading = explorer.read(sentence)
            back, kept = st.columns([1, 1], gap="large")
            with back:
                show_in(reading)
                show_back(reading)
            with kept:
                show_kept(explorer, run_name, reading)
            show_neighbours(explorer, reading)
    st.header(_("Go on"), anchor=False)
    show_cards()
    from pages.explore._home import model_card

    with controls.page_error_boundary():
        model_card.show(explorer)
