"""Every corpus by name or path, and again from what a run recorded of it."""

import pytest

from vae import corpora
from vae.corpora import docstrings
from vae.corpora.docstrings import Package
from vae.errors import UserError


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "own.csv"
    rows = [f"This is sentence number {i}.,{'good' if i % 2 else 'bad'}" for i in range(200)]
    path.write_text("\n".join(["text,mood", *rows]))
    return path


@pytest.fixture
def no_harvest(tmp_path, monkeypatch):
    module = tmp_path / "package" / "m.py"
    module.parent.mkdir()
    module.write_text('"""The only sentence of this package."""')
    monkeypatch.setenv("LATENT_LENS_CACHE", str(tmp_path / "cache"))
    monkeypatch.setattr(
        docstrings, "installed_packages", lambda: (Package("package", module.parent),)
    )


def test_factors_come_by_name_in_the_number_asked_for():
    corpus = corpora.load("factors", n=100, seed=3)
    assert len(corpus) == 100
    assert corpora.rebuild(corpus.source).digest == corpus.digest
    assert corpora.load("factors", n=100, seed=4).digest != corpus.digest


def test_docstrings_come_by_name(no_harvest):
    assert corpora.load("docstrings").sentences == ("The only sentence of this package.",)


def test_a_file_comes_by_path_and_again_from_its_source(file):
    corpus = corpora.load(file)
    assert list(corpus.labels) == ["mood"]
    assert corpora.rebuild(corpus.source).digest == corpus.digest
    assert corpora.load(str(file), text="text", labels=[]).labels == {}


def test_a_draw_is_seeded_keeps_order_and_comes_again(file):
    corpus = corpora.load(file, n=60, seed=1)
    whole = corpora.load(file)
    rows = [whole.sentences.index(s) for s in corpus.sentences]
    assert rows == sorted(rows)
    assert corpus.labels["mood"] == tuple(whole.labels["mood"][i] for i in rows)
    assert corpora.rebuild(corpus.source).digest == corpus.digest
    assert corpora.load(file, n=60, seed=2).digest != corpus.digest
    assert corpora.load(file, n=10_000).digest == whole.digest


@pytest.mark.parametrize(
    ("name", "options", "message"),
    [
        ("factor", {}, "There is no corpus 'factor'. Choose factors, factors-zh, or docstrings"),
        ("missing.csv", {}, "There is no file 'missing.csv'"),
        ("factors", {"n": 0}, "at least one sentence"),
        ("factors", {"text": "text"}, "columns are for files"),
    ],
)
def test_what_is_not_there_is_said(name, options, message):
    with pytest.raises(UserError, match=message):
        corpora.load(name, **options)


def test_an_upload_cannot_be_made_again():
    with pytest.raises(UserError, match=r"'a\.txt' were uploaded or pasted"):
        corpora.rebuild({"kind": "file", "name": "a.txt"})


def test_the_description_harvests_nothing(no_harvest):
    before = {d.name: d for d in corpora.describe()}
    assert list(before) == ["factors", "factors-zh", "docstrings", "PATH"]
    assert str(before["docstrings"].size) == "made at first use, under a minute"
    assert corpora.built_in("docstrings").at_hand({}, 10) is None
    corpora.load("docstrings")
    after = {d.name: d for d in corpora.describe()}
    assert str(after["docstrings"].size) == "1 sentence"
    assert len(corpora.built_in("docstrings").at_hand({}, 10)) == 1


@pytest.mark.parametrize("name", corpora.registry.MODULES)
def test_every_built_in_corpus_says_what_it_can_do(name):
    known = corpora.built_in(name)
    assert known.name == name
    assert str(known.what)
    assert corpora.origin({"kind": name}) is known


def test_a_corpus_knows_its_origin_and_its_grammar(file):
    corpus = corpora.load("factors", n=20, seed=3)
    assert corpus.origin.needs <= set(corpus.source)
    assert corpus.select("train").grammar is corpus.grammar
    for i, sentence in enumerate(corpus.sentences):
        assert corpus.grammar.parse(sentence) == {k: v[i] for k, v in corpus.labels.items()}
    assert corpus.grammar.parse("This sentence is none of them.") is None
    own = corpora.load(file)
    assert own.origin is None
    assert own.grammar is None


def test_the_beginning_of_a_generated_corpus_is_at_hand_without_the_rest():
    corpus = corpora.load("factors", n=20, seed=3)
    assert corpus.origin.at_hand(corpus.source, 5).sentences == corpus.sentences[:5]
