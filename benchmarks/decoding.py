"""Decoding of 1,000 sentences against a `predict` call a token, as Keras's own example decodes.

    python -m benchmarks.decoding [--epochs N] [--pairs N] [--rounds N] [--sentences N]

A translator (GRU 256, Luong attention, 4,000 subwords a side) is trained for some epochs on the
Bible's short verses, so that its outputs end where such outputs end. Measured is how long `predict`
takes for test sentences, greedy and with a beam of 5, from strings to strings.

Keras's example of sequence-to-sequence learning reads a sentence with `encoder.predict` and writes
it with a `decoder.predict` for each token, one sentence after the other. The contender "Keras's
way" does that with the same weights, greedily; it is measured on a few sentences, and its time for
all is computed from its time for one. That both write the same is checked first.

All take turns in one process; a figure is the fastest of the rounds.
"""

from __future__ import annotations

import argparse
import math
from collections.abc import Callable
from typing import Any

import keras
import numpy as np
import tensorflow as tf

from benchmarks.peers.translators import verses
from benchmarks.timing import interleaved_minimum, print_header, print_machine, print_row
from seqkit.estimators.translation.text_sides import SLACK
from seqkit.models.seq2seq.decoder import Memory

SENTENCES, FEW = 1000, 5
BEAM = 5


class Encoder(keras.Model):
    """From source ids to the decoder's first state, and what it reads at each step."""

    def __init__(self, model: Any) -> None:
        super().__init__()
        self.model = model

    def call(self, ids: Any) -> dict[str, Any]:
        encoded = self.model.encode(ids)
        memory = encoded.memory
        return {
            "state": encoded.state,
            "outputs": memory.outputs,
            "mask": memory.mask,
            "keys": memory.keys,
        }


class Decoder(keras.Model):
    """One step: from the token before to the scores of the next one."""

    def __init__(self, model: Any) -> None:
        super().__init__()
        self.model = model

    def call(self, inputs: dict[str, Any]) -> dict[str, Any]:
        memory = Memory(inputs["outputs"], inputs["mask"], inputs["keys"], None)
        logits, state, _ = self.model.step(inputs["token"], inputs["state"], memory)
        return {"logits": logits, "state": state}


def keras_way(estimator: Any, sentences: list[str]) -> Callable[[], list[str]]:
    """Greedy search with a `predict` call a token, one sentence after the other."""
    encoder, decoder = Encoder(estimator.model_), Decoder(estimator.model_)
    source, target = estimator.source_codec_, estimator.target_codec_
    end = target.end_id

    def written(sentence: str) -> np.ndarray:
        ids = np.append(source.encode([sentence])[0], source.end_id)
        found = encoder.predict(ids[None], verbose=0)
        inputs = {**found, "token": np.full((1, 1), end, np.int32)}
        tokens: list[int] = []
        # As long as predict's outputs may be, or one that never ends would make it look slow.
        limit = min(
            math.ceil((len(ids) - 1 + SLACK) * estimator._target.ratio - 1e-3),
            estimator._target.longest,
        )
        while len(tokens) < limit:
            step = decoder.predict(inputs, verbose=0)
            scores = step["logits"][0, 0]
            scores[:2] = -np.inf  # padding and the unknown token are never written
            token = int(scores.argmax())
            if token == end:
                break
            tokens.append(token)
            inputs |= {"state": step["state"], "token": np.full((1, 1), token, np.int32)}
        return np.array(tokens, np.int32)

    return lambda: target.decode([written(sentence) for sentence in sentences])


def fitted(epochs: int, pairs: int | None) -> Any:
    import seqkit

    found = verses()
    estimator = seqkit.Seq2SeqTranslator(epochs=epochs, random_state=0)
    return estimator.fit(found.sources[:pairs], found.targets[:pairs])


def measure(estimator: Any, sentences: list[str], rounds: int) -> dict[str, float]:
    """Seconds a sentence, by contender.

    Raises:
        RuntimeError: where the two ways write different texts.
    """
    few = sentences[:: max(1, len(sentences) // FEW)][:FEW]
    one_by_one = keras_way(estimator, few)
    expected, got = one_by_one(), estimator.predict(few, beam_width=1)
    if expected != got:
        raise RuntimeError(f"Keras's way wrote {expected!r}, and predict {got!r}.")
    milliseconds = interleaved_minimum(
        {
            "greedy": lambda: estimator.predict(sentences, beam_width=1),
            "beam": lambda: estimator.predict(sentences, beam_width=BEAM),
            "keras": one_by_one,
        },
        rounds,
    )
    counts = {"greedy": len(sentences), "beam": len(sentences), "keras": len(few)}
    return {name: ms / 1e3 / counts[name] for name, ms in milliseconds.items()}


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--epochs", type=int, default=3, help="of training before")
    parser.add_argument("--pairs", type=int, help="to train on, the first; default all")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--sentences", type=int, default=SENTENCES)
    options = parser.parse_args()
    tf.get_logger().setLevel("ERROR")
    estimator = fitted(options.epochs, options.pairs)
    test = verses().test_sources
    sentences = [test[k % len(test)] for k in range(options.sentences)]
    print_machine()
    found = measure(estimator, sentences, options.rounds)
    all_of = f"{len(sentences)} sentences, s"
    print_header(("decoding", all_of, "ms a sentence", "Keras's way / this"), left=1)
    names = {"keras": f"Keras's way, from {FEW}", "greedy": "greedy", "beam": f"beam {BEAM}"}
    for name, title in names.items():
        seconds = found[name]
        figures = (seconds * len(sentences), seconds * 1e3, found["keras"] / seconds)
        print_row((title, *(f"{figure:.2f}" for figure in figures)))
    print(f"\nbeam {BEAM} / greedy: {found['beam'] / found['greedy']:.2f}")


if __name__ == "__main__":
    main()
