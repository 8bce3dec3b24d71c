"""From text to token ids, and back, in the graph."""

import seqkit.backend  # noqa: F401  (refuses another one than TensorFlow)
from seqkit.text.codec import TextCodec
from seqkit.text.tokenizer import Tokenizer, count_tokens
from seqkit.text.vocabulary import learn_vocabulary

__all__ = ["TextCodec", "Tokenizer", "count_tokens", "learn_vocabulary"]
