"""What a report shows is what the run's files say, with unit, estimator, size and uncertainty."""

import shutil
from pathlib import Path

import numpy as np
import pytest
import torch

from tests import fakes
from tests.report.support import FRAME, Markup, plots, told_run
from vae import report
from vae.diagnostics.bootstrap import share_interval
from vae.explorer import Explorer
from vae.report.page import page
from vae.report.parts import MOST_ROWS, Section, Table, shortened
from vae.report.plots import DIGITS
from vae.runs.store import RunDirectory
from vae.studies import evaluation
from vae.studies.probes import read_linear
from vae.studies.summary import figures_of


@pytest.fixture(scope="module")
def run(tmp_path_factory) -> RunDirectory:
    return told_run(tmp_path_factory.mktemp("report") / "told")


@pytest.fixture(scope="module")
def text(run) -> str:
    return report.make(Explorer.load(run))


def test_curves_are_those_of_the_history(text):
    distortion = plots(text)["training-steps"]["data"][0]
    assert distortion["x"] == [10.0 * i for i in range(1, 31)]
    assert distortion["y"] == pytest.approx([60 / i for i in range(1, 31)], rel=10**-DIGITS * 5)
    validations = plots(text)["validations"]
    elbo = validations["data"][1]
    assert (elbo["x"], elbo["y"]) == ([100, 200, 300], [-49, -48, -47])
    marks = [(a["x"], a["text"]) for a in validations["layout"]["annotations"]]
    assert (200, "kept") in marks


def test_the_rate_of_each_dimension_sums_to_the_rate(run, text):
    bars = plots(text)["rates"]["data"][0]["y"]
    assert bars == sorted(bars, reverse=True)
    assert sum(bars) == pytest.approx(figures_of(run)["rate"], rel=1e-5)


def test_every_figure_of_the_evaluation_says_unit_estimator_size_and_uncertainty(run, text):
    measured = figures_of(run)
    said = Markup(text).said
    error = measured["nll_iw_standard_error"]
    assert f"{measured['nll_iw']:.2f} nats ± {1.96 * error:.2g}; a sentence" in said
    assert "± is half of a 95% interval" in said
    assert "importance-weighted bound with K = 2" in said
    assert "n = 60 test sentences" in said
    assert "variance of the posterior mean above 0.01" in said
    exact = share_interval(round(measured["exact_match"] * 60), 60)
    assert f"95% interval {100 * exact.low:.1f} to {100 * exact.high:.1f}%, n = 60" in said


def test_active_units_fall_as_their_threshold_rises_and_agree_with_the_evaluation(run, text):
    curve = next(t for t in plots(text)["active-units"]["data"] if t.get("mode") == "lines+markers")
    assert curve["y"] == sorted(curve["y"], reverse=True)
    at = int(np.argmin(np.abs(np.array(curve["x"]) - 0.01)))
    assert curve["y"][at] == figures_of(run)["active_units"]


def test_prior_samples_are_what_the_model_says_at_the_seed(run, text):
    explorer = Explorer.load(run)
    generator = torch.Generator().manual_seed(0)
    z = torch.randn(12, explorer.latent_dim, generator=generator)
    said = Markup(text).said
    for sentence in (*explorer.decode(z), *explorer.decode(z, "sample", generator=generator)):
        assert " ".join(sentence.split()[:20]) in said


def test_reconstructions_carry_their_likelihood_and_rate(run, text):
    explorer = Explorer.load(run)
    first = explorer.examples()[0]
    posterior = explorer.encode([first])
    [scores] = explorer.log_likelihood([first], posterior.mean)
    rows = table(text, "reconstructions")
    assert rows[1][0] == first
    assert float(rows[1][2]) == pytest.approx(float(scores.sum()), abs=0.01)
    assert float(rows[1][3]) == pytest.approx(float(posterior.kl()), abs=0.01)


