"""What pages share: text of others stays text, and a run that is gone is said to be."""

import shutil

import pytest

from pages.common.controls import plain_markdown, with_commands
from tests import fakes
from tests.pages.support import assert_calm, open_app, said
from vae.runs.catalogue import remember


def test_text_of_a_person_holds_no_markup_no_formula_and_no_icon():
    assert plain_markdown("**b** $x$") == r"\*\*b\*\* \$x\$"
    # Streamlit looks for names between colons after the escapes are gone.
    for name in (":material/home:", ":smile:", ":+1:"):
        assert f":{name.strip(':')}" not in plain_markdown(name).replace("\\", "")
    assert plain_markdown("at 12:30, or: never") == r"at 12\:30, or\: never"


def test_commands_in_a_sentence_are_code_and_the_rest_is_text():
    found = with_commands("No label '$x$'. Run `python -m vae study a_b`.")
    assert found == r"No label '\$x\$'. Run `python -m vae study a_b`."
    assert with_commands("a ` b") == r"a \` b"
    assert with_commands("``") == ""


@pytest.mark.parametrize("page", ["pages/explore/home.py", "pages/diagnose/meaning.py"])
def test_a_run_that_is_deleted_meanwhile_is_said_to_be_gone_once(tmp_path, page):
    run = fakes.store_run(tmp_path / "fleeting")
    remember(run.path)
    app = open_app(page, run="fleeting")
    shutil.rmtree(run.path)
    app.run()
    assert_calm(app)
    assert "no run 'fleeting' any more" in said(app)
    app.run()
    assert "fleeting" not in said(app)
