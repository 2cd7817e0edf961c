"""A place to drop a file, in the language of the page."""

from __future__ import annotations

import json
from typing import Any

import streamlit as st

from vae.i18n import _

# Streamlit says these words in English alone, and has no setting for them.
_STYLE = """<style>
.st-key-{key}_drop [data-testid="stFileUploaderDropzone"] > span button p,
.st-key-{key}_drop [data-testid="stFileUploaderDropzoneInstructions"] span {{ font-size: 0; }}
.st-key-{key}_drop [data-testid="stFileUploaderDropzone"] > span button p::after {{
  content: {choose}; font-size: 1rem;
}}
.st-key-{key}_drop [data-testid="stFileUploaderDropzoneInstructions"] span::after {{
  content: {limit}; font-size: 0.875rem;
}}
</style>"""


def dropzone(label: str, limit: str, *, key: str, **more: Any) -> Any:
    """As `st.file_uploader`; what stands in it is ours.

    Args:
        limit: which files are taken, and how large they may be.
        key: of the widget: letters, digits and underscores.
        more: what else `st.file_uploader` takes.
    """
    with st.container(key=f"{key}_drop"):
        st.html(_STYLE.format(key=key, choose=_quoted(_("Choose a file")), limit=_quoted(limit)))
        return st.file_uploader(label, key=key, **more)


def _quoted(text: str) -> str:
    """A text as a string of CSS that no tag can end."""
    return json.dumps(text, ensure_ascii=False).replace("<", "\\3c ")
