"""What the documents claim of the runs that ship is what the runs say."""

from tests.benchmarks import shipped


def test_the_table_of_the_runs_that_ship_is_theirs():
    """Where it fails: python -m tests.benchmarks.shipped."""
    assert shipped.written() == shipped.table()
