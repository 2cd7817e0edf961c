"""A lesson on paper: `python -m vae handout LESSON --out FILE`, or a button of the lesson.

`make` is the learner's own: what was predicted and seen, and the figures as the learner has set
them. `blank` is for a class: the questions with room to write, and nothing that tells an answer.
Both are one HTML file that asks nothing of a network and prints on A4, black on white.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from functools import cache, partial

from vae.classroom.entry import SURE
from vae.course import Lesson, Question, Step, View
from vae.course.answers import Answer, Answers, recalled, why_predicted
from vae.course.glossary import used
from vae.course.lesson import KIND_NAMES
from vae.explorer import Explorer
from vae.figures import Figure
from vae.handout import digits, views
from vae.handout.scene import Chosen, Scene
from vae.i18n import _, language, ngettext
from vae.report.page import Frame, page
from vae.report.parts import (
    Address,
    Choices,
    Finding,
    Lines,
    Metric,
    Metrics,
    Paragraph,
    Part,
    Prose,
    Section,
    Table,
    Terms,
    attempt,
)
from vae.studies.informative import Informative, informative
from vae.training.vector import VectorTraining

__all__ = ["Chosen", "blank", "file_name", "make", "reached"]


def make(
    lesson: Lesson,
    explorer: Explorer,
    chosen: Chosen,
    answers: Answers,
    link: str,
    *,
    by_step: Mapping[int, Chosen] | None = None,
    ranked: Callable[[], Informative] | None = None,
    trained: Callable[[], Sequence[VectorTraining]] = digits.trained,
    steps: int | None = None,
) -> str:
    """The handout of a learner, as a whole HTML file.

    Args:
        chosen: how the learner has set the views.
        answers: what was predicted, seen and answered; where nothing was, there is room to write.
        link: leads back to the lesson; "" for none.
        by_step: step to how its view was set, where that is known: a learner turns a dial at one
            step, and again at another.
        ranked: gives the dimensions of the run, where they are known already.
        trained: gives the two models of digits.
        steps: how far the learner has come (`reached`): what comes after is as in `blank`, since
            it would tell the answer before the prediction. Without it everything is shown.
    """
    scene = Scene(
        explorer, lesson, chosen, ranked or cache(partial(informative, explorer)), trained=trained
    )
    shown: dict[str, int] = {}
    sections = [
        _section(
            step,
            at,
            _own(scene, (by_step or {}).get(at, chosen), step, at, answers, shown)
            if steps is None or at <= steps
            else _unanswered(lesson, step, at),
        )
        for at, step in enumerate(lesson.steps, 1)
    ]
    lead = [*_lead(lesson, link), *attempt(explorer.run, lambda: _set_so(scene))]
    return page(_frame(lesson), lead, [*sections, *_words(lesson)])


def blank(lesson: Lesson, link: str) -> str:
    """The handout for a class that has not seen the lesson, as a whole HTML file."""
    lead = [*_lead(lesson, link), Lines(_("Name and date"), 1)]
    sections = [
        _section(step, at, _unanswered(lesson, step, at)) for at, step in enumerate(lesson.steps, 1)
    ]
    return page(_frame(lesson), lead, [*sections, *_words(lesson)])


def file_name(lesson: Lesson) -> str:
    """A name for the file, made of the lesson's."""
    return f"{lesson.id[:80]}-handout-{language()}.html"


def _frame(lesson: Lesson) -> Frame:
    return Frame(
        kind=_("Handout of a lesson"),
        title=lesson.title,
        tab=_("{title}: a handout by Latent Lens", title=lesson.title),
        made=_("Made by Latent Lens. It needs no network; to print it, choose A4."),
        styles=("report.css", "handout.css"),
        themes="only light",
    )


def _lead(lesson: Lesson, link: str) -> list[Part]:
    """What the lesson is against, and the way to it."""
    minutes = ngettext("about {n} minute", "about {n} minutes", lesson.minutes)
    said = _("This is easily believed, and not so. The lesson takes {minutes}.", minutes=minutes)
    belief = Finding(_("“{belief}”", belief=lesson.misconception))
    return [belief, Paragraph(said), *([Address(link)] if link else [])]


def _set_so(scene: Scene) -> list[Part]:
    """What the figures were made with."""
    made_with = {"run": scene.explorer.name, "seed": str(scene.chosen.seed)}
    said = _("The figures are of the run {run}, seed {seed}.", **made_with)
    return [Paragraph(said), *_sentences(scene)]


def _sentences(scene: Scene) -> list[Part]:
    """What the learner has written."""
    found = [_("Your sentence: {sentence}", sentence=scene.sentence())]
    if scene.chosen.b or scene.lesson.b:
        found.append(_("The other sentence: {sentence}", sentence=scene.sentence("b")))
    return [Paragraph(text) for text in found]


def reached(lesson: Lesson, answers: Answers) -> int:
    """The step (from 1) at which a prediction is still to be made; the last where none is."""
    asked = (i for i, step in enumerate(lesson.steps, 1) if step.kind == "predict")
    return next((i for i in asked if i not in answers), len(lesson.steps))


