"""The command line: `python -m seqkit`."""

from __future__ import annotations

import sys

from seqkit.cli.main import main

if __name__ == "__main__":
    sys.exit(main())
