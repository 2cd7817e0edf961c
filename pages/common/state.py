"""What a person has chosen: kept across pages, and in the address of the page.

`st.session_state["link.NAME"]` is the truth; the address shows it, and a widget edits it.
Streamlit's `bind="query-params"` would do for one widget on one page, but "use as A" on the map has
to reach an input that is on another page.
"""

from __future__ import annotations

from collections.abc import Container, Mapping, Sequence
from typing import Any, Literal
from urllib.parse import urlencode, urlsplit, urlunsplit

import numpy as np
import streamlit as st
import torch
from streamlit.runtime.scriptrunner import get_script_run_ctx

from pages.common.link_values import UnfitError
from pages.common.links import KINDS
from vae import i18n
from vae.errors import UserError
from vae.i18n import Message, message
from vae.runs.catalogue import DEFAULT_RUN, RUN_OF_LANGUAGE, known_runs
from vae.runs.store import RunDirectory

End = Literal["a", "b"]

MOST_IN_SET = 500
HOME = ""
"""The page of the bare address."""


# -- the link ----------------------------------------------------------------------------------


def open_link(page: str) -> None:
    """Take over what the address says, once; show there what was chosen on other pages.

    Call at the start of every run. The address is read when a session begins and when the person
    went back or forward; what in it is unfit is left out and noted for `take_link_problems`.
    """
    shown = st.session_state.get("link:shown")
    address = _address()
    if shown is None or (shown[0] == page and shown[1] != address and went_back()):
        _read(address)
        _set_widgets()
    _hear_widgets()
    st.session_state["link:page"] = page
    if page == HOME:
        _offer_run()
    _show()
    st.session_state["link:script"] = _script()
    st.session_state["link:late"] = None


def went_back() -> bool:
    """Whether this run follows the browser back or forward."""
    context = get_script_run_ctx(suppress_warning=True)
    return context is not None and context.is_history_navigation


def _script() -> str:
    context = get_script_run_ctx(suppress_warning=True)
    return context.page_script_hash if context else ""


def _address() -> dict[str, str]:
    return {k: v for k, v in st.query_params.to_dict().items() if k in KINDS}


def _late() -> dict[str, str] | None:
    """The address of the browser, where it had not heard of the last change when it asked for this
    run; else None. What its widgets say is then as old as its address.

    Kept until the page opens: what a callback chooses replaces the address.
    """
    shown = st.session_state.get("link:shown")
    late: dict[str, str] | None = st.session_state.get("link:late")
    if late is None and shown is not None and _script() == st.session_state.get("link:script"):
        address = _address()
        if address != shown[1] and not went_back():
            late = address
    st.session_state["link:late"] = late
    return late


def close_page() -> None:
    """Note with what the widgets of a page began. Call at the end of every run."""
    _hear_widgets()


def _offer_run() -> None:
    """The run in the reader's language, while neither a run nor a sentence has been chosen."""
    offered = st.session_state.get("link:offered")
    if get("run") not in (None, offered) or any(get(n) is not None for n in ("a", "b", "z")):
        return
    wanted = RUN_OF_LANGUAGE.get(i18n.language())
    st.session_state["link:offered"] = wanted
    put("run", wanted if wanted in known_runs() else None)


def take_link_problems() -> list[Message]:
    """Sentences about what in the address was unfit; each is given once."""
    problems: list[Message] = st.session_state.get("link:problems", [])
    st.session_state["link:problems"] = []
    return problems


def page() -> str:
    """The address of the page that is shown."""
    return str(st.session_state.get("link:page", HOME))


def get(name: str) -> Any:
    """A chosen value, or its default."""
    return st.session_state.get(f"link.{name}", KINDS[name].default)


def put(name: str, value: Any) -> None:
    """Choose a value; None goes back to the default."""
    if value is None or value == KINDS[name].default:
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


def keep_among(key: str, options: Container[object]) -> None:
    """Let go of what the widget of a key holds where it is no option any more, as of another run.

    Call it right before the widget.
    """
    if st.session_state.get(key) not in options:
        st.session_state.pop(key, None)


def _take(name: str, key: str, *lets_go: str) -> None:
    late, value = _late(), st.session_state[key]
    taken = dict(st.session_state.get("link:taken", {}))
    # Who moves a widget there and back again, faster than the browser hears of it, means it.
    by_itself = name in taken and taken[name] == get(name)
    if late is not None and not by_itself and _written(name, value) == late.get(name):
        return  # nobody has moved it: the browser had not heard yet that it was moved
    st.session_state["link:taken"] = {**taken, name: value}
    put(name, value)
    for other in lets_go:
        put(other, None)


def _written(name: str, value: Any) -> str | None:
    """How an address says a value; None of one that it leaves out."""
    kind = KINDS[name]
    return None if value is None or value == kind.default else kind.write(value)


def _read(address: dict[str, str]) -> None:
    problems = []
    for name, kind in KINDS.items():
        st.session_state.pop(f"link.{name}", None)
        if name not in address:
            continue
        try:
            value = kind.read(address[name])
            if value != kind.default:
                st.session_state[f"link.{name}"] = value
        except UnfitError as error:
            given = address[name] if len(address[name]) <= 40 else address[name][:40] + "..."
            problems.append(
                message(
                    "Part of this link was left out: '{name}={given}' is not {needed}.",
                    name=name,
                    given=given,
                    needed=error.message,
                )
            )
    if problems:
        st.session_state["link:problems"] = problems


