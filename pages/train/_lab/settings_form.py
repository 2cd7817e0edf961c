"""All settings of a run as a form: made from the dataclasses that make the command line's options.

What a person changed is kept apart from the preset under it, as {setting: value} in the session.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import Field, fields, replace
from typing import Any

import streamlit as st

from vae.config import CONFIG_PARTS, RunConfig
from vae.i18n import Message, _, listed, message

CHANGES = "lab.changes"
"""Where the session keeps what was changed."""

_MADE_ANEW = "lab.form"

FROM_DATA = ("vocabulary_size", "max_length")
"""Settings that a run finds by itself."""

GROUPS: Mapping[str, tuple[str, ...]] = {
    "data": ("tokenizer", "vocabulary", "min_count"),
    "model": (
        "architecture",
        "latent_dim",
        "embedding_dim",
        "encoder_hidden",
        "decoder_hidden",
        "dropout",
        "encoder_layers",
        "decoder_layers",
        "cell",
        "heads",
    ),
    "objective": (
        "beta",
        "beta_schedule",
        "beta_warmup",
        "free_bits",
        "word_dropout",
        "mean_scale",
        "beta_cycles",
        "beta_ratio",
        "autoencoder",
        "encoder_updates",
        "mmd",
        "denoising",
        "turn_axes",
    ),
    "optimiser": (
        "epochs",
        "steps",
        "patience",
        "keep",
        "learning_rate",
        "warmup_steps",
        "tokens_per_batch",
        "weight_decay",
        "clip_norm",
    ),
    "running": ("seed", "validate_every", "snapshots", "precision", "threads"),
}
"""Settings by what they are about, the most used ones first; the rest stands with the last."""

TITLES: Mapping[str, Message] = {
    "data": message("Data"),
    "model": message("Model"),
    "objective": message("Objective and cures"),
    "optimiser": message("Optimiser"),
    "running": message("Running"),
}

_STEPS = {"learning_rate": 0.0005, "clip_norm": 0.5, "mmd": 10.0}
_COLUMNS = 3
# The largest whole number that a browser keeps exactly.
_MOST = 2**53 - 1


def groups() -> dict[str, tuple[str, ...]]:
    """Every setting that a person may choose, once."""
    named = {name for names in GROUPS.values() for name in names}
    every = [f.name for cls in CONFIG_PARTS.values() for f in fields(cls)]
    rest = tuple(n for n in every if n not in named and n not in FROM_DATA)
    *_, last = GROUPS
    return {**GROUPS, last: (*GROUPS[last], *rest)}


def changes() -> dict[str, Any]:
    """What the person changed, by setting."""
    return dict(st.session_state.get(CHANGES, {}))


def put(name: str, value: Any) -> None:
    """Change a setting from elsewhere on the page."""
    st.session_state[CHANGES] = {**changes(), name: value}
    make_anew()


def forget() -> None:
    """Back to the preset."""
    st.session_state[CHANGES] = {}
    make_anew()


def make_anew() -> None:
    """Draw every field again, with the values of another preset under it."""
    st.session_state[_MADE_ANEW] = st.session_state.get(_MADE_ANEW, 0) + 1


def field_key(name: str) -> str:
    """The key of a setting's widget."""
    return f"setting_{name}_{st.session_state.get(_MADE_ANEW, 0)}"


def changed(base: RunConfig, values: Mapping[str, Any]) -> RunConfig:
    """A configuration with some settings changed.

    Raises:
        UserError: a value that a setting cannot have, or settings that do not go together.
    """
    parts = {
        part: replace(
            getattr(base, part),
            **{f.name: values[f.name] for f in fields(cls) if f.name in values},
        )
        for part, cls in CONFIG_PARTS.items()
    }
    return RunConfig(**parts)


def settings_form(base: RunConfig) -> None:
    """Every setting on its tab, with what it does and who introduced it; `changes` has the rest."""
    known = {f.name: (part, f) for part, cls in CONFIG_PARTS.items() for f in fields(cls)}
    tabs = st.tabs([str(TITLES[group]) for group in groups()])
    for tab, names in zip(tabs, groups().values(), strict=True):
        with tab:
            for start in range(0, len(names), _COLUMNS):
                row = st.columns(_COLUMNS, gap="medium")
                for column, name in zip(row, names[start : start + _COLUMNS], strict=False):
                    part, field = known[name]
                    with column, st.container(gap="xxsmall"):
                        _setting(field, getattr(getattr(base, part), name))
                        st.caption(explained(field))


def label(name: str) -> str:
    """A setting as a person reads it: "learning_rate" as "Learning rate"."""
    return "MMD" if name == "mmd" else name.replace("_", " ").capitalize()


def summary(values: Mapping[str, Any]) -> str:
    """Changed settings in a line: "beta 0.5, latent dim 16"."""
    return listed((f"{label(name).lower()} {value}" for name, value in values.items()), "unit")


def explained(field: Field[Any]) -> str:
    """What a setting does, and who introduced it."""
    source, text = field.metadata["source"], field.metadata["help"]
    if source:
        return _("{help} ({source}).", help=text, source=source)
    return _("{help}.", help=text)


def _setting(field: Field[Any], default: Any) -> None:
    name, kept = field.name, changes()
    now = kept.get(name, default)
    # The value goes with the widget, not by its key: of a value that is set in the session, a
    # browser that is sent two pages at once may see nothing, and answer with the smallest.
    shared: dict[str, Any] = {
        "key": field_key(name),
        "on_change": _take,
        "args": (name, default, field_key(name)),
    }
    shown = _("{setting} · changed", setting=label(name)) if name in kept else label(name)
    if choices := field.metadata["choices"]:
        st.selectbox(shown, choices, choices.index(now), placeholder=_("Choose"), **shared)
    elif isinstance(field.default, float):
        step = _STEPS.get(name, 0.05)
        # No bounds: what is not allowed is said in a sentence, with the reason.
        st.number_input(shown, value=float(now), step=step, format="%g", **shared)
    else:
        st.number_input(shown, -_MOST, _MOST, now, step=1, **shared)


def _take(name: str, default: Any, key: str) -> None:
    value = st.session_state[key]
    rest = {n: v for n, v in changes().items() if n != name}
    # An emptied field goes back to the preset.
    st.session_state[CHANGES] = rest if value in (None, default) else {**rest, name: value}
