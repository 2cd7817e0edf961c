"""The encoder in a browser reads what Python reads, and keeps it where Python keeps it."""

from __future__ import annotations

import base64
import json

import numpy as np
import pytest
import torch

from tests import fakes
from vae.browser import (
    decoder_source,
    encoder_refusal,
    encoder_source,
    pack,
    pack_encoder,
)
from vae.config import DataConfig
from vae.corpora import factors, factors_zh
from vae.errors import UserError
from vae.explorer import Explorer
from vae.runs.catalogue import shipped_runs
from vae.tokenizer import Tokenizer

TOLERANCE = 0.01
"""Of a posterior mean, in standard deviations of the prior: weights are in half precision here."""

AWKWARD = (
    "The dogs' bowl isn't empty, is it?",
    "well-known  words\tand\u00a0blanks\u3000here - and -there-",
    "ＦＵＬＬ width ﬁ ligature, İstanbul, ΣΊΣΥΦΟΣ, Straße",
    "她喜欢汤。 не знаю! \u0e20\u0e32\u0e29\u0e32 हिन्दी",
    "<unk> <pad> <eos> < unk >",
    "a👨‍👩‍👧‍👦b 👍🏽 e\u0301 \u200b\u200d x\u0301\u0302",
    "2.5 i.e. 3_4 don’t l’été ‘so’ “so” ½ ² Ⅳ ①",
    "",
    "   ",
    " \u0301a  \u0301b \u00a0c ",
)


class EncoderPage:
    """The encoder of a run, in a tab."""

    def __init__(self, page, explorer):
        self.page = page
        page.set_content("<!doctype html>")
        source = f"{decoder_source()}\n{encoder_source()}".replace("export class", "class")
        blobs = [base64.b64encode(b).decode() for b in (pack(explorer), pack_encoder(explorer))]
        page.evaluate(
            """([source, blobs]) => {
                const script = document.createElement("script");
                script.textContent = source + "; window.Encoder = Encoder;";
                document.head.append(script);
                const bytes = (text) => Uint8Array.from(atob(text), (s) => s.charCodeAt(0)).buffer;
                window.encoder = Encoder.read(...blobs.map(bytes));
            }""",
            [source, blobs],
        )

    def words(self, sentences):
        """The tokens of each sentence as they are written."""
        told = "(given) => JSON.stringify(given.map((s) => encoder.words(s)))"
        return json.loads(self.page.evaluate(told, list(sentences)))

    def encode(self, sentences):
        """What is found of each sentence."""
        return json.loads(
            self.page.evaluate(
                """(given) => JSON.stringify(given.map((sentence) => {
                    const found = encoder.encode(sentence);
                    return found && {...found, mean: [...found.mean], logvar: [...found.logvar]};
                }))""",
                list(sentences),
            )
        )


def explorer_of(tmp_path, model, words=None, name="run"):
    run = fakes.store_run(tmp_path / name, model)
    if words is not None:
        run.write_text("tokenizer.json", words.to_json())
    return Explorer.load(run)


@pytest.mark.parametrize("cell", ["gru", "lstm", "transformer"])
@pytest.mark.parametrize("layers", [1, 2])
def test_posteriors_are_those_of_python(page, tmp_path, cell, layers):
    made = {"architecture": "transformer"} if cell == "transformer" else {"cell": cell}
    explorer = explorer_of(tmp_path, fakes.tiny(layers=layers, spread=2.0, **made))
    assert_same(EncoderPage(page, explorer), explorer, fakes.corpus().sentences[:40])


def test_normalised_means_are_those_of_python(page, tmp_path):
    model = fakes.tiny(mean_scale=0.6, spread=2.0)
    with torch.no_grad():
        for name, values in model.mean_norm.state_dict().items():
            if name != "seen":
                values.copy_(torch.rand(values.shape, generator=fakes.seeded()) + 0.2)
    explorer = explorer_of(tmp_path, model)
    assert_same(EncoderPage(page, explorer), explorer, fakes.corpus().sentences[:20])


@pytest.mark.parametrize("run", shipped_runs())
def test_shipped_runs_keep_a_sentence_where_python_keeps_it(page, run):
    explorer = Explorer.load(run)
    sentences = [*explorer.examples(), *factors.generate(100, seed=5).sentences]
    assert_same(EncoderPage(page, explorer), explorer, sentences)


