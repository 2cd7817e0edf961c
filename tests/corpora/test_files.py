"""A user's own file: what is read, what is guessed, and a clear sentence for all that fails."""

import contextlib
import io
import json
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vae.corpora import opening, rebuild
from vae.corpora.files import FilePreview, preview, read_file, read_text
from vae.corpora.reading import Reading
from vae.corpora.reasons import counted, reason_message
from vae.errors import UserError

CLINC = Path(__file__).parents[3] / "shared" / "data" / "clinc150.csv"
EXTENSIONS = st.sampled_from(opening.EXTENSIONS)


def sentences(n: int = 60) -> list[str]:
    return [f"This is sentence number {i}." for i in range(n)]


def lines(*extra: str, n: int = 60) -> bytes:
    return "\n".join([*sentences(n), *extra]).encode()


def csv_bytes(n: int = 60, sep: str = ",", end: str = "\n") -> bytes:
    rows = [sep.join(["id", "text", "mood", "score"])]
    rows += [
        sep.join([str(i), s, "good" if i % 2 else "bad", f"{i / 7:.3f}"])
        for i, s in enumerate(sentences(n))
    ]
    return end.join(rows).encode()


def refused(source: object, **options: object) -> str:
    with pytest.raises(UserError) as caught:
        read_file(source, **options)
    return str(caught.value)


# What is read


def test_a_text_file_has_a_sentence_a_line(tmp_path):
    path = tmp_path / "own.txt"
    path.write_bytes(lines())
    corpus = read_file(path)
    assert corpus.sentences == tuple(sentences())
    assert corpus.labels == {}
    assert corpus.name == "own.txt"
    assert corpus.source["path"] == str(path)
    assert 0 < len(corpus.examples) <= 8


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_every_line_ending_is_understood(end):
    assert read_file(("a.txt", end.join(sentences()).encode())).sentences == tuple(sentences())
    corpus = read_file(("a.csv", csv_bytes(end=end)))
    assert corpus.sentences == tuple(sentences())
    assert corpus.dropped == {}


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32"])
def test_encodings_with_a_mark_are_understood(encoding):
    text = "\n".join(["Où est-elle née ?", *sentences()])
    assert read_file(("a.txt", text.encode(encoding))).sentences[0] == "Où est-elle née ?"


@pytest.mark.parametrize(
    ("name", "sep"), [("a.csv", ","), ("a.csv", ";"), ("a.csv", "\t"), ("a.tsv", "\t")]
)
def test_columns_of_a_table_are_guessed_whatever_its_delimiter(name, sep):
    corpus = read_file((name, csv_bytes(sep=sep)))
    assert corpus.source["text_column"] == "text"
    assert corpus.source["label_columns"] == ["mood", "score"]
    assert corpus.source["label_types"] == {"mood": "category", "score": "number"}
    assert corpus.source["guessed"] is True
    assert corpus.labels["mood"][:3] == ("bad", "good", "bad")


def test_the_columns_named_are_the_columns_read():
    corpus = read_file(("a.csv", csv_bytes()), text="text", labels=["id", "score"])
    assert list(corpus.labels) == ["id", "score"]
    assert corpus.labels["score"][1] == "0.143"
    assert corpus.source["guessed"] is False
    assert read_file(("a.csv", csv_bytes()), labels=[]).labels == {}


def test_quoted_fields_keep_their_commas_and_line_breaks_become_spaces():
    data = b'text,mood\n"Yes, I do.\nReally.",good\n' + b"\n".join(
        s.encode() + b",bad" for s in sentences()
    )
    assert read_file(("a.csv", data)).sentences[0] == "Yes, I do. Really."


def test_a_stray_quotation_mark_in_a_tsv_is_a_quotation_mark():
    data = b'text\tmood\n"Yes, I do.\tgood\n' + b"\n".join(
        s.encode() + b"\tbad" for s in sentences()
    )
    corpus = read_file(("a.tsv", data))
    assert corpus.sentences[0] == '"Yes, I do.'
    assert len(corpus) == 61


