"""From text to token ids, in the graph."""

from seqkit.text.tokenizer import Tokenizer, count_tokens

__all__ = ["Tokenizer", "count_tokens"]
