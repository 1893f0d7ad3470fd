"""Write the static site: the pages of the explorer and the Parquet files of the public relations beside them."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from nascar_warehouse.warehouse.explorer import (
    closest_page,
    driver_page,
    place_pages,
    race_page,
    season_page,
    status_page,
)
from nascar_warehouse.warehouse.explorer.published import Kept, Snapshot
from nascar_warehouse.warehouse.explorer.site import Site
from nascar_warehouse.warehouse.export.export import write_manifest
from nascar_warehouse.warehouse.export.files import relation_path, write_files
from nascar_warehouse.warehouse.export.folder import new_folder
from nascar_warehouse.warehouse.export.relations import read_relations
from nascar_warehouse.warehouse.storage.disk import machine_failures
from nascar_warehouse.warehouse.website.console import show_console, write_plan
from nascar_warehouse.warehouse.website.engine import read_engine
from nascar_warehouse.warehouse.website.lists import (
    SEARCH_INDEX,
    first_addresses,
    show_browse,
    show_data,
    write_search_index,
)
from nascar_warehouse.warehouse.website.pages import PageWriter
from nascar_warehouse.warehouse.website.working_copy import open_working_copy

if TYPE_CHECKING:
    from collections.abc import Mapping

    from nascar_warehouse.warehouse.storage.home import Home
    from nascar_warehouse.warehouse.website.engine import Engine
    from nascar_warehouse.warehouse.website.pages import Page, Progress
    from nascar_warehouse.warehouse.website.working_copy import WorkingCopy

_HERE = Path(__file__).parent
_PAGES: Mapping[str, Page] = {
    "/": closest_page.show,
    "/races/{race_id}": race_page.show,
    "/drivers/{driver_id}": driver_page.show,
    "/tracks/{track_id}": place_pages.show_track,
    "/events/{event_id}": place_pages.show_event,
    "/seasons/{series}/{season}": season_page.show,
    "/search": show_browse,
    "/status": status_page.show,
}
"""Not among them: a page for each car of each race, ten times as many as all others; and what a server computes."""


@dataclass(frozen=True, slots=True)
class WrittenSite:
    """What was written: its manifest, how many pages, and the files and bytes of all."""

    manifest: dict[str, Any]
    pages: int
    files: int
    bytes: int


def export_site(home: Home, target: Path, progress: Progress, *, sql_package: Path | None = None) -> WrittenSite:
    """Write the site to the folder `target`, which appears whole; `progress` gets the pages written and known so far.

    `sql_package` is the folder of an unpacked npm package with DuckDB for browsers: then the site has a console.
    Raises `UsageError` for another package, for a target that is something else or when nothing is published,
    `MachineFailure` when the disk does not allow it.
    """
    engine = None if sql_package is None else read_engine(sql_package)
    with (
        new_folder(target) as folder,
        tempfile.TemporaryDirectory(prefix="nascar-site-") as work,
        open_working_copy(home, Path(work)) as copy,
        machine_failures(folder),
    ):
        return _write(copy, folder, progress, engine)


def _write(copy: WorkingCopy, folder: Path, progress: Progress, engine: Engine | None) -> WrittenSite:
    relations = read_relations(copy.con)
    rows = write_files(copy.con, relations, folder, "parquet")
    paths = {relation.name: relation_path(relation, "parquet") for relation in relations}
    sizes = {name: (folder / path).stat().st_size for name, path in paths.items()}
    if engine is not None:
        engine.copy_to(folder)
        write_plan(folder, relations, paths, engine)
    copy.make_fast()
    write_search_index(copy.con, folder / SEARCH_INDEX)
    site = Site(_HERE, is_static=True, has_sql=engine is not None)
    for name, content in site.static_files().items():
        (folder / "static").mkdir(exist_ok=True)
        (folder / "static" / name).write_bytes(content)
    pages: dict[str, Page] = {**_PAGES, "/data": partial(show_data, relations=relations, rows=rows, sizes=sizes)}
    if engine is not None:
        pages["/sql"] = partial(show_console, engine=engine)
    writer = PageWriter(Snapshot(copy.con, "", copy.published_at, Kept()), site, pages, folder)
    linked = writer.write(first_addresses(copy.con), progress)
    manifest = write_manifest(copy.con, folder, "site", relations, rows, paths)
    if missing := [file for file in linked if not (folder / file).is_file()]:
        raise RuntimeError(f"pages link to files that are not there: {', '.join(missing)}")
    files = [path for path in folder.rglob("*") if path.is_file()]
    return WrittenSite(manifest, writer.written, len(files), sum(path.stat().st_size for path in files))
