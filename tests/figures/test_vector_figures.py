"""Figures of the vector VAE and of the article's mistakes."""

import math

import numpy as np
import pytest
import torch

from vae import figures
from vae.models import Posterior
from vae.training.mistakes import LEAST_STD
from vae.training.vector import VectorEpoch

COURSE = [VectorEpoch(0, math.nan, 60.0, 0.1, 60.0), VectorEpoch(1, 50.0, 10.0, 5.0, 10.0)]
BROKEN = [COURSE[0], VectorEpoch(1, math.nan, math.nan, math.nan, math.nan)]
WILD = [COURSE[0], VectorEpoch(1, -80.0, 4800.0, 1.0, -88.0)]


def test_the_curves_of_one_training_say_where_it_stands():
    found = figures.vector_curves({"right": COURSE}, 10)
    assert "distortion 10.0, rate 5.0" in found.question
    assert [trace.name for trace in found.plot.data] == ["distortion", "rate"]
    assert found.table().shape == (2, 5)


@pytest.mark.parametrize("other", [BROKEN, WILD])
def test_a_training_that_breaks_stands_beside_the_right_one_whose_scale_is_kept(other):
    found = figures.vector_curves({"right": COURSE, "wrong": other}, 10)
    low, high = found.plot.layout.yaxis.range
    assert low < 0.1 < 60 < high < 80
    assert {trace.line.dash for trace in found.plot.data} == {"solid", "dash"}


def test_pictures_keep_their_grey_and_stand_in_their_rows():
    one, other = np.full((3, 4), 0.25), np.full((2, 4), 2.0)
    found = figures.pictures({"a": one, "b": other}, (2, 2), "?", "Look.")
    sheet = found.plot.data[0].z
    assert sheet.shape == (5, 8)
    assert np.nanmax(sheet[:2]) == 0.25
    assert np.nanmax(sheet[3:]) == 1.0  # nothing is brighter than white
    assert np.isnan(sheet[2]).all()
    assert np.isnan(sheet[3:, 6:]).all()
    assert list(found.plot.layout.yaxis.ticktext) == ["a", "b"]


def test_spreads_are_drawn_beside_the_bounds_of_tanh():
    wide, narrow = (Posterior(torch.zeros(5, 2), torch.full((5, 2), v)) for v in (0.0, -4.0))
    found = figures.spread_bounds(narrow, wide)
    assert "reaches 0.14" in found.alt
    assert {shape.x0 for shape in found.plot.layout.shapes} >= {LEAST_STD}


def test_the_article_s_kl_has_no_value_where_it_is_undefined():
    found = figures.kl_forms(np.array([[0.5, -0.5], [0.2, 2.0]]))
    assert found.question.startswith("50%")
    right, wrong = found.plot.data
    at = np.asarray(wrong.x)
    outside = (at < 0) | (at > 1)
    assert np.isnan(np.asarray(wrong.y)[outside]).all()
    assert np.isfinite(np.asarray(right.y)).all()


def test_draws_without_noise_are_one_point():
    posterior = Posterior(torch.tensor([[0.5, -0.2]]), torch.tensor([[-1.0, -1.0]]))
    right, wrong = figures.draws_of_one(posterior).plot.data
    assert len(set(wrong.x)) == len(set(wrong.y)) == 1
    assert np.std(right.x) == pytest.approx(math.exp(-0.5), rel=0.15)
