"""The verbs of the command line, a module each; importing one imports nothing heavy.

A verb has `TEXT`, which says in a line what it does; `parser`, which makes the parser of its
options; and `run`, which does it, and may return an exit code.
"""

from __future__ import annotations

# In the order in which they are listed: the verb, and its module.
VERBS = {
    "train": "train",
    "predict": "predict",
    "evaluate": "evaluate",
    "forecast": "forecast",
    "export": "export",
    "verify": "verify",
    "describe": "describe",
    "ls": "lists",
    "copy": "copying",
}
