"""Create the schemas, tables and views of this folder in Spark.

`spark-submit load.py` uses the catalogue of its configuration, in a notebook `load(spark, folder)` that of the session.
A catalogue in memory, which is the default, ends with the session: see README.md.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pyspark.sql import SparkSession


def load(spark: SparkSession, folder: Path, location: str | None = None) -> int:
    """Create what the manifest lists, in its order; return how many relations.

    `location` is where Spark finds a copy of the folder, such as `s3a://bucket/nascar`, if that is somewhere else.
    Tables of an earlier load are replaced. Their data are the files of the folder, which stay.
    """
    relations = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))["relations"]
    data = location or folder.resolve().as_uri()
    for schema in sorted({relation["relation"].partition(".")[0] for relation in relations}):
        spark.sql(f"CREATE SCHEMA IF NOT EXISTS {schema}")
    for relation in relations:
        statement = (folder / relation["path"]).read_text(encoding="utf-8")
        if not relation["path"].startswith("views/"):
            spark.sql(f"DROP TABLE IF EXISTS {relation['relation']}")
        spark.sql(statement.replace("{folder}", data))
    return len(relations)


def _main() -> None:
    from pyspark.sql import SparkSession

    spark = SparkSession.builder.getOrCreate()
    count = load(spark, Path(__file__).resolve().parent)
    print(f"created {count} tables and views")  # noqa: T201  # a script that says what it did
    spark.stop()


if __name__ == "__main__":
    _main()
