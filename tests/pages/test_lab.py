"""The training lab: from a text to a run, and what it says to what cannot be trained on."""

import json
import re
import subprocess
import sys
import time
from dataclasses import fields, replace
from pathlib import Path

import pytest

from pages.train._lab.settings_form import FROM_DATA, groups
from pages.train._lab.survey_job import Question
from tests.pages.support import assert_calm, open_app, said
from vae.cache import write_bytes
from vae.cli import build_parser
from vae.commands.options import load_corpus
from vae.commands.settings import configuration
from vae.config import CONFIG_PARTS, DataConfig
from vae.corpora import factors, files, uploads
from vae.corpora.reading import Reading
from vae.corpora.survey import survey
from vae.progress import silent
from vae.runs import jobs, launch, queue
from vae.runs.launch import Text
from vae.runs.process import ProcessRecord
from vae.runs.request import read_request
from vae.runs.store import RunDirectory
from vae.training.estimate import ASKED, Estimate
from vae.training.presets import OFFERED, preset

PAGE = "pages/train/lab.py"
PASTED = "\n".join(factors.generate(80, seed=2).sentences)
PARTS = {"start": 8.0, "training": 70.0, "validation": 2.0, "snapshots": 1.0}


@pytest.fixture(autouse=True)
def place(tmp_path, monkeypatch):
    """Runs of its own; whatever would train stands still instead, and is ended with the test."""
    monkeypatch.setenv("LATENT_LENS_RUNS", str(tmp_path / "runs"))
    started = []

    def stand_still(command, output, environment=None):
        output.close()
        process = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
        started.append(process)
        return ProcessRecord.of_pid(process.pid)

    monkeypatch.setattr(queue, "spawn", stand_still)
    yield tmp_path
    for process in started:
        process.kill()
        process.wait()


@pytest.fixture
def no_look(monkeypatch):
    """Nobody looks at a text: what the page says before anything is known."""
    monkeypatch.setattr(jobs, "spawn", lambda *_: ProcessRecord.mine())


def known(text: Text, *settings: str, minutes: float = 81.0) -> None:
    """As if a survey of the text had been made."""
    question = Question(text, settings)
    corpus = files.read_file(
        text.corpus,
        text=text.text,
        labels=text.labels,
        label_types=dict(text.label_types),
        reading=text.reading,
    )
    found = survey(corpus, DataConfig(), [preset(name).data for name in OFFERED])
    made = Estimate(2_000, 0.035, "fp32", 1, 123_456, PARTS, early=False)
    names = [ASKED] if settings else OFFERED
    stored = {"survey": found.to_dict(), "estimates": {name: made.to_dict() for name in names}}
    write_bytes(question._file, json.dumps(stored).encode())


def paste(text: str = PASTED, *, surveyed: bool = True):
    if surveyed:
        known(Text(str(uploads.keep_pasted(text).path)))
    app = open_app(PAGE)
    app.text_area(key="lab_pasted").set_value(text).run()
    return app


def upload(name: str, data: bytes, *, text: str | None = None, labels=(), types=()):
    if text is not None:
        path = str(uploads.keep(name, data).path)
        known(Text(path, text=text, labels=labels, label_types=types))
    app = open_app(PAGE)
    app.segmented_control(key="lab_source").set_value("file").run()
    app.file_uploader(key="lab_file").upload(name, data).run()
    return app


def setting(app, name: str):
    """The widget of a setting, whichever preset it was last drawn for."""
    widgets = [*app.number_input, *app.selectbox]
    return next(w for w in widgets if re.fullmatch(rf"setting_{name}_\d+", w.key or ""))


def name_of(app):
    """The field of the run's name."""
    return next(w for w in app.text_input if w.label == "Its name")


def started() -> list[RunDirectory]:
    return queue._members()


def problems(app) -> str:
    assert not app.exception, [e.message for e in app.exception]
    # As it is read: signs of Markdown are escaped.
    return " ".join(e.value for e in app.error).replace("\\", "")


# -- the way through -------------------------------------------------------------------------------


def test_before_anything_is_chosen_it_says_what_to_do():
    app = open_app(PAGE)
    assert_calm(app)
    assert "at least 50 different sentences" in said(app)
    assert not app.main.button


