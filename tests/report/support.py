"""A run with all that a report can tell of, and ways to read a report again."""

from __future__ import annotations

import json
import re
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

from tests import fakes
from vae.corpora import factors
from vae.explorer import Explorer
from vae.report.page import Frame
from vae.report.plots import script
from vae.runs.store import RunDirectory
from vae.studies.evaluation import evaluate

HOSTILE = "</script><script>alert(1)</script><!-- \"'& \u2028\u202e \ud800 <img src=x onerror=a()>"

FRAME = Frame("kind", "title", "tab", "")
"""Of a page of which only what it holds matters."""

_VOID = {"meta", "img", "br", "link", "input", "hr"}


def told_run(path: Path) -> RunDirectory:
    """A run of a tiny model that recorded a training and was evaluated on 60 test sentences."""
    run = fakes.store_run(path)
    for i in range(1, 31):
        losses = {"distortion": 60.0 / i, "rate": 0.2 * i, "beta": i / 30}
        run.append_metric({"event": "step", "step": 10 * i, "epoch": 0, **losses})
    for i, best in ((1, False), (2, True), (3, False)):
        run.append_metric(
            {
                "event": "validation",
                "step": 100 * i,
                "n_sentences": 40,
                "elbo": -50.0 + i,
                "train_elbo": -52.0 + i,
                "distortion": 40.0,
                "rate": 10.0 - i,
                "rate_per_dimension": [1.0, 2.0 * i, 0.5, 0.0],
                "active_units": 3,
                "mutual_information": 3.0,
                "mutual_information_ceiling": 3.689,
                "best": best,
            }
        )
    corpus = factors.generate(700)
    measured = evaluate(Explorer.load(run), corpus, iw_samples=2, most_sentences=60)
    run.write_json("evaluation.json", measured.to_dict())
    return run


def changed(run: RunDirectory, file: str, **values: Any) -> None:
    """Write other values into a JSON file of a run."""
    stored = run.read_json(file)
    run.write_json(file, {**stored, **values})


def plots(text: str) -> dict[str, Any]:
    """The figures that Plotly draws in a report, by their names: data and layout."""
    found = re.search(r'<script type="application/json" id="plots">(.*?)</script>', text, re.S)
    assert found
    return json.loads(found.group(1))["figures"]


def by_hand(text: str) -> str:
    """A report without the script of Plotly's, which is as it was installed."""
    return text.replace(script(), "")


class Markup(HTMLParser):
    """Reads a page whole: every element is closed in its order, no name is given twice."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[str] = []
        self.ids: list[str] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.words: list[str] = []
        self.feed(text)
        self.close()
        assert not self.open, self.open

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        self.ids += [v for k, v in attrs if k == "id" and v]
        if tag not in _VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in _VOID:
            self.handle_endtag(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open, tag
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if not self.open or self.open[-1] not in ("script", "style"):
            self.words.append(data)

    def of(self, tag: str) -> list[dict[str, str | None]]:
        """The attributes of every element of a kind."""
        return [attributes for name, attributes in self.tags if name == tag]

    @property
    def said(self) -> str:
        """All that a person reads, spaces made one."""
        return " ".join(" ".join(self.words).split())
