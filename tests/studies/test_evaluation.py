"""The evaluation: a brief making of the studies, whose figures are theirs."""

import json
import math
from dataclasses import replace

import numpy as np
import pytest

from tests import fakes
from tests.diagnostics import built
from vae import studies
from vae.cli import main
from vae.corpora import factors
from vae.diagnostics.prior_match import prior_match
from vae.explorer import Explorer
from vae.progress import silent
from vae.studies import diagnosis
from vae.studies.evaluation import Evaluation, evaluate, read
from vae.studies.sentences import drawn
from vae.studies.summary import figures, figures_of


def measured(path, model, most: int = 60):
    explorer, corpus = Explorer.load(fakes.store_run(path, model)), factors.generate(700)
    return explorer, corpus, evaluate(explorer, corpus, iw_samples=2, most_sentences=most)


@pytest.fixture(scope="module")
def healthy(tmp_path_factory):
    return measured(tmp_path_factory.mktemp("runs") / "healthy", built.trained())


def test_its_diagnosis_is_what_the_study_would_be_of_as_many_sentences(healthy, monkeypatch):
    explorer, corpus, found = healthy
    monkeypatch.setattr(diagnosis, "MOST_SENTENCES", 60)
    whole = diagnosis.read(diagnosis.measure(explorer, corpus, 0, silent))
    brief = found.evidence
    shared = (
        "split",
        "match",
        "listening",
        "distortion",
        "elbo",
        "variances",
        "units",
        "which",
    )
    assert whole.vocabulary
    for part in shared:
        assert getattr(brief, part) == getattr(whole, part)
    assert brief.likelihood.draws == (1, 2)
    # The study draws more, so that its bound of the likelihood is tighter.
    assert brief.nll >= whole.nll
    tighter = replace(brief.diagnosis.figures, nll=whole.nll)
    assert replace(brief.diagnosis, figures=tighter) == whole.diagnosis


def test_the_prior_is_matched_as_the_estimator_says_and_the_grammar_hears_the_decoder(healthy):
    explorer, corpus, found = healthy
    posterior = explorer.encode(drawn(corpus, "test", 60, 0).sentences)

    def accepts(z):
        return [corpus.grammar.parse(s) is not None for s in explorer.decode(z)]

    rng = np.random.default_rng(0).spawn(6)[-1]
    assert found.evidence.match == prior_match(posterior, rng, accepts)
    assert found.evidence.match.valid.prior.n == 60


def test_it_is_kept_without_words_and_read_again(healthy, tmp_path):
    _, _, found = healthy
    run = fakes.store_run(tmp_path / "run")
    run.write_json("evaluation.json", found.to_dict())
    again = read(run)
    assert figures(again) == figures(found)
    assert again.evidence == found.evidence
    assert "Healthy" not in (run.path / "evaluation.json").read_text()
    told = set(again.results)
    assert told == {"diagnosis", "reconstruction", "probes", "control"} | (
        told & {"disentanglement"}
    )


def test_a_study_that_was_made_stands_in_place_of_its_brief_making(healthy, tmp_path):
    _, _, found = healthy
    run = fakes.store_run(tmp_path / "run", built.trained())
    run.write_json("evaluation.json", found.to_dict())
    assert studies.read(run, "diagnosis")["n"] == 60
    assert studies.made(run, "diagnosis") is None
    assert diagnosis.best(run) == found.evidence
    assert figures_of(run) == figures(found)
    studies.make(Explorer.load(run), factors.generate(700), "diagnosis")
    whole = studies.made(run, "diagnosis")
    assert studies.read(run, "diagnosis") == whole
    assert figures_of(run)["iw_samples"] == whole["likelihood"]["draws"][-1] >= 100
    assert figures_of(run)["rate"] == whole["split"]["rate"]["value"]


def test_there_is_no_prior_to_match_without_a_space_and_no_diagnosis_of_one_sentence(tmp_path):
    _, _, plain = measured(tmp_path / "plain", fakes.tiny(latent_dim=0))
    assert plain.evidence.match is None
    assert plain.evidence.lacking == plain.evidence.missing
    assert plain.evidence.distortion == pytest.approx(plain.evidence.distortion)
    _, _, alone = measured(tmp_path / "alone", fakes.tiny(), most=1)
    assert alone.evidence is None
    assert "Only 1 sentence" in str(alone.not_available["diagnosis"])
    assert figures(alone)["n_sentences"] == 1
    assert figures(alone)["rate"] is None


def test_an_information_near_its_ceiling_is_marked_as_a_lower_bound(healthy, tmp_path):
    found = figures(healthy[2])
    # It tells most of the 60 sentences apart: far above half of ln 60 nats.
    assert found["mutual_information_ceiling"] == pytest.approx(math.log(60))
    assert 2.5 < found["mutual_information"] < math.log(60)
    assert found["mutual_information_falls_short"] is True
    _, _, prior = measured(tmp_path / "prior", built.posterior_is_the_prior())
    assert figures(prior)["mutual_information_falls_short"] is False


def test_probes_carry_wilsons_interval(healthy):
    found = figures(healthy[2])
    assert found["probes"]
    for probe in found["probes"].values():
        assert probe["low"] <= probe["accuracy"] <= probe["high"]
        assert probe["low"] < probe["high"]


@pytest.mark.parametrize(("model", "least"), [("far", True), ("prior", False)])
def test_the_shell_says_at_least_where_it_is_a_lower_bound(tmp_path, capsys, model, least):
    made = built.decoder_is_deaf() if model == "far" else built.posterior_is_the_prior()
    run = fakes.store_run(tmp_path / model, made)
    text = tmp_path / "some.txt"
    text.write_text("\n".join(factors.generate(80).sentences))
    assert main(["evaluate", str(run.path), "--data", str(text), "--iw-samples", "2"]) == 0
    said = capsys.readouterr().out
    (line,) = [li for li in said.splitlines() if li.split()[0] == "mutual_information"]
    assert ("at least" in line) is least
    assert "falls_short" not in said


def test_a_perplexity_that_is_no_number_is_said_to_be_above_and_is_null_in_json(tmp_path, capsys):
    explorer, _, found = measured(tmp_path / "hopeless", fakes.tiny(spread=1000.0), most=20)
    told = figures(found)
    assert told["distortion"] / 12 > math.log(1e12)
    assert (told["ppl"], told["ppl_above"]) == (None, 1e12)
    stored = json.loads(json.dumps(found.to_dict(), allow_nan=False))
    assert stored["studies"]["diagnosis"]["likelihood"]["perplexity"] is None
    assert Evaluation.of_dict(stored).evidence.likelihood.perplexity_said == "above 10¹²"
    explorer.run.write_json("evaluation.json", stored)
    assert main(["diagnose", str(explorer.run.path), "--data", str(_text(tmp_path))]) == 0
    assert "above 10¹²" in capsys.readouterr().out
    assert main(["evaluate", str(explorer.run.path), "--data", str(_text(tmp_path))]) == 0
    said = capsys.readouterr().out
    assert "above 10¹²" in said
    assert "ppl_above" not in said


def _text(folder):
    path = folder / "text.txt"
    path.write_text("\n".join(factors.generate(40).sentences), encoding="utf-8")
    return path
