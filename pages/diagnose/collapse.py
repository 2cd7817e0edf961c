import streamlit as st

st.title("Collapse")
