"""The docstring corpus: what is a sentence, what is dropped and why, and its cache."""

import gc
import json
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vae.corpora import docstrings
from vae.corpora.balance import MAX_ALIKE, MAX_SHARE, package_cap, spread
from vae.corpora.cleaning import first_sentence, sentence_or_reason, without_markup
from vae.corpora.docstrings import Package, harvest_from
from vae.corpora.reasons import counted, reason_message
from vae.errors import UserError


@pytest.mark.parametrize(
    ("docstring", "sentence"),
    [
        ("Return the sum of two numbers.", "Return the sum of two numbers."),
        ("return the sum of two numbers", "Return the sum of two numbers."),
        (
            "\n    Return the sum\n    of two numbers.\n\n    More.\n",
            "Return the sum of two numbers.",
        ),
        ("Close the file. It cannot be used again.", "Close the file."),
        ("Draw a shape, e.g. a circle, on it. Then stop.", "Draw a shape, e.g. a circle, on it."),
        ("Return a :class:`~queue.Queue` of the ``names``.", "Return a Queue of the names."),
        ("Run :func:`the task <pkg.run>` in `another thread`_.", "Run the task in another thread."),
        ("Make a **new** and *empty* array [1]_.", "Make a new and empty array."),
        ("Read [the manual](manual.md) before you start.", "Read the manual before you start."),
        ("Tools for text\n==============\n\nCut and join words.", "Cut and join words."),
        ("Open the door.\n:param key: the key", "Open the door."),
        ("Check the parts of it\nReturns True if so", "Check the parts of it."),
        ("Wait for 0.5 seconds and try again.", "Wait for 0.5 seconds and try again."),
        ("It’s the caller’s choice – always.", "It's the caller's choice - always."),
    ],
)
def test_a_docstring_gives_its_first_sentence(docstring, sentence):
    assert sentence_or_reason(docstring) == (sentence, "")


@pytest.mark.parametrize(
    ("docstring", "reason"),
    [
        ("", "no running text"),
        (">>> add(1, 2)\n3", "no running text"),
        ("Add numbers.", "fewer than 3 words"),
        ("Go on " * 20, "more than 20 words"),
        ("Set x = y for all of them.", "code"),
        ("Call close() when you are done.", "code"),
        ("Return the value of self.width in pixels.", "code"),
        ("Return the value of max_width in pixels.", "code"),
        ("See https://example.org for the whole story.", "web address"),
        ("Return :math:`x^2` of the given number.", "formula"),
        ("The options are as follows:\n\n- one", "not a statement"),
        ("One of these:\n- one\n- two", "not a statement"),
        ("Is it a number of some kind?", "not a statement"),
        ("bool: Whether it is a number.", "not a statement"),
        ("12 34 56 of 78 90.", "mostly not words"),
        ("HTTPS TLSv1 RFC9110 ISO8601 used here.", "mostly not words"),
    ],
)
def test_what_is_no_sentence_has_a_reason(docstring, reason):
    sentence, why = sentence_or_reason(docstring)
    assert (sentence, str(reason_message(why))) == (None, reason)


@given(st.text(max_size=200))
def test_any_docstring_gives_a_clean_sentence_or_a_reason(docstring):
    sentence, reason = sentence_or_reason(docstring)
    assert (sentence is None) == bool(reason)
    if sentence is not None:
        assert 3 <= len(sentence.split()) <= 20
        assert sentence.endswith(".")
        assert sentence == " ".join(sentence.split())
        assert not set(sentence) & set("`=<>{}[]|\\_*")


@given(st.text(alphabet="ab.!? `*:~<>[]()_", max_size=60))
def test_markup_and_sentence_ends_never_fail(text):
    assert text.startswith(first_sentence(text))
    without_markup(text)


def tree(root: Path, **modules: str) -> Package:
    for name, source in modules.items():
        path = root / (name.replace("__", "/") + ".py")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(source, encoding="utf-8")
    return Package(root.name, root)


SHAPES = '''"""Shapes that can be drawn on a page."""
class Circle:
    """A circle around a given point."""
    def area(self):
        """Return the area of the circle."""
        def inner():
            """Work out one half of it."""
if True:
    def area():
        """return the  area of the circle"""
'''


def test_modules_classes_and_functions_are_read_and_duplicates_counted(tmp_path):
    corpus = harvest_from([tree(tmp_path / "shapes", drawing=SHAPES)], key="k")
    assert set(corpus.sentences) == {
        "Shapes that can be drawn on a page.",
        "A circle around a given point.",
        "Return the area of the circle.",
        "Work out one half of it.",
    }
    assert corpus.dropped == {"seen before": 1}
    assert set(corpus.labels["package"]) == {"shapes"}
    assert corpus.source == {"kind": "docstrings", "key": "k"}
    assert len(corpus.examples) == 8


def test_a_shared_sentence_belongs_to_the_first_package(tmp_path):
    source = '"""Say hello to the world."""'
    packages = [tree(tmp_path / name, m=source) for name in ("first", "second")]
    assert harvest_from(packages).labels["package"] == ("first",)
    assert harvest_from(packages[::-1]).labels["package"] == ("second",)


def test_tests_and_vendored_copies_are_not_read(tmp_path):
    source = '"""This sentence should not be read."""'
    package = tree(
        tmp_path / "p",
        m='"""This sentence should be read."""',
        tests__helper=source,
        _vendor__other=source,
        test_it=source,
    )
    assert harvest_from([package]).sentences == ("This sentence should be read.",)