def test_a_pasted_text_is_shown_with_minutes_and_becomes_a_run():
    app = paste()
    assert_calm(app)
    text = said(app)
    assert "80 sentences are used" in text
    assert "**Words.**" in text
    assert "Half have at most" in text
    assert [c.split(" · ")[0] for c in app.radio(key="lab_preset").captions] == [
        "**about 1 min**"
    ] * 3
    assert name_of(app).value == "pasted text demonstration"
    app.button(key="lab_start").click().run()
    (run,) = started()
    asked = build_parser().parse_args(read_request(run).arguments)
    assert asked.preset == "demonstration"
    assert configuration(asked, 64) == preset("demonstration", 64)
    assert asked.out == run.path
    assert Path(asked.corpus).read_text(encoding="utf-8") == PASTED
    assert run.path.name == "pasted text demonstration"
    assert run.state() == "running"


def test_a_table_has_its_columns_chosen():
    rows = "\n".join(f"{s},k{i % 4},{i}" for i, s in enumerate(factors.generate(80).sentences))
    data = f"said,kind,number\n{rows}\n".encode()
    app = upload("My reviews.csv", data, text="said", labels=("kind",))
    assert_calm(app)
    path = str(uploads.keep("My reviews.csv", data).path)
    assert app.selectbox(key=f"lab_text_{path}").value == "said"
    assert app.multiselect(key=f"lab_labels_{path}").value == ["kind"]
    assert "kind (category, 4 values)" in said(app)
    app.button(key="lab_start").click().run()
    asked = build_parser().parse_args(read_request(started()[0]).arguments)
    assert (asked.text, asked.labels, asked.label_types) == ("said", ["kind"], None)
    assert asked.corpus.endswith("/corpus/My reviews.csv")


def test_the_type_of_a_label_that_is_shown_is_asked_for():
    rows = "\n".join(f"{s},{i % 4}" for i, s in enumerate(factors.generate(80).sentences))
    data = f"said,stars\n{rows}\n".encode()
    app = upload("Stars.csv", data, text="said", labels=("stars",), types=(("stars", "number"),))
    path = str(uploads.keep("Stars.csv", data).path)
    shown = app.selectbox(key=f"lab_type_{path}_stars")
    assert (shown.label, shown.value) == ("Type of stars", "number")
    # A later row may be no number: what is shown is what is asked for.
    app.button(key="lab_start").click().run()
    asked = build_parser().parse_args(read_request(started()[0]).arguments)
    assert asked.label_types == {"stars": "number"}


def test_the_type_of_a_label_can_be_changed():
    rows = "\n".join(f"{s},{i % 4}" for i, s in enumerate(factors.generate(80).sentences))
    data = f"said,stars\n{rows}\n".encode()
    app = upload("Stars.csv", data, text="said", labels=("stars",), types=(("stars", "number"),))
    path = str(uploads.keep("Stars.csv", data).path)
    shown = app.selectbox(key=f"lab_type_{path}_stars")
    known(Text(path, text="said", labels=("stars",), label_types=(("stars", "category"),)))
    shown.set_value("category").run()
    assert "stars (category, 4 values)" in said(app)
    assert_calm(app)
    app.button(key="lab_start").click().run()
    asked = build_parser().parse_args(read_request(started()[0]).arguments)
    assert asked.label_types == {"stars": "category"}


def test_a_built_in_corpus_needs_a_number_that_can_be(no_look):
    app = open_app(PAGE)
    app.segmented_control(key="lab_source").set_value("built-in").run()
    assert_calm(app)
    for wrong in (0, -5, 49, 10**9):
        app.number_input(key="lab_sentences").set_value(wrong).run()
        assert "choose from 50 to 500,000" in problems(app)


def test_a_name_and_settings_of_ones_own_reach_the_run():
    app = paste()
    app.radio(key="lab_preset").set_value("balanced").run()
    app.selectbox(key="lab_cure").select("free-bits").run()
    setting(app, "latent_dim").set_value(12).run()
    name_of(app).set_value("my own").run()
    assert_calm(app)
    assert "latent dim 12" in said(app)
    app.button(key="lab_start").click().run()
    (run,) = started()
    asked = build_parser().parse_args(read_request(run).arguments)
    assert (run.name, asked.preset, asked.cure) == ("my own", "balanced", "free-bits")
    config = configuration(asked)
    assert config.model.latent_dim == 12
    assert config.train.word_dropout == 0


