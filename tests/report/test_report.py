"""A report is one file: whole, the same each time, silent on the network, safe whatever is said."""

import hashlib
import re
import shutil
from base64 import b64encode
from pathlib import Path

import pytest

from tests import fakes
from tests.report.support import HOSTILE, Markup, by_hand, plots, told_run
from vae import report
from vae.explorer import Explorer
from vae.runs.store import RunDirectory


@pytest.fixture(scope="module")
def run(tmp_path_factory) -> RunDirectory:
    return told_run(tmp_path_factory.mktemp("report") / "told")


@pytest.fixture(scope="module")
def text(run) -> str:
    return report.make(Explorer.load(run))


def test_it_parses_as_html_and_no_name_is_given_twice(text):
    page = Markup(text)
    assert len(page.ids) == len(set(page.ids))
    assert page.of("html") == [{"lang": "en"}]
    assert len(page.of("title")) == len(page.of("h1")) == 1


def test_it_asks_nothing_of_a_network(text):
    text = by_hand(text)
    assert not re.search(r"""https?:|(?:src|href)\s*=\s*["'](?!\#)|url\((?!\#)|@import""", text)
    assert not re.search(r"fetch\(|XMLHttpRequest|import\(|sendBeacon|WebSocket", text)


def test_its_policy_lets_run_what_is_in_it_and_nothing_else(text):
    policy = re.search(r'http-equiv="Content-Security-Policy" content="([^"]*)"', text).group(1)
    assert policy.startswith("default-src 'none'")
    rules = dict(rule.split(" ", 1) for rule in policy.split("; "))
    bodies = re.findall(r"<script>(.*?)</script>", text, re.S)
    digests = [b64encode(hashlib.sha256(body.encode()).digest()).decode() for body in bodies]
    assert rules.pop("script-src") == " ".join(f"'sha256-{digest}'" for digest in digests)
    assert rules == {
        "default-src": "'none'",
        "style-src": "'unsafe-inline'",  # Plotly sets styles of what it draws
        "img-src": "data:",
        "base-uri": "'none'",
        "form-action": "'none'",
    }


def test_its_markup_holds_no_style_and_no_handler_that_the_policy_would_refuse(text):
    markup = re.sub(r"<(script|style)\b.*?</\1>", "", by_hand(text), flags=re.S)
    assert not re.search(r"<[^>]*\s(style|on\w+)=", markup)


def test_same_run_and_seed_give_the_same_bytes_and_another_seed_other_samples(run, text):
    assert report.make(Explorer.load(run)) == text
    assert report.make(Explorer.load(run), seed=1) != text


def test_every_figure_has_a_title_words_for_who_cannot_see_it_and_a_table(text):
    page = Markup(text)
    drawn = [d for d in page.of("div") if d.get("class") == "plot"]
    names = [d["data-plot"] for d in drawn]
    assert set(names) == set(plots(text))
    assert len(drawn) >= 6
    for name, one in zip(names, drawn, strict=True):
        assert one["role"] == "img"
        assert len(one["aria-label"]) > 20
        assert f"table-{name}" in page.ids
    tables = {button["data-csv"] for button in page.of("button") if "data-csv" in button}
    assert {f"table-{name}" for name in tables} == {i for i in page.ids if i.startswith("table-")}


def test_every_link_leads_to_a_section(text):
    page = Markup(text)
    assert {a["href"][1:] for a in page.of("a")} == {s["id"] for s in page.of("section")}


