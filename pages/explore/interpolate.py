import streamlit as st

st.title("Interpolate")
