"""The token ids that stand for no token of a vocabulary."""

PADDING = 0  # behind the end of a sequence
UNKNOWN = 1  # a token that the vocabulary lacks
RESERVED = 2  # the first id of a vocabulary's tokens
UNWRITTEN = (PADDING, UNKNOWN)  # which no decoder writes
