"""A replay as one HTML file that works by itself: from a disk, without a network, in both themes.

The file holds the scripts of the app's own replay and curves, and the data. Its content security
policy lets nothing run but these scripts (by their digest) and nothing be fetched; what a person or
a model wrote is JSON in the file and becomes text nodes only.
"""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from html import escape
from typing import Any

from babel.dates import format_date

from pages.common.components import curves
from pages.common.components.curves.payload import payload
from pages.common.components.source import source
from pages.train._training.replay import SCRIPTS, STYLE
from pages.train._training.replay.story import story
from vae.figures.curves import Run
from vae.figures.outcome import outcome
from vae.figures.training import training
from vae.i18n import _, language, listed
from vae.i18n.numbers import number
from vae.latent.timeline import Timeline
from vae.runs.history import History

MOST_BYTES = 5_000_000

_GROUP = "replay"


def page(timeline: Timeline, history: History, facts: Mapping[str, Any]) -> str:
    """The page as text, below `MOST_BYTES` in UTF-8.

    Args:
        timeline: not empty; where it is too large, snapshots are left out evenly.
        facts: config.json of the run.
    """
    every = 1
    while True:
        text = _page(_every(timeline, every), history, facts)
        if len(text.encode("utf-8")) < MOST_BYTES or every >= len(timeline):
            return text
        every *= 2


def _every(timeline: Timeline, every: int) -> Timeline:
    """Each `every`-th snapshot, counted from the last."""
    kept = list(range(len(timeline) - 1, -1, -every))[::-1]
    return replace(
        timeline,
        steps=tuple(timeline.steps[i] for i in kept),
        frames=timeline.frames[kept],
        mean_rates=timeline.mean_rates[kept],
    )


def _page(timeline: Timeline, history: History, facts: Mapping[str, Any]) -> str:
    run = Run(str(facts["name"]), history, int(facts["config"]["model"]["latent_dim"]))
    drawn = training([run])
    today = format_date(datetime.now(UTC), "long", locale=language())
    data = {
        "name": run.name,
        "headline": outcome(history),
        "facts": _facts(timeline, facts),
        "made": _("Made on {date} with Latent Lens, from what the run recorded.", date=today),
        "story": story(timeline, history, facts, _GROUP),
        "questions": [found.question for found in drawn],
        "curves": [payload(found, _GROUP) for found in drawn],
    }
    style = "\n".join((source(__file__, "page.css"), STYLE, curves.STYLE))
    scripts = "\n".join((curves.SCRIPTS, SCRIPTS, source(__file__, "page.js")))
    script = f'"use strict";(() => {{\n{scripts}\n}})();'
    policy = (
        f"default-src 'none'; script-src {_digest(script)}; style-src {_digest(style)}; "
        "base-uri 'none'; form-action 'none'"
    )
    return (
        f'<!doctype html>\n<html lang="{language()}">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{policy}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{_text(_('{name}: a replay of its training', name=run.name))}</title>\n"
        f"<style>{style}</style>\n</head>\n"
        f'<body>\n{_body()}\n<script type="application/json" id="data">{_json(data)}</script>\n'
        f"<script>{script}</script>\n</body>\n</html>\n"
    )


def _body() -> str:
    legend = _(
        "Each point is a validation sentence, the same ones at every step, where the model keeps "
        "it: seen along two fixed axes. Between snapshots the way is drawn in. Press Play, or move "
        "the slider; the line in the curves goes along. Drag across a curve to zoom in, "
        "double-click for all steps."
    )
    scripts = _("This page draws with scripts that are part of it; allow them to see it.")
    return f"""<header>
<h1 id="name"></h1>
<button id="theme" type="button">{_text(_("Light or dark"))}</button>
</header>
<p id="headline"></p>
<main>
<div id="replay" class="replay"></div>
<p>{_text(legend)}</p>
<div id="curves"></div>
<h2>{_text(_("The run"))}</h2>
<dl id="facts"></dl>
</main>
<footer id="made"></footer>
<noscript>{_text(scripts)}</noscript>"""


def _text(text: str) -> str:
    """Text as markup, whole in UTF-8."""
    return escape(text.encode("utf-8", errors="replace").decode("utf-8"))


def _digest(text: str) -> str:
    """The source expression of an inline script or style (Content Security Policy, level 3)."""
    return (
        "'sha256-" + base64.b64encode(hashlib.sha256(text.encode("utf-8")).digest()).decode() + "'"
    )


def _json(data: Mapping[str, Any]) -> str:
    """JSON that ends no script element, whatever its strings say, and is whole in UTF-8."""
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    text = text.encode("utf-8", errors="replace").decode("utf-8")
    return text.replace("&", "\\u0026").replace("<", "\\u003c").replace(">", "\\u003e")


def _facts(timeline: Timeline, facts: Mapping[str, Any]) -> list[tuple[str, str]]:
    """What the run is, in brief: name and value."""
    corpus, config = facts["corpus"], facts["config"]
    unknown = _("unknown")
    splits = (corpus.get("splits") or {}).items()
    text = _(
        "{corpus} ({sentences})",
        corpus=corpus.get("name", unknown),
        sentences=listed((_("{n:,} {split}", n=int(n), split=s) for s, n in splits), "unit"),
    )
    snapshots = _(
        "{n:,}; two axes hold {share:.0%} of the newest variance",
        n=len(timeline),
        share=timeline.explained,
    )
    return [
        (_("corpus"), text),
        (_("begun"), str(facts.get("created", unknown))),
        (_("command"), str(facts.get("command", unknown))),
        (_("parameters"), number(int(facts.get("parameters", 0)), ",")),
        (_("model"), _brief(config.get("model") or {})),
        (_("training"), _brief(config.get("train") or {})),
        (_("versions"), _brief(facts.get("versions") or {})),
        (_("snapshots"), snapshots),
    ]


def _brief(values: Mapping[str, Any]) -> str:
    return listed((f"{name} {value}" for name, value in values.items()), "unit")


def file_name(facts: Mapping[str, Any]) -> str:
    """A name for the file, made of the run's."""
    kept: Sequence[str] = [c if c.isalnum() or c in "-_." else "-" for c in str(facts["name"])]
    return f"{''.join(kept)[:80] or 'run'}-replay.html"
