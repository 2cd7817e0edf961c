"""Lines of density: each encloses the share that it says."""

import numpy as np
import pytest
from scipy.stats import chi2

from vae.latent.density import SHARES, contours


def inside(line: np.ndarray, xy: np.ndarray) -> np.ndarray:
    """Which places (N, 2) a closed line (P, 2) goes around, by even and odd crossings."""
    (ax, ay), (bx, by) = line[:-1].T, line[1:].T
    x, y = xy[:, :1], xy[:, 1:]
    crosses = (ay > y) != (by > y)
    with np.errstate(divide="ignore", invalid="ignore"):
        left = x < (bx - ax) * (y - ay) / (by - ay) + ax
    return (crosses & left).sum(1) % 2 == 1


def test_lines_of_a_normal_cloud_are_circles_of_the_chi_squared_radius():
    xy = np.random.default_rng(0).normal(size=(200_000, 2))
    for contour in contours(xy):
        line = max(contour.lines, key=len)
        radius = np.linalg.norm(line, axis=1)
        expected = np.sqrt(chi2.ppf(contour.share, 2))
        assert radius.mean() == pytest.approx(expected, rel=0.06)
        assert radius.std() < 0.08


def test_lines_enclose_their_shares_of_a_cloud_of_two_clumps():
    rng = np.random.default_rng(1)
    xy = np.concatenate([rng.normal(size=(3_000, 2)), rng.normal(size=(3_000, 2)) * 0.5 + [12, 3]])
    found = contours(xy)
    assert [contour.share for contour in found] == list(SHARES)
    for contour in found:
        held = np.sum([inside(line, xy) for line in contour.lines], axis=0) % 2
        assert held.mean() == pytest.approx(contour.share, abs=0.05)
    assert len(found[2].lines) >= 2


@pytest.mark.parametrize("n", [0, 1, 19, 100])
def test_few_places_or_places_on_a_line_have_none(n):
    assert contours(np.linspace(0, 1, n)[:, None] * [1.0, 0.0]) == []
