"""A turn of the latent space changes no figure of a diagnosis but those that speak of axes."""

from collections.abc import Iterator
from dataclasses import fields, is_dataclass

import pytest
import torch

from tests import fakes
from vae.backends.own import OwnModel
from vae.config import RunConfig
from vae.diagnostics.bootstrap import Interval
from vae.diagnostics.evidence import Evidence
from vae.diagnostics.examination import gather
from vae.diagnostics.samples import Sample
from vae.explorer import Explorer

OF_AXES = {"rate_per_dimension", "variances", "units"}
"""A dimension is an axis: these are theirs."""
OF_DRAWS = {
    *{"information", "mismatch", "residual", "upper", "nll", "gap", "perplexity", "fall", "each"},
    *{"effective", "own", "another", "prior", "over_another", "over_prior", "gain", "distortion"},
    *{"elbo", "accuracy", "divergence", "draws", "proposal", "listening", "likelihood", "valid"},
    *{"vocabulary", "factors", "n_tokens"},
}
"""Of one draw of z each: turned with the space, the noise is another, and the figure as sure."""
SENTENCES = fakes.corpus().sentences[:150]


def evidence(model) -> Evidence:
    own = OwnModel(RunConfig(model=model.config), model.eval(), fakes.tokenizer())
    explorer = Explorer(None, own)  # type: ignore[arg-type]
    return gather(
        explorer,
        SENTENCES,
        Sample("test", len(SENTENCES)),
        seed=0,
        draws=8,
        counts={"the": 30, "she": 3},
        frequency_costs=torch.linspace(40, 60, 150).numpy(),
    )


@pytest.fixture(scope="module", params=[0, 1, 2])
def pair(request) -> tuple[Evidence, Evidence]:
    """Of a model whose posteriors are as wide along every axis, and of the same turned."""
    model = fakes.tiny("lstm", latent_dim=4, spread=3.0, seed=request.param)
    with torch.no_grad():
        model.to_posterior.weight[4:] = 0.0
        model.to_posterior.bias[4:] = -1.5
    turn, _ = torch.linalg.qr(torch.randn(4, 4, generator=fakes.seeded(request.param + 7)))
    turned = model.turned(turn, torch.zeros(4), torch.full((4,), -1.5))
    return evidence(model), evidence(turned)


def figures(found: object, name: str = "") -> Iterator[tuple[str, object]]:
    """(path, value) of all that an evidence holds, down to its intervals."""
    if isinstance(found, Interval) or not (is_dataclass(found) or isinstance(found, tuple)):
        yield name, found
    elif is_dataclass(found):
        for field in fields(found):
            yield from figures(getattr(found, field.name), f"{name}.{field.name}")
    else:
        for i, part in enumerate(found):
            yield from figures(part, f"{name}.{i}")


def test_every_figure_is_what_it_was(pair):
    before, after = (dict(figures(found)) for found in pair)
    assert before.keys() == after.keys()
    exact = drawn = 0
    for path, value in before.items():
        parts, other = set(path.split(".")), after[path]
        if parts & OF_AXES:
            continue
        if not parts & OF_DRAWS:
            exact += 1
            if isinstance(value, Interval):
                assert other.value == pytest.approx(value.value, rel=1e-4, abs=1e-5), path
                assert other.low == pytest.approx(value.low, rel=1e-3, abs=1e-4), path
            else:
                assert other == value, path
        elif isinstance(value, Interval) and value.known:
            drawn += 1
            reach = (value.high - value.low) + (other.high - other.low)
            assert abs(other.value - value.value) <= reach, path
    assert exact > 15
    assert drawn > 10


def test_the_verdict_and_its_answers_are_what_they_were(pair):
    before, after = (found.diagnosis for found in pair)
    assert before.verdict == after.verdict
    assert before.figures.grades == after.figures.grades
    assert before.figures.principal_units == after.figures.principal_units
