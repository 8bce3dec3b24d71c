"""A long fit compiles once a length bucket, also for the last, smaller batch; a short one never."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

SCRIPT = """
import numpy as np
import seqkit

rng = np.random.default_rng(0)
lengths = np.repeat([5, 20], 70)  # with batches of 8: two buckets of nine batches, the last of six
X = [rng.normal(size=(n, 3)) for n in lengths]
with seqkit.layers.recurrence_path({path!r}):
    seqkit.SequenceClassifier("gru", units=4, batch_size=8, epochs=3).fit(X, np.arange(140) % 2)
"""


@pytest.mark.parametrize("path, directions", [("compiled", 2), ("auto", 0)])
def test_compilations_of_a_fit(path, directions, tmp_path):
    flags = f"--xla_dump_to={tmp_path} --xla_dump_hlo_as_text"
    environment = {**os.environ, "XLA_FLAGS": flags}
    subprocess.run(
        [sys.executable, "-c", SCRIPT.format(path=path)], check=True, env=environment, timeout=300
    )
    compiled = [p.name for p in tmp_path.glob("*before_optimizations.txt")]
    buckets = 2
    for program in ("run_forward", "run_backward"):
        assert sum(program in name for name in compiled) == directions * buckets, compiled
