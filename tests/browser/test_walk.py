"""What a page computes beside its decoder is what Python computes."""

import json

import pytest
import torch
from playwright.sync_api import Page

from tests.browser.test_decoder import WRITTEN
from tests.fakes import corpus, seeded
from vae.browser import walk_source
from vae.inference import log_prior
from vae.latent.changes import marked
from vae.latent.interpolation import lerp, slerp


def asked(page: Page, script: str, **given: object):
    found = page.evaluate(
        f"(given) => {{ {walk_source()}; return JSON.stringify({script}); }}", given
    )
    return json.loads(found)


A, B = torch.randn(2, 9, generator=seeded(4))


@pytest.mark.parametrize(
    ("a", "b"),
    [(A, B), (3 * A, 0.1 * B), (A, 2 * A), (A, -A), (torch.zeros(9), B), (A, A)],
    ids=["any", "of other length", "parallel", "opposite", "from zero", "the same"],
)
@pytest.mark.parametrize(("method", "way"), [("lerp", lerp), ("slerp", slerp)])
def test_a_place_on_the_way_is_that_of_python(page: Page, method, way, a, b):
    t = torch.linspace(0, 1, 13)
    found = asked(
        page,
        "given.t.map((t) => between(given.a, given.b, t, given.method))",
        a=a.tolist(),
        b=b.tolist(),
        t=t.tolist(),
        method=method,
    )
    torch.testing.assert_close(torch.tensor(found), way(a, b, t), atol=1e-5, rtol=1e-5)


def test_the_density_of_a_place_is_that_of_python(page: Page):
    z = torch.randn(20, 9, generator=seeded(5)) * 3
    found = asked(page, "given.z.map(logPrior)", z=z.tolist())
    torch.testing.assert_close(torch.tensor(found), log_prior(z), atol=1e-4, rtol=1e-5)


def test_the_words_that_changed_are_those_of_python(page: Page):
    random = seeded(6)
    sentences = [*WRITTEN, "", *corpus().sentences[:60]]
    # Words in another order, and sentences put together, so that blocks of several lengths match.
    for one in list(sentences):
        words = one.split()
        order = torch.randperm(len(words), generator=random).tolist()
        sentences += [" ".join(words[i] for i in order), " ".join(words[::2] + words[:3])]
    pairs = [
        (one, sentences[int(torch.randint(len(sentences), (1,), generator=random))])
        for one in sentences
        for _ in range(8)
    ]
    pairs += [(one, None) for one in sentences]
    found = asked(page, "given.pairs.map(([a, b]) => marked(a, b))", pairs=pairs)
    for (one, before), pieces in zip(pairs, found, strict=True):
        assert [tuple(piece) for piece in pieces] == marked(one, before), (one, before)
