"""Each part of the article on its place: what it says, its formula with numbers, the picture.

Every function takes a training, the row of a held-out vector and a seed, and draws one part; the
lessons draw them as well.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

import streamlit as st
import torch

from pages.common import figure_card
from pages.learn._article import formulas, plane, showing
from pages.learn._article.formulas import Walk
from vae import figures
from vae.i18n import _, ngettext, pgettext
from vae.models.vector import Gaussian, VectorVAE, vector_loss
from vae.training.vector import VectorTraining

DRAWS = 4
SAMPLES = 12
Part = Callable[[VectorTraining, int, int], None]


def manifold(training: VectorTraining, row: int, seed: int) -> None:
    """The plane of two latents under the pointer."""
    if training.model_config.latent_dim != 2:
        st.info(
            _(
                "This model has {n} latents, and a screen has two. Choose 2 latents above to walk "
                "on their plane.",
                n=training.model_config.latent_dim,
            ),
            icon=":material/info:",
        )
        return
    plane.show(training, key="article_plane")
    st.caption(
        _(
            "Move over the plane: the decoder answers in your browser. The circles are one, two "
            "and three standard deviations of the prior. Look for one thing turning into another "
            "without a break; a bad sign is a region that shows nothing you know."
        )
    )


def encoder(training: VectorTraining, row: int, seed: int) -> None:
    """x to a mean and a spread for each latent."""
    found = _walk(training, row, seed)
    left, right = showing.columns(
        _(
            "A forward network presses the vector into a few numbers: not a point, but a mean and "
            "a spread for each of them."
        ),
        formulas.encoder(found),
    )
    with left:
        on = int((found.hidden > 0).sum())
        st.caption(
            ngettext(
                "{on} of {n} hidden unit is on for this vector.",
                "{on} of {n} hidden units are on for this vector.",
                found.hidden.shape[1],
                on=on,
            )
        )
        showing.code(VectorVAE.encode)
    with right:
        showing.vectors(training, {_("what goes in"): found.x.numpy()})
        dims = found.posterior.kl_per_dimension()[0].argsort(descending=True)[:10].tolist()
        figure_card.show(
            figures.where_it_is(found.posterior, dims, [""] * found.z.shape[1]),
            key="article_posterior",
        )


def decoder(training: VectorTraining, row: int, seed: int) -> None:
    """z to a mean and a variance for each value."""
    found = _walk(training, row, seed)
    left, right = showing.columns(
        _(
            "A second network leads back: from z to a distribution over vectors. The article "
            "promises a mean and a variance, and its code gives a mean alone. Here both are "
            "learned."
        ),
        formulas.decoder(found),
    )
    with left:
        showing.code(VectorVAE.decode)
    with right:
        rows = {
            _("what goes in"): found.x.numpy(),
            _("mean of what comes back"): found.again.mean.numpy(),
        }
        if isinstance(found.again, Gaussian) and training.vectors.shape:
            rows[_("its spread (full ink: 0.5)")] = 2 * (found.again.logvar / 2).exp().numpy()
        showing.vectors(training, rows)
        st.caption(
            _("The spread is largest where handwriting differs most: at the edges of the strokes.")
            if isinstance(found.again, Gaussian) and training.vectors.shape
            else _("What comes back is expected, not drawn: the mean of the distribution.")
        )


def generation(training: VectorTraining, row: int, seed: int) -> None:
    """From the prior to a new vector."""
    z = torch.randn(1, training.model_config.latent_dim, generator=_generator(seed))
    with torch.no_grad():
        output = training.model.decode(z)
    left, right = showing.columns(
        _(
            "The article describes this step and the next in the same words, both beginning at a "
            "training vector. Generation begins at the prior: draw z, and let the decoder speak. "
            "No vector goes in."
        ),
        formulas.generation(z[0]),
    )
    with left:
        st.code("z = randn(1, Z)\nx = model.decode(z).sample(generator)", language="python")
    with right:
        showing.vectors(
            training,
            {
                _("mean at this z"): output.mean.numpy(),
                _("one draw at this z"): output.sample(_generator(seed + 1)).numpy(),
            },
        )
        st.caption(
            _(
                "A draw adds the noise of every value by itself, so it looks rougher than the "
                "mean. Another seed above gives another z."
            )
        )


def inference(training: VectorTraining, row: int, seed: int) -> None:
    """From a vector to its posterior, and draws of it."""
    found = _walk(training, row, seed)
    left, right = showing.columns(
        _(
            "Inference begins at a vector: which z may have made it? The encoder answers with a "
            "distribution. Training draws from it in a way that lets the gradient through: noise "
            "comes from outside, mean and spread are only scaled and added."
        ),
        formulas.inference(found),
    )
    with left:
        st.code("z = mean + exp(logvar / 2) * randn_like(mean)", language="python")
    many = found.posterior.rows(torch.zeros(DRAWS, dtype=torch.long))
    noise = torch.randn(many.mean.shape, generator=_generator(seed))
    with torch.no_grad():
        from_draws = training.model.decode(many.at(noise)).mean.numpy()
        from_mean = training.model.decode(found.posterior.mean).mean.numpy()
    with right:
        showing.vectors(
            training,
            {
                _("what goes in"): found.x.numpy(),
                _("from the mean"): from_mean,
                ngettext("from {n} draw", "from {n} draws", DRAWS): from_draws,
            },
        )
        st.caption(
            _(
                "Look for draws that are alike and not the same: this much doubt the model keeps. "
                "A bad sign: draws that have nothing to do with what went in."
            )
        )


def loss(training: VectorTraining, row: int, seed: int) -> None:
    """Reconstruction plus weight times KL, for one vector and for all."""
    found = _walk(training, row, seed)
    left, right = showing.columns(
        _(
            "The total loss is the reconstruction loss D plus a weight λ times the KL. With λ = 1 "
            "its mean is the negative evidence lower bound. D says how badly the vector comes "
            "back, the KL what it costs to say which z it was: both in nats, summed over it."
        ),
        formulas.total(found),
    )
    with left:
        showing.code(vector_loss)
    with right:
        figure_card.show(
            figures.vector_curves({"": tuple(training.history)}, training.config.epochs),
            key="article_curves",
        )


def samples(training: VectorTraining, row: int, seed: int) -> None:
    """New vectors from the prior."""
    z = torch.randn(3 * SAMPLES, training.model_config.latent_dim, generator=_generator(seed))
    with torch.no_grad():
        means = training.model.decode(z).mean.numpy()
    st.markdown(
        _(
            "Draw z from the prior, decode, done. The article's listing encodes a test vector "
            "instead and decodes its mean: that is a reconstruction, and nothing new."
        )
    )
    showing.sheet(
        training,
        {_("new, {i}", i=i + 1): means[i * SAMPLES : (i + 1) * SAMPLES] for i in range(3)},
        _("What does it make up?"),
        _(
            "Look for things that you would know. A bad sign: mixtures of two, from places where "
            "no vector of the training lies; more latents leave more of them."
        ),
        key="article_samples",
    )


def test_set(training: VectorTraining, row: int, seed: int) -> None:
    """Held-out vectors: encoded, brought back, measured."""
    vectors = training.vectors
    x = torch.from_numpy(vectors.held_out)
    with torch.no_grad():
        posterior = training.model.encode(x)
        means = training.model.decode(posterior.mean[:SAMPLES]).mean.numpy()
    last = training.history[-1]
    columns = st.columns(3)
    columns[0].metric(_("Distortion"), _("{nats:.1f} nats", nats=last.distortion))
    columns[1].metric(_("Rate"), _("{nats:.1f} nats", nats=last.rate))
    columns[2].metric(_("ELBO"), _("{nats:.1f} nats", nats=-last.distortion - last.rate))
    showing.sheet(
        training,
        {
            _("what goes in"): vectors.held_out[:SAMPLES],
            _("what comes back"): means,
        },
        _("Does what it has never seen come back?"),
        _("Look for pairs that are the same. A bad sign: every pair comes back as the same thing."),
        key="article_test",
    )

    def table():
        import pandas as pd

        named = [f"z{d}" for d in range(posterior.mean.shape[1])]
        frame = pd.DataFrame(posterior.mean.numpy().round(4), columns=named)
        frame.insert(0, pgettext("column", "label"), vectors.held_out_labels)
        return frame

    figure_card.data(
        table,
        key="article_encoded",
        file_name="held-out-encoded",
        label=_("The test set, encoded: the posterior mean of every held-out vector"),
    )


PARTS: Mapping[str, Part] = {
    "plane": manifold,
    "encoder": encoder,
    "decoder": decoder,
    "generation": generation,
    "inference": inference,
    "loss": loss,
    "samples": samples,
    "test": test_set,
}
"""By the names of `links.ARTICLE`."""


# -- what they share ------------------------------------------------------------------------------


def _walk(training: VectorTraining, row: int, seed: int) -> Walk:
    x = torch.from_numpy(training.vectors.held_out[row : row + 1])
    return formulas.walk(training.model, x, seed, training.config.beta)


def _generator(seed: int) -> torch.Generator:
    return torch.Generator().manual_seed(seed)
