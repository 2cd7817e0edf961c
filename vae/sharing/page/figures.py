"""What the page to take along shows of collapse and of the run: figures as they are stored."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from vae import corpora
from vae.corpora.given import card_said
from vae.diagnostics.verdict_words import VERDICTS
from vae.errors import UserError
from vae.explorer import Explorer
from vae.i18n import Message, message, nmessage, speaking
from vae.i18n.numbers import number
from vae.latent.atlas import said_note
from vae.runs.catalogue import shipped_runs
from vae.runs.store import RunDirectory
from vae.sharing.page.words import LANGUAGES
from vae.sharing.portable import without_paths
from vae.studies.summary import figures_of

Row = tuple[Message, Message | str]

_NOT_MEASURED = message(
    "This run has not been evaluated: the bars are of the sentences of its map."
)


def beside(explorer: Explorer) -> list[dict[str, Any]]:
    """This run, then one that ships and is its opposite: verdict, rates, figures."""
    mine = _stored(explorer.run)
    found = [_shown(explorer.name, mine) if mine else _of_map(explorer)]
    opposite = "healthy" if mine and mine["verdict"] == "collapsed" else "collapsed"
    digest = explorer.facts().get("corpus", {}).get("digest")
    others = [
        (name, stored)
        for name, run in shipped_runs().items()
        if run.path != explorer.run.path
        and (stored := _stored(run)) is not None
        and stored["verdict"] == opposite
    ]
    # One of the same text tells more.
    others.sort(key=lambda other: other[1].get("corpus_digest") != digest)
    return found + [_shown(name, stored) for name, stored in others[:1]]


def _stored(run: RunDirectory) -> dict[str, Any] | None:
    try:
        found = figures_of(run)
    except UserError:
        return None
    return found if found and found.get("rate_per_dimension") else None


def _in_each(said: Callable[[], str]) -> dict[str, str]:
    found = {}
    for language in LANGUAGES:
        with speaking(language):
            found[language] = said()
    return found


def _shown(name: str, stored: Mapping[str, Any]) -> dict[str, Any]:
    # Words of an evaluation are made when it is read: once in each language.
    run = dict(stored)
    return {
        "run": name,
        "state": "collapsed" if run["verdict"] == "collapsed" else "healthy",
        "verdict": _in_each(lambda: str(VERDICTS[run["verdict"]])),
        "rates": sorted(map(float, run["rate_per_dimension"]), reverse=True),
        "figures": _in_each(lambda: "\n".join(map(str, _figures(run)))),
    }


def _figures(run: Mapping[str, Any]) -> list[Message]:
    rows = [
        message("rate {nats:.1f} nats a sentence", nats=run["rate"])
        if run["rate"] >= 1
        else message("rate {nats:.2f} nats a sentence", nats=run["rate"]),
        message(
            "{n} of {total} dimensions are active", n=run["active_units"], total=run["latent_dim"]
        ),
    ]
    if run.get("exact_match") is not None:
        rows.append(
            message("{share:.1%} of held-out sentences come back", share=run["exact_match"])
        )
    heard = run.get("decoder_listens")
    if heard:
        rows.append(
            message(
                "another sentence's z costs {nats:.1f} nats", nats=heard["own"] - heard["another"]
            )
        )
    return rows


def _of_map(explorer: Explorer) -> dict[str, Any]:
    kl = explorer.atlas.posterior.kl_per_dimension().mean(0)
    nats = message("rate {nats:.1f} nats a sentence", nats=float(kl.sum()))
    return {
        "run": explorer.name,
        "state": "healthy" if float(kl.sum()) > 1 else "collapsed",
        "verdict": _in_each(lambda: ""),
        "rates": sorted(kl.tolist(), reverse=True),
        "figures": _in_each(lambda: f"{nats}\n{_NOT_MEASURED}"),
    }


def card(explorer: Explorer, sentences: int, seed: int, given_up: int = 0) -> list[Row]:
    """The model card: what it is, what it learned from, how well it does, how it is made."""
    facts = without_paths(explorer.facts())
    corpus, anatomy, atlas = facts["corpus"], explorer.anatomy(), explorer.atlas
    total = corpus.get("n_sentences")
    rows: list[Row] = [
        (message("Run"), explorer.name),
        (message("Learned from"), str(corpus["name"])),
    ]
    if total:
        rows.append(
            (message("Sentences of the text"), nmessage("{n:,} sentence", "{n:,} sentences", total))
        )
    rows.append(
        (
            message("Origin and licence of the text"),
            card_said(corpus) or _origin(corpus["source"]),
        )
    )
    held = message("{n:,} sentences of the text, with their labels.", n=sentences)
    rows.append((message("In this file"), said_note(explorer.name) if atlas.said else held))
    made = message(
        "{n:,} weights in half precision, {z} latent dimensions, {words:,} words known",
        n=anatomy.parameters or 0,
        z=explorer.latent_dim,
        words=anatomy.vocabulary or 0,
    )
    rows.append((message("The model"), made))
    if given_up:
        rows.append(
            (
                message("Rounded"),
                message(
                    "To fit, weights have {n} significant bits here, not 11: of a hundred "
                    "sentences one or two differ in a word from what the model itself says.",
                    n=11 - given_up,
                ),
            )
        )
    stored = _stored(explorer.run)
    if stored:
        rows.append((message("How well it does"), _evaluated(stored)))
    rows += [
        (message("Trained by"), str(facts.get("command", "")) or message("unknown")),
        (message("Begun"), str(facts.get("created", "")) or message("unknown")),
        (message("Seed of this page"), number(seed, "d")),
        (message("Made by"), f"python -m vae page {explorer.name} --seed {seed} --out page.html"),
    ]
    return rows


def _origin(source: Mapping[str, Any]) -> Message:
    known = corpora.origin(source)
    if known is None:
        return message("The run does not say whose text it is: ask before you hand it on.")
    if known.generated:
        return message("Generated by a grammar of Latent Lens: nobody's text, free to be given on.")
    return message("Docstrings of Python packages, each under the licence of its package.")


def _evaluated(stored: Mapping[str, Any]) -> Message:
    return message(
        "{verdict}; NLL {nll:.1f} nats a sentence, perplexity {ppl:.1f} a token, on {n:,} held-out "
        "sentences",
        verdict=VERDICTS[stored["verdict"]],
        nll=stored["nll_iw"] or float("nan"),
        ppl=stored["ppl"] or float("nan"),
        n=stored["n_sentences"],
    )
