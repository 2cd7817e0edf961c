"""The page to take along: from a disk, network off, on a phone, it says what PyTorch says."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
import torch
from playwright.sync_api import Browser, Page, expect

from tests.e2e.browsing import DESKTOP, PHONE
from vae.explorer import Explorer
from vae.latent.changes import marked
from vae.latent.interpolation import slerp
from vae.latent.places import Neighbourhoods
from vae.sharing import page as taken

VIEWS = ("map", "path", "dials", "samples", "collapse", "replay", "about")


@pytest.fixture(scope="module")
def explorer() -> Explorer:
    return Explorer.load("factors")


@pytest.fixture(scope="module")
def file(explorer: Explorer, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("stick") / "factors.html"
    path.write_text(taken.make(explorer, seed=7), encoding="utf-8")
    assert path.stat().st_size <= 8_000_000
    return path


class Taken:
    """The page in a tab without a network, and what it asked for."""

    def __init__(self, page: Page, file: Path, view: str = "map") -> None:
        self.page, self.asked, self.complaints = page, [], []
        page.on("request", lambda request: self.asked.append(request.url))
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("console", lambda message: self.complaints.append(message.text))
        page.goto(f"{file.as_uri()}#{view}")
        expect(page.locator(f"#tab-{view}")).to_have_attribute("aria-selected", "true")

    def said(self, view: str = "map") -> str:
        """What stands large in a view."""
        element = self.page.locator(f"#{view}-said")
        expect(element).to_have_attribute("data-text", re.compile("."))
        return str(element.get_attribute("data-text"))

    def assert_calm(self, file: Path) -> None:
        """Nothing was asked for but the file: a worker is made of what it holds."""
        assert [url for url in self.asked if not url.startswith("blob:")] == [
            url for url in self.asked if url.startswith(file.as_uri())
        ]
        assert len([url for url in self.asked if not url.startswith("blob:")]) == 1
        assert self.complaints == []


@pytest.fixture(params=[PHONE, DESKTOP], ids=["phone", "desktop"])
def page(browser: Browser, request: pytest.FixtureRequest) -> Iterator[Page]:
    """A tab with the network off."""
    phone = request.param is PHONE
    context = browser.new_context(viewport=request.param, has_touch=phone, locale="en-GB")
    context.set_offline(True)
    try:
        yield context.new_page()
    finally:
        context.close()


def test_every_place_of_the_map_says_what_pytorch_says(
    page: Page, file: Path, explorer: Explorer
) -> None:
    tab, atlas = Taken(page, file), explorer.atlas
    stage, said = page.locator("#map-stage"), page.locator("#map-said")
    tab.said()
    box = stage.bounding_box()
    assert box is not None
    plane, points = 0, 0
    known = Neighbourhoods.of(atlas.mean)
    before = said.get_attribute("data-place")
    for share in (0.05, 0.3, 0.45, 0.5, 0.62, 0.71, 0.8):
        stage.hover(position={"x": share * box["width"], "y": (0.9 - 0.6 * share) * box["height"]})
        expect(said).not_to_have_attribute("data-place", str(before))
        before = said.get_attribute("data-place")
        row = int(said.get_attribute("data-row") or -1)
        at = np.array(str(before).split(), dtype=np.float64)
        projection = atlas.projection
        if row >= 0:
            z, points = atlas.mean[row], points + 1
            assert atlas.sentences[row] in page.locator("#map-note").inner_text()
        else:
            z = projection.pca_mean + at @ projection.pca_components
            plane += 1
            ratio = float(known.ratios(z[None])[0])
            note = page.locator("#map-note").inner_text()
            assert float(re.findall(r"which is (\S+) of its own", note)[0]) == pytest.approx(
                ratio, abs=0.01
            )
            assert ("extrapolates" in note) == (ratio > known.usual)
            # The inverse is exact: the place that is asked about is the place of what is decoded.
            assert projection.place(z[None], atlas.mean, "pca")[0] == pytest.approx(at, abs=1e-4)
        assert tab.said() == explorer.decode(torch.tensor(np.array(z)[None]).float())[0]
    assert plane
    assert points
    tab.assert_calm(file)


def test_a_sentence_in_chinese_falls_into_the_words_of_its_run(
    browser: Browser, tmp_path: Path
) -> None:
    explorer, path = Explorer.load("factors-zh"), tmp_path / "factors-zh.html"
    path.write_text(taken.make(explorer, seed=7), encoding="utf-8")
    assert path.stat().st_size <= 8_000_000
    mine, unknown = "你去年在北京逛过那座特别热闹的古镇吗？", "奶奶昨天吃了那道巧克力蛋糕。"
    with browser.new_context(viewport=PHONE, locale="zh-CN") as context:
        context.set_offline(True)
        page = context.new_page()
        tab = Taken(page, path)
        tab.said()
        for text in (mine, unknown):
            page.locator("#own").fill(text)
            page.locator("#own").press("Enter")
            back = explorer.read(text).reconstruction
            expect(page.locator("#map-said")).to_have_attribute("data-text", str(back))
        assert explorer.read(mine).reconstruction == mine
        expect(page.locator("#chosen")).to_contain_text("奶奶")
        expect(page.locator("#chosen")).to_contain_text("巧克力")
        tab.assert_calm(path)


def test_the_way_between_two_sentences_has_no_steps(
    page: Page, file: Path, explorer: Explorer
) -> None:
    tab = Taken(page, file, "path")
    tab.said("path")
    content = json.loads(page.locator("#content").evaluate("(e) => e.textContent"))
    a, b = (torch.from_numpy(explorer.atlas.mean[row]) for row in content["ends"])
    expect(page.locator("#path-strip li")).to_have_count(11)
    for t in (0.0, 0.3333, 0.4871, 0.9):
        page.locator("#path-at").fill(str(t))
        expect(page.locator("#path-said")).to_have_attribute("data-at", str(t).removesuffix(".0"))
        z = slerp(a, b, torch.tensor([t]))
        assert tab.said("path") == explorer.decode(z)[0]
    steps = explorer.decode(slerp(a, b, torch.linspace(0, 1, 11)))
    lines = page.locator("#path-strip li span")
    for (before, now), line in zip(pairwise(steps), lines.all()[1:], strict=True):
        changed = [piece for piece, new in marked(now, before) if new]
        assert line.locator("mark").all_text_contents() == changed
    # Another end: a sentence that is not stored here is read by the encoder in the page.
    mine = "She did not enjoy watching the boring film."
    page.locator("#path-b").fill(mine)
    page.locator("#path-b").press("Enter")
    page.locator("#path-at").fill("1")
    expect(page.locator("#path-said")).to_have_attribute("data-at", "1")
    expected = explorer.decode(explorer.encode([mine]).mean)[0]
    expect(page.locator("#path-said")).to_have_attribute("data-text", expected)
    tab.assert_calm(file)


def test_dials_samples_and_collapse_answer(page: Page, file: Path, explorer: Explorer) -> None:
    tab = Taken(page, file, "dials")
    tab.said("dials")
    dial = page.locator("#dials-list input").first
    dial.fill("-2.5")
    expect(page.locator("#dials-said")).to_have_attribute("data-z", re.compile("-2.5"))
    z = [float(value) for value in str(page.locator("#dials-said").get_attribute("data-z")).split()]
    assert tab.said("dials") == explorer.decode(torch.tensor([z]))[0]

    page.locator("#tab-samples").click()
    drawn = page.locator("#samples-list li")
    expect(drawn).to_have_count(8)
    first = drawn.all_inner_texts()
    page.get_by_role("button", name="Draw again").click()
    expect(drawn.first).not_to_have_text(first[0])
    page.locator("#samples-seed").fill("7")
    expect(drawn.first).to_have_text(first[0])
    assert drawn.all_inner_texts() == first
    page.locator("#samples-temperature").fill("1")
    expect(page.locator("#samples-shown")).to_have_text("1.0")

    page.locator("#tab-collapse").click()
    expect(page.locator("#collapse-pair svg")).to_have_count(2)
    expect(page.locator("#collapse-pair")).to_contain_text("0 of 32 dimensions are active")
    expect(page.locator("#listen dd").nth(1)).to_have_text(re.compile("."))
    tab.assert_calm(file)


def test_a_sentence_of_ones_own_is_found_and_taken_to_the_path(
    page: Page, file: Path, explorer: Explorer
) -> None:
    tab, mine = Taken(page, file), "Those zebras did not like the soup yesterday."
    tab.said()
    # A blank that only the tokenizer takes for one is no sentence either.
    for text, why in (("soup " * 200, "too long"), ("\x85", "Type a sentence first")):
        page.locator("#own").fill(text)
        page.locator("#own").press("Enter")
        expect(page.locator("#trouble")).to_contain_text(why)
    page.locator("#own").fill(mine)
    page.locator("#own").press("Enter")
    posterior = explorer.encode([mine])
    expect(page.locator("#chosen")).to_contain_text("The model does not know: zebras.")
    back = page.locator("#chosen [data-said]")
    expect(back).to_have_attribute("data-said", explorer.decode(posterior.mean)[0])
    nearest = explorer.neighbours(posterior.mean, 1)[0][0]
    expect(page.locator("#chosen .near button").first).to_have_text(nearest.sentence)
    page.locator("#as-a").click()
    expect(page.locator("#path-a")).to_have_value(mine)
    tab.assert_calm(file)


@pytest.mark.parametrize("page", [PHONE], indirect=True, ids=["phone"])
def test_a_finger_points_chooses_and_leaves_the_page_where_it_is(page: Page, file: Path) -> None:
    tab = Taken(page, file)
    tab.said()
    said, stage = page.locator("#map-said"), page.locator("#map-stage")
    before = str(said.get_attribute("data-place"))
    top = stage.bounding_box()
    stage.tap(position={"x": 150, "y": 150})
    expect(said).not_to_have_attribute("data-place", before)
    expect(said).to_have_attribute("data-row", re.compile(r"^\d+$"))
    expect(page.locator("#chosen .where").first).to_have_text("Stored sentence")
    assert stage.bounding_box() == top
    tab.assert_calm(file)


def test_keys_move_the_cross_and_choose_a_sentence(page: Page, file: Path) -> None:
    tab = Taken(page, file)
    tab.said()
    said = page.locator("#map-said")
    before = str(said.get_attribute("data-place"))
    page.locator("#map-stage").focus()
    page.keyboard.press("Shift+ArrowLeft")
    expect(said).not_to_have_attribute("data-place", before)
    page.keyboard.press("Enter")
    expect(said).to_have_attribute("data-row", re.compile(r"^\d+$"))
    page.keyboard.press("+")
    page.locator("#tab-map").focus()
    page.keyboard.press("ArrowRight")
    expect(page.locator("#tab-path")).to_be_focused()
    expect(page.locator("#path")).to_be_visible()
    tab.assert_calm(file)


def test_every_view_fits_in_both_languages(page: Page, file: Path) -> None:
    tab = Taken(page, file)
    width = page.viewport_size["width"] if page.viewport_size else 0
    for language, word in (("中文", "地图"), ("English", "Map")):
        page.get_by_role("button", name=language).click()
        expect(page.locator("#tab-map")).to_have_text(word, use_inner_text=True)
        for view in VIEWS:
            page.locator(f"#tab-{view}").click()
            expect(page.locator(f"#{view}")).to_be_visible()
            reach = page.evaluate("document.scrollingElement.scrollWidth")
            assert reach <= width, (language, view)
            # What the model says comes a moment later, and its frame with it.
            chinese = re.compile("[\u4e00-\u9fff]")
            shown = expect(page.locator(f"#{view}"))
            if language == "English":
                shown.not_to_have_text(chinese, use_inner_text=True)
            else:
                shown.to_have_text(chinese, use_inner_text=True)
    tab.assert_calm(file)


# A browser that has no worker, and one that refuses it only after it was asked for.
NO_WORKER = (
    "delete window.Worker",
    "window.Worker = class { constructor() { setTimeout(() => this.onerror({message: 'no'})); } "
    "postMessage() {} terminate() {} }",
)


@pytest.mark.parametrize("script", NO_WORKER, ids=["missing", "refused"])
def test_without_a_worker_the_page_itself_decodes(
    page: Page, file: Path, explorer: Explorer, script: str
) -> None:
    page.add_init_script(script)
    tab = Taken(page, file)
    said = tab.said()
    row = int(str(page.locator("#map-said").get_attribute("data-row")))
    assert said == explorer.decode(torch.from_numpy(explorer.atlas.mean[row][None]))[0]
    expect(page.locator("#trouble")).to_be_hidden()
    tab.assert_calm(file)


def test_the_replay_plays(page: Page, file: Path) -> None:
    tab = Taken(page, file, "replay")
    where = page.locator("#replay-where")
    expect(where).to_contain_text("Step 12,306")
    page.locator("#replay-at").fill("0")
    expect(where).to_contain_text("Step 0 ")
    page.locator("#replay-play").click()
    expect(page.locator("#replay-play")).to_have_text("Pause")
    expect(where).not_to_contain_text("Step 0 ")
    tab.assert_calm(file)
