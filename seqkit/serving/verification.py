"""The check of an exported version before it is served, by the runtime of its format alone."""

from __future__ import annotations

import json
import math
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from seqkit.extras import require
from seqkit.serving.json_rows import columns_of
from seqkit.serving.versions import (
    CARD,
    digest_of_card,
    digests,
    format_of,
    newest_version,
)

TOLERANCE = 1e-5
SHOWN = 5  # faults of one kind
# By format: what it is of, as faults call it, and the packages that look into it and run it.
RUNTIMES = {
    "saved_model": ("TensorFlow", ()),
    "onnx": ("ONNX", ("onnx", "onnxruntime")),
    "litert": ("LiteRT", ("ai_edge_litert",)),
}


@dataclass(frozen=True)
class Speed:
    """How soon a signature answered, in seconds.

    Attributes:
        first: the first answer.
        p50, p99: what half, and 99 of 100, answers to one row took at most.
        calls: how many answers these two are of.
        rows_per_second: in batches of 32.
    """

    first: float
    p50: float
    p99: float
    calls: int
    rows_per_second: float


@dataclass(frozen=True)
class Verification:
    """A version as `verify` found it; printed, it is a report.

    Attributes:
        version: the folder.
        faults: why it should not be served, in words; none of a version that is as it should be.
        foreign: operations that are not TensorFlow's, or of the runtime of the format; or need
            Python.
        outside: operations that reach files, the network or other processes.
        speed: by signature.
        compared: how many answers were as the card has them, or were not.
        runtime: what looked, such as "ONNX Runtime 1.23.2"; None where nothing did.
        format: of the version.
    """

    version: str
    faults: tuple[str, ...] = ()
    foreign: tuple[str, ...] = ()
    outside: tuple[str, ...] = ()
    speed: Mapping[str, Speed] = field(default_factory=dict)
    compared: int = 0
    runtime: str | None = None
    format: str = "saved_model"

    @property
    def tensorflow(self) -> str | None:
        """The version of TensorFlow that looked; None where none did."""
        name, _, version = (self.runtime or "").rpartition(" ")
        return version if name == "TensorFlow" else None

    @property
    def ok(self) -> bool:
        """Whether there is no fault."""
        return not self.faults

    def __str__(self) -> str:
        lines = [f"{self.version}: {'good' if self.ok else 'NOT GOOD'}"]
        lines += [f"  fault: {fault}" for fault in self.faults]
        if self.runtime:
            absent = "seqkit and Keras" if self.tensorflow else "seqkit, Keras and TensorFlow"
            name = RUNTIMES[self.format][0]
            lines.append(f"  {self.runtime}, without {absent}")
            lines.append(f"  operations not in {name}: {', '.join(self.foreign) or 'none'}")
            lines.append(f"  operations that reach outside: {', '.join(self.outside) or 'none'}")
        if self.compared:
            lines.append(f"  answers compared with the card: {self.compared}")
        for name, s in self.speed.items():
            lines.append(
                f"  {name}: one row p50 {s.p50 * 1e3:.2f} ms, p99 {s.p99 * 1e3:.2f} ms of "
                f"{s.calls} calls, the first {s.first * 1e3:.0f} ms; "
                f"{s.rows_per_second:,.0f} rows a second"
            )
        return "\n".join(lines)


