"""Measures as three ranges: nothing takes thirty numbers for thirty categories."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from vae.corpora.corpus import Corpus
from vae.corpora.label_ranges import HIGHEST, LOWEST, THIRDS, in_ranges, with_ranges


@given(st.lists(st.integers(-50, 50), min_size=20))
def test_ranges_keep_the_order_and_part_nothing_equal(numbers):
    found = in_ranges([str(n) for n in numbers], "number")
    if len(set(numbers)) <= 5:
        assert found == tuple(map(str, numbers))
        return
    third = np.array([THIRDS.index(f) for f in found])
    order = np.argsort(numbers, kind="stable")
    assert (np.diff(third[order]) >= 0).all()
    assert len(set(zip(found, numbers, strict=True))) == len(set(numbers))
    assert LOWEST in found


def test_thirds_are_of_about_equal_count_and_what_is_missing_is_in_none():
    values = [str(i) for i in range(90)] + ["", "nan", "many"]
    found = in_ranges(values, "number")
    assert [found.count(name) for name in THIRDS] == [30, 30, 30]
    assert found[-3:] == ("", "", "")


def test_a_corpus_with_ranges_has_categories_and_knows_it():
    n = 60
    labels = {
        "day": tuple(f"2021-{i % 12 + 1:02}-01" for i in range(n)),
        "paid": tuple(("yes", "YES", "no", "yes")[i % 4] for i in range(n)),
        "mood": tuple(("none", "", "x")[i % 3] for i in range(n)),
    }
    corpus = Corpus("t", tuple(f"sentence {i}" for i in range(n)), labels, source={"kind": "file"})
    found = with_ranges(corpus)
    assert found.types == dict.fromkeys(labels, "category")
    assert found.labels["day"][11] == HIGHEST
    assert set(found.labels["paid"]) == {"yes", "no"}
    assert found.labels["mood"] == labels["mood"]
    plain = Corpus("t", corpus.sentences, {"mood": labels["mood"]})
    assert with_ranges(plain) is plain


def test_few_numbers_are_told_apart_however_alike_they_are():
    assert in_ranges(["1000.1", "1000.2", ""], "number") == ("1000.1", "1000.2", "")
    assert in_ranges(["9999.6", "1", "1.0"], "number") == ("9999.6", "1", "1")
