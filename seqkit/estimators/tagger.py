"""Tagging: a label for every step of a sequence."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from typing import Any, cast

import keras
import numpy as np
from sklearn.utils import Tags
from sklearn.utils.validation import check_is_fitted
from typing_extensions import Self

from seqkit import checks
from seqkit.estimators.base import SequenceEstimator
from seqkit.estimators.common_parameters import CLASS_WEIGHT, LABEL_SMOOTHING
from seqkit.estimators.given import Given
from seqkit.estimators.inputs import Samples
from seqkit.estimators.inputs.alignment import aligned, without_padding
from seqkit.estimators.inputs.arrays import as_numpy
from seqkit.estimators.inputs.frames import text_column
from seqkit.estimators.inputs.numeric import SCALING, STEM_OF_STEPS, STRIDE, NumericInput
from seqkit.estimators.inputs.texts import TextInput, warn_of_phrases
from seqkit.estimators.inputs.token_lists import is_text
from seqkit.estimators.long_frames import ID_COLUMN, TIME_COLUMN
from seqkit.estimators.parameters import estimator, fitted, parameter
from seqkit.estimators.plans.choices import Choice
from seqkit.estimators.sequence_classes import check_class_weight_in_parts
from seqkit.estimators.targets import check_counts
from seqkit.estimators.targets.classes import Classes
from seqkit.estimators.targets.step_labels import StepLabelTarget, check_steps
from seqkit.estimators.text_parameters import TextParameters
from seqkit.estimators.validation import checked_step_weights, checked_weights, of_steps
from seqkit.extras import require
from seqkit.frames import as_pandas
from seqkit.metrics import token_accuracy
from seqkit.models.tagger import sequence_tagger
from seqkit.serving.exporting import Signature
from seqkit.text import Tokenizer
from seqkit.text.characters import utf8
from seqkit.text.word_pieces import WordPieces
from seqkit.training.examples import Examples
from seqkit.training.stream_sources import as_stream, is_stream
from seqkit.training.streams import chunks_of_inputs
from seqkit.types import DrawSeed, Inputs, Targets, Tensor


@estimator
class SequenceTagger(TextParameters, SequenceEstimator):
    """A recurrent tagger: one label for each token of a text, or each step of a sequence.

    Parameters
    ----------
    {parameters}

    Attributes
    ----------
    classes_ : array (K,)
        The labels, sorted.
    vocabulary_ : list of str
        The known tokens, the most frequent first, where X was texts; of subwords the characters
        come first, then what is joined; a "▁" stands for the blank before a token.
    n_features_in_ : int
        Features a step, where X was numbers.
    embeddings_found_ : float or None
        The share of the vocabulary that embeddings had vectors for; None without embeddings.
    chosen_ : dict
        What was chosen for each parameter that was left open: its `value`, and the `reason`.
    n_iter_ : int
        Epochs trained.
    best_epoch_ : int
        The epoch, from 1, whose weights the model has.
    history_ : dict of lists
        Loss and, without a CRF, accuracy of each epoch.
    model_ : keras.Model
        From ids (B, T), of subwords (B, T, P), or numbers (B, T, d), to probabilities (B, T, K);
        with a CRF to the scores of a chain (B, T, K, K).

    Notes
    -----
    X is a list of token lists; a list of strings, whose tokens blanks separate; or numeric
    sequences as for `SequenceClassifier`, arrays (n, T, d) or lists of (T_i, d). y has a list of
    labels for each sample, one a step, of any sortable type. Tokens are read in Unicode's normal
    form C, in the export too: "é" is the same character, composed or not, unless
    normalization=None. A token is what a label is of, so a string is cut at its blanks alone, in
    scripts that put none between words, too: of these give lists of words, or of letters.

    With tokens="subword" a token's vector is the mean of those of its pieces, at most 16, as
    Bojanowski et al. (2017) make words of n-grams. So the recurrence, the labels, a CRF and
    max_length stay by token, where first pieces (Devlin et al. 2019) would make rows longer.

    Of padded numeric sequences y may have labels for the steps of padding too, of any value: they
    are left out, as are their weights. `predict` answers without them.

    `predict` gives a list of arrays. Of a text longer than max_length the steps past it are left
    out in training; prediction and export give them the most frequent label of the training.

    A linear-chain CRF (Lafferty et al. 2001) scores labels together with their predecessors: it
    is trained by the forward algorithm, predicts the best whole sequence by the Viterbi
    algorithm, and gives marginal probabilities by forward-backward. With labels of the schemes BIO,
    BIOES and BILOU it rules out what no spans are written as, such as an I- without its beginning,
    where training has none of it. It takes no class_weight or label_smoothing.

    sample_weight has a number for each sequence, or a list of numbers for each, one a step. Without
    a CRF a step's loss is multiplied by its weight. With one the loss of a sequence is the sum of
    the steps' -log p(label | labels before), of which each is multiplied by its weight; a label of
    weight 0 is taken as unknown, and summed over. In both a label of weight 0 may be any of the
    classes; it counts where the classes, their "balanced" weights and their scheme are found out.

    The export's signature: `inputs`, strings (batch,) whose tokens blanks separate, or float32
    (batch, time, d), rows ending in NaN; to `labels`, strings (batch, T) whatever the
    type of y's, empty after the end of a row, and `probabilities`, float32 (batch, T, K).

    Examples
    --------
    >>> import seqkit
    >>> X = [["a", "b", "a"], ["b", "a"], ["a"]] * 10
    >>> y = [["A", "B", "A"], ["B", "A"], ["A"]] * 10
    >>> model = seqkit.SequenceTagger("gru", units=8, epochs=15, random_state=0).fit(X, y)
    >>> [labels.tolist() for labels in model.predict([["b", "b", "a"], ["a", "b"]])]
    [['B', 'B', 'A'], ['A', 'B']]
    """

    class_weight: Mapping[Any, float] | str | None = CLASS_WEIGHT
    label_smoothing: float = LABEL_SMOOTHING
    scaling: str | None = SCALING
    stem: str | None = STEM_OF_STEPS
    stride: int | None = STRIDE
    tokens: str = parameter(
        checks.one_of("word", "subword"),
        '{"word", "subword"}',
        "What the tokens of texts are read by: as they are; or by pieces learned by byte-pair "
        "encoding, whose mean vector is the token's, so that words not seen in training are read "
        "by theirs. Labels, max_length and weights are of tokens in both.",
        default="word",
    )
    id: str = ID_COLUMN
    time: str = TIME_COLUMN
    crf: bool = parameter(
        checks.flag,
        "bool",
        "Whether a linear-chain CRF is put on top of the network.",
        default=False,
    )

    _input: NumericInput | TextInput = fitted()
    _target: StepLabelTarget = fitted()

    _targets = "lists of labels, one a step"
    _stepwise = True

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
        if self.crf and self.class_weight is not None:
            raise ValueError(
                "class_weight must be None with crf=True: a CRF has no loss for a single step. "
                "Use sample_weight, or crf=False."
            )
        if self.tokens == "subword":
            require("tokenizers", 'SequenceTagger(tokens="subword")')
        if self.crf and self.label_smoothing:
            raise ValueError(
                "label_smoothing must be 0 with crf=True, whose loss is of whole sequences, got "
                f"{self.label_smoothing!r}."
            )

    def partial_fit(
        self, X: Inputs, y: Targets, classes: Targets = None, sample_weight: Targets = None
    ) -> Self:
        """One pass over these data, from where the last one ended.

        What is learned of X beside the weights (scaling, vocabulary) is learned in the first call.

        Parameters
        ----------
        X, y
            As in fit.
        classes : array (K,) or None
            All labels that later calls may bring; default: those of the first y.
        sample_weight
            As in fit.
        """
        check_class_weight_in_parts(self.class_weight)
        return self._partial_fit(Given(X, y, sample_weight, classes=classes))

    def predict(self, X: Inputs) -> list[np.ndarray]:
        """The label of each step: a list of arrays (T_i,).

        Parameters
        ----------
        X : list of token lists, list of str, or numeric sequences
            See Notes of the class.
        """
        return [self.classes_[row] for row in self._predict("labels", X)]

    def predict_proba(self, X: Inputs) -> list[np.ndarray]:
        """The probability of each label at each step: a list of arrays (T_i, K).

        Parameters
        ----------
        X : list of token lists, list of str, or numeric sequences
            See Notes of the class.
        """
        return self._predict("probabilities", X)

    def score(self, X: Inputs, y: Targets, sample_weight: Targets = None) -> float:
        """The share of steps whose label is right. `seqkit.metrics` has other scores.

        Parameters
        ----------
        X : list of token lists, list of str, or numeric sequences
            See Notes of the class.
        y : list of lists (T_i,)
            The true labels.
        sample_weight : array (n,), list of lists (T_i,), or None
            Weight of the steps of each sequence, or of each step.
        """
        check_is_fitted(self)
        X, y = as_pandas(as_stream(X, once=True)), as_pandas(y)
        self._check_given(y)
        if is_stream(X):
            samples, predicted = self._answers_to_stream(X)
            true = self._target.read(aligned(as_numpy(y), samples, stepwise=True))
            check_counts(predicted, len(true), self._target.nouns)
        else:
            samples, true = self._checked(X, y)
            predicted = self.predict(X)
        for i, (labels, answers) in enumerate(zip(true, predicted, strict=True)):
            check_steps(i, len(labels), len(answers))
        weights = without_padding(as_pandas(sample_weight), samples)
        if weights is not None:
            weights = self._read_weights(weights, true)
        return token_accuracy(true, predicted, weights)

    def _answers_to_stream(self, X: Any) -> tuple[Samples, list[np.ndarray]]:
        """The labels of each sample of a stream; and its samples, of which answers, as long, stand
        for the values, so that never more than a part of these is held."""
        answers: list[np.ndarray] = []
        instances: list[Hashable] = []
        steps: list[int] = []
        for chunk in chunks_of_inputs(X, stepwise=self._stepwise, token_lists=self._token_lists):
            part = self._input.read(as_pandas(chunk))
            answers += self.predict(chunk)
            instances += [] if part.instances is None else list(part.instances)
            steps += [len(x) for x in part.values] if part.steps is None else part.steps
        if self._reads_text:  # which have no padding
            return Samples(answers), answers
        return Samples(answers, instances or None, steps), answers

    def _new_input(self, X: Inputs) -> NumericInput | TextInput:
        if is_text(text_column(X)):
            if self.stem not in ("auto", None):
                raise ValueError(
                    f"stem must be None or 'auto' where X is texts, got {self.stem!r}: it shortens "
                    "numeric sequences."
                )
            if self.tokens == "word":
                warn_of_phrases(X, "Give lists of tokens, words or letters, with a label each.")
            return TextInput.of(self, "pieces" if self.tokens == "subword" else "whitespace")
        if self.tokens == "subword":
            raise ValueError("tokens='subword' needs texts as X, or lists of tokens, got numbers.")
        return NumericInput.of(self, lists_in_cells=True)

    def _new_target(self, y: Targets, classes: Targets) -> StepLabelTarget:
        cut = cast(TextInput, self._input).max_length if self._reads_text else None
        known = Classes(self.class_weight, classes)
        return StepLabelTarget(known, bool(self.crf), cut, float(self.label_smoothing))

    @property
    def _reads_text(self) -> bool:
        return isinstance(self._input, TextInput)

    def _choices(self) -> dict[str, Choice]:
        stem = {"stem": Choice(None, "X is texts")} if self._reads_text else {}
        return {**stem, **self._input.choices()}

    def _predict(self, name: str, X: Inputs) -> Any:
        """Rows as long as their samples, also where a text has steps past max_length."""
        X = as_stream(X, once=True)
        rows = super()._predict(name, X)
        if self._target.cut is None or is_stream(X):  # the parts of a stream have come here
            return rows
        lengths = self.tokenizer_.lengths(
            [utf8(text) for text in self._input.read(as_pandas(X)).values]
        )
        return self._target.uncut(name, rows, lengths.numpy())

    def _signatures(self) -> tuple[dict[str, Signature], Sequence[Any]]:
        signatures, assets = super()._signatures()
        if self._target.cut is None:
            return signatures, assets
        cut, specs = signatures["serving_default"]

        def uncut(inputs: Tensor) -> dict[str, Tensor]:
            return self._target.served_uncut(cut(inputs), self.tokenizer_.lengths(inputs))

        return {"serving_default": (uncut, specs)}, assets

    def _encoded(self, samples: Samples, values: Any, sample_weight: Targets) -> Examples:
        return super()._encoded(samples, values, without_padding(sample_weight, samples))

    def _weights(self, sample_weight: Any, values: Any, sequences: list[np.ndarray]) -> Any:
        weights = self._read_weights(sample_weight, values)
        if not of_steps(weights):
            return weights
        return [row[: len(x)] for row, x in zip(weights, sequences, strict=True)]

    def _read_weights(self, sample_weight: Any, values: list[np.ndarray]) -> Any:
        """A weight for each sample (n,), or for each step of each, (T_i,); checked."""
        if of_steps(sample_weight):
            return checked_step_weights(sample_weight, [len(row) for row in values])
        return checked_weights(sample_weight, len(values))

    def _architecture(self) -> dict[str, Any]:
        labels = self.classes_
        return {
            "source": self._input.source(),
            "labels": [str(c) for c in labels] if self._target.rules_out else len(labels),
            "crf": self._target.crf,
            **self._encoder_options(),
        }

    def _build(self, architecture: dict[str, Any], draw_seed: DrawSeed | None) -> keras.Model:
        return sequence_tagger(**architecture, draw_seed=draw_seed)

    @property
    def classes_(self) -> np.ndarray:
        """The labels, sorted."""
        return self._target.classes.labels

    @property
    def n_features_in_(self) -> int:
        """Features a step, where X was numbers."""
        return cast(NumericInput, self._input).n_features_in

    @property
    def feature_names_in_(self) -> np.ndarray:
        """Columns of the features, where X was a frame of numbers."""
        return cast(NumericInput, self._input).names()

    @property
    def vocabulary_(self) -> list[str]:
        """The known tokens, the most frequent first, where X was texts."""
        return cast(TextInput, self._input).vocabulary

    @property
    def tokenizer_(self) -> Tokenizer | WordPieces:
        """From strings to ids, where X was texts."""
        return cast(Tokenizer | WordPieces, cast(TextInput, self._input).tokenizer)

    @property
    def embeddings_found_(self) -> float | None:
        """The share of the vocabulary that embeddings had vectors for; None without embeddings."""
        return cast(TextInput, self._input).embeddings_found

    def __sklearn_tags__(self) -> Tags:
        tags = super().__sklearn_tags__()
        tags.input_tags.two_d_array = False
        tags.input_tags.three_d_array = tags.input_tags.string = True
        return tags
