"""Tables as people have them: how they are written is seen over many lines, and can be said."""

import csv
import io

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from vae.corpora import rebuild
from vae.corpora.dialect import decide
from vae.corpora.files import preview, read_file
from vae.corpora.reading import OPEN, Reading
from vae.errors import UserError

TOPICS = ("Wetter", "Essen", "Schule")


def sentences(n: int = 180) -> list[str]:
    """Sentences of which five in six have a comma, and some two."""
    return [
        f"Am Tag {i} schrieb sie, {'wie immer, ' if i % 3 == 0 else ''}einen Brief"
        if i % 6
        else f"Am Tag {i} schrieb niemand"
        for i in range(n)
    ]


def table(sep: str, header: tuple[str, ...] = (), end: str = "\n", n: int = 180) -> bytes:
    rows = [sep.join(header)] if header else []
    rows += [f"{s}{sep}{TOPICS[i % 3]}" for i, s in enumerate(sentences(n))]
    return end.join(rows).encode()


@pytest.mark.parametrize("sep", [";", "\t", "|"])
@pytest.mark.parametrize("header", [("Antwort (kurz, frei)", "Thema"), ()])
def test_commas_in_sentences_and_header_separate_nothing(sep, header):
    quoted = (f'"{header[0]}"', header[1]) if header else ()
    corpus = read_file(("a.csv", table(sep, quoted)))
    assert corpus.sentences == tuple(sentences())
    assert corpus.dropped == {}
    text, label = header or ("column 1", "column 2")
    assert corpus.source["text_column"] == text
    assert dict(corpus.labels) == {label: TOPICS * 60}
    assert corpus.source["reading"]["header"] is bool(header)


@pytest.mark.parametrize("mark", ["sep=;", '"sep=;"', "SEP=;"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_the_first_line_of_excel_names_the_separator_and_is_no_row(mark, end, encoding):
    data = (mark + end).encode() + table(";", ("Text", "Thema"), end)
    corpus = read_file(("a.csv", data.decode().encode(encoding)))
    assert preview(("a.csv", data)).columns == ("Text", "Thema")
    assert corpus.sentences == tuple(sentences())
    assert corpus.labels["Thema"] == TOPICS * 60
    assert corpus.dropped == {}


def test_a_column_of_sentences_alone_is_not_cut_at_its_commas():
    for header in ("text\n", ""):
        data = (header + "\n".join(sentences())).encode()
        corpus = read_file(("a.csv", data))
        assert corpus.sentences == tuple(sentences())
        assert corpus.source["reading"]["separator"] == ""


def test_sentences_with_one_comma_each_and_a_header_of_one_name_are_one_column():
    said = [f"Well, this is number {i}." for i in range(80)]
    assert read_file(("a.csv", ("said\n" + "\n".join(said)).encode())).sentences == tuple(said)


def test_decimal_commas_are_told_from_separators():
    rows = "\n".join(f"{i},5;{2 * i},25" for i in range(60))
    assert preview(("a.csv", rows.encode())).rows[3] == ("3,5", "6,25")


def test_names_of_rows_as_r_writes_them_shift_no_column():
    rows = "\n".join(f'"{i}","{s}","{TOPICS[i % 3]}"' for i, s in enumerate(sentences()))
    seen = preview(("a.csv", f'"text","topic"\n{rows}'.encode()))
    assert seen.columns == ("column 1", "text", "topic")
    assert (seen.text_column, seen.label_columns) == ("text", ("topic",))


def test_a_sentence_with_a_comma_in_every_row_is_not_cut_behind_a_header_of_fewer_names():
    rows = "\n".join(f"{'ab'[i % 2]},Well, this is number {i}." for i in range(60))
    with pytest.raises(UserError, match="60 more fields than columns"):
        read_file(("a.csv", f"mood,text\n{rows}".encode()))
    whole = preview(("a.csv", f"mood,text\n{rows}".encode()), reading=Reading(separator=""))
    assert whole.rows[0] == ("a,Well, this is number 0.",)


def test_the_first_line_of_excel_counts_more_than_the_name_of_the_file():
    data = b"sep=;\n" + table(";", ("Text", "Thema"))
    assert preview(("a.tsv", data)).columns == ("Text", "Thema")
    assert preview(("a.tsv", data), reading=Reading(separator="\t")).columns == ("Text;Thema",)


def test_a_quotation_mark_that_no_cell_is_closed_by_is_a_sign_like_others():
    rows = [f"This is number {i},good" for i in range(60)]
    data = "\n".join(["text,mood", *rows, '"Who said so,bad', *rows]).encode()
    corpus = read_file(("a.csv", data))
    assert len(corpus) == 121
    assert corpus.sentences[60] == '"Who said so'


def test_what_is_found_out_can_be_said_otherwise():
    data = table(";", ("Text", "Thema"))
    assert preview(("a.csv", data), reading=Reading(header=False)).columns[0] == "column 1"
    seen = preview(("a.csv", data), reading=Reading(separator=""))
    assert seen.columns == ("Text;Thema",)
    assert seen.rows[0] == (f"{sentences()[0]};Wetter",)
    rows = "\n".join(f"'Dies, und {i}','x'" for i in range(60)).encode()
    found = preview(("a.csv", rows), reading=Reading(quote="'"))
    assert found.rows[7] == ("Dies, und 7", "x")
    assert found.reading == Reading("utf-8", ",", False, "'")


def test_a_corpus_remembers_how_it_was_read(tmp_path):
    path = tmp_path / "a.csv"
    path.write_bytes(table(";", ("Text", "Thema")))
    corpus = read_file(path, reading=Reading(header=False))
    assert len(corpus) == 181
    assert corpus.source["reading"] == {
        "encoding": "utf-8",
        "separator": ";",
        "header": False,
        "quote": '"',
    }
    assert rebuild(corpus.source).digest == corpus.digest


def test_a_reading_is_written_as_options_and_comes_back():
    assert Reading.written("GBK", "tab", False, "none") == Reading("gbk", "\t", False, "")
    assert Reading.written(separator=r"\t") == Reading(separator="\t")
    assert Reading.written(separator="~").options() == ["--separator=~"]
    assert OPEN.options() == []
    reading = Reading("gb18030", "", True, "'")
    said = reading.options()
    assert said == ["--encoding=gb18030", "--separator=none", "--header", "--quote=single"]
    assert Reading.from_source({"reading": reading.to_dict()}) == reading


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"separator": ";;"}, "cannot separate cells"),
        ({"separator": '"'}, "cannot separate cells"),
        ({"quote": "x"}, "cannot be a quotation mark"),
        ({"encoding": "klingon"}, "no text encoding 'klingon'"),
        ({"encoding": "base64"}, "no text encoding"),
        ({"encoding": "idna"}, "no text encoding"),
    ],
)
def test_what_no_file_is_written_in_is_refused(wrong, words):
    with pytest.raises(UserError, match=words):
        Reading.written(**wrong)


