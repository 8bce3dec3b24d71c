"""Translation: from a string, or a list of tokens, to another."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from itertools import chain
from typing import Any

import keras
from sklearn.utils import Tags
from sklearn.utils.validation import check_is_fitted
from typing_extensions import Self

from seqkit import checks
from seqkit.estimators.base import SequenceEstimator
from seqkit.estimators.common_parameters import OF_TRAINING
from seqkit.estimators.exports.exporting import write_export
from seqkit.estimators.exports.facts import fit_of
from seqkit.estimators.given import Given, Stage
from seqkit.estimators.inputs import Samples
from seqkit.estimators.parameters import estimator, fitted
from seqkit.estimators.plans.choices import Choice, is_auto
from seqkit.estimators.plans.kinds import kinds_of_functions
from seqkit.estimators.plans.streamed import stream_of
from seqkit.estimators.translation.parameters import TranslationParameters
from seqkit.estimators.translation.search import Search, SearchOptions
from seqkit.estimators.translation.text_sides import (
    TOKEN_LISTS,
    SourceInput,
    WrittenTarget,
    holds_lists,
    only_column,
)
from seqkit.estimators.validation import checked_weights
from seqkit.extras import require
from seqkit.frames import as_pandas
from seqkit.layers.attentions import attention_class, check_input_feeding
from seqkit.metrics import bleu, chrf, exact_match
from seqkit.models.seq2seq.encoder_decoder import EncoderDecoder
from seqkit.models.seq2seq.ensemble import EncoderDecoderEnsemble
from seqkit.serving.exporting import Optimization
from seqkit.serving.formats.writing import Format
from seqkit.text import TextCodec
from seqkit.text.scripts import of_phrases
from seqkit.training.checkpoints import Checkpoint
from seqkit.training.plan import Budget
from seqkit.training.stream_sources import as_stream, is_stream
from seqkit.training.streams import chunks_of_inputs
from seqkit.training.token_pairs import Pairs, digest
from seqkit.types import DrawSeed, Inputs, Targets
from seqkit.warning import warn

# What a training depends on, beside the model's architecture and the data.
OF_CHECKPOINTS = tuple(
    name for name in OF_TRAINING if name not in ("epochs", "callbacks", "verbose", "warm_start")
)


@estimator
class Seq2SeqTranslator(TranslationParameters, SequenceEstimator):
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
    chosen_ : dict
        What was chosen for each parameter that was left open: its `value`, and the `reason`.
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

    Texts of both sides are read in Unicode's normal form C, letters and their accents composed,
    unless normalization=None.
    With tokens="word" each letter of a script that puts no blanks between words, such as Han, Kana
    and Thai, is a token of its own, and is written without a blank before it. Texts that are cut
    into words already are given as token lists.
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

    _input: SourceInput = fitted()
    _target: WrittenTarget = fitted()
    _functions: Search = fitted()
    _search_options: SearchOptions = fitted()
    _targets = "the translations of X"
    _learns_together = False
    _ensemble = EncoderDecoderEnsemble
    _budget = Budget(steps=0, passes=20)

    def predict(
        self,
        X: Inputs,
        *,
        beam_width: int | None = None,
        n_best: int | None = None,
        length_penalty: float | None = None,
        coverage_penalty: float | None = None,
        no_repeat_ngram: int | None = None,
        return_scores: bool = False,
        return_attention: bool = False,
    ) -> Any:
        """The translation of each source.

        Parameters
        ----------
        X : list of str, or of token lists
            See Notes of the class.
        beam_width : int or None
            1 is greedy search. None: as the estimator was fitted with.
        n_best : int or None
            Number of translations of each source, the best first, no text twice. Where the beam has
            fewer, the last are empty, of score -inf. None: one, not in a list.
        length_penalty, coverage_penalty, no_repeat_ngram
            As the parameters of these names. None: as the estimator was fitted with.
        return_scores : bool
            Whether to return scores too: log-probabilities, with the penalties of the search.
        return_attention : bool
            Whether to return the best translation's attention too.

        Returns
        -------
        A list of n strings (or token lists); or of n lists of n_best of them. With scores or
        attention a tuple: translations, scores (n,) or (n, n_best), and a list of n `AttentionMap`.
        """
        self._check_ready()
        options = self._search_options.changed(
            beam_width=beam_width,
            n_best=1 if n_best is None else n_best,
            length_penalty=length_penalty,
            coverage_penalty=coverage_penalty,
            no_repeat_ngram=no_repeat_ngram,
        )
        if return_attention and self.model_.decoder.attention is None:
            raise ValueError(
                "return_attention=True needs a model with attention, and this has none."
            )
        X = as_stream(X, once=True)
        if is_stream(X):
            chunks = chunks_of_inputs(X, stepwise=self._stepwise, token_lists=self._token_lists)
            X = list(chain.from_iterable(chunks))
        sources = self._input.ids(self._input.texts(as_pandas(X)), empty_allowed=True)
        texts, scores, attention = self._functions.decode(
            sources, options, attention=return_attention
        )
        answers: list[Any] = [texts if n_best is not None else [best[0] for best in texts]]
        if return_scores:
            answers.append(scores if n_best is not None else scores[:, 0])
        if return_attention:
            answers.append(attention)
        return answers[0] if len(answers) == 1 else tuple(answers)

    def partial_fit(self, X: Inputs, y: Targets, sample_weight: Targets = None) -> Self:
        """One pass over these pairs, from where the last one ended.

        The vocabularies are learned in the first call. A warning says which share of later targets
        they lack, which is trained as unknown tokens and never written.

        Parameters
        ----------
        X, y, sample_weight
            As in fit.
        """
        return self._partial_fit(Given(X, y, sample_weight))

    def score(
        self, X: Inputs, y: Targets = None, metric: str = "bleu", tokenize: str | None = None
    ) -> float:
        """How good the translations of X are.

        Parameters
        ----------
        X : list of str, or of token lists, or tf.data.Dataset of pairs
            The sources.
        y : list of str, or of token lists, or of lists of several of these, or None
            The right translations, one each or several; None where X has them.
        metric : {"bleu", "chrf", "exact_match"}
            BLEU and chrF from 0 to 100, as sacreBLEU computes them; or the share that is right.
            BLEU counts runs of four words: of shorter texts, such as dates, take another.
        tokenize : str or None
            How BLEU finds words: a tokenisation of sacreBLEU, such as "zh" for Chinese, or "char"
            for any script without blanks between words. None: "13a", for words between blanks; or
            "char", with a warning, where most of y is of such scripts.
        """
        checks.one_of("bleu", "chrf", "exact_match")("metric", metric)
        if tokenize is not None and metric != "bleu":
            raise ValueError(f"tokenize must be None with metric={metric!r}, got {tokenize!r}.")
        self._check_ready()
        X = as_stream(X, once=True)
        if is_stream(X):
            if y is not None:
                raise ValueError("y must be None where X is a tf.data.Dataset: it holds the pairs.")
            # In one pass: a stream that shuffles has another order in the next.
            chunks = zip(*stream_of(self, X, self._examples).pairs(), strict=True)
            X, y = (list(chain.from_iterable(side)) for side in chunks)
        X, y = as_pandas(X), as_pandas(y)
        right = self._target.references(y)
        sources = only_column(X)
        check_same_length(sources, right)
        written = self.predict(sources)
        if self._target.lists:
            written = [" ".join(tokens) for tokens in written]
        if metric == "exact_match":
            return exact_match(right, written)
        if metric == "chrf":
            return chrf(right, written).value
        if self._target.lists:
            tokenize = tokenize or "none"
        elif tokenize is None:
            texts = list(chain.from_iterable(right))
            if of_phrases(texts):
                tokenize = "char"
                warn(
                    "Most of y has no blanks between words, so that BLEU is of characters: runs of "
                    "four of them. Name another of sacreBLEU's, such as tokenize='zh', or "
                    "metric='chrf'; tokenize='char' says that it is meant."
                )
        return bleu(right, written, tokenize).value

    def export(
        self,
        directory: str | os.PathLike[str],
        *,
        format: Format = "saved_model",
        optimize: Optimization | None = None,
        signatures: Sequence[str] | None = None,
        include_example: bool = True,
        example: Any = None,
        metrics: Mapping[str, float] | None = None,
        **search: Any,
    ) -> str:
        """Writes a SavedModel that TensorFlow Serving serves, in the next version's folder.

        Its signatures are described in the Notes of the class.

        Parameters
        ----------
        directory : path
            The model's folder. Versions are its subfolders 1, 2, and so on.
        format : {"saved_model"}
            Others are for models that read numbers.
        optimize : "xla", optional
            Has the encoder compiled, by a server that does so, once for each shape of batch:
            calls of a shape after its first are the fastest. By default all runs on TensorFlow's
            stock operations, on any server.
        signatures : list of str or None
            Names of the signatures to write, serving_default and beam. None: both.
        include_example, example, metrics
            As of the other estimators: whether the card has an example, of which sources, and
            scores on data that the fit has not seen.
        **search
            Options of the search other than those of the fit: beam_width, n_best, length_penalty,
            coverage_penalty, no_repeat_ngram.

        Returns
        -------
        The folder written, directory/<version>. It appears complete or not at all.
        """
        check_is_fitted(self)
        options = self._search_options.changed(**search)
        return write_export(
            fit_of(self),
            self._request,
            directory,
            self._functions.signatures(options),
            format=format,
            steps=None,
            optimize=optimize,
            signatures=signatures,
            include_example=include_example,
            example=example,
            metrics=metrics,
        )

    @property
    def source_codec_(self) -> TextCodec:
        """From sources to ids."""
        return self._input.codec

    @property
    def target_codec_(self) -> TextCodec:
        """From ids to targets."""
        return self._target.codec

    @property
    def source_vocabulary_(self) -> list[str]:
        """The known tokens of sources; a "▁" stands for the blank before a word."""
        return self._input.vocabulary

    @property
    def target_vocabulary_(self) -> list[str]:
        """The known tokens of targets; a "▁" stands for the blank before a word."""
        return self._target.vocabulary

    def check_parameters(self) -> None:
        """Raises what `fit` would raise for the parameters, before any work.

        Raises
        ------
        ValueError, TypeError
            For the first parameter that is out of its range, or at odds with another.
        MissingExtraError
            For subwords, without the package that learns them.
        """
        super().check_parameters()
        for name in ("tokens", "target_tokens"):
            if getattr(self, name) == "subword":
                require("tokenizers", f'Seq2SeqTranslator({name}="subword")')
        SearchOptions.of(self).changed()
        stops = self.early_stopping and not is_auto(self.early_stopping)
        if self.checkpoint_dir is not None and stops and self.random_state is None:
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

    # The course of a fit.

    def _learn(self, given: Given) -> Any:
        self._search_options = SearchOptions.of(self)
        if not is_stream(given.X):
            given = replace(given, X=only_column(given.X), y=only_column(given.y))
            check_same_length(given.X, given.y)
        data = super()._learn(given)
        self._target.learn_lengths(_chunks(data))
        return data

    def _read(self, given: Given) -> Any:
        self._search_options = SearchOptions.of(self)
        data = super()._read(given)
        self._target.check_known(_chunks(data))
        return data

    def _of_training(self) -> tuple[str, ...]:
        return (*super()._of_training(), "checkpoint_dir", *vars(self._search_options))

    def _new_input(self, X: Inputs) -> SourceInput:
        mode = TOKEN_LISTS if holds_lists(X) else self.tokens
        options = self._side_options()
        return SourceInput(
            "X", mode, bool(self.lowercase), *options, normalization=self.normalization
        )

    def _new_target(self, y: Targets, classes: Targets) -> WrittenTarget:
        mode = self.tokens if self.target_tokens is None else self.target_tokens
        mode = TOKEN_LISTS if holds_lists(y) else mode
        options = self._side_options()
        return WrittenTarget("y", mode, False, *options, normalization=self.normalization)

    def _side_options(self) -> tuple[int | None, bool, int | None, int]:
        return self.max_length, bool(self.truncate), self.max_tokens, self.min_frequency

    def _encoded(self, samples: Samples, values: Any, sample_weight: Any) -> Pairs:
        sources = self._input.encode(samples)
        targets = self._target.encode(values, sources)
        weights = checked_weights(sample_weight, len(sources))
        return Pairs(sources, targets, weights, start_id=self.target_codec_.end_id)

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

    def _choices(self) -> dict[str, Choice]:
        units = self._architecture_["encoder_units"] or self._architecture_["units"]
        return {
            "encoder_units": Choice(units, "as the decoder's"),
            "target_tokens": Choice(self._target.mode, "as tokens, or lists of tokens"),
        }

    def _build(self, architecture: dict[str, Any], draw_seed: DrawSeed | None) -> keras.Model:
        model = EncoderDecoder(**architecture, draw_seed=draw_seed)
        model.build()
        return model

    def _initialize(self) -> None:
        self._target.initialize(self.model_)

    def _compile(self, model: keras.Model) -> None:
        model.compile(self._new_optimizer())

    def _compiled_functions(self) -> Search:
        return Search(self.model_, self._input, self._target, kinds_of_functions(self))

    def _checkpoint(self, stage: Stage) -> Checkpoint | None:
        if self.checkpoint_dir is None:
            return None
        validation = stage.validation
        parts = {
            **self._architecture_,
            "data": digest(_chunks(stage.examples)),
            "validation": None if validation is None else digest(_chunks(validation)),
            "steps before": int(self.model_.optimizer.iterations.numpy()),  # of a warm start
            **{name: getattr(self, name) for name in OF_CHECKPOINTS},
        }
        return Checkpoint(self.checkpoint_dir, parts)

    def __sklearn_tags__(self) -> Tags:
        tags = super().__sklearn_tags__()
        tags.target_tags.required = True
        tags.input_tags.two_d_array = False
        tags.input_tags.one_d_array = tags.input_tags.string = True
        return tags


def check_same_length(sources: Any, targets: Any) -> None:
    """Raises ValueError unless there are as many targets as sources, where both can be counted."""
    countable = all(hasattr(s, "__len__") and not isinstance(s, str) for s in (sources, targets))
    if countable and len(sources) != len(targets):
        raise ValueError(
            f"X and y must be of the same length, got {len(sources)} sources and {len(targets)} "
            "targets."
        )


def _chunks(data: Any) -> Iterable[Pairs]:
    return [data] if isinstance(data, Pairs) else data.examples()