def test_settings_go_back_to_the_preset():
    app = paste()
    setting(app, "beta").set_value(0.25).run()
    assert setting(app, "beta").label == "Beta · changed"
    app.button(key="lab_forget").click().run()
    assert_calm(app)
    assert setting(app, "beta").value == preset("demonstration", 64).train.beta
    assert "Changed:" not in said(app)


def test_minutes_of_other_settings_are_measured_when_asked():
    app = paste()
    text = Text(str(uploads.keep_pasted(PASTED).path))
    setting(app, "latent_dim").set_value(9).run()
    assert app.button(key="lab_measure").label == "Measure these settings"
    known(text, "--preset=demonstration", "--latent-dim=9")
    app.run()
    assert_calm(app)
    assert "2,000 updates, 123,456 parameters; starting 8 s, training 70 s" in said(app)


def test_every_setting_of_the_command_line_is_in_the_form_once():
    all_of_them = {f.name for cls in CONFIG_PARTS.values() for f in fields(cls)}
    grouped = [name for names in groups().values() for name in names]
    assert sorted(grouped) == sorted(all_of_them - set(FROM_DATA))
    app = paste()
    assert_calm(app)
    widgets = [*app.number_input, *app.selectbox]
    shown = [w.key for w in widgets if (w.key or "").startswith("setting_")]
    assert sorted(shown) == sorted(f"setting_{name}_0" for name in grouped)


def test_a_run_that_must_wait_is_told_its_place():
    paste().button(key="lab_start").click().run()
    app = open_app(PAGE)
    app.text_area(key="lab_pasted").set_value(PASTED).run()
    assert_calm(app)
    assert "“pasted text demonstration” is under way" in said(app)
    assert "first in line" in said(app)
    assert name_of(app).value == "pasted text demonstration-2"
    app.button(key="lab_start").click().run()
    assert sorted(run.state() for run in started()) == ["queued", "running"]


def test_how_many_train_at_once_can_be_chosen():
    app = paste()
    app.number_input(key="queue_slots_1").set_value(2).run()
    assert_calm(app)
    assert queue.slots() == 2


def test_what_was_chosen_is_there_after_a_visit_to_another_page():
    app = paste()
    app.radio(key="lab_preset").set_value("best").run()
    setting(app, "seed").set_value(5).run()
    app.switch_page("pages/explore/home.py").run()
    app.switch_page(PAGE).run()
    assert_calm(app)
    assert app.radio(key="lab_preset").value == "best"
    assert setting(app, "seed").value == 5


# -- texts that cannot be used ---------------------------------------------------------------------


def looked(app, seconds: float = 60):
    """The page once the process that looks at a text has ended."""
    end = time.time() + seconds
    while any(b.key and b.key.startswith("cancel_survey") for b in app.button):
        assert time.time() < end
        time.sleep(0.2)
        app.run()
    return app


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("\n".join(f"Sentence number {i}." for i in range(49)), "49 different usable sentences"),
        ("The same sentence.\n" * 500, "1 different usable sentences"),
    ],
)
def test_too_little_text_says_how_much_is_missing(text, words):
    app = looked(paste(text, surveyed=False))
    assert words in problems(app)
    assert "50 are needed" in problems(app)
    assert app.button(key="lab_look_again")
    assert not started()


@pytest.mark.parametrize("text", [" ", "\n\n\n", "\t"])
def test_a_paste_of_nothing_is_a_sentence(text):
    assert "Paste at least 50" in problems(paste(text, surveyed=False))


def test_a_paste_without_end_is_a_sentence():
    assert "2,000,001 characters" in problems(paste("x" * 2_000_001, surveyed=False))


@pytest.mark.parametrize(
    ("name", "data", "words"),
    [
        ("a.csv", b"", "is empty"),
        ("a.csv", b"%PDF-1.7 ...", "a PDF document"),
        ("a.csv", b"said\nab\0cd\n", "NUL byte"),
        ("a.csv", b"said\nna\xefve\n" * 9, "is not UTF-8"),
        ("a.jsonl", b"{broken\n" * 9, "No line of 'a.jsonl' is a JSON object"),
        ("a.jsonl", b'{"text": 1' * 9, "JSON object"),
        ("a.parquet", b"PAR1 and no more", "not a parquet file"),
    ],
)
def test_a_file_that_cannot_be_read_says_why(name, data, words):
    assert words in problems(upload(name, data))
    assert not started()


