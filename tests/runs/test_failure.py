"""Why a run failed: its own words, the end of its log, and what to do."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vae.runs.failure import STARTED, advice, failure, last_lines, last_words
from vae.runs.store import RunDirectory

CAUSES = {
    "disk is full": [
        "[Errno 28] No space left on device: 'weights.safetensors'",
        "[Errno 122] Disk quota exceeded",
        "OSError: [WinError 112] There is not enough space on the disk",
        "runs/a/weights.safetensors is damaged ([Errno 28] No space left on device): copy it",
    ],
    "memory ran out": [
        "MemoryError",
        "numpy._core._exceptions._ArrayMemoryError: Unable to allocate 4 TiB",
        "RuntimeError: [enforce fail at alloc_cpu.cpp:117] DefaultCPUAllocator: can't allocate "
        "memory: you tried to allocate 400000000000 bytes.",
        "[Errno 12] Cannot allocate memory",
        "terminate called after throwing an instance of 'std::bad_alloc'",
        "Process 7 was ended by signal 9 (SIGKILL).",
        "Killed",
    ],
    "lower learning rate": [
        "Training diverged at update 7: the gradient is not a number. Train again with a learning "
        "rate below 0.1.",
    ],
    "too small": [
        "'a.txt' has 12 different usable sentences, and 50 are needed. Add more sentences.",
        "There is no validation sentence: the corpus has too few that differ.",
    ],
    "gone or has changed": [
        "There is no file '/home/a/reviews.csv'. Check the name and the directory.",
        "There is no corpus 'reviews'. Choose factors or docstrings, or the path of a file.",
        "The corpus is not the one that runs/a was trained on (digest 1, not 2).",
        "The sentences of 'a' were uploaded or pasted, and are not kept. Give the file again.",
    ],
    "pip install": ["ModuleNotFoundError: No module named 'umap'"],
    "cannot be read": ["runs/a/checkpoint.safetensors is damaged (header too large): train anew."],
}


@pytest.mark.parametrize(
    ("sentence", "message"), [(s, m) for s, messages in CAUSES.items() for m in messages]
)
def test_a_known_cause_has_its_advice(sentence, message):
    assert sentence in advice(message, "")
    assert sentence in advice("", f"Traceback (most recent call last):\n  ...\n{message}\n")


def test_the_message_counts_before_the_log():
    assert "learning rate" in advice("Training diverged.", "earlier: No space left on device")


def test_an_end_without_a_word_is_told_from_one_that_nobody_knows():
    assert "goes on from its last checkpoint" in advice("", "Training: 10%")
    assert "try again" in advice("KeyError: 'x'", "")
    assert "try again" in advice("", "Traceback (most recent call last):")


@given(st.text(), st.text())
def test_there_is_always_advice(message, log):
    assert advice(message, log).endswith(".")


# -- the log ---------------------------------------------------------------------------------------


@pytest.fixture
def run(tmp_path):
    run = RunDirectory(tmp_path / "run")
    run.path.mkdir()
    return run


def log(run, text):
    (run.path / "train.log").write_bytes(text.encode() if isinstance(text, str) else text)
    return last_lines(run.path / "train.log")


def test_a_run_without_a_log_has_no_lines(run):
    assert last_lines(run.path / "train.log") == ()
    assert failure(run).log == ()


def test_the_last_twenty_lines_are_kept(run):
    assert log(run, "".join(f"{i}\n" for i in range(100))) == tuple(str(i) for i in range(80, 100))


def test_a_log_of_long_lines_is_cut_at_four_kilobytes(run):
    lines = log(run, "é" * 100_000 + "\n" + "the end\n")
    assert lines == ("the end",)
    assert sum(map(len, log(run, "x" * 100_000))) <= 4096


def test_a_progress_bar_is_its_last_state(run):
    assert log(run, "A\r10%\r20%\r30%\r\nnext\n") == ("30%", "next")


def test_only_the_last_sitting_counts(run):
    lines = log(run, f"{STARTED}1\nerror: The disk is full.\n{STARTED}2\nTraining\n")
    assert lines == ("Training",)
    assert last_words(lines) == ""


@given(st.binary(max_size=6000))
def test_no_log_is_too_odd_to_read(tmp_path_factory, content):
    run = RunDirectory(tmp_path_factory.mktemp("run"))
    assert len(log(run, content)) <= 20
    assert failure(run).advice


# -- a run -----------------------------------------------------------------------------------------


def test_the_message_is_what_the_run_says_of_itself(run):
    run.write_json("status.json", {"state": "failed", "message": "Training diverged at update 3."})
    log(run, "error: something else\n")
    assert failure(run).message == "Training diverged at update 3."
    assert "learning rate" in failure(run).advice


def test_a_run_that_died_before_its_first_word_is_read_from_its_log(run):
    run.write_json("status.json", {"state": "running", "phase": "starting"})
    log(run, "reading\nerror: There is no file 'a.txt'. Check the name and the directory.\n")
    found = failure(run)
    assert found.message == "There is no file 'a.txt'. Check the name and the directory."
    assert "gone or has changed" in found.advice
    assert found.log[0] == "reading"


def test_the_end_of_an_earlier_process_that_is_said_late_is_left_out(run):
    run.write_json("status.json", {"state": "running", "pid": 8})
    log(run, f"{STARTED}1\nProcess 7 was ended by signal 9 (SIGKILL).\nTraining\n")
    assert failure(run).log == ("Training",)
    assert "without a word" in failure(run).advice
    log(run, f"{STARTED}1\nTraining\nProcess 8 was ended by signal 9 (SIGKILL).\n")
    assert failure(run).message == "Process 8 was ended by signal 9 (SIGKILL)."


def test_a_traceback_is_told_by_its_last_line(run):
    log(run, "Traceback (most recent call last):\n  File\nnumpy.linalg.LinAlgError: singular\n")
    assert failure(run).message == "numpy.linalg.LinAlgError: singular"


def test_a_damaged_status_is_said(run):
    (run.path / "status.json").write_text("{")
    assert "status.json is damaged" in failure(run).message
