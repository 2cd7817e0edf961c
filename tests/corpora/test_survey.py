"""What a survey says of a corpus is what training on it will find."""

import inspect
import itertools
import json

import numpy as np
import pytest

from vae.config import DataConfig
from vae.corpora import Corpus, factors, files
from vae.corpora.reasons import counted
from vae.corpora.survey import Survey, survey
from vae.errors import UserError
from vae.tokenizer import SPECIAL, UNK, Tokenizer


@pytest.fixture(scope="module")
def english() -> Corpus:
    """Real text: the first lines of numpy's docstrings, labelled with the kind of object."""
    found = {
        (inspect.getdoc(thing) or "").split("\n")[0]: type(thing).__name__
        for thing in vars(np).values()
    }
    rows = [(text, kind) for text, kind in sorted(found.items()) if len(text.split()) > 2]
    assert len(rows) > 200
    texts, kinds = zip(*rows, strict=True)
    return Corpus("numpy", texts, {"kind": kinds}, {"empty": 3}, {}, texts[:4])


def unknown_share(corpus: Corpus, config: DataConfig) -> float:
    """Measured with the very tokenizer that training would use."""
    tokenizer = Tokenizer.train(corpus.select("train").sentences, config)
    ids = tokenizer.encode_batch(corpus.select("validation").sentences)
    flat = [i for one in ids for i in one[:-1]]
    return flat.count(UNK) / len(flat)


def test_every_share_of_unknown_words_is_that_of_a_tokenizer_with_those_settings(english):
    found = survey(english, DataConfig(vocabulary=150, min_count=2))
    assert len(found.choices) > 3
    for choice in (found.vocabulary, *found.choices):
        config = DataConfig("word", choice.largest, choice.min_count)
        assert choice.unknown == pytest.approx(unknown_share(english, config))
        assert choice.size == len(Tokenizer.train(english.select("train").sentences, config))


def test_settings_that_are_asked_for_are_among_the_choices(english):
    others = [DataConfig(vocabulary=77, min_count=4), DataConfig("bpe")]
    found = survey(english, DataConfig(), others)
    choice = found.known_with(others[0])
    assert choice.unknown == pytest.approx(unknown_share(english, others[0]))
    assert found.known_with(DataConfig()) == found.vocabulary
    assert found.known_with(others[1]) is None
    assert found.known_with(DataConfig(vocabulary=78)) is None


def test_a_larger_vocabulary_never_knows_less(english):
    found = survey(english, DataConfig(min_count=1))
    sizes = [c for c in found.choices if c.min_count == 1]
    assert sizes[0].size < sizes[-1].size or len(sizes) == 1
    assert all(a.unknown >= b.unknown for a, b in itertools.pairwise(sizes))


def test_pieces_of_words_know_nearly_everything(english):
    found = survey(english, DataConfig("bpe", vocabulary=400, min_count=1))
    assert found.vocabulary.unknown < 0.02
    assert found.vocabulary.size <= 400
    assert not found.choices


def test_the_histogram_counts_every_sentence_and_every_token(english):
    found = survey(english, DataConfig())
    ids = Tokenizer.train(english.sentences, DataConfig()).encode_batch(english.sentences)
    lengths = [len(i) - 1 for i in ids]
    assert sum(found.lengths) == found.sentences == len(english)
    assert found.tokens == sum(lengths)
    assert found.lengths[7] == lengths.count(7)
    assert found.length_quantile(0.5) == int(np.quantile(lengths, 0.5, method="inverted_cdf"))
    assert found.words > len(SPECIAL)


def test_very_long_sentences_share_the_last_bar():
    texts = ("word " * 500, *(f"sentence number {i}" for i in range(60)))
    found = survey(Corpus("long", texts), DataConfig(min_count=1))
    assert len(found.lengths) == 101
    assert found.lengths[-1] == 1
    assert found.tokens > 500


def test_splits_labels_and_what_was_dropped_are_those_of_the_corpus(english):
    found = survey(english, DataConfig())
    assert found.rows == len(english) + 3
    assert sum(found.splits.values()) == len(english)
    assert found.labels == {"kind": len(set(english.labels["kind"]))}
    assert found.examples == english.examples


def test_a_sentence_that_comes_again_is_counted_however_it_is_spelled():
    texts = [*factors.generate(60).sentences, "Once more.", "once  more.", "ONCE MORE."]
    corpus = files.read_text("\n".join(texts))
    assert survey(corpus, DataConfig()).repeated == 2


def test_of_a_file_the_columns_are_told():
    rows = "\n".join(f"{text},x{i % 2}" for i, text in enumerate(factors.generate(80).sentences))
    corpus = files.read_file(("a.csv", f"said,kind\n{rows}".encode()))
    found = survey(corpus, DataConfig())
    assert found.columns == {"text": "said", "labels": ["kind"]}


def test_a_survey_comes_back_from_json_as_it_was(english):
    found = survey(english, DataConfig())
    assert Survey.from_dict(json.loads(json.dumps(found.to_dict()))) == found


@pytest.mark.parametrize("stored", [None, [], {}, {"name": "x"}, {"lengths": "?"}])
def test_what_is_no_survey_is_refused(stored):
    with pytest.raises(UserError, match="no survey"):
        Survey.from_dict(stored)


def test_progress_reaches_the_end():
    seen = []
    survey(factors.generate(100), DataConfig(), progress=lambda *said: seen.append(said))
    assert seen[-1][:2] == (100, 100)


def chinese(n: int = 120) -> Corpus:
    what, where = "书画歌茶花", "家城山河校店"
    texts = [f"他今天在{where[i % 6]}里看{what[i % 5]}{'，很高兴' * (i % 3)}。" for i in range(n)]
    return files.read_text("\n".join(f"{t}{i % 7}次" for i, t in enumerate(texts)))


def test_where_no_blanks_part_the_words_characters_and_pieces_are_counted_too():
    found = survey(chinese(), DataConfig())
    assert list(found.schemes) == ["word", "character", "bpe"]
    words, characters, pieces = (found.schemes[s].unknown for s in found.schemes)
    assert words > 2 * max(characters, pieces)
    assert characters < 0.05 > pieces
    assert found.known_with(DataConfig("character")) == found.schemes["character"]
    assert found.known_with(DataConfig("character", vocabulary=17)) is None
    assert Survey.from_dict(json.loads(json.dumps(found.to_dict()))) == found


def test_where_blanks_part_the_words_they_are_not(english):
    assert not survey(english, DataConfig()).schemes
    assert survey(english, DataConfig("character", min_count=1)).vocabulary.unknown < 0.01


def test_chinese_lengths_are_counted_in_signs():
    long = "今天" * 59 + "好。"
    corpus = files.read_text(f"{long}\n{long}好\nIt is here.", minimum=1)
    assert corpus.sentences == (long, "It is here.")
    assert str(counted(corpus.dropped)) == "1 more than 120 signs of a script without blanks"
