"""What axe-core finds on a page that would keep somebody out."""

from __future__ import annotations

from typing import Literal

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

GRAVE = ("serious", "critical")
CONTRAST = "color-contrast"
# Lesser ones that we keep out as well.
OURS = ("heading-order",)
# What Streamlit 1.67 draws itself, where a page has no say: its list of pages is a list of groups
# with items that are in no list, and its table can be pushed aside by a pointer only.
STREAMLITS = {
    "list": "[data-testid=stSidebarNav]",
    "listitem": "[data-testid=stSidebarNav]",
    "scrollable-region-focusable": "[data-testid=stTable]",
}


def grave(page: Page, *, colours: bool = True) -> list[str]:
    """Serious and critical findings: the rule, the theme, the element.

    Args:
        colours: look at the contrast of texts as well, in either theme.
    """
    if not colours:
        return _found(page, "light", {"rules": {CONTRAST: {"enabled": False}}})
    # Light and dark differ in their colours alone.
    found = _found(page, "light", {}) + _found(page, "dark", {"runOnly": [CONTRAST]})
    page.emulate_media(color_scheme="light")
    return found


def _found(page: Page, theme: Literal["light", "dark"], rules: dict[str, object]) -> list[str]:
    page.emulate_media(color_scheme=theme)
    page.wait_for_function(
        "dark => getComputedStyle(document.querySelector('[data-testid=stApp]')).colorScheme"
        " === dark",
        arg=theme,
    )
    options = {"resultTypes": ["violations"], **rules}
    return [
        f"{finding['id']} ({theme}): {node['html'][:200]}"
        for finding in Axe().run(page, options=options).response["violations"]
        if finding["impact"] in GRAVE or finding["id"] in OURS
        for node in finding["nodes"]
        if not _streamlits(page, finding["id"], node["target"])
    ]


def _streamlits(page: Page, rule: str, target: list[str]) -> bool:
    # An element in a component of ours is named by two selectors.
    if rule not in STREAMLITS or len(target) != 1:
        return False
    inside = "([css, outer]) => Boolean(document.querySelector(css)?.closest(outer))"
    return bool(page.evaluate(inside, [target[0], STREAMLITS[rule]]))
