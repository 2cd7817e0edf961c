"""Placeholder of the page under work."""

import streamlit as st

st.title("Under work", anchor=False)
