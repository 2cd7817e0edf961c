"""What a replay shows, as data for the browser: points, labels, sentences. No Streamlit."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from pages.common import prose
from pages.common.components.replay.colourings import colourings, cut
from vae import colours
from vae.latent.timeline import Timeline
from vae.runs.history import Event, History, nearest_snapshot

MOST_FRAMES = 150
_MOST_WORDS = 24

Story = dict[str, Any]


def story(timeline: Timeline, history: History, facts: Mapping[str, Any], group: str = "") -> Story:
    """All that the browser needs to replay a run.

    Args:
        timeline: not empty.
        facts: config.json of the run.
        group: of the curves (`pages.common.components.curves`) that follow the replay.
    """
    shown = _evenly(len(timeline), MOST_FRAMES)
    frames = timeline.frames[shown]
    steps = [timeline.steps[i] for i in shown]
    # The circle of two standard deviations is always in the picture.
    scale = max(2.3, float(np.abs(frames).max(initial=0.0)) * 1.03)
    packed = np.clip((frames / (2 * scale) + 0.5) * 65_535, 0, 65_535).round().astype("<u2")
    originals = [cut(str(s)) for s in facts["corpus"].get("examples", [])]
    found = colourings(timeline)
    told: Story = {
        "group": group,
        "steps": steps,
        "n": frames.shape[1],
        "scale": scale,
        "frames": base64.b64encode(packed.tobytes()).decode(),
        "height": 620,
        "sentences": [cut(s) for s in timeline.sentences],
        "colourings": found,
        "first": next((i for i, c in enumerate(found) if c["clear"]), 0),
        "originals": originals,
        "snapshots": [_said(history, step, originals) for step in steps],
        "told": [
            _figures(history, s, float(timeline.mean_rates[i]))
            for i, s in zip(shown, steps, strict=True)
        ],
        "priorColour": colours.PRIOR,
        "ownColour": colours.OWN_SENTENCE,
        "alt": f"Posterior means of {frames.shape[1]:,} validation sentences, seen along two fixed "
        "axes, with circles of one and two standard deviations of the prior. Arrow keys go from "
        "point to point and say the sentence.",
    }
    return {"id": hashlib.sha256(json.dumps(told).encode()).hexdigest()[:16], **told}


def _evenly(n: int, most: int) -> list[int]:
    """Indices of at most `most` of n, the first and the last among them."""
    return sorted(set(np.linspace(0, n - 1, min(n, most)).round().astype(int).tolist()))


def _shortened(sentence: str) -> str:
    """An early model goes on and on; enough of it to see."""
    pieces = sentence.split()
    return cut(" ".join(pieces[:_MOST_WORDS]) + (" …" if len(pieces) > _MOST_WORDS else ""))


def _said(history: History, step: int, originals: Sequence[str]) -> Story:
    """What the model said at a snapshot, wrong and changed words marked."""
    if not history.snapshots:
        return {"exact": 0, "back": [], "prior": [], "between": []}
    event = history.snapshots[nearest_snapshot(history, step)]
    back = [str(s) for s in event["reconstructions"]][: len(originals)]
    pairs = list(zip(back, originals, strict=False))
    pieces = [prose.marked(_shortened(said), original) for said, original in pairs]
    right = [
        len(said) == len(original) and not any(wrong for _, wrong in prose.marked(said, original))
        for said, original in pairs
    ]
    return {
        "exact": sum(right),
        "back": pieces,
        "prior": [prose.marked(_shortened(str(s)), None) for s in event["samples"]],
        "between": _walk(event),
    }


def _walk(event: Event) -> list[list[prose.Piece]]:
    way = event.get("interpolation")
    if not isinstance(way, list):
        return []
    texts = [_shortened(str(s)) for s in way]
    return [prose.marked(s, texts[i - 1] if i else None) for i, s in enumerate(texts)]


def _figures(history: History, step: int, mean_rate: float) -> str:
    """The losses around a step, in words."""
    before = [e for e in history.steps if int(e["step"]) <= step]
    if not step:
        return "Before the first update: the model knows nothing yet."
    if not before:
        return "The first updates: no mean of the losses was recorded yet."
    event = before[-1]
    return (
        f"Distortion {float(event['distortion']):.1f}, rate {float(event['rate']):.1f}, beta "
        f"{float(event['beta']):.2f}. How far the means lie from the cross, over all dimensions, "
        f"accounts for {mean_rate:.1f} nats of the rate."
    )