def verify(
    directory: str | os.PathLike[str], *, seconds: float = 1.0, timeout: float = 600.0
) -> Verification:
    """Checks an exported version, without seqkit and Keras; of ONNX and LiteRT without TensorFlow.

    Its files must be those that were exported, by the digests of its card. Its graph is read, in a
    new process, before anything of it runs: where an operation is not TensorFlow's, or reaches
    files, the network or Python, the version is not loaded. Then the requests of the card are sent,
    and the answers compared with the card's, numbers to 1e-5, strings exactly.

    ONNX Runtime and LiteRT load versions of their formats. There operations must be ONNX's, or
    built into LiteRT, and weights in the file.

    The digests tell of damage, not of malice: who can change the files can change the card.

    Args:
        directory: a model's folder, of which the newest version is checked; or a version's.
        seconds: for how long the speed of each signature is measured; 0: not at all.
        timeout: seconds after which the process is ended.

    Returns:
        What was found. `ok` says whether it may be served.

    Raises:
        FileNotFoundError: where there is no version.
        MissingExtraError: where what runs the format is not installed.
    """
    version = newest_version(directory)
    format = format_of(version)
    for package in RUNTIMES[format][1]:
        require(package, f"verify of format {format!r}")
    asked: dict[str, Any] = {
        "version": str(version.resolve()),
        "format": format,
        "signatures": [],
        "requests": [],
        "seconds": seconds,
        "load": False,
    }
    try:
        card = read_card(version)
    except ValueError as error:
        report = _probed(asked, timeout)
        return _verification(version, [str(error), *_operations(report, format)], report, format)
    faults = list(_changed(version, card))
    if faults:
        return Verification(str(version), tuple(faults), format=format)
    try:
        requests, answers = _examples(card)
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        return Verification(str(version), (f"{CARD} is malformed: {error!r}.",), format=format)
    if not requests:
        faults.append(
            f"{CARD} has no examples, so that nothing can be compared. Export with "
            "include_example=True."
        )
    asked |= {"load": True, "requests": requests, "signatures": list(card["signatures"])}
    report = _probed(asked, timeout)
    faults += _operations(report, format)
    if "signatures" in report:
        faults += _other_signatures(card, report["signatures"], format)
        for request, expected, answer in zip(requests, answers, report["answers"], strict=True):
            for fault in _differences(expected, answer):
                faults.append(f"signature {request['signature']}: {fault}")
    return _verification(version, faults, report, format)


def read_card(version: Path) -> dict[str, Any]:
    """The card of a version.

    Raises:
        ValueError: where there is none, or one that is not as it was written.
    """
    try:
        card = json.loads((version / CARD).read_bytes())
        whole = card["sha256"] == digest_of_card(card)
    except FileNotFoundError as error:
        raise ValueError(f"There is no {CARD}: this was not exported by seqkit.") from error
    except (OSError, TypeError, KeyError, ValueError, RecursionError) as error:
        raise ValueError(f"{CARD} cannot be read: {error!r}.") from error
    if not whole:
        raise ValueError(f"{CARD} is not as it was written.")
    return card


def _changed(version: Path, card: Mapping[str, Any]) -> Iterator[str]:
    """The files that are not those of the export."""
    recorded, present = card["files"], digests(version)
    for verb, names in (
        ("is missing", [name for name in recorded if name not in present]),
        ("is not of this version", [name for name in present if name not in recorded]),
        (
            "is not as it was exported",
            [name for name in present if recorded.get(name, present[name]) != present[name]],
        ),
    ):
        for name in names[:SHOWN]:
            yield f"{name} {verb}."
        if len(names) > SHOWN:
            yield f"{len(names) - SHOWN} more: {verb}."


def _examples(card: Mapping[str, Any]) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """The requests of a card and their answers, as lists of rows by name."""
    requests, answers = [], []
    for name, signature in card["signatures"].items():
        if "example" in signature:
            rows = signature["example"]["request"]["instances"]
            inputs = columns_of(rows, list(signature["inputs"]))
            requests.append({"signature": name, "inputs": inputs})
            predictions = signature["example"]["answer"]["predictions"]
            answers.append(columns_of(predictions, list(signature["outputs"])))
    return requests, answers


