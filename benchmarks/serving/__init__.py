"""Exported models under load; `python -m benchmarks.serving`."""
