"""A worker's process: joins the others, and runs the script."""

from __future__ import annotations

import os
import runpy
import sys
import threading
import time
from pathlib import Path


def main() -> None:
    script = sys.argv[1]
    _end_with_the_launcher()
    from seqkit.distributed.joining import join
    from seqkit.distributed.workers import is_chief, losses_named

    join()
    sys.argv = sys.argv[1:]
    sys.path[0] = str(Path(script).resolve().parent)
    if not is_chief():  # all print the same
        sys.stdout = open(os.devnull, "w")  # noqa: SIM115, for as long as the process lives
    with losses_named():
        runpy.run_path(script, run_name="__main__")


def _end_with_the_launcher() -> None:
    """Ends the process when the launcher is gone, which a kill of it alone would not do."""
    launcher = os.environ.get("SEQKIT_LAUNCHER")
    if not launcher or os.name == "nt":
        return

    def watch() -> None:
        while os.getppid() == int(launcher):
            time.sleep(0.5)
        os._exit(1)

    threading.Thread(target=watch, daemon=True).start()


if __name__ == "__main__":
    main()
