"""Any representation from files: every way in which they do not fit has its sentence."""

import numpy as np
import pandas as pd
import pytest

from vae.corpora.codes import read_codes, read_factors
from vae.errors import UserError


@pytest.fixture
def write(tmp_path):
    def written(text, name="a.csv"):
        path = tmp_path / name
        path.write_text(text, encoding="utf-8")
        return path

    return written


def test_codes_and_factors_are_read_with_their_names(write):
    codes = read_codes(write("x,y\n1.5,-2\n0,3e-1\n"))
    assert codes.names == ("x", "y")
    assert codes.values.tolist() == [[1.5, -2.0], [0.0, 0.3]]
    factors = read_factors(write("colour,size\nred,1\nblue,2\nred,2\n"))
    assert factors.columns == {"colour": ("red", "blue", "red"), "size": ("1", "2", "2")}
    assert codes.index == factors.index == ""


def test_a_column_that_counts_the_rows_is_no_dimension_and_no_factor(write):
    codes = read_codes(write("index,x,y\n0,5,1\n1,6,0\n2,7,3\n"))
    assert (codes.index, codes.names) == ("index", ("x", "y"))
    factors = read_factors(write("row,a\n1,u\n2,v\n3,u\n"))
    assert (factors.index, list(factors.columns)) == ("row", ["a"])


@pytest.mark.parametrize("index", [True, False])
def test_what_pandas_writes_is_read(tmp_path, index):
    table = pd.DataFrame(np.random.default_rng(0).normal(size=(6, 3)))
    table.to_csv(tmp_path / "codes.csv", index=index)
    assert read_codes(tmp_path / "codes.csv").values == pytest.approx(table.to_numpy())
    table.rename(columns=str).to_parquet(tmp_path / "codes.parquet")
    assert read_codes(tmp_path / "codes.parquet").values == pytest.approx(table.to_numpy())


def test_a_file_without_a_header_is_all_rows(write):
    assert len(read_codes(write("0.1,0.2\n0.3,0.4\n0.5,0.1\n")).values) == 3


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("x,y\n1,2\n3,many\n", "'many' in row 2 of column 'y'"),
        ("x,y\n1,2\n3,\n", "Row 2 of column 'y' of 'a.csv' has no value"),
        ("x,y\n1,nan\n3,4\n", "has no value"),
        ("x,y\n1,2\n3\n", "has no value"),
        ("x,y\n1,2\n1e999,4\n", "not finite"),
        ("x,y\n1,2\n3,2\n", "column 'y' is the same in every row"),
        ("x,y\n1,2\n\n3,4\n", "1 empty"),
        ("x,y\n1,2\n3,4,5\n", "more fields"),
        ("x,y\n", "no rows"),
        ("", "empty"),
    ],
)
def test_codes_that_do_not_fit_are_refused_in_a_sentence(write, text, said):
    with pytest.raises(UserError, match=said):
        read_codes(write(text))


@pytest.mark.parametrize(
    ("text", "said"),
    [("a,b\nx,y\nx,\n", "Row 2 of column 'b'"), ("a,b\n", "no rows"), ("a\nx\n\ny\n", "1 empty")],
)
def test_factors_that_do_not_fit_are_refused_in_a_sentence(write, text, said):
    with pytest.raises(UserError, match=said):
        read_factors(write(text))


def test_a_file_that_is_no_table_is_refused(write, tmp_path):
    with pytest.raises(UserError, match="no table"):
        read_codes(write("x", "a.txt"))
    with pytest.raises(UserError, match=r"a\.csv"):
        read_codes(tmp_path / "a.csv")
    with pytest.raises(UserError, match="columns"):
        read_codes(write(",".join(f"x{i}" for i in range(2_001)) + "\n"))


def test_a_comma_within_numbers_is_decimal_where_semicolons_separate_and_nowhere_else(write):
    found = read_codes(write("x;y\n1,5;2\n3,25;4\n"))
    assert found.values.tolist() == [[1.5, 2.0], [3.25, 4.0]]
    with pytest.raises(UserError, match="1,100"):
        read_codes(write("x\ty\n1,100\t2\n999\t4\n", "a.tsv"))
