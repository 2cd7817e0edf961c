"""What does each word of a sentence cost, and what does z tell of it?"""

from collections.abc import Callable, Sequence
from functools import partial

import pandas as pd
import streamlit as st

from pages.common import (
    controls,
    depth,
    fields,
    figure_card,
    job_panel,
    resources,
    sayings,
    seeds,
    state,
)
from pages.explore._sentence import data, markup, tinted
from vae.diagnostics.attribution import MOST_TOKENS
from vae.diagnostics.xray import Saying, Xray
from vae.explorer import Explorer
from vae.figures import Figure
from vae.figures import posterior as posteriors
from vae.figures import sentence as figures
from vae.i18n import _, ngettext, pgettext, sentences
from vae.i18n.numbers import mean_plus_minus
from vae.models.explorable import NotAvailableError

DRAWS = (8, 32, 128)
SHOWN_SAYINGS = 8


def show_elbo(seen: Xray) -> None:
    """The formula with the numbers put in, and what z saves."""
    own, prior = seen.distortion, seen.distortion_prior
    st.html(markup.formula(seen))
    st.caption(
        _(
            "Distortion: −log p(x|z) over {tokens} tokens, the end included; the mean of {draws} "
            "draws of z from q(z|x), `{own}` nats (± is half of a 95% interval; the standard "
            "deviation of one draw is {deviation:.2f}). Rate: KL(q(z|x) || N(0, I)), closed form. "
            "Their sum is the loss that training minimises, at β = 1 and without free bits; log "
            "p(x) is at least the ELBO. Given a prior z the distortion is `{prior}` nats: the "
            "sentence's own z saves `{saving:.2f}`.",
            tokens=len(seen.tokens),
            draws=own.draws,
            own=mean_plus_minus(own.mean, own.error),
            deviation=own.deviation,
            prior=mean_plus_minus(prior.mean, prior.error),
            saving=seen.saving,
        )
    )


def show_tokens(run_name: str, seen: data.Seen) -> None:
    """Each token in a box, coloured by its log p."""
    figure = figures.word_costs(seen.xray, seen.unknown)
    show_html(figure, markup.token_strip(seen.xray, seen.unknown), run_name, st.header)


def show_dimensions(run_name: str, seen: Xray, titles: Sequence[str]) -> None:
    """KL and posterior of the dimensions of this sentence's highest KL."""
    dims = seen.order[: figures.SHOWN]
    drawn = (
        figures.dimension_costs(seen, titles),
        posteriors.where_it_is(seen.posterior, dims, titles),
    )
    for column, figure in zip(st.columns(2, gap="large"), drawn, strict=True):
        with column:
            name = f"{figure.name}-{run_name}"
            figure_card.show(figure, key=f"xray_{figure.name}", file_name=name)


def said_again(seen: data.Seen) -> str:
    """How many draws say the sentence itself, in a sentence."""
    if seen.said is None:
        return _("Not available: this model does not decode.")
    same = sum(one.draws for one in seen.said if one.same)
    return _("The same sentence {same} times of {draws}.", same=same, draws=len(seen.xray.z))


def show_sayings(run_name: str, seen: data.Seen) -> None:
    """What draws from the posterior decode to."""
    if seen.said is None:
        st.info(_("This model does not decode: what its draws of z say is not available."))
        return
    said, draws = seen.said, len(seen.xray.z)
    same = sum(one.draws for one in said if one.same)
    look_for = _(
        "Each draw of z from q(z|x), decoded greedily; marked words are not in the sentence that "
        "was typed; log p(x|z) is of that sentence at these draws. Look for sentences that say "
        "much the same. A bad sign: sentences that have nothing in common, or one sentence "
        "whatever is typed."
    )
    if (more := len(said) - SHOWN_SAYINGS) > 0:
        table = ngettext("The other one is in the table.", "The {n} others are in the table.", more)
        look_for = sentences(look_for, table)
    figure_card.framed(
        _(
            "What do draws of z say? The same sentence {same} times of {draws}",
            same=same,
            draws=draws,
        ),
        lambda: sayings.show(said[:SHOWN_SAYINGS], seen.xray.sentence),
        key="xray_sayings",
        look_for=look_for,
        table=lambda: sayings_table(said),
        file_name=f"draws-{run_name}",
    )


