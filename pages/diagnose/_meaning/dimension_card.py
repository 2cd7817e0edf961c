"""The card of one dimension: its name, its ends, what it tells, and what it changes."""

from __future__ import annotations

import streamlit as st

from pages.common import controls, figure_card, prose, resources
from pages.common.components import sentence_slider
from pages.diagnose._meaning import charts, data
from vae.errors import UserError
from vae.explorer import Explorer
from vae.latent import names
from vae.latent.naming import bits
from vae.studies.dimensions import DimensionStudy


def show(explorer: Explorer, found: DimensionStudy | None, d: int) -> None:
    """Everything that is known of dimension d; what a study would tell is left out without one."""
    ranking = resources.informative(explorer.name)
    with st.container(border=True, key="meaning_card"):
        title = ranking.title(d)
        st.header(f"Dimension {d}" + (f": {controls.plain_markdown(title)}" if title else ""))
        name_it(explorer, ranking, d)
        if found is not None:
            figures(found, d)
            st.subheader("Which sentences stand at its ends?", anchor=False)
            stands(explorer, found, d)
        st.subheader("What does your sentence become along it?", anchor=False)
        along(explorer, d)
        if found is None:
            return
        told, changed = st.columns(2, gap="large")
        with told:
            tells(explorer, found, d, title)
        with changed:
            changes(explorer, found, d)


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
            "Name",
            key=key,
            placeholder=proposed.said if proposed else "no label tells: name it yourself",
            on_change=_keep,
            args=(explorer, d, key),
            width=340,
            icon=":material/edit:",
        )
        st.button(
            "Reset to the proposed name",
            key="meaning_reset_name",
            icon=":material/restart_alt:",
            disabled=not given,
            on_click=_reset,
            args=(explorer, d),
        )
    if problem := st.session_state.pop("meaning:name_problem", ""):
        st.warning(controls.plain_markdown(problem), icon=":material/error:")
    source = ""
    if proposed:
        source = f"Proposed from the labels: {controls.plain_markdown(proposed.said)}. "
    st.caption(f"{source}A name is kept with the run: every page and everybody sees it.")


def _keep(explorer: Explorer, d: int, key: str) -> None:
    typed = str(st.session_state[key])
    _try(
        lambda: (
            names.give_name(explorer.run, d, typed, explorer.latent_dim)
            if typed.strip()
            else names.reset_name(explorer.run, d, explorer.latent_dim)
        )
    )


def _reset(explorer: Explorer, d: int) -> None:
    _try(lambda: names.reset_name(explorer.run, d, explorer.latent_dim))


def _try(change) -> None:
    try:
        change()
    except UserError as error:
        st.session_state["meaning:name_problem"] = str(error)


def figures(found: DimensionStudy, d: int) -> None:
    """Rank, KL, the label it tells most of, and how often it changes anything."""
    kl = found.kl
    rank = sorted(kl.value, reverse=True).index(kl.value[d]) + 1
    most = max(found.told, key=lambda told: told.value[d] / told.entropy, default=None)
    moves = found.moved.same.value[d]
    with st.container(horizontal=True):
        st.metric("Rank by KL", f"{rank} of {len(kl.value)}")
        reach = max(kl.high[d] - kl.value[d], kl.value[d] - kl.low[d])
        st.metric("KL to the prior, nats", prose.with_reach(kl.value[d], reach))
        if most is not None:
            place = sorted(most.value, reverse=True).index(most.value[d]) + 1
            value = most.value[d]
            reach = bits(max(most.high[d] - value, value - most.low[d]))
            st.metric(
                f"Bits of {controls.plain_markdown(most.label)}",
                prose.with_reach(bits(most.value[d]), reach),
                delta=f"rank {place} of {len(kl.value)}",
                delta_color="off",
                delta_arrow="off",
            )
        if moves is not None:
            st.metric("Sentences it changes", f"{1 - moves:.0%}")
    st.caption(
        f"{alike(found, d)}KL and bits on {found.n:,} held-out sentences, ± the longer half of a "
        "95% interval; a "
        f"KL of {kl.value[d]:.2f} nats is {bits(kl.value[d]):.2f} bits, the most that a draw of it "
        f"can tell of anything. Sentences changed: of {found.moved.sentences:,} that were moved "
        f"from {prose.number(found.moved.start, '+g')} to "
        f"{prose.number(found.moved.end, '+g')} along it{_between(found, d)}."
    )


def alike(found: DimensionStudy, d: int) -> str:
    """How many dimensions share the rank, as far as can be told."""
    kl, ends = found.kl, zip(found.kl.low, found.kl.high, strict=True)
    n = sum(low <= kl.high[d] and kl.low[d] <= high for low, high in ends) - 1
    if not n:
        return ""
    others = "another dimension has a KL" if n == 1 else f"{n} other dimensions have KLs"
    return f"A rank within error: {others} whose interval meets this one's. "


def _between(found: DimensionStudy, d: int) -> str:
    low, high = found.moved.same.low[d], found.moved.same.high[d]
    return "" if low is None or high is None else f", 95% interval {1 - high:.0%} to {1 - low:.0%}"


