"""Figures of Meaning: what is drawn is what was measured, in nats, with names as written."""

import json
from dataclasses import replace

import numpy as np
import pytest

from vae import colours, figures
from vae.diagnostics.bootstrap import Interval
from vae.figures.disentanglement import dependence
from vae.figures.information import dimensions_finding, named
from vae.figures.semantics import not_available, semantics_finding
from vae.figures.steering_tables import told_apart
from vae.latent.directions import REST
from vae.latent.steering import Count, Curve
from vae.runs.catalogue import shipped_runs
from vae.studies import dimensions, directions_read, disentanglement, probes
from vae.studies.direction_names import value_name
from vae.studies.directions import OTHERS
from vae.studies.effects import Effects, of_label


def stored(name: str) -> dict:
    """What a study found of a run that ships, as it stands in its file."""
    file = shipped_runs()["factors"].path / "studies" / f"{name}.json"
    return json.loads(file.read_text())["result"]


@pytest.fixture(scope="module")
def study() -> dimensions.DimensionStudy:
    return dimensions.read(stored("dimensions"))


@pytest.fixture(scope="module")
def directions() -> directions_read.DirectionsStudy:
    return directions_read.read(stored("directions"))


@pytest.fixture(scope="module")
def every(study, directions) -> list[figures.Figure]:
    """Every figure of the page."""
    pure, semantic = disentanglement.read(stored("disentanglement")), stored("semantics")
    effects = of_label(directions, directions.labels[0].label, "difference")
    assert effects
    assert directions.analogies
    found = [
        figures.information_by_label(study, {}),
        figures.information_of_dimension(study, 0),
        figures.changes_by_dimension(study, {}),
        figures.changes_of_dimension(study, 0),
        figures.probes(probes.read(stored("probes"))),
        figures.disentanglement(pure),
        figures.importances(pure, {}),
        figures.steering_by_label(directions),
        figures.steering_curves(effects),
        figures.what_stays(effects, 1.0),
        figures.analogies(directions.analogies),
        figures.neighbour_overlap(semantic),
        figures.distance_order(semantic),
    ]
    made = [figure for figure in found if figure]
    assert len(made) == len(found)
    return made


def test_every_figure_says_what_it_shows_how_it_was_measured_and_has_a_table(every):
    assert len({figure.name for figure in every}) == len(every)
    for figure in every:
        assert all((figure.question, figure.alt, figure.look_for, figure.estimator))
        assert len(figure.table()) > 0, figure.name
        assert not any(" bits" in text for text in (figure.caption, figure.alt))


def test_rows_come_by_falling_kl_and_carry_the_names_that_people_gave(study):
    plot = figures.information_by_label(study, {study.order[0]: "<i>mine</i>"}, 3).plot
    (heat,) = plot.data
    assert len(heat.y) == 3
    assert heat.y[0] == f"{study.order[0]} · &lt;i&gt;mine&lt;/i&gt;"
    assert named(study, {})["dimension"].tolist() == study.order


def test_one_scale_of_colours_for_some_dimensions_and_for_all(study):
    some, all_ = (figures.information_by_label(study, {}, most).plot.data[0] for most in (2, None))
    assert some.zmax == all_.zmax == max(max(told.value) for told in study.told)


def test_a_dimension_s_bars_are_its_row_of_the_map(study):
    d = study.order[0]
    bars, chance = figures.information_of_dimension(study, d).plot.data
    told = {each.label: each for each in study.told}
    assert list(bars.x) == sorted((t.value[d] for t in told.values()), reverse=True)
    assert [told[label].value[d] for label in bars.y] == list(bars.x)
    assert [told[label].chance[d] for label in chance.y] == list(chance.x)


def test_what_could_not_be_read_is_no_figure(study):
    unread = replace(study.moved, readable=tuple(0 for _ in study.moved.readable))
    assert figures.changes_of_dimension(replace(study, moved=unread), 0) is None


def test_the_finding_claims_no_more_than_the_names(study):
    none = replace(study, proposed=tuple(None for _ in study.proposed))
    assert dimensions_finding(none).startswith(f"None of {len(study.proposed)} dimensions")
    first = next(d for d, name in enumerate(study.proposed) if name)
    weak = tuple(name if d == first else None for d, name in enumerate(study.proposed))
    large = replace(study.kl, value=tuple(50.0 for _ in study.kl.value))
    only = dimensions_finding(replace(study, proposed=weak, kl=large))
    assert only.startswith(f"1 of {len(study.proposed)} dimensions tells of a label. Most: ")
    assert "whose KL is 50.00" in only
    assert "no dimension stands for one alone" in dimensions_finding(replace(study, kl=large))


