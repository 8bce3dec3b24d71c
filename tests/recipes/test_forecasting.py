"""The forecasting recipe, run as its users run it."""

from __future__ import annotations

import json
import re

import numpy as np
import pandas as pd
import pytest

from recipes import forecasting, query_export
from recipes.parts.forecasting import series
from recipes.parts.forecasting.own_table import read_own
from recipes.parts.forecasting.results import Result, report

FILES = {
    "config.json",
    "metrics.json",
    "model.seqkit",
    "versions.json",
    "history.csv",
    "forecasts.csv",
    "request.json",
    "learning_curve.png",
    "forecasts.png",
    "error_by_horizon.png",
}
OF_OWN_DATA = {"future.csv", "future.png"}
HORIZON = 4


def sales(shops=("North", "South", "East"), days=40):
    """Daily values with a week in them, and a day that is missing."""
    rng = np.random.default_rng(0)
    table = [
        {"day": day.date(), "shop": shop, "sold": round(20 + k + 5 * (day.weekday() > 4) + e, 2)}
        for k, shop in enumerate(shops)
        for day, e in zip(
            pd.date_range("2024-01-01", periods=days), rng.normal(size=days), strict=True
        )
    ]
    return pd.DataFrame(table).drop(index=10).sample(frac=1, random_state=0)


@pytest.fixture(scope="module")
def table(tmp_path_factory):
    path = tmp_path_factory.mktemp("table") / "sales.csv"
    sales().to_csv(path, index=False)
    return path


def of(path) -> str:
    return f"--csv {path} --time day --value sold --id shop --horizon {HORIZON}"


def run(path, tmp_path, *more: str) -> int:
    columns = ["--time", "day", "--value", "sold", "--id", "shop", "--horizon", str(HORIZON)]
    small = ["--units", "4", "--lookback", "8", "--epochs", "1", "--jobs", "1"]
    output = ["--output", str(tmp_path / "run")]
    return forecasting.main(["--csv", str(path), *columns, *small, *output, *more])


@pytest.mark.always
def test_own_table(table, tmp_path, capsys):
    exported = tmp_path / "exported"
    options = ["--seeds", "2", "--baselines", "naive,seasonal_naive", "--export", str(exported)]
    assert run(table, tmp_path, *options) == 0
    printed = capsys.readouterr().out
    assert "3 series of 36 steps, horizon 4, season 7" in printed
    assert "| seasonal_naive" in printed
    assert "| gru, 4 units x 1, quantiles" in printed
    assert "±" in printed
    folder = tmp_path / "run"
    assert {p.name for p in folder.iterdir()} == FILES | OF_OWN_DATA | {"log.txt"}
    metrics = json.loads((folder / "metrics.json").read_text())
    assert [r["seed"] for r in metrics["runs"]] == [0, 1]
    assert set(metrics["baselines"]) == {"naive", "seasonal_naive"}
    assert {"mase", "smape", "rmsse", "coverage", "seconds"} <= set(metrics["runs"][0])
    forecasts = pd.read_csv(folder / "forecasts.csv")
    assert forecasts["unique_id"].unique().tolist() == pd.read_csv(table)["shop"].unique().tolist()
    assert forecasts["ds"].unique().tolist() == [f"2024-02-0{d}" for d in (6, 7, 8, 9)]
    inside = (forecasts["lower"] <= forecasts["y"]) & (forecasts["y"] <= forecasts["upper"])
    assert metrics["runs"][0]["coverage"] == pytest.approx(inside.mean())
    assert len(pd.read_csv(folder / "history.csv")) == 1
    assert json.loads((folder / "config.json").read_text())["csv"] == str(table)
    request = json.loads((folder / "request.json").read_text())
    assert np.shape(request["instances"][0]["history"]) == (8, 1)
    # What follows the table is forecast by a model that has learned from all of it.
    future = pd.read_csv(folder / "future.csv")
    ahead = [name for name in metrics["baselines"] if is_ahead(name, metrics)]
    assert list(future) == ["unique_id", "ds", "forecast", "lower", "upper", *ahead]
    assert future["ds"].unique().tolist() == [f"2024-02-{d}" for d in (10, 11, 12, 13)]
    assert (future["lower"] <= future["upper"]).all()
    # The exported model, that one, answers the request that was written.
    asked = [str(exported), "--request", str(folder / "request.json")]
    assert query_export.main(asked) == 0
    answers = capsys.readouterr().out.splitlines()[1:4]
    for line, (_, rows) in zip(answers, future.groupby("unique_id", sort=False), strict=True):
        found = [float(number) for number in line.split("-> ")[1].split()]
        np.testing.assert_allclose(found, rows["forecast"], rtol=1e-3)
    (folder / "request.json").write_text('{"instances": [{"past": [[1.0]]}]}')
    assert query_export.main(asked) == 2
    assert "must have the keys history in each object" in capsys.readouterr().err