def stands(explorer: Explorer, found: DimensionStudy, d: int) -> None:
    """Sentences of the corpus at the low end, in the middle, and at the high end."""
    places = data.ends(explorer, found.ends[d]) if found.ends else {}
    if not places:
        st.info(
            "This run has no map on this machine, so there is no sentence to show. The page Map "
            "says how to get one.",
            icon=":material/info:",
        )
        return
    heads = {"low": "Lowest", "middle": "Middle", "high": "Highest"}
    gone = 0
    for column, (name, place) in zip(st.columns(3, gap="medium"), places.items(), strict=True):
        with column:
            st.markdown(f"**{heads[name]}**")
            for sentence in place.sentences:
                prose.show(sentence, size="normal")
            gone += place.gone
    st.caption(
        "Sentences of the map by the posterior mean in this dimension. Good: what the three "
        "columns differ in is one thing. Bad: they differ in everything, or in nothing you can "
        "name." + (f" {gone} more are not on this machine." if gone else "")
    )


@st.fragment
@controls.page_error_boundary()
def along(explorer: Explorer, d: int) -> None:
    """A dial under the person's own sentence; turning it reruns this much only."""
    sentence = controls.sentence_input("My sentence", "a", explorer)
    z = explorer.encode([sentence]).mean[0]
    now, (sweep,) = resources.sweeps(explorer.name, z, (d,))
    grid = resources.SWEEP
    key = f"meaning_at_{d}"
    nearest = min(range(len(grid)), key=lambda i: abs(grid[i] - float(z[d])))
    chosen = st.session_state.get(key)
    # A place that was chosen for another sentence is none for this one.
    at = chosen[1] if chosen and chosen[0] == (explorer.name, sentence) else None
    points = [
        sentence_slider.Point(
            prose.marked(text, now),
            f"dimension {d} = {prose.number(x, '+.2f')}",
            prose.number(x, "+.2f"),
        )
        for x, text in zip(grid, sweep, strict=True)
    ]

    def moved(_: str, index: int) -> None:
        st.session_state[key] = ((explorer.name, sentence), index)

    line = sentence_slider.Line(
        id=str(d),
        label=f"Dimension {d}",
        points=points,
        at=nearest if at is None else at,
        low=sentence_slider.End(f"−{-grid[0]:.0f}", points[0].pieces),
        high=sentence_slider.End(f"{grid[-1]:+.0f}", points[-1].pieces),
        ticks=[i for i in range(1, len(grid)) if sweep[i] != sweep[i - 1]],
    )
    shown = sentence_slider.Point(
        prose.marked(now, None),
        f"as it is: {prose.number(float(z[d]), '+.2f')}",
        "",
    )
    sentence_slider.show(
        shown if at is None else points[at], [line], moved, key=f"meaning_walk_{d}"
    )
    st.caption(
        "From −3 to +3 standard deviations of the prior, all else as in your sentence: it changes "
        f"{times(len(line.ticks))}. Decoded greedily."
    )


def times(n: int) -> str:
    """How often, in words."""
    return {0: "nowhere", 1: "once, at the mark"}.get(n, f"{n} times, at the marks")


def tells(explorer: Explorer, found: DimensionStudy, d: int, title: str) -> None:
    """Mutual information with every label."""
    table = data.information_table(found, [d], [title])
    figure_card.chart(
        "What does it tell of?",
        charts.told_bars(table),
        key="meaning_told",
        alt=f"Bars of the mutual information of dimension {d} with {len(table)} labels, in bits, "
        "each with its 95% interval and what shuffled labels give.",
        look_for="Look for one long bar. A bad sign: many of the same length, or none past its "
        f"grey mark, the largest of {found.shuffles} estimates with shuffled labels. Mutual "
        "information of a draw from the posterior, in bins of equal count, corrected after Miller "
        f"and Madow (1955); n = {found.n:,}; whiskers 95%. Labels that tell of each other share "
        "bits.",
        table=lambda: table.drop(columns="name"),
        file_name=f"{explorer.name}-dimension-{d}-information",
    )


def changes(explorer: Explorer, found: DimensionStudy, d: int) -> None:
    """What else changes along it."""
    table, moved = data.changes_table(found, d), found.moved
    if not moved.readable[d]:
        st.subheader("What changes along it?", anchor=False)
        st.info("None of the moved sentences could be read.", icon=":material/info:")
        return
    how = "the corpus's own grammar"
    if moved.read_by == "probes":
        worst = min(moved.accuracy, key=lambda a: a.accuracy, default=None)
        least = (
            f", right in {worst.accuracy:.0%} of held-out sentences for "
            f"{controls.plain_markdown(worst.label)}, least of all"
            if worst
            else ""
        )
        how = f"linear probes of the encoded sentence{least}; the length is counted"
    figure_card.chart(
        "What changes along it?",
        charts.changed_bars(table),
        key="meaning_changes",
        alt=f"Bars of how often each of {len(table)} labels changes when dimension {d} is moved "
        "from one end to the other, with 95% intervals, beside random directions.",
        look_for="Look for one long bar and short others: then it can be turned by itself. Bars no "
        "longer than the grey marks say that any direction would do as much. "
        f"Each of {moved.readable[d]:,} sentences decoded at "
        f"{prose.number(moved.start, '+g')} and at {prose.number(moved.end, '+g')}, read by {how}; "
        "whiskers 95% (Wilson, 1927).",
        table=lambda: table,
        file_name=f"{explorer.name}-dimension-{d}-changes",
    )
