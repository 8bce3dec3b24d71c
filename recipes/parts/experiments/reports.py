"""Tables over seeds, a page made of them, and a picture of every run."""

from __future__ import annotations

import os
import shlex
import sys
import textwrap
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from seqkit.cli.run_folder import RunFolder


def mean_and_spread(values: Sequence[float], digits: int = 0) -> str:
    """Mean and standard deviation; "-" of nothing.

    Example:
        >>> mean_and_spread([1000, 3000]), mean_and_spread([0.5], 2), mean_and_spread([])
        ('2,000 ± 1,414', '0.50', '-')
    """
    if not len(values):
        return "-"
    mean = f"{np.mean(values):,.{digits}f}"
    return mean + (f" ± {np.std(values, ddof=1):,.{digits}f}" if len(values) > 1 else "")


def until_learned(
    numbers: Sequence[float | None], wrong: Sequence[float]
) -> tuple[str, str, str, str]:
    """Cells of a table: runs that learned, after how much in the mean and at most, and what is
    wrong then.

    Args:
        numbers: a run each, such as steps; None for a run that did not learn.
        wrong: shares, a run each.

    Example:
        >>> until_learned([1000, None, 3000], [0.0, 0.3, 0.0])
        ('2 of 3', '2,000 ± 1,414', '3,000', '10.0 %')
    """
    learned = [number for number in numbers if number is not None]
    most = f"{max(learned):,}" if learned else "-"
    share = f"{100 * np.mean(wrong):.1f} %"
    return f"{len(learned)} of {len(numbers)}", mean_and_spread(learned), most, share


def command_of(program: str, arguments: Sequence[str] | None) -> str:
    """The command that runs a recipe, as one would type it where no results are yet.

    Args:
        program: such as "python -m recipes.long_lags".
        arguments: after it; None for those of this process.

    Example:
        >>> command_of("python -m recipes.long_lags", ["--cells", "gru, open"])
        "python -m recipes.long_lags --cells 'gru, open'"
    """
    given = sys.argv[1:] if arguments is None else arguments
    return shlex.join([*program.split(), *(word for word in given if word != "--overwrite")])


class Table:
    """A table of Markdown that is printed row by row, as results come.

    Args:
        title: a heading.
        columns: their names.
    """

    def __init__(self, title: str, *columns: str) -> None:
        self.title, self.notes = title, ""
        self.lines = [f"| {' | '.join(columns)} |", "|---" * len(columns) + "|"]
        print("", title, "", *self.lines, sep="\n", flush=True)

    def add(self, *cells: Any) -> None:
        """Adds a row."""
        self.lines.append(f"| {' | '.join(map(str, cells))} |")
        print(self.lines[-1], flush=True)

    def note(self, text: str) -> None:
        """Says something below the table."""
        self.notes = f"{self.notes} {text}".strip()
        print("", text, sep="\n", flush=True)


