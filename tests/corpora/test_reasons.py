"""Why rows are left out: stored as a kind with its bound, worded when shown."""

import inspect
import re

import pytest

from vae.corpora import balance, cleaning, docstrings, files, tables
from vae.corpora.reasons import above, below, counted, reason_message


@pytest.mark.parametrize(
    ("reason", "words"),
    [
        (above("words", 60), "more than 60 words"),
        (below("words", 3), "fewer than 3 words"),
        (above("rows", 5_000_000), "beyond the first 5,000,000 rows"),
        (above("share", 0.2, "numpy"), "over 20% of the corpus from numpy"),
    ],
)
def test_a_bound_is_said_with_its_number(reason, words):
    assert str(reason_message(reason)) == words


def test_reasons_are_counted_one_after_the_other():
    assert (
        str(counted({"empty": 1_200, "words above 60": 2})) == "1,200 empty, 2 more than 60 words"
    )


def test_a_reason_of_an_older_version_is_said_as_it_stands():
    assert str(reason_message("more than 60 words")) == "more than 60 words"


@pytest.mark.parametrize("module", [balance, cleaning, docstrings, files, tables])
def test_every_reason_that_is_given_has_words(module):
    source = inspect.getsource(module)
    given = re.findall(r'(?:return None, |dropped\[)"([^"]+)"', source)
    for reason in given:
        assert reason_message(reason).text != "{reason}", reason
