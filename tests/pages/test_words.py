"""Numbers in words: as many decimals as are known."""

import pytest

from pages.common import prose


@pytest.mark.parametrize(
    ("value", "reach", "said"),
    [
        (23.104, 0.0612, "23.10 ± 0.06"),
        (0.0498, 0.00123, "0.050 ± 0.001"),
        (0.0498, 1e-9, "0.0498 ± 0.0000"),
        (71.6, 1.2, "71.60 ± 1.20"),
        (1.0, 0.0, "1.00 ± 0.00"),
        (-1.5, 0.25, "−1.50 ± 0.25"),
        (-0.001, 0.47, "0.00 ± 0.47"),
    ],
)
def test_a_figure_has_the_decimals_of_what_it_may_be_off_by(value, reach, said):
    assert prose.with_reach(value, reach) == said
