"""The estimator of a recipe: as it is without arguments, but for what the command names."""

from __future__ import annotations

import argparse
from collections.abc import Collection, Mapping
from typing import Any

from seqkit.cli.command_line import check_counts
from seqkit.cli.model_options import (
    NOT_HERE,
    PREFIX,
    add_model_options,
    given_parameters,
    new_estimator,
)
from seqkit.cli.tensorflow_log import import_quietly


def add_estimator_options(
    parser: argparse.ArgumentParser, estimator: str, elsewhere: Collection[str] = ()
) -> Any:
    """Adds an option for each parameter of the estimator; returns their group.

    Args:
        parser: of the recipe.
        estimator: the name of a class.
        elsewhere: parameters that are options of another kind.
    """
    group = parser.add_argument_group(f"model: the parameters of seqkit.{estimator}")
    add_model_options(group, estimator, columns=("random_state", *elsewhere))
    return group


def check_runs(parser: argparse.ArgumentParser, options: argparse.Namespace) -> None:
    """Ends the program with a message where there is no such cell, or less than one run."""
    from seqkit.cells import check_cell

    check_counts(parser, options, "seeds")
    cell = getattr(options, f"{PREFIX}cell", None)
    if cell is not None:
        try:
            check_cell(cell)
        except ValueError as error:
            parser.error(f"--{error}")


def with_parameters(options: argparse.Namespace, **values: Any) -> argparse.Namespace:
    """A copy of the options that names these parameters as well."""
    named = {PREFIX + name: value for name, value in values.items()}
    return argparse.Namespace(**{**vars(options), **named})


def new_model(options: argparse.Namespace, estimator: str, seed: int, **own: Any) -> Any:
    """An estimator, checked, not fitted.

    Args:
        options: of the recipe; they go before `own`.
        estimator: the name of its class.
        seed: its random_state.
        own: parameters that the recipe settles.

    Raises:
        ValueError, TypeError: for a parameter that is out of its range, or that there is not.
    """
    given = given_parameters(options, estimator)
    import_quietly()
    return new_estimator(estimator, {**own, "random_state": seed, **given})


def config_of(options: argparse.Namespace, model: Any) -> Mapping[str, Any]:
    """All that makes the same run again: the options, and all parameters of the model."""
    own = {name: value for name, value in vars(options).items() if not name.startswith(PREFIX)}
    parameters = model.get_params(deep=False)
    return {**{name: parameters[name] for name in parameters if name not in NOT_HERE}, **own}
