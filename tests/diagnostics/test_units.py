"""Active units over the threshold."""

import numpy as np
import pytest
import torch

from tests.fakes import seeded
from vae.diagnostics.bootstrap import bootstrap
from vae.diagnostics.information import active_units, principal_units
from vae.diagnostics.units import MARKED, THRESHOLDS, principal_curve, unit_curve
from vae.errors import UserError


def means(n: int = 400) -> torch.Tensor:
    """(n, 4) of variance 0, 0.004, 0.05 and 1, to within chance."""
    deviations = torch.tensor([0.0, 0.0632, 0.2236, 1.0])
    return torch.randn(n, 4, generator=seeded()) * deviations + 3.0


def test_each_threshold_counts_the_variances_above_it():
    curve = unit_curve(means(), np.random.default_rng(0))
    assert [curve.at(t).value for t in (0.001, 0.01, 0.2, 5.0)] == [3, 2, 1, 0]
    assert [c.value for c in curve.counts] == [active_units(means(), t) for t in THRESHOLDS]


def test_the_count_never_rises_with_the_threshold_and_has_the_marks_of_the_literature():
    curve = unit_curve(means(), np.random.default_rng(0))
    values = [c.value for c in curve.counts]
    assert values == sorted(values, reverse=True)
    assert set(MARKED) <= set(THRESHOLDS)


def test_a_count_is_sure_away_from_a_variance_and_unsure_at_it():
    curve = unit_curve(means(), np.random.default_rng(0))
    sure, unsure = curve.at(0.01), curve.at(0.05)
    assert sure.low == sure.high == 2
    assert (unsure.low, unsure.high) == (1, 2)


def test_the_intervals_are_those_of_resampling_sentence_by_sentence():
    mean, threshold = means(60), 0.05
    curve = unit_curve(mean, np.random.default_rng(0), (threshold,), draws=2_000)
    plain = bootstrap(
        lambda rows: active_units(mean[torch.as_tensor(rows)], threshold),
        60,
        np.random.default_rng(1),
        draws=2_000,
    )
    assert (curve.at(threshold).low, curve.at(threshold).high) == (plain.low, plain.high)


def test_one_sentence_varies_in_nothing():
    with pytest.raises(UserError, match="Two sentences"):
        unit_curve(means(1), np.random.default_rng(0))


def test_principal_units_are_counted_whatever_turned_the_space():
    turn, _ = torch.linalg.qr(torch.randn(4, 4, generator=seeded(1)))
    before, after = (
        principal_curve(mean, np.random.default_rng(0)) for mean in (means(), means() @ turn.T)
    )
    assert before == after
    assert [before.at(t).value for t in (0.001, 0.01, 0.2, 5.0)] == [3, 2, 1, 0]
    assert [c.value for c in before.counts] == [principal_units(means(), t) for t in THRESHOLDS]
    assert unit_curve(means() @ turn.T, np.random.default_rng(0)).at(0.01).value == 4


def test_the_intervals_of_principal_units_are_those_of_resampling_sentence_by_sentence():
    mean, threshold = means(60), 0.05
    curve = principal_curve(mean, np.random.default_rng(0), (threshold,), draws=1_000)
    plain = bootstrap(
        lambda rows: principal_units(mean[torch.as_tensor(rows)], threshold),
        60,
        np.random.default_rng(1),
        draws=1_000,
    )
    assert (curve.at(threshold).low, curve.at(threshold).high) == (plain.low, plain.high)
