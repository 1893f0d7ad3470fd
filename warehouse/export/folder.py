"""A folder that appears whole or not at all, and replaces only what an earlier export wrote."""

from __future__ import annotations

import json
import os
import shutil
from contextlib import contextmanager
from typing import TYPE_CHECKING

from nascar_warehouse.warehouse.errors import UsageError
from nascar_warehouse.warehouse.storage.disk import flush_to_disk, machine_failures, make_folder

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

MANIFEST = "manifest.json"
PROGRAM = "nascar-warehouse"


@contextmanager
def new_folder(target: Path) -> Iterator[Path]:
    """A new folder beside `target`, which takes its place when the block ends without an error.

    Raises `UsageError` when something else than an export is there, `MachineFailure` when the disk does not allow it.
    """
    _require_replaceable(target)
    make_folder(target.parent)
    partial = target.with_name(f".{target.name}.{os.getpid()}.partial")
    replaced = target.with_name(f".{target.name}.{os.getpid()}.replaced")
    try:
        with machine_failures(partial):
            partial.mkdir()
        yield partial
        with machine_failures(target):
            for path in partial.rglob("*"):
                if path.is_file():
                    flush_to_disk(path)
            if target.exists():
                target.rename(replaced)
            partial.rename(target)
    finally:
        shutil.rmtree(partial, ignore_errors=True)
        shutil.rmtree(replaced, ignore_errors=True)


def _require_replaceable(target: Path) -> None:
    with machine_failures(target):
        if not target.exists() and not target.is_symlink():
            return
        if target.is_dir() and not target.is_symlink() and (not any(target.iterdir()) or _is_export(target)):
            return
    raise UsageError(f"{target} is there already and is not an export", "name a new folder, or remove it first")


def _is_export(folder: Path) -> bool:
    try:
        manifest = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return False
    return isinstance(manifest, dict) and manifest.get("program") == PROGRAM