def test_hostile_text_of_corpus_and_model_stays_text(tmp_path):
    run = fakes.store_run(tmp_path / "hostile")
    corpus = run.read_json("config.json")["corpus"]
    labels, versions = [HOSTILE], {HOSTILE: HOSTILE}
    told = {**corpus, "name": HOSTILE, "labels": labels, "dropped": {HOSTILE: 3}}
    text_of_it = {**told, "examples": [HOSTILE.replace("\ud800", ""), "She sings."]}
    config = fakes.store_run(tmp_path / "other").read_json("config.json")["config"]
    run.write_json(
        "config.json",
        {
            "corpus": {k: _whole(v) for k, v in text_of_it.items()},
            "config": config,
            "command": _whole(HOSTILE),
            "versions": _whole(versions),
        },
    )
    run.append_metric({"event": "step", "step": 1, "distortion": 1.0, "rate": 1.0, "beta": 1.0})
    run.append_metric({"event": "phase", "step": 1, "phase": _whole(HOSTILE)})
    made = report.make(Explorer.load(run))
    page = Markup(made)
    assert made.count("<script") == 1 + len(re.findall(r"<script>", made))
    assert not page.of("img")
    assert "\u2028" not in re.search(r'id="plots">(.*?)<', made, re.S).group(1)
    assert "\u202e" not in made
    assert "onerror=a()" in page.said
    [mark] = [
        words["text"]
        for words in plots(made)["training-steps"]["layout"]["annotations"]
        if "onerror=a()" in words["text"]
    ]
    assert "<" not in mark
    made.encode("utf-8")


def _whole(value):
    """Without half signs, which no file of a run can hold."""
    if isinstance(value, str):
        return value.replace("\ud800", "")
    if isinstance(value, dict):
        return {_whole(k): _whole(v) for k, v in value.items()}
    return [_whole(v) for v in value] if isinstance(value, list) else value


def test_words_with_half_a_sign_in_them_can_be_written_to_a_file():
    from vae.report.page import Frame, page
    from vae.report.parts import Paragraph

    text = page(Frame(HOSTILE, HOSTILE, HOSTILE, HOSTILE), [Paragraph(HOSTILE)], [])
    data = {"type": "application/json"}
    assert Markup(text).of("script") == [{**data, "id": "plots"}, {}]
    assert "\ufffd ?" in text
    text.encode("utf-8")


def test_no_place_of_this_machine_is_in_it(run, text):
    assert str(run.path.parent) not in text


@pytest.mark.parametrize(
    ("name", "file"),
    [("mine", "mine-report.html"), ("../a b", "-a-b-report.html"), ("", "run-report.html")],
)
def test_the_file_has_a_name_that_every_system_takes(name, file):
    assert report.file_name(name) == file


def test_a_plain_language_model_says_that_it_has_no_latent_space(tmp_path):
    run = fakes.store_run(tmp_path / "plain", fakes.tiny(latent_dim=0))
    said = Markup(report.make(Explorer.load(run))).said
    assert "A plain language model" in said
    assert "no latent to decode from" in said


def test_a_run_that_was_only_trained_says_what_is_missing_and_how_to_measure_it(tmp_path):
    run = fakes.store_run(tmp_path / "bare")
    page = Markup(report.make(Explorer.load(run)))
    assert "python -m vae evaluate bare" in page.said
    for study in ("diagnosis", "probes", "disentanglement", "dimensions", "directions"):
        assert f"python -m vae study bare {study}" in page.said
    assert "recorded no training" in page.said
    assert "From nothing: 12 draws" in page.said


@pytest.mark.parametrize(
    "damage",
    ["{", "[]", '{"format_version": 99}', '{"format_version": 1, "rate": "x"}'],
)
def test_a_damaged_evaluation_is_a_sentence_and_the_rest_stands(tmp_path, damage):
    run = fakes.store_run(tmp_path / "hurt")
    (run.path / "evaluation.json").write_text(damage)
    text = report.make(Explorer.load(run))
    said = Markup(text).said
    assert "This cannot be shown." in said
    assert str(tmp_path) not in text
    assert "There and back" in said


@pytest.mark.parametrize(
    "odd",
    [
        {"rate_per_dimension": [1.0, float("nan"), 0.0, 0.0]},
        {"variance_of_means": [1.0]},
        {"rate": None},
        {"mutual_information": -3.0},
        {"n_sentences": "many", "exact_match": "x", "decoder_listens": 5, "grammar": [1]},
        {"iw_samples": 1e400, "ppl": [], "active_units": None, "active_unit_threshold": "x"},
    ],
)
def test_odd_figures_of_an_evaluation_are_left_out_or_said(run, tmp_path, odd):
    hurt = RunDirectory(Path(shutil.copytree(run.path, tmp_path / "odd")))
    hurt.write_json("evaluation.json", fakes.earlier_evaluation() | odd)
    said = Markup(report.make(Explorer.load(hurt))).said
    assert "NaN" not in said
    assert "There and back" in said
