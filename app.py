"""Latent Lens: the door of the app. Start it with `streamlit run app.py`."""

from pathlib import Path

import streamlit as st

from pages.common import controls, door, state

# Streamlit looks for pictures from where it was started, not from here.
MARKS = Path(__file__).parent / "pages" / "common"
st.set_page_config(page_title="Latent Lens", page_icon=str(MARKS / "icon.svg"), layout="wide")

SECTIONS = {
    "Explore": [
        st.Page(
            "pages/explore/home.py",
            title="Home",
            icon=":material/home:",
            default=True,
            help="What this is, and a sentence to try: what the model keeps of it.",
        ),
        st.Page(
            "pages/explore/map.py",
            title="Map",
            icon=":material/scatter_plot:",
            url_path="map",
            help="Up to 10,000 sentences, each where the model keeps it.",
        ),
        st.Page(
            "pages/explore/interpolate.py",
            title="Interpolate",
            icon=":material/linear_scale:",
            url_path="interpolate",
            help="Walk from one sentence to another and read what lies between.",
        ),
        st.Page(
            "pages/explore/dimensions.py",
            title="Dimensions",
            icon=":material/tune:",
            url_path="dimensions",
            help="Turn one dial of the latent space at a time.",
        ),
    ],
    "Train": [
        st.Page(
            "pages/train/training.py",
            title="Training",
            icon=":material/timeline:",
            url_path="training",
            help="How the chosen run learned, step by step; a run in progress appears live.",
        ),
        st.Page(
            "pages/train/compare.py",
            title="Compare",
            icon=":material/compare_arrows:",
            url_path="compare",
            help="Any set of runs on equal terms: rate and distortion, figures, sentences.",
        ),
        st.Page(
            "pages/train/clinic.py",
            title="Collapse clinic",
            icon=":material/healing:",
            url_path="clinic",
            help="Cause a posterior to collapse, and cure it, side by side in three minutes.",
        ),
        st.Page(
            "pages/train/sweep.py",
            title="Sweep",
            icon=":material/grid_on:",
            url_path="sweep",
            help="Train over a grid of one or two settings, and see what they trade.",
        ),
    ],
    "Diagnose": [
        st.Page(
            "pages/diagnose/collapse.py",
            title="Collapse",
            icon=":material/vital_signs:",
            url_path="collapse",
            help="Does the decoder read the latents, or has the posterior collapsed?",
        ),
    ],
}
page = st.navigation(SECTIONS)


st.logo(str(MARKS / "logo.svg"), icon_image=str(MARKS / "icon.svg"), size="large")
state.open_link(page.url_path)
with controls.page_error_boundary():
    controls.run_picker()
door.dismiss_false_alarm([p.url_path for pages in SECTIONS.values() for p in pages])
controls.link_problems()
page.run()
