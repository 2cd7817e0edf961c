import streamlit as st

st.title("Dimensions")
