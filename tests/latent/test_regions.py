"""Names of regions: what sets a class of sentences apart, and where it lies."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from vae.latent.regions import LEVELS, SAMPLE, class_tf_idf, named_regions

COUNTS = arrays(np.int64, (3, 5), elements=st.integers(0, 50))


def test_class_tf_idf_is_the_published_formula():
    counts = np.array([[8, 0, 2], [0, 6, 4]])
    found = class_tf_idf(counts)
    # Ten words a class; the first word occurs 8 times in all, the second 6, the third 6.
    assert found[0, 0] == pytest.approx(np.sqrt(0.8) * np.log1p(10 / 8))
    assert found[1, 1] == pytest.approx(np.sqrt(0.6) * np.log1p(10 / 6))
    assert found[0, 1] == found[0, 2] == found[1, 2] == 0


@given(COUNTS, st.permutations(range(3)))
def test_weights_are_finite_and_go_with_their_class_and_what_all_share_weighs_nothing(
    counts, order
):
    found = class_tf_idf(counts)
    assert np.isfinite(found).all()
    assert (found >= 0).all()
    assert (found[:, counts.sum(0) == 0] == 0).all()
    np.testing.assert_allclose(class_tf_idf(counts[order]), found[order])
    assert not class_tf_idf(np.tile(counts[:1], (3, 1))).any()


def clumps(n: int = 300) -> tuple[np.ndarray, list[str]]:
    """Six clumps, each about its own animal."""
    rng = np.random.default_rng(0)
    animals = ["cat", "dog", "hen", "owl", "fox", "elk"]
    of = np.arange(n) % 6
    middle = np.stack([np.cos(np.arange(6)), np.sin(np.arange(6))], axis=1) * 20
    xy = middle[of] + rng.normal(size=(n, 2))
    return xy, [f"the {animals[i]} don't sleep in house {rng.integers(9)}" for i in of]


def test_each_clump_is_named_by_the_word_of_its_sentences():
    xy, sentences = clumps()
    largest = [region for region in named_regions(xy, sentences) if region.level == 0]
    assert len(largest) == LEVELS[0]
    for region in largest:
        row = int(np.linalg.norm(xy - [region.x, region.y], axis=1).argmin())
        assert region.words[0] == sentences[row].split()[1]
        assert not {"the", "sleep", "don't", "don"} & set(region.words)
    assert sum(region.n for region in largest) == len(sentences)


def test_regions_are_the_same_again_and_finer_at_each_level():
    xy, sentences = clumps(2_000)
    found = named_regions(xy, sentences)
    assert found == named_regions(xy, sentences)
    sizes = [[r.n for r in found if r.level == level] for level in range(3)]
    assert len(sizes[0]) < len(sizes[1]) < len(sizes[2])
    assert max(sizes[2]) < max(sizes[0])


def test_many_sentences_are_named_from_a_sample_of_them():
    xy, sentences = clumps(SAMPLE + 4_000)
    found = named_regions(xy, sentences)
    assert sum(region.n for region in found if region.level == 0) == SAMPLE


def test_chinese_is_named_by_pairs_of_signs():
    xy, _ = clumps()
    said = ["猫在家里睡觉", "狗在家里睡觉", "天气很好", "下雨了吗", "我喜欢茶", "他去学校"]
    found = named_regions(xy, [said[i % 6] for i in range(len(xy))])
    words = {word for region in found if region.level == 0 for word in region.words}
    assert {"天气", "下雨", "学校"} & words
    assert all(len(word) == 2 for word in words)


@pytest.mark.parametrize("sentences", [[], ["one"], ["!"] * 40, ["same words"] * 40])
def test_next_to_nothing_has_no_names(sentences):
    xy = np.random.default_rng(0).normal(size=(len(sentences), 2))
    assert not any(region.words for region in named_regions(xy, sentences))
