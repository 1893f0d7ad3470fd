"""The files below `.github` are valid YAML with what GitHub requires of them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

GITHUB = Path(__file__).resolve().parents[2] / ".github"
FORMS = sorted(path for path in (GITHUB / "ISSUE_TEMPLATE").glob("*.yml") if path.name != "config.yml")
ELEMENTS = {"markdown", "input", "textarea", "dropdown", "checkboxes"}


def read(path: Path) -> dict[Any, Any]:
    yaml = pytest.importorskip("yaml", reason="there is no YAML parser")
    content = yaml.safe_load(path.read_text(encoding="utf-8"))
    assert isinstance(content, dict)
    return content


@pytest.mark.parametrize("path", sorted(GITHUB.rglob("*.yml")), ids=lambda path: path.name)
def test_a_file_is_yaml(path: Path) -> None:
    assert {} != read(path)


def test_ci_runs_what_a_clone_runs_on_push_and_pull_request() -> None:
    workflow = read(GITHUB / "workflows" / "ci.yml")
    # YAML reads the key `on` as a truth value.
    assert {"push", "pull_request"} == set(workflow[True])
    assert {"contents": "read"} == workflow["permissions"]
    steps = [step for job in workflow["jobs"].values() for step in job["steps"]]
    assert ["bash .ci/run"] == [step["run"] for step in steps if "run" in step]
    assert (GITHUB.parent / ".ci" / "run").is_file()


def test_dependabot_updates_the_pins_and_the_actions() -> None:
    config = read(GITHUB / "dependabot.yml")
    assert 2 == config["version"]
    assert {"pip", "github-actions"} == {update["package-ecosystem"] for update in config["updates"]}
    assert {"/"} == {update["directory"] for update in config["updates"]}
    assert {"weekly"} == {update["schedule"]["interval"] for update in config["updates"]}


@pytest.mark.parametrize("path", FORMS, ids=lambda path: path.name)
def test_an_issue_form_has_what_github_requires(path: Path) -> None:
    form = read(path)
    assert {"name", "description", "body"} <= set(form)
    assert set() == {element["type"] for element in form["body"]} - ELEMENTS
    fields = [element for element in form["body"] if element["type"] != "markdown"]
    ids = [field["id"] for field in fields]
    assert sorted(set(ids)) == sorted(ids)
    labels = [field["attributes"]["label"] for field in fields]
    assert sorted(set(labels)) == sorted(labels)


def test_a_wrong_figure_needs_the_race_the_figure_both_values_and_a_source() -> None:
    form = read(GITHUB / "ISSUE_TEMPLATE" / "wrong_figure.yml")
    required = {field["id"] for field in form["body"] if field.get("validations", {}).get("required")}
    assert {"race_id", "figure", "actual", "expected", "source"} == required
