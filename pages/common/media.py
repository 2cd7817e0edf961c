"""Files that a page's scripts ask for once it stands, and that a browser keeps by their digest."""

from __future__ import annotations

import streamlit as st
from streamlit import runtime

from pages.common.served import Served


def address(content: bytes | Served, name: str) -> str:
    """Where a browser of this session finds some bytes, by their digest, or a file of the disk.

    Args:
        name: of their place on the page: what is put there next takes their place.
    """
    if isinstance(content, Served):
        return content.url
    url = runtime.get_instance().media_file_mgr.add(content, "application/octet-stream", name)
    base = str(st.get_option("server.baseUrlPath") or "").strip("/")
    return f"/{base}{url}" if base else url
