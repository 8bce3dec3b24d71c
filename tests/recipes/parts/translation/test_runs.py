"""Runs of the recipes from strings to strings, without a training."""

from __future__ import annotations

import joblib

from recipes.parts.translation.runs import (
    Figure,
    Outcome,
    Task,
    examples_of,
    few_steps,
    report,
    report_ahead,
    text_of,
)
from seqkit.cli.run_folder import RunFolder

FIGURES = {"bleu": Figure("BLEU", rate=False), "wer": Figure("WER", lower_is_better=True)}


def outcome(bleu: float, wer: float, greedy: float = 10.0) -> Outcome:
    runs = [
        {
            "seconds": 10.0,
            "greedy": {"bleu": greedy, "wer": 0.5, "seconds": 1.0},
            "beam 5": {"bleu": bleu + change, "wer": wer, "seconds": 2.0},
        }
        for change in (-1, 1)
    ]
    return Outcome("gru", runs, None, [])


def test_report(capsys):
    report({"memory": {"bleu": 14.1, "wer": 0.2}}, [outcome(18.8, 0.25)], FIGURES)
    table = capsys.readouterr().out.splitlines()
    rows = [[cell.strip() for cell in line.split("|")[1:-1]] for line in table if line[0] == "|"]
    assert rows[0] == ["model", "BLEU", "WER", "training, s", "test part, s"]
    assert rows[2] == ["memory", "14.10", "20.00 %", "", ""]
    assert rows[4] == ["gru, beam 5", "18.80 ± 1.41", "25.00 ± 0.00 %", "10", "2.0"]
    assert table[-2] == "gru is behind the memory in WER, by greedy and by beam 5."
    assert table[-1] == "gru is behind the memory in BLEU, by greedy, not by beam 5."


def test_each_search_is_judged(capsys):
    report({"memory": {"bleu": 14.1, "wer": 0.6}}, [outcome(13.8, 0.25, greedy=15.0)], FIGURES)
    said = [line for line in capsys.readouterr().out.splitlines() if "behind" in line]
    assert said == ["gru is behind the memory in BLEU, by beam 5, not by greedy."]


def test_nothing_is_said_of_who_is_ahead(capsys):
    report({"memory": {"bleu": 14.1, "wer": 0.6}}, [outcome(18.8, 0.25, greedy=15.0)], FIGURES)
    assert "behind" not in capsys.readouterr().out


def ahead(capsys, folder, offered, found: list[Outcome], **baselines: float) -> str:
    """What is said of who is ahead in BLEU."""
    scores = {name: {"bleu": bleu} for name, bleu in baselines.items()}
    report_ahead(RunFolder(folder), scores, found, {"bleu": FIGURES["bleu"]}, offered)
    return capsys.readouterr().out


def test_a_baseline_that_is_ahead_is_offered(capsys, tmp_path):
    model, file = outcome(13.8, 0.25), tmp_path / "baseline.joblib"
    said = ahead(capsys, tmp_path, {"memory": [1, 2]}, [model], rule=3.0, memory=14.1)
    assert said == (
        "The baseline, memory, is ahead of gru in BLEU: 14.10 and 13.80 ± 1.41. It is in "
        f"{file}: joblib.load reads it.\n"
    )
    assert joblib.load(file) == [1, 2]
    said = ahead(capsys, tmp_path, {"memory": [1, 2]}, [model], rule=20.0, memory=14.1)
    assert said == "The baseline, rule, is ahead of gru in BLEU: 20.00 and 13.80 ± 1.41.\n"
    assert not file.exists()


def test_a_model_that_is_ahead(capsys, tmp_path):
    said = ahead(capsys, tmp_path, {"memory": 1}, [outcome(9.0, 1), outcome(15.0, 1)], memory=14.1)
    assert said == (
        "gru is not behind its baselines in BLEU: 15.00 ± 1.41, and memory has 14.10.\n"
    )
    assert not (tmp_path / "baseline.joblib").exists()


def test_few_steps_are_told():
    assert few_steps(640, epochs=7, batch_size=64) == (
        "640 pairs are 10 steps an epoch, 70 in all, which is little to learn from: more --epochs, "
        "or a smaller --batch-size, may help."
    )
    assert few_steps(20_000, epochs=6, batch_size=64) == ""


def test_text_of():
    assert text_of("a b") == "a b"
    assert text_of(["AH", "T"]) == "AH T"
    assert text_of([["AH"], ["EY", "T"]]) == "AH | EY T"
    assert text_of([]) == ""


def test_examples_are_spread_over_the_test_part():
    texts = [str(k) for k in range(100)]
    task = Task("numbers", [], [], [], [], texts, texts)
    shown = examples_of(task, texts).split("\n\n")
    assert len(shown) == 10
    assert shown[1] == "source  11\ntarget  11\noutput  11"
    assert examples_of(task._replace(X_test=["1"]), ["2"]).startswith("source  1\n")
