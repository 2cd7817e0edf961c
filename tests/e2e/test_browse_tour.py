"""The tour, from Home through five pages to the lessons."""

import re

from playwright.sync_api import Page, expect

from pages.common.tour import STOPS
from tests.e2e.browsing import Server, settled, visit
from tests.e2e.mapping import answering


def test_it_leads_from_home_to_the_lessons_and_can_be_left_and_taken_up(page: Page, server: Server):
    visit(page, server.address("", lang="en"))
    page.get_by_role("button", name="Take the tour").click()
    for at, stop in enumerate(STOPS, 1):
        expect(page.get_by_text(f"Tour, {at} of 5: {stop.name}")).to_be_visible()
        assert f"tour={at}" in page.url
        if at == 3:
            page.get_by_role("button", name="Leave the tour").click()
            expect(page.get_by_text("Tour, 3 of 5")).to_be_hidden()
            page.get_by_role("link", name="Home").click()
            page.get_by_role("button", name="Go on with the tour: 3 of 5").click()
            expect(page.get_by_text("Tour, 3 of 5")).to_be_visible()
        if at == 2:
            answering(page)  # what it asked for is there before it is left
        if at == 5:
            page.locator(".st-key-tour_back button").click()
            expect(page.get_by_text("Tour, 4 of 5: Dimensions")).to_be_visible()
            settled(page)
            page.locator(".st-key-tour_next button").click()
            expect(page.get_by_text("Tour, 5 of 5: Collapse")).to_be_visible()
        page.locator(".st-key-tour_next button").click()
    page.wait_for_url(re.compile("/lesson"))
    assert "tour=" not in page.url
