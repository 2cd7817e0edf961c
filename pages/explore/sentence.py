"""What does each word of a sentence cost, and what does z tell of it?"""

import pandas as pd
import streamlit as st

from pages.common import controls, figure_card, job_panel, links, prose, resources, state
from pages.explore._sentence import tinted, xray_charts, xray_data
from pages.explore._sentence.charts import posterior_bars, posterior_table
from vae.diagnostics.attribution import MOST_TOKENS, TOLERANCE, Attribution
from vae.diagnostics.xray import Xray
from vae.explorer import Explorer
from vae.models.explorable import NotAvailableError

DRAWS = (8, 32, 128)
SHOWN = 12
SHOWN_SAYINGS = 8


def show_elbo(seen: Xray) -> None:
    """The formula with the numbers put in, and what z saves."""
    own, prior = seen.distortion, seen.distortion_prior
    st.html(xray_charts.formula(seen))
    st.caption(
        f"Distortion: −log p(x|z) over {len(seen.tokens)} tokens, the end included; the mean of "
        f"{own.draws} draws of z from q(z|x), `{own.mean:.2f} ± {own.error:.2f}` nats (standard "
        f"error; one draw: ± {own.deviation:.2f}). Rate: KL(q(z|x) || N(0, I)), closed form. Their "
        "sum is the loss that training minimises, at β = 1 and without free bits; log p(x) is at "
        f"least the ELBO. Given a prior z the distortion is `{prior.mean:.2f} ± {prior.error:.2f}` "
        f"nats: the sentence's own z saves `{seen.saving:.2f}`."
    )


def show_tokens(run_name: str, seen: xray_data.Seen) -> None:
    """Each token in a box, coloured by its log p."""
    x = seen.xray
    silent = " This model does not tell which words it knows." * (None in seen.unknown)
    figure_card.framed(
        "Which words does z tell?",
        lambda: st.html(xray_charts.token_strip(x, seen.unknown)),
        key="xray_tokens",
        look_for="log p of each token in nats, its earlier words given: above given the "
        f"sentence's own z, below given a prior z (means of {len(x.z)} draws each). Look for a "
        "bright number over a dark one: a word that only z can tell. Two alike: the decoder knows "
        "the word from grammar, or does not listen. Dark above: z lost the word."
        f"{silent}",
        table=lambda: xray_charts.token_table(x, seen.unknown),
        file_name=f"tokens-{run_name}",
    )


def show_dimensions(run_name: str, seen: Xray) -> None:
    """KL and posterior of the dimensions that carry most of this sentence."""
    ranking = resources.informative(run_name)
    order = seen.kl.argsort(descending=True, stable=True).tolist()
    shown, rest = order[:SHOWN], order[SHOWN:]
    whole = dimension_table(order, ranking, seen)
    top = whole.head(len(shown))
    left, right = st.columns(2, gap="large")
    with left:
        figure_card.chart(
            f"What does each dimension cost? {seen.rate:.1f} nats in all",
            xray_charts.kl_bars(
                xray_charts.named(shown, [ranking.title(d) for d in shown]),
                seen.kl[shown].tolist(),
                float(seen.kl[rest].sum()),
                len(rest),
            ),
            key="xray_kl",
            alt=f"Bars of the KL of the {len(shown)} dimensions that carry most of this sentence, "
            f"and of the {len(rest)} others together.",
            look_for="KL(q(z_d|x) || N(0, 1)) of this sentence alone, closed form. They sum to "
            "the rate. Look for a few long bars: what is unusual in this sentence. A bad sign: no "
            "bar at all, which is a posterior that equals the prior.",
            table=lambda: whole,
            file_name=f"dimensions-{run_name}",
        )
    with right:
        figure_card.chart(
            "Where is it, and how sure is the model?",
            posterior_bars(top),
            key="xray_posterior",
            alt=f"Bars of the posterior mean of this sentence in {len(shown)} dimensions, each "
            "with its standard deviation.",
            look_for="The same dimensions: mean of q(z|x) and one standard deviation. Look for "
            "whiskers much shorter than the band: what the model is sure of. A bad sign: bars at "
            "zero with whiskers as wide as the band, which is the prior.",
            table=lambda: top,
            file_name=f"posterior-{run_name}",
        )


def dimension_table(dims: list[int], ranking: resources.Informative, seen: Xray) -> pd.DataFrame:
    """One row a dimension, the one that costs most first."""
    return posterior_table(
        dims,
        [ranking.title(d) for d in dims],
        seen.posterior.mean[0, dims].tolist(),
        (0.5 * seen.posterior.logvar[0, dims]).exp().tolist(),
        seen.kl[dims].tolist(),
    )


def show_sayings(run_name: str, seen: xray_data.Seen) -> None:
    """What draws from the posterior decode to."""
    if seen.said is None:
        st.info("This model does not decode: what its draws of z say is not available.")
        return
    draws, same = len(seen.xray.z), sum(one.draws for one in seen.said if one.same)
    said = seen.said

    def draw() -> None:
        prose.table(
            ["sentence", "draws", "log p(x|z), nats"],
            [
                [
                    prose.html(prose.marked(one.sentence, seen.xray.sentence)) or "(nothing)",
                    str(one.draws),
                    prose.number(one.log_p, ".1f"),
                ]
                for one in said[:SHOWN_SAYINGS]
            ],
        )

    more = f" The {len(said) - SHOWN_SAYINGS} others are in the table." * (
        len(said) > SHOWN_SAYINGS
    )
    figure_card.framed(
        f"What do draws of z say? The same sentence {same} times of {draws}",
        draw,
        key="xray_sayings",
        look_for="Each draw of z from q(z|x), decoded greedily; marked words are not in the "
        "sentence that was typed; log p(x|z) is of that sentence at these draws."
        f"{more} Look for sentences that say much the same. A bad sign: sentences that "
        "have nothing in common, or one sentence whatever is typed.",
        table=lambda: pd.DataFrame([vars(one) for one in said]),
        file_name=f"draws-{run_name}",
    )


