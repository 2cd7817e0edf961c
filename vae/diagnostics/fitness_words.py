"""Whether a model is any good in words: the figure that decides, its n, and the settings to try."""

from __future__ import annotations

from vae.diagnostics.fitness import FORGETS, RETURNS, RoundTrip, by_heart, by_tokens
from vae.diagnostics.judgement import Figures
from vae.i18n import _, ngettext, sentences


def memorises(f: Figures) -> tuple[str, ...]:
    """Which share of the training sentences comes back, which of others, and what would help."""
    held, trained = f.held, f.trained
    if held is not None and trained is not None and by_heart(held, trained):
        decides = _(
            "Memorises: {trained:.0%} of {n:,} training sentences come back word for word, and "
            "{held:.0%} of {m:,} held-out ones.",
            **_shares(held, trained),
        )
    elif held is not None and trained is not None and by_tokens(held, trained):
        decides = _(
            "Memorises: {trained:.0%} of the tokens of {n:,} training sentences come back in their "
            "place, and {held:.0%} of those of {m:,} held-out ones.",
            trained=trained.tokens,
            n=trained.n,
            held=held.tokens,
            m=held.n,
        )
    else:
        decides = _(
            "Memorises: {tokens:.0%} of the tokens of {n:,} training sentences come back in their "
            "place, and a held-out sentence costs {nll:,.0f} nats, {unigram:.0f} by the "
            "frequencies of its words alone.",
            tokens=0.0 if trained is None else trained.tokens,
            n=0 if trained is None else trained.n,
            nll=f.nll,
            unigram=f.unigram,
        )
    cure = _(
        "What would help: more sentences, a smaller model, more `dropout` and `word_dropout`, and "
        "to stop earlier (`patience`)."
    )
    return decides, turned(f), cure


def turned(f: Figures) -> str:
    """Where validation turned; nothing where it did not."""
    if f.course is None or f.course.turned is None:
        return ""
    return _(
        "Validation ELBO was best at update {turned:,} of {updates:,}.",
        turned=f.course.turned,
        updates=f.course.updates,
    )


def forgets(f: Figures) -> tuple[str, ...]:
    """How much of what was said comes back from its own z, and from another sentence's."""
    return (
        _(
            "Forgets: z is used, and not for what was said. {own:.0%} of the tokens of {n:,} "
            "held-out sentences come back in their place, and {another:.0%} do from another "
            "sentence's z.",
            **_tokens(f.held),
        ),
        _(
            "What would help: more updates (`epochs`, `steps`), a lower `beta`, a larger "
            "`latent_dim`, and more sentences."
        ),
    )


def untrained(f: Figures) -> tuple[str, ...]:
    """What a sentence costs, and after how many updates."""
    told = {"nll": f.nll, "unigram": f.unigram}
    known = f.nll is not None and f.unigram is not None
    if f.course is not None and known:
        decides = ngettext(
            "Not trained: after {n:,} update a sentence costs {nll:.1f} nats, and {unigram:.1f} by "
            "the frequencies of its words alone. No other figure means anything yet.",
            "Not trained: after {n:,} updates a sentence costs {nll:.1f} nats, and {unigram:.1f} "
            "by the frequencies of its words alone. No other figure means anything yet.",
            f.course.updates,
            **told,
        )
    elif f.course is not None:
        decides = ngettext(
            "Not trained: {n:,} update is too few. No other figure means anything yet.",
            "Not trained: {n:,} updates are too few. No other figure means anything yet.",
            f.course.updates,
        )
    else:
        decides = _(
            "Not trained: a sentence costs {nll:.1f} nats, and {unigram:.1f} by the frequencies of "
            "its words alone. No other figure means anything.",
            **told,
        )
    return (
        decides,
        _(
            "What would help: more updates (`epochs`, `steps`), or another `learning_rate` where "
            "the distortion no longer falls."
        ),
    )


def falling(f: Figures) -> tuple[str, ...]:
    """How fast the distortion fell at the end, and what is not there yet."""
    course = f.course
    return (
        _(
            "Still falling: over the last fifth of {updates:,} updates the distortion lost "
            "{fall:.1f} nats, {share:.0%} of what a sentence costs, so what this model is worth "
            "cannot be told yet.",
            updates=0 if course is None else course.updates,
            fall=None if course is None else course.fall,
            share=None if course is None else course.falling,
        ),
        _("What would help: more updates (`epochs`, `steps`)."),
    )


def undecided(f: Figures) -> str:
    """What would have to be told apart from chance, and on how few sentences."""
    held, trained = f.held, f.trained
    if held is not None and held.told is not None and held.told.value < FORGETS:
        return _(
            "Too few sentences to tell whether z keeps what was said: {own:.0%} of the tokens of "
            "{n:,} held-out sentences come back in their place, and {another:.0%} do from another "
            "sentence's z.",
            **_tokens(held),
        )
    return _(
        "Too few sentences to tell whether it memorises: {trained:.0%} of {n:,} training sentences "
        "come back word for word, and {held:.0%} of {m:,} held-out ones (95% interval {low:.0%} to "
        "{high:.0%}).",
        **_shares(held, trained),
    )


def comes_back(f: Figures) -> str:
    """What comes back of held-out sentences; nothing where that was not measured."""
    if f.held is None:
        return ""
    return _(
        "Of {n:,} held-out sentences {exact:.0%} come back word for word, and {tokens:.0%} of "
        "their tokens in their place.",
        n=f.held.n,
        exact=f.held.exact.value,
        tokens=f.held.tokens,
    )


def returned(f: Figures) -> str:
    """The shares that come back, with what they have to be."""
    held = f.held
    if held is None or held.told is None:
        return comes_back(f)
    own = _(
        "{exact:.1%} of {n:,} held-out sentences come back word for word (95% interval {low:.1%} "
        "to {high:.1%}). {tokens:.0%} of their tokens come back in their place, {another:.0%} do "
        "from another sentence's z: of what that gets wrong their own z gets {told:.0%} right "
        "({least:.0%} to {most:.0%}; good from {good:.0%}, poor below {poor:.0%}).",
        exact=held.exact.value,
        n=held.n,
        low=held.exact.low,
        high=held.exact.high,
        tokens=held.tokens,
        another=held.another,
        told=held.told.value,
        least=held.told.low,
        most=held.told.high,
        good=RETURNS,
        poor=FORGETS,
    )
    if f.trained is None:
        return own
    learned = _(
        "{exact:.1%} of {n:,} training sentences come back word for word, and {tokens:.0%} of "
        "their tokens in their place.",
        exact=f.trained.exact.value,
        n=f.trained.n,
        tokens=f.trained.tokens,
    )
    return sentences(own, learned)


def _shares(held: RoundTrip | None, trained: RoundTrip | None) -> dict[str, float]:
    if held is None or trained is None:
        return {}
    return {
        "trained": trained.exact.value,
        "n": trained.n,
        "held": held.exact.value,
        "m": held.n,
        "low": held.exact.low,
        "high": held.exact.high,
    }


def _tokens(held: RoundTrip | None) -> dict[str, float]:
    if held is None or held.another is None:
        return {}
    return {"own": held.tokens, "n": held.n, "another": held.another}
