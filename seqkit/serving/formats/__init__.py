"""Exports in other formats than TensorFlow's: converted, and asked, before they are written."""
