"""A text that is not UTF-8: what it may be is proposed with lines of it, and never just assumed."""

import pytest

from vae.corpora import rebuild
from vae.corpora.encodings import EncodingError
from vae.corpora.files import preview, read_file
from vae.corpora.reading import Reading
from vae.errors import UserError

GERMAN = ("Das Frühstück war heute schön.", "Der Bär schläft tief.", "Wer weiß das schon?")
FRENCH = ("Où est passée la clé ?", "Le garçon a mangé les pâtes.", "L'été, nous étions là.")
QUOTED = ("It was a naïve idea – she said “no”.", "He paid 20 € for the café.", "Nothing here.")
POLISH = ("Dzisiaj jest ładna pogoda.", "Zamknij drzwi, proszę.", "Już przeczytałem tę książkę.")
RUSSIAN = ("Сегодня хорошая погода.", "Он вчера не пришёл.", "Закрой дверь, пожалуйста.")
SIMPLIFIED = ("今天的天气很好，我们去散步。", "他昨天没有来上课。", "请把门关上，谢谢。")
TRADITIONAL = ("今天的天氣很好，我們去散步。", "他昨天沒有來上課。", "請把門關上，謝謝。")
JAPANESE = ("今日はとても天気がいいです。", "彼は昨日来ませんでした。", "ドアを閉めてください。")
KOREAN = ("오늘은 날씨가 아주 좋습니다.", "그는 어제 오지 않았다.", "문을 닫아 주세요.")

THAI = ("วันนี้อากาศดีมาก", "เขาไม่ได้มาเมื่อวานนี้", "เปิดประตูหน่อย")

CASES = [
    (GERMAN, "cp1252", "cp1252"),
    (GERMAN, "latin-1", "cp1252"),
    (FRENCH, "cp1252", "cp1252"),
    (QUOTED, "cp1252", "cp1252"),
    (POLISH, "cp1250", "cp1250"),
    (RUSSIAN, "cp1251", "cp1251"),
    (RUSSIAN, "koi8-r", "koi8-r"),
    (SIMPLIFIED, "gb18030", "gb18030"),
    (SIMPLIFIED, "gbk", "gb18030"),
    (TRADITIONAL, "big5", "big5"),
    (JAPANESE, "shift_jis", "cp932"),
    (JAPANESE, "euc_jp", "euc_jp"),
    (KOREAN, "euc_kr", "cp949"),
    (THAI, "cp874", "cp874"),
]


def text(sentences: tuple[str, ...], encoding: str, n: int = 20) -> bytes:
    """Each sentence with its number, so that all differ."""
    lines = [f"{sentence} {i}" for i in range(n) for sentence in sentences]
    return "\n".join(lines).encode(encoding)


def refused(name: str, data: bytes, **options: object) -> EncodingError:
    with pytest.raises(EncodingError) as caught:
        read_file((name, data), **options)
    return caught.value


@pytest.mark.parametrize(("sentences", "encoding", "proposed"), CASES)
@pytest.mark.parametrize("n", [1, 20])
def test_the_encoding_is_proposed_with_lines_as_they_read_in_it(sentences, encoding, proposed, n):
    error = refused("a.txt", text(sentences, encoding, n))
    first = error.proposals[0]
    assert first.encoding == proposed
    shown = [f"{s} 0" for s in sentences if not s.isascii()]
    assert list(first.lines)[: len(shown)] == shown[:3]
    assert f"`--encoding {proposed}`" in str(error)
    assert first.lines[0][:80] in str(error)


@pytest.mark.parametrize(("sentences", "encoding", "proposed"), CASES)
@pytest.mark.parametrize("name", ["a.txt", "a.csv"])
def test_in_the_encoding_that_was_proposed_the_text_is_whole(sentences, encoding, proposed, name):
    corpus = read_file((name, text(sentences, encoding)), reading=Reading(encoding=proposed))
    assert corpus.sentences == tuple(f"{s} {i}" for i in range(20) for s in sentences)
    assert corpus.source["reading"]["encoding"] == proposed


def test_a_corpus_in_another_encoding_is_made_again(tmp_path):
    path = tmp_path / "a.txt"
    path.write_bytes(text(SIMPLIFIED, "gb18030"))
    corpus = read_file(path, reading=Reading(encoding="gb18030"))
    assert rebuild(corpus.source).digest == corpus.digest


