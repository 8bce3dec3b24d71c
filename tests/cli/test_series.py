"""Tables with a row a step: series into classes, or into their next steps; tokens into labels."""

from __future__ import annotations

import json
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

import seqkit
from seqkit.cli.main import main
from seqkit.cli.tasks import TASKS
from seqkit.cli.tasks.task import SampleTask, Table
from tests.cli.made_up import SMALL, pairs, sales, sentences, series

QUICK = ("--learning-rate", "0.02")


@pytest.fixture(scope="module")
def classified(tmp_path_factory):
    """A folder with a table of series, and a run that was trained on it."""
    folder = tmp_path_factory.mktemp("series")
    series().to_csv(folder / "series.csv", index=False)
    command = ["--csv", str(folder / "series.csv"), "--output", str(folder / "run")]
    assert main(["train", "series-classification", *command, *SMALL, "--ignore", "target"]) == 0
    return folder


def test_each_row_has_the_answer_to_its_series(classified, tmp_path):
    table = series(8).drop(columns=["label", "target"]).sample(frac=1, random_state=0)
    table["other"] = "NA"
    table.to_csv(tmp_path / "new.csv", index=False)
    model, out = str(classified / "run" / "model.seqkit"), tmp_path / "out.csv"
    assert main(["predict", model, "--csv", str(tmp_path / "new.csv"), "--output", str(out)]) == 0
    written = pd.read_csv(out, dtype=str, keep_default_na=False)
    assert written["unique_id"].tolist() == table["unique_id"].tolist()
    assert (written["other"] == "NA").all()
    loaded = seqkit.load(model)
    frame = table[["unique_id", "ds", "speed"]]
    of_series = dict(zip(frame["unique_id"].unique(), loaded.predict(frame), strict=True))
    assert written["predicted"].tolist() == [of_series[name] for name in table["unique_id"]]
    assert {*of_series.values()} <= {"007", "NA"}


def test_what_was_held_out_has_its_name(classified):
    found = pd.read_csv(classified / "run" / "predictions.csv", keep_default_na=False, dtype=str)
    labels = series().astype(str).groupby("unique_id")["label"].first()
    assert found["unique_id"].is_unique
    assert found["label"].tolist() == labels[found["unique_id"]].tolist()


def test_a_model_of_python_knows_its_features(classified):
    loaded = seqkit.load(classified / "run" / "model.seqkit")
    del loaded.columns_
    assert TASKS["series-classification"].column_names(loaded)["features"] == ["speed"]


def test_series_are_read_in_parts_as_they_are_at_once(classified, tmp_path, capsys):
    model, source = str(classified / "run" / "model.seqkit"), str(classified / "series.csv")
    found = []
    for rows in ("5", "0"):
        out = tmp_path / f"{rows}.csv"
        options = ["--csv", source, "--output", str(out), "--chunk-rows", rows, "--one-row"]
        assert main(["predict", model, *options]) == 0
        found.append(pd.read_csv(out, dtype={"label": str}, keep_default_na=False))
    pd.testing.assert_frame_equal(*found, rtol=1e-4)
    assert found[0]["unique_id"].is_unique
    assert len(found[0]) == 24
    series(4).sort_values("ds").to_csv(tmp_path / "mixed.csv", index=False)
    options = ["--csv", str(tmp_path / "mixed.csv"), "--chunk-rows", "5"]
    assert main(["predict", model, *options, "--output", str(tmp_path / "mixed_out.csv")]) == 2
    assert "Sort it by the column of --id" in capsys.readouterr().err
    assert not (tmp_path / "mixed_out.csv").exists()


def read(task, frame, labelled=True, **columns):
    named = {column.name: column.default for column in TASKS[task].columns} | columns
    model = SimpleNamespace(id="unique_id", time="ds")
    reader = TASKS[task]
    assert isinstance(reader, SampleTask)
    return reader.read(Table(frame, "a.csv", named), labelled=labelled, model=model)


def test_a_row_may_be_a_series():
    frame = pd.DataFrame({"name": ["x", "y"], "t1": ["1", "2"], "t2": ["", "4"], "label": "7"})
    found = read("series-classification", frame, ignore=["name"])
    np.testing.assert_array_equal(found.X, [[1, np.nan], [2, 4]])
    assert found.y == ["7", "7"]
    assert list(read("series-classification", frame, features=["t*"]).X) == ["t1", "t2"]
    with pytest.raises(ValueError, match="--features: column 'name' of a.csv must hold numbers"):
        read("series-classification", frame)
    with pytest.raises(ValueError, match="--target: a.csv has no column 'label'"):
        read("series-classification", frame.drop(columns="label"))


def test_series_have_one_class():
    frame = series(2).astype(str)
    assert read("series-classification", frame, ignore=["target"]).y == ["007", "NA"]
    frame.loc[1, "label"] = "x"
    with pytest.raises(ValueError, match="expected one 'label'"):
        read("series-classification", frame, ignore=["target"])


def test_tokens_are_joined_to_sentences():
    frame = sentences(3).astype(str)
    found = read("tagging", frame)
    assert [len(row) for row in found.X] == frame.groupby("unique_id", sort=False).size().tolist()
    assert [token for row in found.X for token in row] == frame["token"].tolist()
    assert found.of_row.tolist() == frame["unique_id"].astype(int).tolist()
    frame.loc[2, "token"] = ""
    with pytest.raises(ValueError, match="must have a token in each row, got none in row 3"):
        read("tagging", frame)


