"""The decoder in JavaScript says what PyTorch says, for every make of decoder."""

from pathlib import Path

import pytest
import torch
from playwright.sync_api import Page

from tests.browser.agreement import agreement, rounded
from tests.browser.pages import FAST, PLAIN, DecoderPage
from tests.fakes import corpus, seeded, store_run, tiny, tokenizer
from vae.browser import TOLERANCE, pack
from vae.config import DataConfig
from vae.decoding import sample
from vae.explorer import Explorer
from vae.models import TrainableVAE
from vae.tokenizer import SPECIAL, Tokenizer

# Wide enough to fill more than one block of rows, and odd, so that every block has a rest.
MAKES = {
    "gru": {"cell": "gru"},
    "gru of three layers": {"cell": "gru", "layers": 3},
    "lstm": {"cell": "lstm", "latent_dim": 5},
    "lstm of two layers": {"cell": "lstm", "layers": 2},
    "transformer": {"architecture": "transformer"},
    "transformer of three layers": {"architecture": "transformer", "layers": 3, "latent_dim": 7},
}
# Sums of fp32 in another order: far out, torch itself is 2e-4 from its double precision.
ROUNDING = 5e-4


def packed(path: Path, model: TrainableVAE) -> bytes:
    return pack(Explorer.load(store_run(path / "run", model)))


def latents(model: TrainableVAE, n: int = 120) -> torch.Tensor:
    """Draws of the prior, the second half of them far out."""
    z = torch.randn(n, model.config.latent_dim, generator=seeded(1))
    z[n // 2 :] *= 5
    return z


@pytest.mark.parametrize("policy", [FAST, PLAIN], ids=["WebAssembly", "plain"])
@pytest.mark.parametrize("make", MAKES.values(), ids=MAKES)
def test_it_says_what_pytorch_says(page: Page, tmp_path: Path, make, policy):
    model = tiny(spread=2.0, **make)
    decoder = DecoderPage(page, packed(tmp_path, model), policy)
    assert decoder.fast is (policy == FAST)
    z = latents(model)
    said = decoder.greedy(z)
    assert len({one["text"] for one in said}) > 10, "a decoder that always says the same"
    same = agreement(rounded(model), z, said)
    assert same.worst_nats < ROUNDING
    assert same.worst_gap < ROUNDING
    halved = agreement(model, z, said)
    assert halved.tokens == sum(len(one["logp"]) for one in said)
    assert halved.worst_nats < TOLERANCE
    assert halved.worst_gap < TOLERANCE


@pytest.mark.parametrize("make", MAKES.values(), ids=MAKES)
def test_it_draws_the_tokens_that_torch_draws_from_the_seed(page: Page, tmp_path: Path, make):
    model = tiny(spread=2.0, **make)
    decoder, z = DecoderPage(page, packed(tmp_path, model)), latents(model)
    ours = sample(rounded(model), z, seeded(7), 0.8)
    said = decoder.sample(z, temperature=0.8, seed=7)
    # A number that falls on the border of two tokens may fall on either side.
    assert sum(a == b["tokens"] for a, b in zip(ours, said, strict=True)) >= len(z) - 1
    alone = decoder.sample(z[5:6], temperature=0.8, seed=7, row=5)
    assert alone == said[5:6]
    other = decoder.sample(z, temperature=0.8, seed=8)
    assert [one["tokens"] for one in other] != [one["tokens"] for one in said]


@pytest.mark.parametrize("make", MAKES.values(), ids=MAKES)
def test_it_scores_sentences_that_it_is_given(page: Page, tmp_path: Path, make):
    model = tiny(spread=2.0, **make)
    ex = Explorer.load(store_run(tmp_path / "run", rounded(model)))
    sentences = list(corpus().sentences[:40])
    z = latents(model, len(sentences))
    ids = [row[:-1] for row in tokenizer().encode_batch(sentences)]
    found = DecoderPage(page, pack(ex)).score(z, ids)
    for ours, theirs in zip(ex.log_likelihood(sentences, z), found, strict=True):
        torch.testing.assert_close(torch.tensor(theirs), ours, atol=ROUNDING, rtol=0)


def test_a_sentence_without_an_end_stops_at_the_greatest_length(page: Page, tmp_path: Path):
    model = tiny(architecture="transformer")
    with torch.no_grad():
        model.output_bias[3] = -1e4
    decoder = DecoderPage(page, packed(tmp_path, model))
    (said,) = decoder.greedy(latents(model, 2)[:1])
    assert len(said["tokens"]) == len(said["logp"]) == model.config.max_length
    assert not said["ended"]
    assert len(decoder.score(latents(model, 2)[:1], [said["tokens"]])[0]) == 21


# What no generated sentence holds: quotes, numbers, names, scripts without blanks, odd cases.
WRITTEN = [
    "She said \"I'm here, i.e. at 2.5 km\" and left (at 3 o'clock).",
    "The dogs' bowl isn't McDonald's; it's the 'best' one, e.g. i'll say so!",
    "In New York the NASA, or iPhone users ... I think i is i; İstanbul and ΟΔΟΣ too.",
    "我住在北京，他说：好吗？是的！我们有2.5个苹果; ok, iPhone很好。",
    "きのうパン（大きい）を食べた。한국어 문장 하나. ภาษาไทยด้วย",
    "Straße, ﬁne ŉ x² naïve café — “Quoted” text/with: signs & 👩‍👩‍👧 emoji",
    "a_b _c don’t I’ve i’m well-known #1 $5 50% [x] {y} <unk> <pad> « voilà »",
]


@pytest.mark.parametrize("scheme", ["word", "space", "bpe", "character"])
def test_it_writes_sentences_as_python_does(page: Page, tmp_path: Path, scheme: str):
    texts = WRITTEN * 3 + list(corpus().sentences[:100])
    words = Tokenizer.train(texts, DataConfig(scheme, vocabulary=600, min_count=1))
    run = store_run(tmp_path / "run", tiny(vocabulary_size=len(words)))
    run.write_text("tokenizer.json", words.to_json())
    decoder = DecoderPage(page, pack(Explorer.load(run)))
    given = [row[:-1] for row in words.encode_batch(texts)]
    random = seeded(3)
    for _ in range(3000):
        n = int(torch.randint(0, 14, (1,), generator=random))
        given.append(torch.randint(len(SPECIAL), len(words), (n,), generator=random).tolist())
    given = [[i for i in row if i >= len(SPECIAL)] for row in given]
    for ids, text in zip(given, decoder.texts(given), strict=True):
        assert text == words.decode(ids), ids


def test_what_is_no_decoder_is_refused(page: Page, tmp_path: Path):
    decoder = DecoderPage(page, packed(tmp_path, tiny()))
    with pytest.raises(Exception, match="latents of 4 numbers"):
        decoder.greedy(torch.zeros(1, 3))
    with pytest.raises(Exception, match="a temperature above 0"):
        decoder.sample(torch.zeros(1, 4), temperature=0)
