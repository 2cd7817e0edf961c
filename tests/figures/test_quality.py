"""The rows on which a space is judged, read from an evaluation that anybody may have written."""

import pytest

from vae.diagnostics.bootstrap import share_interval
from vae.diagnostics.samples import Reason
from vae.figures.quality import between, caption, estimator, said, size, table, what
from vae.runs.catalogue import shipped_runs
from vae.studies.evaluation import Evaluation, fullest
from vae.studies.quality import available, rows

MOVED = {
    "n": 1000,
    "how": "difference",
    "strength": 1.0,
    "flips": 1.0,
    "flips_interval": [0.996, 1.0],
    "stays_worst_factor": "attitude",
    "stays_worst_n": 740,
    "stays_worst": 0.816,
    "stays_worst_interval": [0.787, 0.842],
    "all_stay": 0.819,
    "all_stay_interval": [0.794, 0.842],
}


def probe(value: float, n: int, low: float = 0.0, high: float = 1.0) -> dict:
    about = {"kind": "categorical", "metric": "accuracy", "classes": 2, "majority": 0.5}
    linear = {"value": value, "low": low, "high": high, "level": 0.95, "n": n}
    return {**about, "n": n, "linear": linear}


def score(value: float, low: float, high: float) -> dict:
    return {"value": value, "low": low, "high": high, "level": 0.95, "n": 3}


PROBES = {"mood": probe(1.0, 12000, 0.9997), "activity": probe(0.98, 12000, 0.9774, 0.9824)}
SOLVED = {"n": 1000, "exact_match": 0.828, "exact_match_interval": [0.803, 0.85]}
METRICS = {
    "dci_disentanglement": score(0.39, 0.36, 0.42),
    "dci_disentanglement_held_out": score(0.76, 0.68, 0.84),
    "dci_informativeness": score(0.98, 0.97, 0.99),
    "mig": score(0.1, 0.09, 0.11),
}
WHOLE = {"labels": PROBES, "steering": {"polarity": MOVED}, "analogies": SOLVED, "metrics": METRICS}


def evaluation(not_available=(), **parts) -> Evaluation:
    """One whose studies hold these parts."""
    results = {
        "probes": {k: v for k, v in parts.items() if k == "labels"},
        "control": {k: v for k, v in parts.items() if k in ("steering", "analogies")},
        "disentanglement": {k: v for k, v in parts.items() if k == "metrics"},
    }
    results = {name: result for name, result in results.items() if result}
    missing = {name: Reason.of("too-few", n=1, needed=2) for name in not_available}
    return Evaluation("mine", "digest", "test", 0, results, missing)


def read(**parts) -> list:
    return rows(evaluation(**parts))


def told(found) -> list[tuple[str, str, str, str]]:
    return [(what(row), said(row), between(row), size(row)) for row in found]


def test_every_figure_comes_with_its_interval_its_size_and_its_estimator():
    assert told(read(**WHOLE)) == [
        (
            "Linear probe of the mean, worst of 2 labels (activity)",
            "98.0%",
            "97.7% to 98.2%",
            "12,000 sentences",
        ),
        ("polarity moved: it flips", "100.0%", "99.6% to 100.0%", "1,000 sentences"),
        (
            "polarity moved: the worst of the others stays (attitude)",
            "81.6%",
            "78.7% to 84.2%",
            "740 sentences",
        ),
        ("polarity moved: all others stay at once", "81.9%", "79.4% to 84.2%", "1,000 sentences"),
        (
            "a − b + c with one factor changed: exact match",
            "82.8%",
            "80.3% to 85.0%",
            "1,000 quadruples",
        ),
        ("DCI disentanglement, by impurity", "0.39", "0.36 to 0.42", "3 seeds"),
        ("DCI disentanglement, by held-out loss", "0.76", "0.68 to 0.84", "3 seeds"),
        ("DCI informativeness", "0.98", "0.97 to 0.99", "3 seeds"),
        ("MIG, by histogram", "0.10", "0.09 to 0.11", "3 seeds"),
    ]
    assert all(estimator(row) for row in read(**WHOLE))
    assert estimator(read(**WHOLE)[0]).endswith("; 50.0% without the model")


@pytest.mark.parametrize("name", shipped_runs())
def test_what_ships_can_be_read(name):
    found = rows(fullest(shipped_runs()[name]))
    assert available(found)
    for row in found:
        if row.found is not None:
            assert row.found.low <= row.found.value <= row.found.high
            assert row.found.n


