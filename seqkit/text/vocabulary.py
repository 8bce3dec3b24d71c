"""Vocabularies of texts that are to be written as well as read."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator

from seqkit.extras import require
from seqkit.text.characters import NFC
from seqkit.text.marking import MARK, MODES, split
from seqkit.text.reserved_ids import RESERVED
from seqkit.text.tokenizer import counted

LONGEST_PIECE = 32  # characters of a learned piece
_UNLEARNED = RESERVED + 1  # padding, unknown, end


def learn_vocabulary(
    texts: Iterable[str],
    mode: str,
    *,
    max_tokens: int | None,
    min_frequency: int = 1,
    lowercase: bool = False,
    normalization: str | None = NFC,
) -> list[str]:
    """The tokens of a `TextCodec`, from training texts; always the same ones for the same texts.

    Pieces of the mode "subword" are the texts' characters, then what byte-pair encoding joins
    (Sennrich et al. 2016, arXiv:1508.07909), in this order. Others: the most frequent tokens first.

    Args:
        texts: the training texts.
        mode: as of `TextCodec`.
        max_tokens: ids at most, padding, unknown and end included; None for no limit.
        min_frequency: how often a token must occur; of pieces, a character or a joined pair.
        lowercase: whether texts are read in lower case.
        normalization: the form of Unicode in which texts are read, "NFC"; None: as they come.

    Returns:
        The vocabulary.

    Raises:
        ValueError: for an unknown mode or form, or a limit that leaves no token.
        TypeError: for one string instead of several.
        MissingExtraError: for subwords, without tokenizers.

    Example:
        >>> learn_vocabulary(["low lower lowest"], "subword", max_tokens=13)
        ['▁', 'l', 'o', 'w', 'e', 'r', 's', 't', 'lo', '▁lo']
        >>> learn_vocabulary(["a b a", "b a"], "word", max_tokens=None)
        ['▁a', '▁b']
    """
    if mode not in MODES:
        raise ValueError(f"mode must be one of {MODES}, got {mode!r}.")
    check_size(max_tokens)
    if isinstance(texts, str | bytes):
        raise TypeError("texts must be several strings, got one. Use [text].")
    counts = count_marked(texts, mode, lowercase, normalization)
    return vocabulary_of(counts, mode, max_tokens, min_frequency)


def check_size(max_tokens: int | None) -> None:
    """Raises ValueError for a limit that leaves no token."""
    if max_tokens is not None and max_tokens <= _UNLEARNED:
        raise ValueError(
            f"max_tokens must be over {_UNLEARNED}, as padding, unknown and the end are counted, "
            f"got {max_tokens}."
        )


def vocabulary_of(
    counts: Counter[str], mode: str, max_tokens: int | None, min_frequency: int = 1
) -> list[str]:
    """The tokens of a `TextCodec`, by how often each occurs, as `count_marked` gives it.

    Args:
        counts: of the tokens; of the mode "subword" those of the words that pieces are made of.
        mode, max_tokens, min_frequency: as of `learn_vocabulary`.
    """
    limit = None if max_tokens is None else max_tokens - _UNLEARNED
    if mode == "subword":
        return learn_pieces(counts, limit, min_frequency)
    return _frequent(counts, min_frequency)[:limit]


def count_marked(
    texts: Iterable[str], mode: str, lowercase: bool, normalization: str | None = NFC
) -> Counter[str]:
    """Counts the occurrences of each token, which carries its mark of a blank."""
    return counted(texts, split, mode, lowercase, normalization)


def _frequent(counts: Counter[str], min_frequency: int) -> list[str]:
    """The most frequent first, those of one frequency in their own order."""
    kept = [token for token, count in counts.items() if count >= min_frequency]
    return sorted(kept, key=lambda token: (-counts[token], token))


def learn_pieces(counts: Counter[str], limit: int | None, min_frequency: int) -> list[str]:
    """The characters of words, the most frequent first, then what byte-pair encoding joins.

    Args:
        counts: how often each word occurs, with its mark of a blank.
        limit: pieces at most; None for no limit.
        min_frequency: how often a character or a joined pair must occur.
    """
    require("tokenizers", 'the mode "subword"')
    from tokenizers import Tokenizer, models, pre_tokenizers, trainers

    characters: Counter[str] = Counter()
    for word, count in counts.items():
        for character in word:
            characters[character] += count
    frequent = _frequent(characters, min_frequency)
    # The mark is always one: a word whose characters are all unknown is still seen to be a word.
    alphabet = [MARK, *(c for c in frequent if c != MARK)][:limit] if counts else []
    if limit is not None and len(alphabet) >= limit:
        return alphabet
    rare = str.maketrans(dict.fromkeys(characters.keys() - set(alphabet), " "))

    def words() -> Iterator[str]:
        for word in sorted(counts):
            # What is left between the rare characters, of which no piece is made.
            yield " ".join([word.translate(rare)] * counts[word])

    # No more can be joined than there are characters. The trainer reserves memory for its limit.
    most = len(alphabet) + sum(map(len, counts))
    learner = Tokenizer(models.BPE())
    learner.pre_tokenizer = pre_tokenizers.Split(" ", "removed")
    learner.train_from_iterator(
        words(),
        trainers.BpeTrainer(
            vocab_size=most if limit is None else min(limit, most),
            min_frequency=min_frequency,
            max_token_length=LONGEST_PIECE,
            show_progress=False,
            special_tokens=[],
        ),
    )
    pieces = learner.get_vocab(with_added_tokens=False)
    joined = pieces.keys() - set(alphabet)
    return alphabet + sorted(joined, key=pieces.__getitem__)
