"""A class in real browsers: pupils join by a link, stay who they are, and are seen."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.e2e.browsing import DESKTOP, PHONE, ROOT, Server, fits, serve, settled, visit
from vae.classroom.inventory import questions
from vae.classroom.outcome import LESSONS
from vae.classroom.store import ClassStore


@pytest.fixture(scope="module")
def held(
    browser: Browser, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Server, ClassStore, str]]:
    """A server with a class, and the class's store."""
    folder = tmp_path_factory.mktemp("class")
    store = ClassStore(str(folder / "class.sqlite"))
    code = store.create()
    environment = {
        "OMP_NUM_THREADS": "1",
        "LATENT_LENS_TEACHER_KEY": "chalk",
        "LATENT_LENS_RUNS": str(folder / "runs"),
    }
    with serve(ROOT / "app.py", folder, environment=environment) as running:
        yield running, store, code
    store.close()


def answer(page: Page, text: str) -> None:
    page.get_by_role("radio", name=text).check(force=True)
    settled(page)
    page.get_by_role("button", name="Answer and go on").click()
    settled(page)


def test_a_pupil_is_the_same_after_a_reload_and_another_browser_is_another(
    held: tuple[Server, ClassStore, str], browser: Browser
):
    server, store, code = held
    asked = questions("before", "en")
    one, other = browser.new_context(viewport=DESKTOP), browser.new_context(viewport=PHONE)
    page = one.new_page()
    visit(page, server.address("questions", **{"class": code, "lang": "en"}))
    answer(page, "I don't know")
    expect(page.get_by_role("heading", name=asked[1].text)).to_be_visible()
    page.wait_for_function("document.cookie.includes('latent-lens-pupil=')")
    [pupil] = [c["value"] for c in one.cookies() if c["name"] == "latent-lens-pupil"]
    assert re.fullmatch("[0-9a-f]{32}", pupil)
    assert pupil not in page.url
    visit(page, server.address("questions", **{"class": code, "lang": "en"}))
    expect(page.get_by_role("heading", name=asked[1].text)).to_be_visible()
    answer(page, asked[1].choices[0].text)
    expect(page.get_by_role("heading", name=asked[2].text)).to_be_visible()
    assert store.classes()[0].pupils == 1
    second = other.new_page()
    visit(second, server.address("questions", **{"class": code, "lang": "zh"}))
    expect(second.get_by_role("heading", name=questions("before", "zh")[0].text)).to_be_visible()
    fits(second, most=0)
    second.get_by_test_id("stRadio").locator("label").nth(1).click()
    settled(second)
    second.get_by_role("button", name="回答并继续").click()
    expect(second.get_by_role("heading", name=questions("before", "zh")[1].text)).to_be_visible()
    assert store.classes()[0].pupils == 2
    assert len(store.entries(code, LESSONS["before"])) == 3
    one.close()
    other.close()


def test_the_teacher_opens_the_class_by_the_key_and_sees_pupils_come(
    held: tuple[Server, ClassStore, str], page: Page
):
    server, store, code = held
    visit(page, server.address("classroom", lang="en"))
    page.locator("input[type=password]").fill("chalk")
    page.locator("input[type=password]").press("Enter")
    expect(page.get_by_test_id("stMetricValue").first).to_have_text(code)
    assert "chalk" not in page.url
    before = store.classes()[0].pupils
    store.record(store.join(code), lesson="distribution", step=1, kind="prediction", value="b")
    # Nobody presses anything: it counts by itself.
    expect(page.get_by_test_id("stMetricValue").nth(1)).to_have_text(str(before + 1))
    expect(page.get_by_role("heading", name="What does the class predict?")).to_be_visible()
    expect(page.locator(".st-key-class_said_chart .js-plotly-plot")).to_be_visible()


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_presenter_mode_fills_the_wall_and_keys_go_from_idea_to_idea(
    held: tuple[Server, ClassStore, str], browser: Browser, theme
):
    server, _store, _code = held
    context = browser.new_context(viewport={"width": 1280, "height": 720}, color_scheme=theme)
    page = context.new_page()
    visit(page, server.address("", lang="en", present=1))
    expect(page.get_by_test_id("stSidebar")).to_be_hidden()
    fits(page, most=0)
    expect(page.locator(".js-plotly-plot text").first).to_be_attached(timeout=30_000)
    sizes = page.evaluate(
        "[...document.querySelectorAll('.js-plotly-plot text')]"
        ".map((t) => parseFloat(getComputedStyle(t).fontSize))"
    )
    assert sizes
    assert min(sizes) >= 16
    headings = page.locator("[data-testid=stMain] :is(h1, h2, h3)")
    second = headings.nth(1)
    page.keyboard.press("PageDown")
    page.wait_for_function(
        "() => Math.abs(document.querySelectorAll('[data-testid=stMain] :is(h1, h2, h3)')[1]"
        ".getBoundingClientRect().top) < 60"
    )
    assert second.bounding_box()["y"] < 60
    page.keyboard.press("Escape")
    expect(page.get_by_test_id("stSidebar")).to_be_visible()
    assert "present" not in page.url
    context.close()


def test_in_presenter_mode_the_keys_go_through_a_lesson(
    held: tuple[Server, ClassStore, str], browser: Browser
):
    server, _store, _code = held
    context = browser.new_context(viewport={"width": 1280, "height": 720})
    page = context.new_page()
    visit(page, server.address("lesson", lang="en", present=1, lesson="distribution", step=2))
    for _press in range(8):
        page.keyboard.press("PageDown")
        page.wait_for_timeout(700)
        settled(page)
        if "step=3" in page.url:
            break
    assert "step=3" in page.url
    context.close()


def test_a_prepared_link_opens_what_was_set_and_hides_what_was_named(
    held: tuple[Server, ClassStore, str], page: Page
):
    server, _store, code = held
    visit(page, server.address("prepare", lang="en", seed="7", **{"class": code}))
    expect(page.get_by_test_id("stImage").first).to_be_visible()
    link = page.get_by_test_id("stCode").inner_text().replace("\n", "").strip()
    assert f"class={code}" in link
    visit(page, link)
    expect(page.get_by_test_id("stSidebarNav")).to_be_hidden()
    expect(page.get_by_text(f"Class {code}:")).to_be_visible()
    assert "seed=7" in page.url
