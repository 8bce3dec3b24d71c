"""The files by which operations serve a model: they parse, and say what the card says."""

from __future__ import annotations

import json
import re
import shlex
import shutil
from pathlib import Path

import pytest

from seqkit.serving import describe
from seqkit.serving.__main__ import main
from tests.serving.exported import NAMES, card, every_export, exported


def blocks(text: str, language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)\n```", text, re.DOTALL)


@every_export
def test_requests_and_answers_are_those_of_the_card(name):
    text = describe(exported(name)).files["requests.md"]
    calls, answers = blocks(text, "sh"), list(map(json.loads, blocks(text, "json")))
    signatures = card(exported(name))["signatures"]
    assert len(calls) == len(answers) == 2 * len(signatures)
    for k, (key, signature) in enumerate(signatures.items()):
        rows, columns = calls[2 * k : 2 * k + 2]
        command, flag, body, url = shlex.split(rows)
        assert (command, flag) == ("curl", "-d")
        assert url == f"http://127.0.0.1:8501/v1/models/{name}:predict"
        assert json.loads(body) == signature["example"]["request"]
        assert answers[2 * k] == signature["example"]["answer"]
        asked = json.loads(shlex.split(columns)[2])
        first = signature["example"]["request"]["instances"][0]
        assert asked["signature_name"] == key
        assert {k: v[0] for k, v in asked["inputs"].items()} == first
        outputs = answers[2 * k + 1]["outputs"]
        told = signature["example"]["answer"]["predictions"][0]
        assert (
            {n: v[0] for n, v in outputs.items()} == told
            if isinstance(outputs, dict)
            else outputs[0] == told
        )
        for tensor in [*signature["inputs"], *signature["outputs"]]:
            assert f"| `{tensor}` |" in text


@pytest.mark.parametrize("name", NAMES)
def test_the_server_listens_on_this_machine_alone_and_batches_what_has_one_shape(name):
    files = describe(exported(name)).files
    ports = re.findall(r'"(\S+):(850\d):(850\d)"', files["compose.yaml"])
    assert ports == [("127.0.0.1", "8501", "8501"), ("127.0.0.1", "8500", "8500")]
    batches = name in ("text", "tagger", "translator")
    assert ("batching.config" in files) == batches
    assert ("--enable_batching=true" in files["compose.yaml"]) == batches
    assert f'base_path: "/models/{name}"' in files["models.config"]
    assert f"{exported(name).parent}:/models/{name}:ro" in files["compose.yaml"]


def test_the_compose_file_is_yaml():
    yaml = pytest.importorskip("yaml", reason="PyYAML, which reads the compose file, is missing")
    service = yaml.safe_load(describe(exported("text")).files["compose.yaml"])["services"][
        "serving"
    ]
    assert service["command"] == [
        "--model_config_file=/config/models.config",
        "--enable_batching=true",
        "--batching_parameters_file=/config/batching.config",
    ]


def test_files_are_written_and_printed(tmp_path, capsys):
    assert main(["describe", str(exported("text")), "--output", str(tmp_path / "d")]) == 0
    paths = capsys.readouterr().out.split()
    assert {p.name for p in (tmp_path / "d").iterdir()} == {p.rpartition("/")[2] for p in paths}
    found = describe(exported("text"))
    assert (tmp_path / "d" / "requests.md").read_text() == found.files["requests.md"]
    assert main(["describe", str(exported("text"))]) == 0
    assert capsys.readouterr().out.strip() == str(found).strip()


def test_names_that_no_address_has_and_versions_without_a_card(tmp_path):
    folder = tmp_path / "my model"
    shutil.copytree(exported("text"), folder / "1")
    with pytest.raises(ValueError, match="name must be of letters.*got 'my model'"):
        describe(folder)
    assert '"my_model"' in describe(folder, name="my_model").files["models.config"]
    (folder / "1" / "model_card.json").unlink()
    with pytest.raises(ValueError, match=r"There is no model_card.json"):
        describe(folder)


@every_export
def test_the_table_of_signatures_has_each_of_them(name):
    document = Path(__file__).parents[2] / "docs" / "serving.md"
    estimator, table = "", {}
    for line in document.read_text().splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if line.startswith("|") and len(cells) == 4:
            estimator = cells[0].strip("`") or estimator
            table[estimator, cells[1].strip("`")] = cells[2:]
    told = card(exported(name))
    for key, parts in told["signatures"].items():
        row = table[told["model"]["estimator"], key]
        several = "both classifiers, any number of labels", key
        inputs, outputs = row[0], (table[several] if name == "multilabel" else row)[1]
        assert all(f"`{tensor}`" in inputs for tensor in parts["inputs"])
        assert all(f"`{tensor}`" in outputs for tensor in parts["outputs"])
