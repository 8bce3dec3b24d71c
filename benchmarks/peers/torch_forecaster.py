"""The forecaster's architecture in torch: GRU over the past, GRU over the steps to come."""

from __future__ import annotations

from typing import Any

import torch
from torch import nn

STEP_VECTOR = 8


class TorchForecaster(nn.Module):
    """The default `seqkit.models.Forecaster`, made of torch's layers.

    Args:
        horizon, season, units: as of `Forecaster`.
    """

    def __init__(self, horizon: int, season: int, units: int) -> None:
        super().__init__()
        self.horizon, self.season = horizon, season
        self.encoder = nn.GRU(2, units, batch_first=True)
        self.steps = nn.Parameter(torch.randn(horizon, STEP_VECTOR) * 0.1)
        self.decoder = nn.GRU(STEP_VECTOR + 4, units, batch_first=True)
        self.head = nn.Linear(units, 1)

    def forward(self, history: Any) -> tuple[Any, Any]:
        """Forecasts (B, H) and scales (B, 1) of histories (B, L), NaN where a value is missing."""
        there = torch.isfinite(history)
        y = torch.where(there, history, 0.0)
        count = there.sum(1, keepdim=True).clamp(min=1)
        scale = y.abs().sum(1, keepdim=True) / count
        scale = torch.where(scale > 0, scale, 1.0)
        z = y / scale
        _, state = self.encoder(torch.stack([z, there.float()], -1))
        seasonal = []
        steps = torch.arange(self.horizon)
        first = history.shape[1] + steps - self.season * (steps // self.season + 1)
        for places in (first, first - self.season):
            inside = (places >= 0) & there[:, places.clamp(min=0)]
            seasonal += [
                torch.where(inside, z[:, places.clamp(min=0)], 0.0),
                inside.float(),
            ]
        steps = self.steps.expand(len(z), -1, -1)
        x, _ = self.decoder(torch.cat([steps, torch.stack(seasonal, -1)], -1), state)
        return self.head(x)[..., 0], scale


def epoch(model: TorchForecaster, optimizer: Any, batches: Any) -> float:
    """One pass over batches of (history, truth, weights); the last loss."""
    model.train()
    loss = torch.zeros(())
    for history, truth, weights in batches:
        history, truth, weights = (torch.from_numpy(a) for a in (history, truth, weights))
        forecast, scale = model(history)
        there = torch.isfinite(truth)
        errors = (forecast - torch.where(there, truth, 0.0) / scale).abs() * scale
        loss = (errors * there * weights[:, None]).sum() / there.sum()
        optimizer.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
    return float(loss.detach())
