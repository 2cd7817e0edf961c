"""Sentence: what is typed is x-rayed, and the address keeps it."""

import re

from playwright.sync_api import Page, expect

from tests.e2e.browsing import Server, fits, settled, visit, whole_and_calm

TYPED = "They hated the film."


def test_a_typed_sentence_is_x_rayed(server: Server, page: Page):
    visit(page, server.address("sentence", run="factors", open="all"))
    boxes = page.locator("li[aria-label*='nats given z']")
    expect(boxes.first).to_be_visible()
    page.get_by_label("Your sentence").fill(TYPED)
    page.get_by_label("Your sentence").press("Enter")
    expect(boxes).to_have_count(6)  # four words, the full stop and the end
    expect(boxes.nth(1)).to_contain_text("hated")
    settled(page)
    whole_and_calm(page)
    fits(page)
    numbers = [
        float(text.replace("−", "-"))
        for text in boxes.locator("div:nth-child(2)").all_inner_texts()
    ]
    shown = page.get_by_text(re.compile(r"^−\([\d.]+ \+ [\d.]+\) = −[\d.]+ nats$")).inner_text()
    distortion = float(re.search(r"\(([\d.]+)", shown).group(1))
    assert abs(sum(numbers) + distortion) < 0.05
    expect(page.get_by_text("Which dimension moves which word?")).to_be_visible()
    expect(page).to_have_url(re.compile(r"[?&]a=They\+hated"))
