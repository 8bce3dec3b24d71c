"""The verb describe: what a saved model is, and how it was trained; or how it is served."""

from __future__ import annotations

import argparse
import json
import os
from collections.abc import Sequence
from typing import Any

from seqkit.cli.command_line import Parser
from seqkit.cli.declarations import declared_parameters, shown_value
from seqkit.cli.models import add_model, loaded
from seqkit.cli.tasks import task_of

TEXT = "what a model is: parameters, what its training chose, sizes"


def parser(prog: str, arguments: Sequence[str]) -> argparse.ArgumentParser:
    """The parser of its options."""
    made = Parser(
        prog=prog,
        description="Say what a model is, and how it was trained; of the folder of an export, how "
        "it is served.",
    )
    add_model(made)
    made.add_argument("--json", action="store_true", help="for programs")
    return made


def run(options: argparse.Namespace) -> None:
    """Prints it."""
    if os.path.isdir(options.model):
        if options.json:
            raise ValueError("--json is of a file that `train` or `save` wrote, not of an export.")
        from seqkit import serving

        print(serving.describe(options.model))
        return
    facts = description(loaded(options.model))
    if options.json:
        print(json.dumps(facts, indent=2, ensure_ascii=False, default=str))
        return
    print(f"{facts['estimator']}, for {facts['task']}: {facts['weights']:,} weights")
    _section("parameters other than the defaults", facts["parameters"])
    _section("columns", facts["columns"])
    chosen = {k: f"{shown_value(c['value'])}: {c['reason']}" for k, c in facts["chosen"].items()}
    _section("chosen by the training", chosen)
    _section("training", facts["training"])
    if facts["classes"] is not None:
        shown = [str(label) for label in facts["classes"][:20]]
        more = f", and {len(facts['classes']) - 20} more" if len(facts["classes"]) > 20 else ""
        print(f"\nclasses\n  {', '.join(shown)}{more}")


def description(model: Any) -> dict[str, Any]:
    """Tells what there is to say of a fitted estimator, as plain data."""
    name = type(model).__name__
    task = task_of(model)
    declared = declared_parameters(name)
    history = {k: values[-1] for k, values in model.history_.items() if values}
    classes = getattr(model, "classes_", None)
    return {
        "estimator": name,
        "task": task.name,
        "weights": int(model.model_.count_params()),
        "parameters": {
            parameter: getattr(model, parameter)
            for parameter, known in declared.items()
            if shown_value(getattr(model, parameter)) != shown_value(known.default)
        },
        "columns": {k: v for k, v in task.column_names(model).items() if v},
        "chosen": {
            parameter: {"value": choice.value, "reason": choice.reason}
            for parameter, choice in model.chosen_.items()
        },
        "training": {
            "epochs": model.n_iter_,
            "best epoch": model.best_epoch_,
            **{f"{k.replace('_', ' ')} of the last epoch": v for k, v in history.items()},
        },
        "classes": None if classes is None else classes.tolist(),
    }


def _section(title: str, entries: dict[str, Any]) -> None:
    if entries:
        print(f"\n{title}")
        for name, value in entries.items():
            shown = f"{value:.6g}" if isinstance(value, float) else shown_value(value)
            print(f"  {name}: {shown}")
