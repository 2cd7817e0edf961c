"""Links, navigation, and two people at once."""

import re

from playwright.sync_api import Page, expect

from tests.e2e.browsing import Server, big_sentence, choose, settled, slider, visit, whole_and_calm

A = "She loves cooking the delicious curry in her kitchen every weekend."
B = "Did those children not enjoy feeding the playful kitten at the farm yesterday?"
PAGES = {
    "Home": "",
    "Map": "map",
    "Interpolate": "interpolate",
    "Dimensions": "dimensions",
    "Training": "training",
    "Collapse": "collapse",
}


def run_shown(page: Page):  # a Locator
    return page.get_by_test_id("stSidebar").get_by_role("combobox", name="Run")


def test_a_deep_link_may_be_the_first_request_a_server_gets(fresh_server: Server, page: Page):
    """app.py has run: its navigation, its title and the state of the link are there."""
    link = {"run": "factors-collapsed", "a": A, "b": B, "t": 0.25, "method": "lerp"}
    visit(page, fresh_server.address("interpolate", **link))
    expect(page.get_by_role("heading", level=1)).to_have_text("What lies between two sentences?")
    expect(page.get_by_role("dialog")).to_have_count(0)
    whole_and_calm(page)
    navigation = page.get_by_test_id("stSidebarNav")
    for name in PAGES:
        expect(navigation.get_by_role("link", name=re.compile(f"{name}$"))).to_be_visible()
    expect(run_shown(page)).to_have_value("factors-collapsed")
    expect(page.get_by_role("textbox", name="Sentence A")).to_have_value(A)
    expect(page.get_by_role("textbox", name="Sentence B")).to_have_value(B)
    expect(slider(page)).to_have_value("15")
    expect(page.get_by_role("radio", name="straight (lerp)", exact=True)).to_be_checked()
    expect(page).to_have_title(re.compile("Latent Lens|Interpolate"))


def test_run_and_sentence_are_kept_from_page_to_page(server: Server, page: Page):
    visit(page, server.address("", run="factors-collapsed", a=A))
    for name, path in PAGES.items():
        page.get_by_test_id("stSidebarNav").get_by_role("link", name=re.compile(f"{name}$")).click()
        expect(page).to_have_url(re.compile(rf"{server.url}/{path}(\?|$)"))
        settled(page)
        expect(run_shown(page)).to_have_value("factors-collapsed")
    page.get_by_test_id("stSidebarNav").get_by_role("link", name="Interpolate").click()
    expect(page.get_by_role("textbox", name="Sentence A")).to_have_value(A)
    expect(page).to_have_url(re.compile("run=factors-collapsed"))


def test_another_run_is_chosen_in_the_sidebar_and_shown_in_the_link(server: Server, page: Page):
    visit(page, server.address("interpolate"))
    choose(run_shown(page), "factors-collapsed")
    expect(page).to_have_url(re.compile("run=factors-collapsed"))
    settled(page)
    whole_and_calm(page)


def test_what_is_unfit_in_a_link_is_named_and_the_rest_is_used(server: Server, page: Page):
    unfit = {"run": "no-such-run", "t": "seven", "z": "%%%"}
    visit(page, server.address("interpolate", a=A, **unfit))
    problems = page.get_by_test_id("stAlert").filter(has_text="Part of this link was left out")
    expect(problems).to_have_count(3)
    for name, value in unfit.items():
        expect(problems.filter(has_text=f"{name}={value}")).to_be_visible()
    expect(page.get_by_role("textbox", name="Sentence A")).to_have_value(A)
    whole_and_calm(page)


def test_two_people_do_not_see_each_other(server: Server, another):
    one, other = another(), another()
    visit(one, server.address("interpolate", run="factors", a=A, t=0))
    visit(other, server.address("interpolate", run="factors", a=B, t=1))
    slider(one).focus()
    slider(one).press("ArrowRight")
    expect(one).to_have_url(re.compile(r"t=0\.017"))
    settled(one)
    other.reload()
    settled(other)
    expect(other.get_by_role("textbox", name="Sentence A")).to_have_value(B)
    expect(slider(other)).to_have_value("60")
    expect(slider(one)).to_have_value("1")
    expect(one.get_by_role("textbox", name="Sentence A")).to_have_value(A)
    expect(big_sentence(one)).not_to_be_empty()
