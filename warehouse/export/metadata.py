"""What other tools read about an export: a Frictionless data package, a Croissant description and sources for dbt.

All of it is made from the comments, the grain and the references of the warehouse, as the data dictionary is.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from nascar_warehouse.warehouse.read.references import KEYS, find_target

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from nascar_warehouse.warehouse.export.relations import Column, Relation

DATA_PACKAGE = "datapackage.json"
CROISSANT = "croissant.json"
DBT_SOURCES = "sources.yml"

_TITLE = "NASCAR warehouse"
_DESCRIPTION = "NASCAR race results and margins of victory, each figure with its source"
_MEDIA_TYPES = {"parquet": "application/vnd.apache.parquet", "csv": "text/csv"}

# DuckDB's types by their first word: the type of a Frictionless field, and that of a Croissant field.
_TYPES = {
    "VARCHAR": ("string", "sc:Text"),
    "TINYINT": ("integer", "sc:Integer"),
    "SMALLINT": ("integer", "sc:Integer"),
    "INTEGER": ("integer", "sc:Integer"),
    "BIGINT": ("integer", "sc:Integer"),
    "HUGEINT": ("integer", "sc:Integer"),
    "BOOLEAN": ("boolean", "sc:Boolean"),
    "DATE": ("date", "sc:Date"),
    "TIMESTAMP": ("datetime", "sc:DateTime"),
    "DECIMAL": ("number", "sc:Float"),
    "DOUBLE": ("number", "sc:Float"),
    "FLOAT": ("number", "sc:Float"),
}


def write_descriptions(
    folder: Path,
    form: str,
    relations: Sequence[Relation],
    credits_: Sequence[Mapping[str, Any]],
    files: Mapping[str, Mapping[str, Any]],
) -> None:
    """Write the three files into the folder of an export; `files` has the bytes and SHA-256 of each by its path."""
    paths = {relation.name: f"{relation.schema}/{relation.short_name}.{form}" for relation in relations}
    _write(folder / DATA_PACKAGE, _data_package(form, relations, credits_, files, paths))
    _write(folder / CROISSANT, _croissant(form, relations, files, paths))
    # Every JSON text is YAML.
    _write(folder / DBT_SOURCES, _dbt_sources(form, relations))


def _write(path: Path, content: object) -> None:
    path.write_text(json.dumps(content, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def _data_package(
    form: str,
    relations: Sequence[Relation],
    credits_: Sequence[Mapping[str, Any]],
    files: Mapping[str, Mapping[str, Any]],
    paths: Mapping[str, str],
) -> dict[str, Any]:
    return {
        "$schema": "https://datapackage.org/profiles/2.0/datapackage.json",
        "name": "nascar-warehouse",
        "title": _TITLE,
        "description": _DESCRIPTION,
        "sources": [{"title": credit["publisher"], "path": credit["homepage"]} for credit in credits_],
        "resources": [
            {
                "name": relation.name,
                "path": paths[relation.name],
                "format": form,
                "mediatype": _MEDIA_TYPES[form],
                "bytes": files[paths[relation.name]]["bytes"],
                "hash": f"sha256:{files[paths[relation.name]]['sha256']}",
                "description": relation.description,
                "schema": _table_schema(relation, paths),
            }
            for relation in relations
        ],
    }


def _table_schema(relation: Relation, paths: Mapping[str, str]) -> dict[str, Any]:
    schema: dict[str, Any] = {
        "fields": [
            {"name": column.name, "type": _type(column)[0], "description": column.description}
            for column in relation.columns
        ]
    }
    if relation.grain and not relation.is_grain_nullable:
        schema["primaryKey"] = list(relation.grain)
    references = [
        {"fields": [column.name], "reference": {"resource": target, "fields": [KEYS[target]]}}
        for column in relation.columns
        if (target := find_target(relation.name, column.name)) in paths and target is not None
    ]
    return schema | ({"foreignKeys": references} if references else {})


def _croissant(
    form: str,
    relations: Sequence[Relation],
    files: Mapping[str, Mapping[str, Any]],
    paths: Mapping[str, str],
) -> dict[str, Any]:
    return {
        "@context": {
            "@vocab": "https://schema.org/",
            "sc": "https://schema.org/",
            "cr": "http://mlcommons.org/croissant/",
            "conformsTo": "http://purl.org/dc/terms/conformsTo",
            "dataType": {"@id": "cr:dataType", "@type": "@vocab"},
            "recordSet": "cr:recordSet",
            "field": "cr:field",
            "source": "cr:source",
            "extract": "cr:extract",
            "fileObject": "cr:fileObject",
            "column": "cr:column",
        },
        "@type": "sc:Dataset",
        "conformsTo": "http://mlcommons.org/croissant/1.0",
        "name": "nascar-warehouse",
        "description": _DESCRIPTION,
        "distribution": [
            {
                "@type": "cr:FileObject",
                "@id": path,
                "name": path,
                "contentUrl": path,
                "contentSize": f"{files[path]['bytes']} B",
                "encodingFormat": _MEDIA_TYPES[form],
                "sha256": files[path]["sha256"],
            }
            for path in paths.values()
        ],
        "recordSet": [_record_set(relation, paths[relation.name]) for relation in relations],
    }


def _record_set(relation: Relation, path: str) -> dict[str, Any]:
    return {
        "@type": "cr:RecordSet",
        "@id": relation.name,
        "name": relation.name,
        "description": relation.description,
        "field": [
            {
                "@type": "cr:Field",
                "@id": f"{relation.name}.{column.name}",
                "name": column.name,
                "description": column.description,
                "dataType": _type(column)[1],
                "source": {"fileObject": {"@id": path}, "extract": {"column": column.name}},
            }
            for column in relation.columns
        ],
    }


def _dbt_sources(form: str, relations: Sequence[Relation]) -> dict[str, Any]:
    schemas = dict.fromkeys(relation.schema for relation in relations)
    return {
        "version": 2,
        "sources": [
            {
                "name": f"nascar_{schema}",
                "schema": schema,
                "description": f"{_TITLE}: {schema}",
                # For dbt-duckdb, from the folder of this file; other adapters ignore it.
                "meta": {"external_location": f"{schema}/{{name}}.{form}"},
                "tables": [
                    {
                        "name": relation.short_name,
                        "description": relation.description,
                        "columns": [
                            {"name": column.name, "data_type": column.type, "description": column.description}
                            for column in relation.columns
                        ],
                    }
                    for relation in relations
                    if relation.schema == schema
                ],
            }
            for schema in schemas
        ],
    }


def _type(column: Column) -> tuple[str, str]:
    return _TYPES.get(column.type.partition("(")[0].partition(" ")[0], ("any", "sc:Text"))
