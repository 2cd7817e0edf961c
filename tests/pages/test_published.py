"""A run that ships without its text says so wherever sentences of its map would stand."""

import shutil

import pytest

from tests.pages.support import assert_calm, open_app, said
from tests.sharing.test_publishing import published, run, text  # noqa: F401
from vae.runs.catalogue import remember


@pytest.fixture
def shown(published, tmp_path, monkeypatch):  # noqa: F811
    """The name of a published run that the app knows."""
    monkeypatch.setenv("LATENT_LENS_CACHE", str(tmp_path / "cache"))
    place = tmp_path / "public"
    shutil.copytree(published.path, place)
    (place / "evaluation.json").unlink()  # of a test, and no evaluation
    remember(place)
    return place.name


@pytest.mark.parametrize(
    "page",
    ["pages/explore/home.py", "pages/explore/map.py", "pages/explore/interpolate.py"],
)
def test_a_page_with_sentences_of_the_map_says_whose_words_they_are(page, shown):
    app = open_app(page, run=shown)
    assert_calm(app)
    assert "in place of each sentence stands what the model says" in said(app)
    assert "`python -m vae prepare public --data FILE`" in said(app)


def test_the_card_names_origin_and_licence_of_the_text(shown):
    for page in ("pages/explore/home.py", "pages/train/runs.py"):
        app = open_app(page, run=shown)
        assert_calm(app)
        assert "The text is by Ours, CC0." in said(app)