def test_a_file_that_is_not_python_is_counted_and_passed_over(tmp_path):
    package = tree(tmp_path / "p", bad='"""Not\n', good='"""A good sentence is here."""')
    (package.root / "latin.py").write_bytes(b'"""\xe9t\xe9 comme hiver."""')
    corpus = harvest_from([package])
    assert corpus.sentences == ("A good sentence is here.",)
    assert str(counted(corpus.dropped)) == "2 file that cannot be read"


def test_reading_never_runs_the_code(tmp_path):
    tree(tmp_path / "p", m='"""A module that must not run."""\nraise SystemExit("it ran")')
    assert len(harvest_from([Package("p", tmp_path / "p")])) == 1


def test_order_depends_on_the_sentences_alone(tmp_path):
    a = tree(tmp_path / "a", m='"""The first of all sentences."""', n='"""Another one of them."""')
    b = tree(tmp_path / "b", m='"""A sentence of another package."""')
    assert harvest_from([a, b]).sentences == harvest_from([b, a]).sentences


def test_nothing_to_read_is_said(tmp_path):
    with pytest.raises(UserError, match="No docstrings were found"):
        harvest_from([Package("p", tmp_path)])


def test_progress_reports_and_can_cancel(tmp_path):
    package = tree(tmp_path / "p", m='"""A sentence to be found."""')
    calls: list[tuple[int, int, str]] = []
    harvest_from([package], lambda *call: calls.append(call))
    assert (*calls[0][:2], str(calls[0][2])) == (0, 1, "reading p")
    assert calls[-1][:2] == (1, 1)

    def cancel(done: int, total: int, what: str) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        harvest_from([package], cancel)
    assert gc.isenabled()


def test_the_json_package_of_this_python_gives_english():
    root = Path(json.__file__).parent
    corpus = harvest_from([Package("json", root)])
    assert len(corpus) >= 8
    assert all(s.isascii() and s.endswith(".") for s in corpus.sentences)


def test_a_template_gives_a_few_sentences_and_the_rest_is_counted():
    word = [f"{a}{b}" for a in "bcdfghjklm" for b in "aeiou"]
    rows = [(f"Sets the {w} of the box.", "plotting") for w in word]
    dropped: Counter[str] = Counter()
    kept = spread([*rows, ("A sentence of its own kind.", "plotting")], dropped)
    assert len(kept) == MAX_ALIKE + 1
    assert sum(dropped.values()) == len(rows) - MAX_ALIKE


@given(st.lists(st.integers(1, 50_000), min_size=6, max_size=30))
def test_no_package_is_over_its_share(sizes):
    cap = package_cap(Counter({str(i): n for i, n in enumerate(sizes)}))
    total = sum(min(n, cap) for n in sizes)
    assert all(min(n, cap) <= max(1_000, MAX_SHARE * total + 1) for n in sizes)


def test_the_cap_touches_only_a_package_that_is_too_large():
    assert package_cap(Counter(a=5_000, b=5_000, c=5_000, d=5_000, e=5_000)) == 5_000
    assert package_cap(Counter(a=90_000, b=4_000, c=4_000, d=4_000, e=4_000)) == 4_000


@pytest.fixture
def small(tmp_path, monkeypatch):
    """A cache of its own and one small package in place of those installed."""
    monkeypatch.setenv("LATENT_LENS_CACHE", str(tmp_path / "cache"))
    package = tree(tmp_path / "shapes", drawing=SHAPES)
    monkeypatch.setattr(docstrings, "installed_packages", lambda: (package,))
    return tmp_path


def test_a_warm_cache_gives_the_same_corpus(small):
    assert docstrings.cached() is None
    fresh = docstrings.harvest()
    cached = docstrings.cached()
    assert cached is not None
    assert (cached.digest, cached.dropped, cached.source) == (
        fresh.digest,
        fresh.dropped,
        fresh.source,
    )


@pytest.mark.parametrize("damage", ["cut", "flipped", "foreign", "empty"])
def test_a_damaged_cache_is_made_again(small, damage):
    fresh = docstrings.harvest()
    (path,) = (small / "cache").rglob("*.parquet")
    data = bytearray(path.read_bytes())
    if damage == "flipped":
        data[len(data) // 4] ^= 0xFF
    path.write_bytes({"cut": data[:-50], "foreign": b"PAR1 no", "empty": b""}.get(damage, data))
    again = docstrings.harvest()
    assert again.digest == fresh.digest
    assert docstrings.cached() is not None


def test_a_cache_that_cannot_be_written_is_done_without(small, monkeypatch):
    (small / "file").write_text("in the way")
    monkeypatch.setenv("LATENT_LENS_CACHE", str(small / "file" / "cache"))
    assert len(docstrings.harvest()) == 4
    assert docstrings.cached() is None


def test_the_key_follows_the_cleaning_version(monkeypatch):
    before = docstrings.cache_key()
    assert docstrings.cache_key() == before
    monkeypatch.setattr(docstrings, "CLEANING_VERSION", -1)
    assert docstrings.cache_key() != before


def test_installed_packages_are_found_without_importing_them():
    found = {package.name: package.root for package in docstrings.installed_packages()}
    assert found[docstrings.STANDARD_LIBRARY].is_dir()
    assert (found["numpy"] / "__init__.py").is_file()
