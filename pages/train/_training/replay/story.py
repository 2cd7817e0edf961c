"""What a replay shows, as data for the browser: points, labels, sentences. No Streamlit."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from pages.train._training.replay.colourings import colourings, cut
from vae import colours
from vae.i18n import _, language
from vae.latent.changes import Piece, alike, marked, shortened
from vae.latent.timeline import Timeline
from vae.runs.history import Event, History, nearest_snapshot

MOST_FRAMES = 150

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
        "snapshots": [_snapshot(history, step, originals) for step in steps],
        "told": [
            _figures(history, s, float(timeline.mean_rates[i]))
            for i, s in zip(shown, steps, strict=True)
        ],
        "priorColour": colours.PRIOR,
        "ownColour": colours.OWN_SENTENCE,
        "alt": _(
            "Posterior means of {n:,} validation sentences, seen along two fixed axes, with "
            "circles of one and two standard deviations of the prior. Arrow keys go from point to "
            "point and say the sentence.",
            n=frames.shape[1],
        ),
        "words": words(),
    }
    return {"id": hashlib.sha256(json.dumps(told).encode()).hexdigest()[:16], **told}


def _evenly(n: int, most: int) -> list[int]:
    """Indices of at most `most` of n, the first and the last among them."""
    return sorted(set(np.linspace(0, n - 1, min(n, most)).round().astype(int).tolist()))


def _snapshot(history: History, step: int, originals: Sequence[str]) -> Story:
    """What the model said at a snapshot, wrong and changed words marked."""
    if not history.snapshots:
        return {"summary": "", "back": [], "prior": [], "between": []}
    event = history.snapshots[nearest_snapshot(history, step)]
    back = [str(s) for s in event["reconstructions"]][: len(originals)]
    pairs = list(zip(back, originals, strict=False))
    return {
        "summary": _(
            "Step {step:,}: {right} of {n} sentences come back word for word.",
            step=step,
            right=sum(alike(said, original) for said, original in pairs),
            n=len(pairs),
        ),
        "back": [marked(_cut(said), original) for said, original in pairs],
        "prior": [marked(_cut(str(s)), None) for s in event["samples"]],
        "between": _walk(event),
    }


def _cut(sentence: str) -> str:
    return cut(shortened(sentence))


def _walk(event: Event) -> list[list[Piece]]:
    way = event.get("interpolation")
    if not isinstance(way, list):
        return []
    texts = [_cut(str(s)) for s in way]
    return [marked(s, texts[i - 1] if i else None) for i, s in enumerate(texts)]


def _figures(history: History, step: int, mean_rate: float) -> str:
    """The losses around a step, in words."""
    before = [e for e in history.steps if int(e["step"]) <= step]
    if not step:
        return _("Before the first update: the model knows nothing yet.")
    if not before:
        return _("The first updates: no mean of the losses was recorded yet.")
    event = before[-1]
    return _(
        "Distortion {distortion:.1f}, rate {rate:.1f}, beta {beta:.2f}. How far the means lie from "
        "the cross, over all dimensions, accounts for {mean_rate:.1f} nats of the rate.",
        distortion=float(event["distortion"]),
        rate=float(event["rate"]),
        beta=float(event["beta"]),
        mean_rate=mean_rate,
    )


def words() -> dict[str, str]:
    """What a replay says in the browser; what stands in braces is filled in there."""
    return {
        "language": language(),
        "play": _("Play"),
        "pause": _("Pause"),
        "slider": _("Training step"),
        "when": _("step {step}"),
        "where": _("step {step}, snapshot {k} of {n}"),
        "colour": _("Colour by"),
        "alone": _("Show these alone"),
        "label": _("{name}: {value}"),
        "nth": _("sentence {n}"),
        "sd": _("1 sd"),
        "prior": _("2 sd of the prior"),
        "texts": _("What the model says at this step"),
        "backTab": _("What comes back"),
        "priorTab": _("From nothing"),
        "betweenTab": _("In between"),
        "nothing": _("(nothing: the model ends at once)"),
        "none": _("No sentences were recorded at this snapshot."),
        "backHint": _("Grey: what went in. Below it: what comes back, wrong words marked."),
        "priorIntro": _("Decoded from draws of the prior N(0, I)."),
        "priorHint": _(
            "Look for different ones. The same sentence again and again is a decoder that does "
            "not listen."
        ),
        "betweenIntro": _("From the first sentence to the last, in equal steps."),
        "betweenHint": _(
            "Marked: words that changed. Look for steps that are sentences, and change little by "
            "little."
        ),
    }