def test_a_table_without_a_header_loses_no_row():
    data = "\n".join(f"{s}\t{'good' if i % 2 else 'bad'}" for i, s in enumerate(sentences()))
    corpus = read_file(("a.tsv", data.encode()))
    assert corpus.sentences == tuple(sentences())
    assert corpus.source["text_column"] == "column 1"
    assert corpus.source["label_columns"] == ["column 2"]


def test_json_lines_are_read_by_field_and_bad_lines_are_counted():
    rows = [json.dumps({"text": s, "n": i % 3}) for i, s in enumerate(sentences())]
    rows[5:5] = ["{broken", "[1, 2]", "", json.dumps({"n": 1}), json.dumps({"text": 7})]
    corpus = read_file(("a.jsonl", "\n".join(rows).encode()))
    assert corpus.sentences == tuple(sentences())
    assert corpus.labels["n"][:4] == ("0", "1", "2", "0")
    assert corpus.dropped == {"invalid JSON": 1, "not a JSON object": 1, "empty": 2, "not text": 1}


def test_parquet_is_read_with_its_types(tmp_path):
    path = tmp_path / "a.parquet"
    frame = pd.DataFrame({"x": range(60), "words": sentences(), "stars": [1, 2, 3] * 20})
    frame.to_parquet(path)
    corpus = read_file(path)
    assert corpus.sentences == tuple(sentences())
    assert list(corpus.labels) == ["stars"]
    assert preview(path).n_rows == 60


def test_an_upload_is_read_from_its_start_every_time():
    upload = io.BytesIO(lines())
    first = read_file(("a.txt", upload))
    assert read_file(("a.txt", upload)).digest == first.digest
    assert "path" not in first.source


def test_duplicates_stay():
    assert len(read_file(("a.txt", lines(*sentences())))) == 120


def test_rows_that_cannot_be_used_are_counted_by_reason():
    data = lines("", "   ", "x" * 100_000, "go " * 61, "...", "go " * 60)
    corpus = read_file(("a.txt", data))
    assert len(corpus) == 61
    assert {str(reason_message(reason)): n for reason, n in corpus.dropped.items()} == {
        "empty": 2,
        "longer than 5,000 characters": 1,
        "more than 60 words": 1,
        "without a letter or digit": 1,
    }
    assert len(read_file(("a.txt", data), max_words=100)) == 62


def test_a_field_of_a_million_characters_is_one_dropped_row():
    data = csv_bytes() + b"\n7," + b"x" * 1_000_000 + b",good,1.0\n8,The last one of them.,bad,1.0"
    corpus = read_file(("a.csv", data))
    assert corpus.dropped == {"too long to read": 1}
    assert corpus.sentences[-1] == "The last one of them."


def test_rows_in_a_quotation_that_never_ends_are_counted():
    quoted = b'\n60,"Closed, this one.",good,1.0'
    data = csv_bytes(59) + quoted + b'\n61,"never closed,good,1.0\n' + csv_bytes(200)
    corpus = read_file(("a.csv", data))
    assert len(corpus) == 60
    assert str(counted(corpus.dropped)) == "202 in a quotation mark that is never closed"


def test_a_row_with_more_fields_than_columns_is_not_cut():
    data = csv_bytes() + b"\n7,Yes, I do.,good,1.0"
    assert read_file(("a.csv", data)).dropped == {"more fields than columns": 1}


def test_only_control_characters_are_changed():
    corpus = read_file(("a.txt", lines("  A\tb\x07c  d\x9f é\u200bž “q”  ")))
    assert corpus.sentences[-1] == "A bc  d é\u200bž “q”"


def test_rows_beyond_the_limit_are_counted(monkeypatch):
    monkeypatch.setattr("vae.corpora.files.MAX_ROWS", 55)
    corpus = read_file(("a.txt", lines()))
    assert len(corpus) == 55
    assert str(counted(corpus.dropped)) == "5 beyond the first 55 rows"


