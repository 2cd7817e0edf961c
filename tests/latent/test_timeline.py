"""The latent space over training: one direction of view, in which only what has moved moves."""

import json

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from vae.latent.timeline import aligned, principal_axes, project_all, read_timeline
from vae.runs.store import RunDirectory

N, Z = 60, 5


def cloud(seed: int, n: int = N, z: int = Z) -> np.ndarray:
    """Means with a spread of their own along each dimension, and a longer tail on one side."""
    rng = np.random.default_rng(seed)
    return (rng.gamma(2.0, size=(n, z)) - 1.5) * np.linspace(2.0, 0.2, z)


def walk(seed: int, steps: int = 4, pace: float = 0.05) -> list[np.ndarray]:
    """Snapshots of means that drift a little each time."""
    rng = np.random.default_rng(seed + 1)
    out = [cloud(seed)]
    for _ in range(steps - 1):
        out.append(out[-1] + pace * rng.normal(size=(N, Z)))
    return out


def orthogonal(seed: int, z: int = Z) -> np.ndarray:
    return np.linalg.qr(np.random.default_rng(seed).normal(size=(z, z)))[0]


def write(run: RunDirectory, step: int, mean: np.ndarray) -> None:
    run.write_arrays(f"snapshots/{step:08d}.npz", {"mean": mean.astype(np.float16)})


def write_sentences(run: RunDirectory, n: int = N, **labels: list) -> None:
    sentences = [f"sentence {i}." for i in range(n)]
    run.write_json("snapshots/sentences.json", {"sentences": sentences, "labels": labels})


