"""Spark and a PostgreSQL server that load an export and give back what each view has there."""

from __future__ import annotations

import os
import pwd
import shutil
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path

import pytest

_SPARK = """
import json, sys
from pathlib import Path
from pyspark.sql import SparkSession

folder, out = map(Path, sys.argv[1:])
sys.path.insert(0, str(folder))
from load import load

settings = {
    "spark.driver.host": "127.0.0.1",
    "spark.ui.enabled": "false",
    "spark.sql.shuffle.partitions": "1",
    # Its answers are small: compiling each plan would take longer than running it.
    "spark.sql.codegen.wholeStage": "false",
    "spark.sql.codegen.factoryMode": "NO_CODEGEN",
    "spark.sql.adaptive.enabled": "false",
    "spark.sql.warehouse.dir": str(out / "warehouse"),
    "spark.sql.catalogImplementation": "in-memory",
    "spark.sql.session.timeZone": "America/New_York",
    "spark.driver.extraJavaOptions": "-Xshare:auto -XX:TieredStopAtLevel=1 -Dderby.system.home=" + str(out),
}
builder = SparkSession.builder.master("local[2]")
for name, value in settings.items():
    builder = builder.config(name, value)
spark = builder.getOrCreate()
spark.sparkContext.setLogLevel("ERROR")
load(spark, folder)
for relation in json.loads((folder / "manifest.json").read_text())["relations"]:
    if relation["path"].startswith("views/"):
        name = relation["relation"]
        columns = spark.table(name).dtypes
        (out / f"{name}.types").write_text(json.dumps(columns))
        spark.table(name).coalesce(1).write.parquet(str(out / name))
spark.stop()
"""
_COLUMN_TYPES = """
SELECT attrelid::regclass AS relation, attname AS name, format_type(atttypid, atttypmod) AS type
FROM pg_attribute
WHERE attnum > 0 AND attrelid IN (SELECT oid FROM pg_class WHERE relkind = 'v')
"""


def run_spark(folder: Path, out: Path) -> None:
    """Load the export in a Spark of this machine; a view becomes the folder `out/SCHEMA.NAME` of Parquet files.

    Its types are in `out/SCHEMA.NAME.types`, as Spark names them.
    """
    if find_spec("pyspark") is None:
        pytest.skip("pyspark is not installed: pip install --group engines")
    if shutil.which("java") is None:
        pytest.skip("Spark needs Java, which is not installed")
    out.mkdir()
    program = out / "program.py"
    program.write_text(_SPARK, encoding="utf-8")
    environment = os.environ | {"SPARK_LOCAL_IP": "127.0.0.1", "PYSPARK_PYTHON": sys.executable}
    done = subprocess.run(  # noqa: S603  # our interpreter
        [sys.executable, program, folder, out], cwd=out, env=environment, capture_output=True, text=True, check=False
    )
    assert 0 == done.returncode, done.stderr[-4000:]


@contextmanager
def postgres_server() -> Iterator[list[str]]:
    """A server on a free port of this machine, while the block runs; gives the command that asks it.

    It sorts text as people of a language do, as servers in use do.
    """
    tools = _find_tools()
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as name:
        user = _user_of_server()
        if user is not None:
            os.chown(name, user, -1)

        def run(tool: str, *arguments: object) -> None:
            # Its output goes to a file: a server that keeps a pipe open would be waited for.
            with Path(name).with_suffix(".log").open("w+", encoding="utf-8") as log:
                command = [str(tools / tool), *map(str, arguments)]
                done = subprocess.run(  # noqa: S603  # a tool of PostgreSQL
                    command,
                    cwd=name,
                    user=user,
                    extra_groups=None if user is None else [],
                    stdout=log,
                    stderr=log,
                    check=False,
                )
                log.seek(0)
                assert 0 == done.returncode, log.read()

        data, port = Path(name) / "data", _free_port()
        language = ["--locale=C", "--locale-provider=icu", "--icu-locale=en-US", "--encoding=UTF8"]
        run("initdb", "-D", data, "-U", "test", "-A", "trust", "--no-sync", *language)
        settings = {"port": port, "listen_addresses": "127.0.0.1", "unix_socket_directories": "", "fsync": "off"}
        options = " ".join(f"-c {key}={value!r}" for key, value in settings.items())
        run("pg_ctl", "start", "-w", "-D", data, "-o", options)
        try:
            yield [str(tools / "psql"), "-X", "-q", "-h", "127.0.0.1", "-p", str(port), "-U", "test", "-d", "postgres"]
        finally:
            run("pg_ctl", "stop", "-w", "-D", data, "-m", "immediate")


def run_postgres(folder: Path, out: Path) -> None:
    """Load the export in a PostgreSQL server of this machine; a view becomes the file `out/SCHEMA.NAME.csv`.

    `out/types.csv` has the relation, the name and the type of each column, as PostgreSQL names it.
    """
    views = [path.relative_to(folder / "views").with_suffix("") for path in sorted(folder.glob("views/*/*.sql"))]
    out.mkdir()
    with postgres_server() as psql:
        # Twice: a load replaces the one before.
        commands = [["--file", "load.sql"], ["--file", "load.sql"]]
        copies = {f"{'.'.join(view.parts)}": f"SELECT * FROM {'.'.join(view.parts)}" for view in views}
        for name, query in (copies | {"types": _COLUMN_TYPES}).items():
            line = f"\\copy ({' '.join(query.split())}) TO '{out / name}.csv' WITH (FORMAT csv, HEADER)"
            commands.append(["--command", line])
        for command in commands:
            done = subprocess.run(  # noqa: S603  # the client of PostgreSQL
                [*psql, *command], cwd=folder, capture_output=True, text=True, check=False
            )
            assert 0 == done.returncode, done.stderr[-4000:]


def _find_tools() -> Path:
    """The folder of PostgreSQL's programs; Debian keeps those of the server out of the path."""
    found = shutil.which("initdb")
    folders = (
        [Path(found).resolve().parent] if found else sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    )
    for folder in folders:
        if all((folder / tool).exists() for tool in ("initdb", "postgres", "pg_ctl", "psql")):
            return folder
    pytest.skip("PostgreSQL is not installed: there are no initdb, postgres, pg_ctl and psql")


def _user_of_server() -> int | None:
    """The server refuses to run for root: then it runs for its own user, or for the one that owns nothing."""
    if os.geteuid() != 0:
        return None
    users = {user.pw_name: user.pw_uid for user in pwd.getpwall()}
    return users.get("postgres", users["nobody"])


def _free_port() -> int:
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        return int(listening.getsockname()[1])
