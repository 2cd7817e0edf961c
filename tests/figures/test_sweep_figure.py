"""A sweep as a heat map over its settings."""

import numpy as np
import pytest

from vae import figures
from vae.runs.sweeps import Axis

AXES = [Axis("beta", (0.1,)), Axis("free_bits", (0.0, 0.3))]


@pytest.mark.parametrize(("measure", "least"), [("ELBO", 1.0), ("rate", 0.0)])
def test_cells_not_measured_yet_stay_empty(measure, least):
    found = figures.sweep(AXES, np.array([[1.0, np.nan]]), measure)
    [heat] = found.plot.data
    assert list(heat.text[0]) == ["1.00", ""]
    assert heat.zmin == least
    assert heat.zmax > heat.zmin
    assert (list(heat.y), list(heat.x)) == (["beta 0.1"], ["free bits 0", "free bits 0.3"])


def test_an_information_over_half_of_its_ceiling_is_at_least_that_much():
    found = figures.sweep(
        AXES, np.array([[3.9, 4.1]]), "mutual information", ceilings=np.array([[8.0, 8.0]])
    )
    assert list(found.plot.data[0].text[0]) == ["3.90", "≥ 4.10"]
    assert "cannot exceed 8.00" in found.caption
    assert "≥" not in figures.sweep(AXES, np.array([[3.9, 4.1]]), "rate").caption


def test_what_is_better_and_how_it_was_measured_is_said():
    found = figures.sweep(AXES[:1], np.array([[12.0]]), "NLL", [64, 256])
    assert "Dark is a lower bound" in found.caption
    assert "Which of two runs is likelier, Compare tells" in found.caption
    assert "K = 64 and 256" in found.caption
    assert found.table().values.tolist() == [["beta 0.1", 12.0]]
