"""Headings without a gap between their levels, whatever a page leaves out.

A figure's title is of the third level, under the title of a section as under that of a page: where
no section stands between, a screen reader is told the second.
"""

from __future__ import annotations

import streamlit as st

_COMPONENT = st.components.v2.component(
    "latent_lens_heading_levels",
    js="""
export default function () {
  const main = document.querySelector('[data-testid="stMain"]') ?? document.body
  const tell = () => {
    const above = [] // [level as written, level as told] of the headings around
    for (const heading of main.querySelectorAll("h1, h2, h3, h4, h5, h6")) {
      const written = Number(heading.tagName[1])
      while (above.length && above.at(-1)[0] >= written) above.pop()
      const told = above.length ? above.at(-1)[1] + 1 : written
      above.push([written, told])
      if (told === written) heading.removeAttribute("aria-level")
      else heading.setAttribute("aria-level", told)
    }
  }
  let waiting = null
  const changes = new MutationObserver(() => {
    waiting ??= requestAnimationFrame(() => {
      waiting = null
      tell()
    })
  })
  changes.observe(main, { childList: true, subtree: true })
  tell()
  return () => {
    cancelAnimationFrame(waiting)
    changes.disconnect()
  }
}
""",
)


def close_gaps() -> None:
    """Tell the levels of this page's headings anew whenever it changes."""
    with st.sidebar:
        _COMPONENT(key="heading_levels")
