"""The facade: sentences to latents and back, by many at once."""

import math
from concurrent.futures import ThreadPoolExecutor

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from tests.fakes import corpus, seeded, store_run, tiny, tokenizer
from vae.errors import UserError
from vae.explorer import Explorer
from vae.inference import log_prior
from vae.models import decoder_inputs

A, B = corpus().sentences[:2]


@pytest.fixture(scope="module")
def explorer(tmp_path_factory):
    """A run of a model whose z matters, with a map of 14 sentences."""
    return Explorer.load(store_run(tmp_path_factory.mktemp("runs") / "tiny", atlas=14).path)


@pytest.fixture(scope="module")
def language_model(tmp_path_factory):
    run = store_run(tmp_path_factory.mktemp("runs") / "lm", tiny("lstm", 0, spread=2.0), atlas=14)
    return Explorer.load(run)


def latents(n: int, seed: int = 0) -> torch.Tensor:
    return 2 * torch.randn(n, 4, generator=seeded(seed))


# -- sentences to latents ------------------------------------------------------------------------


def test_sentences_are_encoded_alike_alone_and_together(explorer):
    sentences = corpus().sentences[:80]
    together = explorer.encode(sentences)
    for i, sentence in enumerate(sentences):
        alone = explorer.encode([sentence])
        assert torch.allclose(alone.mean[0], together.mean[i], atol=1e-5)
        assert torch.allclose(alone.logvar[0], together.logvar[i], atol=1e-5)


@given(st.permutations(range(12)))
def test_posteriors_come_in_the_order_of_their_sentences(explorer, order):
    sentences = corpus().sentences[:12]
    straight = explorer.encode(sentences)
    mixed = explorer.encode([sentences[i] for i in order])
    assert torch.allclose(mixed.mean, straight.mean[list(order)], atol=1e-5)


def test_encoding_gives_the_mean_again_and_again(explorer):
    torch.manual_seed(1)
    first = explorer.encode([A, B]).mean
    torch.manual_seed(2)
    assert torch.equal(first, explorer.encode([A, B]).mean)


def test_encoding_is_what_the_model_computes(explorer):
    model = tiny(spread=2.0)
    expected = model.encode(torch.tensor([tokenizer().encode(A)]))
    assert torch.allclose(explorer.encode([A]).mean, expected.mean, atol=1e-6)


def test_encoding_reports_its_progress(explorer):
    seen = []
    explorer.encode(corpus().sentences[:30], lambda done, total, what: seen.append((done, total)))
    assert seen[-1] == (30, 30)


def test_no_sentence_has_no_posterior(explorer):
    assert explorer.encode([]).mean.shape == (0, 4)


@pytest.mark.parametrize("sentence", ["", "   ", "\t\n", "\u2003"])
def test_an_empty_sentence_is_refused(explorer, sentence):
    with pytest.raises(UserError, match="The sentence is empty"):
        explorer.encode([sentence])
    with pytest.raises(UserError, match="Sentence 2 is empty"):
        explorer.encode([A, sentence])


@pytest.mark.parametrize("sentence", ["she " * 81, "x" * 2001, "she " * 100_000])
def test_an_overlong_sentence_is_refused(explorer, sentence):
    with pytest.raises(UserError, match=r"too long.* 20 tokens"):
        explorer.encode([sentence])
    with pytest.raises(UserError, match="Sentence 2 is too long"):
        explorer.encode([A, sentence])


def test_a_sentence_somewhat_longer_than_those_in_training_is_read(explorer):
    assert explorer.encode(["she " * 60]).mean.isfinite().all()


def test_one_sentence_instead_of_a_list_is_refused_and_not_spelled_out(explorer):
    with pytest.raises(UserError, match="list of sentences"):
        explorer.encode(A)


def test_bytes_that_are_no_text_are_refused(explorer):
    for use in (
        lambda: explorer.encode(["she loves \udcff"]),
        lambda: explorer.read("she loves \udcff"),
        lambda: explorer.unknown_words("she loves \udcff"),
        lambda: explorer.interpolate(A, "she loves \udcff"),
    ):
        with pytest.raises(UserError, match="not text"):
            use()


@given(st.text(min_size=1, max_size=40))
def test_no_text_makes_the_explorer_fail(explorer, text):
    if not text.strip():
        return
    reading = explorer.read(text)
    assert reading.posterior.mean.isfinite().all()
    assert isinstance(reading.reconstruction, str)


def test_a_reading_shows_what_the_model_made_of_a_sentence(explorer):
    reading = explorer.read("She loves the Zebra.")
    assert reading.tokens == ("she", "loves", "the", "zebra", ".")
    assert reading.unknown == ("zebra",)
    assert explorer.unknown_words("She loves the Zebra.") == ["zebra"]
    assert reading.reconstruction == explorer.decode(reading.posterior.mean)[0]
    assert not reading.exact
    own = explorer.read(reading.reconstruction)
    assert own.exact == (own.reconstruction == reading.reconstruction)


def test_posteriors_can_be_moved_in_place(explorer):
    z = explorer.encode([A]).mean
    z[0, 2] = 3.0
    assert explorer.decode(z) != []