def is_ahead(name: str, metrics: dict) -> bool:
    """Whether a baseline is better than the model."""
    return metrics["baselines"][name]["mase"] < np.mean([r["mase"] for r in metrics["runs"]])


def test_one_series_of_numbered_steps(tmp_path, capsys):
    path = tmp_path / "one.csv"
    pd.DataFrame({"ds": range(40), "y": np.arange(40.0) % 7}).to_csv(path, index=False)
    small = ["--units", "4", "--epochs", "1", "--seeds", "1", "--head", "point"]
    given = ["--csv", str(path), "--horizon", "3", "--season", "5", "--baselines", "naive"]
    assert forecasting.main([*given, *small, "--output", str(tmp_path / "run")]) == 0
    printed = capsys.readouterr().out
    assert "1 series of 37 steps, horizon 3, season 5" in printed
    forecasts = pd.read_csv(tmp_path / "run" / "forecasts.csv")
    assert forecasts["ds"].tolist() == [37, 38, 39]
    assert "lower" not in forecasts


def test_calendar_of_own_table(table, tmp_path, capsys):
    exported = tmp_path / "exported"
    more = ["--calendar", "day_of_week,month", "--seeds", "1", "--baselines", "naive"]
    assert run(table, tmp_path, *more, "--export", str(exported)) == 0
    request = json.loads((tmp_path / "run" / "request.json").read_text())
    times = request["instances"][0]["timestamps"]
    assert len(times) == 8 + HORIZON
    assert times[-1] == "2024-02-13T00:00:00"
    capsys.readouterr()
    assert query_export.main([str(exported), "--request", str(tmp_path / "run/request.json")]) == 0
    future = pd.read_csv(tmp_path / "run" / "future.csv")
    line = capsys.readouterr().out.splitlines()[1]
    found = [float(number) for number in line.split("-> ")[1].split()]
    np.testing.assert_allclose(found, future["forecast"][:HORIZON], rtol=1e-3)


def test_nothing_is_held_out_of_the_whole(table):
    task = series.load(forecasting.parse(of(table).split()))
    whole = task.whole()
    assert len(whole.train) == len(task.train) + len(task.test)
    for name, history in zip(whole.ids, whole.histories, strict=True):
        rows = whole.train[whole.train["unique_id"] == name]
        assert rows["ds"].is_monotonic_increasing
        np.testing.assert_array_equal(rows["y"], history)


def test_behind_a_baseline_it_says_so(capsys):
    nothing = np.zeros((1, 1))
    good, bad = ({"mase": m, "smape": m, "rmsse": 1.0, "seconds": 1.0} for m in (0.5, 0.7))
    model = Result("gru", [bad | {"coverage": 0.75}, bad | {"mase": 0.8, "coverage": 0.8}], nothing)
    baselines = [Result("theta", [good], nothing), Result("naive", [bad], nothing)]
    assert report(baselines, model, own=True) == ["theta", "naive"]
    printed = capsys.readouterr().out
    first = (
        "The baseline theta is ahead of gru in MASE: 0.500 and 0.750 ± 0.071. future.csv has its"
    )
    assert printed.startswith(first)
    assert "| gru    | 0.750 ± 0.071 | 0.70 ± 0.00 | 1.000 ± 0.000 | 77.5 ± 3.5 % |" in printed
    assert "| theta  | 0.500 " in printed
    assert "In MASE the recurrent model is behind theta, naive." in printed
    assert "In sMAPE the recurrent model is behind theta." in printed
    assert "In RMSSE" not in printed


