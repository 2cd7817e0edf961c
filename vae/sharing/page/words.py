"""Words of the page to take along that its script says; placeholders are filled by the script."""

from __future__ import annotations

from collections.abc import Mapping

from vae.i18n import Message, message, speaking

LANGUAGES = ("en", "zh")
"""The languages of every page; the reader chooses."""

WORDS: Mapping[str, Message] = {
    "title": message("{run}: a space of sentences, to take along", run="{run}"),
    # What a place is.
    "waiting": message("The decoder is being unpacked."),
    "broken": message("The decoder does not run in this browser: {why}", why="{why}"),
    "nothing": message("(nothing: the model ends at once)"),
    "on plane": message("On the plane of the map, all else at the mean"),
    "on own plane": message("On the plane through the chosen sentence"),
    "at point": message("At the latent of a stored sentence"),
    "at own": message("At the latent of your sentence"),
    "stored": message("Stored there: “{sentence}”", sentence="{sentence}"),
    "near": message(
        "Nearest of the sentences here: “{sentence}”, {distance} away, which is {ratio} of its own "
        "neighbourhood.",
        sentence="{sentence}",
        distance="{distance}",
        ratio="{ratio}",
    ),
    "far": message(
        "Here the model extrapolates: 99 of 100 sentences lie nearer to the others than this."
    ),
    "said there": message(
        "The sentence that was read is not in this file: what the model says of it stands for it."
    ),
    "point": message("Stored sentence"),
    "latent": message("Stored latent"),
    "own": message("Your sentence"),
    "comes back": message("What comes back: “{sentence}”", sentence="{sentence}"),
    "unknown": message(
        "The model does not know: {words}. It reads each as “unknown”.", words="{words}"
    ),
    "empty": message("Type a sentence first."),
    "too long": message("This sentence is too long for the model."),
    "not stored": message(
        "No sentence here holds all these words, and this page cannot read new ones."
    ),
    "neighbours": message("Nearest in the whole space"),
    "no value": message("— no value"),
    "others": message("others"),
    "length": message("length in words"),
    "rate": message("rate in nats"),
    "rest mean": message("at the mean"),
    "rest chosen": message("as in the chosen sentence"),
    "no colour": message("one colour"),
    "drawn": message("{n} of {total} sentences are drawn.", n="{n}", total="{total}"),
    "explained": message(
        "The plane shows {share}% of the variance of all dimensions.", share="{share}"
    ),
    "map alt": message(
        "Map of {n} sentences along the two principal axes. Move the cross with the arrow keys; "
        "Enter chooses the nearest sentence, plus and minus zoom.",
        n="{n}",
    ),
    # In braces: the key, which the browser knows.
    "wheel": message("{key} + wheel zooms the map", key="{key}"),
    "fingers": message("Two fingers move and zoom the map"),
    # Path.
    "at": message("{share}% of the way", share="{share}"),
    "repeats": message("as before"),
    # Dials.
    "dial": message("Dimension {d}", d="{d}"),
    "tells": message("tells of {label}", label="{label}"),
    "carries": message("{nats} nats", nats="{nats}"),
    "from start": message("{distance} from where the dials began", distance="{distance}"),
    # Samples.
    "drawn of": message("{different} of {n} are different.", different="{different}", n="{n}"),
    # Collapse.
    "bars": message(
        "Rate of each dimension of “{run}”, largest first: from {most} to {least} nats.",
        run="{run}",
        most="{most}",
        least="{least}",
    ),
    "axis": message("nats a sentence, by dimension"),
    "nats": message("{nats} nats", nats="{nats}"),
    # Replay.
    "step": message("Step {step}", step="{step}"),
    "means cost": message("the means alone cost {nats} nats", nats="{nats}"),
    "read": message("Read: “{sentence}”", sentence="{sentence}"),
    "play": message("Play"),
    "pause": message("Pause"),
    "coloured": message("Coloured by {label}.", label="{label}"),
    "replay alt": message(
        "{n} validation sentences where the model kept them at step {step}.",
        n="{n}",
        step="{step}",
    ),
    # Names of what has no text of its own.
    "language": message("Language"),
    "views": message("Views"),
    "zoom in": message("Zoom in"),
    "zoom out": message("Zoom out"),
    "whole map": message("The whole map"),
    "sentence a": message("Sentence A"),
    "sentence b": message("Sentence B"),
    "another": message("Another stored sentence"),
    "step now": message("Step of the training"),
    "way": message("Where on the way from A to B"),
}


def spoken() -> dict[str, dict[str, str]]:
    """Language to every word of the script by its key."""
    found = {}
    for language in LANGUAGES:
        with speaking(language):
            found[language] = {key: str(text) for key, text in WORDS.items()}
    return found
