"""`python -m vae handout`: writes one file, and says what is wrong in a sentence."""

import pytest

from vae.cli import main


def test_it_writes_a_blank_one_and_one_with_a_sentence(tmp_path, capsys):
    out = tmp_path / "blank.html"
    assert main(["handout", "loss", "--blank", "--lang", "zh", "--out", str(out)]) == 0
    assert '<html lang="zh">' in out.read_text(encoding="utf-8")
    own = tmp_path / "own.html"
    sentence = ["--sentence", "The kids hated the soup yesterday."]
    given = ["--answers", "1a3_3b2", "--run", "factors", "--address", "http://school"]
    assert main(["handout", "new-sentences", "--out", str(own), *sentence, *given]) == 0
    text = own.read_text(encoding="utf-8")
    assert "Your sentence: The kids hated the soup yesterday." in text
    assert "☒" in text
    assert (
        "http://school/lesson?lesson=new-sentences&amp;lang=en&amp;run=factors&amp;a=The+" in text
    )
    told = capsys.readouterr()
    assert told.out == ""
    assert "print it" in told.err


@pytest.mark.parametrize(
    ("lesson", "extra", "said"),
    [
        ("nobody", [], "There is no lesson 'nobody'. Choose distribution,"),
        ("loss", ["--run", "nowhere"], "nowhere"),
        ("loss", ["--seed", "-1"], "--seed is -1"),
    ],
)
def test_what_cannot_be_made_is_said_in_one_line(tmp_path, capsys, lesson, extra, said):
    assert main(["handout", lesson, "--out", str(tmp_path / "a.html"), *extra]) == 2
    told = capsys.readouterr().err
    assert said in told
    assert told.count("\n") == 1
