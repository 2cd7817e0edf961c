"""What comes back against what lies between: recipes on one text, a point each.

A sentence is put in and comes back word for word, from its posterior mean and from one draw; half
way between two sentences, and where the prior draws, stands something that a plain language model
trained on the same text (`--latent-dim 0`) finds more or less likely. Prints a row a run and draws
both sides as a picture in either theme. Run by hand, on runs of the same text:
python -m tests.benchmarks.frontier TEXT --language-model RUN --out DIRECTORY RUN [RUN ...]
"""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import cycle
from pathlib import Path

import numpy as np
import plotly.graph_objects as go
import torch
from playwright.sync_api import sync_playwright
from plotly.subplots import make_subplots

from tests.benchmarks.sizes import SHORT, words
from tests.e2e.browsing import launch
from vae import colours
from vae.commands.console import print_table
from vae.corpora.corpus import normalise
from vae.corpora.files import read_file
from vae.diagnostics.bootstrap import Interval, bootstrap, share_interval
from vae.diagnostics.prior_match import prior_match
from vae.explorer import Explorer
from vae.figures import frame
from vae.runs.store import RunDirectory

MOST, PAIRS, DRAWS = 3_000, 1_000, 2_000
HEADS = (
    *("run", "recipe", "n", "exact, mean", "exact, draw", "midpoints", "prior draws"),
    *("draws that differ", "KL of moments"),
)
GROUND = {"light": "#FFFFFF", "dark": "#14171C"}


@dataclass(frozen=True)
class Recipe:
    """What a run reached; costs in nats a token of the language model."""

    run: str
    name: str
    n: int
    mean: Interval
    draw: Interval
    middle: Interval
    prior: Interval
    distinct: float
    moment_kl: float


def name_of(run: RunDirectory) -> str:
    """The settings that the recipes differ in."""
    asked = run.read_json("config.json")["asked"]
    model, train = asked["model"], asked["train"]
    updates = run.read_json("status.json")["step"]
    dropped = f", word dropout {train['word_dropout']:g}" if train["word_dropout"] else ""
    size = f", decoder {model['decoder_hidden']:,}"
    return f"β {train['beta']:g}{dropped}{size}, {updates:,} updates"


def cost(judge: Explorer, sentences: Sequence[str]) -> Interval:
    """Nats a token under a plain language model, resampled by sentence."""
    tokens = []
    for start in range(0, len(sentences), 256):
        part = sentences[start : start + 256]
        tokens += judge.log_likelihood(part, torch.zeros(len(part), 0))
    nats = np.array([-float(t.sum()) for t in tokens])
    sizes = np.array([len(t) for t in tokens])
    rng = np.random.default_rng(0)
    return bootstrap(lambda rows: float(nats[rows].sum() / sizes[rows].sum()), len(nats), rng)


def measure(run: RunDirectory, judge: Explorer, sentences: Sequence[str]) -> Recipe:
    """What a run gives back of sentences that it has not learned from, and what lies between."""
    model = Explorer.load(run)
    generator = torch.Generator().manual_seed(0)
    posterior = model.encode(sentences)
    read = [normalise(model.as_read(s)) for s in sentences]
    short = [i for i, s in enumerate(read) if len(words(s)) <= SHORT]

    def exact(z: torch.Tensor) -> Interval:
        said = [normalise(s) for s in model.decode(z[short])]
        hits = sum(a == read[i] for a, i in zip(said, short, strict=True))
        return share_interval(hits, len(short))

    rows = torch.randint(len(sentences), (2, PAIRS), generator=generator)
    prior = model.decode(model.sample_prior(DRAWS, generator))
    return Recipe(
        run.name,
        name_of(run),
        len(short),
        exact(posterior.mean),
        exact(posterior.sample(generator)),
        cost(judge, model.decode(posterior.mean[rows].mean(0))),
        cost(judge, prior),
        len(set(prior)) / len(prior),
        prior_match(posterior, np.random.default_rng(0)).moment_kl.value,
    )


