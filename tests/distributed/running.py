"""Processes of Python that run beside a test."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping


def run(
    *arguments: object, environment: Mapping[str, str] = os.environ
) -> subprocess.CompletedProcess[str]:
    """Runs Python with these arguments, and this repository in front of what is installed."""
    return subprocess.run(
        [sys.executable, *map(str, arguments)],
        env={**environment, "TF_CPP_MIN_LOG_LEVEL": "3", "PYTHONPATH": os.getcwd()},
        capture_output=True,
        text=True,
        check=False,
    )
