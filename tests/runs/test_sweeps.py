"""The grid of a sweep: every combination once, and nothing that cannot be trained."""

import math
from dataclasses import asdict

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vae.cli import build_parser
from vae.config import ModelConfig, RunConfig
from vae.errors import UserError
from vae.i18n import speaking
from vae.runs.sweeps import (
    MOST_CELLS,
    apply,
    arguments,
    cells,
    label,
    read_axis,
    slug,
    sweepable,
)

BASE = RunConfig()


def test_the_settings_of_the_cures_can_be_swept_and_what_the_text_decides_cannot():
    names = set(sweepable())
    wanted = {"beta", "free_bits", "word_dropout", "latent_dim", "learning_rate", "denoising"}
    assert wanted | {"mmd", "mean_scale", "seed", "autoencoder"} <= names
    assert not names & {"vocabulary_size", "max_length", "threads", "beta_schedule", "cell"}


@pytest.mark.parametrize("text", ["0.1, 0.4, 1", "0.1;0.4;1", " 0.1 0.4\n1 ", "0.1,,0.4,1,"])
def test_values_are_read_in_the_order_they_were_written(text):
    assert read_axis("beta", text).values == (0.1, 0.4, 1.0)


@pytest.mark.parametrize(
    ("setting", "text", "said"),
    [
        ("beta", "", "Give some values"),
        ("beta", "a little", "is no number"),
        ("beta", "1, 1.0", "twice"),
        ("latent_dim", "8, 8", "twice"),
        ("latent_dim", "8.5", "whole number"),
        ("cell", "1", "no setting that can be swept"),
        ("beta", " ".join(map(str, range(26))), "too many"),
        ("latent_dim", "9" * 5000, "whole number"),
    ],
)
def test_values_that_cannot_be_are_a_sentence(setting, text, said):
    with pytest.raises(UserError, match=said):
        read_axis(setting, text)


def test_two_settings_make_every_combination_once():
    grid = cells([read_axis("beta", "0.1, 1"), read_axis("latent_dim", "4, 8, 16")], BASE)
    assert len(grid) == 6
    assert [c["beta"] for c in grid] == [0.1, 0.1, 0.1, 1.0, 1.0, 1.0]
    assert len({tuple(c.items()) for c in grid}) == 6


@given(st.integers(1, 6), st.integers(1, 6))
def test_a_grid_is_the_product_of_its_axes_or_refused(n, m):
    axes = [
        read_axis("beta", " ".join(str(i + 1) for i in range(n))),
        read_axis("seed", " ".join(str(i) for i in range(m))),
    ]
    if n * m <= MOST_CELLS:
        assert len(cells(axes, BASE)) == n * m
    else:
        with pytest.raises(UserError, match="too many for one sweep"):
            cells(axes, BASE)


@pytest.mark.parametrize(
    ("setting", "text", "said"),
    [
        ("word_dropout", "0.1, 2", "word_dropout is 2"),
        ("learning_rate", "0", "above 0"),
        ("latent_dim", "-1", "latent_dim is -1"),
        ("beta", "nan", "finite"),
        ("beta", "1e999", "finite"),
    ],
)
def test_a_value_out_of_range_is_refused_before_anything_starts(setting, text, said):
    with pytest.raises(UserError, match=said):
        cells([read_axis(setting, text)], BASE)


def test_values_that_do_not_go_together_are_refused():
    with pytest.raises(UserError, match="latent_dim 0 has none"):
        cells([read_axis("latent_dim", "0, 8"), read_axis("mmd", "1")], BASE)
    with pytest.raises(UserError, match="is the first already"):
        cells([read_axis("beta", "1"), read_axis("beta", "2")], BASE)
    with pytest.raises(UserError, match="one setting or two"):
        cells([], BASE)


def test_the_command_line_reads_what_the_grid_asks_for():
    cell = {"latent_dim": 8, "learning_rate": 0.0001, "beta": 0.30000000000000004}
    options = build_parser().parse_args(["train", "factors", "--out", "a", *arguments(cell)])
    assert {name: getattr(options, name) for name in cell} == cell


def test_a_cell_changes_its_settings_only():
    changed = apply(BASE, {"latent_dim": 8, "beta": 0.4})
    assert asdict(changed.model) == asdict(ModelConfig(latent_dim=8))
    assert math.isclose(changed.train.beta, 0.4)
    assert str(label({"latent_dim": 8, "free_bits": 0.25})) == "latent dim 8, free bits 0.25"
    with speaking("zh"):
        assert slug({"latent_dim": 8, "free_bits": 0.25}) == "latent dim 8 free bits 0.25"
