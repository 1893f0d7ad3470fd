"""Take the published warehouse away as a folder of files, with a manifest that says what each holds."""

from __future__ import annotations

import hashlib
import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from nascar_warehouse.warehouse.build.scripts import PUBLIC
from nascar_warehouse.warehouse.errors import UsageError
from nascar_warehouse.warehouse.export.engines import ENGINES, plan_engine, write_engine
from nascar_warehouse.warehouse.export.files import relation_path, write_files
from nascar_warehouse.warehouse.export.folder import MANIFEST, PROGRAM, new_folder
from nascar_warehouse.warehouse.export.metadata import write_descriptions
from nascar_warehouse.warehouse.export.relations import read_relations
from nascar_warehouse.warehouse.export.sqlite import DATABASE, write_metadata, write_sqlite
from nascar_warehouse.warehouse.storage.connection import reading_published
from nascar_warehouse.warehouse.storage.disk import machine_failures

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from pathlib import Path

    import duckdb

    from nascar_warehouse.warehouse.export.relations import Relation
    from nascar_warehouse.warehouse.storage.home import Home

FORMATS = ("parquet", "csv", "sqlite", *ENGINES)
_DESCRIBED = {"parquet": "parquet", "csv": "csv", "site": "parquet"}
"""What other tools read lies beside these: the format of their relations."""

_CREDITS = """
SELECT source_id, publisher, credit, licence, homepage
FROM seeds.source_credits
WHERE source_id IN (SELECT source_id FROM ops.documents)
ORDER BY source_id
"""
_LOAD = "SELECT max(load_id), max(finished_at) FROM ops.loads WHERE is_published"


def export(home: Home, target: Path, form: str, *, only: Sequence[str] = ()) -> dict[str, Any]:
    """Write the relations of the published warehouse to the folder `target`, which appears whole; return the manifest.

    `form` is one of `FORMATS`; `only` names schemas or relations, an empty one is all of core, marts and ops. Raises
    `UsageError` for an unknown name, for a target that is something else and for names with the format of an engine,
    which is exported whole; `MachineFailure` when the disk does not allow it.
    """
    if only and form in ENGINES:
        raise UsageError(f"--only does not go with {form}", "its views read tables of all schemas: leave it out")
    with new_folder(target) as folder, reading_published(home) as con:
        relations = read_relations(con, only)
        with machine_failures(folder):
            if form in ENGINES:
                plan = plan_engine(con, relations)
                relations, paths = plan.relations, plan.paths
                rows = write_engine(con, plan, folder, form)
            elif form == "sqlite":
                paths = dict.fromkeys((relation.name for relation in relations), DATABASE)
                rows = write_sqlite(con, relations, folder)
                write_metadata(relations, _read_records(con, _CREDITS), folder)
            else:
                paths = {relation.name: relation_path(relation, form) for relation in relations}
                rows = write_files(con, relations, folder, form)
            return write_manifest(con, folder, form, relations, rows, paths)


def write_manifest(
    con: duckdb.DuckDBPyConnection,
    folder: Path,
    form: str,
    relations: Sequence[Relation],
    rows: Mapping[str, int],
    paths: Mapping[str, str],
) -> dict[str, Any]:
    """Write what describes an export beside its files, last of all the manifest, which this returns.

    `rows` and `paths` have the number of rows and the file of each relation by its name.
    """
    files = _hash_files(folder)
    if form in _DESCRIBED:
        write_descriptions(folder, _DESCRIBED[form], relations, _read_records(con, _CREDITS), files)
        files |= _hash_files(folder, but=files)
    [load] = _read_records(con, _LOAD)
    credits_ = _read_records(con, _CREDITS)
    manifest = _describe(files, form, relations, rows, paths) | {"warehouse": load, "credits": credits_}
    text = json.dumps(manifest, ensure_ascii=False, indent=1, default=str)
    (folder / MANIFEST).write_text(f"{text}\n", encoding="utf-8")
    return manifest


def schema_version(relations: Sequence[Relation]) -> str:
    """A fingerprint of the names and types of all public columns: it changes when a reader of the files may have to."""
    public = sorted(
        (each for each in relations if each.schema in PUBLIC), key=lambda each: (each.schema, each.short_name)
    )
    columns = [f"{relation.name}.{column.name} {column.type}" for relation in public for column in relation.columns]
    return hashlib.sha256("\n".join(columns).encode()).hexdigest()[:12]


def _hash_files(folder: Path, but: Collection[str] = ()) -> dict[str, dict[str, Any]]:
    """The bytes and the SHA-256 of each file by its path below the folder, but for some paths."""
    paths = {path.relative_to(folder).as_posix(): path for path in sorted(folder.rglob("*")) if path.is_file()}
    return {
        name: {"bytes": path.stat().st_size, "sha256": _sha256(path)} for name, path in paths.items() if name not in but
    }


def _describe(
    files: Mapping[str, Mapping[str, Any]],
    form: str,
    relations: Sequence[Relation],
    rows: Mapping[str, int],
    paths: Mapping[str, str],
) -> dict[str, Any]:
    from nascar_warehouse import __version__

    return {
        "program": PROGRAM,
        "version": __version__,
        "schema_version": schema_version(relations),
        "format": form,
        "exported_at": datetime.now(UTC).isoformat(timespec="seconds"),
        "files": [{"path": path, **files[path]} for path in sorted(files)],
        "relations": [
            {
                "relation": relation.name,
                "path": paths[relation.name],
                "rows": rows[relation.name],
                "grain": list(relation.grain),
                "description": relation.description,
            }
            for relation in relations
        ],
    }


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _read_records(con: duckdb.DuckDBPyConnection, statement: str) -> list[dict[str, Any]]:
    found = con.execute(statement)
    names = [column[0] for column in found.description or ()]
    return [dict(zip(names, row, strict=True)) for row in found.fetchall()]
