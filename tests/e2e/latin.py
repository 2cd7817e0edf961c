"""Words in Latin letters that stand on a page which speaks Chinese, and those that may."""

from __future__ import annotations

import json
import re
from functools import cache

from playwright.sync_api import Page

from tests.e2e.browsing import ROOT
from vae.config import CONFIG_PARTS

_NAMES = """
    English Latent Lens factors factors-collapsed docstrings Ctrl end Miller Bosc Vincent
    VAE ELBO KL NLL IW PPL MI AU UMAP PCA DCI MIG SAP MMD ICA FastICA GRU LSTM Adam AdamW lerp slerp
    log ln exp max min dim nan ms MB kB GB CPU GPU PTB beta mu sigma logvar unk bf16 fp32 softmax
    Wilson Student Hoffman Johnson Burda Higgins Alemi Bowman Fu Kingma Li He Zhu Zhao Shen Razavi
    Kim Mnih Chen Eastwood Williams Ridgeway Kumar Poole Ross Hyvärinen Oja Okabe Ito Nuñez Hewitt
    Liang Sundararajan Spearman DELLA InfoVAE BN-VAE DAAE Venna Kaski Cohen Efron Grosse Locatello
    Linzen Python PyTorch PyPI HTML CSV TSV JSON JSONL UTF-8 txt csv tsv jsonl parquet zip npz
"""
NAMES = frozenset(_NAMES.split())
"""What is written alike in every language: names of people, models, methods, files, signs."""

SETTINGS = frozenset(
    word
    for part, config in CONFIG_PARTS.items()
    for name in (part, *config.__dataclass_fields__)
    for word in (name, name.replace("_", "-"))
)

_SAID = """() => {
    const kept = "script, style, code, pre, kbd, textarea, [translate=no], [aria-hidden=true], "
        + "[data-testid=stIconMaterial], [data-testid=stToolbar], [data-testid=stStatusWidget], "
        + "[data-testid=stSkipToContent]";
    const shown = (node, element) => {
        const range = document.createRange();
        range.selectNodeContents(node);
        for (const box of range.getClientRects()) {
            if (box.width > 1 && box.height > 1) {
                return getComputedStyle(element).visibility !== "hidden";
            }
        }
        return false;
    };
    const said = [];
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) {
        const text = walker.currentNode.textContent.trim();
        const element = walker.currentNode.parentElement;
        if (!text || !element || element.closest(kept)) continue;
        if (shown(walker.currentNode, element)) said.push(text);
    }
    for (const element of document.querySelectorAll("[placeholder], [role=img][aria-label]")) {
        if (!element.closest(kept)) {
            said.push(element.getAttribute("placeholder") || element.getAttribute("aria-label"));
        }
    }
    return said;
}"""

_WORD = re.compile(r"[A-Za-zÀ-ÿ][A-Za-zÀ-ÿ'’]*(?:-[A-Za-zÀ-ÿ0-9]+)*\d*")
_CODE = re.compile(r"`[^`]*`|https?:\S+|[\w-]+\.(?:py|csv|json|html|npz|safetensors)\b")
_QUOTED = re.compile(r"“[^”]*”")
_CHINESE = re.compile(r"[\u4e00-\u9fff]")


def foreign(page: Page, run: str) -> list[str]:
    """The texts on a page in which an English word is left that is no name, code or user text.

    A text that has no Chinese in it may consist of the words of the run's corpus: then it is a
    sentence of the corpus or of the model. Among Chinese only what is quoted may, and labels with
    their values.
    """
    words, labels = corpus_words(run)
    found = []
    for text in page.evaluate(_SAID):
        plain = _CODE.sub("", text)
        chinese = _CHINESE.search(plain)
        quoted = " ".join(_QUOTED.findall(plain)) if chinese else plain
        unquoted = _QUOTED.sub("", plain) if chinese else ""
        strange = [*_strange(quoted, words | labels), *_strange(unquoted, labels)]
        if strange:
            found.append(f"{' '.join(strange)} | {text[:140]}")
    return found


def _strange(text: str, known: frozenset[str]) -> list[str]:
    return [
        word
        for word in _WORD.findall(text)
        if len(word) > 1 and word not in NAMES | SETTINGS and word.lower() not in known
    ]


@cache
def corpus_words(run: str) -> tuple[frozenset[str], frozenset[str]]:
    """The words that a run's tokenizer knows, and its labels with their values; in lower case."""
    from vae import Explorer

    explorer = Explorer.load(run)
    stored = json.loads((ROOT / "assets/runs" / run / "tokenizer.json").read_text(encoding="utf-8"))
    vocabulary = {word.lower() for word in stored["model"]["vocab"]}
    labels = {
        part.lower()
        for name, values in explorer.atlas.labels.items()
        for value in (name, *values)
        for part in _WORD.findall(value)
    }
    labels |= {"length", "words"}  # of the label that every corpus has: its sentences' length
    return frozenset(vocabulary), frozenset(labels)
