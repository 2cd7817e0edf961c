"""Labels whose meaning is known are named in the reader's language, and no others."""

import pytest

from vae.corpora.factors_zh import CHINESE
from vae.corpora.label_names import label_name, value_name
from vae.i18n import speaking

KNOWN = [{"kind": "factors"}, {"kind": "factors-zh"}, {"kind": "file", "labels_by_rule": "english"}]


@pytest.mark.parametrize("source", KNOWN, ids=str)
def test_a_known_label_is_named_in_the_language_of_the_reader(source):
    assert label_name("tense", source) == "tense"
    with speaking("zh"):
        assert label_name("tense", source) == "时态"
        assert label_name("length", source) == "长度"
        assert label_name("mine", source) == "mine"
        assert value_name("polarity", "negative", source) == "否定"
        assert value_name("sentiment", "negative", source) == "负面"
        assert value_name("object", "拳", source) == "拳"
    assert value_name("polarity", "negative", source) == "negative"


def test_every_factor_has_a_name():
    with speaking("zh"):
        named = {label_name(name, {"kind": "factors-zh"}) for name in CHINESE.factors}
    assert len(named) == len(CHINESE.factors)
    assert not named & {*CHINESE.factors}


@pytest.mark.parametrize("source", [{}, {"kind": "file"}, {"kind": "docstrings"}], ids=str)
def test_a_label_of_somebody_elses_is_called_as_they_call_it(source):
    with speaking("zh"):
        assert label_name("mood", source) == "mood"
        assert value_name("mood", "question", source) == "question"
