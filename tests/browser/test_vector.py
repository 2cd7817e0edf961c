"""A vector VAE in the browser says what it says in Python."""

import base64
from functools import cache

import numpy as np
import pytest
import torch
from playwright.sync_api import Page

from tests import fakes
from tests.training.test_vector import few
from vae.browser import pack_vector, vector_source
from vae.corpora.vectors import binary_digits, sentence_vectors
from vae.errors import UserError
from vae.training.vector import VectorTrainConfig, VectorTraining, train_vectors

ASK = """async ([source, weights, points, method]) => {
    const address = URL.createObjectURL(new Blob([source], { type: "text/javascript" }));
    const { VectorDecoder } = await import(address);
    const bytes = Uint8Array.from(atob(weights), (sign) => sign.charCodeAt(0));
    const decoder = VectorDecoder.read(bytes.buffer);
    return points.map((z) => Array.from(decoder[method](z, 5)));
}"""


@cache
def trained(kind: str) -> VectorTraining:
    config = VectorTrainConfig(epochs=5)
    if kind == "sentences":
        vectors = sentence_vectors(fakes.corpus().sentences, 16)
        return train_vectors(vectors, config, latent_dim=2)
    if kind == "bernoulli":
        return train_vectors(few(200, binary_digits()), config, likelihood=kind, latent_dim=2)
    return train_vectors(few(), config, latent_dim=2)


def asked(page: Page, blob: bytes, z: torch.Tensor, method: str):
    page.goto("about:blank")
    weights = base64.b64encode(blob).decode()
    return page.evaluate(ASK, [vector_source(), weights, z.tolist(), method])


@pytest.mark.parametrize("kind", ["gaussian", "bernoulli", "sentences"])
def test_the_browser_decodes_as_python_does(page, kind):
    model = trained(kind).model
    z = 2 * torch.randn(50, 2, generator=fakes.seeded())
    found = asked(page, pack_vector(model), z, "mean")
    with torch.no_grad():
        np.testing.assert_allclose(found, model.decode(z).mean, atol=5e-3)


def test_the_browser_reads_the_words_of_a_sentence_as_python_does(page):
    training = trained("sentences")
    terms = training.vectors.terms
    z = torch.randn(20, 2, generator=fakes.seeded())
    found = asked(page, pack_vector(training.model, terms), z, "words")
    with torch.no_grad():
        expected = [terms.strongest(row.numpy(), 5) for row in training.model.decode(z).mean]
    for one, other in zip(found, expected, strict=True):
        assert [w for _, w in one] == pytest.approx([w for _, w in other], abs=5e-3)
        assert {word for word, _ in one} & {word for word, _ in other}


def test_a_weight_that_half_precision_cannot_hold_is_refused_in_words():
    model = train_vectors(few(), VectorTrainConfig(epochs=1)).model
    with torch.no_grad():
        model.unfold.bias[0] = 1e6
    with pytest.raises(UserError, match="too large"):
        pack_vector(model)
