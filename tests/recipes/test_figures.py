"""The figures that the README quotes, trained again."""

from __future__ import annotations

import json

import numpy as np
import pytest

from recipes import series_classification


@pytest.mark.slow
@pytest.mark.parametrize("cell", ["lstm", "peephole_lstm", "gru"])
def test_japanese_vowels(cell, tmp_path):
    options = ["--cell", cell, "--seeds", "5", "--output", str(tmp_path)]
    assert series_classification.main(options) == 0
    metrics = json.loads((tmp_path / "metrics.json").read_text())
    assert np.mean([run["accuracy"] for run in metrics["runs"]]) >= 0.975
