"""The translation recipe, run as its users run it."""

from __future__ import annotations

import itertools
import json

import numpy as np
import pandas as pd
import pytest
import tensorflow as tf
import tensorflow_datasets as tfds

from recipes import translation
from recipes.parts.translation import pairs as pairs_of
from recipes.parts.translation import runs
from seqkit import data
from tests.recipes.string_to_string_runs import FILES, SMALL, names

NOUNS = {"chat": "cat", "chien": "dog", "roi": "king", "fils": "son", "homme": "man"}
VERBS = {"voit": "sees", "aime": "loves", "suit": "follows"}
PAIRS = [
    (f"le {a} {v} le {b}.", f"The {NOUNS[a]} {VERBS[v]} the {NOUNS[b]}.")
    for a, v, b in itertools.product(NOUNS, VERBS, NOUNS)
]
UNLIKE = ("oui, sans doute", "Yes, no doubt")  # any training source


def write(path, pairs=PAIRS) -> str:
    path.write_text("".join(f"{source}\t{target}\n" for source, target in pairs))
    return str(path)


@pytest.fixture
def run(tmp_path):
    """Runs the recipe on a file of pairs."""

    def recipe(*options: str, pairs=PAIRS) -> int:
        given = ["--tsv", write(tmp_path / "pairs.tsv", pairs), "--tokens", "word", *SMALL]
        return translation.main([*given, "--output", str(tmp_path / "run"), *options])

    return recipe


def load(*options: str):
    return pairs_of.load(translation.parse(options))


@pytest.mark.always
def test_own_pairs(run, tmp_path, capsys):
    test = write(tmp_path / "test.tsv", [*PAIRS[:11], UNLIKE])
    exported = tmp_path / "exported"
    assert run("--test-tsv", test, "--export", str(exported)) == 0
    printed = capsys.readouterr().out
    assert "12 test pairs, 1 of them hard" in printed
    assert "| most frequent target" in printed
    assert "| nearest neighbour" in printed
    assert "| gru, 8 units x 1, luong attention, greedy" in printed
    assert "BLEU is nrefs:1|case:mixed" in printed
    assert "is behind the nearest neighbour in BLEU, chrF" in printed
    assert f"Results are in {tmp_path / 'run'}/" in printed
    folder = tmp_path / "run"
    assert FILES - {"attention.png"} <= names(folder) <= FILES | {"baseline.joblib", "log.txt"}
    metrics = json.loads((folder / "metrics.json").read_text())
    assert metrics["baselines"]["nearest neighbour"]["bleu"] > 80  # eleven of twelve are known
    assert metrics["baselines"]["nearest neighbour"]["hard_bleu"] < 20
    predictions = pd.read_csv(folder / "predictions.csv", keep_default_na=False)
    bleu = data_bleu(predictions)
    assert metrics["runs"][0]["beam 5"]["bleu"] == pytest.approx(bleu)
    assert (predictions["cosine"] < 0.5).sum() == 1
    assert "source  le chat voit le chat.\n" in (folder / "examples.txt").read_text()
    request = json.loads((folder / "request.json").read_text())
    served = tf.saved_model.load(str(exported / "1")).signatures[request["signature_name"]]
    asked = [instance["inputs"] for instance in request["instances"]]
    answers = [text.decode() for text in served(inputs=tf.constant(asked))["outputs"].numpy()]
    known = dict(zip(predictions["source"], predictions["predicted"], strict=True))
    assert answers == [known[text] for text in asked]


def data_bleu(predictions: pd.DataFrame) -> float:
    from seqkit.metrics import bleu

    return bleu(predictions["target"].tolist(), predictions["predicted"].tolist()).value


@pytest.mark.slow
def test_compare(tmp_path, capsys, monkeypatch):
    """With attention and without, on what stands in for the Bible."""
    sources, targets = (np.array(side, object) for side in zip(*PAIRS, strict=True))
    ids = np.array(["1:1:1"] * len(PAIRS), object)
    parts = [slice(0, 50), slice(50, 60), slice(60, 75)]
    columns = [column[part] for part in parts for column in (sources, targets, ids)]
    asked = []

    def bible_pairs(source, target, max_words):
        asked.append((source, target, max_words))
        return data.TextPairs(*columns)

    monkeypatch.setattr(data, "bible_pairs", bible_pairs)
    monkeypatch.setattr(runs, "SEARCHES", {"beam 5": 5})
    options = ["--compare", "--tokens", "word", *SMALL, "--output", str(tmp_path)]
    assert translation.main(options) == 0
    assert asked == [("louis_segond", "basic_english", 20)]
    printed = capsys.readouterr().out
    assert "50 training, 10 validation and 15 test pairs" in printed
    assert "| gru, 8 units x 1, no attention, beam 5" in printed
    assert "Attention is worth" in printed
    assert FILES - {"attention.png"} <= names(tmp_path / "attention_luong")
    assert names(tmp_path / "attention_none") == FILES - {"attention.png"}
    metrics = json.loads((tmp_path / "metrics.json").read_text())
    assert list(metrics["models"]) == ["attention_luong", "attention_none"]
    config = json.loads((tmp_path / "attention_none/config.json").read_text())
    assert config["attention"] == "none"