def test_a_binary_file_called_text_says_so_once_it_is_looked_at():
    app = looked(upload("a.txt", bytes(range(256)) * 40))
    assert "NUL byte" in problems(app)


def test_a_wrong_extension_is_refused_with_those_that_are_read():
    app = upload("a.docx", b"PK\x03\x04")
    assert "'a.docx' is of a kind that cannot be read" in problems(app)
    assert ".jsonl" in problems(app)


def test_a_table_without_sentences_asks_for_the_column():
    rows = "\n".join(f"{i},{i * 2}" for i in range(80))
    app = upload("numbers.csv", f"a,b\n{rows}\n".encode())
    assert not app.error
    assert "No column of this file looks like sentences" in said(app)


def test_a_file_that_is_too_large_is_a_sentence(monkeypatch):
    monkeypatch.setattr("vae.corpora.opening.MAX_BYTES", 1024**2)
    assert "larger than 1 MB" in problems(upload("big.txt", b"x" * (1024**2 + 1)))


def test_one_huge_line_leaves_nothing_to_use():
    app = looked(upload("line.txt", b"word " * 500_000))
    assert "0 different usable sentences" in problems(app)
    assert "longer than 5,000 characters" in problems(app)


@pytest.fixture
def died():
    """The question of a text whose look died."""
    question = Question(Text(str(uploads.keep_pasted(PASTED).path)))
    job = {"key": "k", "pid": 2**22 + 1, "pid_started": 1.0, "heartbeat": 1.0, "started": 1.0}
    full = {
        **job,
        "ended": 0.0,
        "done": 0,
        "total": 0,
        "what": "",
        "state": "running",
        "message": "",
    }
    write_bytes(jobs.job_file(question.key), json.dumps(full).encode())
    return question


def test_a_look_that_dies_can_be_had_again(died):
    app = paste(surveyed=False)
    assert "It stopped without a word." in problems(app)
    assert app.button(key="lab_look_again")


def test_a_look_that_ends_while_the_page_is_drawn_is_told_of(died, monkeypatch):
    ended, times = jobs.read, []

    def read(key):
        job = ended(key)
        if key == died.key and not times:
            times.append(key)
            return replace(job, key=key, state="running")
        return job

    monkeypatch.setattr(jobs, "read", read)
    app = paste(surveyed=False)
    assert times
    assert "It stopped without a word." in problems(app)


def test_a_damaged_survey_is_made_again(no_look):
    text = Text(str(uploads.keep_pasted(PASTED).path))
    write_bytes(Question(text)._file, b'{"survey": 3}')
    app = paste(surveyed=False)
    assert not app.exception


# -- settings and names that cannot be -------------------------------------------------------------


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"latent_dim": 0, "mmd": 10.0}, "mmd is a setting of the latent space"),
        ({"heads": 7}, ""),
        ({"learning_rate": 0.0}, "learning_rate is 0; it must be above 0"),
        ({"epochs": 0}, "epochs is 0; it must be at least 1"),
        ({"latent_dim": -1}, "latent_dim is -1"),
        ({"vocabulary": 10**9}, "vocabulary is 1000000000; it must be between"),
        ({"word_dropout": 1.5}, "word_dropout is 1.5; it must be between 0 and 1"),
        ({"clip_norm": 0.0}, "clip_norm is 0; it must be above 0"),
        ({"beta": -1.0}, "beta is -1.0; it must be at least 0"),
    ],
)
def test_absurd_settings_are_refused_before_anything_starts(settings, words):
    app = paste()
    for name, value in settings.items():
        setting(app, name).set_value(value).run()
    assert words in problems(app)
    assert app.button(key="lab_start").disabled == bool(words)
    assert not started()


