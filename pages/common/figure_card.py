"""A chart as every page shows it: question above, what to look for below, table on request."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pandas as pd
import plotly.graph_objects as go
import streamlit as st

from pages.common import controls, presenter
from pages.common.language import later
from vae.figures import Figure, frame
from vae.i18n import _, ngettext


def show(
    figure: Figure,
    *,
    key: str,
    of: str = "",
    file_name: str = "",
    title: Callable[..., object] = st.subheader,
) -> None:
    """A finding as the library draws it, with all that belongs to it.

    Its words are text, with commands in backticks: names in it are shown as they are written.

    Args:
        key: a name for it on its page.
        of: the run that it is a finding on, where several stand beside each other.
        file_name: of the download, without ".csv"; the figure's own without one.
        title: draws the question: `st.header` where it stands right below the page's title.
    """
    titled = {"of": of, "question": figure.question, "alt": figure.alt}

    def draw() -> None:
        alt = _("{of}: {alt}", **titled) if of else figure.alt
        plotly(figure.plot, key=f"{key}_chart", alt=alt)

    framed(
        controls.with_commands(_("{of}: {question}", **titled) if of else figure.question),
        draw,
        key=key,
        look_for=controls.with_commands(figure.caption),
        table=figure.table,
        file_name=file_name or (f"{of}-{figure.name}" if of else figure.name),
        title=title,
    )


def plotly(figure: go.Figure, *, key: str, alt: str) -> None:
    """A figure that was made for this page alone, with text that can be read in either theme."""
    frame.ink(figure, st.context.theme.type)
    presenter.enlarge(figure)
    st.plotly_chart(figure, key=key, alt=alt, config=frame.config())


def framed(
    question: str,
    draw: Callable[[], None],
    *,
    key: str,
    look_for: str,
    table: Callable[[], pd.DataFrame],
    file_name: str,
    title: Callable[..., object] = st.subheader,
) -> None:
    """A picture that `draw` puts on the page, with all that belongs to it.

    Args:
        question: the title: a question or a finding.
        key: a name for the picture on its page.
        look_for: what to look for, and what would be a bad sign.
        table: makes the figures behind the picture; called only when they are asked for.
        file_name: of the download, without ".csv".
        title: as of `show`.
    """
    title(question, anchor=False)
    draw()
    st.caption(look_for)
    data(table, key=key, file_name=file_name)


def data(
    table: Callable[[], pd.DataFrame],
    *,
    key: str,
    file_name: str,
    label: str = "",
    **columns: Any,
) -> None:
    """A table to open and download; it is made when it is opened."""
    opened = st.expander(
        label or _("The figures"),
        icon=":material/table_view:",
        key=f"{key}_data",
        on_change="rerun",
    )
    if not opened.open:
        return
    with opened:
        frame = table()
        st.dataframe(frame, hide_index=True, column_config=columns or None, placeholder="")
        download(frame, key=key, file_name=file_name)


def download(frame: pd.DataFrame, *, key: str, file_name: str, label: str = "") -> None:
    """The whole table as CSV, made when the button is pressed."""
    download_later(lambda: frame, len(frame), key=key, file_name=file_name, label=label)


def download_later(
    table: Callable[[], pd.DataFrame], n: int, *, key: str, file_name: str, label: str = ""
) -> None:
    """As `download`, of a table of n rows that is not made yet."""
    st.download_button(
        label or ngettext("Download {n:,} row (CSV)", "Download {n:,} rows (CSV)", n),
        data=later(lambda: table().to_csv(index=False).encode("utf-8-sig")),
        file_name=f"{file_name}.csv",
        mime="text/csv",
        icon=":material/download:",
        key=f"{key}_download",
        on_click="ignore",
    )