def test_ahead_of_all_baselines_it_says_so(capsys):
    nothing = np.zeros((1, 1))
    run_of = {"smape": 1.0, "rmsse": 1.0, "seconds": 1.0}
    model, naive = (
        Result(n, [run_of | {"mase": m}], nothing) for n, m in (("gru", 1), ("naive", 2))
    )
    assert report([naive], model) == []
    first = capsys.readouterr().out.splitlines()[0]
    assert first == "No baseline is ahead of gru in MASE: naive has 2.000 and 1.000."
    assert report([], model) == []
    assert capsys.readouterr().out.startswith("| method")


def test_a_baseline_that_is_ahead_forecasts_what_follows(tmp_path, capsys):
    """A season that repeats itself, which a model that has learned next to nothing misses."""
    path, steps = tmp_path / "one.csv", np.arange(40)
    pd.DataFrame({"ds": steps, "y": 10.0 * (steps % 5) + steps}).to_csv(path, index=False)
    small = ["--units", "4", "--epochs", "1", "--seeds", "1", "--seasonal-residual", "false"]
    given = ["--csv", str(path), "--horizon", "3", "--season", "5", "--jobs", "1"]
    given += ["--baselines", "naive,seasonal_naive", "--output", str(tmp_path / "run"), *small]
    assert forecasting.main(given) == 0
    printed = capsys.readouterr().out
    first = printed[: printed.index("| method")].splitlines()[-1]
    assert first.startswith("The baseline seasonal_naive is ahead of gru, 4 units")
    assert first.endswith("future.csv has its forecasts too.")
    future = pd.read_csv(tmp_path / "run" / "future.csv")
    assert future["seasonal_naive"].tolist() == [35, 46, 57]


def test_rows_in_any_order_become_series(table):
    options = forecasting.parse(of(table).split())
    frame = read_own(options).series
    assert frame.columns.tolist() == ["unique_id", "ds", "y"]
    for _, rows in frame.groupby("unique_id"):
        assert rows["ds"].is_monotonic_increasing
    expected = sales().sort_values("day", kind="stable")
    for shop, rows in frame.groupby("unique_id"):
        np.testing.assert_array_equal(rows["y"], expected.loc[expected["shop"] == shop, "sold"])


def test_short_series_are_left_out(tmp_path, capsys):
    path = tmp_path / "short.csv"
    whole = sales()
    short = whole[whole["shop"] == "East"].sort_values("day")[:HORIZON]
    pd.concat([whole[whole["shop"] != "East"], short]).to_csv(path, index=False)
    task = series.load(forecasting.parse(of(path).split()))
    assert sorted(task.ids) == ["North", "South"]
    assert "left out 1 of 3 series" in capsys.readouterr().out


def described(ahead: int = HORIZON) -> pd.DataFrame:
    """Sales that a price moves, of shops such as 007 and NA, and prices of days ahead."""
    table = sales(("007", "NA", "012"), 40 + ahead).sort_values(["shop", "day"])
    rng = np.random.default_rng(1)
    table["price"] = rng.integers(1, 5, len(table))
    table["promo"] = rng.random(len(table)) > 0.8
    table["sold"] += 3.0 * table["price"]
    table.loc[table["day"] > pd.Timestamp("2024-02-09").date(), "sold"] = np.nan
    table["region"] = table["shop"].map({"007": "NA", "NA": "01", "012": "EU"})
    return table.assign(size=table["shop"].map({"007": 1.5, "NA": 2, "012": 3}), note="x")


