"""Interpolate: the sentence follows the slider, by itself; the link holds where it stands."""

import re

import pytest
import torch
from playwright.sync_api import Page, expect

from tests.e2e.browsing import Server, big_sentence, settled, slider, turn_to, visit
from vae.explorer import Explorer
from vae.latent.interpolation import slerp

A = "She loves cooking the delicious curry in her kitchen every weekend."
B = "Did those children not enjoy feeding the playful kitten at the farm yesterday?"


@pytest.fixture(scope="module")
def path() -> tuple[str, str, str]:
    """What the model says at A, half way and at B."""
    explorer = Explorer.load("factors")
    a, b = explorer.encode([A, B]).mean
    start, half, end = explorer.decode(slerp(a, b, torch.tensor([0.0, 0.5, 1.0])))
    return start, half, end


@pytest.fixture
def walking(server: Server, reader: Page, path: tuple[str, str, str]) -> Page:
    turn_to(reader, server.address("interpolate", run="factors", a=A, b=B))
    expect(slider(reader)).to_have_value("30")
    expect(big_sentence(reader)).to_have_text(path[1])
    return reader


def test_the_sentence_follows_the_slider_while_the_server_stands_still(
    server: Server, walking: Page, path: tuple[str, str, str]
):
    start, _, end = path
    assert start != end, "both ends of the path say the same"
    with server.paused():
        slider(walking).focus()
        for key, value, said in (("Home", "0", start), ("End", "60", end)):
            slider(walking).press(key)
            expect(slider(walking)).to_have_value(value)
            expect(big_sentence(walking)).to_have_text(said)
    expect(walking).to_have_url(re.compile(r"[?&]t=1(&|$)"))
    expect(big_sentence(walking)).to_have_text(end)


def test_the_sentence_follows_the_pointer_while_it_is_held(walking: Page):
    explorer = Explorer.load("factors")
    a, b = explorer.encode([A, B]).mean
    expect(slider(walking)).to_have_value("30")
    box = slider(walking).bounding_box()
    assert box is not None
    middle = box["y"] + box["height"] / 2
    walking.mouse.move(box["x"] + box["width"] / 2, middle)
    walking.mouse.down()
    said = set()
    for share in (0.02, 0.3, 0.7, 0.98):
        walking.mouse.move(box["x"] + share * box["width"], middle, steps=4)
        t = float(slider(walking).input_value()) / 60
        (wanted,) = explorer.decode(slerp(a, b, torch.tensor([t])))
        expect(big_sentence(walking)).to_have_text(wanted)
        said.add(wanted)
    assert len(said) >= 2, "the sentence stands still under a moving pointer"
    last = slider(walking).input_value()
    walking.mouse.up()
    expect(walking).to_have_url(re.compile(r"[?&]t="))
    settled(walking)
    expect(slider(walking)).to_have_value(last)


def test_between_its_points_the_browser_says_what_pytorch_says_and_asks_nobody(
    server: Server, page: Page
):
    sent = []
    page.on("websocket", lambda socket: socket.on("framesent", lambda frame: sent.append(frame)))
    visit(page, server.address("interpolate", run="factors", a=A, b=B))
    expect(slider(page)).to_have_attribute("step", "0.01")
    settled(page)
    explorer = Explorer.load("factors")
    a, b = explorer.encode([A, B]).mean
    box = slider(page).bounding_box()
    assert box is not None
    middle = box["y"] + box["height"] / 2
    page.mouse.move(box["x"] + box["width"] / 2, middle)
    page.mouse.down()
    sent.clear()
    places = []
    for share in torch.linspace(0.03, 0.97, 25).tolist():
        page.mouse.move(box["x"] + share * box["width"], middle)
        at = float(slider(page).input_value())
        (said,) = explorer.decode(slerp(a, b, torch.tensor([at / 60])))
        expect(big_sentence(page)).to_have_text(said)
        expect(page.locator(".say .readout")).to_contain_text(f"t = {at / 60:.2f} · log p(z)")
        places.append(at)
    assert any(at != int(at) for at in places)
    assert not sent, "the server was told of a slider that moves"
    page.mouse.up()
    expect(page).to_have_url(re.compile(rf"[?&]t={round(places[-1] / 60, 4)}"))
    assert sent
    settled(page)
    expect(big_sentence(page)).to_have_text(said)
    expect(slider(page)).to_have_value(f"{places[-1]:g}")


