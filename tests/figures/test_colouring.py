"""How points look on a map that draws them itself: as on the one that Plotly draws."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from vae import colours
from vae.figures.cloud import cloud
from vae.figures.colouring import STEPS, bounds, colouring, number_marks
from vae.figures.groups import Scale


@given(st.lists(st.sampled_from(["", *"abcdefghijk"]), min_size=1))
def test_each_point_looks_as_it_does_in_the_figure(values):
    found = colouring(values, "light")
    for trace in cloud(np.zeros((len(values), 2)), values, "v").data:
        assert (trace.marker.color, trace.marker.symbol, trace.marker.opacity) == next(
            (look.color, look.symbol, look.opacity)
            for code, name in found.groups
            if name == trace.name and (look := found.looks[code])
        )
        codes = {code for code, name in found.groups if name == trace.name}
        assert set(found.codes[trace.customdata]) == codes


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_a_scale_goes_from_the_first_of_its_colours_to_the_last(theme):
    values = np.append(np.linspace(3, 9, 500), np.nan)
    found = colouring(Scale(values), theme)
    seen = [found.looks[code].color for code in found.codes]
    ramp = colours.POINTS[theme]
    assert (seen[0], seen[499]) == (ramp[0], ramp[-1])
    assert list(found.codes[:500]) == sorted(found.codes[:500])
    assert len(set(found.codes[:500])) == STEPS
    assert seen[500] == colours.NEUTRAL
    assert found.groups == ((STEPS, "— no value (1)"),)
    low, high = bounds(Scale(values))
    for share, text in found.ticks:
        assert low + share * (high - low) == pytest.approx(float(text), abs=1e-6)


@given(st.floats(-1e6, 1e6), st.floats(1e-3, 1e6))
def test_marks_of_numbers_are_round_and_lie_within_the_scale(low, width):
    at, texts = number_marks(low, low + width)
    assert 2 <= len(at) == len(texts) <= 5
    assert all(low - 1e-6 * width <= value <= low + width * (1 + 1e-6) for value in at)
    steps = np.diff(at)
    np.testing.assert_allclose(steps, steps[0], rtol=1e-6, atol=1e-9 * abs(low))
    assert f"{steps[0]:.1e}"[:3] in ("1.0", "2.0", "5.0")


def test_a_scale_of_one_value_or_none_has_colours_all_the_same():
    assert set(colouring(Scale(np.full(4, 7.0)), "light").codes) == {0}
    assert set(colouring(Scale(np.full(4, np.nan)), "light").codes) == {STEPS}


def test_dates_are_marked_as_dates():
    days = Scale(np.arange(900.0) * 86_400 + 18_000 * 86_400, "date")
    assert [text for _, text in colouring(days, "dark").ticks] == ["2020", "2021"]


def test_parts_are_the_groups_or_the_quarters_of_a_scale_and_hold_every_point():
    groups = colouring(["a", "b", "", "a"], "light")
    assert [(a, b, n) for a, b, _, n in groups.parts] == [(0, 0, 2), (1, 1, 1), (2, 2, 1)]
    values = np.concatenate([np.arange(100.0), [np.nan, 500.0, -500.0]])
    quarters = colouring(Scale(values), "light")
    low, high = bounds(Scale(values))
    *bands, (_, _, missing, without) = quarters.parts
    assert sum(n for _, _, _, n in quarters.parts) == len(values)
    assert (without, "1" in missing) == (1, True)
    assert [n for _, _, _, n in bands] == pytest.approx([25.5] * 4, abs=1.5)
    edges = np.linspace(low, high, 5).round(0)
    assert bands[0][2] == f"{edges[0]:g} to {edges[1]:g}".replace("-", "−")
    last = -1
    for first, end, _, n in bands:
        assert first == last + 1
        assert n == ((quarters.codes >= first) & (quarters.codes <= end)).sum()
        last = end
    assert last == STEPS - 1