def test_a_probe_of_draws_stands_below_that_of_means_where_it_was_measured():
    drawn = {**probe(0.9, 500, 0.88, 0.92), "drawn": score(0.506, 0.48, 0.53)}
    found = read(labels={"polarity": drawn})
    assert [(row.kind, said(row)) for row in found] == [
        ("probe", "90.0%"),
        ("probe_drawn", "50.6%"),
    ]
    assert "one draw" in what(found[1])
    assert "blind to scale" in caption(found, evaluation(), "mine")
    assert "blind to scale" not in caption(read(**WHOLE), evaluation(), "mine")


def test_a_run_without_these_figures_has_no_row_and_null_is_never_zero():
    assert read() == []
    assert read(labels={}) == []
    silent = evaluation(["disentanglement"], steering={"mood": None}, analogies=None)
    found = rows(silent)
    assert len(found) == 3
    assert {said(row) for row in found} == {"not available"}
    assert {(row.found, between(row), size(row)) for row in found} == {(None, "", "")}
    assert not available(found)


@pytest.mark.parametrize(
    "odd",
    [
        None,
        5,
        "x",
        [],
        {"mood": 5},
        {"mood": []},
        {"n": "many", "exact_match": 0.5, "flips": 0.5, "accuracy": 0.5, "n_test": 0},
        {"exact_match": 3.0, "n": 1000},
        {"exact_match": float("nan"), "n": 1000},
        {"exact_match": True, "n": 1000},
        {"mood": {"flips": -1, "n": 10, "accuracy": 1e400, "n_test": 1e400}},
        {"dci_disentanglement": {"value": "x"}, "mig": {"value": 7}},
    ],
)
def test_a_damaged_figure_is_left_out_and_the_rest_stands(odd):
    for part in WHOLE:
        found = read(**{**WHOLE, part: odd})
        assert all(row.found is None or 0 <= row.found.value <= 1 for row in found)
        whole = {row for row in read(**WHOLE) if row not in read(**{part: WHOLE[part]})}
        assert whole <= set(found)


@pytest.mark.parametrize("pair", [None, "x", [0.9], [0.9, 0.1], [2, 3], [0.0, 0.1], ["a", "b"]])
def test_the_interval_of_a_share_is_wilsons_whatever_a_file_says(pair):
    (row,) = read(analogies=SOLVED | {"exact_match_interval": pair})
    assert row.found == share_interval(828, 1000)


def test_a_score_without_a_good_interval_has_none():
    (row,) = read(metrics={"mig": score(0.1, 0.2, 0.3)})
    assert (said(row), between(row)) == ("0.10", "")
    assert table([row])[["low (95%)", "high (95%)"]].isna().all(axis=None)


def test_names_of_labels_are_cut_and_can_be_written_to_a_file():
    (row,) = read(labels={"x" * 200 + "\ud800": probe(0.5, 10)})
    assert len(what(row)) < 120
    (half,) = read(labels={"half \ud800": probe(0.5, 10)})
    what(half).encode("utf-8")


def test_how_it_was_measured_follows_from_the_kinds_of_rows_and_from_no_label():
    oddly_named = evaluation(labels={"x moved: y": probe(0.5, 10)})
    assert "grammar" not in caption(rows(oddly_named), oddly_named, "mine")
    assert "DCI" not in caption(rows(oddly_named), oddly_named, "mine")
    whole = evaluation(**WHOLE)
    assert "grammar" in caption(rows(whole), whole, "mine")
    assert "DCI" in caption(rows(whole), whole, "mine")
    assert "`python -m vae evaluate mine` on held-out sentences" in caption([], whole, "mine")
    sized = fullest(shipped_runs()["factors"])
    assert "`python -m vae evaluate mine` on 2,000 test sentences" in caption([], sized, "mine")


def test_the_table_holds_numbers_and_leaves_a_hole_where_nothing_was_measured():
    made = table(rows(evaluation(["disentanglement"], labels=PROBES)))
    assert list(made["measured"].isna()) == [False, True]
    assert made["measured"][0] == 0.98
    assert (made["n"][0], made["of"][0]) == (12_000, "sentences")
    assert list(made["n"].isna()) == [False, True]