def test_heads_that_do_not_divide_are_refused():
    app = paste()
    setting(app, "architecture").select("transformer").run()
    assert not app.error
    setting(app, "heads").set_value(7).run()
    assert "7 attention heads do not divide" in problems(app)
    assert app.button(key="lab_start").disabled


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("factors", "There is a run 'factors' already"),
        ("a/b", "cannot have '/'"),
        ("x" * 200, "1 to 80 signs"),
        ("../up", "cannot have '/'"),
        (".hidden", "begins with a letter"),
    ],
)
def test_a_name_that_cannot_be_is_refused(name, words):
    app = paste()
    name_of(app).set_value(name).run()
    assert words in problems(app)
    assert app.button(key="lab_start").disabled


def test_an_emptied_name_is_proposed_again():
    app = paste()
    name_of(app).set_value("").run()
    assert_calm(app)
    assert name_of(app).value == "pasted text demonstration"


# -- what goes wrong at the start ------------------------------------------------------------------


def test_two_clicks_make_one_run():
    app = paste()
    app.button(key="lab_start").click().run()
    # The second click finds the page as it was: same text, same settings, same name.
    app.switch_page(PAGE).run()
    name_of(app).set_value("pasted text demonstration").run()
    assert not app.button(key="lab_start").disabled
    app.button(key="lab_start").click().run()
    assert not app.exception
    assert len(started()) == 1


def test_the_same_name_later_is_taken():
    app = paste()
    app.button(key="lab_start").click().run()
    app.switch_page(PAGE).run()
    app.session_state["lab.started"] = None
    name_of(app).set_value("pasted text demonstration").run()
    assert "already" in problems(app)


def test_a_full_queue_is_a_sentence_and_no_run(monkeypatch):
    monkeypatch.setattr(queue, "MOST_WAITING", 0)
    app = paste()
    app.button(key="lab_start").click().run()
    assert "0 runs wait already" in problems(app)
    assert not started()


def test_a_full_disk_is_a_sentence_and_no_run(monkeypatch, place):
    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(launch.shutil, "copyfile", full)
    app = paste()
    app.button(key="lab_start").click().run()
    assert "No space left on device" in problems(app)
    assert not list((place / "runs").iterdir())


def test_an_upload_that_newer_ones_pushed_out_is_kept_again():
    data = f"said\n{PASTED}\n".encode()
    app = upload("a.csv", data, text="said")
    path = uploads.keep("a.csv", data).path
    path.unlink()
    app.button(key="lab_start").click().run()
    assert_calm(app)
    assert len(started()) == 1


def test_an_upload_of_an_earlier_visit_that_is_gone_is_asked_for_again():
    app = open_app(PAGE)
    app.session_state["lab.upload"] = ("", "a.csv", "/nowhere/a.csv")
    app.segmented_control(key="lab_source").set_value("file").run()
    assert "'a.csv' is no longer kept on the server" in problems(app)


# -- how a file is read ----------------------------------------------------------------------------


def sentences_of(n: int = 80) -> list[str]:
    return [f"Am Tag {i} schrieb sie{', wie immer,' if i % 2 else ''} früh" for i in range(n)]


def widget(widgets, start: str):
    return next(w for w in widgets if (w.key or "").startswith(start))


def test_how_a_table_is_written_is_shown_and_can_be_said_otherwise(no_look):
    rows = "\n".join(f"{s};{'ab'[i % 2]}" for i, s in enumerate(sentences_of()))
    app = upload("a.csv", f'"Antwort (kurz, frei)";Thema\n{rows}'.encode())
    assert_calm(app)
    assert "Between cells: Semicolon. The first row holds the names" in said(app)
    assert widget(app.selectbox, "lab_text").value == "Antwort (kurz, frei)"
    widget(app.toggle, "lab_header").set_value(False).run()
    assert_calm(app)
    assert "No row holds the names of the columns" in said(app)
    assert widget(app.selectbox, "lab_text").value == "column 1"
    widget(app.selectbox, "lab_separator").set_value("").run()
    assert_calm(app)
    assert "A row is one cell" in said(app)
    assert widget(app.selectbox, "lab_text").options == ["column 1"]


