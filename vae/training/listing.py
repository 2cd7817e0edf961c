"""The article's listing, line by line, as an exercise: which five lines are wrong, and why.

Its steps are written anew in PyTorch with the same mistakes; of the article's own text a few words
are quoted where they are the mistake. What runs is `vae.training.mistakes`.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from vae.i18n import Message, message


@dataclass(frozen=True)
class Line:
    """A line of the listing.

    Attributes:
        code: as it stands.
        mistake: its name in `vae.training.mistakes.MISTAKES`; empty where it is none of the five.
        right: the line made right; of a mistake.
        quoted: the words of the article that it stands for; of a mistake.
        why: what is wrong, and what comes of it; of another line what can be said of it.
    """

    code: str
    why: Message
    mistake: str = ""
    right: str = ""
    quoted: str = ""


_FINE = message("This line is right.")

LISTING: Sequence[Line] = (
    Line("h = relu(encoder(x))", _FINE),
    Line("mean = to_mean(h)", _FINE),
    Line(
        "logvar = tanh(to_logvar(h))",
        message(
            "tanh keeps the log variance between −1 and 1, so every σ lies between 0.61 and 1.65. "
            "The model can never be sure of a value, so it keeps less of each vector. A log "
            "variance may be any number; at most it is clamped far out."
        ),
        "tanh",
        "logvar = to_logvar(h)",
        "activation='tanh'",
    ),
    Line(
        "z = mean * exp(logvar / 2)",
        message(
            "Nothing is drawn here: the spread is one more factor of the mean. All draws are the "
            "same point, and the model is an autoencoder. It can shrink its means until the KL is "
            "small, and the vectors come back all the same. Right is to add σ times noise."
        ),
        "noise",
        "z = mean + exp(logvar / 2) * randn_like(mean)",
        "x[0] * tf.exp(x[1] / 2)",
    ),
    Line(
        "again = sigmoid(to_output(relu(decoder(z))))",
        message(
            "None of the five, but look twice: the article's text promises a mean and a variance, "
            "and its listing gives a mean alone."
        ),
    ),
    Line(
        "reconstruction = square(x - again).sum(1).mean()",
        message(
            "None of the five, and it can be defended: a sum of squares is a Gaussian whose "
            "variance is fixed at one half. Summed over the values, as it should be."
        ),
    ),
    Line(
        "log = tf.log",
        message(
            "This name was removed with TensorFlow 2, in 2019: the logarithm is in `tf.math`. The "
            "listing ends here with an AttributeError, before its first update. So it was never "
            "run as it stands."
        ),
        "log",
        "log = tf.math.log",
        "tf.log(z_mean)",
    ),
    Line(
        "kl = (mean * log(mean) + (1 - mean) * log(1 - mean)).mean()",
        message(
            "This is the entropy of a coin with its sign turned, not the KL of a Gaussian. A mean "
            "below 0 or above 1 has no logarithm here: the loss is NaN at once. Where it is "
            "defined it pulls every mean to one half, and the spread is not in it."
        ),
        "kl",
        "kl = (0.5 * (mean**2 + exp(logvar) - logvar - 1)).sum(1).mean()",
        "z_mean * tf.log(z_mean) + (1 - z_mean) * …",
    ),
    Line(
        "total = reconstruction + kl",
        message(
            "None of the five, but look twice: the article's text has a weight before the KL, and "
            "its listing has none. Its KL is averaged over the dimensions while the reconstruction "
            "is summed, which is a weight as well: 1 / 20."
        ),
    ),
    Line(
        "number = float(total)",
        message(
            "The loss is computed once, before training, and the number is handed on. A number "
            "does not depend on the weights, so its gradient is zero: a hundred epochs change "
            "nothing. The loss has to be computed anew at every update."
        ),
        "once",
        "number = lambda: compute_again()",
        "model.compile(…, loss=total_loss)",
    ),
    Line("optimizer = Adam(weights, lr=0.001)", _FINE),
    Line("for epoch in range(100): update(optimizer, number)", _FINE),
)

RIGHT_LINES = frozenset(i for i, line in enumerate(LISTING) if line.mistake)
"""Where the five mistakes are."""


@dataclass(frozen=True)
class Check:
    """What came of a try.

    Attributes:
        found: lines that were picked and are mistakes.
        wrong: lines that were picked and are none.
        missed: how many mistakes are still to be found; which, is not told.
    """

    found: tuple[int, ...]
    wrong: tuple[int, ...]
    missed: int

    @property
    def solved(self) -> bool:
        """Whether all five were picked, and nothing else."""
        return not self.wrong and not self.missed


def check(picked: Collection[int]) -> Check:
    """Hold the lines that a learner picked against the five."""
    chosen = set(picked)
    found = tuple(sorted(chosen & RIGHT_LINES))
    return Check(found, tuple(sorted(chosen - RIGHT_LINES)), len(RIGHT_LINES) - len(found))
