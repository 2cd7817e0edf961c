"""All metrics over seeds, and how sure they are."""

import numpy as np
import pytest

from tests.diagnostics.disentanglement.calibration import independent, made, perfect
from vae.diagnostics.disentanglement import WHAT, Representation, measure, over_seeds
from vae.diagnostics.disentanglement.information import gap, modularity, neighbour_information
from vae.errors import UserError


def test_every_metric_has_an_interval_that_holds_it():
    found = measure(perfect(600), seeds=2)
    assert list(found.metrics) == list(WHAT)
    for interval in found.metrics.values():
        assert 0 <= interval.low <= interval.value <= interval.high <= 1
        assert (interval.n, interval.level) == (2, 0.95)
    assert found.information.shape == found.importance.shape == (3, 2)
    assert (found.rows, found.of_rows, found.batch) == (300, 600, 64)


def test_a_perfect_code_has_the_scores_of_one():
    found = measure(perfect(600), seeds=2).metrics
    for name in ("higgins", "higgins_scaled", "kim_mnih", "dci_disentanglement_held_out"):
        assert found[name].value == pytest.approx(1.0, abs=0.01), name
    for name in ("mig_neighbours", "dci_completeness_held_out", "dci_informativeness"):
        assert found[name].value == pytest.approx(1.0, abs=0.05), name
    # Of four values the second best dimension names one by chance.
    assert found["sap_threshold"].value == pytest.approx(0.75, abs=0.1)


def test_noise_is_what_codes_of_no_factor_score_and_for_modularity_that_is_much():
    tidy, nothing = measure(perfect(600), seeds=2), measure(independent(600), seeds=2)
    assert set(tidy.noise) == {name for name in WHAT if not name.startswith("sap")}
    for name, score in nothing.noise.items():
        assert nothing.metrics[name].value == pytest.approx(score, abs=0.25), name
    for name in ("mig", "mig_neighbours", "dci_disentanglement_held_out"):
        assert tidy.noise[name] < 0.1 < tidy.metrics[name].value, name
    assert tidy.noise["dci_informativeness"] < tidy.metrics["dci_informativeness"].value


def test_modularity_is_high_on_noise_of_many_dimensions_and_factors():
    rng = np.random.default_rng(0)
    factors = {f"f{i}": rng.integers(0, 2 + i % 4, 2_000).astype(str) for i in range(10)}
    noise = Representation.of(rng.normal(size=(2_000, 12)), factors)
    information = neighbour_information(noise)
    assert modularity(information) > 0.8
    assert gap(information, noise.entropies) < 0.02


def test_the_same_seed_gives_the_same_scores_and_another_gives_others():
    part = independent(400)
    one, again, other = (measure(part, seed=s, seeds=2).metrics for s in (3, 3, 4))
    assert one == again
    assert one != other


def test_the_variance_over_seeds_is_that_of_a_mean_whatever_the_overlap():
    # Of N numbers of variance 1, the mean has variance 1/N, and subsamples err a little more.
    rng = np.random.default_rng(0)
    n, m, seeds, widths, covered = 2_000, 1_000, 5, [], 0
    for _ in range(400):
        x = 0.5 + 0.1 * rng.normal(size=n)
        values = [x[rng.choice(n, m, replace=False)].mean() for _ in range(seeds)]
        found = over_seeds(values, m, n)
        widths.append((found.high - found.low) / 2)
        covered += found.low <= 0.5 <= found.high
    expected = 2.776 * 0.1 * np.sqrt(1 / n + (1 / m - 1 / n) / seeds)
    assert np.sqrt(np.mean(np.square(widths))) == pytest.approx(expected, rel=0.1)
    # Binomial(400, 0.95) lies in here but for one time in a thousand; Student's is wider by a bit.
    assert 365 <= covered <= 400


def test_what_is_brief_is_what_is_whole_on_fewer_rows():
    found = measure(perfect(600), seeds=2, most_rows=300).metrics
    assert found["mig_neighbours"].value == pytest.approx(1.0, abs=0.05)
    assert {"mig", "dci_disentanglement", "dci_completeness"} <= set(found) <= set(WHAT)


def test_a_factor_that_hardly_ever_varies_is_refused_before_anything_is_computed():
    rng = np.random.default_rng(0)
    rare = (np.arange(1_000) < 15).astype(int)
    with pytest.raises(UserError, match="all but 15 of 1,000"):
        measure(made(rng.normal(size=(1_000, 2)), rare, np.arange(1_000) % 2))


def test_too_few_rows_or_seeds_are_refused():
    rng = np.random.default_rng(0)
    few = made(rng.normal(size=(99, 2)), np.arange(99) % 2, np.arange(99) % 3)
    with pytest.raises(UserError, match="99 rows"):
        measure(few)
    with pytest.raises(UserError, match="Two seeds"):
        measure(independent(200), seeds=1)
    with pytest.raises(UserError, match="needs two seeds"):
        over_seeds([0.5], 10, 20)


def test_progress_can_cancel():
    class StopError(Exception):
        pass

    def stop(done, total, what):
        if done == 2:
            raise StopError

    with pytest.raises(StopError):
        measure(independent(400), progress=stop)
