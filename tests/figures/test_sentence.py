"""One sentence under the lens: what is drawn is what was measured, and names stay text."""

import numpy as np
import pytest
import torch

from vae.diagnostics.attribution import Attribution
from vae.diagnostics.xray import Xray
from vae.figures import posterior, sentence
from vae.i18n import message
from vae.models import Posterior

T, Z = 3, 20
HOSTILE = "<b>tense</b>"
TITLES = [HOSTILE, *[""] * (Z - 1)]


@pytest.fixture
def seen():
    generator = torch.Generator().manual_seed(0)
    q = Posterior(torch.linspace(2, 0, Z)[None], torch.zeros(1, Z))
    own, prior = -torch.rand(4, T, generator=generator), -5 * torch.rand(4, T, generator=generator)
    z = torch.randn(4, Z, generator=generator)
    return Xray("a b", ("a", "b", "end"), q, z, own.double(), prior.double())


def attribution(outputs: int, inputs: int) -> Attribution:
    values = torch.arange(outputs * inputs, dtype=torch.double).reshape(outputs, inputs)
    return Attribution(values, torch.zeros(outputs).double(), values.sum(1), 16)


def test_the_costs_of_dimensions_sum_to_the_rate(seen):
    figure = sentence.dimension_costs(seen, TITLES)
    bars = figure.plot.data[0]
    assert sum(bars.x) == pytest.approx(seen.rate)
    assert bars.y[-1] == f"{Z - sentence.SHOWN} others"
    assert len(figure.table()) == Z
    assert f"{seen.rate:.1f} nats" in figure.question


def test_a_name_that_a_person_gave_is_escaped_where_a_chart_reads_markup_and_only_there(seen):
    figure = sentence.dimension_costs(seen, TITLES)
    assert HOSTILE not in figure.plot.data[0].y[0]
    assert figure.table()["label"][0] == HOSTILE


def test_words_stand_with_both_of_their_costs(seen):
    figure = sentence.word_costs(seen, (None,) * T)
    own, prior = figure.plot.data
    assert list(own.y) == pytest.approx(seen.log_p.tolist())
    assert list(prior.y) == pytest.approx(seen.log_p_prior.tolist())
    assert "does not tell which words it knows" in figure.caption
    assert "does not tell" not in sentence.word_costs(seen, (False,) * T).caption


@pytest.mark.parametrize("dims", [(0, 1), (0, 1, 2), (0, 1, 2, 3)])
def test_attributions_have_a_row_a_token_whatever_the_number_of_dimensions(dims):
    tokens = ("a", "b", "end")
    words = sentence.words_to_dimensions(attribution(len(dims), T), tokens, dims, TITLES)
    assert words.table().shape == (T, 1 + len(dims))
    assert np.array_equal(words.plot.data[0].z, words.table().iloc[:, 1:])
    outputs = sentence.dimensions_to_words(attribution(T, Z), tokens, dims, TITLES)
    table = outputs.table()
    assert table.columns[-1] == f"{Z - len(dims)} others"
    assert table.iloc[:, 1:].sum(axis=1).tolist() == attribution(T, Z).values.sum(1).tolist()


def test_what_is_kept_says_by_which_sentences_dimensions_were_ranked(seen):
    figure = posterior.dimensions(seen.posterior, [1, 0], TITLES, message("{n} sentences", n=7))
    assert "2 of 20 dimensions" in figure.caption
    assert "mean over 7 sentences" in figure.caption
    bars = figure.plot.data[0]
    assert list(bars.x) == pytest.approx(seen.posterior.mean[0, [1, 0]].tolist())
    assert list(bars.error_x.array) == pytest.approx([1.0, 1.0])
    assert "Outlines" not in figure.caption


def test_the_axis_stands_when_the_sentence_changes_and_the_former_bars_are_outlines(seen):
    near = Posterior(torch.tensor([[0.2, -0.4]]), torch.zeros(1, 2))
    other = Posterior(torch.tensor([[1.9, -2.2]]), torch.zeros(1, 2))
    far = Posterior(torch.tensor([[5.1, 0.0]]), torch.zeros(1, 2))
    sample = message("{n} sentences", n=7)
    figure = posterior.dimensions(other, [0, 1], ("", ""), sample, near)
    ranges = [
        posterior.dimensions(one, [0, 1], ("", ""), sample).plot.layout.xaxis.range
        for one in (near, other)
    ]
    assert ranges[0] == ranges[1] == figure.plot.layout.xaxis.range
    outlines, bars = figure.plot.data
    assert list(outlines.x) == pytest.approx(near.mean[0].tolist())
    assert list(bars.x) == pytest.approx(other.mean[0].tolist())
    assert "Outlines: the sentence before this one." in figure.caption
    # Nothing is cut off.
    assert posterior.dimensions(far, [0, 1], ("", ""), sample).plot.layout.xaxis.range[1] >= 6.1
