"""Home: a sentence goes in, something is kept, a sentence comes back."""

from tests.pages.support import assert_calm, open_app, said


def test_an_example_is_encoded_at_once():
    app = open_app()
    assert_calm(app)
    text = said(app)
    assert app.text_input(key="a_home").value
    assert "at a rate of" in text
    assert "Nearest five" in text
    assert "word for word" in text


def test_a_typed_sentence_comes_back():
    app = open_app()
    assert "Outlines" not in said(app)
    app.text_input(key="a_home").set_value("He did not like the soup yesterday.").run()
    assert "the sentence before this one." in said(app)
    assert_calm(app)
    assert app.query_params["a"] in (
        "He did not like the soup yesterday.",
        ["He did not like the soup yesterday."],
    )


def test_unknown_words_are_named():
    app = open_app(a="The wizzard loves *pizza*.")
    text = said(app)
    assert "does not know" in text
    assert "wizzard" in text
    assert r"\*" in text


def test_markup_is_shown_as_text():
    app = open_app(a="<script>alert(1)</script> She loves the film.")
    assert_calm(app)
    assert "<script>" not in "".join(e.proto.body for e in app.get("html"))


def test_an_empty_sentence_gets_a_sentence_back():
    app = open_app()
    app.text_input(key="a_home").set_value("   ").run()
    assert not app.exception
    assert "empty" in said(app)


def test_a_pasted_book_gets_a_sentence_and_changes_nothing():
    app = open_app()
    before = app.text_input(key="a_home").value
    app.text_input(key="a_home").set_value("word " * 20_000).run()
    assert_calm(app)
    assert "100,000 characters: too long" in app.warning[0].value
    assert app.text_input(key="a_home").value == before


def test_a_long_text_gets_a_sentence_back():
    app = open_app(a="word " * 390)
    assert not app.exception
    assert "too long" in said(app)


def test_the_model_card_says_how_each_figure_was_measured():
    app = open_app()
    names = [m.label for m in app.metric]
    assert {"Corpus", "Parameters", "Comes back exactly", "Rate", "Principal units"} <= set(names)
    text = said(app)
    assert "importance-weighted" in text
    assert "n = " in text


def test_a_run_that_was_not_measured_says_how(unmapped):
    app = open_app(run=unmapped)
    assert "python -m vae evaluate" in said(app)


def test_a_language_model_keeps_nothing(language_model):
    app = open_app(run=language_model)
    assert_calm(app)
    assert "no latent dimension" in said(app)
