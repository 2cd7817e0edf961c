"""What a person has chosen: kept across pages, and in the address of the page.

`st.session_state["link.NAME"]` is the truth; the address shows it, and a widget edits it.
Streamlit's `bind="query-params"` would do for one widget on one page, but "use as A" on the map has
to reach an input that is on another page.
"""

from __future__ import annotations

import base64
import binascii
import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import streamlit as st
import torch

from vae.errors import UserError
from vae.runs.catalogue import DEFAULT_RUN, all_runs, requested_runs
from vae.runs.experiments import Kind, experiment_names
from vae.runs.store import RunDirectory

End = Literal["a", "b"]

METHODS = ("slerp", "lerp")
DECODERS = ("greedy", "sampled")
STARTS = ("sentence", "prior", "zero")
MOST_SEED = 2**31 - 1
LONGEST_TEXT = 2_000


class _UnfitError(ValueError):
    """What a link holds is not what it should be; the message says what is needed."""


@dataclass(frozen=True)
class _Kind:
    """How a value is written in a link, and read back."""

    default: Any
    read: Callable[[str], Any]
    write: Callable[[Any], str] = str


def _number(text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not 0 <= value <= 1:
        raise _UnfitError("a number from 0 to 1")
    return value


def _seed(text: str) -> int:
    if not text.isascii() or not text.isdigit() or int(text[:12]) > MOST_SEED:
        raise _UnfitError(f"a whole number from 0 to {MOST_SEED:,}")
    return int(text)


def _one_of(choices: tuple[str, ...]) -> Callable[[str], str]:
    def read(text: str) -> str:
        if text not in choices:
            raise _UnfitError(" or ".join(choices))
        return text

    return read


def _text(text: str) -> str:
    if len(text) > LONGEST_TEXT or not text.strip():
        raise _UnfitError("a sentence")
    return text


def _run(text: str) -> str:
    if text not in (runs := known_runs()):
        raise _UnfitError(f"a run on this machine ({', '.join(runs) or 'there is none'})")
    return text


def _runs(text: str) -> list[str]:
    # The page says which of them are gone: a link to the others is still of use.
    return [name for name in dict.fromkeys(text[:LONGEST_TEXT].split(",")) if name]


def _experiment(kind: Kind) -> Callable[[str], str]:
    def read(text: str) -> str:
        if text not in experiment_names(kind):
            raise _UnfitError("an experiment that is kept on this machine")
        return text

    return read


def _point(text: str) -> tuple[float, ...]:
    try:
        raw = base64.b64decode(text, altchars=b"-_", validate=True)
        values = np.frombuffer(raw, dtype="<f2").astype(float)
    except (binascii.Error, ValueError):
        raise _UnfitError("a point of the latent space") from None
    if not len(values) or not np.isfinite(values).all():
        raise _UnfitError("a point of the latent space")
    return tuple(values.tolist())


def _point_text(values: tuple[float, ...]) -> str:
    # Half precision keeps three digits: 32 dimensions are 86 characters.
    return base64.b64encode(np.asarray(values, dtype="<f2").tobytes(), altchars=b"-_").decode()


_KINDS: dict[str, _Kind] = {
    "run": _Kind(None, _run),
    "runs": _Kind(None, _runs, ",".join),
    "pair": _Kind(None, _experiment("clinic")),
    "sweep": _Kind(None, _experiment("sweep")),
    "a": _Kind(None, _text),
    "b": _Kind(None, _text),
    "za": _Kind(None, _point, _point_text),
    "zb": _Kind(None, _point, _point_text),
    "z": _Kind(None, _point, _point_text),
    "t": _Kind(0.5, _number, lambda t: f"{t:.3f}".rstrip("0").rstrip(".")),
    "seed": _Kind(0, _seed),
    "method": _Kind("slerp", _one_of(METHODS)),
    "decode": _Kind("greedy", _one_of(DECODERS)),
    "from": _Kind("sentence", _one_of(STARTS)),
}


# -- the link ----------------------------------------------------------------------------------


def open_link(page: str) -> None:
    """Take over what the address says, once; show there what was chosen on other pages.

    Call at the start of every run. The address is read when a session begins and when the person
    went back or forward; what in it is unfit is left out and noted for `take_link_problems`.
    """
    shown = st.session_state.get("link:shown")
    address = {k: v for k, v in st.query_params.to_dict().items() if k in _KINDS}
    if shown is None or (shown[0] == page and shown[1] != address):
        _read(address)
    st.session_state["link:page"] = page
    _show()


def take_link_problems() -> list[str]:
    """Sentences about what in the address was unfit; each is given once."""
    problems: list[str] = st.session_state.get("link:problems", [])
    st.session_state["link:problems"] = []
    return problems


def get(name: str) -> Any:
    """A chosen value, or its default."""
    return st.session_state.get(f"link.{name}", _KINDS[name].default)


def put(name: str, value: Any) -> None:
    """Choose a value; None goes back to the default."""
    if value is None or value == _KINDS[name].default:
        st.session_state.pop(f"link.{name}", None)
    else:
        st.session_state[f"link.{name}"] = value
    _show()


def widget(name: str, *lets_go: str) -> dict[str, Any]:
    """Arguments that make a Streamlit widget edit a chosen value: `st.slider(..., **widget("t"))`.

    A new value lets go of the other choices named. Call it right before the widget.
    """
    key = widget_key(name)
    if st.session_state.get(key) != get(name):
        st.session_state[key] = get(name)
    return {"key": key, "on_change": _take, "args": (name, key, *lets_go)}


def widget_key(name: str) -> str:
    """The key of the widget that edits a chosen value on this page.

    Each page has its own: a widget of the same key on the next page would start empty.
    """
    return f"{name}_{st.session_state.get('link:page') or 'home'}"


def _take(name: str, key: str, *lets_go: str) -> None:
    put(name, st.session_state[key])
    for other in lets_go:
        put(other, None)


def _read(address: dict[str, str]) -> None:
    problems = []
    for name, kind in _KINDS.items():
        st.session_state.pop(f"link.{name}", None)
        if name not in address:
            continue
        try:
            value = kind.read(address[name])
            if value != kind.default:
                st.session_state[f"link.{name}"] = value
        except _UnfitError as error:
            given = address[name] if len(address[name]) <= 40 else address[name][:40] + "..."
            problems.append(f"'{name}={given}' is not {error}")
    if problems:
        st.session_state["link:problems"] = [
            f"Part of this link was left out: {problem}." for problem in problems
        ]


def _show() -> None:
    chosen = {
        name: kind.write(st.session_state[f"link.{name}"])
        for name, kind in _KINDS.items()
        if f"link.{name}" in st.session_state
    }
    address = st.query_params.to_dict()
    if {k: v for k, v in address.items() if k in _KINDS} != chosen:
        others = {k: v for k, v in address.items() if k not in _KINDS}
        st.query_params.from_dict({**others, **chosen})
    st.session_state["link:shown"] = (st.session_state.get("link:page", ""), chosen)


# -- what the pages ask for ----------------------------------------------------------------------


def known_runs() -> dict[str, RunDirectory]:
    """All that can be chosen: runs that ship, own ones, and those asked for that have not begun."""
    return {**all_runs(), **requested_runs()}


def run_directory(name: str) -> RunDirectory:
    """The run of a name, begun or not.

    Raises:
        UserError: there is none.
    """
    runs = known_runs()
    if name not in runs:
        raise UserError(f"There is no run '{name}' any more. Choose another one in the sidebar.")
    return runs[name]


def chosen_run() -> str:
    """The name of the run that every page shows.

    Raises:
        UserError: there is no run at all.
    """
    runs = known_runs()
    if not runs:
        raise UserError(
            "There is no trained run on this machine yet. Train one with "
            "`python -m vae train factors --out runs/first`."
        )
    name = get("run")
    if name in runs:
        return str(name)
    return DEFAULT_RUN if DEFAULT_RUN in runs else next(iter(runs))


def choose_run(name: str) -> None:
    """Show another run; points of the other run's latent space are let go."""
    put("run", name)
    for point_name in ("za", "zb", "z"):
        put(point_name, None)


def sentence(end: End, examples: list[str]) -> str:
    """Sentence A (it is also "my sentence" on every page) or B; an example until one is typed."""
    chosen = get(end)
    if chosen is not None:
        return str(chosen)
    i = "ab".index(end)
    return examples[i] if i < len(examples) else ""


def set_sentence(end: End, text: str) -> None:
    """Use a sentence as A or B. Call it in an `on_click`, or before the inputs are drawn."""
    put(f"z{end}", None)
    put(end, text)


def set_point(name: Literal["a", "b", "z"], z: torch.Tensor) -> None:
    """Use a point (Z,) as A or B of Interpolate, or as the current point of Dimensions ("z")."""
    values = np.asarray(z.tolist(), dtype="<f2").clip(-60_000, 60_000)
    put(name if name == "z" else f"z{name}", tuple(values.astype(float).tolist()))


def point(name: Literal["a", "b", "z"], latent_dim: int) -> torch.Tensor | None:
    """The point (Z,) that `set_point` kept, if it belongs to this latent space."""
    values = get(name if name == "z" else f"z{name}")
    if values is None or len(values) != latent_dim:
        return None
    return torch.tensor(values)


def clear_point(name: Literal["a", "b", "z"]) -> None:
    """Go back from a point to the sentence."""
    put(name if name == "z" else f"z{name}", None)


def swap_ends(examples: list[str]) -> None:
    """A becomes B, and B becomes A, whether a sentence or a point."""
    one, other = sentence("a", examples), sentence("b", examples)
    points = get("za"), get("zb")
    put("a", other)
    put("b", one)
    put("za", points[1])
    put("zb", points[0])