def picture(recipes: Sequence[Recipe], usual: float, theme: str) -> go.Figure:
    """Nats a token of what lies between over the share that comes back; a colour a recipe."""
    fig = make_subplots(
        1,
        2,
        shared_yaxes=True,
        horizontal_spacing=0.04,
        subplot_titles=("from the posterior mean", "from one draw of the posterior"),
    )
    frame.frame(fig, 470)
    for colour, recipe in zip(cycle(colours.LABELS), recipes, strict=False):
        for column, share in enumerate((recipe.mean, recipe.draw), start=1):
            for symbol, found in (("circle", recipe.middle), ("diamond-open", recipe.prior)):
                fig.add_scatter(
                    x=[share.value],
                    y=[found.value],
                    error_x=frame.error_bars([share], colour),
                    error_y=frame.error_bars([found], colour),
                    mode="markers",
                    marker={"symbol": symbol, "size": 13, "color": colour},
                    name=recipe.name,
                    legendgroup=recipe.name,
                    showlegend=column == 1 and symbol == "circle",
                    row=1,
                    col=column,
                )
    for column in (1, 2):
        fig.add_hline(
            usual,
            line={"dash": "dot", "color": colours.NEUTRAL},
            annotation_text=f"held-out sentences themselves: {usual:.2f}",
            annotation_position="top left",
            row=1,
            col=column,
        )
        fig.update_xaxes(
            title=f"held-out sentences of up to {SHORT} words word for word",
            tickformat=".0%",
            row=1,
            col=column,
        )
    dearest = max(r.prior.high for r in recipes)
    fig.update_yaxes(range=[usual - 0.15, dearest + 0.1], automargin=False)
    fig.update_yaxes(title="nats a token: ● midpoints, ◇ prior draws", row=1, col=1)
    fig.update_xaxes(automargin=False)
    frame.ink(fig, theme)
    return (
        fig.update_layout(
            width=1120,
            height=520,
            margin={"l": 70, "r": 20, "t": 46, "b": 140},
            legend={"orientation": "h", "y": -0.2, "yanchor": "top", "entrywidth": 400},
            paper_bgcolor=GROUND[theme],
            plot_bgcolor=GROUND[theme],
            template="plotly_white" if theme == "light" else "plotly_dark",
            font_size=14,
        )
        .update_annotations(font_size=13)
        .update_xaxes(title_font_size=14)
        .update_yaxes(title_font_size=14)
    )


def draw(fig: go.Figure, path: Path) -> None:
    """A figure as the PNG that the browser makes of it."""
    with sync_playwright() as playwright, tempfile.TemporaryDirectory() as folder:
        page = launch(playwright).new_page(
            viewport={"width": fig.layout.width, "height": fig.layout.height + 120}
        )
        file = Path(folder) / "figure.html"
        file.write_text(fig.to_html(include_plotlyjs=True, config={"displayModeBar": False}))
        page.goto(file.as_uri())
        page.locator(".js-plotly-plot").screenshot(path=path)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("text", type=Path)
    parser.add_argument("runs", nargs="+", type=Path)
    parser.add_argument("--language-model", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    options = parser.parse_args()
    sentences = read_file(options.text).select("validation").sentences[:MOST]
    judge = Explorer.load(RunDirectory(options.language_model))
    usual = cost(judge, sentences)
    recipes = [measure(RunDirectory(run), judge, sentences) for run in options.runs]
    print_table(
        [
            HEADS,
            *(
                (
                    r.run,
                    r.name,
                    f"{r.n:,}",
                    *(f"{share.value:.1%}" for share in (r.mean, r.draw)),
                    *(f"{c.value:.2f} [{c.low:.2f}, {c.high:.2f}]" for c in (r.middle, r.prior)),
                    f"{r.distinct:.1%}",
                    f"{r.moment_kl:.2f}",
                )
                for r in recipes
            ),
        ],
        left=(0, 1),
    )
    print(f"Held-out sentences themselves: {usual.value:.2f} [{usual.low:.2f}, {usual.high:.2f}]")
    options.out.mkdir(parents=True, exist_ok=True)
    for theme in GROUND:
        draw(picture(recipes, usual.value, theme), options.out / f"frontier-{theme}.png")


if __name__ == "__main__":
    main()
