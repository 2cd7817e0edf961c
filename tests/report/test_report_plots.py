"""Figures of the library stand in a report as they stand on a page, and nothing runs but they."""

import hashlib
import re
from base64 import b64encode

import numpy as np
import pandas as pd
import plotly.graph_objects as go
import pytest

from tests.report.support import FRAME, HOSTILE, Markup, plots
from vae.figures import Figure, frame
from vae.report.page import page
from vae.report.parts import Section


def drawn(words: str = "rate") -> Figure:
    fig = frame.figure(200)
    fig.add_trace(go.Bar(x=[words, "b"], y=np.array([1 / 3, np.nan]), uid="by chance"))
    fig.add_trace(go.Heatmap(z=np.arange(6.0).reshape(2, 3)))
    table = pd.DataFrame({"what": [words, "b"], "nats": [1 / 3, np.nan]})
    return Figure("rates", "Which?", fig, f"Bars: {words}.", "Look up.", "n = 2.", lambda: table)


def report(figure: Figure | None) -> str:
    return page(FRAME, [], [Section("a", "A", "A", (figure,) if figure else ())])


@pytest.fixture(scope="module")
def text() -> str:
    return report(drawn())


def test_a_figure_has_its_question_caption_alternative_text_and_table(text):
    markup = Markup(text)
    assert {"Which?", "Look up. n = 2."} <= set(markup.words)
    [chart] = [d for d in markup.of("div") if d.get("class") == "plot"]
    assert (chart["role"], chart["aria-label"]) == ("img", "Bars: rate.")
    assert "table-rates" in markup.ids
    assert "The figures: 2 rows" in markup.said
    assert 'data-csv="rates"' in text


def test_numbers_are_plain_to_six_digits_and_nothing_is_there_by_chance(text):
    bars, heat = plots(text)["rates"]["data"]
    assert bars["y"] == [0.333333, None]
    assert heat["z"] == [[0, 1, 2], [3, 4, 5]]
    assert "by chance" not in text
    assert report(drawn()) == text


def test_a_figure_is_drawn_on_the_page_and_not_on_a_white_sheet(text):
    layout = plots(text)["rates"]["layout"]
    assert "template" not in layout
    assert layout["paper_bgcolor"] == layout["plot_bgcolor"] == "rgba(0,0,0,0)"


def test_plotlys_script_is_there_once_and_only_where_something_is_drawn(text):
    assert len(re.findall(r"\* plotly\.js v", text)) == 1
    assert "plotly.js v" not in report(None)


def test_the_policy_knows_each_script_by_its_digest_and_lets_no_other_run(text):
    policy = re.search(r'http-equiv="Content-Security-Policy" content="([^"]*)"', text).group(1)
    allowed = re.search(r"script-src ([^;]*)", policy).group(1).split()
    bodies = re.findall(r"<script>(.*?)</script>", text, re.S)
    digests = [b64encode(hashlib.sha256(b.encode()).digest()).decode() for b in bodies]
    assert allowed == [f"'sha256-{digest}'" for digest in digests]
    assert len(bodies) == 2
    assert policy.startswith("default-src 'none'")


def test_hostile_words_stay_inside_their_json():
    text = report(drawn(HOSTILE.replace("\ud800", "")))
    assert text.count("<script") == 3
    assert not Markup(text).of("img")
    text.encode("utf-8")
