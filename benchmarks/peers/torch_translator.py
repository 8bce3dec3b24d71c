"""The translator's architecture in torch: bidirectional encoder, decoder, Luong's attention."""

from __future__ import annotations

from typing import Any

import torch
from torch import nn
from torch.nn.functional import cross_entropy
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence

PADDING = 0


class TorchTranslator(nn.Module):
    """The default `seqkit.models.EncoderDecoder`, made of torch's layers.

    Args:
        source_tokens, target_tokens: number of ids a side, 0 is padding.
        cell: "gru" or "lstm".
        units, embedding_dim, dropout, embedding_dropout: as of `EncoderDecoder`.
        packed: whether the encoder's backward direction begins at each source's end, as it should;
            else it reads the padding too, which may be faster.
    """

    def __init__(
        self,
        source_tokens: int,
        target_tokens: int,
        *,
        cell: str,
        units: int,
        embedding_dim: int,
        dropout: float,
        embedding_dropout: float,
        packed: bool = True,
    ) -> None:
        super().__init__()
        recurrent = {"gru": nn.GRU, "lstm": nn.LSTM}[cell]
        self.packed = packed
        self.source_embedding = nn.Embedding(source_tokens, embedding_dim)
        self.encoder = recurrent(embedding_dim, units, batch_first=True, bidirectional=True)
        # One for h, one for the cell state of an LSTM.
        self.bridges = nn.ModuleList(
            nn.Linear(2 * units, units) for _ in range(1 if cell == "gru" else 2)
        )
        self.target_embedding = nn.Embedding(target_tokens, embedding_dim)
        nn.init.normal_(self.target_embedding.weight, std=embedding_dim**-0.5)
        self.decoder = recurrent(embedding_dim, units, batch_first=True)
        self.keys = nn.Linear(2 * units, units, bias=False)
        self.readout = nn.Linear(3 * units, embedding_dim)
        self.output_bias = nn.Parameter(torch.zeros(target_tokens))
        self.dropout, self.embedding_dropout = nn.Dropout(dropout), nn.Dropout(embedding_dropout)

    def encode(self, source: Any) -> tuple[Any, Any]:
        """The outputs (B, S, 2 H), and the decoder's first state."""
        x = self.embedding_dropout(self.source_embedding(source))
        if self.packed:
            lengths = (source != PADDING).sum(1)
            packed = pack_padded_sequence(x, lengths, batch_first=True, enforce_sorted=False)
            outputs, state = self.encoder(packed)
            outputs, _ = pad_packed_sequence(
                outputs, batch_first=True, total_length=source.shape[1]
            )
        else:
            outputs, state = self.encoder(x)
        states = state if isinstance(state, tuple) else (state,)
        first = [
            bridge(torch.cat([s[0], s[1]], -1))[None]
            for bridge, s in zip(self.bridges, states, strict=True)
        ]
        first[0] = first[0].tanh()
        return self.dropout(outputs), tuple(first) if len(first) == 2 else first[0]

    def forward(self, source: Any, previous: Any) -> Any:
        """Logits (B, T, V)."""
        memory, state = self.encode(source)
        x = self.embedding_dropout(self.target_embedding(previous))
        h, _ = self.decoder(x, state)  # (B, T, H)
        h = self.dropout(h)
        scores = h @ self.keys(memory).transpose(1, 2)  # (B, T, S)
        scores = scores.masked_fill((source == PADDING)[:, None], -1e9)
        context = scores.softmax(-1) @ memory  # (B, T, 2 H)
        readout = self.readout(torch.cat([context, h], -1)).tanh()
        return readout @ self.target_embedding.weight.T + self.output_bias


def epoch(
    model: TorchTranslator, optimizer: Any, batches: list[Any], label_smoothing: float
) -> float:
    """Trains on batches of ((source, previous), target, weights), which it takes for ones."""
    model.train()
    total = 0.0
    for (source, previous), target, _ in batches:
        source, previous, target = (torch.from_numpy(a).long() for a in (source, previous, target))
        optimizer.zero_grad()
        logits = model(source, previous)
        loss = cross_entropy(
            logits.flatten(0, 1),
            target.flatten(),
            ignore_index=PADDING,
            label_smoothing=label_smoothing,
        )
        loss.backward()
        optimizer.step()
        total += loss.item()
    return total / len(batches)
