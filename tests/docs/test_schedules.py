"""The ready files for schedulers are what their programs read, and call commands that there are."""

from __future__ import annotations

import json
import re
import shlex
import shutil
import subprocess
from configparser import RawConfigParser
from pathlib import Path
from typing import Any

import pytest
from typer.main import get_command

from nascar_warehouse.etl import cli
from tests.conftest import Nascar

DOCS = Path(__file__).resolve().parents[2] / "docs"
SCHEDULES = DOCS / "schedules"
BROWSER_TEST = DOCS.parent / "tests" / "warehouse" / "website" / "test_site_browser.py"
WORKFLOWS = ("github-actions.yml", "github-pages.yml")
FILES = ("crontab", *WORKFLOWS, "nascar-ingest.service")

COMMAND = re.compile(r"(?<![\w./-])(?:/opt/nascar/bin/)?nascar +([a-z]+(?![\w/-]).*?) *(?:2?>|\||\)|$)")


def code_lines(path: Path) -> list[str]:
    """The lines of a file that are no comments; of a guide, those in fences."""
    lines = path.read_text().splitlines()
    if path.suffix == ".md":
        fenced = "\n".join(re.findall(r"^```sh\n(.*?)^```", path.read_text(), flags=re.MULTILINE | re.DOTALL))
        lines = fenced.splitlines()
    return [line.partition("  # ")[0] for line in lines if not line.lstrip().startswith("#")]


def commands(path: Path) -> list[list[str]]:
    """What follows `nascar` in each command line, without what the shell takes for itself."""
    return [shlex.split(match[1]) for line in code_lines(path) for match in COMMAND.finditer(line)]


def parse(arguments: list[str]) -> None:
    """Read a command line as the program would, without running it; raises what click says of a wrong one."""
    group: Any = get_command(cli.app)
    with group.make_context("nascar", list(arguments)) as context:
        name, command, rest = group.resolve_command(context, list(arguments))
        command.make_context(name, rest, parent=context)


@pytest.mark.parametrize(
    "path", [*(SCHEDULES / name for name in FILES), DOCS / "operations.md"], ids=lambda path: path.name
)
def test_every_command_line_is_one_that_the_program_reads(path: Path) -> None:
    found = commands(path)
    assert [] != found
    for arguments in found:
        parse(arguments)


def test_a_wrong_command_line_would_be_found() -> None:
    with pytest.raises(Exception, match="no-such-option"):
        parse(["ingest", "--no-such-option"])


def test_the_container_runs_a_command_that_there_is() -> None:
    lines = code_lines(SCHEDULES / "Containerfile")
    words = {line.split(" ", 1)[0]: line.split(" ", 1)[1] for line in lines if line.startswith(("ENTRYPOINT", "CMD"))}
    assert ["nascar"] == json.loads(words["ENTRYPOINT"])
    parse(json.loads(words["CMD"]))


def test_the_lines_of_cron_have_five_fields_for_the_time_and_a_command() -> None:
    lines = [line for line in code_lines(SCHEDULES / "crontab") if line and not re.match(r"[A-Z_]+=", line)]
    times = [line.split(maxsplit=5) for line in lines]
    assert [6] == [len(fields) for fields in times]
    assert all(re.fullmatch(r"[\d*,/-]+", field) for field in times[0][:5])
    # cron takes a percent sign for the end of the line.
    assert "%" not in times[0][5]


def test_the_line_of_cron_says_nothing_when_all_is_well_and_everything_when_not() -> None:
    [line] = [line for line in code_lines(SCHEDULES / "crontab") if "nascar ingest" in line]
    command = line.split(maxsplit=5)[5]
    said = [
        subprocess.run(  # noqa: S603
            ["/bin/sh", "-c", command.replace("/opt/nascar/bin/nascar ingest", stand_in)],
            capture_output=True,
            text=True,
            check=False,
        ).stdout
        for stand_in in ("echo done", "sh -c 'echo wrong >&2; exit 4'")
    ]
    assert ["", "wrong\n"] == said


