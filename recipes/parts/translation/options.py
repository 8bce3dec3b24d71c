"""Options of the recipes from strings to strings, and the translator that these describe."""

from __future__ import annotations

import argparse
import math
import os
from collections.abc import Mapping
from typing import Any

from seqkit.cells import CELLS
from seqkit.cli.command_line import check_counts, check_runs_and_cell
from seqkit.cli.model_options import add_settings, settings
from seqkit.cli.run_folder import add_output
from seqkit.cli.tensorflow_log import import_quietly

ATTENTIONS = ("luong", "bahdanau", "none")
# Parameters of the estimator that are options of the same name.
_TAKEN = (
    "cell",
    "units",
    "encoder_units",
    "layers",
    "embedding_dim",
    "dropout",
    "embedding_dropout",
    "label_smoothing",
    "epochs",
    "batch_size",
)


def add_model_options(parser: argparse.ArgumentParser) -> Any:
    """Adds options of the model, which have no default here; returns their group."""
    model = parser.add_argument_group("model", "without a default here: by preset")
    model.add_argument("--cell", help=f"one of {', '.join(CELLS)}")
    model.add_argument("--units", type=int, help="of each layer of the decoder")
    model.add_argument(
        "--encoder-units", type=int, help="of each layer and direction of the encoder [as many]"
    )
    model.add_argument("--layers", type=int, help="recurrent layers, of encoder and decoder")
    model.add_argument("--attention", choices=ATTENTIONS, help="how the decoder reads the source")
    model.add_argument("--embedding-dim", type=int, help="size of a token's vector")
    model.add_argument("--dropout", type=float, help="fraction of outputs dropped in training")
    model.add_argument("--embedding-dropout", type=float, help="fraction of vectors' entries")
    model.add_argument("--label-smoothing", type=float, help="share spread over all tokens")
    model.add_argument("--epochs", type=int, help="passes over the data")
    model.add_argument("--batch-size", type=int, help="pairs a step")
    model.add_argument(
        "--learning-rate", type=float, help="of Adam; rises for --warm-up, then falls on a cosine"
    )
    model.add_argument("--warm-up", type=float, help="fraction of the steps")
    return model


def add_run_options(parser: argparse.ArgumentParser, name: str, compare: str | None = None) -> None:
    """Adds options of the run.

    Args:
        name: of the recipe.
        compare: what --compare does; None: there is no such option.
    """
    run = parser.add_argument_group("run")
    add_settings(run)
    if compare:
        text = f"{compare}; results of each are in a folder of its own"
        run.add_argument("--compare", action="store_true", help=text)
    run.add_argument("--seed", type=int, default=0, help="of the first run")
    run.add_argument("--seeds", type=int, default=1, help="number of runs, for mean and spread")
    add_output(run, f"runs/{name}")
    run.add_argument(
        "--checkpoint-dir", metavar="DIR", help="go on there where a run was interrupted"
    )
    run.add_argument("--export", metavar="DIR", help="folder for a SavedModel of the first run")


def settle(
    parser: argparse.ArgumentParser, options: argparse.Namespace, preset: Mapping[str, Any]
) -> argparse.Namespace:
    """Takes from the preset what was not given, and checks it."""
    for name, value in preset.items():
        if getattr(options, name, None) is None:
            setattr(options, name, value)
    if not options.learning_rate > 0:
        parser.error(f"--learning-rate must be above 0, got {options.learning_rate}")
    if not 0 <= options.warm_up < 1:
        parser.error(f"--warm-up must be a fraction in [0, 1), got {options.warm_up}")
    check_counts(parser, options, "epochs", "batch_size")
    check_runs_and_cell(parser, options)
    return options


def estimator(options: argparse.Namespace, pairs: int, seed: int, **more: Any) -> Any:
    """A translator, not fitted.

    Args:
        pairs: number of training pairs, on which the steps of the schedule depend.
        more: parameters that the options do not have.
    """
    import_quietly()
    import keras

    from seqkit import Seq2SeqTranslator

    steps = options.epochs * math.ceil(pairs / options.batch_size)
    warm_up = round(options.warm_up * steps)
    schedule = keras.optimizers.schedules.CosineDecay(
        0.0 if warm_up else options.learning_rate,
        max(1, steps - warm_up),
        warmup_target=options.learning_rate if warm_up else None,
        warmup_steps=warm_up,
    )
    folder = None
    if options.checkpoint_dir:  # one a training
        folder = os.path.join(
            options.checkpoint_dir, f"{options.cell}_{options.attention}_seed_{seed}"
        )
    model = Seq2SeqTranslator(
        **{name: getattr(options, name) for name in _TAKEN},
        attention=None if options.attention == "none" else options.attention,
        learning_rate=schedule,
        random_state=seed,
        checkpoint_dir=folder,
        early_stopping=False,  # the validation data are watched alone
        verbose=2,
        **more,
    )
    return model.set_params(**settings(options, "Seq2SeqTranslator"))


def name_of(options: argparse.Namespace) -> str:
    """The name of a model in tables."""
    attention = "no" if options.attention == "none" else options.attention
    return f"{options.cell}, {options.units} units x {options.layers}, {attention} attention"
