"""Search for translations with a fitted model, in Python's and in the exported graph."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from dataclasses import dataclass, fields, replace
from typing import Any, NamedTuple

import numpy as np
import tensorflow as tf

from seqkit import checks
from seqkit.decoding import beam_search, greedy_search
from seqkit.decoding.hypotheses import Hypotheses
from seqkit.estimators.translation.text_sides import SourceInput, WrittenTarget
from seqkit.layers.engine.dispatch import InferencePath, PathOfInference, recurrence_path
from seqkit.models.seq2seq.encoder_decoder import EncoderDecoder
from seqkit.saving.records import record
from seqkit.serving.exporting import Signature
from seqkit.text.codec import UNKNOWN_TEXT
from seqkit.text.end_token import ended_in_graph
from seqkit.text.reserved_ids import PADDING, RESERVED, UNKNOWN, UNWRITTEN
from seqkit.training.bucketing import pad, rounded_length
from seqkit.training.programs.shared_functions import SHARED
from seqkit.types import Tensor

BATCH = 64  # sentences decoded at once
DEFAULT_BEAM = 5  # of the signature `beam`, where the estimator's own search is greedy


class AttentionMap(NamedTuple):
    """The attention of a translation: source tokens (S,), their end among them, target tokens (T,),
    and weights (T, S)."""

    source: list[str]
    target: list[str]
    weights: np.ndarray


@record
@dataclass(frozen=True)
class SearchOptions:
    """Options of a search, as the parameters of the translator of these names describe them."""

    beam_width: int
    n_best: int
    length_penalty: float
    coverage_penalty: float
    no_repeat_ngram: int

    @classmethod
    def of(cls, parameters: Any) -> SearchOptions:
        """The options among the parameters of an estimator."""
        return cls(**{field.name: getattr(parameters, field.name) for field in fields(cls)})

    def changed(self, **options: Any) -> SearchOptions:
        """The same with other options; None leaves one as it is.

        Raises:
            ValueError, TypeError: for an option that is out of its range.
        """
        given = {name: value for name, value in options.items() if value is not None}
        for name, value in given.items():
            _CHECKS[name](name, value)
        changed = replace(self, **given)
        if changed.n_best > changed.beam_width:
            raise ValueError(
                f"n_best must be at most beam_width={changed.beam_width}, got {changed.n_best}."
            )
        return changed


_CHECKS: dict[str, checks.Check] = {
    "beam_width": checks.count,
    "n_best": checks.count,
    "length_penalty": checks.nonnegative,
    "coverage_penalty": checks.nonnegative,
    "no_repeat_ngram": checks.natural,
}


class Search:
    """Searches for the outputs of sources.

    Args:
        model: the fitted model.
        source, target: the texts that it reads and writes.
        kind: gives, for what a search depends on beside the model's weights, the same for all
            models of a kind; None where that is not known.
    """

    def __init__(
        self,
        model: EncoderDecoder,
        source: SourceInput,
        target: WrittenTarget,
        kind: Callable[[Any], Hashable] = lambda parts: None,
    ) -> None:
        self._model, self._source, self._target, self._kind = model, source, target, kind
        self._compiled: dict[
            tuple[SearchOptions, bool, str], Callable[[Tensor], dict[str, Tensor]]
        ] = {}
        self._path = InferencePath()

    def hypotheses(self, ids: Tensor, options: SearchOptions) -> Hypotheses:
        """The outputs of sources (B, S), ids without the end; in the graph."""
        lengths = tf.math.count_nonzero(ids != PADDING, 1, dtype=tf.int32)
        encoded = self._model.encode(ended_in_graph(ids, self._source.codec.end_id))
        end = self._target.codec.end_id
        common: dict[str, Any] = {
            "start_id": end,
            "end_id": end,
            "max_length": self._target.limits(lengths),
            "banned_ids": UNWRITTEN,
            "no_repeat_ngram": options.no_repeat_ngram,
        }

        def step(tokens: Tensor, state: Any) -> Any:
            return self._model.step(tokens, state, encoded.memory)

        # Several texts of the best are looked for among all of the beam: some may be the same text.
        searched = 1 if options.n_best == 1 else options.beam_width
        if options.beam_width == 1:
            outputs = greedy_search(step, encoded.state, **common)
        else:
            outputs = beam_search(
                step,
                encoded.state,
                beam_width=options.beam_width,
                n_best=searched,
                length_penalty=options.length_penalty,
                coverage_penalty=options.coverage_penalty,
                source_mask=encoded.memory.mask,
                **common,
            )
        if searched > 1:
            outputs = self._distinct(outputs, options.n_best)
        is_empty = (lengths == 0)[:, None]  # and so is its translation
        # It is the only one: there is no second best.
        only = tf.where(tf.range(options.n_best) == 0, 0.0, -np.inf)
        return outputs._replace(
            tokens=tf.where(is_empty[..., None], PADDING, outputs.tokens),
            lengths=tf.where(is_empty, 0, outputs.lengths),
            scores=tf.where(is_empty, only, outputs.scores),
        )

    def _distinct(self, outputs: Hypotheses, n_best: int) -> Hypotheses:
        """The best hypotheses (B, n_best) of other texts than those before them.

        Pieces may make one text in several ways. Where fewer texts exist, the last are empty, of
        score -inf.
        """
        texts = self._target.codec.texts(outputs.tokens)  # (B, N)
        same = texts[:, :, None] == texts[:, None, :]
        rank = tf.range(tf.shape(texts)[1])
        repeats = tf.reduce_any(same & (rank[None] < rank[:, None]), 2)
        order = tf.argsort(tf.cast(repeats, tf.int32), stable=True)[:, :n_best]
        repeats = tf.gather(repeats, order, batch_dims=1)
        best = outputs.in_order(order)
        return best._replace(
            tokens=tf.where(repeats[..., None], PADDING, best.tokens),
            lengths=tf.where(repeats, 0, best.lengths),
            scores=tf.where(repeats, -np.inf, best.scores),
            log_probabilities=tf.where(repeats, -np.inf, best.log_probabilities),
        )

    def decode(
        self, sources: list[np.ndarray], options: SearchOptions, *, attention: bool
    ) -> tuple[list[list[Any]], np.ndarray, list[AttentionMap]]:
        """For each source: n_best texts, their scores, and the attention of the best."""
        order = np.argsort([len(s) for s in sources], kind="stable")
        rows: list[list[np.ndarray]] = [[]] * len(sources)
        scores = np.zeros((len(sources), options.n_best), np.float32)
        maps: list[Any] = [None] * len(sources)
        for start in range(0, len(order), BATCH):
            batch = order[start : start + BATCH]
            size = 1 << (len(batch) - 1).bit_length()
            length = rounded_length(max(len(sources[batch[-1]]), 1))
            run = self._function(options, attention, self._path.next((size, length), length))
            outputs = run(tf.constant(pad([sources[i] for i in batch], length, size)))
            tokens, lengths, values = (outputs[k].numpy() for k in ("tokens", "lengths", "scores"))
            for row, i in enumerate(batch):
                rows[i] = [t[:n] for t, n in zip(tokens[row], lengths[row], strict=True)]
                scores[i] = values[row]
                if attention:
                    weights = outputs["attention"][row, 0].numpy()
                    maps[i] = self._map(sources[i], rows[i][0], weights)
        flat = self._target.codec.decode([ids for outputs in rows for ids in outputs])
        texts: list[Any] = flat
        if self._target.lists:
            texts = [text.split(" ") if text else [] for text in flat]
        best = options.n_best
        return [texts[k : k + best] for k in range(0, len(texts), best)], scores, maps

    def signatures(self, options: SearchOptions) -> tuple[dict[str, Signature], list[object]]:
        """Those of the export, `serving_default` and `beam`, and its assets."""

        def search(texts: Tensor, chosen: SearchOptions) -> tuple[Tensor, Tensor]:
            outputs = self.hypotheses(self._source.padded_ids(texts), chosen)
            return self._target.codec.texts(outputs.tokens), outputs.scores

        def best(inputs: Tensor) -> dict[str, Tensor]:
            texts, scores = search(inputs, replace(options, n_best=1))
            return {"outputs": texts[:, 0], "scores": scores[:, 0]}

        width = options.beam_width if options.beam_width > 1 else DEFAULT_BEAM
        count = options.n_best if options.n_best > 1 else width
        wide = replace(options, beam_width=width, n_best=count)

        def beam(inputs: Tensor) -> dict[str, Tensor]:
            texts, scores = search(inputs, wide)
            return {"outputs": texts, "scores": scores}

        spec = [tf.TensorSpec((None,), tf.string, "inputs")]
        assets = [*self._source.codec.resources, *self._target.codec.resources]
        return {"serving_default": (best, spec), "beam": (beam, spec)}, assets

    def _function(
        self, options: SearchOptions, attention: bool, path: PathOfInference
    ) -> Callable[[Tensor], dict[str, Tensor]]:
        key = options, attention, path
        if key not in self._compiled:

            def search(ids: Tensor) -> dict[str, Tensor]:
                outputs = self.hypotheses(ids, options)
                kept = {k: getattr(outputs, k) for k in ("tokens", "lengths", "scores")}
                return kept | ({"attention": outputs.attention} if attention else {})

            def run(ids: Tensor) -> dict[str, Tensor]:
                with recurrence_path(path):
                    return search(ids)

            kind = None
            # Several texts are told apart by their tokens, which are in the graph then.
            if path == "stock" and options.n_best == 1:
                target = self._target
                ends = self._source.codec.end_id, target.codec.end_id
                kind = self._kind((options, attention, ends, target.ratio, target.longest))
            shared = SHARED.of(kind, search, self._model)
            own = tf.function(run, autograph=False).get_concrete_function
            spec = tf.TensorSpec((None, None), tf.int32)
            self._compiled[key] = own(spec) if shared is None else shared.concrete(spec)
        return self._compiled[key]

    def _map(self, source: np.ndarray, target: np.ndarray, weights: np.ndarray) -> AttentionMap:
        def tokens(ids: np.ndarray, vocabulary: list[str]) -> list[str]:
            return [UNKNOWN_TEXT if i == UNKNOWN else vocabulary[i - RESERVED] for i in ids]

        return AttentionMap(
            [*tokens(source, self._source.vocabulary), "</s>"],
            tokens(target, self._target.vocabulary),
            weights[: len(target), : len(source) + 1],
        )
