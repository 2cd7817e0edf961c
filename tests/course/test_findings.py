"""What a lesson says of its run and its sentences is so, in each language that has its own."""

import math
import re

import numpy as np
import pytest
import torch

from tests.fakes import seeded
from vae.corpora import factors, factors_zh
from vae.course import course
from vae.course.worked import Worked
from vae.diagnostics.gradient_noise import gradient_noise
from vae.diagnostics.kl_samples import kl_samples
from vae.diagnostics.xray import sayings, xray
from vae.explorer import Explorer
from vae.runs.catalogue import find_run
from vae.studies import dimensions, made
from vae.studies.summary import figures_of

PARSE = {"en": factors.parse, "zh": factors_zh.parse}
ALIKE = ("beta", "collapse", "beside")
"""Lessons that have one run and one sentence in all languages."""


@pytest.fixture(scope="module", params=list(PARSE))
def language(request):
    return request.param


@pytest.fixture(scope="module")
def lessons(language):
    return {each.id: each for each in course(language).lessons if each.id not in ALIKE}


@pytest.fixture(scope="module")
def explorer(lessons):
    return Explorer.load(lessons["distribution"].run)


def text_of(lesson) -> str:
    asked = [step.question for step in lesson.steps if step.question]
    choices = [c for question in asked for c in question.choices]
    return "\n".join(
        [step.body for step in lesson.steps]
        + [question.text for question in asked]
        + [words for c in choices for words in (c.text, c.why)]
    )


def test_every_lesson_begins_with_sentences_that_come_back_word_for_word(lessons, explorer):
    for lesson in lessons.values():
        assert lesson.run == explorer.name
        said = list(lesson.sentences.values())
        assert explorer.decode(explorer.encode(said).mean) == said


def test_as_many_dimensions_are_told_of_as_there_are(lessons, explorer):
    counted = re.compile(r"(\d+)(?: numbers| dimensions| of them|\s*个(?:数字|维度|。))")
    z = explorer.latent_dim
    for lesson in lessons.values():
        told = [int(n) for n in counted.findall(text_of(lesson))]
        assert {n for n in told if 20 < n < 30} <= {z, z - 1}, lesson.id
    assert str(z) in text_of(lessons["distribution"])
    assert f"√{z}" in text_of(lessons["walk"])


def test_draws_say_the_sentence_most_often_and_then_its_relatives(language, lessons, explorer):
    said = lessons["distribution"].a
    for seed in range(3):
        first, *others = sayings(explorer, xray(explorer, said, seeded(seed), 32))
        assert first.same
        assert all(first.draws > other.draws for other in others)
        assert all(PARSE[language](other.sentence) for other in others)


PROPOSED = {
    "en": (("curry", "fish"), ("cooking", "eating")),
    "zh": (("好吃", "难吃"), ("做", "吃")),
}


def test_a_sentence_changed_as_is_proposed_is_still_what_draws_say(language, lessons, explorer):
    said = lessons["distribution"].a
    for old, new in PROPOSED[language]:
        assert new in text_of(lessons["distribution"])
        said = said.replace(old, new)
        first, *others = sayings(explorer, xray(explorer, said, seeded(), 32))
        assert first.same
        assert all(first.draws > other.draws for other in others)
    if language == "en":
        hated = lessons["distribution"].a.replace("loves", "hates")
        [back] = explorer.decode(explorer.encode([hated]).mean)
        assert back == hated.replace("delicious", "bland")


@pytest.mark.parametrize("spoken", list(PARSE))
def test_two_models_of_which_one_collapsed_find_sentences_equally_probable(spoken):
    said = text_of(course(spoken).lesson("collapse"))
    found = {name: figures_of(find_run(name)) for name in ("factors", "factors-collapsed")}
    assert {f"{figures['nll_iw']:.1f}" for figures in found.values()} == {"15.4"}
    assert re.search(r"15\.4 (nats|奈特)", said)


def test_a_word_that_the_model_does_not_know_comes_back_as_another(explorer):
    if explorer.name == "factors-zh":
        z = explorer.encode(["妈妈周末常在家喝那道特别好吃的菜。"]).mean
        assert explorer.decode(z) == ["妈妈周末常在家吃那道特别好吃的菜。"]


def test_without_the_formula_a_draw_is_so_many_times_as_far_off(language, lessons, explorer):
    said = lessons["reparameterisation"].a
    times = {"en": 8, "zh": 9}[language]
    found = [
        gradient_noise(explorer.gradients(), said, explorer.encode([said]), 64, seeded(i)).ratio
        for i in range(2)
    ]
    assert np.mean(found) == pytest.approx(times, abs=1)
    assert {"en": "8 × 8 = 64", "zh": "八十一"}[language] in text_of(lessons["reparameterisation"])


