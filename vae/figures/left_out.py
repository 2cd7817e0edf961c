"""What a measurement left out, and why."""

from __future__ import annotations

from collections.abc import Mapping

from vae.i18n import _, listed, ngettext

MOST = 5


def left_out(reasons: Mapping[str, object]) -> str:
    """A sentence on the first few labels and how many more there are; "" where there is none.

    Args:
        reasons: label to why, as text or a message.
    """
    if not reasons:
        return ""
    said = [
        _("{label} ({why})", label=label, why=str(why).rstrip("."))
        for label, why in list(reasons.items())[:MOST]
    ]
    if more := len(reasons) - len(said):
        said.append(ngettext("{n:,} more", "{n:,} more", more))
    return _("Left out: {reasons}.", reasons=listed(said))