@pytest.mark.skipif(not CLINC.exists(), reason="the shared data are not here")
def test_the_columns_of_clinc150_are_guessed():
    seen = preview(CLINC, rows=3)
    assert seen.columns == ("split", "text", "intent", "domain")
    assert (seen.text_column, seen.label_columns) == ("text", ("split", "intent", "domain"))
    corpus = read_file(CLINC)
    assert len(corpus) == 23_700
    assert len(set(corpus.labels["intent"])) == 151


# What is shown before it is read


def test_a_preview_shows_columns_guesses_and_first_rows():
    assert preview(("a.csv", csv_bytes()), rows=2) == FilePreview(
        name="a.csv",
        columns=("id", "text", "mood", "score"),
        text_column="text",
        label_columns=("mood", "score"),
        rows=(
            ("0", "This is sentence number 0.", "bad", "0.000"),
            ("1", "This is sentence number 1.", "good", "0.143"),
        ),
        n_rows=60,
        types={"id": "number", "mood": "category", "score": "number"},
        reading=Reading("utf-8", ",", True, '"'),
        not_labels={"id": "row numbers"},
    )


def test_a_preview_without_sentences_guesses_none():
    seen = preview(("a.csv", b"a,b\n1,2\n3,4"))
    assert seen.text_column is None


def test_a_long_text_file_is_counted_without_being_read():
    assert preview(("a.txt", lines(n=5_000))).n_rows == 5_000


def test_columns_of_one_name_are_told_apart():
    assert preview(("a.csv", b"text,text,\nA b c,d,e\nF g h,i,j")).columns == (
        "text",
        "text (2)",
        "column 3",
    )


# What is refused, each with its own sentence


def test_a_file_in_another_encoding_is_refused_with_the_place():
    data = lines("café").decode().encode("latin-1")
    message = refused(("a.txt", data))
    assert f"byte 0xE9 at offset {len(data) - 1:,} (line 61)" in message
    assert "UTF-8" in message
    assert "UTF-16" in refused(("a.txt", b"\xff\xfea\0b"))


def test_the_place_is_right_far_into_a_file():
    data = lines(n=5_000) + b"\nThe next one is wrong: \xff"
    assert f"offset {len(data) - 1:,} (line 5,001)" in refused(("a.txt", data))


def test_a_missing_column_is_refused_with_those_there():
    message = refused(("a.csv", csv_bytes()), text="sentence")
    assert message == (
        "'a.csv' has no column 'sentence'. Its columns are 'id', 'text', 'mood', 'score'."
    )
    assert "no column 'feel'" in refused(("a.csv", csv_bytes()), labels=["feel"])


def test_a_label_that_is_a_text_is_refused_when_named_and_passed_over_when_guessed():
    long = csv_bytes().replace(b"good", b"good " * 30)
    assert "'mood' is not a label" in refused(("a.csv", long), labels=["mood"])
    assert list(read_file(("a.csv", long)).labels) == ["score"]
    assert "cannot be a label too" in refused(("a.csv", long), text="text", labels=["text"])


def test_too_few_sentences_are_refused_with_the_reasons():
    message = refused(("a.txt", lines("", "go " * 61, "THIS is sentence number 0.", n=49)))
    assert message.startswith("'a.txt' has 49 different usable sentences, and 50 are needed.")
    assert "1 empty" in message
    assert "1 more than 60 words" in message
    assert "1 repeated" in message
    assert len(read_file(("a.txt", lines(n=3)), minimum=1)) == 3


