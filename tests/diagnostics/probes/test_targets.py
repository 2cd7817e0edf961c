"""Which labels can be asked for, and as what."""

import numpy as np
import pytest

from vae.diagnostics.probes import LENGTH, targets_of

WORDS = [" ".join(["word"] * (1 + i % 7)) for i in range(100)]


def asked(**labels):
    targets, left_out = targets_of(WORDS, labels)
    return {t.name: t for t in targets}, left_out


def test_numbers_are_numeric_and_other_values_are_categories():
    found, left_out = asked(
        price=[str(0.5 * i) for i in range(100)],
        kind=["a", "b"] * 50,
        score=["-1e3", "2", ".5"] * 33 + ["2"],
    )
    assert {name: t.kind for name, t in found.items()} == {
        "price": "numeric",
        "kind": "categorical",
        "score": "numeric",
        LENGTH: "numeric",
    }
    assert np.abs(found["price"].values).max() == 1.0
    assert left_out == {}


def test_a_few_whole_numbers_may_be_classes_and_are_asked_for_as_both():
    found, _ = asked(stars=[str(1 + i % 5) for i in range(100)])
    assert {"stars": "numeric", "stars (as classes)": "categorical"}.items() <= {
        name: t.kind for name, t in found.items()
    }.items()


def test_two_numbers_are_two_classes_however_they_are_spelled():
    found, _ = asked(toxic=["0", "1"] * 50, grade=["1", "1.0", "2", "2.00"] * 25)
    assert found["toxic"].kind == "categorical"
    assert found["grade"].classes == len(set(found["grade"].values)) == 2


def test_the_length_is_in_words_and_always_there():
    found, left_out = asked()
    assert (found[LENGTH].values * 7).tolist() == pytest.approx([1 + i % 7 for i in range(100)])
    assert left_out == {}


def test_a_column_that_is_called_as_one_of_ours_is_not_lost_behind_it():
    columns = {LENGTH: ["a", "b"] * 50, "stars (as classes)": ["x", "y"] * 50}
    targets, _ = targets_of(WORDS, {**columns, "stars": [str(i % 5) for i in range(100)]})
    assert len({t.name for t in targets}) == len(targets) == 3
    kinds = {t.name: t.kind for t in targets}
    assert kinds == {**dict.fromkeys(columns, "categorical"), "stars": "numeric"}


def test_a_sentence_without_a_value_is_not_asked():
    found, _ = asked(mood=["", "sad", "glad", "glad"] * 25)
    assert found["mood"].classes == 2
    assert found["mood"].rows.tolist() == [i for i in range(100) if i % 4]


@pytest.mark.parametrize(
    ("values", "why"),
    [
        (["same"] * 100, "same value"),
        (["a"] * 20 + ["b"] * 20 + [""] * 60, "40 sentences have it"),
        ([f"name {i}" for i in range(100)], "occur but once"),
        (["nan", "inf"] * 25 + ["1"] * 50, None),
    ],
)
def test_a_label_that_cannot_be_learned_is_left_out_and_it_is_said_why(values, why):
    found, left_out = asked(label=values)
    if why is None:  # nan is a word like another
        assert found["label"].kind == "categorical"
    else:
        assert why in str(left_out["label"])
        assert "label" not in found


def test_a_label_is_asked_for_as_what_it_is_stated_to_be():
    columns = {
        "stars": [str(1 + i % 5) for i in range(100)],
        "code": [f"{i % 30}" for i in range(100)],
        "paid": [("yes", "No", "no", "YES")[i % 4] for i in range(100)],
        "day": [f"2021-05-{1 + i % 28:02}" for i in range(100)],
        "price": [("1.5", "nan", "many", "2.5", "0.25")[i % 5] for i in range(100)],
    }
    types = {"stars": "category", "code": "category", "price": "number"}
    found = {t.name: t for t in targets_of(WORDS, columns, types)[0]}
    assert {name: (t.kind, t.classes) for name, t in found.items() if name != LENGTH} == {
        "stars": ("categorical", 5),
        "code": ("categorical", 30),
        "paid": ("categorical", 2),
        "day": ("numeric", 28),
        "price": ("numeric", 3),
    }
    assert [i % 5 for i in found["price"].rows[:3]] == [0, 3, 4]
    day = found["day"].values
    assert day.mean() == pytest.approx(0, abs=1e-9)
    assert np.abs(day).max() == 1.0
    assert (np.diff(day[:28]) > 0).all()


def test_two_hundred_classes_are_probed_and_more_are_not():
    sentences = ["a b", "a"] * 300
    for classes, kept in ((200, True), (201, False)):
        values = [f"class {i % classes}" for i in range(600)]
        targets, left_out = targets_of(sentences, {"label": values})
        assert ("label" in {t.name for t in targets}) is kept
        assert ("label" in left_out) is not kept


def test_numbers_of_any_size_are_no_trouble():
    found, _ = asked(huge=[f"{i % 30}.5e300" for i in range(100)])
    assert np.isfinite(found["huge"].values ** 2).all()
