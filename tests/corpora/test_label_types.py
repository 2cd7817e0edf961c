"""A label's type is judged by all of its values, and its values are read by its type."""

from __future__ import annotations

import math
from datetime import date, timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from vae.corpora.label_types import (
    categories,
    check_type,
    guess_type,
    measures,
    types_of,
    written,
)
from vae.errors import UserError

DAY = 86_400.0


@pytest.mark.parametrize(
    ("values", "kind"),
    [
        (["good", "bad", ""], "category"),
        (["", "", ""], "category"),
        ([], "category"),
        (["1", "2", "3"], "number"),
        ([" 3.5", "nan", "-2", "", "1e3", ".5", "4."], "number"),
        (["1", "two", "3"], "category"),
        (["12", "none", "NA", "null"], "number"),
        (["none", "None", "NA"], "category"),
        (["1,5", "2,25", "10"], "number"),
        (["1,500", "12,000", "7"], "number"),
        (["1.234,5", "2,0"], "number"),
        (["007", "123"], "category"),
        (["mayhem 2020", "marathon 2019"], "category"),
        (["May 2020", "Sept. 2019", "march 2001"], "date"),
        (["0", "1", ""], "yes-no"),
        (["1.0", "0.0", "nan"], "yes-no"),
        (["0", "0"], "number"),
        (["True", "False"], "yes-no"),
        (["yes", "No", " NO"], "yes-no"),
        (["yes", "no", "none"], "category"),
        (["yes", "no", "maybe"], "category"),
        (["是", "否"], "yes-no"),
        (["yes", "false"], "category"),
        (["2021-05-03", "1999-12-31", ""], "date"),
        (["2021-05-03T12:30:00Z", "2021-05-03 12:30"], "date"),
        (["2021-05", "2021-06"], "date"),
        (["2021-13", "2021-06"], "category"),
        (["3.5.2021", "31.12.2020"], "date"),
        (["31/12/2020", "01/02/2021"], "date"),
        (["12/31/2020", "01/02/2021"], "date"),
        (["01/02/2021", "02/03/2021"], "category"),
        (["01/01/2021", "02/01/2021", "03/01/2021"], "date"),
        (["3 May 2021", "14 June 2021"], "date"),
        (["May 3, 2021", "Jun 14, 2021"], "date"),
        (["20210503", "20201231"], "date"),
        (["2021年5月3日", "2020年12月31日"], "date"),
        (["14:30", "09:05:30"], "date"),
        (["2021", "1999"], "number"),
        (["2021-02-30", "2021-05-03"], "category"),
        (["other (please say)", "other"], "category"),
        (["inf", "1"], "category"),
    ],
)
def test_the_type_of_a_label_follows_from_all_of_its_values(values: list[str], kind: str) -> None:
    assert guess_type(values) == kind


def test_day_and_month_are_told_apart_by_the_whole_column() -> None:
    german = measures(["31/12/2020", "01/02/2021"], "date")
    american = measures(["12/31/2020", "01/02/2021"], "date")
    assert german[1] - german[0] == 32 * DAY
    assert american[1] - american[0] == 2 * DAY
    monthly = measures(["01/01/2021", "02/01/2021", "03/01/2021"], "date")
    assert np.diff(monthly).tolist() == [31 * DAY, 28 * DAY]


@given(st.lists(st.dates(date(1900, 1, 1), date(2199, 12, 31)), min_size=2, unique=True))
def test_dates_in_every_notation_stand_in_order_of_time(days: list[date]) -> None:
    expected = [(day - date(1970, 1, 1)) / timedelta(seconds=1) for day in days]
    for form in ("%Y-%m-%d", "%Y/%m/%d", "%d.%m.%Y", "%d %B %Y", "%B %d, %Y", "%Y-%m-%dT00:00Z"):
        said = [day.strftime(form) for day in days]
        assert guess_type(said) == "date"
        assert measures(said, "date").tolist() == expected


