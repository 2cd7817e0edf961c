"""Numbers in words: as many decimals as are known."""

import numpy as np
import pytest

from vae.diagnostics.bootstrap import Interval, bootstrap_mean
from vae.i18n import numbers


@pytest.mark.parametrize(
    ("value", "reach", "said"),
    [
        (23.104, 0.0612, "23.10 ± 0.06"),
        (0.0498, 0.00123, "0.050 ± 0.001"),
        (0.0498, 1e-9, "0.0498 ± 0.0000"),
        (71.6, 1.2, "71.60 ± 1.20"),
        (1.0, 0.0, "1.00 ± 0.00"),
        (-1.5, 0.25, "−1.50 ± 0.25"),
        (-0.001, 0.47, "0.00 ± 0.47"),
    ],
)
def test_a_figure_has_the_decimals_of_what_it_may_be_off_by(value, reach, said):
    assert numbers.with_reach(value, reach) == said


@pytest.mark.parametrize(
    ("value", "said"),
    [(23.096, "23.10"), (-0.5, "−0.50"), (0.0503, "0.0503"), (0.0, "0.00"), (np.nan, "unknown")],
)
def test_small_numbers_keep_digits_that_say_something(value, said):
    assert numbers.number(value) == said


@pytest.mark.parametrize(
    ("value", "form", "said"),
    [
        (-0.001, ".2f", "0.00"),
        (-1234.5, ",.1f", "−1,234.5"),
        (-0.2, "+.0f", "+0"),
        (-2, "+g", "−2"),
    ],
)
def test_what_rounds_to_nothing_has_no_minus(value, form, said):
    assert numbers.number(value, form) == said


def test_an_interval_is_told_by_its_ends_its_level_or_its_longer_half():
    found = Interval(0.9306, 0.911, 0.9466, 0.95, 500)
    assert numbers.between(found) == "95% interval 0.91 to 0.95"
    assert numbers.share_between(found) == "95% interval 91.1 to 94.7%"
    assert numbers.span(found) == "0.91 to 0.95"
    assert numbers.plus_minus(found) == "0.93 ± 0.02"
    assert numbers.percent(found.value) == "93.1%"


def test_plus_minus_is_half_of_a_95_percent_interval_of_a_mean_too():
    values = np.random.default_rng(0).normal(5.0, 2.0, 400)
    mean = bootstrap_mean(values, np.random.default_rng(1), draws=4_000)
    assert numbers.mean_plus_minus(mean.value, mean.error) == numbers.plus_minus(mean)
    assert numbers.mean_plus_minus(5.0, None) == "5.00"


def test_an_interval_that_is_not_known_is_not_made_up():
    found = Interval(0.9306, 0.9306, 0.9306, 0.0, 500)
    assert numbers.plus_minus(found) == "0.93"
    assert numbers.between(found) == numbers.share_between(found) == "interval not known"
