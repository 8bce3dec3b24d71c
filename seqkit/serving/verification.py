"""The check of an exported version before it is served, in a process without seqkit and Keras."""

from __future__ import annotations

import json
import math
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from seqkit.serving.json_rows import columns_of
from seqkit.serving.versions import (
    CARD,
    check_is_saved_model,
    digest_of_card,
    digests,
    newest_version,
)

TOLERANCE = 1e-5
SHOWN = 5  # faults of one kind


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
        foreign: operations that are not TensorFlow's, or need Python.
        outside: operations that reach files, the network or other processes.
        speed: by signature.
        compared: how many answers were as the card has them, or were not.
        tensorflow: the version of TensorFlow that looked; None where none did.
    """

    version: str
    faults: tuple[str, ...] = ()
    foreign: tuple[str, ...] = ()
    outside: tuple[str, ...] = ()
    speed: Mapping[str, Speed] = field(default_factory=dict)
    compared: int = 0
    tensorflow: str | None = None

    @property
    def ok(self) -> bool:
        """Whether there is no fault."""
        return not self.faults

    def __str__(self) -> str:
        lines = [f"{self.version}: {'good' if self.ok else 'NOT GOOD'}"]
        lines += [f"  fault: {fault}" for fault in self.faults]
        if self.tensorflow:
            lines.append(f"  TensorFlow {self.tensorflow}, without seqkit and Keras")
            lines.append(f"  operations not in TensorFlow: {', '.join(self.foreign) or 'none'}")
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
    """Checks an exported version, without seqkit and Keras.

    Its files must be those that were exported, by the digests of its card. Its graph is read, in a
    new process, before anything of it runs: where an operation is not TensorFlow's, or reaches
    files, the network or Python, the version is not loaded. Then the requests of the card are sent,
    and the answers compared with the card's, numbers to 1e-5, strings exactly.

    The digests tell of damage, not of malice: who can change the files can change the card.

    Args:
        directory: a model's folder, of which the newest version is checked; or a version's.
        seconds: for how long the speed of each signature is measured; 0: not at all.
        timeout: seconds after which the process is ended.

    Returns:
        What was found. `ok` says whether it may be served.

    Raises:
        FileNotFoundError: where there is no version.
        ValueError: for a version of another format than a SavedModel's.
    """
    version = newest_version(directory)
    check_is_saved_model(version)
    try:
        card = read_card(version)
    except ValueError as error:
        report = _probed(version, [], 0, timeout, load=False)
        return _verification(version, [str(error), *_operations(report)], report)
    faults = list(_changed(version, card))
    if faults:
        return Verification(str(version), tuple(faults))
    try:
        requests, answers = _examples(card)
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        return Verification(str(version), (f"{CARD} is malformed: {error!r}.",))
    if not requests:
        faults.append(
            f"{CARD} has no examples, so that nothing can be compared. Export with "
            "include_example=True."
        )
    report = _probed(version, requests, seconds, timeout)
    faults += _operations(report)
    if "signatures" in report:
        faults += _other_signatures(card, report["signatures"])
        for request, expected, answer in zip(requests, answers, report["answers"], strict=True):
            for fault in _differences(expected, answer):
                faults.append(f"signature {request['signature']}: {fault}")
    return _verification(version, faults, report)


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


def _probed(
    version: Path,
    requests: Sequence[Mapping[str, Any]],
    seconds: float,
    timeout: float,
    *,
    load: bool = True,
) -> dict[str, Any]:
    """All that a process of its own found; under "error" why it found no more."""
    asked = {
        "version": str(version.resolve()),
        "requests": list(requests),
        "seconds": seconds,
        "load": load,
    }
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


def _operations(report: Mapping[str, Any]) -> Iterator[str]:
    """Faults of a graph that was read, or could not be."""
    if "error" in report:
        yield f"It cannot be loaded: {report['error']}."
    if names := report.get("foreign"):
        yield f"It has operations that TensorFlow lacks, and was not loaded: {', '.join(names)}."
    if names := report.get("outside"):
        yield f"It has operations that reach outside, and was not loaded: {', '.join(names)}."


def _other_signatures(card: Mapping[str, Any], signatures: Mapping[str, Any]) -> Iterator[str]:
    """Faults of signatures that are not as the card has them."""
    for name in signatures.keys() ^ card["signatures"].keys():
        where = "the graph" if name in signatures else "the card"
        yield f"Signature {name} is in {where} alone."
    for name in signatures.keys() & card["signatures"].keys():
        for side in ("inputs", "outputs"):
            told = {
                key: {"dtype": tensor["dtype"], "shape": tensor["shape"]}
                for key, tensor in card["signatures"][name][side].items()
            }
            if told != signatures[name][side]:
                yield f"signature {name}: the {side} are not those of the card."


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


def _verification(version: Path, faults: list[str], report: Mapping[str, Any]) -> Verification:
    return Verification(
        version=str(version),
        faults=tuple(faults),
        foreign=tuple(report.get("foreign", ())),
        outside=tuple(report.get("outside", ())),
        speed={name: Speed(**speed) for name, speed in report.get("speed", {}).items()},
        compared=len(report.get("answers", ())),
        tensorflow=report.get("tensorflow"),
    )
