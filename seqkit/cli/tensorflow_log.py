"""TensorFlow's log, which is no part of a recipe's output."""

from __future__ import annotations

import importlib
import os
import re
import sys
import tempfile

LEVEL = "TF_CPP_MIN_LOG_LEVEL"
QUIET = "3"  # errors come as exceptions besides
_SEVERITIES = "IWEF"  # information, warning, error, fatal: the first letter of a message
_PREAMBLE = "WARNING: All log messages before absl::InitializeLog()"


def import_quietly() -> None:
    """Imports TensorFlow, and shows what it says only from a severity on.

    That is the user's TF_CPP_MIN_LOG_LEVEL, and otherwise that of fatal errors. TensorFlow heeds it
    only after its log was set up: what it says before, of the processor and of missing drivers, is
    held back here. Level 0 holds nothing back, nor does an import that fails. A process that dies
    in the import takes what was held back with it; level 0 shows that too.
    """
    level = os.environ.setdefault(LEVEL, QUIET)
    if "tensorflow" in sys.modules or level not in ("1", "2", "3"):
        importlib.import_module("tensorflow")
        return
    sys.stderr.flush()
    stderr = os.dup(2)
    with tempfile.TemporaryFile() as held_back:
        os.dup2(held_back.fileno(), 2)
        shown = _SEVERITIES
        try:
            importlib.import_module("tensorflow")
            shown = _SEVERITIES[int(level) :]
        finally:
            sys.stderr.flush()
            os.dup2(stderr, 2)
            os.close(stderr)
            held_back.seek(0)
            lines = held_back.read().decode("utf-8", "replace").splitlines()
            for line in lines:
                severity = re.match(rf"([{_SEVERITIES}])\d{{4}} ", line)
                if not line.startswith(_PREAMBLE) and (not severity or severity[1] in shown):
                    print(line, file=sys.stderr)
