"""How a new model learns: a preset with its minutes, a cure, and every setting for who wants it."""

from __future__ import annotations

from dataclasses import dataclass

import streamlit as st

from pages.common import controls, job_panel
from pages.train._lab import settings_form
from pages.train._lab.survey_job import ASKED, Found, Question
from vae.config import DataConfig, RunConfig
from vae.errors import UserError
from vae.i18n import _, listed, message, ngettext
from vae.runs.launch import Text, settings_options
from vae.training.cures import CURES, cured, plain
from vae.training.estimate import PARTS, Estimate
from vae.training.presets import OFFERED, PRESETS, preset

AS_PRESET, NO_CURE = "as the preset", "none"
_PRESET, _CURE = "lab.preset", "lab.cure"
_WORDS = {
    "demonstration": message("Demonstration"),
    "balanced": message("Balanced"),
    "best": message("The best this machine can do"),
}


@dataclass(frozen=True)
class Wish:
    """What a person asks for.

    Attributes:
        preset: the name of the preset under it.
        options: as `python -m vae train` takes them.
        problem: why it cannot be trained, in a sentence; else empty.
        seconds: that it is expected to take, where that was measured.
    """

    preset: str
    options: tuple[str, ...]
    problem: str = ""
    seconds: float | None = None


def choose(text: Text, found: Found) -> Wish:
    """Pickers of preset and cure, and all settings; returns what they come to."""
    left, right = st.columns([3, 2], gap="large")
    with left:
        name = _preset(found)
    with right:
        cure = _cure()
    base = _base(name, cure, found)
    options = (f"--preset={name}", *(() if cure == AS_PRESET else (f"--cure={cure}",)))
    with st.expander(_("All settings"), icon=":material/tune:", key="lab_settings"):
        settings_form.settings_form(base)
    changes = settings_form.changes()
    if changes:
        with st.container(horizontal=True, vertical_alignment="center"):
            said = controls.plain_markdown(settings_form.summary(changes))
            st.markdown(_("Changed: {settings}.", settings=said))
            st.button(
                _("Back to the preset"),
                icon=":material/undo:",
                on_click=settings_form.forget,
                key="lab_forget",
            )
    try:
        config = settings_form.changed(base, changes)
    except UserError as error:
        return Wish(name, options, str(error))
    options = (*options, *settings_options(config, base))
    made = found.estimates.get(name)
    if changes or cure != AS_PRESET:
        made = _minutes(Question(text, options)) or made
    return Wish(name, options, seconds=made.all_told if made else None)


def data_settings(found: Found) -> DataConfig:
    """How sentences become tokens, as far as is chosen by now."""
    base = _of_preset(_kept(_PRESET, OFFERED[0]), found)
    try:
        return settings_form.changed(base, settings_form.changes()).data
    except UserError:
        return base.data


def _of_preset(name: str, found: Found) -> RunConfig:
    return preset(name, found.survey.splits["train"])


def _base(name: str, cure: str, found: Found) -> RunConfig:
    base = _of_preset(name, found)
    if cure == AS_PRESET:
        return base
    return plain(base) if cure == NO_CURE else cured(base, cure)


def _kept(key: str, default: str) -> str:
    """What was chosen, also before a visit to another page."""
    return str(st.session_state.get(key, default))


def _keep(key: str) -> None:
    st.session_state[key] = st.session_state[key.replace(".", "_")]
    settings_form.make_anew()


def _preset(found: Found) -> str:
    name = st.radio(
        _("Preset"),
        OFFERED,
        OFFERED.index(_kept(_PRESET, OFFERED[0])),
        format_func=lambda name: str(_WORDS[name]),
        # The minutes are no part of the label: one that changes loses the choice.
        captions=[
            f"**{duration(found.estimates.get(name))}** · {PRESETS[name][0]}" for name in OFFERED
        ],
        key="lab_preset",
        on_change=_keep,
        args=(_PRESET,),
    )
    if made := found.estimates.get(name):
        st.caption(_("{preset}: {parts}.", preset=_WORDS[name], parts=parts(made)))
    return name


def _cure() -> str:
    titles = {
        AS_PRESET: _("As the preset has it"),
        NO_CURE: _("None: a plain VAE, which may collapse"),
        **{name: str(cure.title) for name, cure in CURES.items()},
    }
    name = st.selectbox(
        _("Against posterior collapse"),
        list(titles),
        list(titles).index(_kept(_CURE, AS_PRESET)),
        format_func=titles.__getitem__,
        key="lab_cure",
        placeholder=_("Choose"),
        on_change=_keep,
        args=(_CURE,),
    )
    if name in CURES:
        cure = CURES[name]
        st.caption(
            _(
                "{what} **What it costs:** {costs} ({paper})",
                what=cure.what,
                costs=cure.costs,
                paper=cure.paper,
            )
        )
    elif name == NO_CURE:
        st.caption(_("Beta 1 from the first update on, and nothing else: what the cures cure."))
    else:
        st.caption(
            _(
                "A rate that counts for a tenth to a fifth of its nats, in every preset, so that "
                "what is said is worth writing into z. Choose one cure to see it."
            )
        )
    return name


def _minutes(question: Question) -> Estimate | None:
    """How long it takes with these settings; measured when asked."""
    found, job = question.answer, question.job
    made = found.estimates.get(ASKED) if found is not None else None
    if made:
        st.markdown(
            _(
                "With these settings: **{duration}** ({parts}).",
                duration=duration(made),
                parts=parts(made),
            )
        )
    elif job is not None and job.running:
        job_panel.follow(job)
    else:
        with st.container(horizontal=True, vertical_alignment="center"):
            st.markdown(_("The minutes above are the preset's own."))
            st.button(
                _("Measure these settings"),
                icon=":material/timer:",
                on_click=question.ask,
                key="lab_measure",
            )
        if job is not None and job.state in ("failed", "lost"):
            st.warning(str(job.message), icon=":material/error:")
    return made


def duration(made: Estimate | None) -> str:
    """The time that training takes; it can be off by about a third, so without decimals."""
    if made is None:
        return _("being measured")
    hours, minutes = made.minutes / 60, max(1, round(made.minutes))
    if hours < 1.5:
        if made.early:
            return _("about {n} min or less", n=minutes)
        return _("about {n} min", n=minutes)
    if made.early:
        return _("about {n:.1f} h or less", n=hours)
    return _("about {n:.1f} h", n=hours)


def parts(made: Estimate) -> str:
    """What the time goes into."""
    spent = [
        _("{what} {n:.0f} min", what=PARTS.get(part, part), n=s / 60)
        if s >= 90
        else _("{what} {n:.0f} s", what=PARTS.get(part, part), n=s)
        for part, s in made.seconds.items()
        if s >= 1
    ]
    updates = ngettext("{n:,} update", "{n:,} updates", made.updates)
    return _(
        "{updates}, {parameters:,} parameters; {spent}",
        updates=updates,
        parameters=made.parameters,
        spent=listed(spent, "unit"),
    )