def test_the_walk_begins_and_ends_at_the_examples(run, text):
    explorer = Explorer.load(run)
    start, end = explorer.decode(explorer.encode(explorer.examples()[:2]).mean)
    rows = table(text, "interpolation")
    assert [float(r[0]) for r in rows[1:]] == [i / 8 for i in range(9)]
    assert (rows[1][1], rows[-1][1]) == (start, end)


def table(text: str, name: str) -> list[list[str]]:
    """The cells of a table of the page."""
    body = text.split(f'<table id="table-{name}">')[1].split("</table>")[0]
    rows = []
    for row in body.split("<tr>")[1:]:
        cells = row.replace("</th>", "</td>").split("</td>")[:-1]
        rows.append(["".join(Markup(f"<td>{c.split('>', 1)[1]}</td>").words) for c in cells])
    return rows


def test_a_long_table_keeps_each_kth_row_and_says_so():
    rows = [(i, float(i)) for i in range(3 * MOST_ROWS)]
    text = page(FRAME, [], [Section("a", "A", "A", (Table("long", ("i", "x"), rows, "T"),))])
    assert text.count("<tr>") == MOST_ROWS + 1
    assert f"Every 3rd of {3 * MOST_ROWS:,} rows" in Markup(text).said


def test_a_sentence_without_end_is_cut_and_says_so():
    assert shortened("word " * 1000).endswith("word …")
    assert shortened("short") == "short"


def test_without_their_study_the_probes_of_the_evaluation_stand_in(run, text):
    probed = read_linear(evaluation.read(run).results["probes"])
    linear = next(t for t in plots(text)["probes"]["data"] if t["name"] == "linear probe")
    assert dict(zip(linear["y"], linear["x"], strict=True)) == pytest.approx(
        {name: probe.linear.value for name, probe in probed.items()}, abs=1e-5
    )
    assert "python -m vae study told probes" in Markup(text).said


def test_all_that_the_evaluation_says_of_its_quality_stands_in_one_table(run, text):
    measured = figures_of(run)
    rows = table(text, "quality")
    assert rows[0] == ["figure", "measured", "low (95%)", "high (95%)", "n", "of", "estimator"]
    shown = {row[0]: row for row in rows[1:]}
    assert float(shown["tense moved: it flips"][1]) == pytest.approx(
        measured["steering"]["tense"]["flips"], abs=1e-4
    )
    worst = min(p["accuracy"] for p in measured["probes"].values())
    assert any(
        what.startswith("Linear probe") and float(row[1]) == pytest.approx(worst, abs=1e-3)
        for what, row in shown.items()
    )
    assert measured["disentanglement"] is None  # of 60 sentences
    assert shown["DCI disentanglement"][1:5] == ["not available", "", "", ""]
    assert "How good is it, all told?" in Markup(text).said


def test_a_run_without_such_figures_has_no_such_section(run, tmp_path):
    bare = RunDirectory(Path(shutil.copytree(run.path, tmp_path / "bare")))
    stored = bare.read_json("evaluation.json")
    for part in ("probes", "control"):
        stored["studies"].pop(part)
    stored["not_available"] = {}
    bare.write_json("evaluation.json", stored)
    assert "all told" not in Markup(report.make(Explorer.load(bare))).said


def test_a_verdict_that_hangs_on_chance_says_so(run, tmp_path):
    close = RunDirectory(Path(shutil.copytree(run.path, tmp_path / "close")))
    # Without the rest it were collapsed at any rate.
    read = {"decoder_listens": {"own": -10.0, "another": -30.0, "prior": -30.0}}
    figures = {"rate": 0.55, "rate_standard_error": 0.1, "mutual_information": 1.2}
    close.write_json("evaluation.json", fakes.earlier_evaluation(**figures, **read))
    assert "Borderline: the rate, 0.55 nats" in Markup(report.make(Explorer.load(close))).said
    assert "Borderline" not in Markup(report.make(Explorer.load(run))).said
