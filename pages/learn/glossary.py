"""What do the technical words mean?"""

from __future__ import annotations

import streamlit as st

from pages.common import controls
from pages.common.components import glossary
from vae.i18n import _

st.title(_("What do the words mean?"), anchor=False)
with controls.page_error_boundary():
    st.caption(
        _(
            "On every page, the words that are listed here answer where they stand: rest the "
            "pointer on one, or tap it. The first of each is underlined with dots."
        )
    )
    glossary.show("glossary", everything=True)