def assert_same(tab, explorer, sentences):
    found, posterior = tab.encode(sentences), explorer.encode(sentences)
    for i, sentence in enumerate(sentences):
        assert found[i]["tokens"] == explorer.backend.tokenizer.encode(sentence)
        assert found[i]["unknown"] == explorer.unknown_words(sentence)
    for name in ("mean", "logvar"):
        ours = np.array([each[name] for each in found])
        assert np.abs(ours - getattr(posterior, name).numpy()).max() < TOLERANCE


@pytest.mark.parametrize("scheme", ["word", "space", "character"])
def test_a_browser_finds_the_words_that_python_finds(page, tmp_path, scheme):
    seen = [*fakes.corpus().sentences[:100], *AWKWARD]
    words = Tokenizer.train(seen, DataConfig(scheme, vocabulary=400, min_count=1))
    explorer = explorer_of(tmp_path, fakes.tiny(vocabulary_size=len(words), max_length=60), words)
    tab = EncoderPage(page, explorer)
    assert tab.words(seen) == [words.tokens(sentence) for sentence in seen]
    for sentence, found in zip(seen, tab.encode(seen), strict=True):
        told = words.encode(sentence)
        assert (found["tokens"] if found else [3]) == told


def test_a_browser_finds_the_words_of_a_lexicon_that_python_finds(page, tmp_path):
    seen = factors_zh.generate(200).sentences
    words = Tokenizer.train(seen, DataConfig(min_count=1), factors_zh.CHINESE.lexicon)
    explorer = explorer_of(tmp_path, fakes.tiny(vocabulary_size=len(words), max_length=60), words)
    tab = EncoderPage(page, explorer)
    asked = [*seen, *AWKWARD, "奶奶昨天吃了巧克力蛋糕，hello 2 吗？", "上周上周末上周日"]
    assert tab.words(asked) == [words.tokens(sentence) for sentence in asked]
    for sentence, found in zip(asked, tab.encode(asked), strict=True):
        assert (found["tokens"] if found else [3]) == words.encode(sentence)


@pytest.mark.parametrize("lexicon", [(), ("猫",)], ids=["words", "lexicon"])
def test_every_sign_is_of_a_word_or_not_as_in_python(page, tmp_path, lexicon):
    """Of each code point, beside letters: the two engines know other versions of Unicode, so a few
    that are new in one of them may differ."""
    words = fakes.tokenizer()
    if lexicon:
        words = Tokenizer.train([*lexicon, "a"], DataConfig(min_count=1), lexicon)
    model = fakes.tiny(vocabulary_size=len(words))
    explorer = explorer_of(tmp_path, model, words)
    signs = [chr(c) for c in range(0x30000) if not 0xD800 <= c < 0xE000]
    tab = EncoderPage(page, explorer)
    asked = [f"a{sign}b" for sign in signs]
    found = tab.words(asked)
    pairs = zip(signs, asked, found, strict=True)
    wrong = [f"{ord(s):x}" for s, text, ours in pairs if ours != words.tokens(text)]
    assert len(wrong) < 0.01 * len(signs), wrong[:200]
    common = [w for w in wrong if int(w, 16) < 0x800]
    assert not common, common


def test_a_tokenizer_of_an_earlier_version_is_told_apart(page, tmp_path):
    text = fakes.tokenizer().to_json()
    stored = json.loads(text)
    stored["pre_tokenizer"]["pattern"] = {"Regex": r"<unk>|\w+(?:['’\-]\w+)*|[^\w\s]"}
    words = Tokenizer.from_json(json.dumps(stored))
    assert fakes.tokenizer().finds_clusters
    assert not words.finds_clusters
    explorer = explorer_of(tmp_path, fakes.tiny(), words)
    family = "she 👨‍👩‍👧‍👦 loves"
    assert EncoderPage(page, explorer).words([family]) == [words.tokens(family)]


def test_what_cannot_be_read_is_refused_in_a_sentence(tmp_path):
    words = fakes.tokenizer("bpe")
    model = fakes.tiny(vocabulary_size=len(words))
    explorer = explorer_of(tmp_path, model, words)
    assert "pieces of words" in str(encoder_refusal(explorer))
    with pytest.raises(UserError, match="pieces of words"):
        pack_encoder(explorer)