def sayings_table(said: Sequence[Saying]) -> pd.DataFrame:
    """One row a sentence that draws decode to."""
    return pd.DataFrame(
        {
            pgettext("column", "sentence"): [one.sentence for one in said],
            pgettext("column", "draws"): [one.draws for one in said],
            _("log p(x|z), nats"): [one.log_p for one in said],
            pgettext("column", "the same"): [one.same for one in said],
        }
    )


def show_attributions(run_name: str, explorer: Explorer, seen: Xray, titles: Sequence[str]) -> None:
    """Integrated gradients, both ways."""
    try:
        found = data.attributions(explorer, seen.sentence)
    except NotAvailableError as error:
        st.info(
            _("Attribution is not available for this model. {reason}", reason=error.message),
            icon=":material/info:",
        )
        return
    words = figures.words_to_dimensions(found.words, seen.tokens, found.dims, titles)
    outputs = figures.dimensions_to_words(found.dimensions, seen.tokens, found.dims, titles)
    left, right = st.columns(2, gap="large")
    with left:
        show_html(words, tinted_grid(words, _("sd")), run_name)
    with right:
        show_html(outputs, tinted_grid(outputs, _("nats")), run_name)


def show_html(
    figure: Figure, html: str, run_name: str, title: Callable[..., object] = st.subheader
) -> None:
    """A finding with its numbers on tints, which can be read one by one, in place of its plot."""
    figure_card.framed(
        figure.question,
        lambda: st.html(html),
        key=f"xray_{figure.name}",
        look_for=figure.caption,
        table=figure.table,
        file_name=f"{figure.name}-{run_name}",
        title=title,
    )


def tinted_grid(figure: Figure, unit: str) -> str:
    """The table of an attribution, its first tokens, as HTML."""
    table = figure.table().head(MOST_TOKENS)
    numbers = table.iloc[:, 1:]
    return tinted.grid(
        table.iloc[:, 0].tolist(), list(numbers), numbers.to_numpy(), unit, figure.alt
    )


with controls.page_error_boundary():
    st.title(_("What does the model make of each word?"), anchor=False)
    run_name = state.chosen_run()
    explorer = job_panel.required_explorer(run_name)
    controls.require_latents(explorer)

    sentence = fields.sentence_input(_("Your sentence"), "a", explorer)
    with st.container(horizontal=True, vertical_alignment="bottom", gap="medium"):
        draws = st.segmented_control(
            _("Draws of z"),
            DRAWS,
            default=DRAWS[0],
            key="xray_draws",
            required=True,
            width="content",
            help=_("From the posterior, and as many from the prior. More draws, smaller error."),
        )
        seed = seeds.field(width=160)
    try:
        found = data.seen(explorer, sentence, draws or DRAWS[0], seed)
    except NotAvailableError as error:
        st.info(
            _("The x-ray is not available for this model. {reason}", reason=error.message),
            icon=":material/info:",
        )
        st.stop()
    show_elbo(found.xray)
    show_tokens(run_name, found)
    titles = resources.informative(run_name).titles
    depth.bar()
    first = found.xray.order[0]
    depth.section(
        "dimensions",
        _("Which dimensions carry it?"),
        _(
            "{rate:.1f} nats in all; most in dimension {d}, {nats:.2f}.",
            rate=found.xray.rate,
            d=first,
            nats=float(found.xray.kl[first]),
        ),
        partial(show_dimensions, run_name, found.xray, titles),
    )
    depth.section(
        "draws",
        _("What do draws of z say?"),
        said_again(found),
        partial(show_sayings, run_name, found),
    )
    depth.section(
        "moves",
        _("Which word moves which dimension, and back?"),
        _("Integrated gradients from words to dimensions, and from dimensions to words."),
        partial(show_attributions, run_name, explorer, found.xray, titles),
    )
