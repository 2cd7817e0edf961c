"""The card of one dimension: its name, its ends, what it tells, and what it changes."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

import streamlit as st

from pages.common import controls, depth, figure_card, guests, prose, resources
from pages.diagnose._meaning import data, dimension_dial
from vae.explorer import Explorer
from vae.figures import Figure
from vae.figures.changes import changes_of_dimension
from vae.figures.information import information_of_dimension, interval
from vae.i18n import _, ngettext
from vae.i18n.numbers import number, percent, plus_minus
from vae.latent import names
from vae.latent.atlas import said_note
from vae.studies.dimensions import DimensionStudy, Told

_PROBLEM = "meaning:name_problem"


def show(explorer: Explorer, found: DimensionStudy | None, d: int) -> None:
    """What is known of dimension d; what a study would tell is left out without one."""
    ranking = resources.informative(explorer.name)
    with st.container(border=True, key="meaning_card"):
        title = ranking.title(d)
        st.header(
            _("Dimension {d}: {title}", d=d, title=controls.plain_markdown(title))
            if title
            else _("Dimension {d}", d=d)
        )
        name_it(explorer, ranking, d)
        if found is not None:
            figures(found, d)
    depth.bar()
    depth.section(
        "along",
        _("What does your sentence become along it?"),
        _("Turn this dimension under a sentence of your own."),
        partial(dimension_dial.along, explorer, d),
    )
    if found is None:
        return
    depth.section(
        "ends",
        _("Which sentences stand at its ends?"),
        _("Sentences of the map at its low end, in its middle and at its high end."),
        partial(stands, explorer, found, d),
    )
    depth.section(
        "told",
        _("What does it tell, and what does it change?"),
        most_of(found, d),
        partial(tells, explorer, found, d),
    )


def most_of(found: DimensionStudy, d: int) -> str:
    """The label that dimension d tells most of, in a sentence of Markdown."""
    most = label_of(found, d)
    if most is None:
        return _("The sentences have no labels to tell of.")
    return _(
        "Of “{label}” it tells {nats} nats, the largest part of any label.",
        label=controls.plain_markdown(most.label),
        nats=plus_minus(interval(most, d, found.n)),
    )


def label_of(found: DimensionStudy, d: int) -> Told | None:
    """What dimension d tells of the label of which it tells the largest part."""
    return max(found.told, key=lambda told: told.value[d] / told.entropy, default=None)


def tells(explorer: Explorer, found: DimensionStudy, d: int) -> None:
    """What it tells of each label, beside what moving along it changes."""
    told, changed = st.columns(2, gap="large")
    with told:
        _card(explorer, information_of_dimension(found, d))
    with changed:
        if figure := changes_of_dimension(found, d):
            _card(explorer, figure)
        else:
            st.subheader(_("What changes along it?"), anchor=False)
            st.info(_("None of the moved sentences could be read."), icon=":material/info:")


def _card(explorer: Explorer, figure: Figure) -> None:
    figure_card.show(
        figure, key=f"meaning_{figure.name}", file_name=f"{explorer.name}-{figure.name}"
    )


def name_it(explorer: Explorer, ranking: resources.Informative, d: int) -> None:
    """The name to type, and the way back to the proposed one."""
    key = f"name_{explorer.name}_{d}"
    given = ranking.given.get(d, "")
    # Another session may have named it meanwhile.
    if st.session_state.get(key) != given:
        st.session_state[key] = given
    proposed = ranking.names[d]
    with st.container(horizontal=True, vertical_alignment="bottom"):
        # No `max_chars`: with it, a long name that is pasted vanishes without a word.
        st.text_input(
            _("Name"),
            key=key,
            placeholder=proposed.said if proposed else _("no label tells: name it yourself"),
            on_change=_keep,
            args=(explorer, d, key),
            width=340,
            disabled=guests.is_guest(),
            icon=":material/edit:",
        )
        st.button(
            _("Reset to the proposed name"),
            key="meaning_reset_name",
            icon=":material/restart_alt:",
            disabled=not given or guests.is_guest(),
            on_click=_reset,
            args=(explorer, d),
        )
    controls.told(_PROBLEM, st.warning)
    if proposed:
        st.caption(
            _(
                "Proposed from the labels: {name}. A name is kept with the run: every page and "
                "everybody sees it.",
                name=controls.plain_markdown(proposed.said),
            )
        )
    else:
        st.caption(_("A name is kept with the run: every page and everybody sees it."))


@controls.telling(_PROBLEM)
def _keep(explorer: Explorer, d: int, key: str) -> None:
    guests.check()
    typed = str(st.session_state[key])
    if typed.strip():
        names.give_name(explorer.run, d, typed, explorer.latent_dim)
    else:
        names.reset_name(explorer.run, d, explorer.latent_dim)


@controls.telling(_PROBLEM)
def _reset(explorer: Explorer, d: int) -> None:
    guests.check()
    names.reset_name(explorer.run, d, explorer.latent_dim)


def figures(found: DimensionStudy, d: int) -> None:
    """Rank, KL, the label it tells most of, and how often it changes anything."""
    kl, moves = found.kl, found.moved.same.value[d]
    most = label_of(found, d)
    with st.container(horizontal=True):
        if kl is None:
            st.metric(_("Rank by spread"), _rank(found.weight, d))
            st.metric(_("Standard deviation of the code"), number(found.weight[d], ".3g"))
        else:
            st.metric(_("Rank by KL"), _rank(kl.value, d))
            st.metric(_("KL to the prior, nats"), plus_minus(interval(kl, d, found.n)))
        if most is not None:
            st.metric(
                _("Nats of {label}", label=controls.plain_markdown(most.label)),
                plus_minus(interval(most, d, found.n)),
                delta=_("rank {rank}", rank=_rank(most.value, d)),
                delta_color="off",
                delta_arrow="off",
            )
        if moves is not None:
            st.metric(_("Sentences it changes"), percent(1 - moves, 0))
    tied = found.ties(d)
    if tied:
        st.caption(alike(tied))
    if kl is None:
        st.caption(
            _(
                "Spread and nats on {n:,} held-out sentences, ± the longer half of a 95% interval; "
                "this model keeps a point, so a dimension has no KL. {changed}",
                n=found.n,
                changed=_changed(found, d),
            )
        )
        return
    st.caption(
        _(
            "KL and nats on {n:,} held-out sentences, ± the longer half of a 95% interval; no "
            "draw of it says more of anything than its KL, which is its price. {changed}",
            n=found.n,
            changed=_changed(found, d),
        )
    )


def _rank(values: Sequence[float], d: int) -> str:
    rank = sorted(values, reverse=True).index(values[d]) + 1
    return _("{rank} of {n}", rank=rank, n=len(values))


def alike(n: int) -> str:
    """How many other dimensions share the rank, as far as can be told."""
    return ngettext(
        "A rank within error: another dimension has a KL whose interval meets this one's.",
        "A rank within error: {n} other dimensions have KLs whose interval meets this one's.",
        n,
    )


def _changed(found: DimensionStudy, d: int) -> str:
    moved, low, high = found.moved, found.moved.same.low[d], found.moved.same.high[d]
    values = {
        "n": moved.sentences,
        "start": number(moved.start, "+g"),
        "end": number(moved.end, "+g"),
    }
    if low is None or high is None:
        return _(
            "Sentences changed: of {n:,} that were moved from {start} to {end} along it.", **values
        )
    return _(
        "Sentences changed: of {n:,} that were moved from {start} to {end} along it, 95% interval "
        "{low:.0%} to {high:.0%}.",
        low=1 - high,
        high=1 - low,
        **values,
    )


def stands(explorer: Explorer, found: DimensionStudy, d: int) -> None:
    """Sentences of the corpus at the low end, in the middle, and at the high end."""
    places = data.ends(explorer, found.ends[d]) if found.ends else {}
    if not places:
        st.info(
            _(
                "This run has no map on this machine, so there is no sentence to show. The page "
                "Map says how to get one."
            ),
            icon=":material/info:",
        )
        return
    heads = {"low": _("Lowest"), "middle": _("Middle"), "high": _("Highest")}
    gone = 0
    for column, (name, place) in zip(st.columns(3, gap="medium"), places.items(), strict=True):
        with column:
            st.markdown(f"**{heads[name]}**")
            for sentence in place.sentences:
                prose.show(sentence, size="normal")
            gone += place.gone
    if gone:
        st.caption(
            ngettext(
                "{n} more sentence is not on this machine.",
                "{n} more sentences are not on this machine.",
                gone,
            )
        )
    if explorer.atlas.said:
        st.caption(controls.with_commands(str(said_note(explorer.name))))
    st.caption(
        _(
            "Sentences of the map by the posterior mean in this dimension. Good: what the three "
            "columns differ in is one thing. Bad: they differ in everything, or in nothing you can "
            "name."
        )
    )
