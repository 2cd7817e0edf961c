"""Words of very many points in the browser: fetched where they are asked for, once, in blocks."""

import gzip
import json
import re
from urllib.parse import urlparse

import numpy as np
import pytest
from playwright.sync_api import Page, expect

from tests.browser.map_page import MapPage
from tests.browser.test_point_map import lone, points

N = 400
SENTENCES = [f"Sentence {i}, of “{i % 7}”, " + "long " * (i % 90) + "é." for i in range(N)]


@pytest.fixture
def fetched(page: Page) -> list[str]:
    """Answers for the files of a map, and the list of what was asked for."""
    text = [sentence.encode() for sentence in SENTENCES]
    starts = np.concatenate([[0], np.cumsum([len(each) for each in text])]).astype("<u4")
    files = {
        "text.u8": b"".join(text),
        "starts.u32": starts.tobytes(),
        "label-0.u8": (np.arange(N) % 3).astype("<u1").tobytes(),
        "measures.u16": (np.arange(N) % 5).astype("<u2").tobytes(),
    }
    asked: list[str] = []

    def answer(route):
        name = urlparse(route.request.url).path.rsplit("/", 1)[-1]
        bounds = re.fullmatch(r"bytes=(\d+)-(\d+)", route.request.headers.get("range", ""))
        asked.append(name + (f":{bounds[1]}" if bounds else ""))
        body = files[name]
        if not bounds:
            return route.fulfill(body=body)
        return route.fulfill(status=206, body=body[int(bounds[1]) : int(bounds[2]) + 1])

    page.route("**/large-map/**", answer)
    return asked


@pytest.fixture
def shown(page: Page, fetched) -> MapPage:
    shown = MapPage(page, points(), np.arange(N) % 3, fetches=True)
    words = {
        "files": {"text": "/large-map/a/text.u8", "starts": "/large-map/a/starts.u32"},
        "labels": {
            "kind": {"values": ["no", "one", "two"], "url": "/large-map/a/label-0.u8", "width": 1}
        },
        "measures": {
            "values": [f"{i} words" for i in range(5)],
            "url": "/large-map/a/measures.u16",
            "width": 2,
        },
        "longest": 400,
    }
    packed = list(gzip.compress(json.dumps(words).encode()))
    page.evaluate(
        """async (packed) => map.setWords(await readWords(Uint8Array.from(packed).buffer))""",
        packed,
    )
    return shown


def test_nothing_is_fetched_before_a_point_is_asked_for(shown, fetched):
    assert fetched == []


def test_the_sentence_at_the_pointer_comes_with_its_labels(shown, fetched):
    row = lone(points())
    shown.page.mouse.move(*shown.spot(row))
    card = shown.page.locator(".card")
    expect(card).to_contain_text(SENTENCES[row])
    expect(card).to_contain_text(["no", "one", "two"][row % 3])
    expect(card).to_contain_text(f"{row % 5} words")
    assert sorted(fetched[:3]) == ["label-0.u8", "measures.u16", "starts.u32"]


def test_every_sentence_is_read_whole_across_blocks_and_each_block_once(shown, fetched):
    said = shown.page.evaluate(
        """async () => {
            const said = [];
            const soon = () => new Promise((done) => setTimeout(done, 5));
            for (let row = 0; row < map.grid.n; row++) {
                for (let i = 0; i < 999 && !map.words.ready(row); i++) await soon();
                said.push(map.words.sentence(row));
            }
            return said;
        }"""
    )
    assert said == [sentence[:400] for sentence in SENTENCES]
    assert len(fetched) == len(set(fetched))
    assert sum(name.startswith("text.u8") for name in fetched) > 1