def held() -> dict[str, str]:
    """All that is chosen, as a link writes it."""
    # Looked up once: each look into the session costs as much as ten names of a dictionary.
    session = st.session_state.to_dict()
    return {
        name: kind.write(session[f"link.{name}"])
        for name, kind in KINDS.items()
        if f"link.{name}" in session
    }


def server() -> str:
    """Where this app is, as this browser reaches it."""
    here = urlsplit(st.context.url or "http://localhost:8501")
    return urlunsplit((here.scheme, here.netloc, here.path.rpartition("/")[0], "", ""))


def address(page: str, query: Mapping[str, str]) -> str:
    """The link of a page."""
    return f"{server().rstrip('/')}/{page}?{urlencode(query)}".removesuffix("?")


def _show() -> None:
    chosen = held()
    # A browser that is late is on its way to another address than the one that it tells of.
    if _late() is not None or _address() != chosen:
        others = {k: v for k, v in st.query_params.to_dict().items() if k not in KINDS}
        st.query_params.from_dict({**others, **chosen})
    st.session_state["link:shown"] = (st.session_state.get("link:page", ""), chosen)


# Widgets that keep their value themselves: what a link says of them is set when it is opened, and
# what a person changes is told to the link.
_WIDGETS = {
    "projection": "map_projection",
    "space": "map_space",
    "colour": "map_colour",
    "find": "map_search",
    "third": "map_third",
    "right": "map_dimension_0",
    "up": "map_dimension_1",
}


def _set_widgets() -> None:
    heard = dict(st.session_state.get("link:widgets", {}))
    for name, key in _WIDGETS.items():
        if (value := get(name)) is not None:
            st.session_state[key] = heard[name] = value
        elif heard.pop(name, None) is not None:
            st.session_state.pop(key, None)
    st.session_state["link:widgets"] = heard


def _hear_widgets() -> None:
    heard = dict(st.session_state.get("link:widgets", {}))
    for name, key in _WIDGETS.items():
        if key not in st.session_state:
            continue  # of a page that was not opened yet
        value = st.session_state[key]
        # What a page begins with is no choice.
        if name in heard and heard[name] != value:
            put(name, value or None)
        heard[name] = value
    st.session_state["link:widgets"] = heard


# -- what the pages ask for ----------------------------------------------------------------------


def run_directory(name: str) -> RunDirectory:
    """The run of a name, begun or not.

    Raises:
        UserError: there is none.
    """
    runs = known_runs()
    if name not in runs:
        raise UserError(
            "There is no run '{name}' any more. Choose another one in the sidebar.", name=name
        )
    return runs[name]


def chosen_run() -> str:
    """The name of the run that every page shows.

    Raises:
        UserError: there is no run at all.
    """
    runs = known_runs()
    if not runs:
        raise UserError(
            "There is no trained run on this machine yet. Train one with `{command}`.",
            command="python -m vae train factors --out runs/first",
        )
    name = get("run")
    if name in runs:
        return str(name)
    return DEFAULT_RUN if DEFAULT_RUN in runs else next(iter(runs))


def settle_run() -> str:
    """As `chosen_run`; where the run chosen is gone, says so and lets go of it."""
    wanted, current = get("run"), chosen_run()
    if wanted not in (None, current):
        st.session_state["link:problems"] = [
            *st.session_state.get("link:problems", []),
            message(
                "There is no run '{wanted}' any more: it was renamed or deleted. This is "
                "'{current}'.",
                wanted=wanted,
                current=current,
            ),
        ]
        choose_run(current)
    return current


def choose_run(name: str) -> None:
    """Show another run; points and dimensions of the other run's latent space are let go."""
    put("run", name)
    for of_the_other in ("za", "zb", "z", "dim", "selected", "right", "up", "size"):
        put(of_the_other, None)


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


def sentence_before(run: str, sentence: str) -> str:
    """The sentence that was looked at before this one, by the same run; "" of the first.

    Tell of each sentence that is looked at: it stays the one before until there is another.
    """
    told = f"sentences:{run}"
    before, last = st.session_state.get(told, ("", sentence))
    if sentence != last:
        before = last
    st.session_state[told] = (before, sentence)
    return str(before)


def sentence_set(end: End) -> tuple[str, ...]:
    """The sentences of set A or B of the page Meaning; kept for the session, not in the link."""
    chosen: tuple[str, ...] = st.session_state.get(f"set.{end}", ())
    return chosen


def use_as_set(end: End, sentences: Sequence[str]) -> None:
    """Use sentences as set A or B, each once; of more than 500 an even sample in their order.

    Call it in an `on_click`, or before the inputs are drawn.
    """
    distinct = list(dict.fromkeys(s for s in sentences if s.strip()))
    rows = np.linspace(0, len(distinct) - 1, min(len(distinct), MOST_IN_SET)).astype(int)
    st.session_state[f"set.{end}"] = tuple(distinct[i] for i in rows)


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