def test_the_encoding_is_shown_with_lines_and_taken_with_one_click():
    data = "\n".join(sentences_of()).encode("cp1252")
    name = "brief.txt"
    app = upload(name, data)
    path = str(uploads.keep(name, data).path)
    assert "is not UTF-8" in problems(app)
    assert "--encoding" not in problems(app)
    assert "In which of these do the lines read right?" in said(app)
    assert "Am Tag 0 schrieb sie früh" in " ".join(h.proto.body for h in app.get("html"))
    known(Text(path, reading=Reading(encoding="cp1252")))
    app.button(key=f"lab_take_cp1252_{path}").click().run()
    assert_calm(app)
    assert "Read as Windows-1252" in said(app)
    app.button(key="lab_start").click().run()
    asked = build_parser().parse_args(read_request(started()[0]).arguments)
    assert asked.encoding == "cp1252"
    assert load_corpus(asked, None, 0, silent).sentences == tuple(sentences_of())


def test_an_encoding_that_was_chosen_wrongly_can_be_chosen_again(no_look):
    data = "\n".join(f"今天的天气很好，他说了{i}次。" for i in range(80)).encode("gb18030")
    app = upload("a.csv", data)
    assert "is not UTF-8" in problems(app)
    widget(app.selectbox, "lab_encoding").set_value("cp932").run()
    assert "Shift-JIS" in problems(app)
    path = str(uploads.keep("a.csv", data).path)
    app.button(key=f"lab_take_gb18030_{path}").click().run()
    assert_calm(app)
    assert "Read as GB18030" in said(app)


def test_two_encodings_are_a_sentence_with_the_line():
    data = "\n".join(sentences_of()).encode("cp1252") + "\nFrüh".encode()
    assert "two encodings: line 81 is UTF-8" in problems(upload("a.txt", data))


def test_columns_that_are_no_labels_are_named_with_the_reason(no_look):
    rows = "\n".join(f"{s};{'ab'[i % 2]};x;{i}" for i, s in enumerate(sentences_of()))
    app = upload("a.csv", f"said;kind;same;row\n{rows}".encode())
    assert_calm(app)
    plain = said(app).replace("\\", "")
    assert "No labels by themselves: same (the same in every row), row (numbers" in plain
    widget(app.multiselect, "lab_labels").set_value(["kind", "row"]).run()
    assert_calm(app)
    plain = said(app).replace("\\", "")
    assert "No labels by themselves: same (the same in every row)." in plain


def test_a_column_of_lists_has_no_type_to_choose(no_look):
    lines = [
        json.dumps({"text": s, "mood": ["a", "b"][: i % 3]})
        for i, s in enumerate(PASTED.split("\n"))
    ]
    app = upload("a.jsonl", "\n".join(lines).encode())
    assert_calm(app)
    assert widget(app.multiselect, "lab_labels").value == ["mood"]
    assert not [w for w in app.selectbox if (w.key or "").startswith("lab_type")]


def test_a_text_without_blanks_is_offered_characters_with_the_share_of_unknown():
    what, where = "书画歌茶花", "家城山河校店"
    text = "\n".join(f"他{i}次在{where[i % 6]}里看{what[i % 5]}。" for i in range(90))
    app = paste(text)
    assert_calm(app)
    assert "No blanks part the words of this text" in said(app)
    assert re.search(r"\*\*Characters\*\*: \d+ tokens; .* [\d.]+% are unknown", said(app))
    app.button(key="lab_scheme_character").click().run()
    assert_calm(app)
    assert setting(app, "tokenizer").value == "character"
    assert "tokenizer character" in said(app)
    app.button(key="lab_start").click().run()
    asked = build_parser().parse_args(read_request(started()[0]).arguments)
    assert configuration(asked).data.tokenizer == "character"


# -- labels by rule --------------------------------------------------------------------------------


def rule_tick(app):
    """The ticks that offer labels by rule."""
    return [tick for tick in app.checkbox if (tick.key or "").startswith("lab_rule_")]


def test_an_english_text_can_have_labels_by_rule():
    text = Text(str(uploads.keep_pasted(PASTED).path), labels_by_rule="english")
    known(text)
    app = paste()
    (tick,) = rule_tick(app)
    assert not tick.value
    tick.check().run()
    assert_calm(app)
    app.button(key="lab_start").click().run()
    (run,) = started()
    assert "--labels-by-rule=english" in run.read_json("request.json")["arguments"]


def test_a_text_of_another_language_is_not_offered_english_labels():
    app = paste("\n".join(f"Meine Tante malte gestern {i} kleine Boote." for i in range(60)))
    assert_calm(app)
    assert not rule_tick(app)
