"""The replay of a training: it moves in the browser alone, in the app and in a file of its own."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.e2e.browsing import DESKTOP, PHONE, Complaints, Server, fits, visit
from tests.e2e.recording import Recording


@pytest.fixture
def recording(server: Server, tmp_path: Path) -> Recording:
    whole = Recording(tmp_path, server, "replayed")
    whole.tell(len(whole.events))
    whole.keep_points()
    return whole


@pytest.fixture
def replay(server: Server, page: Page, recording: Recording) -> Page:
    visit(page, server.address("training", run="replayed", open="all"))
    expect(page.locator(".stage canvas")).to_be_visible()
    page.locator(".stage canvas").scroll_into_view_if_needed()
    return page


def when(page: Page) -> str:
    return page.locator(".when").inner_text()


def test_the_slider_moves_points_and_sentences_while_the_server_stands_still(
    server: Server, replay: Page, recording: Recording
):
    steps = recording.looked
    slider = replay.get_by_role("slider", name="Training step")
    expect(replay.locator(".when")).to_have_text(steps[-1])
    last = replay.locator(".said .sentence").first.inner_text()
    with server.paused():
        slider.press("Home")
        expect(replay.locator(".when")).to_have_text("step 0")
        expect(replay.locator(".said")).to_contain_text("0 of 8 sentences come back")
        assert replay.locator(".said .sentence").first.inner_text() != last
        slider.press("ArrowRight")
        expect(replay.locator(".when")).to_have_text(steps[1])
        second = f"{steps[1]}, snapshot 2 of {len(steps)}"
        expect(slider).to_have_attribute("aria-valuetext", second)
        replay.get_by_role("tab", name="From nothing").click()
        expect(replay.get_by_role("tabpanel")).to_contain_text("draws of the prior")
        replay.get_by_role("tab", name="In between").click()
        expect(replay.get_by_role("tabpanel")).to_contain_text("in equal steps")


def test_it_plays_and_the_curves_go_along_while_the_server_stands_still(
    server: Server, replay: Page
):
    now = "[...window.latentLensViews.values()].at(-1).now"
    replay.emulate_media(reduced_motion="no-preference")
    with server.paused():
        replay.get_by_role("button", name="Play", exact=True).click()
        replay.wait_for_function(f"{now} > 5")
        expect(replay.locator(".when")).not_to_have_text("step 0")
        replay.get_by_role("button", name="Pause", exact=True).click()
        stopped = when(replay)
        replay.wait_for_timeout(300)
        assert when(replay) == stopped


def test_a_point_says_its_sentence_to_pointer_and_keys(replay: Page):
    canvas = replay.locator(".stage canvas")
    canvas.focus()
    canvas.press("ArrowRight")
    note = replay.locator(".note")
    expect(note).to_be_visible()
    expect(note.locator(".sentence")).not_to_be_empty()
    expect(note).to_contain_text("tense:")
    first = note.inner_text()
    canvas.press("ArrowRight")
    expect(note).not_to_have_text(first)
    canvas.press("Escape")
    expect(note).to_be_hidden()


def test_one_kind_of_sentence_can_be_singled_out(replay: Page):
    replay.get_by_label("Colour by").select_option(label="mood")
    question = replay.locator(".group").filter(has_text="question")
    question.click()
    expect(question).to_have_attribute("aria-pressed", "true")
    question.click()
    expect(question).to_have_attribute("aria-pressed", "false")


def test_who_wants_no_motion_gets_one_snapshot_after_another(
    browser: Browser, server: Server, recording: Recording
):
    with browser.new_context(viewport=DESKTOP, reduced_motion="reduce") as context:
        page = context.new_page()
        visit(page, server.address("training", run="replayed", open="all"))
        expect(page.locator(".stage canvas")).to_be_visible()
        page.get_by_role("button", name="Play", exact=True).click()
        expect(page.locator(".when")).to_have_text("step 0")
        seen = set()
        for _ in range(40):
            seen.add(when(page))
            page.wait_for_timeout(75)
        # However slow the machine, no step between two snapshots is ever shown.
        assert seen <= set(recording.looked)
        assert len(seen) > 1


def test_on_a_phone_a_tap_says_the_sentence_and_nothing_is_wider_than_the_window(
    browser: Browser, server: Server, recording: Recording
):
    with browser.new_context(viewport=PHONE, has_touch=True, is_mobile=True) as context:
        page = context.new_page()
        visit(page, server.address("training", run="replayed", open="all"))
        canvas = page.locator(".stage canvas")
        canvas.scroll_into_view_if_needed()
        expect(page.locator(".when")).to_have_text(recording.looked[-1])
        box = canvas.bounding_box()
        assert box
        page.touchscreen.tap(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
        expect(page.locator(".note")).to_be_visible()
        fits(page, most=0)


@pytest.fixture
def exported(replay: Page, browser: Browser, tmp_path: Path) -> Iterator[Page]:
    """The downloaded page, opened from a disk with the network off."""
    file = tmp_path / "replay.html"
    with replay.expect_download() as download:
        replay.get_by_role("button", name="Download this replay as a page").click()
    assert download.value.suggested_filename == "replayed-replay.html"
    download.value.save_as(file)
    with browser.new_context(viewport=DESKTOP, offline=True) as context:
        tab = context.new_page()
        complaints = Complaints(tab)
        asked: list[str] = []
        tab.on("request", lambda request: asked.append(request.url))
        tab.goto(file.as_uri())
        yield tab
        assert not complaints.said, complaints.said
        assert asked == [file.as_uri()]


def test_the_exported_page_replays_the_run_without_the_app(exported: Page, recording: Recording):
    expect(exported.get_by_role("heading", level=1)).to_have_text("replayed")
    expect(exported.locator(".panel .plot canvas")).to_have_count(8)
    slider = exported.get_by_role("slider", name="Training step")
    slider.press("Home")
    slider.press("ArrowRight")
    second = recording.looked[1]
    expect(exported.locator(".when")).to_have_text(second)
    expect(exported.locator(".said .sentence")).to_have_count(8)
    now = exported.evaluate("window.latentLensViews.get('replay').now")
    assert f"step {now:,}" == second
    exported.get_by_role("button", name="Play", exact=True).click()
    # The page's own policy keeps a test from waiting by a script.
    expect(exported.locator(".when")).to_have_text(re.compile(r"step \d{3}"))
    exported.get_by_role("button", name="Pause", exact=True).click()
    assert exported.evaluate("window.latentLensViews.get('replay').now") >= 100
    expect(exported.locator("#facts")).to_contain_text(re.compile("torch"))


def test_the_exported_page_has_both_themes_and_fits_a_phone(exported: Page):
    paper = "getComputedStyle(document.body).backgroundColor"
    light = exported.evaluate(paper)
    exported.get_by_role("button", name="Light or dark").click()
    assert exported.evaluate(paper) != light
    exported.set_viewport_size(PHONE)
    wider = "document.documentElement.scrollWidth - window.innerWidth"
    for _ in range(50):  # until it has been laid out again, on a slow machine too
        if exported.evaluate(wider) <= 0:
            break
        exported.wait_for_timeout(100)
    assert exported.evaluate(wider) <= 0