def test_covariates_and_descriptions(tmp_path, capsys):
    path, exported = tmp_path / "sales.csv", tmp_path / "exported"
    table = described()
    table["weather"] = np.resize(["", "dry", "wet"], len(table))
    table.to_csv(path, index=False)
    more = ["--covariates", "price", "weather", "promo", "--static", "region", "size"]
    more += [
        "--seeds",
        "1",
        "--baselines",
        "naive",
        "--calendar",
        "month",
        "--export",
        str(exported),
    ]
    assert run(path, tmp_path, *more) == 0
    printed = capsys.readouterr().out
    assert "'note' is not used" in printed
    assert "3 series of 36 steps, horizon 4" in printed
    folder = tmp_path / "run"
    future = pd.read_csv(folder / "future.csv", dtype={"unique_id": str}, keep_default_na=False)
    assert future["unique_id"].unique().tolist() == ["007", "012", "NA"]
    assert future["ds"].unique().tolist() == [f"2024-02-{d}" for d in (10, 11, 12, 13)]
    request = json.loads((folder / "request.json").read_text())["instances"]
    assert np.shape(request[0]["history"]) == (8, 3)
    assert np.shape(request[0]["future"]) == (HORIZON, 2)
    assert np.shape(request[0]["history_categories"]) == (8, 1)
    given = table.loc[table["shop"] == "007", "weather"].tolist()[-HORIZON:]
    assert [category for (category,) in request[0]["future_categories"]] == given
    assert [(i["static"], i["categories"]) for i in request] == [
        ([1.5], ["NA"]),
        ([3], ["EU"]),
        ([2], ["01"]),
    ]
    assert query_export.main([str(exported), "--request", str(folder / "request.json")]) == 0
    answers = capsys.readouterr().out.splitlines()[1:4]
    for line, (_, rows) in zip(answers, future.groupby("unique_id", sort=False), strict=True):
        found = [float(number) for number in line.split("-> ")[1].split()]
        np.testing.assert_allclose(found, rows["forecast"].astype(float), rtol=1e-3)


def test_covariates_that_end_with_the_series(tmp_path, capsys):
    path, exported = tmp_path / "sales.csv", tmp_path / "exported"
    described(ahead=2).to_csv(path, index=False)
    more = ["--covariates", "price", "--seeds", "1", "--baselines", "naive"]
    assert run(path, tmp_path, *more, "--export", str(exported)) == 0
    printed = capsys.readouterr().out
    assert "'promo', 'region', 'size', 'note' are not used" in printed
    assert "No forecasts of what follows" in printed
    assert "add rows of the 4 steps after each series, with 'price' and without 'sold'" in printed
    assert {p.name for p in (tmp_path / "run").iterdir()} == FILES | {"log.txt"}
    asked = [str(exported), "--request", str(tmp_path / "run" / "request.json")]
    assert query_export.main(asked) == 0


@pytest.mark.parametrize(
    ("more", "message"),
    [
        ("--covariates pirce", "--covariates: .* has no column 'pirce', but .*mean 'price'"),
        ("--static regoin", "--static: .* has no column 'regoin', but .*mean 'region'"),
        ("--covariates mixed", "--covariates: column 'mixed' of .* numbers, got 'low' in row 2"),
        ("--static price", "--static: column 'price' .* one value a series, got .* for '007'"),
        ("--covariates price price", "must name different columns"),
        ("--covariates gone", "--covariates: .*'gone'"),
    ],
)
def test_wrong_covariates(more, message, tmp_path, capsys):
    table = described().assign(gone=1.0, mixed="1.5")
    table.loc[1, "mixed"] = "low"
    table.loc[table["day"] > pd.Timestamp("2024-02-05").date(), "gone"] = np.nan
    path = tmp_path / "sales.csv"
    table.to_csv(path, index=False)
    assert run(path, tmp_path, *more.split()) == 2
    error = capsys.readouterr().err
    assert re.search(message, error)
    assert error.count("\n") == 1


def test_without_covariates_what_is_missing_at_the_end_is_of_the_series(tmp_path):
    path = tmp_path / "sales.csv"
    described().to_csv(path, index=False)
    task = series.load(forecasting.parse(of(path).split()))
    assert np.isnan(task.truth).all()
    task = series.load(forecasting.parse([*of(path).split(), "--covariates", "price"]))
    assert not np.isnan(task.truth).any()


