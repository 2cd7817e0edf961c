"""Texts from a browser: kept once, under names that lead nowhere, and not for ever."""

import os

import pytest

from vae.corpora import files, uploads
from vae.corpora.uploads import keep, keep_pasted, safe_name
from vae.errors import UserError


@pytest.fixture(autouse=True)
def place(tmp_path, monkeypatch):
    monkeypatch.setenv("LATENT_LENS_CACHE", str(tmp_path))
    return tmp_path / "uploads"


def test_the_same_file_is_kept_once(place):
    first = keep("a.txt", b"One sentence.\n")
    assert keep("a.txt", b"One sentence.\n") == first
    assert first.path.read_bytes() == b"One sentence.\n"
    assert len(list(place.iterdir())) == 1
    assert keep("b.txt", b"One sentence.\n").path.parent != first.path.parent


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("reviews.csv", "reviews.csv"),
        ("../../etc/passwd", "passwd.txt"),
        (r"C:\Users\me\My Texts.TSV", "My Texts.tsv"),
        ("..", "text.txt"),
        (".csv", "text.csv"),
        ("", "text.txt"),
        ("--out.jsonl", "out.jsonl"),
        ('a"b<c>.txt', "a_b_c_.txt"),
        ("x" * 300 + ".parquet", "x" * 80 + ".parquet"),
        ("日本語.txt", "日本語.txt"),
        ("a\0b.txt", "a_b.txt"),
    ],
)
def test_a_name_leads_nowhere(place, name, kept):
    assert safe_name(name) == kept
    if len(name) > 4 and name.lower().endswith(kept[-4:]):
        path = keep(name, b"text").path
        assert path.parent.parent == place
        assert path.name == kept


@pytest.mark.parametrize("name", ["a.docx", "a", "", "..", "a.txt.exe", "a.TXT "])
def test_a_kind_that_is_not_read_is_refused_with_those_that_are(name):
    with pytest.raises(UserError, match=r"of a kind that cannot be read.*\.parquet"):
        keep(name, b"text")


def test_the_oldest_make_room(place, monkeypatch):
    monkeypatch.setattr(uploads, "MOST_UPLOADS", 3)
    paths = []
    for number in range(5):
        paths.append(keep(f"{number}.txt", b"text").path)
        os.utime(paths[-1].parent, (number, number))
    keep("new.txt", b"text")
    assert [p.exists() for p in paths] == [False, False, False, True, True]


def test_few_large_ones_make_room_too_but_the_newest_stays(place, monkeypatch):
    monkeypatch.setattr(uploads, "MOST_KEPT_BYTES", 150)
    old = keep("old.txt", b"x" * 100).path
    os.utime(old.parent, (1, 1))
    new = keep("new.txt", b"y" * 200).path
    assert not old.exists()
    assert new.exists()


def test_one_that_is_used_again_counts_as_new(place, monkeypatch):
    monkeypatch.setattr(uploads, "MOST_UPLOADS", 2)
    first, second = keep("1.txt", b"a").path, keep("2.txt", b"a").path
    os.utime(first.parent, (1, 1))
    os.utime(second.parent, (2, 2))
    keep("1.txt", b"a")
    keep("3.txt", b"a")
    assert first.exists()
    assert not second.exists()


def test_what_is_pasted_is_kept_a_sentence_a_line():
    kept = keep_pasted("One.\r\nTwo.\rThree. \ud800")
    assert kept.path.read_text(encoding="utf-8") == "One.\nTwo.\nThree. ?"


@pytest.mark.parametrize("text", ["", "  \n\t "])
def test_an_empty_paste_is_a_sentence(text):
    with pytest.raises(UserError, match="Paste at least 50"):
        keep_pasted(text)


def test_too_much_is_refused(monkeypatch):
    with pytest.raises(UserError, match=r"2,000,001 characters.*\.txt file"):
        keep_pasted("x" * 2_000_001)
    monkeypatch.setattr("vae.corpora.opening.MAX_BYTES", 1024**2)
    with pytest.raises(UserError, match="larger than 1 MB"):
        keep("big.txt", b"x" * (1024**2 + 1))


def test_a_disk_that_takes_nothing_is_a_sentence(monkeypatch):
    def full(path, data):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(uploads, "write_bytes", full)
    with pytest.raises(UserError, match=r"No space left on device.*Make room"):
        keep("a.txt", b"text")


def test_what_is_kept_reads_as_a_corpus():
    text = "\n".join(f"Sentence number {i}." for i in range(60))
    assert len(files.read_file(keep_pasted(text).path)) == 60
