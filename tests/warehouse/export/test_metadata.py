"""What Frictionless, Croissant and dbt read about an export agrees with its files."""

from __future__ import annotations

import csv
import hashlib
import json
from pathlib import Path
from typing import Any

import duckdb
import pytest

from nascar_warehouse.warehouse.export.export import export
from nascar_warehouse.warehouse.storage.home import Home

ONLY = ["core.races", "core.drivers", "core.race_margins", "marts"]


@pytest.fixture(scope="module", params=["csv", "parquet"])
def exported(home_of_almanac: Path, tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest) -> Path:
    folder = tmp_path_factory.mktemp("export") / "out"
    export(Home(home_of_almanac), folder, request.param, only=ONLY)
    return folder


def read(folder: Path, name: str) -> dict[str, Any]:
    content: dict[str, Any] = json.loads((folder / name).read_text(encoding="utf-8"))
    return content


def columns_of(file: Path) -> list[str]:
    if file.suffix == ".csv":
        with file.open(encoding="utf-8", newline="") as lines:
            return next(csv.reader(lines))
    return [name for (name, *_) in duckdb.sql(f"DESCRIBE FROM read_parquet('{file}')").fetchall()]


def test_the_data_package_describes_every_file(exported: Path) -> None:
    for resource in read(exported, "datapackage.json")["resources"]:
        file = exported / resource["path"]
        assert f"sha256:{hashlib.sha256(file.read_bytes()).hexdigest()}" == resource["hash"]
        assert columns_of(file) == [field["name"] for field in resource["schema"]["fields"]]
        assert all(field["description"] for field in resource["schema"]["fields"])


def test_the_data_package_has_keys_that_hold_together(exported: Path) -> None:
    resources = {resource["name"]: resource["schema"] for resource in read(exported, "datapackage.json")["resources"]}
    assert ["race_id", "basis"] == resources["core.race_margins"]["primaryKey"]
    references = [key for schema in resources.values() for key in schema.get("foreignKeys", [])]
    assert len(references) > 10
    for key in references:
        assert key["reference"]["fields"] == resources[key["reference"]["resource"]]["primaryKey"]


def test_every_field_of_the_croissant_file_is_a_column_of_its_file(exported: Path) -> None:
    croissant = read(exported, "croissant.json")
    objects = {item["@id"]: item for item in croissant["distribution"]}
    for record_set in croissant["recordSet"]:
        [path] = {field["source"]["fileObject"]["@id"] for field in record_set["field"]}
        assert hashlib.sha256((exported / path).read_bytes()).hexdigest() == objects[path]["sha256"]
        assert columns_of(exported / path) == [field["source"]["extract"]["column"] for field in record_set["field"]]


def test_the_sources_of_dbt_are_yaml_with_a_file_for_each_table(exported: Path) -> None:
    yaml = pytest.importorskip("yaml", reason="there is no YAML parser")
    sources = yaml.safe_load((exported / "sources.yml").read_text(encoding="utf-8"))["sources"]
    assert ["nascar_core", "nascar_marts"] == [source["name"] for source in sources]
    for source in sources:
        for table in source["tables"]:
            file = exported / source["meta"]["external_location"].format(name=table["name"])
            assert columns_of(file) == [column["name"] for column in table["columns"]]


def test_every_type_of_the_warehouse_is_described(exported: Path) -> None:
    fields = [
        field["type"]
        for resource in read(exported, "datapackage.json")["resources"]
        for field in resource["schema"]["fields"]
    ]
    assert {"string", "integer", "number", "boolean", "date"} == set(fields)
