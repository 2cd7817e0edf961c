"""Presets at every size of text: minutes promised and taken, and what the model then is.

Each run is the command of a person, in a process of its own; "open" is when its map is there and
it can be walked through. Texts are of `--texts`, a folder with tatoeba_eng.txt, tatoeba_cmn.txt and
clinc150.csv, and the docstrings of this machine; the first so many sentences of each.
Run by hand, on a quiet machine:
python -m tests.benchmarks.sizes --texts FOLDER --out /tmp/sizes english:200:demonstration ...
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import time
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import torch

from vae.commands.console import print_table
from vae.corpora import Corpus, docstrings, files
from vae.corpora.corpus import normalise
from vae.explorer import Explorer
from vae.runs.store import RunDirectory
from vae.scripts import is_unspaced
from vae.studies.summary import figures_of

TEXTS = {
    "english": ("tatoeba_eng.txt", ()),
    "chinese": ("tatoeba_cmn.txt", ("--tokenizer", "character")),
    "questions": ("clinc150.csv", ("--text", "text", "--labels", "intent")),
    "docstrings": ("", ()),
}
"""Kind of text to its file, none where it is gathered here, and to the options that a person takes
for it in the lab."""

MOST, SHORT, PATHS, DRAWS = 1_000, 8, 60, 500
HEADS = (
    *("text", "n", "preset", "promised, s", "open, s", "ratio", "measured, s", "updates"),
    *("training exact", "held-out exact", "or one off", "to 8 words", "tokens right"),
    *("length", "rate", "principal units", "steps that repeat", "samples that differ"),
)


def made(folder: Path, kind: str, n: int, texts: Path) -> Path:
    """The first n sentences of a text as a file of its own; the table keeps its header."""
    name = TEXTS[kind][0]
    path = folder / f"{kind}-{n}{Path(name).suffix or '.txt'}"
    if not name:
        found = np.random.default_rng(0).permutation(docstrings.harvest().sentences)
        lines = [f"{sentence}\n" for sentence in found]
    else:
        lines = (texts / name).read_text(encoding="utf-8").splitlines(keepends=True)
    path.write_text("".join(lines[: n + (path.suffix == ".csv")]), encoding="utf-8")
    return path


def command(*words: str) -> list[str]:
    return [sys.executable, "-m", "vae", *words]


def promised(path: Path, options: Sequence[str]) -> float:
    """Seconds until it is open, as the lab says them before the start."""
    found = subprocess.run(
        command("survey", str(path), *options, "--json"), check=True, capture_output=True
    )
    (made,) = json.loads(found.stdout)["estimates"].values()
    return 60 * float(made["minutes"])


def train(path: Path, run: Path, options: Sequence[str]) -> tuple[float, float]:
    """Seconds until its map is there, and until it is measured."""
    began = time.monotonic()
    process = subprocess.Popen(command("train", str(path), "--out", str(run), *options))
    opened = 0.0
    while process.poll() is None:
        if not opened and (run / "projection.npz").exists():
            opened = time.monotonic() - began
        time.sleep(0.1)
    if process.returncode:
        raise SystemExit(f"{path.name}: the training ended with {process.returncode}.")
    ended = time.monotonic() - began
    return opened or ended, ended


def words(sentence: str) -> list[str]:
    """Words between blanks; signs, where no blanks part words."""
    return list(sentence) if is_unspaced([sentence]) else sentence.split()


def one_off(said: str, read: str) -> bool:
    """Whether two sentences are the same but for one word put in, left out or exchanged."""
    a, b = sorted((words(said), words(read)), key=len)
    if len(b) - len(a) > 1:
        return False
    same = next((i for i, (x, y) in enumerate(zip(a, b, strict=False)) if x != y), len(a))
    return a[same + (len(a) == len(b)) :] == b[same + 1 :]


def returned(explorer: Explorer, sentences: Sequence[str]) -> dict[str, float]:
    """Shares of sentences that come back, greedily decoded from their posterior means."""
    asked = list(sentences)[:MOST]
    said = [normalise(s) for s in explorer.decode(explorer.encode(asked).mean)]
    read = [normalise(explorer.as_read(s)) for s in asked]
    pairs = list(zip(said, read, strict=True))
    short = [a == b for a, b in pairs if len(words(b)) <= SHORT]
    tokens = [(explorer.tokens(a), explorer.tokens(b)) for a, b in pairs]
    hits = sum(sum(x == y for x, y in zip(a, b, strict=False)) for a, b in tokens)
    return {
        "exact": sum(a == b for a, b in pairs) / len(pairs),
        "one off": sum(one_off(a, b) for a, b in pairs) / len(pairs),
        "short": sum(short) / max(1, len(short)),
        "tokens": hits / sum(len(b) for _, b in tokens),
        "length": sum(len(a) for a, _ in tokens) / sum(len(b) for _, b in tokens),
    }


def walked(explorer: Explorer, sentences: Sequence[str]) -> tuple[float, float]:
    """(steps of paths that say what the step before said, prior draws that differ), shares."""
    generator = torch.Generator().manual_seed(0)
    mean = explorer.encode(list(sentences)[:MOST]).mean
    repeats = []
    for _ in range(PATHS):
        a, b = torch.randint(len(mean), (2,), generator=generator).tolist()
        said = [point.sentence for point in explorer.interpolate(mean[a], mean[b], 9)]
        repeats += [x == y for x, y in pairwise(said)]
    drawn = explorer.decode(explorer.sample_prior(DRAWS, generator))
    return sum(repeats) / len(repeats), len(set(drawn)) / len(drawn)


def corpus_of(path: Path, kind: str) -> Corpus:
    labels = ["intent"] if kind == "questions" else None
    return files.read_file(path, text="text" if labels else None, labels=labels)


def measure(spec: str, folder: Path, texts: Path) -> dict[str, Any]:
    """One row: a kind of text, a number of sentences, a preset."""
    kind, n, preset = spec.split(":")
    path = made(folder, kind, int(n), texts)
    options = [*TEXTS[kind][1], f"--preset={preset}"]
    expected = promised(path, options)
    run = folder / spec.replace(":", "-")
    opened, ended = train(path, run, options)
    explorer, corpus = Explorer.load(run), corpus_of(path, kind)
    held_out = [*corpus.select("test").sentences, *corpus.select("validation").sentences]
    figures = figures_of(RunDirectory(run)) or {}
    repeats, differ = walked(explorer, held_out)
    return {
        "spec": spec,
        "promised": expected,
        "open": opened,
        "ended": ended,
        "updates": RunDirectory(run).read_json("status.json")["step"],
        "training": returned(explorer, corpus.select("train").sentences),
        "held out": returned(explorer, held_out),
        "rate": figures.get("rate"),
        "principal units": figures.get("principal_units"),
        "repeats": repeats,
        "differ": differ,
    }


def cells(row: dict[str, Any]) -> tuple[str, ...]:
    held, share = row["held out"], "{:.0%}".format
    return (
        *row["spec"].split(":"),
        *(f"{row[name]:.0f}" for name in ("promised", "open")),
        f"{row['open'] / row['promised']:.2f}",
        f"{row['ended']:.0f}",
        f"{row['updates']:,}",
        share(row["training"]["exact"]),
        *(share(held[name]) for name in ("exact", "one off", "short", "tokens")),
        f"{held['length']:.2f}",
        "" if row["rate"] is None else f"{row['rate']:.1f}",
        str(row["principal units"]),
        share(row["repeats"]),
        share(row["differ"]),
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("specs", nargs="+", metavar="KIND:SENTENCES:PRESET")
    parser.add_argument("--texts", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    options = parser.parse_args()
    options.out.mkdir(parents=True, exist_ok=True)
    # As a run of the app, which leaves the server a core.
    os.environ.setdefault("OMP_NUM_THREADS", str(max(1, (os.cpu_count() or 1) - 1)))
    rows = []
    for spec in options.specs:
        rows.append(measure(spec, options.out, options.texts))
        with (options.out / "rows.jsonl").open("a") as kept:
            kept.write(json.dumps(rows[-1]) + "\n")
        print_table([HEADS, *map(cells, rows)], left=(0, 2))


if __name__ == "__main__":
    main()
