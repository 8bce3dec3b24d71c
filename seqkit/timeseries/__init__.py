"""Series of pandas onto a regular grid of time, and back."""