# -- latents to sentences ------------------------------------------------------------------------


def test_each_method_decodes_every_latent_in_its_place(explorer):
    z = latents(9)
    for options in (
        {"method": "greedy"},
        {"method": "beam", "beam_width": 3},
    ):
        said = explorer.decode(z, **options)
        assert said == [explorer.decode(z[i : i + 1], **options)[0] for i in range(9)]
    assert len(explorer.decode(z, "sample", generator=seeded())) == 9


def test_the_same_seed_samples_the_same_text(explorer):
    z = latents(9)
    first = explorer.decode(z, "sample", generator=seeded(1))
    assert first == explorer.decode(z, "sample", generator=seeded(1))
    assert first != explorer.decode(z, "sample", generator=seeded(2))
    hot = explorer.decode(z, "sample", generator=seeded(1), temperature=3.0)
    assert hot != first


def test_another_precision_of_the_latents_is_no_other_latent(explorer):
    z = latents(5)
    assert explorer.decode(z.double()) == explorer.decode(z)
    assert explorer.decode(z.requires_grad_()) == explorer.decode(z.detach())


@pytest.mark.parametrize("shape", [(4,), (1, 3), (1, 5), (1, 1, 4), ()])
def test_latents_of_another_shape_are_refused(explorer, shape):
    for use in (explorer.decode, explorer.neighbours):
        with pytest.raises(UserError, match=r"shape \(B, 4\)"):
            use(torch.zeros(shape))


@pytest.mark.parametrize("value", [float("nan"), float("inf"), -float("inf")])
def test_latents_that_are_no_numbers_are_refused(explorer, value):
    z = torch.zeros(3, 4)
    z[1, 2] = value
    for use in (
        lambda: explorer.decode(z),
        lambda: explorer.neighbours(z),
        lambda: explorer.interpolate(z[0], z[1]),
        lambda: explorer.log_likelihood([A, B, A], z),
    ):
        with pytest.raises(UserError, match="not a finite number"):
            use()


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"method": "magic"}, "greedy, sample, or beam"),
        ({"method": "sample"}, "needs a generator"),
        ({"method": "sample", "generator": seeded(), "temperature": 0.0}, "above 0"),
        ({"method": "beam", "beam_width": 0}, "at least 1"),
    ],
)
def test_a_way_of_decoding_that_cannot_be_is_refused(explorer, options, words):
    with pytest.raises(UserError, match=words):
        explorer.decode(torch.zeros(1, 4), **options)


def test_no_latent_gives_no_sentence(explorer):
    nothing = torch.zeros(0, 4)
    assert explorer.decode(nothing) == explorer.decode(nothing, "beam") == []
    assert explorer.decode(nothing, "sample", generator=seeded()) == []
    assert explorer.neighbours(nothing) == []


def test_the_prior_is_sampled_from_its_generator(explorer):
    z = explorer.sample_prior(2_000, seeded(1))
    assert torch.equal(z, explorer.sample_prior(2_000, seeded(1)))
    assert z.shape == (2_000, 4)
    assert torch.allclose(z.std(0), torch.ones(4), atol=0.1)


def test_the_likelihood_of_every_token_is_that_of_the_model(explorer):
    z = latents(2)
    scores = explorer.log_likelihood([A, B], z)
    for sentence, row, score in zip((A, B), z, scores, strict=True):
        tokens = torch.tensor([tokenizer().encode(sentence)])
        logits = explorer.backend.model.logits(decoder_inputs(tokens), row[None])
        expected = logits.log_softmax(-1)[0].gather(-1, tokens[0][:, None])[:, 0]
        assert torch.allclose(score, expected, atol=1e-5)


def test_a_likelihood_needs_a_latent_for_each_sentence(explorer):
    with pytest.raises(UserError, match="1 latents for 2 sentences"):
        explorer.log_likelihood([A, B], latents(1))


# -- moving about --------------------------------------------------------------------------------


@pytest.mark.parametrize("method", ["lerp", "slerp"])
def test_a_path_begins_and_ends_with_the_reconstructions_of_its_sentences(explorer, method):
    points = explorer.interpolate(A, B, 7, method)
    assert [p.t for p in points] == pytest.approx([i / 6 for i in range(7)])
    assert points[0].sentence == explorer.read(A).reconstruction
    assert points[-1].sentence == explorer.read(B).reconstruction
    assert torch.equal(points[0].z, explorer.encode([A]).mean[0])
    assert torch.equal(points[-1].z, explorer.encode([B]).mean[0])


def test_a_path_says_where_it_repeats_itself_and_how_likely_the_prior_is_there(explorer):
    points = explorer.interpolate(latents(1)[0], latents(1, 1)[0], 15)
    assert not points[0].repeats
    for before, after in zip(points, points[1:], strict=False):  # noqa: RUF007 - reads as it is
        assert after.repeats == (after.sentence == before.sentence)
    for point in points:
        assert point.log_prior == pytest.approx(float(log_prior(point.z)))
        assert point.log_prior <= -2 * math.log(2 * math.pi)


