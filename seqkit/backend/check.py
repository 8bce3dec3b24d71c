"""Keras's backend, which must be TensorFlow."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

EXPECTED = "tensorflow"
VARIABLE = "KERAS_BACKEND"


class BackendError(RuntimeError):
    """Keras runs on another backend than TensorFlow, or is to do so."""


def check_backend() -> None:
    """Refuses another backend; Keras need not be imported for it.

    Raises:
        BackendError: that says where the backend is named, and how to name another.

    Example:
        >>> check_backend()
    """
    reason = "for seqkit, whose layers and exports are TensorFlow's"
    keras = sys.modules.get("keras")
    if keras is not None:
        name = keras.config.backend()
        if name != EXPECTED:
            raise BackendError(
                f"{VARIABLE} must be {EXPECTED!r} {reason}, got {name!r}, on which Keras runs in "
                f"this process already. Start a new one with {VARIABLE}={EXPECTED}."
            )
        return
    name, where = _configured()
    if name == EXPECTED:
        return
    if where is None:
        raise BackendError(
            f"{VARIABLE} must be {EXPECTED!r} or unset {reason}, got {name!r}. Unset it, or set it "
            f"to {EXPECTED} before Keras is imported: os.environ[{VARIABLE!r}] = {EXPECTED!r}."
        )
    raise BackendError(
        f'"backend" in {where} must be {EXPECTED!r} {reason}, got {name!r}. Change it there, or '
        f"set {VARIABLE}={EXPECTED}, which goes before it."
    )


def _configured() -> tuple[str, Path | None]:
    """The backend that Keras would choose, and the file that names it, if one does."""
    if name := os.environ.get(VARIABLE):
        return name, None
    home = os.environ.get("KERAS_HOME") or os.path.join(os.path.expanduser("~"), ".keras")
    path = Path(home, "keras.json")
    try:
        return str(json.loads(path.read_text()).get("backend", EXPECTED)), path
    except (OSError, ValueError, AttributeError):  # as Keras does
        return EXPECTED, None
