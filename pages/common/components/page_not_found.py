"""A false alarm at the door, and how it is switched off.

Streamlit takes a script beside a folder named `pages` for an app of its old multi-page kind until
`st.navigation` has run once. The very first visitor of a server who comes by a link to a page then
sees "Page not found" over the page that was found. Nothing in Python can take it back.
"""

import streamlit as st

_COMPONENT = st.components.v2.component(
    "latent_lens_door",
    js="""
export default function ({ data }) {
  const here = window.location.pathname.replace(/\\/+$/, "").split("/").pop()
  if (!data.paths.includes(here)) return
  const close = () => {
    for (const dialog of document.querySelectorAll("[role=dialog]")) {
      const title = dialog.querySelector("h2")
      if (title && title.textContent.trim() === "Page not found") {
        dialog.querySelector("button[aria-label=Close]")?.click()
      }
    }
  }
  close()
  const observer = new MutationObserver(close)
  observer.observe(document.body, { childList: true, subtree: true })
  const timer = window.setTimeout(() => observer.disconnect(), 10000)
  return () => {
    window.clearTimeout(timer)
    observer.disconnect()
  }
}
""",
)


def dismiss_false_alarm(paths: list[str]) -> None:
    """Close a "Page not found" where the address names one of the app's own pages."""
    with st.sidebar:
        # A list would be looked at for data frames, for which pandas is loaded.
        _COMPONENT(key="door", data={"paths": tuple(paths)})
