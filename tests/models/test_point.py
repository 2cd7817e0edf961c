"""A model that keeps a point: its codes are there, and no distribution is made up around them."""

from pathlib import Path

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from tests.adapters import points
from tests.fakes import seeded
from vae.backends import AdaptedModel
from vae.corpora import factors
from vae.diagnostics.examination import evidence_of_posteriors, gather
from vae.diagnostics.samples import Sample
from vae.diagnostics.sentence_scores import sentence_scores
from vae.diagnostics.xray import xray
from vae.explorer import Explorer
from vae.latent.spread import Spread, spread_of, usual_path
from vae.latent.waypoints import waypoints
from vae.models import Posterior
from vae.models.explorable import NotAvailableError
from vae.models.point import Codes, joined
from vae.runs.store import RunDirectory

SENTENCES = factors.generate(1_500).sentences[:40]
A, B = SENTENCES[:2]


def asked(model) -> Explorer:
    run = RunDirectory(Path("nowhere"))
    explorer = Explorer(run, AdaptedModel("tests:point", model, "nowhere"))
    explorer.examples = lambda: list(SENTENCES)  # of a run that was adopted
    return explorer


@pytest.fixture(scope="module", params=["make", "make_unit"])
def explorer(request):
    return asked(getattr(points, request.param)())


def test_a_draw_of_a_code_is_the_code():
    codes = Codes(torch.randn(5, 3))
    assert torch.equal(codes.sample(seeded()), codes.mean)
    assert torch.equal(codes.rows(slice(1, 3)).mean, codes.mean[1:3])
    assert len(codes) == 5


@pytest.mark.parametrize(
    "ask", [lambda q: q.logvar, lambda q: q.kl(), lambda q: q.kl_per_dimension()]
)
def test_what_needs_a_spread_is_not_available(ask):
    with pytest.raises(NotAvailableError, match="keeps a point"):
        ask(Codes(torch.randn(5, 3)))


def test_batches_are_joined_as_they_are():
    codes = joined([Codes(torch.zeros(2, 3)), Codes(torch.ones(1, 3))])
    assert codes.is_point
    assert codes.mean.sum() == 3
    whole = joined([Posterior(torch.zeros(2, 3), torch.ones(2, 3))] * 2)
    assert not whole.is_point
    assert whole.logvar.shape == (4, 3)


def test_nothing_is_measured_that_a_point_has_not(explorer):
    assert not explorer.has_posterior
    for ask in (
        lambda: gather(explorer, SENTENCES, Sample("all", 40), seed=0),
        lambda: evidence_of_posteriors(explorer.encode(SENTENCES), "map"),
        lambda: xray(explorer, A, seeded()),
        lambda: explorer.sample_prior(3, seeded()),
        lambda: explorer.importance_weights([A], explorer.encode([A]), 3, seeded()),
    ):
        with pytest.raises(NotAvailableError, match="keeps a point"):
            ask()


def test_the_decoder_is_heard_under_its_own_code_and_anothers(explorer):
    found = sentence_scores(explorer, A, B, draws=3, seed=0)
    assert found.sources == ("own", "another")
    assert found.said == tuple(explorer.decode(explorer.encode([A, B]).mean))
    scored = explorer.backend._offers("log_likelihood")
    assert found.scored == scored
    assert ("another sentence's" in found.finding) == scored


def test_points_of_a_path_have_no_density_and_no_shell(explorer):
    path = explorer.interpolate(A, B, 5)
    assert {p.log_prior for p in path} == {None}
    found = waypoints(explorer, path, lambda: explorer.atlas)
    assert not found.shelled
    if found.back:
        assert all(one.doubt in (0.0, None) for one in found.back)


def test_a_path_keeps_to_the_sphere_where_codes_do():
    unit = asked(points.make_unit()).interpolate(A, B, 9)
    assert [float(p.z.norm()) for p in unit] == pytest.approx([1.0] * 9, abs=1e-5)
    plain = asked(points.make())
    ends = plain.encode([A, B]).mean
    middle = plain.interpolate(A, B, 3)[1].z
    assert torch.allclose(middle, ends.mean(0), atol=1e-5)


@given(st.floats(0.5, 20), st.floats(-50, 50), st.integers(0, 1_000))
def test_the_spread_of_codes_is_theirs_and_that_of_posteriors_the_priors(scale, middle, seed):
    z = torch.randn(50, 4, generator=seeded(seed))
    found, base = spread_of(Codes(middle + scale * z)), spread_of(Codes(z))
    assert torch.allclose(found.centre, middle + scale * base.centre, atol=1e-3)
    assert torch.allclose(found.deviation, scale * base.deviation, rtol=1e-3)
    prior = spread_of(Posterior(middle + scale * z, torch.zeros(50, 4)))
    assert torch.equal(prior.at(2.0), Spread.of_prior(4).at(2.0))


def test_a_path_is_straight_unless_codes_lie_on_the_unit_sphere():
    z = torch.randn(30, 8, generator=seeded())
    unit = torch.nn.functional.normalize(z, dim=1)
    assert usual_path(Codes(unit)) == "slerp"
    assert usual_path(Codes(z)) == "lerp"
    assert usual_path(Codes(2 * unit)) == "lerp"
    assert usual_path(Posterior(z, z)) == "slerp"
