"""The formulas that the article leaves blank, with the numbers of one vector put in.

Signs and numbers are the same in every language, so nothing here is worded.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import torch
from torch import Tensor

from vae.models import Posterior
from vae.models.vector import Bernoulli, Gaussian, VectorLoss, VectorVAE, vector_loss

MOST_NUMBERS = 4


@dataclass(frozen=True)
class Walk:
    """One vector (1, D) on its way through a model, and what it costs.

    Attributes:
        hidden: (1, H) the encoder's hidden layer.
        noise, z: (1, Z).
        again: what the decoder says at z.
    """

    x: Tensor
    hidden: Tensor
    posterior: Posterior
    noise: Tensor
    z: Tensor
    again: Gaussian | Bernoulli
    loss: VectorLoss

    @property
    def value(self) -> int:
        """The value of x that is largest: the one whose numbers are shown."""
        return int(self.x[0].abs().argmax())


@torch.no_grad()
def walk(model: VectorVAE, x: Tensor, seed: int, beta: float) -> Walk:
    """A vector (1, D) through the model, with noise from a seed."""
    posterior = model.encode(x)
    noise = torch.randn(posterior.mean.shape, generator=torch.Generator().manual_seed(seed))
    z = posterior.at(noise)
    return Walk(
        x, model.hidden(x), posterior, noise, z, model.decode(z), vector_loss(model, x, noise, beta)
    )


def numbers(values: Tensor) -> str:
    """(Z,) as LaTeX, the first few of them."""
    few = [f"{v:.2f}" for v in values.tolist()[:MOST_NUMBERS]]
    more = [r"\dots"] if len(values) > MOST_NUMBERS else []
    return "(" + r",\ ".join([*few, *more]) + ")"


def encoder(found: Walk) -> list[str]:
    """x to the mean and the spread of z."""
    q = found.posterior
    return [
        r"h = \max(0,\ W_1 x + b_1)",
        rf"\mu = W_\mu h + b_\mu = {numbers(q.mean[0])}",
        r"\log\sigma^2 = W_\sigma h + b_\sigma",
        rf"\sigma = e^{{\frac12\log\sigma^2}} = {numbers((q.logvar[0] / 2).exp())}",
    ]


def decoder(found: Walk) -> list[str]:
    """z to the distribution of x."""
    i, again = found.value, found.again
    lines = [r"h' = \max(0,\ W_2 z + b_2)"]
    said, true = float(again.mean[0, i]), float(found.x[0, i])
    if isinstance(again, Bernoulli):
        return [
            *lines,
            r"p(x_i = 1 \mid z) = \mathrm{sigmoid}(W_x h' + b_x)_i",
            rf"p(x_{{{i}}} = 1 \mid z) = {said:.2f} \qquad x_{{{i}}} = {true:.0f}",
        ]
    spread = math.exp(float(again.logvar[0, i]) / 2)
    return [
        *lines,
        r"\hat x = W_x h' + b_x \qquad \log s^2 = W_s h' + b_s",
        r"p(x \mid z) = \mathcal N(x;\ \hat x,\ s^2)",
        rf"\hat x_{{{i}}} = {said:.2f} \pm {spread:.2f} \qquad x_{{{i}}} = {true:.2f}",
    ]


def generation(z: Tensor) -> list[str]:
    """From the prior to a new vector."""
    return [
        rf"z \sim \mathcal N(0, I) \quad\Rightarrow\quad z = {numbers(z)}",
        r"x \sim p(x \mid z)",
    ]


def inference(found: Walk) -> list[str]:
    """From a vector to its posterior, and to a draw of it."""
    return [
        r"q(z \mid x) = \mathcal N(z;\ \mu,\ \sigma^2) \approx p(z \mid x)",
        rf"\varepsilon \sim \mathcal N(0, I) \quad\Rightarrow\quad "
        rf"\varepsilon = {numbers(found.noise[0])}",
        rf"z = \mu + \sigma\,\varepsilon = {numbers(found.z[0])}",
    ]


def total(found: Walk) -> list[str]:
    """The loss of one vector: what is shown adds up to what the model minimises."""
    loss = found.loss
    distortion, rate, beta = float(loss.distortion[0]), float(loss.rate[0]), loss.beta
    form = (
        r"-\sum_i \left[x_i\log\hat x_i + (1-x_i)\log(1-\hat x_i)\right]"
        if isinstance(found.again, Bernoulli)
        else r"\tfrac12\sum_i \left[\frac{(x_i-\hat x_i)^2}{s_i^2} + \log s_i^2 + \log 2\pi\right]"
    )
    each = found.posterior.kl_per_dimension()[0].tolist()
    shown = " + ".join(f"{v:.3f}" for v in each[:MOST_NUMBERS])
    dots = r" + \dots" if len(each) > MOST_NUMBERS else ""
    return [
        _steps("D", [r"-\log p(x \mid z)", form, f"{distortion:.4f}"]),
        _steps(
            r"\text{KL}",
            [
                r"\tfrac12\sum_d \left[\mu_d^2 + \sigma_d^2 - \log\sigma_d^2 - 1\right]",
                f"{shown}{dots}",
                f"{rate:.4f}",
            ],
        ),
        _steps(
            "L",
            [
                r"D + \lambda\,\text{KL}",
                rf"{distortion:.4f} + {beta:g} \times {rate:.4f}",
                rf"\mathbf{{{float(loss.total[0]):.4f}}}",
            ],
        ),
    ]


def _steps(left: str, steps: list[str]) -> str:
    """Equations below each other: beside each other they are wider than a telephone."""
    rows = r" \\ ".join(f"&= {step}" for step in steps)
    return rf"\begin{{aligned}} {left} {rows} \end{{aligned}}"
