"""Words in Latin letters that stand on a page which speaks Chinese, and those that may."""

from __future__ import annotations

import json
import re
from functools import cache

from playwright.sync_api import Page

from tests.e2e.browsing import ROOT
from tests.latin import WORD, strange

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

_QUOTED = re.compile(r"(?<=“)[^”]*(?=”)")
_OF_A_LINK = re.compile(r"\w+=\S+")
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
        if _OF_A_LINK.fullmatch(text):
            continue
        chinese = _CHINESE.search(text)
        quoted = " ".join(_QUOTED.findall(text)) if chinese else text
        unquoted = text if chinese else ""
        left = [*strange(quoted, words | labels), *strange(unquoted, labels)]
        if left:
            found.append(f"{' '.join(left)} | {text[:140]}")
    return found


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
        for part in WORD.findall(value)
    }
    labels |= {"length", "words"}  # of the label that every corpus has: its sentences' length
    return frozenset(vocabulary), frozenset(labels)
