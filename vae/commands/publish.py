"""`python -m vae publish`: a run without its text, to be given to everyone."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from pathlib import Path

from vae.commands.console import bar, say
from vae.commands.options import add_run, add_seed
from vae.corpora.labels_by_rule import RULES
from vae.i18n import _, message

HELP = message("copy a run without a sentence of its text, to be given to everyone")


def add_options(parser: ArgumentParser) -> None:
    """A run, where the copy goes, its text, and what is said of that."""
    add_run(parser)
    parser.add_argument("--out", type=Path, required=True, help=_("the run directory to make"))
    parser.add_argument(
        "--data", type=Path, help=_("the text that it learned from, where it lies elsewhere now")
    )
    parser.add_argument(
        "--labels-by-rule",
        choices=tuple(RULES),
        help=_("labels that are read off the sentences: mood, polarity, person and tense"),
    )
    parser.add_argument(
        "--examples", type=Path, help=_("a file of sentences of your own to start from, one a line")
    )
    parser.add_argument("--origin", help=_("whose text it is, for the run's card"))
    parser.add_argument("--licence", help=_("the licence of the text, for the run's card"))
    add_seed(parser)


def run(options: Namespace) -> None:
    """Make the copy, and say what is not in it."""
    from vae import corpora
    from vae.corpora.labels_by_rule import labelled
    from vae.corpora.lines import lines
    from vae.errors import UserError
    from vae.explorer import Explorer
    from vae.sharing.publishing import publish

    explorer = Explorer.load(options.run)
    source = explorer.facts()["corpus"]["source"]
    if options.data is not None:
        source = {**source, "path": str(options.data)}
    corpus = corpora.rebuild(source, bar())
    if corpus.digest != explorer.facts()["corpus"]["digest"]:
        raise UserError(
            "The text given is not the one that '{run}' was trained on. Give the same file.",
            run=explorer.name,
        )
    examples: list[str] = []
    if options.examples is not None:
        examples = lines(options.examples.read_text(encoding="utf-8"))
    card = {"origin": options.origin, "licence": options.licence}
    made = publish(
        explorer.run,
        options.out,
        labelled(corpus, options.labels_by_rule),
        examples=examples,
        card={name: said for name, said in card.items() if said},
        seed=options.seed,
        progress=bar(),
    )
    say(_("{run} holds no sentence of its text.", run=str(made.path)))