@given(st.lists(st.floats(allow_nan=False, allow_infinity=False), min_size=1))
def test_numbers_as_python_writes_them_are_read_back(numbers: list[float]) -> None:
    said = [repr(number) for number in numbers]
    assert measures(said, "number").tolist() == numbers
    assert guess_type(said) in ("number", "yes-no")


@given(st.lists(st.text(max_size=8)))
def test_any_text_has_a_type_and_is_read_without_an_error(values: list[str]) -> None:
    kind = guess_type(values)
    assert types_of({"a": values}) == {"a": kind}
    assert len(categories(values, kind)) == len(values)
    assert check_type("a", kind, values) == kind
    if kind in ("number", "date"):
        assert np.isfinite(measures(values, kind)).any()


def test_a_comma_is_read_as_the_column_uses_it() -> None:
    assert measures(["1,5", "0,25", "1.000,5"], "number").tolist() == [1.5, 0.25, 1000.5]
    assert measures(["1,500", "12,000.5", "7"], "number").tolist() == [1500.0, 12000.5, 7.0]
    assert measures(["−3", "+4"], "number").tolist() == [-3.0, 4.0]


def test_what_is_no_measure_is_missing_and_zero_is_not() -> None:
    found = measures(["0", "", "nan", "none", " 2 ", "many"], "number")
    assert found[[0, 4]].tolist() == [0.0, 2.0]
    assert np.isnan(found[[1, 2, 3, 5]]).all()


def test_zones_are_put_on_one_clock() -> None:
    a, b = measures(["2021-05-03T12:00+02:00", "2021-05-03 10:00Z"], "date")
    assert a == b == measures(["2021-05-03"], "date")[0] + 10 * 3600
    assert measures(["14:30", "00:00:01"], "date").tolist() == [14.5 * 3600, 1.0]


def test_yes_and_no_are_two_categories_however_they_are_spelled() -> None:
    values = ["yes", "Yes", "YES", "yes", "no", "NO", "no", "", "nan"]
    assert categories(values, "yes-no") == (*["yes"] * 4, *["no"] * 3, "", "")
    assert categories(["none", "None", ""], "category") == ("none", "None", "")


def test_a_type_that_does_not_fit_is_refused_with_a_value_that_shows_it() -> None:
    with pytest.raises(UserError, match="none of its values is one, such as 'good'"):
        check_type("mood", "number", ["good", "bad"])
    with pytest.raises(UserError, match="no type 'colour'"):
        check_type("mood", "colour", ["good"])
    with pytest.raises(UserError, match="the value 'maybe' beside others"):
        check_type("mood", "yes-no", ["yes", "maybe"])
    assert check_type("stars", "category", ["1", "2"]) == "category"
    assert check_type("stars", "number", ["1", "2", "many"]) == "number"


def test_types_are_as_stated_else_guessed() -> None:
    labels = {"stars": ["1", "2", "3"], "day": ["2021-05-03"]}
    assert types_of(labels, {"stars": "category"}) == {"stars": "category", "day": "date"}
    assert types_of(labels, {"stars": "nonsense"}) == {"stars": "number", "day": "date"}


@pytest.mark.parametrize(
    ("measure", "kind", "said"),
    [
        (3.0, "number", "3"),
        (0.12345678, "number", "0.1235"),
        (123456.0, "number", "123456"),
        (0.0, "date", "00:00"),
        (18_750 * DAY, "date", "2021-05-03"),
        (18_750 * DAY + 3600, "date", "2021-05-03 01:00"),
        (14.5 * 3600, "date", "14:30"),
        (-DAY, "date", "1969-12-31"),
        (math.nan, "number", ""),
    ],
)
def test_a_measure_is_written_in_no_language(measure: float, kind: str, said: str) -> None:
    assert written(measure, kind) == said  # type: ignore[arg-type]
