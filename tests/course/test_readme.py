"""What a teacher reads is how it is: every view and setting is named, and the example is read."""

import re

from vae.course import catalogue, parser
from vae.course.lesson import KINDS
from vae.course.views import VIEWS

README = catalogue.SHIPPED.with_name("README.md").read_text(encoding="utf-8")


def test_the_example_is_a_lesson():
    (example,) = re.findall(r"```\n(---.*?)```", README, re.DOTALL)
    lesson = parser.parse(example, id="example", file="README.md")
    assert [step.kind for step in lesson.steps] == ["predict", "do"]


def test_every_kind_view_and_setting_is_named():
    rows = {row[1]: row[0] for row in re.findall(r"^(\| `([\w-]+)` .*)$", README, re.MULTILINE)}
    assert {*KINDS, *VIEWS} == set(rows)
    for name, view in VIEWS.items():
        for setting in view.settings:
            assert f"`{setting}`" in rows[name]
