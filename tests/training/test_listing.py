"""The listing runs as it is shown: with each mistake its symptom, made right it learns."""

import math
from types import SimpleNamespace

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch.optim import Adam

from tests.fakes import seeded
from tests.training.test_vector import few
from vae.models import Posterior
from vae.training.listing import LISTING, RIGHT_LINES, check
from vae.training.mistakes import MISTAKES

UPDATES = 20
ALL = frozenset(MISTAKES)


def run(*mistakes: str) -> SimpleNamespace:
    """What the shown lines leave behind, with these mistakes in them and the others made right."""
    torch.manual_seed(0)
    layers = {
        "encoder": torch.nn.Linear(64, 32),
        "to_mean": torch.nn.Linear(32, 4),
        "to_logvar": torch.nn.Linear(32, 4),
        "decoder": torch.nn.Linear(4, 32),
        "to_output": torch.nn.Linear(32, 64),
    }
    weights = [p for layer in layers.values() for p in layer.parameters()]
    losses: list[float] = []

    def update(optimizer, number):
        loss = number() if callable(number) else torch.tensor(float(number), requires_grad=True)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses.append(loss.item())

    names = {
        **layers,
        **{n: getattr(torch, n) for n in ("relu", "tanh", "exp", "sigmoid", "square")},
        "randn_like": torch.randn_like,
        "Adam": Adam,
        "update": update,
        "weights": weights,
        "tf": SimpleNamespace(math=SimpleNamespace(log=torch.log)),
        "x": torch.from_numpy(few().values[:100]),
        "range": lambda n: range(UPDATES),
    }
    written = [
        line.right if line.mistake and line.mistake not in mistakes else line.code
        for line in LISTING
    ]
    until = next(i for i, line in enumerate(written) if line.startswith("total ="))

    def compute_again():
        exec("\n".join(written[: until + 1]), names)
        return names["total"]

    names["compute_again"] = compute_again
    with torch.no_grad():
        before = [p.clone() for p in weights]
    exec("\n".join(written), names)
    moved = any(not torch.equal(p, q) for p, q in zip(before, weights, strict=True))
    left = {name: names[name] for name in ("mean", "logvar", "z", "kl")}
    return SimpleNamespace(losses=losses, moved=moved, **left)


def test_the_five_lines_are_the_five_mistakes_each_once():
    assert sorted(line.mistake for line in LISTING if line.mistake) == sorted(MISTAKES)
    for line in LISTING:
        assert bool(line.mistake) == bool(line.right) == bool(line.quoted)


def test_made_right_in_all_five_lines_it_learns():
    found = run()
    assert len(found.losses) == UPDATES
    assert found.losses[-1] < found.losses[0] - 1
    assert found.moved


def test_as_it_stands_it_ends_with_the_logarithm_before_its_first_update():
    with pytest.raises(AttributeError, match="log"):
        run(*ALL)
    with pytest.raises(AttributeError, match="log"):
        run("log")


def test_with_the_line_of_tanh_every_log_variance_is_bounded_and_else_not():
    assert float(run("tanh").logvar.detach().abs().max()) <= 1


def test_the_line_without_noise_gives_the_product_and_the_right_one_a_draw():
    wrong = run("noise")
    assert torch.equal(wrong.z, wrong.mean * (wrong.logvar / 2).exp())
    right = run()
    left = (right.z - right.mean) / (right.logvar / 2).exp()
    assert abs(float(left.detach().mean())) < 0.2
    assert float(left.detach().std()) == pytest.approx(1, abs=0.2)


def test_the_line_of_the_kl_is_no_number_and_the_right_one_is_the_closed_form():
    assert math.isnan(run("kl").losses[0])
    right = run()
    expected = Posterior(right.mean, right.logvar).kl().mean()
    assert torch.allclose(right.kl, expected, atol=1e-5)


def test_with_the_loss_computed_once_nothing_moves():
    found = run("once")
    assert len(set(found.losses)) == 1
    assert not found.moved


def test_the_lines_of_the_exercise_do_what_the_trainings_of_the_page_do():
    mean, logvar = (torch.randn(3, 4, generator=seeded(i)) for i in (0, 1))
    names = {"mean": mean, "logvar": logvar, "exp": torch.exp, "log": torch.log}
    lines = {line.mistake: line for line in LISTING if line.mistake}
    q = Posterior(mean, logvar)
    exec(lines["noise"].code, names)
    assert torch.equal(names["z"], MISTAKES["noise"]().latent(q, torch.zeros(3, 4)))
    inside = Posterior(mean.sigmoid(), logvar)
    names["mean"] = inside.mean
    exec(lines["kl"].code, names)
    assert torch.allclose(names["kl"], MISTAKES["kl"]().rate(inside).mean())


@given(st.sets(st.integers(0, len(LISTING) - 1)))
def test_a_check_tells_how_many_are_missed_and_not_which(picked):
    found = check(picked)
    assert set(found.found) | set(found.wrong) == picked
    assert set(found.found) == picked & RIGHT_LINES
    assert found.missed == 5 - len(found.found)
    assert found.solved == (picked == RIGHT_LINES)
