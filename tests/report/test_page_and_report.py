"""Page and report show one figure of a finding: the same question, unit, colours and caption."""

from functools import partial
from typing import get_args

import pytest
import streamlit as st

from pages.common.controls import with_commands
from tests.pages.support import assert_calm, open_app
from tests.report.support import Markup, plots
from vae import report
from vae.explorer import Explorer
from vae.figures import Figure
from vae.figures.gains import By
from vae.report import diagnosis
from vae.runs.summary import free_bits_of
from vae.studies import read

RUN = "factors"


@pytest.fixture(scope="module")
def drawn() -> list[Figure]:
    """Every figure of the diagnosis of a shipped run."""
    run = Explorer.load(RUN).run
    return diagnosis.charts(diagnosis.read(read(run, "diagnosis")), free_bits_of(run))


@pytest.fixture
def shown(monkeypatch) -> set[str]:
    """What Collapse says of the run alone, with all that opens there open, by each kind of word."""
    monkeypatch.setattr(st, "expander", partial(st.expander, expanded=True))
    said: set[str] = set()
    app = open_app("pages/diagnose/collapse.py", run=RUN)
    app.selectbox(key=f"beside_{RUN}").select("none").run()
    for by in get_args(By):
        app.get_by_key("collapse_by").set_value(by).run()
        assert_calm(app)
        said |= {str(e.value) for kind in (app.subheader, app.caption) for e in kind}
    return said


def test_the_diagnosis_has_a_figure_for_each_of_its_findings(drawn):
    assert {each.name for each in drawn} == {
        "rate-split",
        "rates",
        "active-units",
        "variances",
        "prior-match",
        "prior-validity",
        "likelihood",
        "listening",
        *(f"gains-by-{by}" for by in get_args(By)),
    }


def test_the_report_holds_each_figure_as_it_is_built(drawn):
    text = report.make(Explorer.load(RUN))
    page, embedded = Markup(text), plots(text)
    for figure in drawn:
        assert figure.question in page.words
        assert figure.caption in page.words
        traces = figure.plot.data
        assert [t.get("name") for t in embedded[figure.name]["data"]] == [t.name for t in traces]


def test_the_page_says_of_each_figure_what_the_report_says(drawn, shown):
    for figure in drawn:
        assert with_commands(f"{RUN}: {figure.question}") in shown
        assert with_commands(figure.caption) in shown