def show_attributions(run_name: str, explorer: Explorer, seen: Xray) -> None:
    """Integrated gradients, both ways."""
    try:
        found = xray_data.attributions(explorer, seen.sentence)
    except NotAvailableError as error:
        st.info(f"Attribution is not available for this model. {error}", icon=":material/info:")
        return
    ranking = resources.informative(run_name)
    labels = [f"dim {d} {ranking.title(d)}".strip() for d in found.dims]
    left, right = st.columns(2, gap="large")
    with left:
        show_words(run_name, seen, found, labels)
    with right:
        show_outputs(run_name, seen, found, labels)


def show_words(run_name: str, seen: Xray, found: xray_data.Attributions, labels: list[str]) -> None:
    """Which word moves which dimension of the posterior mean."""
    values = found.words.values.T.numpy()
    grid(
        "Which word moves which dimension?",
        (seen.tokens, labels, values, "sd"),
        key="xray_words",
        caption="How far each word moves each dimension of the posterior mean.",
        look_for=f"Integrated gradients of the posterior mean, in standard deviations of the "
        f"prior, for the {len(labels)} dimensions with the largest KL here. Baseline: the same "
        "sentence with every word's embedding at zero. Look for a column with one coloured cell: "
        "a dimension that reads one word. A column coloured all over mixes many words. "
        f"{completeness(found.words)}",
        file_name=f"words-to-dimensions-{run_name}",
    )


def show_outputs(
    run_name: str, seen: Xray, found: xray_data.Attributions, labels: list[str]
) -> None:
    """Which dimension of z raises the log p of which word."""
    others = found.dimensions.values.shape[1] - len(found.dims)
    names = [*labels, f"{others} others"] if others else labels
    values = found.dimensions.with_rest(found.dims)[:, : len(names)].numpy()
    grid(
        "Which dimension moves which word?",
        (seen.tokens[: len(values)], names, values, "nats"),
        key="xray_outputs",
        caption="How many nats each dimension adds to the log likelihood of each word.",
        look_for="Integrated gradients of log p of each word, its earlier words given, on the way "
        "from z = 0 to the posterior mean; a row sums to what z as a whole adds. Look for a dark "
        "blue cell: that dimension tells the decoder this word. A bad sign: all faint, a decoder "
        f"that does not listen. {completeness(found.dimensions)}",
        file_name=f"dimensions-to-words-{run_name}",
    )


def grid(question: str, table, *, key: str, caption: str, look_for: str, file_name: str) -> None:
    """A tinted table of tokens, dimensions, values (T, D) and their unit."""
    tokens, names, values, unit = table
    most = min(len(tokens), MOST_TOKENS)
    cut = f" The first {most} tokens; the table has more." * (len(tokens) > most)
    figure_card.framed(
        question,
        lambda: st.html(tinted.grid(tokens[:most], names, values[:most], unit, caption)),
        key=key,
        look_for=look_for + cut,
        table=lambda: attribution_table(tokens, names, values),
        file_name=file_name,
    )


def completeness(found: Attribution) -> str:
    """Whether the sums are what they should be, in words."""
    if found.complete:
        return (
            f"Complete: sums differ from what they explain by less than "
            f"{max(found.error, 1e-4):.1g} ({found.steps} steps; tolerance {TOLERANCE:g})."
        )
    return (
        f"Not complete: sums differ from what they explain by up to {found.error:.2f} after "
        f"{found.steps} steps, more than the tolerance of {TOLERANCE:g}; take the shares as rough."
    )


def attribution_table(tokens: tuple[str, ...], rows: list[str], values) -> pd.DataFrame:
    """One row a token, one column a dimension."""
    table = pd.DataFrame(values.T, columns=rows)
    table.insert(0, "token", list(tokens))
    return table


with controls.page_error_boundary():
    st.title("What does the model make of each word?", anchor=False)
    run_name = state.chosen_run()
    explorer = job_panel.required_explorer(run_name)
    controls.require_latents(explorer)

    sentence = controls.sentence_input("Your sentence", "a", explorer)
    with st.container(horizontal=True, vertical_alignment="bottom", gap="medium"):
        draws = st.segmented_control(
            "Draws of z",
            DRAWS,
            default=DRAWS[0],
            key="xray_draws",
            required=True,
            width="content",
            help="From the posterior, and as many from the prior. More draws, smaller error.",
        )
        st.number_input("Seed", 0, links.MOST_SEED, step=1, width=160, **state.widget("seed"))
    try:
        found = xray_data.seen(explorer, sentence, draws or DRAWS[0], state.get("seed"))
    except NotAvailableError as error:
        st.info(f"The x-ray is not available for this model. {error}", icon=":material/info:")
        st.stop()
    show_elbo(found.xray)
    show_tokens(run_name, found)
    show_dimensions(run_name, found.xray)
    show_sayings(run_name, found)
    with controls.page_error_boundary():
        show_attributions(run_name, explorer, found.xray)
