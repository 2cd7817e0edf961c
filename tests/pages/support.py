"""The app without a browser."""

from __future__ import annotations

from pathlib import Path
from unittest.mock import patch

from streamlit.testing.v1 import AppTest

from pages.common import state

ROOT = Path(__file__).resolve().parents[2]
PAGES = (
    "pages/explore/home.py",
    "pages/explore/map.py",
    "pages/explore/interpolate.py",
    "pages/explore/dimensions.py",
    "pages/explore/sentence.py",
    "pages/learn/lesson.py",
    "pages/learn/questions.py",
    "pages/learn/prepare.py",
    "pages/learn/classroom.py",
    "pages/train/lab.py",
    "pages/train/training.py",
    "pages/train/runs.py",
    "pages/train/compare.py",
    "pages/train/clinic.py",
    "pages/train/sweep.py",
    "pages/diagnose/collapse.py",
    "pages/diagnose/meaning.py",
    "pages/learn/article.py",
)


def open_app(page: str = PAGES[0], **link: str) -> AppTest:
    """The app on one of its pages, opened with a link; every section of it is open, unless the link
    says which are."""
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=120)
    for name, value in {"open": "all", **link}.items():
        app.query_params[name] = value
    if page != PAGES[0]:
        app.switch_page(page)
    return app.run()


def follow(app: AppTest, **link: str) -> AppTest:
    """The page after the person went back or forward to another address of it."""
    for name, value in link.items():
        app.query_params[name] = value
    with patch.object(state, "went_back", return_value=True):
        return app.run()


def said(app: AppTest) -> str:
    """All that the page says in words, tables of HTML included."""
    kinds = (
        app.title,
        app.header,
        app.subheader,
        app.markdown,
        app.caption,
        app.info,
        app.warning,
        app.error,
    )
    texts = [str(element.value) for kind in kinds for element in kind]
    texts += [str(element.proto.body) for element in app.get("html")]
    texts += [str(element.value) for element in app.code]
    return "\n".join(texts)


def assert_calm(app: AppTest) -> None:
    """Nothing was raised, and nothing is shown as an error."""
    assert not app.exception, [e.message for e in app.exception]
    assert not app.error, [e.value for e in app.error]
