"""The names of attentions that users type. Another attention is one class, and one line here."""

from __future__ import annotations

from typing import Any

from seqkit.checks import did_you_mean
from seqkit.layers.attention import Attention
from seqkit.layers.bahdanau_attention import BahdanauAttention
from seqkit.layers.luong_attention import LUONG_SCORES, LuongAttention

__all__ = ["ATTENTIONS", "LUONG_SCORES", "attention_class", "check_input_feeding"]

ATTENTIONS: dict[str, type[Attention]] = {
    "bahdanau": BahdanauAttention,
    "luong": LuongAttention,
}


def attention_class(name: Any) -> type[Attention] | None:
    """The class of a name; None for None, which stands for no attention.

    Raises:
        ValueError: for an unknown name; the message offers the nearest one.

    Example:
        >>> attention_class("luong").__name__
        'LuongAttention'
    """
    if name is None:
        return None
    if not isinstance(name, str) or name not in ATTENTIONS:
        raise ValueError(
            f"attention must be one of {(None, *ATTENTIONS)}, got {name!r}."
            f"{did_you_mean(name, ATTENTIONS)}"
        )
    return ATTENTIONS[name]


def check_input_feeding(attention: str | None) -> None:
    """Asks for an attention that input feeding can make use of.

    Raises:
        ValueError: for none, and for one that feeds its context back anyway.
    """
    chosen = attention_class(attention)
    if chosen is None or chosen.feeds_back:
        names = " or ".join(repr(n) for n, a in ATTENTIONS.items() if not a.feeds_back)
        raise ValueError(
            f"input_feeding=True needs attention={names}, got attention={attention!r}."
        )
