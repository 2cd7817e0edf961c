"""What a view of a lesson is drawn from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from pages.common import controls, fields, job_panel, state
from vae.course.lesson import Lesson, Value
from vae.explorer import Explorer
from vae.i18n import _


@dataclass(frozen=True)
class Scene:
    """A step of a lesson as its view sees it.

    Attributes:
        lesson: the lesson, with the sentences that it begins with.
        step: the number of the step, from 1.
        settings: those that the step gives its view.
    """

    lesson: Lesson
    step: int
    settings: Mapping[str, Value]

    @property
    def run_name(self) -> str:
        """The run that every page shows."""
        return state.chosen_run()

    @property
    def explorer(self) -> Explorer:
        """The run, with a latent space; where it has none, or no weights yet, the page ends here.

        Raises:
            UserError: as `Explorer.load`.
        """
        found = job_panel.required_explorer(self.run_name)
        controls.require_latents(found)
        return found

    def whole(self, name: str, default: int) -> int:
        """A setting that is a whole number."""
        return int(self.settings.get(name, default))

    def number(self, name: str, default: float) -> float:
        """A setting that is a number."""
        return float(self.settings.get(name, default))

    def text(self, name: str, default: str = "") -> str:
        """A setting that is a text."""
        return str(self.settings.get(name, default))

    def sentence(self, explorer: Explorer, label: str = "", end: state.End = "a") -> str:
        """The field of the learner's sentence, with help for words that the run does not know."""
        text = fields.sentence_box(label or _("Your sentence"), end, explorer.examples())
        key = state.widget_key(end)
        fields.mark_unknown(text, (explorer,), key)
        fields.unknown_words(text, explorer)
        fields.offer_well_read(text, explorer, key)
        return text
