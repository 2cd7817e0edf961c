"""The language of a session: the link's, else the browser's, and kept while one goes on."""

from __future__ import annotations

import pytest
from babel.messages.catalog import Catalog
from babel.messages.pofile import write_po

from tests.pages.support import open_app, said
from vae import i18n


@pytest.fixture
def german(tmp_path, monkeypatch):
    """A catalogue in which a few words of every page are translated."""
    catalog = Catalog(locale="de")
    catalog.add("Home", string="Anfang")
    catalog.add("Map", string="Karte")
    with (tmp_path / "de.po").open("wb") as file:
        write_po(file, catalog)
    monkeypatch.setattr(i18n, "CATALOGUES", tmp_path)
    monkeypatch.setattr(i18n, "_source", [])
    i18n.catalogue.cache_clear()
    yield
    i18n.catalogue.cache_clear()


def picked(app) -> str:
    return app.sidebar.get("button_group")[0].value


def test_the_link_chooses_the_language_and_keeps_it(german):
    app = open_app(lang="de")
    assert picked(app) == "de"
    app.switch_page("pages/explore/map.py").run()
    assert picked(app) == "de"
    assert app.query_params["lang"] in ("de", ["de"])


def test_without_a_word_in_the_link_english_is_spoken(german):
    app = open_app()
    assert picked(app) == "en"
    assert "lang" not in app.query_params


def test_a_language_that_is_not_spoken_is_said_to_be_none(german):
    app = open_app(lang="xx")
    assert picked(app) == "en"
    assert any("lang=xx" in warning.value for warning in app.warning)


def test_where_there_is_one_language_none_is_asked_for(tmp_path, monkeypatch):
    monkeypatch.setattr(i18n, "CATALOGUES", tmp_path)
    app = open_app()
    assert not app.sidebar.get("button_group")


def test_a_verdict_is_said_in_the_language_of_who_reads_it():
    """Figures are read once for all sessions; what is worded among them is not."""
    for spoken, word in (("en", "Healthy: "), ("zh", "健康：")):
        app = open_app("pages/explore/home.py", run="factors", lang=spoken)
        assert word in said(app)
