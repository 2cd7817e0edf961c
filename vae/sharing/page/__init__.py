"""The page to take along: a run with its decoder in one HTML file that needs nothing.

It opens from a disk, on a phone, without a network, in English and Chinese. Its content security
policy lets nothing run but the scripts of the file, by their digest, and nothing be fetched. What a
corpus, a model or a person wrote is escaped in markup and in JSON, and becomes text nodes only.
"""

from __future__ import annotations

import base64
import hashlib
import json
import re
from pathlib import Path
from typing import Any

from vae.browser import (
    client_source,
    decoder_source,
    encoder_refusal,
    encoder_source,
    pack,
    pack_encoder,
    point_map,
    refusal,
    walk_source,
)
from vae.errors import UserError
from vae.explorer import Explorer
from vae.sharing.page import content, figures, markup
from vae.sharing.page.shrink import rounded, squeezed
from vae.sharing.page.words import LANGUAGES, spoken

__all__ = ["MOST_BYTES", "file_name", "make"]

MOST_BYTES = 8_000_000
"""A page is at most so large: what a phone opens at once, and a mail carries."""

MOST_POINTS, FEWEST_POINTS = 10_000, 500

_WEIGHTS = ("decoder-weights", "encoder-weights")
# (bits of a weight that are given up, weights that travel): the first that fits.
_ROUNDINGS = ((0, _WEIGHTS), (2, _WEIGHTS), (3, _WEIGHTS), (3, _WEIGHTS[:1]))

_HERE = Path(__file__).parent
# Before its words are there, a browser that is too old says what it lacks.
_FAILED = """.catch((error) => {
  const place = document.getElementById("trouble");
  place.textContent = String(error);
  place.hidden = false;
});"""
_STYLES = ("page.css", "views.css")
# Each uses those before it.
_SCRIPTS = (
    *("data.js", "space.js", "answers.js", "cloud.js", "gestures.js", "ends.js"),
    *("map.js", "path.js", "dials.js", "samples.js", "collapse.js", "replay.js", "main.js"),
)


def make(explorer: Explorer, seed: int = 0) -> str:
    """The page of a run, at most `MOST_BYTES` in UTF-8.

    Where it would be larger it has fewer points; where that does not do, weights rounded to 9 or 8
    of their 11 bits; then no encoder.

    Args:
        seed: of all that the page draws until its reader says another.

    Raises:
        UserError: a browser cannot run the decoder, the run has no map (here), or its page would
            be too large; the message says how large.
    """
    if (why := refusal(explorer)) is not None:
        raise UserError("There is no page to take along of this run. {why}", why=why)
    packed = {"decoder-weights": pack(explorer)}
    if encoder_refusal(explorer) is None:
        packed["encoder-weights"] = pack_encoder(explorer)
    found = content.replay(explorer.run)
    frames = {} if found is None else {"frames": found[1]}
    for given_up, kept in _ROUNDINGS:
        weights = {name: rounded(packed[name], given_up) for name in kept if name in packed}
        blobs = {name: squeezed(blob) for name, blob in {**weights, **frames}.items()}
        text = _fitted(explorer, seed, blobs, found and found[0], given_up)
        if len(text.encode("utf-8")) <= MOST_BYTES:
            return text
    raise _too_large(explorer, len(text.encode("utf-8")), blobs)


def _fitted(
    explorer: Explorer,
    seed: int,
    blobs: dict[str, bytes],
    replay: dict[str, Any] | None,
    given_up: int,
) -> str:
    """The page with as many points as fit, `FEWEST_POINTS` where not even these do."""
    fixed = sum(len(content.packed(blob)) for blob in blobs.values())
    most = min(MOST_POINTS, len(explorer.atlas)) if fixed < MOST_BYTES else FEWEST_POINTS
    while True:
        text = _page(explorer, seed, most, blobs, replay, given_up)
        size = len(text.encode("utf-8"))
        if size <= MOST_BYTES or most <= FEWEST_POINTS:
            return text
        # Almost all that is not weights is points.
        share = (MOST_BYTES - fixed) / (size - fixed)
        most = max(FEWEST_POINTS, int(0.95 * share * most))


