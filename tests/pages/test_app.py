"""The door: every page for every run, links, and what a page says when it cannot."""

import sys

import pytest
from streamlit.testing.v1 import AppTest

from tests.pages.support import PAGES, ROOT, assert_calm, open_app, said
from tests.threads import wait_policy
from vae.runs.catalogue import shipped_runs

RUNS = list(shipped_runs())


def test_no_script_lies_directly_in_pages():
    # One there would switch on Streamlit's old pages, and a deep link would not pass app.py.
    assert not list((ROOT / "pages").glob("*.py"))


def test_the_door_is_short():
    assert len((ROOT / "app.py").read_text(encoding="utf-8").splitlines()) < 80


def test_threads_sleep_while_they_wait():
    assert wait_policy("runpy.run_path('app.py')['loading'].wait()") == "passive"


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("run", RUNS)
def test_every_page_shows_every_shipped_run(page, run):
    app = open_app(page, run=run)
    assert_calm(app)
    assert app.title
    assert app.sidebar.selectbox(key="run_picker").value == run


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("kind", ["language_model", "unmapped", "not_gathered"])
def test_every_page_is_calm_where_something_is_missing(page, kind, request):
    app = open_app(page, run=request.getfixturevalue(kind))
    assert_calm(app)
    assert app.title


def test_a_bad_link_is_named_and_left_out():
    app = open_app(run="nope", t="7", seed="x1", method="walk", z="???")
    assert_calm(app)
    warnings = " ".join(w.value for w in app.warning)
    for part in ("run=nope", "t=7", "seed=x1", "method=walk", "z="):
        assert part in warnings
    assert app.query_params == {"open": "all"}  # what the link held beside
    app.run()
    assert not app.warning


def test_markup_in_a_link_is_shown_as_it_is_written():
    app = open_app(run="![x](http://example.org/x.png)")
    assert r"\!\[x\]\(http" in app.warning[0].value


def test_a_good_link_is_kept_on_every_page():
    app = open_app("pages/explore/interpolate.py", t="0.25", method="lerp", a="She loves the film.")
    app.switch_page("pages/explore/map.py").run()
    app.switch_page("pages/explore/interpolate.py").run()
    assert_calm(app)
    link = {k: v[0] if isinstance(v, list) else v for k, v in app.query_params.items()}
    a = "She loves the film."
    assert link == {"t": "0.25", "method": "lerp", "a": a, "open": "all"}


def test_the_run_stays_chosen_across_pages(unmapped):
    app = open_app()
    app.sidebar.selectbox(key="run_picker").select(unmapped).run()
    for page in PAGES:
        app.switch_page(page).run()
        assert app.sidebar.selectbox(key="run_picker").value == unmapped


def test_points_are_let_go_with_their_run(unmapped):
    app = open_app(z="AAAA", za="AAAA")
    app.sidebar.selectbox(key="run_picker").select(unmapped).run()
    assert "z" not in app.query_params
    assert "za" not in app.query_params


def test_a_run_that_is_gone_falls_back(tmp_path, unmapped):
    app = open_app(run=unmapped)
    (tmp_path / unmapped / "config.json").unlink()
    app.run()
    assert not app.exception
    assert app.sidebar.selectbox(key="run_picker").value == RUNS[0]


def test_a_damaged_run_says_so_without_a_traceback(tmp_path, unmapped):
    (tmp_path / unmapped / "weights.safetensors").write_bytes(b"no weights")
    app = open_app(run=unmapped)
    assert not app.exception
    assert "is damaged" in app.error[0].value


def test_an_unexpected_failure_is_a_calm_sentence():
    def script():
        from pages.common import controls

        with controls.page_error_boundary():
            raise ZeroDivisionError("secret detail")

    app = AppTest.from_function(script).run()
    assert not app.exception
    assert "fault of Latent Lens" in app.error[0].value
    assert "secret detail" not in app.error[0].value


def test_sentences_to_gather_are_offered_with_a_button(not_gathered):
    app = open_app(run=not_gathered)
    assert app.button(key=f"start_prepare-{not_gathered}").label == "Gather the sentences"


def test_work_under_way_is_followed_and_can_be_cancelled(not_gathered):

    from vae.runs import jobs

    key = f"prepare-{not_gathered}"
    jobs.start(key, [sys.executable, "-c", "import time; time.sleep(60)"])
    try:
        app = open_app(run=not_gathered)
        assert_calm(app)
        app.button(key=f"cancel_{key}").click().run()
        assert jobs.read(key).state == "cancelled"
        assert "The last attempt was cancelled." in said(app)
    finally:
        jobs.cancel(key)
