"""The rate is what z costs; what z tells is information. No message takes the one for the other."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from vae.i18n import catalogue

ROOT = Path(__file__).resolve().parents[2]
PRICE = re.compile(r"(?<!learning )\brates?\b|\bKL\b|\{rate|\bnats\b|码率|奈特", re.IGNORECASE)
TELLS = re.compile(r"\b(carr(y|ies|ied)|kept|keeps?|tells?|told)\b|携带|保留|承载|说了多少|说出")
# A model that keeps a point keeps no rate: that is what is said of it.
UNKNOWN = re.compile(r"cannot be told|keeps a point|只保留一个点")
# Figures in nats that are no rate: what a label or a word gains is information.
INFORMATION = re.compile(r"information|surprise|labels?\b|信息|意外", re.IGNORECASE)
SENTENCE = re.compile(r"(?<=[.!?;])\s+|(?<=[。！？；])")


def takes_the_rate_for_information(text: str) -> bool:
    """Whether a sentence of a message says of a rate that it is carried, kept or told."""
    return any(
        PRICE.search(each) and TELLS.search(UNKNOWN.sub("", each)) and not INFORMATION.search(each)
        for each in SENTENCE.split(text)
    )


def messages() -> Iterator[tuple[str, str]]:
    """(English, what is said of it) of every message, in both languages."""
    for message in catalogue("zh"):
        forms = message.id if isinstance(message.id, list | tuple) else (message.id,)
        said = message.string if isinstance(message.string, list | tuple) else (message.string,)
        for text in (*forms, *said):
            yield str(forms[0]), str(text)


def test_no_message_says_that_a_rate_is_carried_kept_or_told():
    wrong = {
        (english, text) for english, text in messages() if takes_the_rate_for_information(text)
    }
    assert not wrong


@pytest.mark.parametrize("file", ["README.md", "assets/docs/*.md", "assets/notebooks/*.ipynb"])
def test_no_document_says_it_either(file):
    for document in ROOT.glob(file):
        lines = document.read_text(encoding="utf-8").splitlines()
        prose = "\n".join("" if line.startswith("|") else line for line in lines)
        for paragraph in prose.split("\n\n"):
            assert not takes_the_rate_for_information(" ".join(paragraph.split())), document.name


@pytest.mark.parametrize(
    "text",
    [
        "Healthy: 48 of 48 dimensions are active and carry {rate:.1f} nats a sentence.",
        "What is kept: {nats:.1f} nats in {z} numbers",
        "rate R, nats a sentence (how much z tells)",
        "The plain run did not collapse: it carries {plain:.2f} nats. There was nothing to cure.",
        "Nats a dimension may carry (batch mean) before its rate counts",
        "These are the dimensions that tell most (KL, mean over {sample}).",
        "码率 R，每句奈特数（z 说了多少）",
        "每句携带 {rate:.1f} 奈特",
    ],
)
def test_what_was_said_before_is_found(text):
    assert takes_the_rate_for_information(text)


@pytest.mark.parametrize(
    "text",
    [
        "The rate is {rate:.2f} nats; z tells next to nothing of a sentence.",
        "{label} is told: {nats:.2f} nats of information.",
        "A run that is resumed keeps its learning rate.",
        "It keeps a point: this sentence has no rate.",
        "z tells at least {figure} (mutual information, nats).",
    ],
)
def test_what_may_be_said_is_not(text):
    assert not takes_the_rate_for_information(text)
