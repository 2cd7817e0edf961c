"""`python -m vae.i18n [LANGUAGE ...]`: bring catalogues up to the code, and say what they lack."""

from __future__ import annotations

import sys

from vae.i18n import ENGLISH, extraction, languages


def main(asked: list[str]) -> int:
    """Update each language, or those asked for; 1 where something is left to be translated."""
    wrong = 0
    for language in asked or [found for found in languages() if found != ENGLISH]:
        catalog = extraction.update(language)
        found = extraction.problems(language)
        print(f"{language}: {len(catalog):,} messages, {len(found):,} to mend")
        print("\n".join(found))
        wrong += len(found)
    return int(wrong > 0)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