# Any table that a csv writer writes

CELLS = st.text(alphabet="ab1 ,;'\"\t|.ä", max_size=12)


@given(
    st.lists(st.tuples(CELLS, CELLS, CELLS), min_size=5, max_size=30),
    st.sampled_from([",", ";", "\t", "|"]),
)
def test_a_table_in_which_every_cell_is_quoted_comes_back(rows, sep):
    """Then no sign in a cell can be taken for one between cells."""
    assume(all(any(cell.strip() for cell in row) for row in rows))
    out = io.StringIO()
    csv.writer(out, delimiter=sep, quoting=csv.QUOTE_ALL, lineterminator="\n").writerows(rows)
    lines = out.getvalue().splitlines(keepends=True)
    found = decide(lines, OPEN, whole=True)
    assert (found.separator, found.quote) == (sep, '"')


# A first row that others are like


def labelled(header: str, values: tuple[str, ...], n: int = 60) -> bytes:
    rows = [f"This is sentence {i} of them,{values[i % len(values)]}" for i in range(n)]
    return "\n".join([header, *rows]).encode()


@pytest.mark.parametrize(
    ("header", "values"),
    [("text,spam", ("spam", "ham")), ("text,2020", ("yes", "no")), ("Review,1", ("a", "b"))],
)
def test_a_header_that_names_the_sentences_is_one_whatever_its_other_names(header, values):
    corpus = read_file(("a.csv", labelled(header, values)))
    assert len(corpus) == 60
    assert list(corpus.labels) == [header.split(",")[1]]


def test_tables_put_one_behind_the_other_lose_the_later_header_and_no_sentence():
    data = labelled("thing,topic", ("sun", "rain")) + b"\nthing,topic\n"
    more = labelled("x", ("sun",), 70).split(b"\n")[61:]
    corpus = read_file(("a.csv", data + b"\n".join(more)))
    assert len(corpus) == 70
    assert corpus.dropped == {"header again": 1}
    assert list(corpus.labels) == ["topic"]


def test_a_header_without_its_last_name_makes_no_sentences_of_the_labels():
    with pytest.raises(UserError, match="more fields than columns"):
        read_file(("a.csv", labelled("text", ("Wetter", "Essen", "Schule"))))


def test_sentences_with_one_comma_each_and_no_header_are_whole():
    said = [f"On day {i}, she wrote {i} letters." for i in range(60)]
    assert read_file(("a.csv", "\n".join(said).encode())).sentences == tuple(said)


def test_a_column_alone_keeps_a_sign_that_no_text_has_between_cells():
    said = [f"She wrote\x1f {i} letters" for i in range(60)]
    corpus = read_file(("a.csv", "\n".join(["text", *said]).encode()))
    assert (len(corpus), dict(corpus.dropped)) == (60, {})


@pytest.mark.parametrize("reading", [Reading(separator=","), Reading(header=True)])
def test_of_a_text_without_cells_nothing_is_said_of_them(reading):
    lines = "\n".join(sentences()).encode()
    with pytest.raises(UserError, match="has no cells"):
        read_file(("a.txt", lines), reading=reading)


def test_how_a_later_version_read_is_read_as_far_as_it_is_known():
    assert Reading.from_source({"reading": {"separator": ";", "escape": "x"}}) == Reading(
        separator=";"
    )


def test_an_encoding_that_was_said_is_kept_as_it_was_said(tmp_path):
    path = tmp_path / "a.csv"
    path.write_bytes(b"\xef\xbb\xbf" + table(";", ("Text", "Thema")))
    corpus = read_file(path, reading=Reading(encoding="utf-8"))
    assert corpus.source["reading"]["encoding"] == "utf-8"
    assert list(corpus.labels) == ["Thema"]
    assert rebuild(corpus.source).digest == corpus.digest
