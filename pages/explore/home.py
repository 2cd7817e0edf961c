"""What does a model keep of a sentence?"""

import streamlit as st

from pages.common import controls, figure_card, job_panel, prose, resources, state
from pages.explore._home import model_card
from pages.explore._sentence.charts import posterior_bars, posterior_table
from vae.explorer import Explorer, Reading

SHOWN_DIMENSIONS = 12
CARDS = (
    ("pages/train/training.py", "Watch it learn", "How the sentences came, step by step."),
    ("pages/explore/interpolate.py", "Walk between two", "What does it say half way?"),
    ("pages/explore/dimensions.py", "Turn one dial", "What does a single dimension change?"),
    ("pages/diagnose/collapse.py", "Is it collapsed?", "Does the decoder read the latents at all?"),
)


def show_kept(run_name: str, reading: Reading) -> None:
    """Mean and spread of the posterior in the most informative dimensions."""
    ranking = resources.informative(run_name)
    dims = list(ranking.order[:SHOWN_DIMENSIONS])
    posterior = reading.posterior
    names = [ranking.title(d) for d in dims]
    table = posterior_table(
        dims,
        names,
        posterior.mean[0, dims].tolist(),
        (0.5 * posterior.logvar[0, dims]).exp().tolist(),
        posterior.kl_per_dimension()[0, dims].tolist(),
    )
    total, z = float(posterior.kl()[0]), posterior.mean.shape[1]
    figure_card.chart(
        f"What is kept: {total:.1f} nats in {z} numbers",
        posterior_bars(table),
        key="home_kept",
        alt=f"Bars of the posterior mean of this sentence in {len(dims)} dimensions, each with "
        "its standard deviation.",
        look_for=f"The {len(dims)} of {z} dimensions that tell most (KL, mean over "
        f"{ranking.n:,} {ranking.source}). Look for long "
        "bars with short whiskers: what the model is sure of. A bad sign: every bar at zero with "
        "whiskers as wide as the band, which is the prior itself; then nothing is kept.",
        table=lambda: table,
        file_name=f"posterior-{run_name}",
    )


def show_in(reading: Reading) -> None:
    """The tokens that the encoder reads."""
    if reading.tokens is None:
        st.subheader("What goes in", anchor=False)
        prose.show(reading.sentence, size="normal")
        st.caption("Into which tokens the model splits it is not available: it does not tell.")
        return
    st.subheader(f"What goes in: {len(reading.tokens)} tokens", anchor=False)
    st.code(" · ".join(reading.tokens), language=None, wrap_lines=True)


def show_back(reading: Reading) -> None:
    """The reconstruction, and whether it is the same."""
    st.subheader("What comes back", anchor=False)
    if reading.reconstruction is None:
        st.info("Not available: this model reads and does not write.", icon=":material/block:")
        return
    prose.show(reading.reconstruction, before=reading.sentence, size="huge")
    if reading.exact:
        st.caption("The same, word for word: decoded from the posterior mean, greedily.")
    elif reading.unknown:
        st.caption(
            "Decoded from the posterior mean, greedily. Marked words are not in what went in; a "
            "word that the model never learned cannot come back."
        )
    else:
        st.caption(
            "Decoded from the posterior mean, greedily. Marked words are not in what went in."
        )


def show_neighbours(explorer: Explorer, reading: Reading) -> None:
    """The five sentences of the corpus that the model keeps nearest to this one."""
    st.subheader("Which sentences does it keep nearby?", anchor=False)
    atlas = job_panel.atlas(explorer)
    if atlas is None:
        return
    found = explorer.neighbours(reading.posterior.mean, 5)[0]
    before = reading.sentence if reading.reconstruction is None else reading.reconstruction
    columns = [c for c, v in atlas.labels.items() if c != "split" and 2 <= len(set(v)) <= 12][:5]
    prose.table(
        ["sentence", "distance", *columns],
        [
            [
                prose.html(prose.marked(n.sentence, before)),
                f"{n.distance:.2f}",
                *(n.labels[c] or "none" for c in columns),
            ]
            for n in found
        ],
    )
    st.caption(
        f"Nearest five of {len(atlas):,} sentences; Euclidean distance between posterior means "
        f"({explorer.latent_dim} dimensions, no unit). Marked words differ from what "
        f"{'went in' if reading.reconstruction is None else 'came back'}. "
        "Good: they say much the same. Bad: they have nothing in common."
    )


def show_cards() -> None:
    """Where to go next."""
    for column, (page, title, text) in zip(st.columns(len(CARDS)), CARDS, strict=True):
        with column.container(border=True, height="stretch"):
            st.page_link(page, label=f"**{title}**", icon=":material/arrow_forward:")
            st.caption(text)


with controls.page_error_boundary():
    st.title("What does a model keep of a sentence?", anchor=False)
    run_name = state.chosen_run()
    explorer = job_panel.required_explorer(run_name)
    st.markdown(
        "Latent Lens opens a **text VAE**: an encoder turns a sentence into a point, with some "
        "doubt around it; a decoder turns a point back into a sentence. "
        "Nearby points should say nearby things. "
        "Type a sentence and see what is kept of it, then walk between two, turn one dimension at "
        "a time, look at the whole corpus as a map, and find out whether the space is used at all."
    )
    sentence = controls.sentence_input("Your sentence", "a", explorer)
    if explorer.latent_dim == 0:
        st.info(
            f"The run '{explorer.name}' is a plain language model with no latent dimension: it "
            "keeps nothing of a sentence, and is here to compare with. Choose another run in the "
            "sidebar to see one kept.",
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
                show_kept(run_name, reading)
            show_neighbours(explorer, reading)
    st.subheader("Go on", anchor=False)
    show_cards()
    with controls.page_error_boundary():
        model_card.show(explorer)
