"""A reader of Chinese begins with a run in Chinese; what a person chose is never changed."""

from __future__ import annotations

from tests.pages.support import assert_calm, open_app, said
from vae.corpora.factors_zh import EXAMPLES


def shown(app) -> str | None:
    found = app.query_params.get("run")
    return found[0] if isinstance(found, list) else found


def test_home_in_chinese_opens_on_a_run_in_chinese():
    app = open_app(lang="zh")
    assert_calm(app)
    assert shown(app) == "factors-zh"
    assert EXAMPLES[0] in said(app)
    assert "时态" in said(app)
    assert "第三人称" in said(app)
    app.switch_page("pages/explore/interpolate.py").run()
    assert shown(app) == "factors-zh"


def test_a_run_or_a_sentence_of_ones_own_stays():
    assert shown(open_app(lang="zh", run="factors-collapsed")) == "factors-collapsed"
    assert shown(open_app(lang="zh", run="factors")) == "factors"
    assert shown(open_app(lang="zh", a="She loves the soup.")) is None
    assert shown(open_app()) is None
    assert shown(open_app(page="pages/explore/map.py", lang="zh")) is None


def test_who_goes_back_to_english_has_the_usual_run_again():
    app = open_app(lang="zh")
    app.sidebar.get("button_group")[0].set_value("en").run()
    assert shown(app) is None
    app.sidebar.get("button_group")[0].set_value("zh").run()
    assert shown(app) == "factors-zh"
