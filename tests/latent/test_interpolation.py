"""Paths between two points: straight lines and great arcs."""

import math

import pytest
import torch
from hypothesis import assume, given
from hypothesis import strategies as st

from tests.fakes import seeded
from vae.errors import UserError
from vae.latent.interpolation import METHODS, lerp, path, slerp

coordinates = st.floats(-5, 5, width=32)
points = st.integers(1, 8).flatmap(
    lambda n: st.tuples(
        st.lists(coordinates, min_size=n, max_size=n), st.lists(coordinates, min_size=n, max_size=n)
    )
)
shares = st.floats(0, 1, width=32)


def ends(pair: tuple[list[float], list[float]]) -> tuple[torch.Tensor, torch.Tensor]:
    return torch.tensor(pair[0]), torch.tensor(pair[1])


def angle(a: torch.Tensor, b: torch.Tensor) -> float:
    a, b = a.double(), b.double()
    return math.acos(max(-1.0, min(1.0, float(a @ b / (a.norm() * b.norm())))))


@pytest.mark.parametrize("method", METHODS)
@given(points, st.integers(2, 40))
def test_both_ends_of_a_path_are_exact(method, pair, steps):
    a, b = ends(pair)
    t, line = path(a, b, steps, method)
    assert torch.equal(line[0], a)
    assert torch.equal(line[-1], b)
    assert line.shape == (steps, len(a))
    assert line.dtype == a.dtype
    assert t[0] == 0
    assert t[-1] == 1
    assert torch.allclose(t.diff(), torch.full((steps - 1,), 1 / (steps - 1)), atol=1e-6)
    assert line.isfinite().all()


@given(points, shares)
def test_a_straight_line_divides_the_way_between_its_ends(pair, t):
    a, b = ends(pair)
    point = lerp(a, b, torch.tensor([t]))[0]
    assert torch.allclose(point, a + t * (b - a), atol=1e-5)


@given(points, shares)
def test_the_length_on_an_arc_goes_evenly_from_one_end_to_the_other(pair, t):
    a, b = ends(pair)
    assume(a.norm() > 0.1 and b.norm() > 0.1 and 1e-3 < angle(a, b) < math.pi - 1e-3)
    point = slerp(a, b, torch.tensor([t]))[0]
    assert float(point.norm()) == pytest.approx(
        (1 - t) * float(a.norm()) + t * float(b.norm()), abs=1e-4
    )


@given(points, shares)
def test_the_direction_on_an_arc_turns_at_a_constant_rate(pair, t):
    a, b = ends(pair)
    assume(a.norm() > 0.1 and b.norm() > 0.1 and 1e-2 < angle(a, b) < math.pi - 1e-2)
    point = slerp(a, b, torch.tensor([t]))[0]
    assert angle(a, point) == pytest.approx(t * angle(a, b), abs=2e-3)
    assert angle(point, b) == pytest.approx((1 - t) * angle(a, b), abs=2e-3)


@given(points)
def test_an_arc_is_the_same_from_either_end(pair):
    a, b = ends(pair)
    t = torch.linspace(0, 1, 7)
    assert torch.allclose(slerp(a, b, t), slerp(b, a, t).flip(0), atol=1e-4)


@given(points, shares)
def test_an_arc_never_leaves_the_ball_of_its_ends(pair, t):
    a, b = ends(pair)
    longest = max(float(a.norm()), float(b.norm()))
    assert float(slerp(a, b, torch.tensor([t]))[0].norm()) <= longest + 1e-4


def test_on_the_shell_of_the_prior_the_arc_stays_and_the_line_cuts_through():
    draw = seeded()
    a, b = (torch.nn.functional.normalize(torch.randn(64, generator=draw), dim=0) for _ in "ab")
    t = torch.linspace(0, 1, 11)
    assert torch.allclose(slerp(a, b, t).norm(dim=-1), torch.ones(11), atol=1e-5)
    assert float(lerp(a, b, t)[5].norm()) < 0.9


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ([1.0, 2.0], [2.0, 4.0]),  # parallel
        ([1.0, 2.0], [1.0, 2.0]),  # equal
        ([1.0, 2.0], [-2.0, -4.0]),  # opposite
        ([1.0, 2.0], [-1.0, -2.0]),
        ([0.0, 0.0], [1.0, 2.0]),  # from nowhere
        ([1.0, 2.0], [0.0, 0.0]),
        ([0.0, 0.0], [0.0, 0.0]),
        ([3.0], [-2.0]),  # one dimension has no arcs
        ([3.0], [2.0]),
        ([1e-30, 0.0], [0.0, 1e-30]),
    ],
)
def test_ends_without_an_arc_of_their_own_give_the_straight_line(a, b):
    a, b, t = torch.tensor(a), torch.tensor(b), torch.linspace(0, 1, 9)
    assert torch.allclose(slerp(a, b, t), lerp(a, b, t), atol=1e-6)


@given(st.floats(1e-6, 1e-2), shares)
def test_nearly_opposite_ends_stay_between_line_and_arc(gap, t):
    a = torch.tensor([1.0, 0.0])
    b = torch.tensor([math.cos(math.pi - gap), math.sin(math.pi - gap)])
    assert float(slerp(a, b, torch.tensor([t]))[0].norm()) <= 1 + 1e-3


def test_the_middle_of_a_right_angle_is_half_a_right_angle():
    middle = slerp(torch.tensor([2.0, 0.0]), torch.tensor([0.0, 2.0]), torch.tensor([0.5]))[0]
    assert middle.tolist() == pytest.approx([math.sqrt(2), math.sqrt(2)], rel=1e-6)


@pytest.mark.parametrize("steps", [-1, 0, 1, 1002])
def test_a_path_of_too_few_or_too_many_steps_is_refused(steps):
    with pytest.raises(UserError, match="from 2 to 1,001"):
        path(torch.zeros(2), torch.ones(2), steps, "lerp")


def test_a_method_that_does_not_exist_is_refused_with_those_that_do():
    with pytest.raises(UserError, match="lerp or slerp"):
        path(torch.zeros(2), torch.ones(2), 5, "warp")


@pytest.mark.parametrize("method", METHODS)
def test_a_path_leaves_its_ends_alone(method):
    a, b = torch.tensor([1.0, 2.0]), torch.tensor([3.0, -1.0])
    _, line = path(a, b, 3, method)
    line += 1
    assert a.tolist() == [1.0, 2.0]
    assert b.tolist() == [3.0, -1.0]


@pytest.mark.parametrize("method", METHODS)
def test_a_model_without_latents_has_paths_of_nothing(method):
    _, line = path(torch.zeros(0), torch.zeros(0), 3, method)
    assert line.shape == (3, 0)
