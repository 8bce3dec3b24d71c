"""Tables of results."""

from __future__ import annotations

import numpy as np

from seqkit.cli.printed_tables import spread


def test_spread():
    assert spread(list(np.array([0.97, 0.98]))) == "97.50 ± 0.71 %"