def test_labels_are_numbers_where_all_are():
    task = TASKS["text-classification"]
    assert isinstance(task, SampleTask)
    assert task.targets(["1", "02"], ".").tolist() == ["1", "02"]
    assert task.targets(["1", "2"], ".").tolist() == [1, 2]
    model = SimpleNamespace(classes_=np.array(["1", "02"]))
    assert task.truth(model, ["1", "1"], ".").tolist() == ["1", "1"]
    model = SimpleNamespace(classes_=np.array([1, 2]))
    assert task.truth(model, ["1", "2"], ".").tolist() == [1, 2]
    with pytest.raises(ValueError, match="expected classes such as 1, got 'x'"):
        task.truth(model, ["x"], ".")


@pytest.fixture(scope="module")
def forecast(tmp_path_factory):
    """A folder with a table of sales, and a run that was trained on it."""
    folder = tmp_path_factory.mktemp("sales")
    sales().to_csv(folder / "sales.csv", index=False)
    columns = [
        "--id",
        "shop",
        "--time",
        "day",
        "--target",
        "sold",
        "--covariates",
        "price",
        "--static",
        "region",
    ]
    command = ["--csv", str(folder / "sales.csv"), "--output", str(folder / "run"), *columns]
    assert main(["train", "forecasting", *command, *SMALL, "--horizon", "4"]) == 0
    return folder


def test_the_last_steps_test_a_forecaster(forecast):
    run = forecast / "run"
    found = pd.read_csv(run / "forecasts.csv", dtype={"shop": str}, keep_default_na=False)
    known = sales().dropna(subset="sold").groupby("shop").tail(4)
    assert found["truth"].tolist() == known["sold"].tolist()
    assert found["day"].tolist() == known["day"].astype(str).tolist()
    metrics = json.loads((run / "metrics.json").read_text())
    error = (found["truth"] - found["forecast"]).abs().mean()
    assert metrics["test"]["mae"] == pytest.approx(error, rel=1e-4)
    assert list(metrics["baseline"]) == ["the last season again"]
    seven = sales().dropna(subset="sold").groupby("shop")["sold"]
    naive = np.stack([x.to_numpy()[-11:-7] - x.to_numpy()[-4:] for _, x in seven])
    naive_mae = metrics["baseline"]["the last season again"]["mae"]
    assert naive_mae == pytest.approx(np.abs(naive).mean())
    assert {"forecasts.png", "future.png"} <= {path.name for path in run.iterdir()}


def test_what_follows_is_forecast_beside_other_columns(forecast, tmp_path, capsys):
    model, out = str(forecast / "run" / "model.seqkit"), tmp_path / "out.csv"
    source = ["--csv", str(forecast / "sales.csv")]
    assert main(["forecast", model, *source, "--output", str(out)]) == 0
    found = pd.read_csv(out, dtype={"shop": str}, keep_default_na=False)
    to_come = sales()[sales()["sold"].isna()]
    for column in ("shop", "price", "region", "memo"):
        assert found[column].tolist() == to_come[column].tolist()
    assert (found["lower"] <= found["forecast"]).all()
    assert (found["forecast"] <= found["upper"]).all()
    future = pd.read_csv(forecast / "run" / "future.csv")
    assert found["forecast"].tolist() == pytest.approx(future["forecast"].tolist(), rel=1e-4)
    assert main(["forecast", model, "--output", str(out)]) == 2
    assert "--csv is needed, for the model reads price" in capsys.readouterr().err
    assert main(["predict", model, *source]) == 2
    assert "use the verb forecast" in capsys.readouterr().err


def test_a_forecaster_is_evaluated_on_other_series(forecast, tmp_path, capsys):
    table = sales(30, 0).query("shop == 'NA'").assign(shop="new", region="7")
    table.to_csv(tmp_path / "new.csv", index=False)
    model = str(forecast / "run" / "model.seqkit")
    with pytest.warns(UserWarning, match="7"):  # a region that training has not seen
        assert main(["evaluate", model, "--csv", str(tmp_path / "new.csv")]) == 0
    assert capsys.readouterr().out.startswith("| mase")


@pytest.mark.slow
@pytest.mark.parametrize("task", ["series-regression", "tagging", "translation", "forecasting"])
def test_all_tasks_from_end_to_end(task, tmp_path):
    tables = {"series-regression": series(), "tagging": sentences(), "translation": pairs()}
    more = {
        "series-regression": ["--ignore", "label"],
        "translation": [
            "--tokens",
            "word",
            "--units",
            "16",
            "--epochs",
            "20",
            "--learning-rate",
            "0.02",
        ],
        "forecasting": ["--time", "day", "--target", "sold", "--horizon", "3", "--head", "point"],
        "tagging": [],
    }
    alone = sales(to_come=0).query("shop == 'NA'")[["day", "sold"]]
    tables.get(task, alone).to_csv(tmp_path / "table.csv", index=False)
    source, run = ["--csv", str(tmp_path / "table.csv")], tmp_path / "run"
    assert main(["train", task, *source, "--output", str(run), *SMALL, *more[task]]) == 0
    verb = "forecast" if task == "forecasting" else "predict"
    out = tmp_path / "out.csv"
    assert main([verb, str(run / "model.seqkit"), *source, "--output", str(out)]) == 0
    found = pd.read_csv(out)
    assert found["forecast" if verb == "forecast" else "predicted"].notna().any()
    assert main(["evaluate", str(run / "model.seqkit"), *source]) == 0
    assert main(["export", str(run / "model.seqkit"), str(tmp_path / "served")]) == 0
