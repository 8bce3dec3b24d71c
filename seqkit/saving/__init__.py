"""Fitted estimators as plain data, and files that appear whole or not at all."""

import seqkit.backend  # noqa: F401  (refuses another one than TensorFlow)