def _probed(asked: Mapping[str, Any], timeout: float) -> dict[str, Any]:
    """All that a process of its own finds; under "error" why it finds no more."""
    program = Path(__file__).with_name("probe.py").read_text(encoding="utf-8")
    with tempfile.TemporaryDirectory(prefix="seqkit-verify-") as folder:
        out = Path(folder, "found.json")
        try:
            # As a text: a program in a file would have the modules beside it in its way.
            ended = subprocess.run(
                [sys.executable, "-c", program, str(out)],
                input=json.dumps(asked).encode(),
                cwd=folder,
                env={"TF_CPP_MIN_LOG_LEVEL": "3", **os.environ},
                capture_output=True,
                timeout=timeout,
                check=False,
            )
        except subprocess.TimeoutExpired:
            return {"error": f"no answer within {timeout:g} seconds"}
        if not out.exists():
            last = ended.stderr.decode(errors="replace").strip().splitlines()[-1:]
            said = f": {last[0]}" if last else ""
            return {"error": f"the process that loads it ended with {ended.returncode}{said}"}
        return json.loads(out.read_text(encoding="utf-8"))


def _operations(report: Mapping[str, Any], format: str) -> Iterator[str]:
    """Faults of a graph that was read, or could not be."""
    if "error" in report:
        yield f"It cannot be loaded: {report['error']}."
    if names := report.get("foreign"):
        lacking, listed = RUNTIMES[format][0], ", ".join(names)
        yield f"It has operations that {lacking} lacks, and was not loaded: {listed}."
    if names := report.get("outside"):
        yield f"It has operations that reach outside, and was not loaded: {', '.join(names)}."


def _other_signatures(
    card: Mapping[str, Any], signatures: Mapping[str, Any], format: str
) -> Iterator[str]:
    """Faults of signatures that are not as the card has them."""
    for name in signatures.keys() ^ card["signatures"].keys():
        where = "the graph" if name in signatures else "the card"
        yield f"Signature {name} is in {where} alone."
    for name in signatures.keys() & card["signatures"].keys():
        for side in ("inputs", "outputs"):
            told, read = card["signatures"][name][side], signatures[name][side]
            if told.keys() != read.keys() or not all(
                _fits(told[key], read[key], exactly=format == "saved_model") for key in told
            ):
                yield f"signature {name}: the {side} are not those of the card."


def _fits(told: Mapping[str, Any], read: Mapping[str, Any], *, exactly: bool) -> bool:
    """Whether a tensor is as the card has it. Files of other formats tell less of their sizes."""
    if told["dtype"] != read["dtype"]:
        return False
    sizes, others = told["shape"], read["shape"]
    if exactly or sizes is None or others is None:
        return sizes == others or not exactly
    return len(sizes) == len(others) and all(
        a == b or None in (a, b) for a, b in zip(sizes, others, strict=True)
    )


def _differences(expected: Mapping[str, Any], answer: Mapping[str, Any]) -> Iterator[str]:
    """The outputs of an answer that are not as expected."""
    for name, values in expected.items():
        wrong = [pair for pair in _pairs(values, answer.get(name)) if not _same(*pair)]
        if wrong:
            told, got = wrong[0]
            yield (
                f"{name} is not as the card has it, in {len(wrong)} places: {got!r} in place of "
                f"{told!r}."
            )


def _pairs(expected: Any, answered: Any) -> Iterator[tuple[Any, Any]]:
    """The values of two nested lists, side by side; the lists themselves where they differ."""
    if isinstance(expected, list) and isinstance(answered, list) and len(expected) == len(answered):
        for pair in zip(expected, answered, strict=True):
            yield from _pairs(*pair)
    else:
        yield expected, answered


def _same(expected: Any, answered: Any) -> bool:
    if isinstance(expected, float) and isinstance(answered, float):
        if math.isnan(expected) or math.isinf(expected):
            return math.isnan(answered) if math.isnan(expected) else answered == expected
        return abs(answered - expected) <= TOLERANCE * max(1.0, abs(expected))
    return type(expected) is type(answered) and expected == answered


def _verification(
    version: Path, faults: list[str], report: Mapping[str, Any], format: str
) -> Verification:
    return Verification(
        version=str(version),
        faults=tuple(faults),
        foreign=tuple(report.get("foreign", ())),
        outside=tuple(report.get("outside", ())),
        speed={name: Speed(**speed) for name, speed in report.get("speed", {}).items()},
        compared=len(report.get("answers", ())),
        runtime=report.get("runtime"),
        format=format,
    )