def test_the_rate_is_the_larger_bill_and_a_strange_order_costs_distortion(
    language, lessons, explorer
):
    lesson = lessons["loss"]
    strange = re.search(r"“([^”]{12,})”", lesson.steps[4].body)[1]
    word = {"en": "the", "zh": "的"}[language]
    usual, odd = (Worked(xray(explorer, text, seeded(0))) for text in (lesson.a, strange))
    assert float(usual.distortions.mean()) < float(usual.seen.rate)
    more = float(odd.distortions.min() - usual.distortions.max())
    assert more > 40 > float(odd.seen.rate - usual.seen.rate)
    assert sorted(odd.seen.tokens[:-2]) == sorted(usual.seen.tokens[:-2]) or language == "en"
    assert f"{float(usual.costs[0][usual.seen.tokens.index(word)]):.2f}".lstrip("-") == "0.00"
    assert f"“{word}”" in lesson.steps[-1].question.text


def test_words_and_the_sentence_are_guesses_among_as_many_as_is_told(language, lessons, explorer):
    for seed in range(3):
        seen = xray(explorer, lessons["kl"].a, seeded(seed))
        own, random = float(-seen.log_p.sum()), float(-seen.log_p_prior.sum())
        digits = 1 + math.floor(random / math.log(10))
        assert digits == pytest.approx({"en": 20, "zh": 18}[language], abs=4)
        assert 7 < math.exp(own) < 100
        assert ((-seen.log_p_prior > 5) & (-seen.log_p_prior < 10)).sum() >= 2


def test_about_a_thousand_draws_bring_the_kl_within_a_fifth_of_a_nat(lessons, explorer):
    posterior = explorer.encode([lessons["kl"].a])
    found = kl_samples(posterior, 5_000, seeded(0))
    needed = (1.96 * found.log_ratios.std() / 0.2) ** 2
    assert needed == pytest.approx(1_000, rel=0.15)
    assert (
        max(abs(kl_samples(posterior, 10, seeded(i)).running[-1] - found.exact) for i in range(9))
        > 1.2
    )


def test_far_out_many_sentences_are_broken_and_at_the_origin_all_are_one(language, explorer):
    z = explorer.sample_prior(60, seeded(1))
    far = [PARSE[language](text) is None for text in explorer.decode(4 * z)]
    assert 0.4 < np.mean(far) < 0.8
    assert all(map(PARSE[language], explorer.decode(z)))
    assert len(set(explorer.decode(0 * z[:8]))) == 1


def test_temperature_keeps_the_topic_as_often_as_is_told(language, lessons, explorer):
    def topics(said):
        found = map(PARSE[language], said)
        return [f and (f["topic"] if isinstance(f, dict) else f.topic) for f in found]

    z = explorer.sample_prior(300, seeded(1))
    before = topics(explorer.decode(z))
    for temperature, told in zip(
        (1.0, 2.0), {"en": (78, 57), "zh": (76, 53)}[language], strict=True
    ):
        drawn = explorer.decode(z, "sample", generator=seeded(2), temperature=temperature)
        kept = [a == b for a, b in zip(before, topics(drawn), strict=True) if b]
        assert 100 * np.mean(kept) == pytest.approx(told, abs=7)
        assert f"{told}%" in text_of(lessons["new-sentences"])


def test_half_way_a_proper_sentence_and_the_straight_way_nearer_to_the_origin(
    language, lessons, explorer
):
    lesson = lessons["walk"]
    a, b = explorer.encode([lesson.a, lesson.b]).mean
    assert [round(float(end.norm())) for end in (a, b)] == [4, 4]
    straight = (a + b) / 2
    assert 2 < float(straight.norm()) < 3
    arc = explorer.interpolate(lesson.a, lesson.b, 11, "slerp")
    assert all(PARSE[language](point.sentence) for point in arc)
    assert float(arc[5].z.norm()) == pytest.approx(4, abs=0.2)
    places = {"en": ("her kitchen", "the farm"), "zh": ("在家", "在咖啡馆")}[language]
    way = "\n".join(point.sentence for point in arc)
    assert all(place in way and place in text_of(lesson) for place in places)


def test_the_second_dial_turns_several_words_and_two_rows_tell_of_topic_and_activity(
    language, lessons, explorer
):
    found = dimensions.read(made(explorer.run, "dimensions"))
    second = found.order[1]
    z = explorer.encode([lessons["dimensions"].a]).mean.repeat(2, 1)
    z[:, second] = torch.tensor([-3.0, 3.0])
    one, other = (xray(explorer, text, seeded(0), 2).tokens for text in explorer.decode(z))
    assert 3 <= len(set(one) ^ set(other)) / 2 < len(one) - 2
    rows = {"en": ("“dim 24”", "“dim 6”"), "zh": ("“5”", "“6”")}[language]
    assert all(row in text_of(lessons["dimensions"]) for row in rows)
    for row in rows:
        d = int(re.search(r"\d+", row)[0])
        told = {each.label: each.value[d] for each in found.told}
        assert min(told["topic"], told["activity"]) > 0.4
        assert d in found.order[:12]
