"""The command line: `python -m vae COMMAND`; exits with 0, or 2 and one line on what was wrong."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from typing import NoReturn

from vae import commands
from vae.errors import UserError, error_line
from vae.i18n import _, closest, environment_language, languages, listed, speaking


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        raise UserError("{problem}. See `{command} --help`.", problem=message, command=self.prog)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command, in the language that is asked for; returns the exit status."""
    given = sys.argv[1:] if arguments is None else list(arguments)
    with speaking(_language(given)):
        try:
            options = build_parser().parse_args(given)
            commands.command(options.command).run(options)
        except UserError as error:
            print(error_line(str(error)), file=sys.stderr)
            return 2
        except KeyboardInterrupt:
            print(_("error: interrupted."), file=sys.stderr)
            return 2
        except BrokenPipeError:
            return 0
    return 0


def build_parser() -> argparse.ArgumentParser:
    """All commands with their options, in the language of here and now."""
    language = _Parser(add_help=False)
    language.add_argument(
        "--lang",
        type=_known,
        metavar="LANGUAGE",
        default=argparse.SUPPRESS,
        help=_("language of what is printed, as 'en'; else that of the environment (LANG)"),
    )
    parser = _Parser(
        prog="python -m vae",
        description=_("Train and question sentence VAEs."),
        parents=[language],
    )
    group = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for name in commands.NAMES:
        command = commands.command(name)
        text = str(command.HELP)
        command.add_options(group.add_parser(name, help=text, description=text, parents=[language]))
    return parser


def _language(arguments: Sequence[str]) -> str:
    # Help is worded while the parser is built, so the language has to be known before.
    finder = argparse.ArgumentParser(add_help=False, allow_abbrev=False)
    finder.add_argument("--lang", nargs="?")
    asked: str | None = finder.parse_known_args(arguments)[0].lang
    return closest([asked]) if asked else environment_language()


def _known(language: str) -> str:
    found = closest([language])
    if language.split("-")[0].split("_")[0].lower() != found.split("_")[0]:
        raise argparse.ArgumentTypeError(
            _(
                "there is no language '{language}'; choose {languages}",
                language=language,
                languages=listed(languages(), "or"),
            )
        )
    return found