def test_presets():
    assert translation.parse(["--preset", "full"]).max_words == 30
    assert translation.parse(["--epochs", "3"]).epochs == 3
    assert translation.parse(["--tsv", "mine.tsv"]).max_words is None  # all of the user's


def test_a_source_is_in_one_part(tmp_path):
    path = write(tmp_path / "pairs.tsv", [*PAIRS, *((a, b.upper()) for a, b in PAIRS)])
    task = load("--tsv", path)
    assert len(task.X) + len(task.X_valid) + len(task.X_test) == 2 * len(PAIRS)
    assert not set(task.X) & set(task.X_test)
    assert not set(task.X_valid) & set(task.X_test)
    assert load("--tsv", path) == task


def test_a_test_file_and_long_pairs(tmp_path):
    path = write(tmp_path / "pairs.tsv", [*PAIRS, ("a b c d e f", "a")])
    test = write(tmp_path / "test.tsv", [UNLIKE, ("a", "a b c d e f")])
    task = load("--tsv", path, "--test-tsv", test, "--max-words", "5")
    assert (task.X_test, task.y_test) == ([UNLIKE[0]], [UNLIKE[1]])
    assert len(task.X) + len(task.X_valid) == len(PAIRS)


def test_wrong_data_are_one_line(run, capsys):
    def error(*options: str, **given) -> str:
        assert run(*options, **given) == 2
        message = capsys.readouterr().err
        assert message.startswith("error: ")
        assert message.count("\n") == 1
        return message

    assert "expected pairs in the part" in error(pairs=PAIRS[:1])
    assert "no file no_pairs.tsv" in error("--tsv", "no_pairs.tsv")
    assert "units must be" in error("--units", "0")
    assert "in the part 'train', got none. Give more" in error("--max-words", "1")


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--cell", "ltsm"], "Did you mean 'lstm'"),
        (["--preset", "slow"], "choose from"),
        (["--attention", "luongs"], "choose from"),
        (["--tsv", "a.tsv", "--tfds", "b"], "not allowed with"),
        (["--test-tsv", "a.tsv"], "--test-tsv needs --tsv"),
        (["--tsv", "a.tsv", "--source", "fr"], "do not go with --tsv"),
        (["--compare", "--attention", "none"], "--compare trains several models"),
        (["--max-words", "0"], "--max-words must be at least 1"),
        (["--seeds", "0"], "--seeds must be at least 1"),
        (["--epochs", "0"], "--epochs must be at least 1"),
        (["--learning-rate", "0"], "--learning-rate must be above 0"),
        (["--warm-up", "1"], "--warm-up must be a fraction"),
    ],
)
def test_wrong_options_are_refused_at_once(options, message, capsys):
    with pytest.raises(SystemExit) as stopped:
        translation.main(options)
    assert stopped.value.code == 2
    assert message in capsys.readouterr().err


class SeqkitTestSentences(tfds.core.GeneratorBasedBuilder):
    """Pairs as TensorFlow Datasets keep them."""

    VERSION = tfds.core.Version("1.0.0")

    def _info(self):
        features = tfds.features.Translation(languages=("fr", "en"))
        return tfds.core.DatasetInfo(builder=self, features=features, supervised_keys=("fr", "en"))

    def _split_generators(self, dl_manager):
        return {name: self._generate_examples() for name in ("train", "validation")}

    def _generate_examples(self):
        for i, (source, target) in enumerate(PAIRS):
            yield i, {"fr": source, "en": target}


def test_a_set_of_tensorflow_datasets(tmp_path):
    tfds.builder("seqkit_test_sentences", data_dir=tmp_path).download_and_prepare()
    named = ["--tfds", "seqkit_test_sentences", "--data-dir", str(tmp_path)]
    task = load(*named)
    assert task.name == "tfds:seqkit_test_sentences"
    assert sorted(zip(task.X, task.y, strict=True)) == sorted(PAIRS)
    assert len(task.X_test) == len(PAIRS)
    assert task.X_valid == []
    turned = load(*named, "--source", "en", "--target", "fr")
    assert sorted(turned.X) == sorted(task.y)
    with pytest.raises(ValueError, match="--source: .* has no feature 'de', but fr, en"):
        load(*named, "--source", "de")


@pytest.mark.slow
def test_interrupted(run, capsys, monkeypatch):
    """After an epoch the estimator keeps what it has learned; a table must not hold half a run."""
    from seqkit.training import best_weights

    usual = best_weights.BestWeights.on_epoch_end

    def interrupt(*args, **kwargs):
        usual(*args, **kwargs)
        raise KeyboardInterrupt

    monkeypatch.setattr(best_weights.BestWeights, "on_epoch_end", interrupt)
    assert run("--seeds", "2") == 130
    assert "no results were written" in capsys.readouterr().err
