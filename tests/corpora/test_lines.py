"""What ends a sentence: the same in a file, in what is pasted, and in the fields of the pages."""

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pages.explore._map import data
from vae.corpora import uploads
from vae.corpora.files import read_file, read_text
from vae.corpora.lines import cleaned, lines

# Twelve signs at which Python's splitlines breaks; three of them end a line of a file.
BREAKS = ["\n", "\r", "\r\n", "\v", "\f", "\x1c", "\x1d", "\x1e", "\x85", "\u2028", "\u2029"]
ENDS = BREAKS[:3]


@pytest.mark.parametrize("sign", BREAKS)
def test_everyone_agrees_where_a_sentence_ends(sign, tmp_path, monkeypatch):
    monkeypatch.setenv("LATENT_LENS_CACHE", str(tmp_path))
    text = f"One bird{sign}sang.\n\n \nNobody\u2028heard it.\r\nThe end.\n"
    broken = ["One bird", "sang."] if sign in ENDS else ["One bird sang."]
    wanted = [*broken, "Nobody heard it.", "The end."]
    assert lines(text) == wanted
    assert data.own_lines(text) == (wanted, 0)
    assert list(read_text(text, minimum=1).sentences) == wanted
    assert list(read_file(("a.txt", text.encode()), minimum=1).sentences) == wanted
    assert list(read_file(uploads.keep_pasted(text).path, minimum=1).sentences) == wanted


@pytest.mark.parametrize("sign", BREAKS[3:])
def test_in_a_cell_every_break_is_a_space(sign):
    text = f'text,mood\n"One bird{sign}sang.",good\n"Nobody\r\nheard it.",bad\n'
    corpus = read_file(("a.csv", text.encode()), minimum=1)
    assert corpus.sentences == ("One bird sang.", "Nobody heard it.")


@given(st.text(alphabet="ab \t\x07\ufeff" + "".join(b for b in BREAKS if len(b) == 1), max_size=40))
def test_a_field_holds_the_sentences_of_a_file(text):
    found = lines(text)
    assert found == [line for line in map(cleaned, found) if line]
    assert all(len(line.splitlines()) == 1 for line in found)
    assert found == list(filter(None, (cleaned(s) for s in read_lines(text))))


def read_lines(text: str) -> list[str]:
    """As a file's lines are read: by the universal newlines of Python."""
    return list(io.TextIOWrapper(io.BytesIO(text.encode()), "utf-8", newline=None))
