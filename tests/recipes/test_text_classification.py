"""The text classification recipe, run as its users run it."""

from __future__ import annotations

import json

import numpy as np
import pandas as pd
import pytest
import tensorflow_datasets as tfds

from recipes import query_export, text_classification
from recipes.parts.classification.texts import Texts
from seqkit import data
from tests.recipes.test_series_classification import FILES

WORDS = {"fresh": ["superb", "moving", "witty"], "rotten": ["dull", "clumsy", "tired"]}
SMALL = ["--cell", "gru", "--units", "4", "--embedding-dim", "4", "--epochs", "2"]


def reviews(count: int, seed: int = 0) -> pd.DataFrame:
    """Reviews of four films, a word in each that tells their kind."""
    rng = np.random.default_rng(seed)
    kinds = ["fresh", "rotten"] * (count // 2)
    fill = [
        rng.choice(["a", "the", "of", "film", "plot", "scene", "actors", "night", "long"], 5)
        for _ in kinds
    ]
    said = [
        f"{' '.join(words)} {rng.choice(WORDS[kind])}!"
        for words, kind in zip(fill, kinds, strict=True)
    ]
    return pd.DataFrame({"review": said, "verdict": kinds, "film": rng.integers(0, 4, len(kinds))})


@pytest.fixture
def run(tmp_path):
    """Runs the recipe on a table of reviews."""

    def recipe(*options: str, table: pd.DataFrame | None = None) -> int:
        path = tmp_path / "reviews.csv"
        (reviews(60) if table is None else table).to_csv(path, index=False)
        columns = ["--text", "review", "--label", "verdict"]
        given = ["--csv", str(path), *columns, *SMALL, "--output", str(tmp_path / "run"), *options]
        return text_classification.main(given)

    return recipe


@pytest.mark.always
def test_own_table(run, tmp_path, capsys):
    exported = tmp_path / "exported"
    assert run("--seeds", "2", "--test-fraction", "0.25", "--export", str(exported)) == 0
    printed = capsys.readouterr().out
    assert "45 training and 15 test texts, 6 words long in the median, 2 classes" in printed
    assert "| logistic regression on TF-IDF" in printed
    assert "| bidirectional gru, 4 units x 1" in printed
    assert "±" in printed
    folder = tmp_path / "run"
    assert {p.name for p in folder.iterdir()} - {"baseline.joblib"} == FILES | {"log.txt"}
    metrics = json.loads((folder / "metrics.json").read_text())
    predictions = pd.read_csv(folder / "predictions.csv")
    accuracy = (predictions["label"] == predictions["predicted"]).mean()
    assert metrics["runs"][0]["accuracy"] == pytest.approx(accuracy)
    assert [r["seed"] for r in metrics["runs"]] == [0, 1]
    assert set(predictions["text"]) <= set(reviews(60)["review"])
    # The exported model answers the request that was written.
    assert query_export.main([str(exported), "--request", str(folder / "request.json")]) == 0
    answers = capsys.readouterr().out.splitlines()[1:6]
    for line, row in zip(answers, predictions.iloc[::3].itertuples(), strict=True):
        assert line == f"  {row.text} -> {row.predicted} (probability {row.probability:.3f})"


def load(*options: str) -> Texts:
    return text_classification.load(text_classification.parse(options))


@pytest.fixture
def tables(tmp_path):
    """Options that name a table of reviews, and one to test on."""
    reviews(60).to_csv(tmp_path / "reviews.csv", index=False)
    reviews(20, seed=1).drop(columns="film").to_csv(tmp_path / "test.csv", index=False)
    columns = ["--text", "review", "--label", "verdict"]
    return ["--csv", str(tmp_path / "reviews.csv"), *columns], str(tmp_path / "test.csv")


def test_a_part_is_held_out(tables):
    table, _ = tables
    task, groups = load(*table)
    assert (len(task.X), len(task.X_test)) == (48, 12)
    assert (task.y_test == "fresh").sum() == 6  # as many of each class
    assert groups is None
    assert sorted([*task.X, *task.X_test]) == sorted(reviews(60)["review"])
    np.testing.assert_array_equal(load(*table).task.X_test, task.X_test)
    assert list(load(*table, "--seed", "1").task.X_test) != list(task.X_test)


def test_whole_groups_are_held_out(tables):
    task, groups = load(*tables[0], "--group", "film")
    film_of = dict(zip(reviews(60)["review"], reviews(60)["film"], strict=True))
    assert [film_of[text] for text in task.X] == list(groups)
    assert not {film_of[text] for text in task.X_test} & set(groups)


def test_a_test_table(tables):
    table, test = tables
    task, groups = load(*table, "--test-csv", test, "--group", "film")
    assert len(groups) == len(task.X) == 60
    assert list(task.X_test) == list(reviews(20, seed=1)["review"])


def test_rows_without_text_or_label_are_left_out(tables, capsys):
    table, _ = tables
    frame = reviews(60).assign(verdict=[4, 1] * 30)
    frame.loc[3, "review"] = ""
    frame.loc[4, "review"] = "   "
    frame.loc[5, "verdict"] = None  # makes floats of the others
    frame.to_csv(table[1], index=False)
    task, _ = load(*table)
    assert "left out 3 of 60 rows, which have no text or label" in capsys.readouterr().out
    assert len(task.X) + len(task.X_test) == 57
    assert set(task.y.tolist()) == {1, 4}


def test_labels_and_texts_stay_as_they_are_written(tables):
    """Also where the test table by itself would be read as numbers."""
    (_, path, *columns), test = tables
    table = reviews(60).assign(verdict=["007", "NA", "1"] * 20)
    table.loc[3, "review"] = "None"
    table.to_csv(path, index=False)
    reviews(20, seed=1).assign(verdict="1").to_csv(test, index=False)
    task, _ = load("--csv", path, *columns, "--test-csv", test)
    assert task.y.tolist() == ["007", "NA", "1"] * 20
    assert task.X[3] == "None"
    assert task.y_test.tolist() == ["1"] * 20


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"verdict": "fresh"}, "expected at least 2 classes of training texts, got 1, fresh"),
        ({"review": 3.5}, "expected texts in"),
        ({"review": None}, "expected rows with text and label, got none"),
        ({"verdict": [*"abc" * 19, *"abd"]}, "got one of 1 of 4 classes, such as 'd'"),
    ],
)
def test_tables_that_cannot_be_learned(run, capsys, changes, message):
    assert run(table=reviews(60).assign(**changes)) == 2
    error = capsys.readouterr().err
    assert error.startswith("error: ")
    assert error.count("\n") == 1
    assert message in error


