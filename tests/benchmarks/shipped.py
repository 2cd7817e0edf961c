"""The figures of the runs that ship, as the table in assets/docs/measurements.md.

They are read from the runs themselves, so the table is made anew after each evaluation:
python -m tests.benchmarks.shipped
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from vae.i18n.numbers import mean_plus_minus, number
from vae.runs.catalogue import find_run
from vae.studies.summary import figures_of

DOCUMENT = Path(__file__).resolve().parents[2] / "assets" / "docs" / "measurements.md"
RUNS = ("factors", "factors-zh", "factors-collapsed", "docstrings", "everyday")
_TABLE = re.compile(r"(?<=<!-- shipped -->\n).*?(?=<!-- /shipped -->)", re.DOTALL)

Figures = Mapping[str, Any]
Cell = Callable[[Figures], str]


def _information(found: Figures) -> str:
    least = "≥ " if found["mutual_information_falls_short"] else ""
    return f"{least}{found['mutual_information']:.2f}"


def _draws(found: Figures) -> str:
    worth = found["iw_effective"]
    return f"{found['iw_samples']}" if worth is None else f"{found['iw_samples']}; {worth:.0f}"


def _of(found: Figures, name: str) -> str:
    return "" if found[name] is None else f"{found[name]} of {found['latent_dim']}"


def _number(found: Figures, name: str) -> str:
    return "" if found[name] is None else f"{found[name]:.2f}"


def _share(name: str) -> Cell:
    def share(found: Figures) -> str:
        grammar = found.get("grammar")
        return _percent(grammar.get(name)) if grammar else ""

    return share


def _percent(share: float | None) -> str:
    return "" if share is None else f"{share:.1%}"


def _worst_probe(name: str) -> Cell:
    def worst_probe(found: Figures) -> str:
        probes = found.get("probes", {}).items()
        known = {k: v[name] for k, v in probes if v.get(name) is not None}
        if len(known) < 2:
            return ""
        worst = min(known, key=lambda label: known[label])
        return f"{known[worst]:.1%} ({worst})"

    return worst_probe


ROWS: Mapping[str, Cell] = {
    "NLL, importance-weighted bound": lambda f: mean_plus_minus(
        f["nll_iw"], f["nll_iw_standard_error"]
    ),
    "its draws K, and how many they are worth (median)": _draws,
    "perplexity": lambda f: number(f["ppl"]),
    "unknown tokens, of all": lambda f: f"{f['unknown_tokens']:,} of {f['n_tokens']:,}",
    "rate": lambda f: f"{f['rate']:.2f}",
    "mutual information (≥: over half of its ceiling, a lower bound)": _information,
    "ceiling of the mutual information": lambda f: f"{f['mutual_information_ceiling']:.2f}",
    "principal units": lambda f: _of(f, "principal_units"),
    "KL of the aggregated posterior's moments to the prior": lambda f: _number(f, "moment_kl"),
    "draws of posteriors and prior told apart (chance: 50%)": lambda f: _percent(f["told_apart"]),
    "active units": lambda f: f"{f['active_units']} of {f['latent_dim']}",
    "exact reconstruction from the mean, greedy": lambda f: f"{f['exact_match']:.1%}",
    "the same from one draw of the posterior": lambda f: _percent(f.get("exact_match_drawn")),
    "prior samples inside the language, greedy": _share("prior_accepted"),
    "the same, drawn word by word": _share("prior_accepted_drawn"),
    "inner points of interpolations inside the language": _share("interpolation_accepted"),
    "linear probe of the mean, worst label": _worst_probe("accuracy"),
    "linear probe of one draw, worst label": _worst_probe("accuracy_drawn"),
    "test sentences": lambda f: f"{f['n_sentences']:,}",
}


def table() -> str:
    """The figures of the runs that ship, in Markdown."""
    measured = [figures_of(find_run(run)) or {} for run in RUNS]
    lines = [f"| | {' | '.join(RUNS)} |", f"|---|{'--:|' * len(RUNS)}"]
    lines += [f"| {what} | {' | '.join(map(cell, measured))} |" for what, cell in ROWS.items()]
    return "\n".join(lines) + "\n"


def written() -> str:
    """The table as the document has it."""
    found = _TABLE.search(DOCUMENT.read_text(encoding="utf-8"))
    return found.group() if found else ""


def main() -> None:
    """Put the table into the document."""
    text = DOCUMENT.read_text(encoding="utf-8")
    DOCUMENT.write_text(_TABLE.sub(lambda _: table(), text), encoding="utf-8")
    print(table())


if __name__ == "__main__":
    main()
