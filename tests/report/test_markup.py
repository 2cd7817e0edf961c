"""Markdown becomes HTML that holds nothing but words, tables, links and mathematics."""

import re
from html import unescape

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.report.support import Markup
from vae.report.markup import markup

ALLOWED = {
    *("p", "em", "strong", "code", "pre", "ul", "ol", "li", "blockquote", "hr", "br", "a"),
    *("h1", "h2", "h3", "h4", "h5", "h6", "table", "thead", "tbody", "tr", "th", "td"),
    *("span", "div", "math", "mrow", "mi", "mn", "mo", "mtext", "mspace", "mfrac", "msqrt"),
    *("mstyle", "msub", "msup", "msubsup", "munder", "mover", "munderover", "mpadded", "mroot"),
}
PIECES = [
    *("<script>", "</script>", "<img src=x onerror=a()>", "<b onclick=a>", "&lt;", "$", "$$", "*"),
    *("`", "[", "](javascript:a)", "](https://x)", "![", "](data:a)", "\n", "\n\n", "|", "---"),
    *(r"\text{", r"\href{javascript:a}{", r"\frac{1}{2}", r"\class{a}{", r"\style{a}{", "}", "x_1"),
    *("\\", "<math href=a>", "^2", " ", "word", "# ", "- ", "> ", "    ", "<!--", "<", ">", '"'),
]


@given(st.lists(st.sampled_from(PIECES), max_size=14).map("".join))
def test_whatever_is_written_there_is_no_other_element_and_nothing_that_runs(text):
    page = Markup(markup(text))
    assert {name for name, _attributes in page.tags} <= ALLOWED
    for name, attributes in page.tags:
        assert not [key for key in attributes if key.startswith("on") or key in ("src", "style")]
        if "href" in attributes:
            assert name == "a"
            assert not (attributes["href"] or "").lower().startswith(("javascript:", "data:"))


def test_formulas_of_the_lessons_become_mathematics():
    total = r"$$R = \sum_d \tfrac12\left(\mu_d^2 - 1\right)$$"
    made = markup(r"Here $L = D + \beta \cdot R$" + f"\n\n{total}")
    assert made.count("<math") == 2
    assert "<mi>β</mi>" in unescape(made)
    assert 'display="block"' in made


@pytest.mark.parametrize("broken", [r"$\frac{$", r"$\nosuchcommand{$", "$a & b$", r"$\left($"])
def test_a_formula_that_cannot_be_read_is_shown_and_the_rest_stands(broken):
    made = markup(f"Before {broken} after **it**")
    assert "Before" in made
    assert "<strong>it</strong>" in made
    assert not re.search(r"<(?!/?(p|strong|code|span|math|m\w+)\b)", made)