def test_probes_are_drawn_beside_what_knows_nothing_of_the_sentence():
    found = probes.read(stored("probes"))
    without, linear, near, shuffled, drawn = figures.probes(found).plot.data
    for label, x in zip(without.y, without.x, strict=True):
        assert x == found.labels[label.removesuffix(" (R²)")].majority
    assert (shuffled.marker.color, linear.marker.color) == (colours.NEUTRAL, colours.MEASURE)
    assert near.marker.symbol != linear.marker.symbol
    for label, x in zip(drawn.y, drawn.x, strict=True):
        assert x == found.labels[label.removesuffix(" (R²)")].drawn.value


def test_factors_that_follow_from_others_are_said():
    found = disentanglement.read(stored("disentanglement"))
    assert dependence(found).startswith(f"{len(found.dependent)} of {len(found.factors)} factors")
    assert dependence(replace(found, dependent={})) == ""
    assert figures.importances(replace(found, dci_importance=()), {}) is None


def curve(flips: int, stays: tuple[Count, ...] = ()) -> Curve:
    counted = Count("mood", 10, (0, flips))
    return Curve((0.0, 1.0), counted, counted, counted, counted, stays, ())


def test_where_nothing_else_can_be_read_nothing_is_said_to_stay():
    found = Effects(None, "difference", curve(9), curve(1), "probes")
    drawn = figures.steering_curves(found)
    assert [trace.name for trace in drawn.plot.data] == ["flips", "flips, random direction"]
    assert "all else" not in drawn.question + drawn.caption
    assert figures.what_stays(found, 1.0) is None


def test_what_stays_is_asked_at_the_strength_measured_nearest_to_the_slider():
    stays = (Count("tense", 10, (10, 4)), Count("mood", 10, (10, 2)))
    found = Effects("person", "difference", curve(9, stays), None, "grammar")
    drawn = figures.what_stays(found, 0.8)
    assert drawn is not None
    assert drawn.question == "What else stays at strength 1?"
    assert list(drawn.plot.data[0].y) == ["mood", "tense"]  # the worst on top
    assert list(drawn.plot.data[0].x) == pytest.approx([0.2, 0.4])


def test_values_that_stand_for_several_are_worded_and_others_shown_as_they_are(directions):
    assert [value_name(v) for v in (REST, OTHERS, "", "past")] == [
        "the rest",
        "all others",
        "— no value",
        "past",
    ]
    assert len(told_apart(directions)) == sum(len(each.told) for each in directions.labels)


def overlap(words: float, encoder: float | None) -> dict:
    def pair(a: str, b: str, value: float | None) -> dict:
        sure = None if value is None else Interval(value, value - 0.02, value + 0.02, 0.95, 90)
        why = "No encoder." if sure is None else None
        return {"a": a, "b": b, "overlap": sure and sure.to_dict(), "correlation": None, "why": why}

    pairs = [
        pair("model", "words", words),
        pair("model", "encoder", encoder),
        pair("words", "encoder", encoder),
    ]
    return {"pairs": pairs, "k": 10, "chance": 0.1, "n_sentences": 90, "correlation_draws": 300}


@pytest.mark.parametrize(
    ("words", "encoder", "said"),
    [
        (0.5, 0.3, "It sorts by words more than by meaning"),
        (0.3, 0.5, "It sorts by meaning more than by words"),
        (0.31, 0.3, "It sorts by words and by meaning alike"),
        (0.11, 0.1, "Its neighbours are those that chance would give"),
        (0.5, None, "Of 10 neighbours it shares 5.0 with a bag of words; chance gives 1.0."),
    ],
)
def test_whose_neighbours_the_model_s_are(words, encoder, said):
    assert semantics_finding(overlap(words, encoder)).startswith(said)


def test_a_space_that_was_not_measured_is_left_out_of_the_picture_and_explained():
    found = overlap(0.5, None)
    assert not_available(found) == ["Not available. No encoder."]
    drawn = figures.neighbour_overlap(found)
    assert list(drawn.plot.data[0].y) == ["this model and bag of words"]
    assert drawn.table()["not available"].tolist() == ["", "No encoder.", "No encoder."]


def test_no_estimate_is_drawn_without_its_interval(every):
    bars = {"mutual information", "along this dimension", "exact match", "linear probe", "score"}
    for figure in every:
        for trace in figure.plot.data:
            if trace.name in bars:
                ends = trace.error_x
                assert (np.array(ends.array) >= 0).all()
                assert (np.array(ends.arrayminus) >= 0).all()