def test_the_units_of_systemd_are_valid(tmp_path: Path) -> None:
    analyze = shutil.which("systemd-analyze")
    if analyze is None:
        pytest.skip("there is no systemd-analyze to ask")
    units = []
    for name in ("nascar-ingest.service", "nascar-ingest.timer"):
        # The program is looked for too, and is not installed where the unit says.
        text = (SCHEDULES / name).read_text().replace("/opt/nascar/bin/nascar", "/bin/true")
        (tmp_path / name).write_text(text)
        units.append(str(tmp_path / name))
    done = subprocess.run([analyze, "verify", *units], capture_output=True, text=True, check=False)  # noqa: S603
    # A word that systemd does not know is only reported.
    assert (0, []) == (done.returncode, [line for line in done.stderr.splitlines() if "nascar-ingest" in line])


def test_the_service_tries_again_what_the_contract_calls_passing() -> None:
    unit = RawConfigParser(strict=False)
    unit.optionxform = str  # type: ignore[assignment, method-assign]  # the documented way to keep capitals
    unit.read(SCHEDULES / "nascar-ingest.service")
    assert ("3 7", "no") == (unit["Service"]["RestartForceExitStatus"], unit["Service"]["Restart"])


def read_workflow(name: str) -> tuple[dict[Any, Any], list[dict[str, Any]]]:
    """A workflow, and the steps of all its jobs."""
    yaml = pytest.importorskip("yaml", reason="there is no parser of YAML")
    workflow: dict[Any, Any] = yaml.safe_load((SCHEDULES / name).read_text())
    return workflow, [step for job in workflow["jobs"].values() for step in job["steps"]]


@pytest.mark.parametrize("name", WORKFLOWS)
def test_a_workflow_is_yaml_with_steps(name: str) -> None:
    _, steps = read_workflow(name)
    assert len(steps) > 5
    assert [True] * len(steps) == ["run" in step or "uses" in step for step in steps]


def test_the_warehouse_is_made_once_a_week_and_the_site_after_it() -> None:
    (warehouse, _), (site, _) = map(read_workflow, WORKFLOWS)
    # YAML reads the key `on` as a truth value.
    [schedule] = warehouse[True]["schedule"]
    assert 5 == len(schedule["cron"].split())
    assert [warehouse["name"]] == site[True]["workflow_run"]["workflows"]
    # What the one releases is what the other takes.
    text = (SCHEDULES / "github-actions.yml").read_text()
    assert 'cp "$NASCAR_HOME/nascar.duckdb" release/' in text
    assert 'tag="data-$(date' in text


def test_the_site_gets_a_version_of_the_package_that_is_tested() -> None:
    texts = [path.read_text() for path in (SCHEDULES / "github-pages.yml", DOCS / "explorer.md")]
    asked = {version for text in texts for version in re.findall(r"npm pack @duckdb/duckdb-wasm@(\S+)", text)}
    assert {"1.32.0"} == asked
    assert f'VERSIONS = ("1.28.0", "{asked.pop()}")' in BROWSER_TEST.read_text()


@pytest.mark.parametrize("name", WORKFLOWS)
def test_a_workflow_is_bash(name: str) -> None:
    for step in read_workflow(name)[1]:
        if "run" in step:
            script = re.sub(r"\$\{\{.*?\}\}", "value", step["run"])
            done = subprocess.run(["/bin/bash", "-n"], input=script, capture_output=True, text=True, check=False)
            assert (0, "") == (done.returncode, done.stderr)


@pytest.mark.usefixtures("almanac")
def test_the_relations_that_the_workflow_publishes_are_there(nascar: Nascar) -> None:
    asked = [arguments for arguments in commands(SCHEDULES / "github-actions.yml") if arguments[0] == "query"]
    assert 4 == len(asked)
    assert [0] * 4 == [nascar(*arguments[:-1], "csv").code for arguments in asked]