def _section(step: Step, at: int, parts: Iterable[Part]) -> Section:
    title = _("{step} · {kind}: {title}", step=at, kind=KIND_NAMES[step.kind], title=step.title)
    return Section(f"step-{at}", "", title, tuple(parts))


def _words(lesson: Lesson) -> list[Section]:
    """The words of the field that the lesson uses."""
    text = [lesson.title, *(text for step in lesson.steps for text in (step.title, step.body))]
    words = tuple((term.name, term.meaning) for term in used(" ".join(text), language()))
    return [Section("words", "", _("The words of this lesson"), (Terms(words),))] if words else []


# -- what a learner has done ----------------------------------------------------------------------


def _own(
    scene: Scene, chosen: Chosen, step: Step, at: int, answers: Answers, shown: dict[str, int]
) -> list[Part]:
    """A step with the learner's answers and its figures as `chosen` sets them; `shown` is where
    each view stands already.
    """
    made: list[Part] = []
    if step.kind == "compare":
        made.append(_beside(scene.lesson, at, answers))
        predicted, _seen = scene.lesson.compared(at - 1)
        if why := why_predicted(scene.lesson, predicted, answers):
            made.append(Paragraph(why))
    if step.body:
        made.append(Prose(step.body))
    if step.view:
        made += _view(scene, chosen, step.view, at, shown)
    if step.question:
        made += _asked(step, step.question, answers.get(at))
    return made


def _view(scene: Scene, chosen: Chosen, view: View, at: int, shown: dict[str, int]) -> list[Part]:
    # Of the formula a step chooses the stage: on paper all of them stand below each other.
    settings = sorted((k, v) for k, v in view.settings.items() if k != "stage")
    drawn = f"{view.name} {settings} {chosen}"
    if drawn in shown:
        return [Paragraph(_("What you see stands at step {step}.", step=shown[drawn]))]
    shown[drawn] = at
    then = replace(scene, chosen=chosen)
    other = (chosen.a, chosen.b) != (scene.chosen.a, scene.chosen.b)
    written = attempt(scene.explorer.run, lambda: _sentences(then)) if other else []
    return [*written, *(_printed(part, at) for part in views.parts(view, then))]


def _printed(part: Part, at: int) -> Part:
    """A part of a step; another step may show the same with other settings, by another name."""
    return replace(part, name=f"{part.name}-{at}") if isinstance(part, Figure | Table) else part


def _asked(step: Step, question: Question, given: Answer | None) -> list[Part]:
    """A question with what was answered to it, else with room to write."""
    if given is None:
        return _open(step, question)
    chosen = given.of(question)
    ticked = frozenset([len(question.choices) if chosen is None else chosen])
    made: list[Part] = [_choices(question, ticked)]
    if sure := SURE.get(given.confidence):
        made.append(Paragraph(_("You were: {sure}.", sure=sure)))
    if step.kind not in ("predict", "observe"):
        made += _explained(question, chosen)
    return made


def _explained(question: Question, chosen: int | None) -> list[Part]:
    """Which answer is right, and why."""
    if question.right is None:
        return []
    right = question.choices[question.right]
    made = [] if chosen in (None, question.right) else [question.choices[chosen or 0].why]
    made.append(_("As it is: {answer}", answer=right.text))
    return [Paragraph(text) for text in (*made, right.why) if text]


def _beside(lesson: Lesson, at: int, answers: Answers) -> Metrics:
    """Prediction, observation and what happened, side by side."""
    return Metrics(
        tuple(
            Metric(
                each.title,
                each.said or each.missing,
                "" if each.hit is None else _("as it is") if each.hit else _("it is otherwise"),
            )
            for each in recalled(lesson, at - 1, answers)
        )
    )


# -- what a class is given ------------------------------------------------------------------------


def _unanswered(lesson: Lesson, step: Step, at: int) -> list[Part]:
    """A step with room to write: nothing in it tells what comes out."""
    made: list[Part] = []
    if step.body and step.kind not in ("compare", "explain"):
        made.append(Prose(step.body))
    if step.question:
        made += _open(step, step.question)
    elif step.kind == "do":
        made.append(Lines(_("What you see:"), 3))
    elif step.kind == "compare":
        made.append(Metrics(tuple(Metric(e.title, "", "") for e in recalled(lesson, at - 1, {}))))
        made.append(Lines(_("Why is it so? In your own words:"), 3))
    elif step.kind == "explain":
        made.append(Lines(_("What the explanation says, in your own words:"), 4))
    return made


def _open(step: Step, question: Question) -> list[Part]:
    asked: list[Part] = [_choices(question)]
    asked.append(Choices(_("How sure are you?"), tuple(map(str, SURE.values()))))
    label = {
        "predict": _("Why do you think so?"),
        "observe": _("What did you see, in your own words?"),
    }.get(step.kind, _("Why?"))
    return [*asked, Lines(label, 2)]


def _choices(question: Question, ticked: frozenset[int] = frozenset()) -> Choices:
    answers = (*(choice.text for choice in question.choices), _("I don't know"))
    return Choices(question.text, answers, ticked)
