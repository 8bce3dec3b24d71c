"""Importing this package refuses another backend of Keras than TensorFlow.

Packages that need Keras import it first: Keras itself would fail deep inside of a backend that is
not installed, and seqkit deep inside of one that is.
"""

from seqkit.backend.check import BackendError, check_backend

__all__ = ["BackendError", "check_backend"]

check_backend()
