"""Classification of texts."""

from __future__ import annotations

from typing import Any, cast

from sklearn.utils import Tags

from seqkit import checks
from seqkit.estimators.inputs.texts import TextInput, warn_of_phrases
from seqkit.estimators.parameters import changed, estimator, fitted, parameter
from seqkit.estimators.plans.choices import Choice, is_auto
from seqkit.estimators.plans.dropouts import BY_SIZE
from seqkit.estimators.sequence_classes import ClassEstimator
from seqkit.estimators.text_parameters import TextParameters
from seqkit.extras import require
from seqkit.text import TextCodec, Tokenizer
from seqkit.types import Inputs


@estimator
class TextClassifier(TextParameters, ClassEstimator):
    """A recurrent classifier of texts: raw strings in, classes out.

    Parameters
    ----------
    {parameters}

    Attributes
    ----------
    classes_ : array (K,)
        The labels, sorted; for indicators, the columns of y.
    vocabulary_ : list of str
        The known tokens, the most frequent first; their ids begin at 2. Of subwords the characters
        come first, then what is joined; a "▁" stands for the blank before a word.
    tokenizer_ : seqkit.text.Tokenizer, or seqkit.text.TextCodec for subwords
        From strings to ids, as the export does it, before a text is cut to max_length.
    embeddings_found_ : float or None
        The share of the vocabulary that embeddings had vectors for; None without embeddings.
    chosen_ : dict
        What was chosen for each parameter that was left open: its `value`, and the `reason`.
    n_iter_ : int
        Epochs trained.
    best_epoch_ : int
        The epoch, from 1, whose weights the model has.
    history_ : dict of lists
        Loss and accuracy of each epoch.
    model_ : keras.Model
        From ids (B, T), 0 for padding, to probabilities (B, K).

    Notes
    -----
    X is a list, an array or a Series of strings. Words are runs of letters, digits, and what joins
    them ("don't", "twenty-one"); any other visible character is a token of its own, and so is each
    letter, with its marks, of a script that puts no blanks between words, such as Han, Kana and
    Thai. Texts that are cut into words already are read by tokens="whitespace", and may be lists of
    tokens. Texts are read in Unicode's normal form C, in the export too: "é" is the same character,
    composed or not, unless normalization=None.

    y has one label a text, of any sortable type. Where any number of labels may apply it is an
    indicator matrix (n, K), or has a list or set of labels for each text, [] for none; `predict`
    gives indicators of both, whose columns are `classes_`.

    The export's signature: `inputs`, strings (batch,), as tokens and vocabulary are part of it; to
    `probabilities`, float32 (batch, K), and `label` (batch,), int64 where y was integers, else
    strings. With several there is no `label`, but `labels`, the classes, in each row (batch, K).
    An empty string, which fit and predict refuse, gets the answer to a text without tokens there.

    Examples
    --------
    >>> import seqkit
    >>> X = ["a good film", "good, very good", "a bad film", "bad and dull"] * 10
    >>> y = ["fresh", "fresh", "rotten", "rotten"] * 10
    >>> model = seqkit.TextClassifier("gru", units=8, epochs=10, random_state=0).fit(X, y)
    >>> model.predict(["good!", "so bad"]).tolist()
    ['fresh', 'rotten']
    """

    tokens: str = parameter(
        checks.one_of("word", "subword", "char", "whitespace"),
        '{"word", "subword", "char", "whitespace"}',
        "What texts are read by: words and punctuation marks, of scripts without blanks letters; "
        "pieces of words learned by byte-pair encoding; characters; or what blanks separate.",
        default="word",
    )

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
        if self.tokens == "subword":
            require("tokenizers", 'TextClassifier(tokens="subword")')

    embeddings: Any = changed(TextParameters, "embeddings", default="cooccurrence")
    dropout: Any = parameter(
        checks.fraction_or_auto,
        'float or "auto"',
        f"Fraction of each recurrent layer's outputs dropped in training. {BY_SIZE.output}",
        default="auto",
    )
    embedding_dropout: Any = parameter(
        checks.fraction_or_auto,
        'float or "auto"',
        "Fraction of the vectors' entries dropped in training, each for all steps of a sequence. "
        f"{BY_SIZE.embedding}",
        default="auto",
    )
    token_dropout: Any = parameter(
        checks.fraction_or_auto,
        'float or "auto"',
        f"Fraction of the tokens that training takes for unknown. {BY_SIZE.token}",
        default="auto",
    )
    _input: TextInput = fitted()

    @property
    def _token_lists(self) -> bool:  # type: ignore[override]
        return self.tokens == "whitespace"

    def _new_input(self, X: Inputs) -> TextInput:
        if self.tokens == "whitespace":
            warn_of_phrases(X, "Take tokens='word', which reads letters, or tokens='subword'.")
        return TextInput.of(self, self.tokens)

    def _encoder_options(self) -> dict[str, Any]:
        options = super()._encoder_options()
        if is_auto(self.dropout):
            options["dropout"] = self._input.dropouts.output
        return options

    def _choices(self) -> dict[str, Choice]:
        return self._input.choices()

    @property
    def vocabulary_(self) -> list[str]:
        """The known tokens, the most frequent first; their ids begin at 2."""
        return self._input.vocabulary

    @property
    def tokenizer_(self) -> Tokenizer | TextCodec:
        """From strings to ids, as the export does it, before a text is cut to max_length."""
        # Word pieces are a tagger's.
        return cast(Tokenizer | TextCodec, self._input.tokenizer)

    @property
    def embeddings_found_(self) -> float | None:
        """The share of the vocabulary that embeddings had vectors for; None without embeddings."""
        return self._input.embeddings_found

    def __sklearn_tags__(self) -> Tags:
        tags = super().__sklearn_tags__()
        tags.input_tags.two_d_array = False
        tags.input_tags.one_d_array = tags.input_tags.string = True
        return tags
