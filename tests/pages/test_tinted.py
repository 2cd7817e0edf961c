"""Numbers on a tint: the number always stands there, and can be read."""

import html
import re

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pages.explore._sentence import tinted
from vae import colours

_CELL = re.compile(r"background:(#\w{6});color:(#\w{6});[^>]*>([^<]*)<")


def cells(markup):
    """(ground, ink, text) of every tinted number."""
    return _CELL.findall(markup)


@given(st.floats(-60, 0))
def test_a_token_shows_its_number_and_it_can_be_read(log_p):
    ((ground, ink, text),) = cells(tinted.likelihood(log_p))
    assert float(text.replace("−", "-")) == pytest.approx(log_p, abs=0.0051)
    assert "−0.00" not in text
    assert colours.contrast(ground, ink) >= 4.3


def test_the_surer_the_brighter():
    shades = [cells(tinted.likelihood(x))[0][0] for x in (-20, -8, -6, -4, -2, 0)]
    bright = [colours.luminance(shade) for shade in shades]
    assert bright == sorted(bright)
    assert shades[0] == shades[1]


@given(st.lists(st.floats(-9, 9), min_size=1, max_size=6))
def test_signs_have_their_colours_and_all_numbers_can_be_read(values):
    grid = tinted.grid(
        ["word"], [f"dim {i}" for i in range(len(values))], np.array([values]), "nats", ""
    )
    for ground, ink, text in cells(grid):
        assert colours.contrast(ground, ink) >= 4.3
        red, blue = int(ground[1:3], 16), int(ground[5:], 16)
        assert (blue > red) == text.startswith("+")
    big = [v for v in values if abs(v) >= max(0.05, 0.04 * max(1, *map(abs, values)))]
    assert len(cells(grid)) == len(big)


def test_what_is_nearly_nothing_does_not_glow():
    grid = tinted.grid(["a"], ["dim 0", "dim 1"], np.array([[0.06, 0.0]]), "nats", "")
    ((ground, _, text),) = cells(grid)
    assert text == "+0.1"
    assert colours.contrast(ground, "#9A9A9A") < 1.2
    assert "+1.0 nats" in grid


def test_words_and_names_stay_text():
    hostile = '<img src=x onerror="alert(1)">'
    grid = tinted.grid([hostile], [hostile], np.array([[1.0]]), "nats", hostile)
    assert "<img" not in grid
    assert grid.count(html.escape(hostile)) == 4
