"""From text to token ids, and back, in the graph."""

from seqkit.text.codec import TextCodec
from seqkit.text.tokenizer import Tokenizer, count_tokens
from seqkit.text.vocabulary import learn_vocabulary

__all__ = ["TextCodec", "Tokenizer", "count_tokens", "learn_vocabulary"]
