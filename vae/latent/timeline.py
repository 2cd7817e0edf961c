"""How the latent space formed: the same sentences at every snapshot, in one fixed projection.

A run keeps the posterior means of up to 1,000 fixed validation sentences in `snapshots/STEP.npz`,
and the sentences with their labels in `snapshots/sentences.json` (empty ones in a run without its
text: `vae.latent.said_replay`). All of them are seen from one
direction, so that what moves in the picture has moved in the latent space.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
import torch

from vae.corpora.label_types import LabelType, types_of
from vae.diagnostics.information import tailed_axes
from vae.errors import UserError
from vae.runs.store import RunDirectory

Floats = npt.NDArray[np.float64]

FOLDER = "snapshots"
SENTENCES = f"{FOLDER}/sentences.json"


@dataclass(frozen=True)
class Timeline:
    """n sentences at S snapshots of a training run.

    One unit is one standard deviation of the prior N(0, I), whose mean is the origin of every
    frame: the axes are orthonormal and nothing is centred or scaled, so a collapsed posterior is a
    dot, and circles of radius 1 and 2 hold what the prior holds.

    Attributes:
        steps: S, rising: updates made at each snapshot.
        frames: (S, n, 2) posterior means, projected.
        sentences: n texts; none where snapshots/sentences.json is missing or does not fit.
        labels: column -> n values.
        types: column -> type of the label, as the run knows it or as it is guessed.
        explained: share of the variance of the newest means that the two axes hold, 0 to 1.
        mean_rates: (S,) half the squared length of the posterior mean, mean over sentences, nats:
            what the means alone cost, and so a lower bound of the rate.
        skipped: snapshots that could not be read.
    """

    steps: tuple[int, ...] = ()
    frames: npt.NDArray[np.float32] = field(
        default_factory=lambda: np.zeros((0, 0, 2), dtype=np.float32)
    )
    sentences: tuple[str, ...] = ()
    labels: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    types: Mapping[str, LabelType] = field(default_factory=dict)
    explained: float = 0.0
    mean_rates: npt.NDArray[np.float32] = field(
        default_factory=lambda: np.zeros(0, dtype=np.float32)
    )
    skipped: int = 0

    def __len__(self) -> int:
        return len(self.steps)


def read_timeline(run: RunDirectory, recorded: Collection[int] | None = None) -> Timeline:
    """The timeline of a run; empty where it has no snapshot that can be read.

    Args:
        recorded: steps of the snapshots that metrics.jsonl knows. Others are left out: a resume
            may have gone back behind them.
    """
    found: dict[int, Floats] = {}
    skipped = 0
    for path in sorted((run.path / FOLDER).glob("*.npz")):
        # isdecimal takes digits of every script, and so does int.
        step = int(path.stem) if path.stem.isdecimal() else -1
        if step < 0 or (recorded is not None and step not in recorded):
            continue
        try:
            mean = _means(run, f"{FOLDER}/{path.name}")
        except UserError:
            skipped += 1
            continue
        found[step] = mean
    if not found:
        return Timeline(skipped=skipped)
    steps = sorted(found)
    # The newest decides which sentences these are.
    fitting = [s for s in steps if found[s].shape == found[steps[-1]].shape]
    sentences, labels = _texts(run, len(found[steps[-1]]))
    frames, explained = project_all([found[s] for s in fitting])
    return Timeline(
        steps=tuple(fitting),
        frames=frames,
        sentences=sentences,
        labels=labels,
        types=types_of(labels, _stated(run)),
        explained=explained,
        mean_rates=np.array(
            [np.square(found[s]).sum(1).mean() / 2 for s in fitting], dtype=np.float32
        ),
        skipped=skipped + len(steps) - len(fitting),
    )


def project_all(means: Sequence[Floats]) -> tuple[npt.NDArray[np.float32], float]:
    """(frames (S, n, 2), share of variance explained) of S snapshots of means (n, Z), in order.

    Every frame is seen along the two principal axes of the newest snapshot. Each snapshot's axes
    are first turned onto those of the snapshot before (orthogonal Procrustes, Schönemann, 1966),
    so that a snapshot that arrives turns or mirrors the picture no further than it must.
    """
    axes, explained = np.zeros((means[-1].shape[1], 2)), 0.0
    for i, mean in enumerate(means):
        found, explained = principal_axes(mean)
        axes = found if i == 0 else aligned(found, axes, mean)
    return np.stack([m @ axes for m in means]).astype(np.float32), explained


def principal_axes(mean: Floats) -> tuple[Floats, float]:
    """(axes (Z, 2), share of variance) of means (n, Z): the two directions they vary most in.

    Orthonormal; a second column of zeros where Z is 1.
    """
    found, variances = tailed_axes(torch.from_numpy(mean))
    axes = np.zeros((mean.shape[1], 2))
    axes[:, : min(2, len(found))] = found[:2].T.numpy()
    total = float(variances.sum())
    return axes, float(variances[:2].sum()) / total if total > 1e-12 else 0.0


def aligned(axes: Floats, onto: Floats, mean: Floats) -> Floats:
    """Axes (Z, 2), turned or mirrored in their plane, so that the points move least.

    Minimises the squared distance of `mean @ axes @ R` from `mean @ onto` over orthogonal R (2, 2)
    (Schönemann, 1966). Where the points say nothing, because they are a dot, the axes themselves
    are laid onto each other.
    """
    points = (mean @ axes).T @ (mean @ onto)  # (2, 2)
    scale = float(np.square(mean).sum())
    # A share so small that it decides only between turns that the points do not tell apart.
    left, _, right = np.linalg.svd(points + 1e-6 * max(scale, 1e-12) * (axes.T @ onto))
    return np.asarray(axes @ left @ right)


def _means(run: RunDirectory, file: str) -> Floats:
    arrays = run.read_arrays(file)
    mean = arrays.get("mean")
    if mean is None or mean.ndim != 2 or mean.dtype.kind != "f" or not mean.size:
        raise UserError(
            "{path} holds no posterior means: train the run again.", path=run.path / file
        )
    if not np.isfinite(mean).all():
        raise UserError("{path} holds values that are not numbers.", path=run.path / file)
    return mean.astype(np.float64)


def _stated(run: RunDirectory) -> Mapping[str, str]:
    """Types of labels as config.json states them; nothing of a run that does not."""
    try:
        stated = run.read_json("config.json")["corpus"]["source"]["label_types"]
    except (UserError, KeyError, TypeError):
        return {}
    return stated if isinstance(stated, dict) else {}


def _texts(run: RunDirectory, n: int) -> tuple[tuple[str, ...], dict[str, tuple[str, ...]]]:
    """The sentences and their labels; nothing where they are not those of n points."""
    try:
        stored = run.read_json(SENTENCES)
    except UserError:
        return (), {}
    sentences, columns = stored.get("sentences"), stored.get("labels")
    if not isinstance(sentences, list) or len(sentences) != n:
        return (), {}
    labels = {
        str(name): tuple("" if v is None else str(v) for v in values)
        for name, values in (columns.items() if isinstance(columns, dict) else ())
        if isinstance(values, list) and len(values) == n
    }
    return tuple(map(str, sentences)), labels
