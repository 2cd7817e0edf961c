"""What came of a training, and why these weights were kept, in a sentence or two."""

from __future__ import annotations

from vae.diagnostics.course import kept_weights
from vae.i18n import _, sentences
from vae.runs.history import History


def outcome(recorded: History) -> str:
    """What came of a training by now, in a sentence or two."""
    best, steps = recorded.best, recorded.last_step
    if best is None:
        if recorded.end:
            return _ended(recorded)
        return _("{steps:,} updates so far; not validated yet.", steps=steps)
    figures = {
        "step": int(best["step"]),
        "elbo": float(best["elbo"]),
        "distortion": float(best["distortion"]),
        "rate": float(best["rate"]),
    }
    if best.get("best") and recorded.end:
        which = _(
            "Its weights are of step {step:,}: validation ELBO {elbo:.1f} nats a sentence "
            "(distortion {distortion:.1f}, rate {rate:.1f}).",
            **figures,
        )
    else:
        which = _(
            "Best so far: step {step:,}, validation ELBO {elbo:.1f} nats a sentence (distortion "
            "{distortion:.1f}, rate {rate:.1f}).",
            **figures,
        )
    return sentences(_ended(recorded), which)


def _ended(recorded: History) -> str:
    if recorded.end is None:
        return ""
    steps = recorded.last_step
    match recorded.end.get("reason"):
        case "finished":
            return _("Training ran to its end after {steps:,} updates.", steps=steps)
        case "early stopping":
            return _(
                "Training stopped early after {steps:,} updates: the validation ELBO no longer "
                "improved.",
                steps=steps,
            )
        case "time":
            return _("Training stopped after {steps:,} updates: its time was up.", steps=steps)
        case "diverged":
            return _(
                "Training diverged, and was ended after {steps:,} updates: the distortion had "
                "risen far above what the frequencies of words alone would cost.",
                steps=steps,
            )
        case "stopped":
            return _("Training was stopped after {steps:,} updates.", steps=steps)
    return _("Training ended after {steps:,} updates.", steps=steps)


def rule(recorded: History) -> str:
    """Why these weights, where others had a better ELBO, and what came of the updates after them.

    Nothing where the last weights were the best.
    """
    kept = kept_weights(recorded)
    if kept is None:
        return ""
    figures = {
        "best": kept.best_step,
        "elbo": kept.best_elbo,
        "since": kept.since,
        "beta": kept.beta,
        "updates": kept.updates,
    }
    said = []
    if kept.last and kept.best_step != kept.step:
        said.append(
            _(
                "Validation ELBO was best at step {best:,} ({elbo:.1f}); the last weights are kept "
                "all the same, as the setting `keep` asks.",
                **figures,
            )
        )
    elif kept.best_step != kept.step and not kept.competed:
        said.append(
            _(
                "Validation ELBO was best at step {best:,} ({elbo:.1f}), which did not compete: "
                "only steps at full beta do, from step {since:,} on.",
                **figures,
            )
        )
    elif kept.best_step != kept.step:
        said.append(
            _(
                "Validation ELBO was best at step {best:,} ({elbo:.1f}); the rule takes the step "
                "with the highest −distortion − {beta:g} × rate.",
                **figures,
            )
        )
    if kept.overfitted and recorded.end:
        said.append(
            _(
                "After step {best:,} validation ELBO fell while that of training rose: "
                "{overfitted:,} of {updates:,} updates ({share:.0%}) only overfitted.",
                overfitted=kept.overfitted,
                share=kept.overfitted / kept.updates,
                **figures,
            )
        )
    elif kept.after and recorded.end:
        said.append(
            _(
                "The {after:,} updates after step {step:,} ({share:.0%} of {updates:,}) gained "
                "nothing more.",
                after=kept.after,
                step=kept.step,
                share=kept.after / kept.updates,
                updates=kept.updates,
            )
        )
    return sentences(*said)
