"""What draws of z decode to, as a table."""

from __future__ import annotations

from collections.abc import Sequence

from pages.common import prose
from vae.diagnostics.xray import Saying
from vae.i18n import _, pgettext
from vae.i18n.numbers import number
from vae.latent.changes import marked


def show(said: Sequence[Saying], sentence: str) -> None:
    """What some draws decode to, the words marked that were not typed."""
    prose.table(
        [pgettext("column", "sentence"), pgettext("column", "draws"), _("log p(x|z), nats")],
        [
            [
                prose.html(marked(one.sentence, sentence)) or _("(nothing)"),
                str(one.draws),
                number(one.log_p, ".1f"),
            ]
            for one in said
        ],
    )
