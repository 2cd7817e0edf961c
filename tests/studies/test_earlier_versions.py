"""What earlier versions of the app kept with a run still opens, in the words that it has."""

import json

import pytest

from tests import fakes
from vae import studies
from vae.diagnostics.bootstrap import share_interval
from vae.diagnostics.samples import Reason, Sample
from vae.errors import UserError
from vae.models.explorable import NotAvailableError
from vae.runs.catalogue import shipped_runs
from vae.runs.store import RunDirectory
from vae.studies import diagnosis, probes
from vae.studies.evaluation import Evaluation, read
from vae.studies.labelled import LeftOut
from vae.studies.shapes import read_as
from vae.studies.summary import figures


@pytest.fixture
def run(tmp_path) -> RunDirectory:
    made = fakes.store_run(tmp_path / "run")
    for file in fakes.EARLIER.glob("*.json"):
        stored = json.loads(file.read_text())
        if file.stem == "evaluation":
            made.write_json("evaluation.json", stored)
        else:
            stored["of"] = studies.fingerprint(made)
            made.write_json(f"studies/{file.name}", stored)
    return made


def test_a_diagnosis_opens(run):
    found = diagnosis.read(studies.read(run, "diagnosis"))
    assert str(found.which) == "2,000 test sentences of docstrings"
    assert [str(why) for why in found.missing] == [
        "Only 12 sentences were measured: a verdict on so few is a guess, and their intervals are "
        "too narrow."
    ]
    assert found.diagnosis.verdict == "healthy"
    assert found.diagnosis.sentence.startswith("Healthy: 16 of 16 dimensions are active")
    assert [g.title for g in found.vocabulary] == ["10 most frequent", "not seen there"]
    # What is kept from now on has no words, and reads as the same.
    again = json.loads(json.dumps(found.to_dict()))
    assert diagnosis.read(again) == found


def test_probes_open_with_how_many_sentences_they_are_of(run):
    found = probes.read(studies.read(run, "probes"))
    assert str(found.which) == "4,545 held-out (test) sentences"
    assert str(found.left_out["length (words)"]) == "all sentences have the same value"


def test_a_study_that_the_run_cannot_have_says_why_as_it_did(run):
    with pytest.raises(NotAvailableError, match="61 values, and 50 at most"):
        studies.read(run, "disentanglement")


def test_the_others_open(run):
    studies.study("semantics").check(studies.read(run, "semantics"))
    assert str(read_as(LeftOut, {"label": "a", "why": "It has none."}, "x").why) == "It has none."


def test_an_evaluation_opens_with_every_figure(run):
    flat = run.read_json("evaluation.json")
    found = figures(read(run))
    unlike = {"format_version", "cures", "verdict_sentence", "disentanglement", "holes", "probes"}
    for name in flat.keys() - unlike:
        assert found[name] == pytest.approx(flat[name]), name
    assert found["prior_match"] is found["moment_kl"] is found["told_apart"] is None
    kept = flat["probes"]["package"]
    assert found["probes"]["package"].pop("accuracy_drawn") is None
    for name, value in found["probes"]["package"].items():
        assert value == pytest.approx(kept[name])
    assert found["disentanglement"] is None
    evidence = read(run).evidence
    assert evidence.diagnosis.sentence == (
        "Healthy: 16 of 16 dimensions are active, and the decoder reads them. They hold at least "
        "6.5 nats of information about a sentence, at a rate of 7.8."
    )
    assert evidence.split.rate.error == flat["rate_standard_error"]
    assert not evidence.listening.over_another.known
    assert figures(Evaluation.of_dict(read(run).to_dict())) == figures(read(run))


def test_the_shipped_evaluations_open():
    for run in shipped_runs().values():
        assert figures(read(run))["latent_dim"] > 0


def test_an_evaluation_that_lacks_a_figure_says_what_makes_it_again(run):
    flat = run.read_json("evaluation.json")
    for damage in ({"rate": "x"}, {"variance_of_means": 3}):
        run.write_json("evaluation.json", {**flat, **damage})
        with pytest.raises(UserError, match="vae evaluate RUN"):
            read(run)


@pytest.mark.parametrize(
    "stored", [3, None, {"kind": "odd"}, {"kind": "test", "n": "x"}, "x" * 3000]
)
def test_what_names_no_sentences_is_refused(stored):
    with pytest.raises(ValueError, match="no "):
        Sample.of_json(stored)


@pytest.mark.parametrize(
    "stored",
    [3, {"kind": "odd"}, {"kind": "too-few", "values": {"n": "x"}}, {"kind": "no-z"}, "x" * 3000],
)
def test_what_is_no_reason_is_refused(stored):
    with pytest.raises(ValueError, match=r"reason|text"):
        Reason.of_json(stored)


def test_a_reason_is_said_in_the_number_that_it_has():
    assert str(Reason.of("too-few", n=1, needed=50)) == "1 sentence has it, and 50 are needed"
    assert str(Reason.of("too-few", n=2, needed=50)) == "2 sentences have it, and 50 are needed"


def evidence(**changes):
    return Evaluation.of_dict({**fakes.earlier_evaluation(), **changes}).evidence


def test_an_evaluation_without_a_figure_says_how_to_make_it_again():
    with pytest.raises(UserError, match="vae evaluate"):
        Evaluation.of_dict({"n_sentences": 3})


def test_the_verdict_hears_the_decoder_where_it_was_measured():
    assert evidence().listening.over_another.value > 2
    deaf = evidence(decoder_listens={"own": -20.0, "another": -20.1, "prior": -20.1})
    assert deaf.diagnosis.verdict == "collapsed"
    silent = evidence(decoder_listens=None)
    assert silent.listening is None
    assert silent.diagnosis.verdict == "healthy"


@pytest.mark.parametrize("holes", [{"value": 0.44, "n": 2000}, None, {"value": "x"}])
def test_the_share_of_holes_of_earlier_versions_is_left_and_what_renews_it_is_said(holes):
    found = evidence(holes=holes)
    assert found.match is None
    assert "`python -m vae study RUN diagnosis`" in str(found.lacking[-1])
    assert "What comes back" in str(found.lacking[-2])
    assert len(found.lacking) == len(found.missing) + 2


def test_a_rate_at_the_bound_is_borderline():
    (doubt,) = evidence(rate=0.55, rate_standard_error=0.05).diagnosis.borderline
    assert "(95% interval 0.45 to 0.65)" in doubt
    assert evidence().diagnosis.borderline == ()


def test_an_older_probe_without_its_interval_has_wilsons():
    probe = {"accuracy": 1.0, "standard_error": 0.0, "n_test": 12000, "majority": 0.5, "classes": 2}
    found = Evaluation.of_dict(fakes.earlier_evaluation(probes={"mood": probe}))
    linear = probes.read_linear(found.results["probes"])["mood"].linear
    sure = share_interval(12000, 12000)
    assert (linear.low, linear.high) == (sure.low, sure.high)
    assert linear.low < 1.0  # where the standard error knows no doubt