@pytest.mark.parametrize(
    ("name", "data", "message"),
    [
        ("a.txt", b"", "'a.txt' is empty"),
        ("a.csv", b"\n\n\n", "every line is blank"),
        ("a.csv", b"text,mood\n", "0 different usable sentences"),
        ("a.csv", b"a,b\n1,2\n3,4\n", "No column of 'a.csv' looks like sentences"),
        ("a.pdf", b"%PDF", "of a kind that cannot be read"),
        ("a", b"hello", "of a kind that cannot be read"),
        ("a.txt", b"%PDF-1.7 ...", "is a PDF document"),
        ("a.csv", b"PK\x03\x04...", "a zip archive or an office document"),
        ("a.txt", b"one\ntwo\0three", "NUL byte at offset 7 (line 2)"),
        ("a.txt", "two".encode("utf-16-le"), "NUL byte at offset 1"),
        ("a.parquet", b"PAR1" + b"x" * 50, "not a parquet file that can be read"),
        ("a.parquet", b"text\nhello", "not a parquet file that can be read"),
        ("a.jsonl", b'[\n{"text": "a"},\n]', "first problem: line 1"),
        ("a.jsonl", b"{}\n{}", "have no fields"),
        ("a.jsonl", b"[" * 100_000, "nested too deeply"),
    ],
)
def test_what_cannot_be_read_is_refused_in_a_sentence(name, data, message):
    said = refused((name, data))
    assert message in said
    assert "\n" not in said


def test_a_missing_file_a_directory_and_an_impossible_name_are_told_apart(tmp_path):
    assert "There is no file" in refused(tmp_path / "a.txt")
    assert "is a directory" in refused(tmp_path)
    refused("a\0b.txt")


def test_a_file_that_is_too_large_is_not_read(tmp_path, monkeypatch):
    path = tmp_path / "a.txt"
    with path.open("wb") as file:
        file.truncate(2 * 1024**3)  # sparse: no byte of it is on the disk
    monkeypatch.setattr(Path, "read_bytes", lambda self: pytest.fail("it was read"))
    assert "larger than 200 MB" in refused(path)
    monkeypatch.setattr(opening, "MAX_BYTES", 10)
    assert "larger than" in refused(("a.txt", io.BytesIO(b"x" * 11)))
    assert "larger than" in refused(("a.txt", b"x" * 11))


def test_a_damaged_parquet_says_so(tmp_path):
    path = tmp_path / "a.parquet"
    pd.DataFrame({"text": sentences(3_000)}).to_parquet(path, compression="snappy")
    data = bytearray(path.read_bytes())
    data[20:4_000] = bytes(3_980)
    assert "damaged" in refused(("a.parquet", bytes(data)))


def test_progress_reports_and_can_cancel():
    calls: list[tuple[int, int, str]] = []
    read_file(("a.txt", lines()), progress=lambda *call: calls.append(call))
    assert (calls[-1][1], str(calls[-1][2])) == (len(lines()), "reading a.txt")

    def cancel(done: int, total: int, what: str) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        read_file(("a.txt", lines()), progress=cancel)


# Whatever comes


@settings(deadline=None)
@given(name=EXTENSIONS, data=st.binary(max_size=300))
def test_any_bytes_give_a_corpus_or_a_sentence(name, data):
    for read in (lambda s: read_file(s, minimum=1), preview):
        with contextlib.suppress(UserError):
            read((f"a{name}", data))


TRICKY = st.text(alphabet='ab1 ,;\t\n\r"\\{}[]:\x00\x1e\ud800é\u2028', max_size=80)


@settings(deadline=None)
@given(name=EXTENSIONS, text=TRICKY)
def test_any_text_gives_clean_sentences_or_a_sentence(name, text):
    data = text.encode("utf-8", "surrogatepass")
    try:
        corpus = read_file((f"a{name}", data), minimum=1)
    except UserError:
        return
    assert corpus.digest
    assert len(corpus.keys) == len(corpus)
    for sentence in corpus.sentences:
        assert sentence == sentence.strip() != ""
        assert not any(c < " " for c in sentence)
        sentence.encode()


@given(st.lists(st.dictionaries(st.text(max_size=3), st.text(max_size=9), max_size=3), max_size=9))
def test_any_json_objects_give_a_corpus_or_a_sentence(rows):
    data = "\n".join(map(json.dumps, rows)).encode()
    try:
        corpus = read_file(("a.jsonl", data), minimum=1)
    except UserError:
        return
    assert len(corpus) + sum(corpus.dropped.values()) == len(rows)


@given(TRICKY)
def test_any_pasted_text_gives_a_corpus_or_a_sentence(text):
    try:
        corpus = read_text(text, minimum=1)
    except UserError:
        return
    assert corpus.source["kind"] == "text"
    assert corpus.digest


