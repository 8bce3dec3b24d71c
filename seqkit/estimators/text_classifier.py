"""Classification of texts."""

from __future__ import annotations

from typing import Any

from seqkit import checks
from seqkit.estimators.inputs.texts import TextInput
from seqkit.estimators.parameters import estimator, parameter
from seqkit.estimators.sequence_classes import ClassEstimator
from seqkit.estimators.text_parameters import TextParameters
from seqkit.text.tokenizer import Tokenizer


@estimator
class TextClassifier(TextParameters, ClassEstimator):
    """A recurrent classifier of texts: raw strings in, classes out.

    Parameters
    ----------
    {parameters}

    Attributes
    ----------
    classes_ : array (K,)
        The labels, sorted; for several labels a sample, the columns of y.
    vocabulary_ : list of str
        The known tokens, the most frequent first; their ids begin at 2.
    tokenizer_ : seqkit.text.Tokenizer
        From strings to ids, as the export does it.
    embeddings_found_ : float or None
        The share of the vocabulary that embeddings had vectors for; None without embeddings.
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
    them ("don't", "twenty-one"); any other visible character is a token of its own. Texts of
    scripts without blanks are better read by character, tokens="char". Texts are read in Unicode's
    normal form C, in the export too: "é" is the same character, composed or not.

    y has one label a text, of any sortable type; or is an indicator matrix (n, K), where any number
    of labels may apply.

    The export's signature: `inputs`, strings (batch,), as tokens and vocabulary are part of it; to
    `probabilities`, float32 (batch, K), and `label` (batch,), int64 where y was integers, else
    strings. With indicators there is no `label`, but `labels`, the classes, in each row (batch, K).
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
        checks.one_of("word", "char"),
        '{"word", "char"}',
        "Units that texts are read by.",
        default="word",
    )

    def _new_input(self, X: Any) -> TextInput:
        return TextInput.of(self, self.tokens)

    @property
    def vocabulary_(self) -> list[str]:
        """The known tokens, the most frequent first; their ids begin at 2."""
        return self._input.vocabulary

    @property
    def tokenizer_(self) -> Tokenizer:
        """From strings to ids, as the export does it."""
        return self._input.tokenizer

    @property
    def embeddings_found_(self) -> float | None:
        """The share of the vocabulary that embeddings had vectors for; None without embeddings."""
        return self._input.embeddings_found

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.input_tags.two_d_array = False
        tags.input_tags.one_d_array = tags.input_tags.string = True
        return tags
