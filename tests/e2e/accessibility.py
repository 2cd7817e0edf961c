"""What axe-core finds on a page that would keep somebody out."""

from __future__ import annotations

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

GRAVE = ("serious", "critical")
# Lesser ones that we keep out as well.
OURS = ("heading-order",)
# What Streamlit 1.67 draws itself, where a page has no say: its list of pages is a list of groups
# with items that are in no list, and its table can be pushed aside by a pointer only.
STREAMLITS = {
    "list": "[data-testid=stSidebarNav]",
    "listitem": "[data-testid=stSidebarNav]",
    "scrollable-region-focusable": "[data-testid=stTable]",
}


def grave(page: Page) -> list[str]:
    """Serious and critical findings in either theme: the rule, the theme, the element."""
    found = []
    for theme in ("light", "dark"):
        page.emulate_media(color_scheme=theme)
        page.wait_for_function(
            "dark => getComputedStyle(document.querySelector('[data-testid=stApp]')).colorScheme"
            " === dark",
            arg=theme,
        )
        # Light and dark differ in their colours alone.
        rules = {} if theme == "light" else {"runOnly": ["color-contrast"]}
        options = {"resultTypes": ["violations"], **rules}
        for finding in Axe().run(page, options=options).response["violations"]:
            if finding["impact"] in GRAVE or finding["id"] in OURS:
                found += [
                    f"{finding['id']} ({theme}): {node['html'][:200]}"
                    for node in finding["nodes"]
                    if not _streamlits(page, finding["id"], node["target"])
                ]
    page.emulate_media(color_scheme="light")
    return found


def _streamlits(page: Page, rule: str, target: list[str]) -> bool:
    # An element in a component of ours is named by two selectors.
    if rule not in STREAMLITS or len(target) != 1:
        return False
    inside = "([css, outer]) => Boolean(document.querySelector(css)?.closest(outer))"
    return bool(page.evaluate(inside, [target[0], STREAMLITS[rule]]))
