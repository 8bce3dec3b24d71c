"""The steps to come: the target of a forecaster, as windows to train on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from seqkit.estimators.forecasting.parameters import (
    ForecastParameters,
    check_levels,
    gives_quantiles,
)
from seqkit.estimators.plans.choices import Choice, is_auto
from seqkit.saving.records import Part, record
from seqkit.timeseries.messages import series_listed, series_named
from seqkit.timeseries.panel import Panel
from seqkit.timeseries.seasons import season_of
from seqkit.training.windows import SeriesData, Windows, all_windows, mase_scales
from seqkit.warning import warn

FEWEST = 2  # values that a history must have


@record
@dataclass
class FutureSteps(Part):
    """The next steps of each series.

    Args:
        horizon: steps to forecast, H.
        lookback: steps of the past that a forecast reads.
        season: steps of a season, or None.
        levels: of quantiles, unless others are asked for.
        weighting: of the series in the loss.
        scaling: of each window.
        seasonal_residual: whether the network models what the seasonal naive forecast misses.
        gives_truth: whether training feeds the values to come.
        calibration_windows: windows of each series that calibrate quantiles.
        calibrates_itself: whether a fit is left to plan that, and has not done so yet.
        has_quantiles: whether quantiles are forecast.
        seed: of sampled paths, or None for new ones at each call.
        kept_levels, kept_shifts: a calibration that was made before the model was trained on all
            windows: levels (n,) and shifts (H, n).
    """

    horizon: int
    lookback: int
    season: int | None
    levels: list[float]
    weighting: str | None
    scaling: str | None
    seasonal_residual: bool
    gives_truth: bool
    calibration_windows: int
    has_quantiles: bool
    seed: int | None
    calibrates_itself: bool = False
    kept_levels: list[float] | None = None
    kept_shifts: np.ndarray | None = None

    @classmethod
    def of(cls, parameters: ForecastParameters, panel: Panel) -> FutureSteps:
        """The target as the parameters of an estimator, and the series, describe it."""
        season = season_of(panel) if parameters.season == "auto" else parameters.season
        seed = parameters.random_state
        scaling, residual = parameters.scaling, parameters.seasonal_residual
        counts = parameters.head == "negative_binomial"
        itself = is_auto(parameters.calibration_windows)
        if scaling == "auto":
            scaling = "mean" if counts else "standard"
        if residual == "auto":
            residual = season is not None and not counts
        return cls(
            horizon=int(parameters.horizon),
            lookback=int(parameters.lookback or 3 * max(season or 0, parameters.horizon)),
            season=season,
            levels=rounded(parameters.levels),
            weighting=parameters.weighting,
            scaling=scaling,
            seasonal_residual=bool(residual),
            gives_truth=parameters.decoding == "autoregressive",
            calibration_windows=0 if itself else int(parameters.calibration_windows),
            has_quantiles=gives_quantiles(parameters),
            seed=int(seed) if isinstance(seed, int | np.integer) else None,
            calibrates_itself=itself and parameters.head == "quantiles",
        )

    def going_on(self, parameters: ForecastParameters, head: str) -> FutureSteps:
        """The target of a model that is trained on, and calibrated anew.

        Args:
            parameters: of the estimator, as they are now.
            head: that the model has.
        """
        seed = parameters.random_state
        going_on = replace(
            self,
            levels=self.levels if head == "quantiles" else rounded(parameters.levels),
            seed=int(seed) if isinstance(seed, int | np.integer) else None,
            calibrates_itself=False,
        )
        if is_auto(parameters.calibration_windows):
            return going_on  # the model has seen the windows that would be held back
        windows = int(parameters.calibration_windows)
        return replace(
            going_on,
            calibration_windows=windows,
            has_quantiles=head != "point" or windows > 0,
            kept_levels=None,
            kept_shifts=None,
        )

    def calibrated(self, windows: int, levels: list[float], shifts: np.ndarray) -> FutureSteps:
        """The target of a model whose calibration is kept.

        Args:
            windows: of each series that it was made of, at most.
            levels: of quantiles, n.
            shifts: of their steps, (H, n).
        """
        return replace(
            self,
            calibration_windows=windows,
            calibrates_itself=False,
            kept_levels=levels,
            kept_shifts=shifts,
        )

    def choices(self, parameters: ForecastParameters) -> dict[str, Choice]:
        """Tells what the series and other parameters decided."""
        counts = parameters.head == "negative_binomial"
        season = "there is a season" if self.season else "there is no season"
        three = "seasons" if (self.season or 0) > self.horizon else "horizons"
        values = "counts" if counts else "other values than counts"
        held_back = "enough residuals" if self.calibration_windows else "too few residuals"
        return {
            "calibration_windows": Choice(
                self.calibration_windows,
                f"{held_back} for levels {', '.join(map(str, self.levels))}",
            ),
            "lookback": Choice(self.lookback, f"three {three}"),
            "season": Choice(self.season, "that of the frequency"),
            "scaling": Choice(self.scaling, values),
            "seasonal_residual": Choice(self.seasonal_residual, f"{season}; {values}"),
        }

    @property
    def shortest(self) -> int:
        """Values that the history of a training window must have."""
        return min(self.lookback, max(self.season or 1, FEWEST))

    def checked_levels(self, levels: Sequence[float] | None) -> list[float]:
        """Levels of quantiles that are forecast.

        Args:
            levels: as users give them; None for those of the fit.

        Raises:
            ValueError, TypeError: for levels out of range, or where no quantiles are forecast.
        """
        check_levels("levels", self.levels if levels is None else levels)
        if not self.has_quantiles:
            raise ValueError(
                "Quantiles and intervals need head='quantiles' or a distribution, or "
                "calibration_windows above 0; the estimator was fitted with head='point' and none."
            )
        return self.levels if levels is None else rounded(levels)

    def for_whole_horizons(self, data: SeriesData, steps: int) -> SeriesData:
        """Series whose covariates are known for some steps, filled up to whole horizons.

        Only what is wanted must be known; the rest of the last horizon is cut off.
        """
        rest = -steps % self.horizon
        if data.known is None or not rest:
            return data
        rows = [np.pad(k, ((0, rest), (0, 0)), mode="edge") for k in data.known]
        return replace(data, known=rows)

    def windows(
        self,
        data: SeriesData,
        panel: Panel,
        calibration: int,
        held_out: float | None,
        sample_weight: np.ndarray | Sequence[np.ndarray] | None = None,
    ) -> tuple[Windows, Windows | None]:
        """Windows to train on, and those held out for early stopping.

        Args:
            data: the series.
            panel: the same, whose names errors give.
            calibration: windows of each series that are left out, at its end.
            held_out: part of each series held out before those, or None.
            sample_weight: of each series in the loss, (n,), or of its steps, n arrays (T_i,); None
                for all alike.

        Raises:
            ValueError: where no series is long enough.
        """
        lengths = data.lengths
        of_series = sample_weight if isinstance(sample_weight, np.ndarray) else None
        of_steps = None if isinstance(sample_weight, np.ndarray) else sample_weight
        if self.weighting == "mase":
            scales = mase_scales(data.values, self.season or 1)
            of_series = (1.0 if of_series is None else of_series) / scales

        def windows(skip: int | np.ndarray, newest: int | np.ndarray | None = None) -> Windows:
            ends = all_windows(lengths, self.shortest, self.horizon, skip, newest)
            sizes = (self.lookback, self.horizon)
            weights = of_series, of_steps
            return Windows(data, *sizes, *ends, *weights, gives_truth=self.gives_truth)

        left_out = {"calibration_windows": self.horizon + calibration - 1 if calibration else 0}
        skip: int | np.ndarray = left_out["calibration_windows"]
        validation = None
        if held_out is not None:
            part = np.maximum(self.horizon, np.round(held_out * lengths)).astype(int)
            validation = windows(skip, part - self.horizon + 1)
            skip = skip + part
            left_out["early_stopping"] = int(part.max())
        kept = windows(skip)
        if not len(kept) or (validation is not None and not len(validation)):
            self._refuse(panel, left_out)
        unused = np.setdiff1d(np.arange(len(lengths)), kept.series)
        if len(unused):
            names = series_listed([panel.names[i] for i in unused])
            warn(
                f"{len(unused)} of {len(lengths)} series are too short to be trained on, with "
                f"fewer than {self.shortest + self.horizon + int(np.max(skip))} values: {names}"
                ". They are forecast all the same."
            )
        return kept, validation

    def _refuse(self, panel: Panel, left_out: dict[str, int]) -> None:
        also = "".join(f", and {steps} for {what}" for what, steps in left_out.items() if steps)
        longest = int(np.argmax(panel.lengths))
        raise ValueError(
            f"y must have a series of at least {self.shortest + self.horizon} values (a history "
            f"of {self.shortest} and horizon={self.horizon}){also}; the longest, "
            f"{series_named(panel.names[longest])}, has {panel.lengths[longest]}."
        )


def rounded(levels: Sequence[float]) -> list[float]:
    """Levels such as .1 + .2 as users mean them."""
    return [round(float(level), 9) for level in levels]