def file_name(run: str) -> str:
    """A name for the file, made of the run's."""
    return f"{re.sub(r'[^0-9A-Za-z._-]+', '-', run)[:80] or 'run'}-page.html"


def _too_large(explorer: Explorer, size: int, blobs: dict[str, bytes]) -> UserError:
    weights = sum(len(blob) for name, blob in blobs.items() if name.endswith("weights"))
    return UserError(
        "The page of '{run}' would have {size:.1f} MB, and may have {most:.0f}: its weights alone "
        "take {weights:.1f} MB, rounded to 8 bits. Train a smaller model, or a smaller vocabulary.",
        run=explorer.name,
        size=size / 1e6,
        most=MOST_BYTES / 1e6,
        weights=weights * 4 / 3 / 1e6,
    )


def _page(
    explorer: Explorer,
    seed: int,
    most: int,
    blobs: dict[str, bytes],
    replay: dict[str, Any] | None,
    given_up: int,
) -> str:
    points = content.Points.of(explorer.atlas, most)
    told = {
        "run": explorer.name,
        "seed": seed,
        "latentDim": explorer.latent_dim,
        **points.told(seed),
        "dials": content.dials(explorer),
        "beside": figures.beside(explorer),
        "replay": replay,
        "words": spoken(),
    }
    views = [name for name in markup.VIEWS if name != "replay" or replay is not None]
    card = figures.card(explorer, len(points.rows), seed, given_up)
    # The first script is read by a worker as well, which has no modules from a disk.
    parts = "\n".join((decoder_source(), encoder_source(), client_source()))
    library = re.sub(r"^export (?:default )?", "", parts, flags=re.MULTILINE)
    shared = (walk_source(), point_map.scripts("camera", "grid", "cooperative"))
    own = "\n".join((*shared, *map(_read, _SCRIPTS)))
    scripts = [library, f'"use strict";(async () => {{\n{own}\n}})(){_FAILED}']
    style = "\n".join(map(_read, _STYLES))
    policy = (
        f"default-src 'none'; script-src {' '.join(map(_digest, scripts))} 'wasm-unsafe-eval'; "
        f"style-src {_digest(style)}; worker-src blob:; base-uri 'none'; form-action 'none'"
    )
    # The script says it in the reader's language.
    title = told["words"][LANGUAGES[0]]["title"].replace("{run}", explorer.name)
    packed = {**blobs, "latents": squeezed(points.latents)}
    data = "\n".join(
        f'<script type="application/octet-stream" id="{name}">{content.packed(blob)}</script>'
        for name, blob in packed.items()
    )
    return (
        f'<!doctype html>\n<html lang="{LANGUAGES[0]}">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{policy}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        '<meta name="color-scheme" content="light dark">\n'
        f"<title>{markup.text(title)}</title>\n<style>{style}</style>\n</head>\n"
        f"<body>\n{markup.body(views, card, explorer.name)}\n"
        f'<script type="application/json" id="content">{_json(told)}</script>\n{data}\n'
        f'<script id="library">{scripts[0]}</script>\n<script>{scripts[1]}</script>\n'
        "</body>\n</html>\n"
    )


def _read(name: str) -> str:
    return (_HERE / name).read_text(encoding="utf-8")


def _digest(text: str) -> str:
    """The source expression of an inline script or style (Content Security Policy, level 3)."""
    digest = hashlib.sha256(text.encode("utf-8")).digest()
    return f"'sha256-{base64.b64encode(digest).decode()}'"


def _json(data: Any) -> str:
    """JSON that ends no script element, whatever its strings say, and is whole in UTF-8."""
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    text = text.encode("utf-8", errors="replace").decode("utf-8")
    return text.replace("&", "\\u0026").replace("<", "\\u003c").replace(">", "\\u003e")