def test_wrong_names_are_one_line(run, capsys):
    assert run("--text", "reviews") == 2
    assert "--text: " in (error := capsys.readouterr().err)
    assert "Did you mean 'review'?" in error
    assert run("--csv", "no_reviews.csv") == 2
    assert "no file no_reviews.csv" in capsys.readouterr().err
    assert run("--token-dropout", "2") == 2
    assert "--token-dropout must be" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--cell", "ltsm"], "Did you mean 'lstm'"),
        (["--dataset", "r9"], "choose from 'snippets', 'r8'"),
        (["--dataset", "r8", "--csv", "mine.csv"], "not allowed with"),
        (["--text", "review"], "--text names a column of --csv or --tfds"),
        (["--test-csv", "a.csv"], "--test-csv needs --csv"),
        (["--test-fraction", "1"], "--test-fraction must be between 0 and 1"),
        (["--compare", "--one-way"], "--compare trains many models"),
        (["--seeds", "0"], "--seeds must be at least 1"),
    ],
)
def test_wrong_options_are_refused_at_once(options, message, capsys):
    with pytest.raises(SystemExit) as stopped:
        text_classification.main(options)
    assert stopped.value.code == 2
    assert message in capsys.readouterr().err


@pytest.fixture
def packaged(monkeypatch):
    """Small sets in place of the packaged ones."""
    parts = [reviews(40), reviews(20, seed=1)]
    columns = [part[name].to_numpy() for part in parts for name in ("review", "verdict", "film")]
    snippets = data.CriticsSnippets(*columns)
    news = data.TopicTexts(*(column for k, column in enumerate(columns) if k % 3 < 2))
    monkeypatch.setattr(data, "load_critics_snippets", lambda: snippets)
    monkeypatch.setattr(data, "load_reuters", lambda topics: news)


def test_packaged_data(packaged):
    task, films = load()
    assert (task.name, len(task.X), len(task.X_test)) == ("Critics' snippets", 40, 20)
    assert list(films) == list(reviews(40)["film"])
    task, groups = load("--dataset", "r8")
    assert (task.name, len(task.X), len(task.X_test)) == ("Reuters R8", 40, 20)
    assert groups is None


