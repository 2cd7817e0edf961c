"""Figures of runs set against each other."""

import pytest

from vae.diagnostics.rate_plane import RatePoint
from vae.figures import comparison


def point(name, rate, distortion, error=None):
    return RatePoint(name, rate, distortion, error, error, 500, "test")


def test_every_run_is_named_and_has_its_own_shape():
    found = comparison.rate_distortion([point("a", 0.1, 16.0, 0.1), point("b", 5.0, 12.0)])
    marks = [t for t in found.plot.data if t.mode == "markers+text"]
    assert [t.text[0].strip() for t in marks] == ["a", "b"]
    assert len({t.marker.symbol for t in marks}) == 2
    assert [t.error_x.visible for t in marks] == [True, False]
    assert marks[0].error_x.array[0] == pytest.approx(0.196)
    assert found.table()["± rate"][0] == pytest.approx(0.196)
    assert "ELBO" in found.plot.layout.annotations[0].text
    assert "500 test sentences (a)" in found.caption
    assert "b at rate 5.00, distortion 12.00" in found.alt
    assert found.table()["ELBO, nats"].to_list() == [-16.1, -17.0]


def test_a_name_is_text_and_no_markup():
    found = comparison.rate_distortion([point("<b>x</b>", 0.1, 16.0)])
    [mark] = [t for t in found.plot.data if t.mode == "markers+text"]
    assert "<b>x" not in mark.text[0]
    assert "<b>x" not in mark.hovertext[0]


def test_a_sweep_is_joined_in_its_order():
    points = [point("a", 1.0, 16.0), point("b", 5.0, 12.0), point("c", 3.0, 13.0)]
    fig = comparison.rate_distortion(points, [[0, 2, 1]]).plot
    assert any(tuple(t.x) == (1.0, 3.0, 5.0) for t in fig.data)