def test_the_model_is_the_estimator_but_for_what_is_named(table):
    from seqkit import Seq2SeqForecaster

    options = forecasting.parse([*of(table).split(), "--units", "8", "--set", "scaling=mean"])
    assert options.seeds == 3
    assert options.baselines == ["naive", "seasonal_naive", "theta", "ets"]
    task = series.load(options)
    found = forecasting.estimator(options, task, 1).get_params()
    usual = Seq2SeqForecaster(HORIZON, season=7, freq=task.freq, random_state=1).get_params()
    named = {"units": 8, "scaling": "mean", "calendar": []}
    assert found == {**usual, **named}
    quick = forecasting.parse([*of(table).split(), "--quick", "--seeds", "2"])
    assert quick.seeds == 2
    assert forecasting.estimator(quick, task, 1).preset == "fast"


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ("--cell ltsm", "Did you mean 'lstm'"),
        ("--csv a.csv", "--csv needs --horizon"),
        ("--calendar month", "--calendar is of own data: it needs --csv"),
        ("--horizon 3", "--horizon is of own data: it needs --csv"),
        ("--covariates price", "--covariates is of own data: it needs --csv"),
        ("--csv a.csv --horizon 1 --static region", "--static describes series: it needs --id"),
        ("--csv a.csv --horizon 0", "--horizon must be at least 1"),
        ("--csv a.csv --dataset m3 --horizon 1", "not allowed with argument"),
        ("--baselines naive,arima", "--baselines must be of .* got 'arima'"),
        ("--baselines thetta", "Did you mean 'theta'"),
        ("--seeds 0", "--seeds must be at least 1"),
    ],
)
def test_wrong_options_are_refused_at_once(options, message, capsys):
    with pytest.raises(SystemExit) as stopped:
        forecasting.main(options.split())
    assert stopped.value.code == 2
    assert re.search(message, capsys.readouterr().err)


@pytest.mark.parametrize(
    ("more", "message"),
    [
        (["--value", "solt"], "has no column 'solt', but .* Did you mean 'sold'"),
        (["--id", "Shop"], "Did you mean 'shop'"),
        (["--value", "shop"], "must name different columns"),
        (["--horizon", "40"], "--horizon 40 needs a series of more steps.*longest has 40"),
        (["--freq", "fortnight"], "freq must be a frequency of pandas"),
        (["--dropout", "1.5"], "--dropout must be"),
        (["--set", "epochs=0"], "--epochs must be"),
        (["--calendar", "moth"], "calendar must be .* got 'moth'"),
    ],
)
def test_errors_of_the_data_are_one_line(table, tmp_path, capsys, more, message):
    assert run(table, tmp_path, *more) == 2
    error = capsys.readouterr().err
    assert error.startswith("error: ")
    assert error.count("\n") == 1
    assert re.search(message, error)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("day,shop,sold\n", "at least one row"),
        ("day,shop,sold\n2024-01-01,a,3\n2024-01-02,a,many\n", "hold numbers, got 'many' in row 2"),
        ("day,shop,sold\nMonday,a,3\nTuesday,a,4\n", "--time: column 'day' of .* must hold dates"),
        ("day,shop,sold\n2024-01-01,a,3\n2024-01-01,a,4\n", "each timestamp once"),
        ("day,shop,sold\n2024-01-01,a,3\n2024-01-02,,4\n", "none in row 2"),
    ],
)
def test_bad_tables(tmp_path, capsys, text, message):
    path = tmp_path / "bad.csv"
    path.write_text(text)
    assert run(path, tmp_path) == 2
    error = capsys.readouterr().err
    assert str(path) in error
    assert re.search(message, error)


def test_several_series_without_their_name(table, tmp_path, capsys):
    arguments = f"--csv {table} --time day --value sold --horizon 4 --output {tmp_path / 'run'}"
    assert forecasting.main(arguments.split()) == 2
    assert "name their column by --id" in capsys.readouterr().err


def test_interrupted(table, tmp_path, capsys, monkeypatch):
    def interrupt(*arguments, **options):
        raise KeyboardInterrupt

    monkeypatch.setitem(forecasting.BASELINES, "naive", interrupt)
    assert run(table, tmp_path) == 130
    assert "no results were written" in capsys.readouterr().err
    assert not (tmp_path / "run" / "metrics.json").exists()