def test_the_model_is_the_estimator_whatever_the_data():
    from seqkit import TextClassifier

    usual = TextClassifier(random_state=0).get_params()
    for given in ([], ["--dataset", "r8"], ["--csv", "mine.csv"]):
        assert text_classification.estimator(text_classification.parse(given), 0).get_params() == (
            usual
        )
    named = text_classification.parse(["--random-vectors", "--epochs", "1"])
    found = text_classification.estimator(named, 0)
    assert (found.embeddings, found.epochs) == (None, 1)


def test_the_baseline_reads_texts_as_they_are(tables):
    from recipes.parts.classification.baselines import of_texts

    task, groups = load(*tables[0], "--group", "film")
    model = of_texts(task.X, task.y, groups)
    assert model.named_steps["logistic_regression"].C in (10, 30, 100)
    assert model.score(task.X_test, task.y_test) > 0.8


@pytest.mark.slow
def test_compare(packaged, tmp_path, capsys, monkeypatch):
    """One cell is enough to see it."""
    monkeypatch.setattr(text_classification, "COMPARED", ("simple_rnn",))
    given = ["--compare", "--units", "2", "--embedding-dim", "4", "--epochs", "1"]
    assert text_classification.main([*given, "--output", str(tmp_path)]) == 0
    printed = capsys.readouterr().out
    assert "| simple_rnn, 2 units x 1" in printed
    assert "| bidirectional simple_rnn, 2 units x 1" in printed
    assert "Behind the baseline on this data: bidirectional simple_rnn" in printed
    metrics = json.loads((tmp_path / "metrics.json").read_text())
    assert list(metrics["models"]) == ["simple_rnn", "simple_rnn_one_way"]
    for folder in metrics["models"]:
        assert {p.name for p in (tmp_path / folder).iterdir()} == FILES
    config = json.loads((tmp_path / "simple_rnn_one_way/config.json").read_text())
    assert config["one_way"] is True


class SeqkitTestReviews(tfds.core.GeneratorBasedBuilder):
    """Reviews as TensorFlow Datasets keep them; the labels of the split test are unknown."""

    VERSION = tfds.core.Version("1.0.0")

    def _info(self):
        label = tfds.features.ClassLabel(names=["fresh", "rotten"])
        features = {"review": tfds.features.Text(), "verdict": label}
        return tfds.core.DatasetInfo(builder=self, features=tfds.features.FeaturesDict(features))

    def _split_generators(self, dl_manager):
        return {name: self._generate_examples(name) for name in ("train", "test", "validation")}

    def _generate_examples(self, split):
        for i, row in enumerate(reviews(20)[["review", "verdict"]].to_dict("records")):
            yield i, {**row, "verdict": -1} if split == "test" else row


def test_a_set_of_tensorflow_datasets(tmp_path):
    tfds.builder("seqkit_test_reviews", data_dir=tmp_path).download_and_prepare()
    named = ["--tfds", "seqkit_test_reviews", "--data-dir", str(tmp_path)]
    columns = ["--text", "review", "--label", "verdict"]
    task, _ = load(*named, *columns, "--test-split", "validation")
    assert task.name == "tfds:seqkit_test_reviews"
    assert sorted(task.X) == sorted(task.X_test) == sorted(reviews(20)["review"])
    assert set(task.y) == {"fresh", "rotten"}
    with pytest.raises(ValueError, match="no labels in its split 'test'. Name another"):
        load(*named, *columns)
    with pytest.raises(ValueError, match="no split 'tset', but .*validation"):
        load(*named, *columns, "--test-split", "tset")
    with pytest.raises(ValueError, match="--text: .* no feature 'text', but review, verdict"):
        load(*named)
    with pytest.raises(ValueError, match="--text: 'verdict' of .* is not text, but int64"):
        load(*named, "--text", "verdict", "--label", "verdict")


@pytest.mark.parametrize(
    "event", [pytest.param("on_train_batch_end", marks=pytest.mark.slow), "on_epoch_end"]
)
def test_interrupted(run, capsys, monkeypatch, event):
    """After an epoch the estimator keeps what it has learned; a table must not hold half a run."""
    from seqkit.training import best_weights

    usual = getattr(best_weights.BestWeights, event)

    def interrupt(*args, **kwargs):
        usual(*args, **kwargs)
        raise KeyboardInterrupt

    monkeypatch.setattr(best_weights.BestWeights, event, interrupt)
    assert run("--seeds", "2") == 130
    assert "no results were written" in capsys.readouterr().err
