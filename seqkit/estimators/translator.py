"""Translation: from a string, or a list of tokens, to another."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import chain
from typing import Any

import keras
import numpy as np
from sklearn.utils.validation import check_is_fitted

from seqkit import checks
from seqkit.estimators.base import SequenceEstimator
from seqkit.estimators.parameters import check_parameters, estimator
from seqkit.estimators.translation.search import SLACK, TranslationSearch
from seqkit.estimators.translation.sides import TOKEN_LISTS, Side, learn_side
from seqkit.layers.attentions import attention_class, check_input_feeding
from seqkit.metrics import bleu, chrf, exact_match
from seqkit.models.seq2seq.encoder_decoder import EncoderDecoder
from seqkit.text import TextCodec
from seqkit.text.end_token import ended
from seqkit.training.checkpoints import Checkpoint
from seqkit.training.streams import Stream, chunks_of_inputs, is_stream
from seqkit.training.token_pairs import Pairs, digest

# What a training depends on, beside the model's architecture and the data.
OF_TRAINING = (
    "batch_size",
    "optimizer",
    "learning_rate",
    "clipnorm",
    "early_stopping",
    "validation_fraction",
    "n_iter_no_change",
    "random_state",
)


class Translation:
    """What fitting finds, beside what the search needs."""

    _source_mode: str
    _reads_lowercase: bool
    _log_frequencies: Any


@estimator
class Seq2SeqTranslator(Translation, TranslationSearch, SequenceEstimator):
    """A recurrent encoder-decoder: strings in, strings out.

    An encoder reads the source; a decoder, with attention or without, writes the target token by
    token (Sutskever et al. 2014; Bahdanau et al. 2015; Luong et al. 2015).

    Parameters
    ----------
    {parameters}

    Attributes
    ----------
    source_vocabulary_, target_vocabulary_ : list of str
        The known tokens of each side; a "▁" stands for the blank before a word.
    source_codec_, target_codec_ : seqkit.text.TextCodec
        From strings to ids and back, as the export does it.
    n_iter_ : int
        Epochs trained.
    best_epoch_ : int
        The epoch, from 1, whose weights the model has.
    history_ : dict of lists
        Loss and perplexity of each epoch.
    model_ : seqkit.models.EncoderDecoder
        The Keras model.

    Notes
    -----
    X and y are lists, arrays or Series of strings, or lists of token lists (phonemes, say), each
    side as it likes; predictions come in the form of y. tf.data streams of pairs of strings are
    read at each pass and never held in memory.

    Unknown characters are read as one unknown token each, and never written. An empty source, which
    fit refuses, is translated as an empty one. Outputs are at most as long, relative to their
    sources, as the longest of the training.

    The export has two signatures, both from `inputs`, strings (batch,). `serving_default` gives
    `outputs`, strings (batch,), and `scores`, float32 (batch,), as `predict` does; `beam` gives the
    best ones of a beam, (batch, n) each. Lists of tokens are strings with blanks between tokens.

    Examples
    --------
    >>> import seqkit
    >>> X = ["un chat", "un chien", "le chat", "le chien"] * 10
    >>> y = ["a cat", "a dog", "the cat", "the dog"] * 10
    >>> model = seqkit.Seq2SeqTranslator(units=16, embedding_dim=16, epochs=30, learning_rate=0.01,
    ...                                  random_state=0).fit(X, y)
    >>> model.predict(["le chien", "un chat"])
    ['the dog', 'a cat']
    """

    def predict(
        self,
        X: Any,
        *,
        beam_width: int | None = None,
        n_best: int | None = None,
        return_scores: bool = False,
        return_attention: bool = False,
    ) -> Any:
        """The translation of each source.

        Parameters
        ----------
        X : list of str, or of token lists
            See Notes of the class.
        beam_width : int or None
            1 is greedy search. None: the parameter of the estimator.
        n_best : int or None
            Number of translations of each source, the best first. None: one, not in a list.
        return_scores : bool
            Whether to return scores too: log-probabilities, with the penalties of the search.
        return_attention : bool
            Whether to return the best translation's attention too.

        Returns
        -------
        A list of n strings (or token lists); or of n lists of n_best of them. With scores or
        attention a tuple: translations, scores (n,) or (n, n_best), and a list of n `AttentionMap`.
        """
        check_is_fitted(self)
        check_parameters(self)  # set_params may have changed those of the search
        width = self.beam_width if beam_width is None else beam_width
        checks.count("beam_width", width)
        best = 1 if n_best is None else n_best
        checks.count("n_best", best)
        if best > width:
            raise ValueError(f"n_best must be at most beam_width={width}, got {best}.")
        if return_attention and self.model_.decoder.attention is None:
            raise ValueError(
                "return_attention=True needs a model with attention, and this has none."
            )
        if is_stream(X):
            X = [x for chunk in chunks_of_inputs(X) for x in chunk]
        sources = self._side("source").read(_given(X), empty_allowed=True)
        texts, scores, attention = self._decoded(sources, int(width), int(best), return_attention)
        found: list[Any] = [texts if n_best is not None else [t[0] for t in texts]]
        if return_scores:
            found.append(scores if n_best is not None else scores[:, 0])
        if return_attention:
            found.append(attention)
        return found[0] if len(found) == 1 else tuple(found)

    def partial_fit(self, X: Any, y: Any, sample_weight: Any = None) -> Seq2SeqTranslator:
        """One pass over these pairs, from where the last one ended.

        The vocabularies are learned in the first call.

        Parameters
        ----------
        X, y, sample_weight
            As in fit.
        """
        self._partial_fit(X, y, sample_weight)
        return self

    def score(self, X: Any, y: Any = None, metric: str = "bleu") -> float:
        """How good the translations of X are.

        Parameters
        ----------
        X : list of str, or of token lists, or tf.data.Dataset of pairs
        y : list of str, or of token lists, or None
            The right translations; None where X has them.
        metric : {"bleu", "chrf", "exact_match"}
            BLEU and chrF from 0 to 100, as sacreBLEU computes them; or the share that is right.
            BLEU counts runs of four words: of shorter texts, such as dates, take another.
        """
        checks.one_of("bleu", "chrf", "exact_match")("metric", metric)
        check_is_fitted(self)
        if is_stream(X):
            if y is not None:
                raise ValueError("y must be None where X is a tf.data.Dataset: it holds the pairs.")
            # In one pass: a stream that shuffles has another order in the next.
            chunks = zip(*Stream(X, self._examples).pairs(), strict=True)
            X, y = (list(chain.from_iterable(side)) for side in chunks)
        lists = self._target_mode == TOKEN_LISTS
        right = self._side("target").texts(_given(y))
        sources = _given(X)
        if len(right) != len(sources):
            raise ValueError(
                f"X and y must be of the same length, got {len(sources)} sources and {len(right)} "
                "targets."
            )
        found = self.predict(sources)
        if lists:
            found = [" ".join(tokens) for tokens in found]
        if metric == "exact_match":
            return exact_match(right, found)
        if metric == "chrf":
            return chrf(right, found).value
        return bleu(right, found, tokenize="none" if lists else None).value

    @property
    def source_codec_(self) -> TextCodec:
        """From sources to ids."""
        return self._codec("source")

    @property
    def target_codec_(self) -> TextCodec:
        """From ids to targets."""
        return self._codec("target")

    def _codec(self, side: str) -> TextCodec:
        name = f"_{side}_codec"
        if name not in vars(self):
            vocabulary = getattr(self, f"{side}_vocabulary_")
            mode = getattr(self, f"_{side}_mode")
            # Only what is read loses its capitals.
            lowercase = self._reads_lowercase and side == "source"
            setattr(self, name, TextCodec(vocabulary, mode, lowercase))
        return getattr(self, name)

    def _side(self, side: str) -> Side:
        name = "X" if side == "source" else "y"
        return Side(name, self._codec(side), self.max_length, bool(self.truncate))

    # The course of a fit.

    def _check(self) -> None:
        super()._check()
        if self.n_best > self.beam_width:
            raise ValueError(
                f"n_best must be at most beam_width={self.beam_width}, got {self.n_best}."
            )
        if self.checkpoint_dir is not None and self.early_stopping and self.random_state is None:
            raise ValueError(
                "checkpoint_dir with early_stopping=True needs a random_state: without one a fit "
                "that goes on would hold out other pairs. Set it to an int."
            )
        if self.input_feeding:
            check_input_feeding(self.attention)
        attention_type = attention_class(self.attention)
        memory = (self.encoder_units or self.units) * (2 if self.bidirectional else 1)
        direct = attention_type is not None and attention_type.compares_directly(
            self.attention_score
        )
        if direct and memory != self.units:
            raise ValueError(
                f"attention_score={self.attention_score!r} needs an encoder as wide as the "
                f"decoder, got {memory} and units={self.units}. Set encoder_units, or use "
                "attention_score='general'."
            )
        if self.coverage_penalty and attention_type is None:
            raise ValueError("coverage_penalty needs attention, got attention=None.")

    def _learn(self, chunks: Iterable[Any]) -> None:
        self._reads_lowercase = bool(self.lowercase)
        self.source_vocabulary_, self._source_mode = learn_side(
            map(_given, chunks),
            "X",
            self.tokens,
            lowercase=self._reads_lowercase,
            **self._vocabulary_options(),
        )
        self.__dict__.pop("_source_codec", None)

    def _learn_targets(self, chunks: Iterable[Any]) -> None:
        mode = self.tokens if self.target_tokens is None else self.target_tokens
        self.target_vocabulary_, self._target_mode = learn_side(
            map(_given, chunks), "y", mode, **self._vocabulary_options()
        )
        self.__dict__.pop("_target_codec", None)

    def _vocabulary_options(self) -> dict[str, Any]:
        return {"max_tokens": self.max_tokens, "min_frequency": self.min_frequency}

    def _data(self, X: Any, y: Any, sample_weight: Any, *, learn: bool = False) -> Any:
        if y is None and not is_stream(X):
            raise ValueError(
                "Seq2SeqTranslator requires y to be passed, but the target y is None. y must be "
                "the translations of X."
            )
        data = super()._data(X, y, sample_weight, learn=learn)
        if learn:
            self._learn_lengths(data)
        if self.checkpoint_dir is not None and "_digest" not in vars(self):
            self._digest = digest(_chunks(data))  # of the first data of a fit, those it trains on
        return data

    def _learn_lengths(self, data: Any) -> None:
        """How long outputs may be, and how frequent each token is."""
        counts = np.ones(len(self.target_codec_))  # one each, so that none is impossible
        self._longest, self._ratio = 1, 0.0
        for pairs in _chunks(data):
            for source, target in zip(pairs.sequences, pairs.targets, strict=True):
                self._longest = max(self._longest, len(target) - 1)
                self._ratio = max(self._ratio, (len(target) - 1) / (len(source) - 1 + SLACK))
                np.add.at(counts, target, 1)
        self._log_frequencies = np.log(counts / counts.sum()).astype(np.float32)

    def _examples(self, X: Any, y: Any, sample_weight: Any) -> Pairs:
        X, y = _given(X), _given(y)
        for name, value in (("X", X), ("y", y)):
            if isinstance(value, str) or not hasattr(value, "__len__"):
                raise TypeError(f"{name} must be a list of strings, got {type(value).__name__}.")
        if len(X) != len(y):
            raise ValueError(
                f"X and y must be of the same length, got {len(X)} sources and {len(y)} targets."
            )
        rows = []
        for side, values in (("source", X), ("target", y)):
            rows.append(ended(self._side(side).read(values), self._codec(side).end_id))
        weights = self._weigh(y, len(X), sample_weight)
        return Pairs(rows[0], rows[1], weights, start_id=self.target_codec_.end_id)

    def _architecture(self) -> dict[str, Any]:
        names = ("attention", "attention_score", "input_feeding", "feed_context", "tie_embeddings")
        more = (
            "encoder_units",
            "embedding_dim",
            "embedding_dropout",
            "label_smoothing",
            "scheduled_sampling",
        )
        return {
            "source_tokens": len(self.source_codec_),
            "target_tokens": len(self.target_codec_),
            **{name: getattr(self, name) for name in (*names, *more)},
            **self._encoder_options(),
        }

    def _build(self, architecture: dict[str, Any], draw_seed: Any) -> keras.Model:
        model = EncoderDecoder(**architecture, draw_seed=draw_seed)
        ids = np.ones((1, 2), np.int32)
        model((ids, ids))
        frequencies = self.__dict__.pop("_log_frequencies", None)
        if frequencies is not None:  # else it would have to be learned first
            model.decoder.output_bias.assign(frequencies)
        return model

    def _compile(self, model: keras.Model) -> None:
        model.compile(self._new_optimizer())

    def _checkpoint(self) -> Checkpoint | None:
        if self.checkpoint_dir is None:
            return None
        parts = {**self._architecture_, "data": self.__dict__.pop("_digest")}
        parts["validation"] = self.__dict__.pop("_validation_digest", None)
        parts["steps before"] = int(self.model_.optimizer.iterations.numpy())  # of a warm start
        parts |= {name: getattr(self, name) for name in OF_TRAINING}
        return Checkpoint(self.checkpoint_dir, parts)

    def _validation(self, data: Any) -> Any:
        found = super()._validation(data)
        if self.checkpoint_dir is not None:
            self._validation_digest = digest(_chunks(found))
        return found

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.target_tags.required = True
        tags.input_tags.two_d_array = False
        tags.input_tags.one_d_array = tags.input_tags.string = True
        return tags


def _chunks(data: Any) -> Iterable[Pairs]:
    return [data] if isinstance(data, Pairs) else data.examples()


def _given(values: Any) -> Any:
    """A list, where it is one of another kind; of a table its only column."""
    if getattr(values, "ndim", 1) == 2 and hasattr(values, "iloc"):
        if values.shape[1] != 1:
            raise ValueError(
                f"X and y must be one column of texts each, got {values.shape[1]} columns: "
                f"{list(values.columns)[:5]}. Choose one."
            )
        values = values.iloc[:, 0]
    if isinstance(values, np.ndarray) and values.ndim == 2 and values.shape[1] == 1:
        values = values[:, 0]
    return values.tolist() if hasattr(values, "iloc") or isinstance(values, np.ndarray) else values
