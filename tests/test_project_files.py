"""Files that only a host of the project runs or reads: whole, and of one mind with the rest."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from seqkit.version import VERSION

yaml = pytest.importorskip("yaml", reason="PyYAML reads the files of workflows")
ROOT = Path(__file__).parents[1]
WORKFLOW = ROOT / ".github" / "workflows" / "ci.yml"


def read(path: Path):
    return yaml.safe_load(path.read_text(encoding="utf-8"))


def steps():
    jobs = read(WORKFLOW)["jobs"]
    return [step for job in jobs.values() for step in job["steps"]]


def test_every_job_has_what_it_is_run_by():
    for name, job in read(WORKFLOW)["jobs"].items():
        assert job["runs-on"], name
        for step in job["steps"]:
            assert ("uses" in step) != ("run" in step), name
            assert "@v" in step.get("uses", "@v"), f"{name} uses an action of no version"


def test_oldest_and_newest_versions_run_on_all_systems():
    matrix = read(WORKFLOW)["jobs"]["test"]["strategy"]["matrix"]
    pythons = re.findall(r"Python :: (3\.\d+)", (ROOT / "pyproject.toml").read_text())
    assert matrix["python"] == [pythons[-1]]
    assert {system.partition("-")[0] for system in matrix["os"]} == {"ubuntu", "macos", "windows"}
    (oldest,) = (more for more in matrix["include"] if more["versions"] == "oldest")
    assert oldest["python"] == pythons[0]


def test_what_a_workflow_names_is_there():
    text = WORKFLOW.read_text(encoding="utf-8")
    targets = re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE)
    commands = [step["run"] for step in steps() if "run" in step]
    made = {target for run in commands for target in re.findall(r"\bmake ([a-z-]+)", run)}
    assert made
    assert made <= {*targets}
    for path in re.findall(r"tests/[\w./-]+", text):
        assert (ROOT / path).exists(), path


@pytest.mark.parametrize("name", ["fault", "wish"])
def test_forms_of_issues_ask_for_something(name):
    form = read(ROOT / ".github" / "ISSUE_TEMPLATE" / f"{name}.yml")
    assert form["name"]
    assert form["description"]
    identifiers = [part["id"] for part in form["body"]]
    assert len({*identifiers}) == len(identifiers)
    assert all(part["attributes"]["label"] for part in form["body"])
    assert any(part.get("validations", {}).get("required") for part in form["body"])


def test_hooks_say_what_they_run():
    for repository in read(ROOT / ".pre-commit-config.yaml")["repos"]:
        for hook in repository["hooks"]:
            assert {"id", "entry", "language"} <= {*hook}


def test_what_is_cited_is_this_version():
    cited = read(ROOT / "CITATION.cff")
    assert cited["version"] == VERSION
    assert cited["cff-version"] == "1.2.0"
    assert {"title", "authors", "message"} <= {*cited}
    assert cited["license"] in (ROOT / "pyproject.toml").read_text()