def test_a_key_goes_from_point_to_point_and_with_shift_to_tenths(walking: Page):
    expect(slider(walking)).to_have_attribute("step", "0.01")
    slider(walking).focus()
    for key, value in (
        ("ArrowRight", "31"),
        ("Shift+ArrowRight", "31.1"),
        ("Shift+ArrowRight", "31.2"),
        ("ArrowLeft", "31"),
        ("ArrowLeft", "30"),
        ("Shift+ArrowLeft", "29.9"),
        ("ArrowRight", "30"),
    ):
        slider(walking).press(key)
        expect(slider(walking)).to_have_value(value)


def test_where_no_worker_runs_the_server_has_decoded_the_points(server: Server, page: Page):
    page.add_init_script("delete window.Worker")
    visit(page, server.address("interpolate", run="factors", a=A, b=B, t=0.3375))
    expect(big_sentence(page)).not_to_be_empty()
    expect(slider(page)).to_have_value("20")
    expect(slider(page)).to_have_attribute("step", "1")
    slider(page).focus()
    with server.paused():
        slider(page).press("End")
        expect(slider(page)).to_have_value("60")
    expect(page).to_have_url(re.compile(r"[?&]t=1(&|$)"))
    expect(big_sentence(page)).to_have_text(B)


def test_the_decoder_is_fetched_once_for_all_pages(server: Server, page: Page):
    fetched = []
    page.on(
        "request", lambda asked: fetched.append(asked.url) if asked.url.endswith(".bin") else None
    )
    visit(page, server.address("interpolate", run="factors", a=A, b=B))
    expect(slider(page)).to_have_attribute("step", "0.01")
    page.get_by_test_id("stSidebarNav").get_by_role("link", name="Dimensions").click()
    expect(slider(page, re.compile("Dimension")).first).to_have_attribute("step", "0.01")
    settled(page)
    assert fetched
    assert len(fetched) == len(set(fetched))


def test_the_link_shows_another_person_the_same_sentence(walking: Page, another):
    slider(walking).focus()
    for _ in range(3):
        slider(walking).press("PageDown")
    expect(walking).to_have_url(re.compile(r"[?&]t="))
    settled(walking)
    said = big_sentence(walking).inner_text()
    at = slider(walking).input_value()
    other = another()
    visit(other, walking.url)
    expect(slider(other)).to_have_value(at)
    expect(big_sentence(other)).to_have_text(said)
    expect(other.get_by_role("textbox", name="Sentence B")).to_have_value(B)


def test_the_film_strip_has_a_line_for_each_step_that_the_link_says(walking: Page):
    lines, before = walking.locator("table tbody tr"), walking.url
    expect(lines).to_have_count(11)
    walking.get_by_role("radio", name="21").click()
    expect(lines).to_have_count(21)
    expect(walking).to_have_url(re.compile("film=21"))
    turn_to(walking, before)
    expect(lines).to_have_count(11)


def test_a_and_b_change_places(walking: Page):
    walking.get_by_role("button", name="Swap A and B").click()
    expect(walking.get_by_role("textbox", name="Sentence A")).to_have_value(B)
    expect(walking.get_by_role("textbox", name="Sentence B")).to_have_value(A)


def test_a_seed_makes_a_sampled_path_repeatable(server: Server, walking: Page, another):
    walking.get_by_role("radio", name="sampled").click()
    seed = walking.get_by_role("spinbutton", name="Seed")
    seed.fill("7")
    seed.press("Enter")
    expect(walking).to_have_url(re.compile("seed=7"))
    settled(walking)
    other = another()
    visit(other, walking.url)
    expect(other.locator("table tbody tr")).to_have_count(11)
    expect(other.locator("table tbody")).to_have_text(
        walking.locator("table tbody").inner_text(), use_inner_text=True
    )


def test_the_film_strip_can_be_taken_along(walking: Page):
    with walking.expect_download() as download:
        walking.get_by_role("button", name="Download the film strip").click()
    rows = download.value.path().read_text(encoding="utf-8-sig").splitlines()
    assert rows[0] == 'step,t,sentence,"log p(z), nats",repeats'
    assert len(rows) == 12