def test_a_sentence_and_a_latent_can_be_joined(explorer):
    z = explorer.encode([B]).mean[0]
    mixed = explorer.interpolate(A, z, 5)
    assert [p.sentence for p in mixed] == [p.sentence for p in explorer.interpolate(A, B, 5)]


def test_a_path_can_be_sampled_with_a_seed(explorer):
    def say(seed: int) -> list[str]:
        path = explorer.interpolate(A, B, 5, decode="sample", generator=seeded(seed))
        return [p.sentence for p in path]

    assert say(1) == say(1)
    assert say(1) != say(2)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"a": ""}, "empty"),
        ({"steps": 1}, "2 to 1,001"),
        ({"method": "warp"}, "lerp or slerp"),
        ({"a": torch.zeros(3)}, r"shape \(B, 4\)"),
        ({"b": torch.zeros(1, 4)}, r"shape \(B, 4\)"),
    ],
)
def test_a_path_that_cannot_be_drawn_is_refused(explorer, changes, words):
    with pytest.raises(UserError, match=words):
        explorer.interpolate(**{"a": A, "b": B, "steps": 5, **changes})


def test_the_nearest_neighbour_of_a_sentence_on_the_map_is_itself(explorer):
    atlas = explorer.atlas
    found = explorer.neighbours(torch.from_numpy(atlas.mean), 3)
    for row, near in enumerate(found):
        assert near[0].row == row
        assert near[0].distance == 0.0
        assert near[0].sentence == atlas.sentences[row]
        assert near[0].labels["topic"] == atlas.labels["topic"][row]
        assert [n.distance for n in near] == sorted(n.distance for n in near)
    assert len(explorer.neighbours(torch.zeros(1, 4), 100)[0]) == 14


@pytest.mark.parametrize("k", [0, -1])
def test_no_neighbour_at_all_cannot_be_asked_for(explorer, k):
    with pytest.raises(UserError, match="at least 1"):
        explorer.neighbours(torch.zeros(1, 4), k)


def test_latents_in_training_have_neighbours_too(explorer):
    assert explorer.neighbours(torch.zeros(1, 4, dtype=torch.double, requires_grad=True), 1)


# -- one for all ---------------------------------------------------------------------------------


def test_eight_threads_get_what_one_gets(tmp_path):
    explorer = Explorer.load(store_run(tmp_path / "run", atlas=14))
    z = latents(6)

    def journey(i: int) -> tuple:
        posterior = explorer.encode(corpus().sentences[i : i + 20])
        return (
            posterior.mean.tolist(),
            explorer.decode(z),
            explorer.decode(z, "sample", generator=seeded(i)),
            explorer.decode(z, "beam", beam_width=2),
            [p.sentence for p in explorer.interpolate(A, B, 5)],
            [n.row for n in explorer.neighbours(z, 3)[0]],
        )

    alone = [journey(i) for i in range(16)]
    explorer = Explorer.load(explorer.run)  # its map is read again, by whoever comes first
    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(journey, range(16))) == alone


def test_an_explorer_trains_nothing_and_drops_nothing(explorer):
    assert not explorer.backend.model.training
    assert not any(p.requires_grad for p in explorer.backend.model.parameters())


def test_a_run_is_loaded_without_touching_the_global_generator(explorer):
    before = torch.get_rng_state()
    Explorer.load(explorer.run)
    assert torch.equal(before, torch.get_rng_state())


def test_a_run_is_loaded_by_directory_path_or_text(explorer):
    for run in (explorer.run, explorer.run.path, str(explorer.run.path)):
        loaded = Explorer.load(run)
        assert loaded.name == "tiny"
        assert loaded.latent_dim == 4
        assert torch.equal(loaded.encode([A]).mean, explorer.encode([A]).mean)


def test_a_run_knows_where_it_comes_from(explorer):
    assert explorer.facts()["corpus"]["name"] == "factors"
    assert explorer.examples() == list(corpus().sentences[:3])


def with_examples(place, examples):
    run = store_run(place)
    facts = run.read_json("config.json")
    facts["corpus"]["examples"] = examples
    run.write_json("config.json", facts)
    return Explorer.load(run)


def test_a_page_starts_from_sentences_whose_every_word_is_known(tmp_path):
    known = list(corpus().sentences[:3])
    foreign = "She loves the zebra."
    assert with_examples(tmp_path / "a", [foreign, *known]).examples()[:3] == known


def test_where_no_example_is_known_the_model_says_some(tmp_path):
    foreign = ["She loves the zebra.", "He sees a quagga.", "A gnu ran."]
    explorer = with_examples(tmp_path / "b", foreign)
    said = explorer.examples()
    assert said
    assert not any(explorer.unknown_words(sentence) for sentence in said)


def test_the_language_model_is_explored_like_any_other(language_model):
    assert language_model.latent_dim == 0
    assert language_model.encode([A, B]).mean.shape == (2, 0)
    nothing = torch.zeros(3, 0)
    assert len(set(language_model.decode(nothing))) == 1
    assert len(language_model.decode(nothing, "sample", generator=seeded())) == 3
    assert len(language_model.interpolate(A, B, 5)) == 5
    assert len(language_model.neighbours(nothing, 2)) == 3
