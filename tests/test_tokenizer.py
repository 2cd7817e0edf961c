"""Sentences to tokens and back."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.fakes import corpus, tokenizer
from vae.config import DataConfig
from vae.errors import UserError
from vae.tokenizer import BOS, EOS, PAD, SPECIAL, UNK, Tokenizer, detokenise

SCHEMES = ("word", "space", "bpe", "character")
every_scheme = pytest.mark.parametrize("scheme", SCHEMES)
# Words that no grammar would write, from every alphabet, with signs between them.
ANY_TEXT = st.text(max_size=80)


@every_scheme
def test_generated_sentences_survive_the_round_trip(scheme):
    words = tokenizer(scheme)
    for sentence, ids in zip(
        corpus().sentences, words.encode_batch(corpus().sentences), strict=True
    ):
        assert words.decode(ids[:-1]) == sentence


@every_scheme
def test_sentences_are_encoded_alike_alone_and_in_a_batch(scheme):
    words, sentences = tokenizer(scheme), corpus().sentences[:50]
    assert words.encode_batch(sentences) == [words.encode(s) for s in sentences]
    assert words.encode_batch([]) == []


@every_scheme
def test_the_end_of_a_sentence_is_its_last_token_and_only_that(scheme):
    for ids in tokenizer(scheme).encode_batch(corpus().sentences):
        assert ids[-1] == EOS
        assert not {PAD, UNK, BOS, EOS} & set(ids[:-1])


@every_scheme
def test_the_special_tokens_come_first(scheme):
    assert tuple(tokenizer(scheme).token(i) for i in range(4)) == SPECIAL
    assert (PAD, UNK, BOS, EOS) == (0, 1, 2, 3)


def test_a_word_outside_the_vocabulary_is_unknown_and_shown():
    words = tokenizer()
    sentence = "She loves the zebra and the Quagga, the zebra!"
    assert words.unknown(sentence) == ["zebra", "and", "quagga", ",", "!"]
    assert words.tokens(sentence)[:4] == ["she", "loves", "the", "zebra"]
    assert words.encode(sentence).count(UNK) == 6
    assert words.unknown(corpus().sentences[0]) == []


def test_a_sign_that_no_piece_has_is_unknown_and_shown():
    words = tokenizer("bpe")
    assert words.unknown("she loves the ж") == ["ж"]
    assert words.unknown("she loves the film.") == []


def test_tokens_are_those_that_the_model_reads():
    words = tokenizer()
    for sentence in (*corpus().sentences[:20], "She saw a zebra ..."):
        assert len(words.tokens(sentence)) == len(words.encode(sentence)) - 1


def test_a_rare_word_is_unknown_to_the_vocabulary():
    words = Tokenizer.train(["common common rare", "common other other"], DataConfig(min_count=2))
    assert words.unknown("common rare other") == ["rare"]


@every_scheme
def test_the_vocabulary_keeps_to_its_size(scheme):
    size = 20 if scheme == "character" else 60  # of characters there are fewer
    assert len(Tokenizer.train(corpus().sentences, DataConfig(scheme, size, 1))) == size


@every_scheme
def test_training_twice_gives_the_same_tokenizer(scheme):
    config = DataConfig(scheme, 150, 1)
    first, second = (Tokenizer.train(corpus().sentences, config).to_json() for _ in range(2))
    assert first == second


@every_scheme
def test_a_saved_tokenizer_is_one_json_and_comes_back_the_same(scheme, tmp_path):
    words = tokenizer(scheme)
    path = tmp_path / "tokenizer.json"
    path.write_text(words.to_json(), encoding="utf-8")
    loaded = Tokenizer.load(path)
    assert json.loads(loaded.to_json()) == json.loads(words.to_json())
    assert loaded.scheme == scheme
    assert len(loaded) == len(words)
    sentences = [*corpus().sentences[:50], "Ünknown <pad> wörds <unk>, 全角!"]
    assert loaded.encode_batch(sentences) == words.encode_batch(sentences)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{}",
        b"[1, 2]",
        b"not json",
        b'{"version": "1.0"}',
        b"\xff\xfe\x00",
        b"\x89PNG\r\n",
    ],
)
def test_a_foreign_file_is_refused_by_name(content, tmp_path):
    path = tmp_path / "tokenizer.json"
    path.write_bytes(content)
    with pytest.raises(UserError, match=r"tokenizer\.json"):
        Tokenizer.load(path)


def test_a_tokenizer_of_another_program_is_refused(tmp_path):
    whole = json.loads(tokenizer().to_json())
    whole["added_tokens"] = []
    vocabulary = whole["model"]["vocab"]
    whole["model"]["vocab"] = {w: i for i, w in enumerate(w for w in vocabulary if w[0] != "<")}
    whole["model"]["unk_token"] = "the"
    path = tmp_path / "tokenizer.json"
    path.write_text(json.dumps(whole), encoding="utf-8")
    with pytest.raises(UserError, match="not one that Latent Lens made"):
        Tokenizer.load(path)


def test_a_missing_tokenizer_is_named(tmp_path):
    with pytest.raises(UserError, match=r"tokenizer\.json"):
        Tokenizer.load(tmp_path / "tokenizer.json")


@given(st.data())
@every_scheme
def test_a_truncated_tokenizer_is_refused(scheme, tmp_path_factory, data):
    whole = tokenizer(scheme).to_json().encode()
    path = tmp_path_factory.mktemp("cut") / "tokenizer.json"
    path.write_bytes(whole[: data.draw(st.integers(0, len(whole) - 1))])
    with pytest.raises(UserError, match=r"tokenizer\.json"):
        Tokenizer.load(path)


@given(ANY_TEXT)
@every_scheme
def test_no_text_makes_the_tokenizer_fail(scheme, text):
    words = tokenizer(scheme)
    ids = words.encode(text)
    assert ids == words.encode_batch([text])[0]
    assert ids[-1] == EOS
    assert not {PAD, BOS, EOS} & set(ids[:-1])
    assert len(words.tokens(text)) == len(ids) - 1
    assert bool(words.unknown(text)) == (UNK in ids)
    assert isinstance(words.decode(ids[:-1]), str)


@given(st.lists(st.integers(0, 60), max_size=20))
@every_scheme
def test_any_ids_can_be_said(scheme, ids):
    assert isinstance(tokenizer(scheme).decode(ids), str)


@every_scheme
@pytest.mark.parametrize("name", SPECIAL)
def test_a_special_token_written_in_a_sentence_is_only_text(scheme, name):
    words = tokenizer(scheme)
    ids = words.encode(f"she loves {name} the film.")
    assert not {PAD, BOS, EOS} & set(ids[:-1])
    assert words.encode(name)[-1] == EOS
    assert len(words.encode(name)) > 1


def test_the_sign_for_an_unknown_word_stays_one_token():
    assert tokenizer().encode("she loves <unk> film") == [
        *tokenizer().encode("she loves")[:-1],
        UNK,
        *tokenizer().encode("film"),
    ]


def test_case_width_and_composition_make_no_difference():
    words = tokenizer()
    plain = words.encode("she loves the film.")
    assert words.encode("SHE LOVES THE FILM.") == plain
    assert words.encode("ｓｈｅ ｌｏｖｅｓ ｔｈｅ ｆｉｌｍ.") == plain
    assert words.encode("  she   loves\tthe film .  ") == plain


def test_a_word_keeps_its_apostrophes_and_hyphens():
    words = Tokenizer.train(["I don't like well-known dogs' tails."], DataConfig(min_count=1))
    assert words.tokens("I don't like well-known dogs' tails.") == [
        *("i", "don't", "like", "well-known", "dogs", "'", "tails", "."),
    ]


@pytest.mark.parametrize(
    ("tokens", "text"),
    [
        ("hello , world .", "Hello, world."),
        ("is it ? yes ! no ; well : so", "Is it? yes! no; well: so"),
        ("he said ( quietly ) that [ it ] is .", "He said (quietly) that [it] is."),
        ('he said " go " and left .', 'He said "go" and left.'),
        ('" go " , he said .', '"Go", he said.'),
        ('" one " and " two "', '"One" and "two"'),
        ("“ go ” he said", "“Go” he said"),
        ("the dogs ' bowl", "The dogs' bowl"),
        ("i think i am , and i do .", "I think I am, and I do."),
        ("i'm here and i've seen what i'd do", "I'm here and I've seen what I'd do"),
        ("it is n't his , it 's hers", "It isn't his, it's hers"),
        ("so am i .", "So am I."),
        ("well-known in it", "Well-known in it"),
        ("say ' go ' now", "Say 'go' now"),
        ("return the sum of ' a ' and ' b ' .", "Return the sum of 'a' and 'b'."),
        ("returns the dogs ' ' bowl ' .", "Returns the dogs' 'bowl'."),
        ("i’m here", "I’m here"),
        ("50 % of $ 5", "50% of $5"),
        ("read / write access", "Read/write access"),
        ("format 2 . 0 of it .", "Format 2.0 of it."),
        ("one of 1 , 2 or 3 .", "One of 1, 2 or 3."),
        ("a word , i . e . , a token ( e . g . , this )", "A word, i.e., a token (e.g., this)"),
        ("#", "#"),
        ("", ""),
        (".", "."),
        ('"', '"'),
    ],
)
def test_words_are_joined_as_english_is_written(tokens, text):
    assert detokenise(tokens.split()) == text


@given(st.lists(st.text(st.characters(exclude_categories=("Z", "C")), min_size=1, max_size=6)))
def test_joining_words_keeps_every_sign(tokens):
    joined = detokenise(tokens)
    # Compared in capitals, which some letters have and others share.
    assert "".join(joined.split()).upper() == "".join(tokens).upper()


@pytest.mark.parametrize("scheme", ["word", "bpe"])
def test_a_corpus_that_writes_its_unknown_words_out_is_learned_and_loaded(scheme, tmp_path):
    config = DataConfig(scheme, vocabulary=60, min_count=1)
    words = Tokenizer.train(["the <unk> board of <unk> n.v.", "the <UNK> board"], config)
    assert max(words.encode("the <unk> board of n.v.")) < len(words)
    path = tmp_path / "tokenizer.json"
    path.write_text(words.to_json(), encoding="utf-8")
    assert len(Tokenizer.load(path)) == len(words)
    if scheme == "word":
        assert words.encode("the <unk> board")[1] == UNK


def test_a_text_that_comes_in_tokens_keeps_them():
    line = "mr. <unk> 's u.s. board does n't pay $ 2.5 million"
    words = Tokenizer.train([line], DataConfig("space", vocabulary=60, min_count=1))
    assert words.tokens(line) == line.split()
    assert len(words.encode(line)) == len(line.split()) + 1
    assert words.encode(line)[1] == UNK
    again = Tokenizer.train([line], DataConfig("word", vocabulary=60, min_count=1))
    assert len(again.encode(line)) > len(words.encode(line))
    assert words.decode(words.encode("board does n't pay")[:-1]) == "Board does n't pay"


def learned(scheme: str, *sentences: str) -> Tokenizer:
    return Tokenizer.train(sentences, DataConfig(scheme, min_count=1))


FAMILY, HEART, THUMB, FLAG = "👨‍👩‍👧‍👦", "❤️", "👍🏽", "🇫🇷"


@pytest.mark.parametrize("scheme", ["word", "character"])
@pytest.mark.parametrize("sign", [FAMILY, HEART, THUMB, FLAG])
def test_an_emoji_of_several_code_points_is_one_token(scheme, sign):
    sentence = f"We are {sign} here"
    words = learned(scheme, sentence)
    assert words.tokens(sentence).count(sign) == 1
    assert words.decode(words.encode(sentence)[:-1]) == sentence
    assert learned(scheme, "We are here").unknown(sentence).count(sign) == 1


@every_scheme
@pytest.mark.parametrize(
    "sentence", ["It says </s> here", "A <pad> b", "İstanbul is far", "The ﬁne print", "1️⃣ first"]
)
def test_whatever_stands_in_a_text_is_text(scheme, sentence):
    words = learned(scheme, sentence)
    ids = words.encode(sentence)
    assert not {PAD, UNK, BOS, EOS} & set(ids[:-1])
    assert words.encode(words.decode(ids[:-1])) == ids


CHINESE = ("今天的天气很好，我们去公园散步。", "他昨天没有来上课！", "我们用Python写程序，好吗？")


@pytest.mark.parametrize("scheme", ["word", "character", "bpe"])
@pytest.mark.parametrize(
    "sentences", [CHINESE, ("今日はとても天気がいいです。", "彼は昨日来ませんでした。")]
)
def test_no_blank_is_put_where_there_was_none(scheme, sentences):
    words = learned(scheme, *sentences)
    for sentence in sentences:
        assert words.decode(words.encode(sentence)[:-1]).lower() == sentence.lower()


def test_blanks_that_stand_among_characters_stay():
    sentence = "วันนี้ อากาศดี มาก"
    words = learned("character", sentence)
    assert words.tokens("  วันนี้   มาก ") == ["วั", "น", "นี้", "▁", "ม", "า", "ก"]
    assert words.decode(words.encode(sentence)[:-1]) == sentence


def test_a_character_that_was_never_seen_is_unknown_and_the_others_are_not():
    words = learned("character", *CHINESE)
    assert words.unknown("今天的猫很好。") == ["猫"]


DAYS = [
    "We met on Monday in New York.",
    "Monday is the day of old O'Brien.",
    "The USA won on Monday, and an iPhone rang.",
    "She is in New York, will she stay? Will she?",
    "It rang. Then Will and she will meet us in New York.",
]
NAMES = DataConfig(min_count=1)


@pytest.mark.parametrize("scheme", ["word", "character"])
def test_a_word_is_said_in_the_case_that_it_has_inside_of_sentences(scheme):
    words = Tokenizer.train(DAYS, DataConfig(scheme, 200, 1))
    for written, said in (
        ("we met on monday in new york.", "We met on Monday in New York."),
        ("the usa won , an iphone rang .", "The USA won, an iPhone rang."),
        ("usa and us will meet on monday .", "USA and us will meet on Monday."),
        ("old o'brien met us .", "Old O'Brien met us."),
        ("THE DAY OF NEW YORK", "The day of New York"),
    ):
        ids = words.encode(written)[:-1]
        assert words.decode(ids).replace(" ", "") == said.replace(" ", "")
        assert words.encode(words.decode(ids))[:-1] == ids


@every_scheme
def test_a_sentence_comes_back_in_its_own_case(scheme):
    words = Tokenizer.train(DAYS, DataConfig(scheme, 300, 1))
    assert words.decode(words.encode(DAYS[0])[:-1]) == DAYS[0]


def test_a_capital_of_a_beginning_says_nothing_of_a_word():
    words = Tokenizer.train(["Then we met. Then: “Then”", "So we met then"], NAMES)
    assert words.decode(words.encode("so we met then")[:-1]) == "So we met then"


def test_the_case_is_kept_with_the_tokenizer_and_read_alike_without_it(tmp_path):
    words, path = Tokenizer.train(DAYS, NAMES), tmp_path / "tokenizer.json"
    path.write_text(words.to_json(), encoding="utf-8")
    ids = words.encode(DAYS[0])[:-1]
    assert Tokenizer.load(path).decode(ids) == DAYS[0]
    earlier = json.loads(words.to_json())
    assert earlier.pop("cases")["monday"] == "Monday"
    path.write_text(json.dumps(earlier), encoding="utf-8")
    before = Tokenizer.load(path)
    assert before.encode_batch(DAYS) == words.encode_batch(DAYS)
    assert before.decode(ids) == "We met on monday in new york."


@pytest.mark.parametrize("cases", [3, ["a"], {"monday": 1}, "Monday"])
def test_a_damaged_case_is_refused(cases, tmp_path):
    path = tmp_path / "tokenizer.json"
    whole = {**json.loads(Tokenizer.train(DAYS, NAMES).to_json()), "cases": cases}
    path.write_text(json.dumps(whole), encoding="utf-8")
    with pytest.raises(UserError, match=r"tokenizer\.json"):
        Tokenizer.load(path)


@given(st.lists(ANY_TEXT, min_size=1, max_size=4))
@every_scheme
def test_what_is_said_in_its_case_is_read_as_what_is_said_without_it(scheme, sentences):
    words = Tokenizer.train(sentences, DataConfig(scheme, 200, 1))
    whole = json.loads(words.to_json())
    whole.pop("cases", None)
    plain = Tokenizer.from_json(json.dumps(whole))
    for ids in words.encode_batch(sentences):
        assert words.encode(words.decode(ids[:-1])) == plain.encode(plain.decode(ids[:-1]))
