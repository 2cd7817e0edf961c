"""The study "dimensions" in a report: names, what each tells of each label, what it changes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from vae.explorer import Explorer
from vae.figures.changes import changes_by_dimension
from vae.figures.information import dimensions_finding, information_by_label, named
from vae.i18n import _
from vae.latent.atlas import said_note
from vae.latent.names import read_names
from vae.report.parts import Cell, Details, Finding, Missing, Paragraph, Part, Table, attempt
from vae.report.plots import frame_table
from vae.studies.dimensions import DimensionStudy, key_of, read

_MOST_SHOWN = 64
_MOST_ENDS = 16


def parts(explorer: Explorer, result: Mapping[str, Any]) -> list[Part]:
    """Dimensions by falling KL."""
    found = read(result)
    names = read_names(explorer.run)
    if found.kl is None:
        title = _("Standard deviation of the code over {n:,} held-out sentences", n=found.n)
    else:
        title = _("Mean KL of {n:,} held-out sentences, normal intervals", n=found.n)
    table = frame_table("dimensions", named(found, names), title)
    made: list[Part] = [
        Finding(dimensions_finding(found)),
        *attempt(explorer.run, lambda: _ends(explorer, found, names)),
        Details(_("Every dimension, its KL and its name"), (table,)),
    ]
    if found.told:
        made.append(information_by_label(found, names, _MOST_SHOWN))
    if found.moved.labels:
        made.append(changes_by_dimension(found, names, _MOST_SHOWN))
    return made


def _ends(explorer: Explorer, found: DimensionStudy, names: Mapping[int, str]) -> list[Part]:
    if not found.ends:
        return [Missing(_("This run has no map, so no sentences are shown at the ends."))]
    atlas = explorer.atlas
    said = dict(zip(map(key_of, atlas.keys.tolist()), atlas.sentences, strict=True))
    rows: list[tuple[Cell, ...]] = []
    for d in found.order[:_MOST_ENDS]:
        low, high = (
            next((said[k] for k in keys if k in said), _("(not on this machine)"))
            for keys in (found.ends[d].low, found.ends[d].high)
        )
        proposed = found.proposed[d]
        name = names.get(d) or (proposed.said if proposed else _("no label tells"))
        rows.append((d, name, round(found.weight[d], 2), ((low, False),), ((high, False),)))
    weight = _("KL (nats)") if found.kl else _("sd of the code")
    columns = (_("dimension"), _("name"), weight, _("low end"), _("high end"))
    if found.kl:
        title = _("Sentences at both ends of the dimensions of the highest KL")
    else:
        title = _("Sentences at both ends of the dimensions in which codes spread most")
    note = [Paragraph(str(said_note(explorer.name)))] if atlas.said else []
    return [Table("ends-of-dimensions", columns, rows, title), *note]