def test_a_preview_refuses_a_fault_far_behind_its_first_rows():
    data = b"plain\n" * 5_000 + "Das Frühstück war schön.".encode("latin-1")
    with pytest.raises(EncodingError, match=r"line 5,001"):
        preview(("a.txt", data))


@pytest.mark.parametrize(
    ("most", "encoding", "others"),
    [
        (GERMAN, "cp1252", GERMAN),
        (SIMPLIFIED, "gb18030", SIMPLIFIED),
        (JAPANESE, "cp932", JAPANESE),
        (TRADITIONAL, "big5", TRADITIONAL),
    ],
)
def test_two_encodings_in_one_file_are_refused_with_the_line(most, encoding, others):
    whole = text(most, encoding)
    odd = whole + b"\n" + text(others, "utf-8", 2)
    for reading in (None, Reading(encoding=encoding)):
        error = refused("a.txt", odd, reading=reading)
        assert "two encodings: line 61 is UTF-8" in str(error)
        assert not error.proposals
    error = refused("a.txt", text(others, "utf-8") + b"\n" + text(most, encoding, 1))
    assert "two encodings: line 61 is " in str(error)
    assert "others are UTF-8" in str(error)


def test_what_is_said_of_an_encoding_is_checked():
    error = refused("a.txt", text(JAPANESE, "utf-8"), reading=Reading(encoding="ascii"))
    assert "is not ascii: byte 0xE4 at offset 0 (line 1)" in str(error)
    assert "UTF-16" in str(refused("a.txt", b"\xff\xfea\0b"))


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
@pytest.mark.parametrize(
    "sentences", [GERMAN, SIMPLIFIED, ("一天一次。", "他一个人。", "一起去。")]
)
def test_utf_16_without_a_mark_is_proposed(sentences, encoding):
    data = text(sentences, encoding)
    error = refused("a.txt", data)
    assert "NUL byte at offset" in str(error)
    assert f"`--encoding {encoding}`" in str(error)
    assert [p.encoding for p in error.proposals] == [encoding]
    assert error.proposals[0].lines[0] == f"{sentences[0]} 0"
    corpus = read_file(("a.txt", data), reading=Reading(encoding=encoding))
    assert len(corpus) == 60


def test_what_is_no_text_has_no_encoding():
    assert not refused("a.txt", bytes(range(256)) * 40).proposals


def test_a_mark_is_no_part_of_the_first_word():
    data = text(GERMAN, "utf-8-sig")
    for reading in (None, Reading(encoding="utf-8")):
        assert read_file(("a.txt", data), reading=reading).sentences[0] == f"{GERMAN[0]} 0"


def test_only_a_text_has_an_encoding():
    from vae import corpora

    with pytest.raises(UserError, match="no encoding, separator"):
        corpora.load("factors", n=60, reading=Reading(encoding="cp1252"))


@pytest.mark.parametrize("said", ["ascii", "cp1252", "gb18030", "cp932"])
def test_utf8_that_is_said_to_be_something_else_is_proposed_as_what_it_is(said):
    error = refused("a.txt", text(GERMAN, "utf-8"), reading=Reading(encoding=said))
    assert [proposal.encoding for proposal in error.proposals] == ["utf-8"]
    assert error.proposals[0].lines[0] in str(error)
    assert "ü" in error.proposals[0].lines[0] + error.proposals[0].lines[1]


def test_plain_text_said_to_be_of_two_bytes_is_proposed_with_its_first_lines():
    plain = "\n".join(f"sentence number {i}" for i in range(61)).encode()
    error = refused("a.txt", plain + b"\n" * (1 - len(plain) % 2), reading=Reading("utf-16-le"))
    assert error.proposals[0].encoding == "utf-8"
    assert error.proposals[0].lines[0] == "sentence number 0"


def test_a_text_of_two_bytes_is_not_read_by_one():
    data = text(GERMAN, "utf-16-le")
    error = refused("a.csv", data, reading=Reading(encoding="cp1252"))
    assert "NUL byte" in str(error)


def test_a_short_word_that_is_utf8_by_chance_makes_no_second_encoding():
    lines = [f"{THAI[i % 3]} {i}" for i in range(100)] + ["รถ 4"]
    data = "\n".join(lines).encode("cp874")
    assert refused("a.txt", data).proposals[0].encoding == "cp874"
    corpus = read_file(("a.txt", data), reading=Reading(encoding="cp874"))
    assert corpus.sentences == tuple(lines)
