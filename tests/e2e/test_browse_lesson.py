"""Learn: a lesson is completed by keys, and the formula lights up with its figure and its code."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, WebSocketRoute, expect

from tests.e2e.browsing import (
    PHONE,
    PROJECTOR,
    Server,
    fits,
    settled,
    turn_to,
    visit,
    whole_and_calm,
)
from vae.course import Lesson, course

FIRST = course("en").lessons[0]
LESSONS = [lesson.id for lesson in course("en").lessons]


def complete(page: Page, lesson: Lesson) -> None:
    """Answer whatever is asked, and go on with the key, to the last step."""
    for at, step in enumerate(lesson.steps, 1):
        expect(page.get_by_role("heading", level=2, name=step.title)).to_be_visible()
        settled(page)
        whole_and_calm(page)
        if step.question and step.view and "present=1" in page.url:
            beside_each_other(page)
        if step.question:
            answers = page.get_by_test_id("stRadio")
            answers.get_by_text(step.question.choices[0].text, exact=True).first.click()
            expect(page).to_have_url(re.compile(rf"answers=[^&]*{at}a0"))
            settled(page)
        if at < len(lesson.steps):
            expect(page.locator(".st-key-lesson_next button")).to_be_enabled()
            # A clicker goes on where no idea is left below: at the first step there is one.
            clicker = at == 1 and "present=1" in page.url
            if clicker:
                page.get_by_test_id("stMain").evaluate("main => main.scrollTo(0, 2000)")
            page.keyboard.press("PageDown" if clicker else "Alt+ArrowRight")


def beside_each_other(page: Page) -> None:
    """On a wall, answers and figure are on the screen together, at every idea of the figure."""
    beside = page.locator(".st-key-lesson_beside")
    answers = beside.get_by_test_id("stRadio")
    for idea in [beside, *beside.get_by_role("heading").all()]:
        idea.evaluate("idea => idea.scrollIntoView({block: 'start', behavior: 'instant'})")
        box = answers.bounding_box()
        figure = answers.evaluate(
            "e => e.closest('[data-testid=stColumn]').nextElementSibling"
            ".getBoundingClientRect().toJSON()"
        )
        assert box is not None
        assert 0 <= box["y"] <= box["y"] + box["height"] <= PROJECTOR["height"]
        assert figure["left"] >= box["x"] + box["width"]
        assert min(figure["bottom"], PROJECTOR["height"]) - max(figure["top"], 0) > 300
    page.get_by_test_id("stMain").evaluate("main => main.scrollTo({top: 0})")


def begin(server: Server, page: Page, id: str, language: str) -> Lesson:
    """Open a lesson; in Chinese, as a class sees it on a wall."""
    if wall := language == "zh":
        page.set_viewport_size(PROJECTOR)
    shown = {"present": "1"} if wall else {}
    address = server.address("lesson", lesson=id, lang=language, **shown)
    # A session keeps what was answered, and a lesson asks the same in both languages.
    go = turn_to if f"lang={language}" in page.url else visit
    go(page, address)
    return course(language).lesson(id)


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_first_lesson_is_completed_by_keys(
    server: Server, page: Page, language: str, tmp_path: Path
):
    told = begin(server, page, FIRST.id, language)
    complete(page, told)
    expect(page).to_have_url(re.compile(rf"step={len(told.steps)}"))
    # The focus was in the field of the answer, which the key has left as it was.
    expect(page).to_have_url(re.compile(r"answers=1a0_3a0"))
    page.keyboard.press("Alt+ArrowLeft")
    expect(page).to_have_url(re.compile(rf"step={len(told.steps) - 1}"))
    if language == "en":  # a wall has no handout
        handout(page, told, tmp_path)


def handout(page: Page, lesson, folder: Path) -> None:
    """The lesson on paper: from a disk, without a network, on sheets of A4 with all figures."""
    with page.expect_download() as given:
        page.locator(".st-key-lesson_handout button").first.click()
    given.value.save_as(path := folder / given.value.suggested_filename)
    asked: list[str] = []
    paper = page.context.new_page()
    paper.on("request", lambda request: asked.append(request.url))
    paper.goto(path.as_uri())
    expect(paper.get_by_role("heading", level=1)).to_have_text(lesson.title)
    expect(paper.locator("li.ticked").first).to_contain_text(
        lesson.steps[0].question.choices[0].text
    )
    expect(paper.locator(".plot .main-svg").first).to_be_visible()
    assert paper.evaluate("document.body.scrollWidth") <= 712
    # Black on white whatever the theme; A4 is 595 points wide.
    assert paper.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    assert b"/MediaBox [0 0 594.9" in paper.pdf(prefer_css_page_size=True)
    assert asked == [path.as_uri()]
    paper.close()


def test_a_run_that_was_sent_before_the_address_changed_is_no_way_back_and_back_is(
    server: Server, page: Page
):
    held: list[str | bytes] = []
    holding = False

    def between(socket: WebSocketRoute) -> None:
        upstream = socket.connect_to_server()
        upstream.on_message(lambda told: held.append(told) if holding else socket.send(told))
        sockets.append(socket)

    sockets: list[WebSocketRoute] = []
    page.route_web_socket(re.compile("_stcore/stream"), between)
    visit(page, server.address("lesson", lesson=FIRST.id, step=1, answers="1a0"))
    holding = True
    page.locator(".st-key-lesson_next button").click()
    while not held:
        page.wait_for_timeout(20)
    page.keyboard.press("r")  # runs the page again, with the address as the browser knows it
    page.wait_for_timeout(300)
    holding = False
    for told in held:
        sockets[-1].send(told)
    expect(page.get_by_role("heading", level=2, name=FIRST.steps[1].title)).to_be_visible()
    expect(page).to_have_url(re.compile("step=2"))
    settled(page)
    expect(page.get_by_role("heading", level=2, name=FIRST.steps[1].title)).to_be_visible()
    page.go_back()
    expect(page.get_by_role("heading", level=2, name=FIRST.steps[0].title)).to_be_visible()


@pytest.mark.parametrize("id", LESSONS[1:])
@pytest.mark.parametrize("language", ["en", "zh"])
def test_every_lesson_is_completed(server: Server, reader: Page, id: str, language: str):
    complete(reader, begin(server, reader, id, language))
    fits(reader)


def formula(server: Server, page: Page, stage: int) -> None:
    """The formula of lesson 3 at a stage, from 1."""
    visit(page, server.address("lesson", lesson="loss", step="2", stage=str(stage - 1)))
    expect(page.locator(".worked math").first).to_be_visible()


LIT = {
    "formula": ".worked .formula .lit",
    "code": ".worked .code .lit",
    "figure": ".worked .lit:not(.formula *, .code *)",
}


def lit(page: Page, *kinds: str) -> None:
    """Something of each of these kinds is lit."""
    for kind in kinds:
        expect(page.locator(LIT[kind]).first).to_be_attached()


def test_a_symbol_lights_up_its_number_in_the_figure_and_its_name_in_the_code(
    server: Server, page: Page
):
    formula(server, page, 4)
    page.locator(".formula .letters [data-symbol=eps]").hover()
    lit(page, *LIT)
    expect(page.locator(".worked .meaning")).to_contain_text("chance")
    page.locator(".code [data-symbol=z]").last.hover()
    lit(page, *LIT)
    page.locator(".formula .letters [data-symbol=mu]").focus()
    lit(page, *LIT)
    page.locator(".latent").nth(2).locator("[data-symbol=z]").last.hover()
    lit(page, "formula")


def number(text: str) -> float:
    return float(text.replace("−", "-"))


def test_the_numbers_that_are_shown_add_up(server: Server, page: Page):
    formula(server, page, 6)
    costs = [number(t) for t in page.locator(".token .cost").all_inner_texts()]
    kl = [
        number(t) for t in page.locator(".latent .value[data-symbol='kl rate']").all_inner_texts()
    ]
    total, distortion, rate = (
        number(page.locator(f".reading .{name} b").inner_text())
        for name in ("loss", "distortion", "rate")
    )
    assert sum(costs) == pytest.approx(distortion, abs=0.005 * len(costs) + 0.01)
    assert sum(kl) == pytest.approx(rate, abs=0.005 * len(kl) + 0.01)
    assert distortion + rate == pytest.approx(total, abs=0.02)


def test_stages_go_on_back_and_by_themselves_and_are_in_the_link(server: Server, page: Page):
    formula(server, page, 1)
    now = page.locator(".stage[aria-current=step]")
    page.get_by_role("button", name="One stage on").click()
    expect(now).to_have_text("μ, σ")
    expect(page).to_have_url(re.compile(r"stage=1"))
    page.get_by_role("button", name="One stage back").click()
    expect(now).to_have_text("words")
    page.get_by_role("button", name="Slowly, by itself").click()
    expect(now).to_have_text("ε")
    expect(now).to_have_text("loss")
    expect(page).to_have_url(re.compile(r"stage=5"))


def test_a_new_roll_moves_z_and_leaves_the_mean(server: Server, page: Page):
    formula(server, page, 4)
    row = page.locator(".latent[role=button]").first
    z, mean = row.locator("[data-symbol=z]").last, row.locator(".value[data-symbol=mu]")
    before = z.inner_text(), mean.inner_text()
    page.get_by_role("button", name=re.compile("Draw again")).click()
    expect(z).not_to_have_text(before[0])
    expect(mean).to_have_text(before[1])
    expect(page).to_have_url(re.compile(r"draw=1"))


def test_a_telephone_shows_a_lesson_whole(server: Server, page: Page):
    page.set_viewport_size(PHONE)
    formula(server, page, 6)
    fits(page)
