"""From what a person chose in the app to a run that trains or waits: its text, its command."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from dataclasses import dataclass, fields
from pathlib import Path

from vae.cache import replacing
from vae.config import CONFIG_PARTS, RunConfig
from vae.corpora.reading import OPEN, Reading
from vae.errors import UserError
from vae.runs import queue
from vae.runs.catalogue import RUNS_VARIABLE, check_name, is_free, new_directory, runs_dir
from vae.runs.store import RunDirectory

FOLDER = "corpus"


@dataclass(frozen=True)
class Text:
    """What is to be learned from, as the command line takes it.

    Attributes:
        corpus: a built-in corpus by name, or the absolute path of a file.
        sentences: how many to generate or to draw; all of a file where it is None.
        text: the column of the sentences; guessed where it is None.
        labels: the columns of the labels; guessed where it is None, none where it is empty.
        label_types: (label, type) of those whose type a person chose.
        labels_by_rule: the rule that reads labels off the sentences, if one shall.
        reading: how the file is read, where that is not to be found out.

    Raises:
        UserError: a label's name cannot be told from an option.
    """

    corpus: str
    sentences: int | None = None
    text: str | None = None
    labels: tuple[str, ...] | None = None
    label_types: tuple[tuple[str, str], ...] = ()
    reading: Reading = OPEN
    labels_by_rule: str | None = None

    def __post_init__(self) -> None:
        for label in self.labels or ():
            if label.startswith("-"):
                raise UserError(
                    "Column '{label}' cannot be a label here, since its name begins with a dash. "
                    "Rename it in the file, or leave it out.",
                    label=label,
                )

    @property
    def file(self) -> Path | None:
        """The file, where it is one."""
        path = Path(self.corpus)
        return path if path.is_absolute() else None

    def options(self) -> list[str]:
        """What follows the corpus on the command line."""
        options = [] if self.sentences is None else [f"--sentences={self.sentences}"]
        if self.text is not None:
            options.append(f"--text={self.text}")
        options += self.reading.options()
        if self.labels is not None:
            options += ["--labels", *self.labels]
        options += [f"--label-type={name}={kind}" for name, kind in self.label_types]
        if self.labels_by_rule is not None:
            options.append(f"--labels-by-rule={self.labels_by_rule}")
        return options


def settings_options(config: RunConfig, base: RunConfig) -> list[str]:
    """The options that make a configuration out of another one, as of a preset."""
    options = []
    for part, cls in CONFIG_PARTS.items():
        for f in fields(cls):
            value = getattr(getattr(config, part), f.name)
            if value != getattr(getattr(base, part), f.name):
                options.append(f"--{f.name.replace('_', '-')}={value}")
    return options


def launch(
    name: str,
    text: Text,
    settings: Sequence[str],
    command: queue.Command = queue.train_command,
    seconds: float | None = None,
) -> RunDirectory:
    """Make a run of the app, with a copy of its text, and put it into the queue.

    Args:
        name: of the run.
        settings: options of `python -m vae train`, as "--preset=quick".
        seconds: that it is expected to take, where that is known.

    Raises:
        UserError: the name cannot be or is taken, the text is gone, too many runs wait, or it
            cannot be written; then nothing of it stays.
    """
    check_name(name)
    if not is_free(name):
        raise UserError("There is a run '{name}' already. Choose another name.", name=name)
    try:
        run = new_directory(name)
    except OSError as error:
        raise _not_written(name, error) from error
    try:
        corpus = str(_copied(text.file, run)) if text.file else text.corpus
        arguments = ["train", corpus, "--out", str(run.path), *text.options(), *settings]
        queue.submit(run, arguments, name, command, seconds)
    except BaseException as error:
        shutil.rmtree(run.path, ignore_errors=True)
        if isinstance(error, OSError):
            raise _not_written(name, error) from error
        raise
    return run


def _copied(file: Path, run: RunDirectory) -> Path:
    if not file.is_file():
        raise UserError(
            "'{name}' is no longer kept on the server. Choose or paste it again.", name=file.name
        )
    copy = run.path / FOLDER / file.name
    with replacing(copy) as temporary:
        shutil.copyfile(file, temporary)
    return copy


def _not_written(name: str, error: OSError) -> UserError:
    return UserError(
        "The run '{name}' cannot be written to {place} ({reason}). Make room, for instance by "
        "deleting runs, mend the permissions, or set {variable} to another directory.",
        name=name,
        place=runs_dir(),
        variable=RUNS_VARIABLE,
        reason=error.strerror or error,
    )
