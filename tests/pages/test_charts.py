"""Figures say what they are drawn from: colours with meanings, rows that can be looked up."""

import tomllib

import pytest

from tests.pages.support import ROOT
from vae import colours
from vae.figures import frame

PAPER, NIGHT = "#FBF8F1", "#0E141D"


@pytest.mark.parametrize("meaning", colours.MEANINGS)
@pytest.mark.parametrize("page", [PAPER, NIGHT])
def test_a_colour_of_a_meaning_is_seen_on_both_pages(meaning, page):
    assert colours.contrast(colours.MEANINGS[meaning], page) >= 3


def test_every_meaning_has_a_colour_of_its_own():
    assert len(set(colours.MEANINGS.values())) == len(colours.MEANINGS)


def test_contrast_of_black_on_white_is_21():
    assert colours.contrast("#000000", "#FFFFFF") == pytest.approx(21)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_text_of_a_chart_is_the_text_of_the_page(theme):
    config = tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text(encoding="utf-8"))
    page = config["theme"][theme]
    assert colours.INK[theme] == page["textColor"]
    assert colours.contrast(colours.INK[theme], page["backgroundColor"]) >= 4.5
    fig = frame.figure(200)
    frame.ink(fig, theme)
    assert fig.layout.xaxis.tickfont.color == fig.layout.font.color == colours.INK[theme]
