"""From a moved slider to its text on screen, in headless Chromium, against a bare Streamlit app.

The bare app is a slider and a text. In one run, in the same way, this measures for it and for the
pages Interpolate and Dimensions

- a move: from the key event to the change of the text in the page, which for our pages is the
  decoded sentence at the new position. The next key follows when the text is there.
- a release: from the pointer's release to what Python made of it: the text of the bare app; for
  our pages the sliders drawn again with the new state. What the browser itself then finds at the
  ends of the dials (Dimensions) is not waited for.

Run by hand, where little else runs: python -m tests.benchmarks.slider [RUN] [--moves N]
"""

from __future__ import annotations

import argparse
import re
import tempfile
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from playwright.sync_api import FloatRect, Page, expect, sync_playwright

from tests.e2e.browsing import DESKTOP, ROOT, launch, serve, visit

BARE = """
import streamlit as st

st.title("Bare")
value = st.slider("Position", 0, 60, 30)
with st.container(key="said"):
    st.markdown(f"The slider stands at {value}.")
"""
TARGETS = {"moves": 1.5, "releases": 2.0}

# `at` finds what is watched; it may lie in the shadow tree of a component, or be replaced by a
# rerun, so that a change is one of its text or of its children.
WATCH = """
([event, css, deep]) => {
    const find = () => {
        if (!deep) return document.querySelector(css);
        for (const host of document.querySelectorAll('*')) {
            const found = host.shadowRoot?.querySelector(css);
            if (found) return found;
        }
        return document.querySelector(css);
    };
    window.measured = [];
    let began = null, before = '';
    document.addEventListener(event, (e) => {
        began = e.timeStamp;
        before = find().textContent;
    }, { capture: true });
    const root = deep ? find() : document.querySelector('[data-testid="stMain"]');
    new MutationObserver(() => {
        if (began === null || (!deep && find()?.textContent === before)) return;
        window.measured.push(performance.now() - began);
        began = null;
    }).observe(root, { childList: true, characterData: !deep, subtree: !deep });
}
"""


@dataclass(frozen=True)
class Subject:
    """One page: where its text is, and what a rerun draws again."""

    name: str
    text: str
    redrawn: str
    deep: bool  # inside a component


BARE_PAGE = Subject("bare app", ".st-key-said", ".st-key-said", False)
INTERPOLATE = Subject("Interpolate", ".sentence", ".lines", True)
DIMENSIONS = Subject("Dimensions", ".sentence", ".lines", True)


def wait_for_mark(page: Page, count: int) -> None:
    page.wait_for_function("n => window.measured.length >= n", arg=count)


def moves(page: Page, subject: Subject, n: int) -> np.ndarray:
    """Milliseconds from key to text for n moves, to and fro over the whole slider."""
    slider = page.get_by_role("slider").first
    steps = int(slider.get_attribute("max") or 60)
    slider.focus()
    page.keyboard.press("Home")
    page.wait_for_timeout(1500)
    page.evaluate(WATCH, ["keydown", subject.text, subject.deep])
    for i in range(n):
        page.keyboard.press("ArrowRight" if i // steps % 2 == 0 else "ArrowLeft")
        wait_for_mark(page, i + 1)
    return np.array(page.evaluate("window.measured"))


def releases(page: Page, subject: Subject, n: int) -> np.ndarray:
    """Milliseconds from the release of the pointer to the answer of Python, n times."""
    page.evaluate(WATCH, ["pointerup", subject.redrawn, subject.deep])
    rng = np.random.default_rng(0)
    last = page.get_by_role("slider").first.evaluate("e => (e.value - e.min) / (e.max - e.min)")
    for i in range(n):
        box = track(page)
        share = last
        while abs(share - last) < 0.15:
            share = rng.uniform(0.05, 0.95)
        last = share
        middle = box["y"] + box["height"] / 2
        page.mouse.move(box["x"] + share * box["width"], middle)
        page.mouse.down()
        page.mouse.up()
        wait_for_mark(page, i + 1)
        page.wait_for_timeout(150)
    return np.array(page.evaluate("window.measured"))


def track(page: Page) -> FloatRect:
    """Where the slider can be pressed; the input of Streamlit's own lies inside its thumb."""
    box = page.get_by_role("slider").first.bounding_box()
    assert box is not None
    own = page.get_by_test_id("stSlider")
    if own.count() and (whole := own.first.bounding_box()):
        box["x"], box["width"] = whole["x"], whole["width"]
    return box


def said(name: str, values: np.ndarray) -> str:
    p50, p95 = np.percentile(values, [50, 95])
    return f"  {name:<13} median {p50:7.1f}  p95 {p95:7.1f}  max {values.max():7.1f} ms"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("run", nargs="?", default="factors")
    parser.add_argument("--moves", type=int, default=60)
    parser.add_argument("--releases", type=int, default=40)
    options = parser.parse_args()
    found: dict[str, dict[str, np.ndarray]] = {"moves": {}, "releases": {}}
    with tempfile.TemporaryDirectory() as name, sync_playwright() as playwright:
        bare, ours = Path(name) / "bare", Path(name) / "ours"
        for folder in (bare, ours):
            folder.mkdir()
        (bare / "app.py").write_text(BARE, encoding="utf-8")
        browser = launch(playwright)
        with serve(bare / "app.py", bare) as plain, serve(ROOT / "app.py", ours) as app:
            subjects = [
                (BARE_PAGE, plain.address()),
                (INTERPOLATE, app.address("interpolate", run=options.run)),
                (DIMENSIONS, app.address("dimensions", run=options.run)),
            ]
            for measure, n in ((moves, options.moves), (releases, options.releases)):
                for subject, address in subjects:
                    page = browser.new_context(viewport=DESKTOP).new_page()
                    visit(page, address)
                    expect(page.get_by_role("slider").first).to_be_visible()
                    close = page.get_by_role("dialog").get_by_role("button", name=re.compile("."))
                    if close.count():
                        close.first.click()
                    found[measure.__name__][subject.name] = measure(page, subject, n)
                    page.context.close()
        browser.close()
    for kind, by_name in found.items():
        what = "key to text" if kind == "moves" else "release to Python's answer"
        print(f"{what}, {len(next(iter(by_name.values())))} {kind}:")
        limit = np.percentile(by_name["bare app"], 95)
        for name, values in by_name.items():
            ratio = np.percentile(values, 95) / limit
            mark = "" if name == "bare app" else f"  p95 ratio {ratio:.2f} (target {TARGETS[kind]})"
            print(said(name, values) + mark)


if __name__ == "__main__":
    main()
