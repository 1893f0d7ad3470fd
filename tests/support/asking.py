"""A small warehouse that is published, and statements that are asked of a sandbox."""

from __future__ import annotations

from pathlib import Path

import pytest

from nascar_warehouse.warehouse.errors import UsageError
from nascar_warehouse.warehouse.read.sandbox import Limits, Sandbox
from nascar_warehouse.warehouse.storage.home import Home

ENDLESS = "SELECT count(*) FROM range(100_000_000_000) AS a, range(1000) AS b"


def publish(home: Home, number: int) -> None:
    with home.next_warehouse() as (path, con):
        con.execute(f"CREATE SCHEMA core; CREATE TABLE core.races AS SELECT {number} AS number")
        home.finish(path, con)
        home.publish(path, keep=0)


def ask(sandbox: Sandbox, statement: str, limits: Limits | None = None) -> list[tuple[object, ...]]:
    with sandbox.run(statement, limits) as answer:
        return [tuple(row) for row in answer.rows().values]


def refuse(sandbox: Sandbox, statement: str, limits: Limits | None = None) -> UsageError:
    with pytest.raises(UsageError) as refusal:
        ask(sandbox, statement, limits)
    return refusal.value


def children(pid: int) -> list[int]:
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
