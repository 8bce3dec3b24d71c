"""The parameters that name the columns of frames in long form."""

from __future__ import annotations

from seqkit import checks
from seqkit.estimators.parameters import parameter
from seqkit.readers.long_form import ID, TIME

ID_COLUMN = parameter(
    checks.column_name,
    "str",
    'Column of a long frame that names the series; instead of "unique_id", "instance" is read too.',
    default=ID,
)
TIME_COLUMN = parameter(
    checks.column_name,
    "str",
    'Column of a long frame that holds the times; instead of "ds", "time" is read too.',
    default=TIME,
)
