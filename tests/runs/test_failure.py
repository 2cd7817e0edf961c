"""Why a run failed: its own words, the end of its log, and what to do."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vae.corpora import load
from vae.errors import UserError
from vae.i18n import Message
from vae.runs.failure import (
    STARTED,
    Failure,
    cause_of,
    fail_starting,
    failure,
    last_lines,
    last_words,
    of_error,
)
from vae.runs.process import ProcessRecord
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
    "pip install": ["ModuleNotFoundError: No module named 'umap'"],
}


OWN = {
    "divergence": "lower learning rate",
    "small text": "too small",
    "lost text": "gone or has changed",
    "damage": "cannot be read",
}


def advice(run, message="", log="", cause=""):
    run.write_json("status.json", {"state": "failed", "message": message, "cause": cause})
    (run.path / "train.log").write_text(log, encoding="utf-8")
    return failure(run).advice


@pytest.mark.parametrize(
    ("sentence", "message"), [(s, m) for s, messages in CAUSES.items() for m in messages]
)
def test_a_known_cause_has_its_advice(sentence, message, run):
    assert sentence in advice(run, message)
    assert sentence in advice(run, "", f"Traceback (most recent call last):\n  ...\n{message}\n")


@pytest.mark.parametrize(("cause", "sentence"), OWN.items())
def test_an_error_of_ours_says_its_cause_whatever_its_words(cause, sentence, run):
    error = UserError("Etwas ging schief mit {name}.", name="a").because(cause)
    run.write_json("status.json", {"state": "failed", **of_error(error)})
    assert failure(run).message == "Etwas ging schief mit a."
    assert sentence in failure(run).advice


def test_the_errors_that_end_trainings_say_their_cause(run, tmp_path):
    with pytest.raises(UserError) as lost:
        load(str(tmp_path / "gone.csv"))
    with pytest.raises(UserError) as damaged:
        run.read_tensors("weights.safetensors")
    (tmp_path / "a.txt").write_text("one line\n", encoding="utf-8")
    with pytest.raises(UserError) as small:
        load(str(tmp_path / "a.txt"))
    causes = [e.value.cause for e in (lost, damaged, small)]
    assert causes == ["lost text", "damage", "small text"]


def test_what_led_to_an_error_counts_before_it():
    full = OSError(28, "No space left on device")
    with pytest.raises(UserError) as raised:
        raise UserError("It cannot be written.").because("damage") from full
    assert cause_of(raised.value) == "disk"
    assert cause_of(KeyError("x")) == ""


def test_the_message_counts_before_the_log(run):
    log = "earlier: No space left on device"
    assert "learning rate" in advice(run, "Training diverged.", log, "divergence")
    assert "package" in advice(run, "No module named 'umap'", log)


def test_an_end_without_a_word_is_told_from_one_that_nobody_knows(run):
    assert "goes on from its last checkpoint" in advice(run, "", "Training: 10%")
    assert "try again" in advice(run, "KeyError: 'x'")
    assert "try again" in advice(run, "", "Traceback (most recent call last):")


@given(st.text(), st.text(), st.text())
def test_there_is_always_advice(message, log, cause):
    reason = Message.of_json(message)
    assert Failure(reason, tuple(log.split("\n")), cause_of(ValueError(log))).advice.endswith(".")


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


@pytest.mark.parametrize("line", ["error: The file is gone.", "错误：The file is gone."])
def test_the_line_of_an_error_is_known_in_every_language(run, line):
    log(run, f"reading\n{line}\n")
    assert failure(run).message == "The file is gone."


def test_the_message_is_what_the_run_says_of_itself(run):
    said = {"message": "Training diverged at update 3.", "cause": "divergence"}
    run.write_json("status.json", {"state": "failed", **said})
    log(run, "error: something else\n")
    assert failure(run).message == "Training diverged at update 3."
    assert "learning rate" in failure(run).advice


def test_a_run_that_died_before_its_first_word_is_read_from_its_log(run):
    run.write_json("status.json", {"state": "running", "phase": "starting"})
    log(run, "reading\nerror: There is no file 'a.txt'. Check the name and the directory.\n")
    found = failure(run)
    assert found.message == "There is no file 'a.txt'. Check the name and the directory."
    assert "try again" in found.advice  # its own words are for people
    assert found.log[0] == "reading"


def test_a_process_that_ends_before_its_first_beat_says_why(run):
    error = UserError("There is no file '{path}'.", path="a.txt").because("lost text")
    starting = {"state": "running", "phase": "starting", **ProcessRecord.of_pid().to_json()}
    run.write_json("status.json", starting)
    fail_starting(run, error)
    assert run.state() == "failed"
    assert failure(run).message == "There is no file 'a.txt'."
    assert "gone or has changed" in failure(run).advice
    run.write_json("status.json", {**starting, "pid": 2**22 + 1})
    fail_starting(run, error)  # a run of another process
    assert run.read_json("status.json")["state"] == "running"


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