class Report:
    """The findings of a run: tables, a page, and how long it took.

    Args:
        title: of the page.
        command: that makes it, below which the page says so.
        text: what the page is about.
    """

    def __init__(self, title: str, command: str, text: str) -> None:
        self.title, self.command, self.text = title, command, text
        self.tables: list[Table] = []
        self._started = time.process_time()

    def table(self, title: str, *columns: str) -> Table:
        """Begins a table."""
        self.tables.append(Table(title, *columns))
        return self.tables[-1]

    def page(self, picture: str | None = None) -> str:
        """The page, as Markdown."""
        minutes = (time.process_time() - self._started) / 60
        parts = [
            f"# {self.title}",
            *(_filled(text) for text in self.text.split("\n\n")),
            f"Printed by `{self.command}`, in {minutes:.0f} minutes of one core.",
        ]
        for table in self.tables:
            parts += [f"## {table.title}", "\n".join(table.lines)]
            parts += [_filled(table.notes)] if table.notes else []
        if picture is not None:
            parts.append(f"![Each run of the tables]({picture})")
        return "\n\n".join(parts) + "\n"

    def finish(
        self,
        output: RunFolder,
        results: Mapping[str, Any],
        panels: Sequence[Panel],
        path: str | None,
        line: str = "published",
    ) -> None:
        """Writes the results and their picture into a folder, and the page where one is asked for.

        Args:
            output: for metrics.json and runs.png.
            results: runs, in dicts and lists, plain or as named tuples.
            panels: of the picture.
            path: of the page, or None.
            line: the meaning of the line of a panel.
        """
        output.write_json("metrics", _plain(results))
        figure = picture_of_runs(panels, line)
        output.write_figure("runs", figure)
        if path:
            self.write(path, figure)

    def write(self, path: str | os.PathLike[str], figure: Any = None) -> None:
        """Writes the page, and the picture into the folder `images` beside the page's folder."""
        path = Path(path)
        path.parent.mkdir(parents=True, exist_ok=True)
        picture = None
        if figure is not None:
            images = path.parent.parent / "images"
            images.mkdir(exist_ok=True)
            figure.savefig(images / f"{path.stem}.png", dpi=120)
            picture = f"../images/{path.stem}.png"
        path.write_text(self.page(picture), encoding="utf-8")


def _plain(results: Any) -> Any:
    if isinstance(results, Mapping):
        return {name: _plain(value) for name, value in results.items()}
    if isinstance(results, list):
        return [_plain(value) for value in results]
    return results._asdict() if hasattr(results, "_asdict") else results


def _filled(text: str) -> str:
    return textwrap.fill(" ".join(text.split()), 115)


class Panel(NamedTuple):
    """One panel of a picture.

    Attributes:
        title: above it.
        unit: below it, of its numbers.
        runs: by row, a number a run; None for a run that came to nothing.
        published: where a line is drawn, or None.
        logarithmic: whether the numbers are on such a scale.
    """

    title: str
    unit: str
    runs: Mapping[str, Sequence[float | None]]
    published: float | None = None
    logarithmic: bool = True


def picture_of_runs(panels: Sequence[Panel], line: str = "published") -> Any:
    """Draws a dot a run, side by side in panels; runs that came to nothing are counted.

    Args:
        panels: from left to right.
        line: the meaning of the line of a panel.
    """
    from matplotlib.figure import Figure

    rows = list(dict.fromkeys(row for panel in panels for row in panel.runs))
    size = (4 * len(panels) + 2, 0.35 * len(rows) + 1.4)
    figure = Figure(figsize=size, layout="constrained")
    for place, panel in enumerate(panels):
        axes = figure.add_subplot(1, len(panels), place + 1)
        for row, values in panel.runs.items():
            numbers = [value for value in values if value is not None]
            height = len(rows) - 1 - rows.index(row)
            axes.plot(numbers, [height] * len(numbers), "o", alpha=0.5, color="tab:blue")
            if failed := len(values) - len(numbers):
                axes.text(
                    1.01, height, f"{failed} of {len(values)} not", va="center",
                    transform=axes.get_yaxis_transform(), fontsize="small",
                )  # fmt: skip
        if panel.published is not None:
            axes.axvline(panel.published, color="tab:red")
            axes.text(
                panel.published, 0, f"{line} ", color="tab:red", rotation=90, ha="right",
                va="bottom", transform=axes.get_xaxis_transform(), fontsize="small",
            )  # fmt: skip
        if panel.logarithmic and any(value == 0 for runs in panel.runs.values() for value in runs):
            axes.set_xscale("symlog", linthresh=1)
            axes.set_xlim(left=-0.2)
        elif panel.logarithmic:
            axes.set_xscale("log")
            axes.xaxis.set_minor_formatter("")  # which would overlap
        axes.set(title=panel.title, xlabel=panel.unit, ylim=(-0.5, len(rows) - 0.5))
        axes.set_yticks(range(len(rows)), reversed(rows) if place == 0 else [])
    return figure
