"""The page to take along as HTML: every static word stands in it in both languages, and the one
that is not chosen is hidden by the style.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from html import escape

from vae.i18n import Message, language_name, message, speaking
from vae.sharing.page.words import LANGUAGES

# What HTML does not allow, and what turns the direction of the text that follows.
_UNSEEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ufffe\uffff]")

VIEWS = {
    "map": message("Map"),
    "path": message("Path"),
    "dials": message("Dials"),
    "samples": message("Samples"),
    "collapse": message("Collapse"),
    "replay": message("Replay"),
    "about": message("About"),
}
"""The views of the page, in order."""


def text(value: object) -> str:
    """Text as HTML that holds nothing but text; half signs, which no file can hold, are `?`."""
    whole = str(value).encode("utf-8", errors="replace").decode("utf-8")
    return escape(_UNSEEN.sub("\ufffd", whole))


def both(said: Message, tag: str = "span", kind: str = "") -> str:
    """A message in both languages, an element each."""
    found = ""
    named = f' class="{kind}"' if kind else ""
    for language in LANGUAGES:
        with speaking(language):
            found += f'<{tag} lang="{language}"{named}>{text(said)}</{tag}>'
    return found


def body(views: Sequence[str], card: Sequence[tuple[Message, Message | str]], run: str) -> str:
    """All between <body> and the scripts.

    Args:
        views: names of `VIEWS`, those that this run has.
        card: rows of the model card.
    """
    choices = "".join(
        f'<button type="button" data-language="{language}" lang="{language}">'
        f"{text(language_name(language))}</button>"
        for language in LANGUAGES
    )
    tabs = "".join(
        f'<button type="button" role="tab" id="tab-{name}" aria-controls="{name}" '
        f'aria-selected="false">{both(VIEWS[name])}</button>'
        for name in views
    )
    panels = "".join(
        f'<section role="tabpanel" id="{name}" aria-labelledby="tab-{name}" tabindex="-1">'
        f"{_PANELS[name]() if name != 'about' else _about(card)}</section>"
        for name in views
    )
    scripts = message("This page runs the model by scripts that are part of it; allow them.")
    return (
        f"<header><div>{both(_kind(run), 'p', 'kind')}{both(_TITLE, 'h1')}</div>"
        f'<div class="languages" role="group" data-label="language">{choices}</div></header>'
        f'<div role="tablist" data-label="views">{tabs}</div>'
        f"<noscript>{both(scripts, 'p', 'missing')}</noscript>"
        f'<p id="trouble" class="missing" role="alert" hidden></p><main>{panels}</main>'
    )


_TITLE = message("Every place in this space answers with a sentence")


def _kind(run: str) -> Message:
    return message("Latent Lens · the run “{run}”, to take along", run=run)


def _caption(said: Message) -> str:
    return both(said, "p", "caption")


def _button(name: str, said: Message) -> str:
    return f'<button type="button" id="{name}">{both(said)}</button>'


def _tool(name: str, sign: str, label: str) -> str:
    return f'<button type="button" id="{name}" class="sign" data-label="{label}">{sign}</button>'


def _map() -> str:
    hint = message("Your own sentence")
    find = message("Find it")
    caption = message(
        "Look for how the sentence changes as the cross moves: near each other, places should say "
        "nearly the same. Over a point the model decodes the latent that it keeps of that "
        "sentence; between points, a place of the plane, where far from all sentences it makes "
        "things up. A bad sign: the same sentence everywhere."
    )
    return (
        '<div class="spread"><div class="answer"><p class="where" id="map-where"></p>'
        '<p class="said" id="map-said" aria-live="polite" dir="auto"></p>'
        '<p class="note" id="map-note"></p></div>'
        '<div class="stage"><div class="tools">'
        f'<label>{both(message("Colour by"))} <select id="map-colour"></select></label>'
        f'<label>{both(message("Other dimensions"))} <select id="map-rest"></select></label>'
        '</div><div class="frame">'
        '<div class="canvas" id="map-stage" tabindex="0" role="application">'
        "<canvas></canvas><canvas></canvas></div>"
        f'<div class="zoom">{_tool("map-in", "+", "zoom in")}{_tool("map-out", "−", "zoom out")}'
        f"{_tool('map-whole', '⤢', 'whole map')}</div></div>"
        '<ul class="legend" id="map-legend"></ul></div>'
        '<div class="chosen"><form id="own-form">'
        f'<label for="own">{both(hint)}</label><div class="field">'
        f'<input id="own" autocomplete="off" dir="auto"><button>{both(find)}</button></div></form>'
        '<div id="chosen"></div><div class="tools">'
        f"{_button('as-a', message('Use as A'))}{_button('as-b', message('Use as B'))}"
        f"{_button('as-dials', message('To the dials'))}</div></div></div>"
        f'{_caption(caption)}<p class="caption" id="map-facts"></p>'
    )


def _end(end: str) -> str:
    return (
        f'<form class="field" id="path-{end}-form"><b>{end.upper()}</b>'
        f'<input id="path-{end}" autocomplete="off" dir="auto" data-label="sentence {end}">'
        f'<button type="button" id="path-{end}-other" class="sign" data-label="another">↻</button>'
        "</form>"
    )


def _path() -> str:
    caption = message(
        "Drag from A to B. Look for sentences that are right at every step, and change a few words "
        "at a time: a smooth space. A bad sign: a jump from A to B at one point, or sentences that "
        "make no sense in the middle. Marked words differ from the line above."
    )
    return (
        f'<p class="where" id="path-where"></p>'
        '<p class="said large" id="path-said" aria-live="polite" dir="auto"></p>'
        '<div class="way"><b>A</b><input type="range" id="path-at" min="0" max="1" step="any" '
        'value="0.5" data-label="way"><b>B</b></div>'
        f'<div class="ends">{_end("a")}{_end("b")}</div>'
        f'<ol class="strip" id="path-strip"></ol>{_caption(caption)}'
    )


def _dials() -> str:
    caption = message(
        "The dimensions of the largest rate, the largest first: a dial runs from −3 to +3 standard "
        "deviations of the prior. Good: one dial, one kind of change. A bad sign: a dial that "
        "changes nothing, which the decoder does not read."
    )
    return (
        '<p class="where" id="dials-where"></p>'
        '<p class="said large" id="dials-said" aria-live="polite" dir="auto"></p>'
        f'<div class="tools">{_button("dials-reset", message("Back to the start"))}'
        f"{_button('dials-stored', message('Another sentence'))}"
        f"{_button('dials-random', message('A random draw'))}</div>"
        f'<div class="dials" id="dials-list"></div>{_caption(caption)}'
    )


def _samples() -> str:
    caption = message(
        "Places are drawn from the prior, where the model has seen no sentence; at temperature 0 "
        "each says its likeliest words, above it words are drawn as well. Look for sentences that "
        "could be of the text. A bad sign: broken sentences, or the same one again and again. The "
        "same seed draws the same sentences in every browser."
    )
    return (
        '<div class="tools">'
        f'<label>{both(message("Seed"))} <input type="number" id="samples-seed" min="0" '
        'max="2147483647" step="1"></label>'
        f'<label>{both(message("Temperature"))} <input type="range" id="samples-temperature" '
        'min="0" max="1.5" step="0.1" value="0"> <output id="samples-shown"></output></label>'
        f"{_button('samples-draw', message('Draw again'))}</div>"
        '<ol class="strip large" id="samples-list" aria-live="polite"></ol>'
        f'<p class="note" id="samples-note"></p>{_caption(caption)}'
    )


def _collapse() -> str:
    caption = message(
        "Each bar is the rate of one dimension: its KL to the prior, in nats, as stored with the "
        "run. In a healthy posterior many bars stand; in a collapsed one all lie at zero, and what "
        "the decoder says has nothing to do with the sentence whose z it is given. Ask it: three z "
        "for one sentence."
    )
    other = message("Ask about another sentence")
    return (
        '<div class="pair" id="collapse-pair"></div>'
        f"{both(message('Does the decoder listen to z?'), 'h2')}"
        f'<div class="tools">{_button("listen-other", other)}</div>'
        f'<dl class="listen" id="listen"><dt>{both(message("a stored sentence"))}</dt>'
        f'<dd class="said" dir="auto"></dd><dt>{both(message("decoded from its own z"))}</dt>'
        f'<dd class="said" dir="auto"></dd><dt>{both(message("from the z of another sentence"))}'
        f'</dt><dd class="said" dir="auto"></dd><dt>{both(message("from a draw of the prior"))}'
        f'</dt><dd class="said" dir="auto"></dd></dl>{_caption(caption)}'
    )


def _replay() -> str:
    caption = message(
        "The same validation sentences at every recorded step, seen along two fixed axes; the "
        "rings are one and two standard deviations of the prior. Look for points that spread over "
        "the rings and colours that part. A bad sign: all points in one dot at the middle."
    )
    return (
        '<div class="spread replay"><div class="stage"><div class="canvas" id="replay-stage" '
        'role="img"><canvas></canvas></div>'
        '<div class="way"><button type="button" id="replay-play"></button>'
        '<input type="range" id="replay-at" min="0" step="any" value="0" data-label="step now">'
        '</div><ul class="legend" id="replay-legend"></ul></div>'
        '<div class="chosen"><p class="where" id="replay-where"></p>'
        f'<dl class="listen" id="replay-said"></dl></div></div>{_caption(caption)}'
    )


_PANELS = {
    "map": _map,
    "path": _path,
    "dials": _dials,
    "samples": _samples,
    "collapse": _collapse,
    "replay": _replay,
}


def _about(card: Sequence[tuple[Message, Message | str]]) -> str:
    rows = "".join(
        f"<dt>{both(name)}</dt><dd>"
        f"{both(value) if isinstance(value, Message) else text(value)}</dd>"
        for name, value in card
    )
    offline = message(
        "All of this page is in this one file: the model, its sentences and what draws them. It "
        "asks nothing of a network, sends nothing, and keeps nothing of what you type."
    )
    return f'{both(message("Model card"), "h2")}<dl class="card">{rows}</dl>{_caption(offline)}'
