"""An epoch of training a translator against the same architecture in torch.

    python -m benchmarks.translation_training [--rounds N] [--cells gru,lstm] [--pairs N]

The architecture is `Seq2SeqTranslator`'s default: bidirectional encoder and decoder of 256 units,
vectors of 256, Luong's general attention, an output tied to the vectors, dropout of .2, label
smoothing of .1, 4,000 subwords a side, Adam, 64 pairs a step. Both sides get the same batches,
numpy arrays made once, of the Bible's short verses, sorted by length.

    torch           torch.nn.GRU or LSTM, sources packed, so that the result is the same
    torch unpacked  without packing: the backward direction reads the padding first
    ours            `fit` of the Keras model

They take turns, epoch by epoch, in one process, with as many threads each as there are cores; a
figure is the fastest epoch in seconds, the first, which compiles, not counted. Ratios above 1: ours
is faster. It takes five minutes on two free cores. Run it on a machine that does nothing else:
torch's threads wait for each other at every operation, and its epochs then take many times as long.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from benchmarks.timing import (
    cores,
    interleaved_minimum,
    print_header,
    print_machine,
    print_row,
)

CELLS = ("gru", "lstm")
BATCH = 64
LEARNING_RATE = 0.002


def contenders(
    cell: str, sources: list[str], targets: list[str], pairs: int
) -> dict[str, Callable[[], Any]]:
    """An epoch of each contender, on the same batches of some of the pairs."""
    import keras
    import tensorflow as tf
    import torch

    from benchmarks.peers.torch_translator import TorchTranslator, epoch
    from benchmarks.peers.translators import made
    from seqkit.training.examples import as_dataset

    optimizer = keras.optimizers.Adam(LEARNING_RATE)
    estimator, examples = made(sources, targets, cell=cell, optimizer=optimizer, batch_size=BATCH)
    rows = np.linspace(0, len(examples) - 1, min(pairs, len(examples))).astype(int)
    stream = examples.take(rows).dataset(BATCH, np.random.default_rng(0))
    # Copies: TensorFlow's own are not writable, of which torch warns.
    batches = [copied(batch) for batch in stream.as_numpy_iterator()]
    signature = examples.signature(BATCH)

    def fit() -> None:
        stream = as_dataset(lambda: iter(batches), signature)
        known = stream.apply(tf.data.experimental.assert_cardinality(len(batches)))
        estimator.model_.fit(known, epochs=1, verbose=0, shuffle=False)

    def torch_epoch(packed: bool) -> Callable[[], Any]:
        model = TorchTranslator(
            len(estimator.source_codec_),
            len(estimator.target_codec_),
            cell=cell,
            units=estimator.units,
            embedding_dim=estimator.embedding_dim,
            dropout=estimator.dropout,
            embedding_dropout=estimator.embedding_dropout,
            packed=packed,
        )
        ours = estimator.model_.count_params() - 1  # the rate of scheduled sampling is one
        theirs = sum(weight.numel() for weight in model.parameters())
        if abs(ours - theirs) > 0.01 * ours:
            raise RuntimeError(f"the models differ: {ours} weights here, {theirs} in torch")
        adam = torch.optim.Adam(model.parameters(), LEARNING_RATE)
        return lambda: epoch(model, adam, batches, estimator.label_smoothing)

    torch.set_num_threads(cores())
    return {"torch": torch_epoch(True), "torch unpacked": torch_epoch(False), "ours": fit}


def copied(batch: Any) -> Any:
    """A batch ((source, previous), target, weights) of arrays of its own."""
    (source, previous), target, weights = batch
    return (source.copy(), previous.copy()), target.copy(), weights.copy()


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--rounds", type=int, default=3, help="epochs of each; default 3")
    parser.add_argument("--cells", type=_cells, default=CELLS, help=f"some of {','.join(CELLS)}")
    parser.add_argument("--pairs", type=int, default=1920, help="in an epoch; default 1920")
    options = parser.parse_args()
    from benchmarks.peers.translators import verses

    found = verses()
    print_machine()
    names = ("torch", "torch unpacked", "ours")
    print_header(("cell", *(f"{n}, s" for n in names), *(f"{n} / ours" for n in names[:2])), left=1)
    for cell in options.cells:
        seconds = {
            name: ms / 1e3
            for name, ms in interleaved_minimum(
                contenders(cell, found.sources, found.targets, options.pairs),
                options.rounds,
                long=True,
            ).items()
        }
        ratios = [f"{seconds[name] / seconds['ours']:.2f}" for name in names[:2]]
        print_row((cell, *(f"{seconds[name]:.2f}" for name in names), *ratios))


def _cells(text: str) -> Sequence[str]:
    chosen = text.split(",")
    for name in chosen:
        if name not in CELLS:
            raise argparse.ArgumentTypeError(f"{name!r} is none of {', '.join(CELLS)}")
    return chosen


if __name__ == "__main__":
    main()
