"""The rows on which a space is judged, read from an evaluation that anybody may have written."""

import pytest

from vae.diagnostics.bootstrap import share_interval
from vae.report.quality import available, caption, table
from vae.report.quality_rows import probe_accuracy, read
from vae.runs.catalogue import shipped_runs
from vae.studies.evaluation import figures_of

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
WHOLE = {
    "probes": {
        "mood": {"accuracy": 1.0, "n_test": 12000, "low": 0.9997, "high": 1.0},
        "activity": {"accuracy": 0.98, "n_test": 12000},
    },
    "steering": {"polarity": MOVED},
    "analogies": {"n": 1000, "exact_match": 0.828, "exact_match_interval": [0.803, 0.85]},
    "disentanglement": {
        "dci_disentanglement": {"value": 0.39, "low": 0.36, "high": 0.42, "level": 0.95, "n": 3},
        "dci_disentanglement_held_out": {"value": 0.76, "low": 0.68, "high": 0.84, "n": 3},
        "dci_informativeness": {"value": 0.98, "low": 0.97, "high": 0.99, "n": 3},
        "mig": {"value": 0.1, "low": 0.09, "high": 0.11, "n": 3},
    },
}


def said(evaluation) -> list[tuple[str, str, str, str]]:
    return [(row.what, row.said, row.between, row.size) for row in read(evaluation)]


def test_every_figure_comes_with_its_interval_its_size_and_its_estimator():
    assert said(WHOLE) == [
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
    assert all(row.estimator for row in read(WHOLE))


def test_an_older_probe_without_its_interval_has_wilsons():
    sure = share_interval(12000, 12000)
    found = probe_accuracy({"accuracy": 1.0, "standard_error": 0.0, "n_test": 12000})
    assert (found.low, found.high) == (sure.low, sure.high)
    assert found.low < 1.0  # where the standard error knows no doubt


@pytest.mark.parametrize("name", shipped_runs())
def test_what_ships_can_be_read(name):
    stored = figures_of(shipped_runs()[name])
    rows = read(stored)
    assert available(rows)
    for row in rows:
        if row.value is not None:
            assert row.low <= row.value <= row.high
            assert row.n


def test_a_run_without_these_figures_has_no_row_and_null_is_never_zero():
    assert read({}) == []
    assert read({"probes": {}, "rate": 3.0}) == []
    silent = {"steering": {"mood": None}, "analogies": None, "disentanglement": None}
    rows = read(silent)
    assert len(rows) == 3
    assert {row.said for row in rows} == {"not available"}
    assert {(row.value, row.low, row.high, row.n) for row in rows} == {(None,) * 4}
    assert not available(rows)


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
        rows = read({**WHOLE, part: odd})
        assert all(row.value is None or 0 <= row.value <= 1 for row in rows)
        whole = {row for row in read(WHOLE) if row not in read({part: WHOLE[part]})}
        assert whole <= set(rows)


@pytest.mark.parametrize("pair", [None, "x", [0.9], [0.9, 0.1], [2, 3], [0.0, 0.1], ["a", "b"]])
def test_an_interval_that_does_not_hold_its_share_is_made_again(pair):
    solved = {"n": 1000, "exact_match": 0.828, "exact_match_interval": pair}
    (row,) = read({"analogies": solved})
    sure = share_interval(828, 1000)
    assert (row.low, row.high) == (sure.low, sure.high)


def test_a_score_without_a_good_interval_has_none():
    (row,) = read({"disentanglement": {"mig": {"value": 0.1, "low": 0.2, "high": 0.3}}})
    assert (row.low, row.high, row.between, row.size) == (None, None, "", "")


def test_names_of_labels_are_cut_and_can_be_written_to_a_file():
    probe = {"accuracy": 0.5, "n_test": 10}
    (row,) = read({"probes": {"x" * 1000 + "\ud800": probe}})
    assert len(row.what) < 120
    (half,) = read({"probes": {"half \ud800": probe}})
    half.what.encode("utf-8")


def test_how_it_was_measured_follows_from_the_kinds_of_rows_and_from_no_label():
    oddly_named = {"probes": {"x moved: y": {"accuracy": 0.5, "n_test": 10}}}
    assert "grammar" not in caption(read(oddly_named), oddly_named, "mine")
    assert "DCI" not in caption(read(oddly_named), oddly_named, "mine")
    assert "grammar" in caption(read(WHOLE), WHOLE, "mine")
    assert "DCI" in caption(read(WHOLE), WHOLE, "mine")
    sized = WHOLE | {"n_sentences": 2000, "split": "test"}
    assert "`python -m vae evaluate mine` on 2,000 test sentences" in caption([], sized, "mine")


def test_the_table_holds_numbers_and_leaves_a_hole_where_nothing_was_measured():
    made = table(read({"probes": WHOLE["probes"], "disentanglement": None}))
    assert list(made["measured"].isna()) == [False, True]
    assert made["measured"][0] == 0.98
    assert (made["n"][0], made["of"][0]) == (12_000, "sentences")
    assert list(made["n"].isna()) == [False, True]