@pytest.fixture
def run(tmp_path):
    run = RunDirectory(tmp_path / "run")
    for i, mean in enumerate(walk(0)):
        write(run, 100 * i, mean)
    write_sentences(run, colour=["red", None] * (N // 2))
    return run


@given(st.integers(0, 10_000))
@settings(deadline=None, max_examples=25)
def test_the_picture_does_not_depend_on_how_the_latent_space_is_turned(seed):
    means = walk(seed)
    turn = orthogonal(seed)
    frames, explained = project_all(means)
    turned, as_explained = project_all([m @ turn for m in means])
    np.testing.assert_allclose(turned, frames, atol=1e-4)
    assert as_explained == pytest.approx(explained)


@given(arrays.arrays(np.float64, (12, 3), elements=st.floats(-8, 8)))
def test_no_distance_in_the_picture_is_longer_than_in_the_latent_space(mean):
    frames, explained = project_all([mean])
    assert np.all(np.linalg.norm(frames[0], axis=1) <= np.linalg.norm(mean, axis=1) + 1e-4)
    assert 0 <= explained <= 1 + 1e-9


@given(arrays.arrays(np.float64, (12, 3), elements=st.floats(-8, 8)), st.integers(0, 10_000))
def test_axes_are_orthonormal_before_and_after_they_are_turned(mean, seed):
    onto = orthogonal(seed, 3)[:, :2]
    axes, _ = principal_axes(mean)
    np.testing.assert_allclose(axes.T @ axes, np.eye(2), atol=1e-9)
    turned = aligned(axes, onto, mean)
    np.testing.assert_allclose(turned.T @ turned, np.eye(2), atol=1e-9)


def test_a_collapsed_posterior_is_a_dot_among_frames_that_are_not():
    dot = np.full((N, Z), 0.01)
    frames, explained = project_all([cloud(0), dot])
    assert np.ptp(frames[1], axis=0).max() < 1e-6
    assert np.ptp(frames[0], axis=0).min() > 0.1
    assert explained == 0


def test_means_that_drift_drift_in_the_picture():
    frames, _ = project_all(walk(3))
    moved = np.linalg.norm(np.diff(frames, axis=0), axis=2)
    assert moved.max() < 0.05 * 6
    assert moved.mean() < 0.1


def test_a_new_snapshot_mirrors_nothing_that_was_seen():
    # The longer tail changes sides, so the axes of the newest snapshot alone would be mirrored.
    before = cloud(5)
    after = before - 0.02 * before**3
    assert np.sum((after[:, 0] - after[:, 0].mean()) ** 3) < 0
    earlier, _ = project_all([before])
    now, _ = project_all([before, after])
    assert np.corrcoef(earlier[0][:, 0], now[0][:, 0])[0, 1] > 0.9


@given(st.integers(0, 10_000))
@settings(max_examples=25)
def test_no_other_turn_of_the_axes_would_move_the_points_less(seed):
    mean, onto = cloud(seed), orthogonal(seed)[:, :2]
    axes = aligned(principal_axes(mean)[0], onto, mean)

    def moved(turned: np.ndarray) -> float:
        return float(np.square(mean @ turned - mean @ onto).sum())

    for angle in np.linspace(0, 2 * np.pi, 24):
        c, s = np.cos(angle), np.sin(angle)
        for turn in (np.array([[c, -s], [s, c]]), np.array([[c, s], [s, -c]])):
            assert moved(axes) <= moved(axes @ turn) * (1 + 1e-3) + 1e-9


def test_the_prior_keeps_its_place_and_its_size():
    frames, _ = project_all([cloud(1) + 3.0])
    assert np.linalg.norm(frames[0].mean(0)) > 1  # not centred away
    draws = np.random.default_rng(0).normal(size=(4_000, Z))
    frames, _ = project_all([draws])
    np.testing.assert_allclose(frames[0].std(0), 1, atol=0.06)


def test_a_latent_space_of_one_dimension_is_a_line():
    frames, explained = project_all([cloud(0, z=1)])
    assert np.ptp(frames[0][:, 1]) == 0
    assert explained == pytest.approx(1)


def test_a_run_is_read_with_its_sentences_and_labels(run):
    timeline = read_timeline(run)
    assert timeline.steps == (0, 100, 200, 300)
    assert timeline.frames.shape == (4, N, 2)
    assert timeline.frames.dtype == np.float32
    assert timeline.sentences[3] == "sentence 3."
    assert timeline.labels["colour"][:2] == ("red", "")
    assert timeline.skipped == 0
    assert timeline.mean_rates[0] == pytest.approx(
        np.square(walk(0)[0]).sum(1).mean() / 2, rel=0.01
    )


@pytest.mark.parametrize("damage", ["cut", "text", "no mean", "not a number", "other shape"])
def test_a_damaged_snapshot_is_passed_over_and_counted(run, damage):
    path = run.path / "snapshots" / "00000100.npz"
    if damage == "cut":
        path.write_bytes(path.read_bytes()[:100])
    elif damage == "text":
        path.write_text("no archive")
    elif damage == "no mean":
        run.write_arrays("snapshots/00000100.npz", {"other": np.zeros(3)})
    elif damage == "not a number":
        write(run, 100, np.full((N, Z), np.nan))
    else:
        write(run, 100, cloud(0, n=3))
    timeline = read_timeline(run)
    assert timeline.steps == (0, 200, 300)
    assert timeline.skipped == 1


def test_snapshots_that_a_resume_went_back_on_are_left_out(run):
    assert read_timeline(run, {0, 100}).steps == (0, 100)


def test_foreign_files_are_left_alone(run):
    (run.path / "snapshots" / "best.npz").write_text("mine")
    (run.path / "snapshots" / "notes.txt").write_text("mine")
    assert read_timeline(run).skipped == 0


@pytest.mark.parametrize("text", ["{", "[]", json.dumps({"format_version": 1, "sentences": ["a"]})])
def test_points_without_their_sentences_are_points_still(run, text):
    (run.path / "snapshots" / "sentences.json").write_text(text)
    timeline = read_timeline(run)
    assert len(timeline) == 4
    assert timeline.sentences == ()
    assert timeline.labels == {}


def test_a_run_without_snapshots_has_an_empty_timeline(tmp_path):
    timeline = read_timeline(RunDirectory(tmp_path))
    assert len(timeline) == 0
    assert timeline.frames.shape == (0, 0, 2)
