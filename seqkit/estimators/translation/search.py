"""How a fitted translator searches for translations, in Python's and in the exported graph."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np
import tensorflow as tf

from seqkit.decoding import beam_search, greedy_search
from seqkit.decoding.hypotheses import Hypotheses
from seqkit.estimators.translation.parameters import TranslationParameters
from seqkit.estimators.translation.sides import TOKEN_LISTS
from seqkit.layers.engine.dispatch import recurrence_path
from seqkit.text.end_token import ended_in_graph
from seqkit.training.bucketing import pad, rounded_length

BATCH = 64  # sentences decoded at once
SLACK = 10  # tokens added to a source's length, of which the length of outputs is a multiple
UNWRITTEN = (0, 1)  # padding, and the unknown token
DEFAULT_BEAM = 5  # of the signature `beam`, where the estimator's own search is greedy


class AttentionMap(NamedTuple):
    """What a translation attended to: source tokens (S,), their end among them, target tokens (T,),
    and weights (T, S)."""

    source: list[str]
    target: list[str]
    weights: np.ndarray


class TranslationSearch(TranslationParameters):
    """Search with a fitted model. A subclass is an estimator; its fit finds what is named here."""

    model_: Any
    _predictors: dict[Any, Any]
    source_codec_: Any
    target_codec_: Any
    source_vocabulary_: list[str]
    target_vocabulary_: list[str]
    _target_mode: str
    _longest: int
    _ratio: float

    def _hypotheses(self, ids: tf.Tensor, beam_width: int, n_best: int) -> Hypotheses:
        """Searches the outputs of sources (B, S), ids without the end; in the graph."""
        lengths = tf.math.count_nonzero(ids, 1, dtype=tf.int32)
        encoded = self.model_.encode(ended_in_graph(ids, self.source_codec_.end_id))
        steps = tf.cast(lengths + SLACK, tf.float32) * self._ratio
        limit = tf.minimum(tf.cast(tf.math.ceil(steps - 1e-3), tf.int32), self._longest)
        end = self.target_codec_.end_id
        options: dict[str, Any] = {
            "start_id": end,
            "end_id": end,
            "max_length": tf.maximum(limit, 1),
            "banned_ids": UNWRITTEN,
            "no_repeat_ngram": self.no_repeat_ngram,
        }

        def step(tokens: tf.Tensor, state: Any) -> Any:
            return self.model_.step(tokens, state, encoded.memory)

        if beam_width == 1:
            found = greedy_search(step, encoded.state, **options)
        else:
            found = beam_search(
                step,
                encoded.state,
                beam_width=beam_width,
                n_best=n_best,
                length_penalty=self.length_penalty,
                coverage_penalty=self.coverage_penalty,
                source_mask=encoded.memory.mask,
                **options,
            )
        is_empty = (lengths == 0)[:, None]  # and so is its translation
        return found._replace(
            tokens=tf.where(is_empty[..., None], 0, found.tokens),
            lengths=tf.where(is_empty, 0, found.lengths),
            # It is the only one: there is no second best.
            scores=tf.where(is_empty, tf.where(tf.range(n_best) == 0, 0.0, -np.inf), found.scores),
        )

    def _decoded(
        self, sources: list[np.ndarray], beam_width: int, n_best: int, attention: bool
    ) -> tuple[list[list[Any]], np.ndarray, list[AttentionMap]]:
        """Of each source: n_best texts, their scores, and the attention of the best."""
        run = self._searcher(beam_width, n_best, attention)
        order = np.argsort([len(s) for s in sources], kind="stable")
        rows: list[list[np.ndarray]] = [[]] * len(sources)
        scores = np.zeros((len(sources), n_best), np.float32)
        maps: list[Any] = [None] * len(sources)
        for start in range(0, len(order), BATCH):
            batch = order[start : start + BATCH]
            size = 1 << (len(batch) - 1).bit_length()
            length = rounded_length(max(len(sources[batch[-1]]), 1))
            found = run(tf.constant(pad([sources[i] for i in batch], length, size)))
            tokens, lengths, values = (found[k].numpy() for k in ("tokens", "lengths", "scores"))
            for row, i in enumerate(batch):
                rows[i] = [t[:n] for t, n in zip(tokens[row], lengths[row], strict=True)]
                scores[i] = values[row]
                if attention:
                    weights = found["attention"][row, 0].numpy()
                    maps[i] = self._map(sources[i], rows[i][0], weights)
        flat = self.target_codec_.decode([ids for found in rows for ids in found])
        texts: list[Any] = flat
        if self._target_mode == TOKEN_LISTS:
            texts = [text.split(" ") if text else [] for text in flat]
        return [texts[k : k + n_best] for k in range(0, len(texts), n_best)], scores, maps

    def _searcher(self, beam_width: int, n_best: int, attention: bool) -> Callable[[Any], Any]:
        # With all that set_params may have changed since.
        penalties = (self.length_penalty, self.coverage_penalty, self.no_repeat_ngram)
        key: Any = (beam_width, n_best, attention, *penalties)
        if key not in self._predictors:

            def search(ids: tf.Tensor) -> dict[str, tf.Tensor]:
                with recurrence_path("compiled"):
                    found = self._hypotheses(ids, beam_width, n_best)
                kept = {k: getattr(found, k) for k in ("tokens", "lengths", "scores")}
                return {**kept, "attention": found.attention} if attention else kept

            function = tf.function(search, autograph=False)
            spec = tf.TensorSpec((None, None), tf.int32)
            self._predictors[key] = function.get_concrete_function(spec)
        return self._predictors[key]

    def _map(self, source: np.ndarray, target: np.ndarray, weights: np.ndarray) -> AttentionMap:
        def tokens(ids: np.ndarray, vocabulary: list[str]) -> list[str]:
            return ["⁇" if i == 1 else vocabulary[i - 2] for i in ids]

        return AttentionMap(
            [*tokens(source, self.source_vocabulary_), "</s>"],
            tokens(target, self.target_vocabulary_),
            weights[: len(target), : len(source) + 1],
        )

    def _signatures(self) -> tuple[dict[str, Any], list[Any]]:
        source, target = self.source_codec_, self.target_codec_

        def found(texts: tf.Tensor, beam_width: int, n_best: int) -> tuple[tf.Tensor, tf.Tensor]:
            ids = source.ids(texts)
            if self.max_length is not None:
                if not self.truncate:
                    tf.debugging.assert_less_equal(
                        ids.row_lengths(),
                        tf.constant(self.max_length, tf.int64),
                        f"inputs must have at most max_length={self.max_length} tokens each",
                    )
                ids = ids[:, : self.max_length]
            padded = tf.pad(ids.to_tensor(), [[0, 0], [0, 1]])  # at least a step, if all are empty
            hypotheses = self._hypotheses(padded, beam_width, n_best)
            return target.texts(hypotheses.tokens), hypotheses.scores

        def best(inputs: tf.Tensor) -> dict[str, tf.Tensor]:
            texts, scores = found(inputs, self.beam_width, 1)
            return {"outputs": texts[:, 0], "scores": scores[:, 0]}

        width = self.beam_width if self.beam_width > 1 else DEFAULT_BEAM
        count = self.n_best if self.n_best > 1 else width

        def beam(inputs: tf.Tensor) -> dict[str, tf.Tensor]:
            texts, scores = found(inputs, width, count)
            return {"outputs": texts, "scores": scores}

        spec = [tf.TensorSpec((None,), tf.string, "inputs")]
        signatures = {"serving_default": (best, spec), "beam": (beam, spec)}
        return signatures, [*source.resources, *target.resources]