def test_pasted_text_has_a_sentence_a_line():
    assert read_text("\r\n".join(sentences())).sentences == tuple(sentences())


def test_a_column_can_say_which_split_a_row_is_in(tmp_path):
    rows = [f"this is sentence number {i},{name}" for i, name in enumerate(["train"] * 60)]
    rows += [f"that is sentence number {i},{name}" for i, name in enumerate(["dev", "test"] * 10)]
    path = tmp_path / "own.csv"
    path.write_text("text,part\n" + "\n".join(rows), encoding="utf-8")
    corpus = read_file(path, split="part")
    assert [len(corpus.indices(s)) for s in ("train", "validation", "test")] == [60, 10, 10]
    assert "part" not in corpus.labels
    assert rebuild(corpus.source).digest == corpus.digest
    assert corpus.digest != read_file(path, labels=[]).digest
    assert set(corpus.select("test").sentences) == {
        s for s in corpus.sentences if s.startswith("that") and int(s.split()[-1]) % 2
    }


@pytest.mark.parametrize(
    ("third", "said"), [("later", "names no split"), ("train", "no row into validation or test")]
)
def test_a_column_that_divides_nothing_is_refused(tmp_path, third, said):
    rows = [f"this is sentence number {i},train" for i in range(60)]
    path = tmp_path / "own.csv"
    path.write_text("text,part\n" + "\n".join(rows) + f"\nthe last one,{third}", encoding="utf-8")
    with pytest.raises(UserError, match=said):
        read_file(path, split="part")


# What labels mean


def with_column(*values: str, n: int = 60) -> bytes:
    rows = [f"{s};{values[i % len(values)]}" for i, s in enumerate(sentences(n))]
    return "\n".join(["text;label", *rows]).encode()


def test_a_label_has_a_type_that_is_guessed_or_stated_and_kept_with_the_source(tmp_path):
    path = tmp_path / "a.csv"
    path.write_bytes(with_column("1", "2", "3"))
    guessed = read_file(path)
    assert guessed.types == guessed.source["label_types"] == {"label": "number"}
    stated = read_file(path, label_types={"label": "category"})
    assert stated.types == {"label": "category"}
    assert rebuild(stated.source).types == {"label": "category"}
    assert stated.subset([0, 1]).types == {"label": "category"}
    assert stated.digest == guessed.digest


@pytest.mark.parametrize(
    ("values", "types", "message"),
    [
        (("1", "2"), {"label": "colour"}, "There is no type 'colour'"),
        (("good", "bad"), {"label": "number"}, "none of its values is one, such as 'bad'|'good'"),
        (("good", "bad"), {"mood": "number"}, "'mood', which is no label here"),
    ],
)
def test_a_type_that_cannot_be_is_refused(values, types, message):
    with pytest.raises(UserError, match=message):
        read_file(("a.csv", with_column(*values)), label_types=types)


def test_measures_of_many_values_are_labels_and_numbers_of_rows_are_not():
    columns = {
        "text": sentences(700),
        "row": list(range(700)),
        "share": [i / 7 for i in range(700)],
        "day": pd.date_range("2021-01-01", periods=700),
        "note": [f"note {i}" for i in range(700)],
        "flag": [i % 2 == 0 for i in range(700)],
    }
    data = io.BytesIO()
    pd.DataFrame(columns).to_parquet(data)
    corpus = read_file(("a.parquet", data.getvalue()))
    assert corpus.types == {"share": "number", "day": "date", "flag": "yes-no"}


def test_what_is_missing_is_not_the_word_none():
    objects = [
        {"text": s, "label": [None, "none", "None", "NA", "null", "other (please say)"][i % 6]}
        for i, s in enumerate(sentences())
    ]
    corpus = read_file(("a.jsonl", "\n".join(map(json.dumps, objects)).encode()), labels=["label"])
    assert corpus.types == {"label": "category"}
    assert corpus.labels["label"][:6] == ("", "none", "None", "NA", "null", "other (please say)")
