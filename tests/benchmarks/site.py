"""How long the static site takes to write, how large it is, and what its readers fetch.

    python -m tests.benchmarks.site HOME [--with-sql PACKAGE]

HOME has a published warehouse, best that of all of history. With PACKAGE, the unpacked npm package
`@duckdb/duckdb-wasm`, statements run in Chromium over a file server of this machine, which counts the bytes.
"""

from __future__ import annotations

import argparse
import gzip
import resource
import shutil
import tempfile
import time
from collections import Counter
from pathlib import Path

from nascar_warehouse.warehouse.storage.home import Home
from nascar_warehouse.warehouse.website.export import export_site
from tests.support.file_server import serving_files

STATEMENTS = {
    "the ten closest finishes": "SELECT rank, margin_seconds, race_name, winner FROM marts.closest_finishes LIMIT 10",
    "the whole ranking": "FROM marts.closest_finishes",
    "who won the most races": """SELECT driver_id, count(*) AS wins FROM core.results
        WHERE finish_position = 1 GROUP BY driver_id ORDER BY wins DESC LIMIT 10""",
    "the results of a race": "FROM core.results WHERE race_id = 'cup-2003-05'",
}


def measure_files(site: Path) -> None:
    """Print the size of the site by its folders, and that of its first page."""
    sizes: Counter[str] = Counter()
    counts: Counter[str] = Counter()
    for path in site.rglob("*"):
        if path.is_file():
            folder = path.relative_to(site).parts[0] if path.parent != site else "."
            sizes[folder] += path.stat().st_size
            counts[folder] += 1
    for folder, size in sizes.most_common():
        print(f"  {folder:<10} {counts[folder]:>6} files {size / 1e6:>8.1f} MB")
    first = (site / "index.html").read_bytes()
    print(f"first page: {len(first):,} bytes, {len(gzip.compress(first)):,} compressed")
    beside = sum(
        (site / "static" / name).stat().st_size for name in ("explorer.css", "explorer.js", "site.css", "site.js")
    )
    print(f"styles and scripts beside it: {beside:,} bytes")


def measure_statements(site: Path) -> None:
    """Print the bytes and seconds of each statement, run in a fresh window; DuckDB itself apart."""
    from playwright.sync_api import sync_playwright

    chromium = shutil.which("chromium") or shutil.which("google-chrome")
    engine = (site / "engine" / "duckdb-eh.wasm").read_bytes()
    print(f"DuckDB: {len(engine):,} bytes, {len(gzip.compress(engine, 6)):,} compressed")
    with sync_playwright() as playwright, serving_files(site) as served:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        for what, statement in STATEMENTS.items():
            page = browser.new_page()
            page.goto(f"{served.address}/sql.html")
            served.answers.clear()
            begun = time.perf_counter()
            page.get_by_label("Statement").fill(statement)
            page.get_by_label("Statement").press("Control+Enter")
            page.locator("#result table").wait_for()
            seconds = time.perf_counter() - begun
            parts = [size for path, status, size in served.answers if status == 206 and size]
            print(f"{what}: {sum(parts):,} bytes in {len(parts)} requests, {seconds:.1f} s with the start of DuckDB")
            page.close()
        browser.close()


def main() -> None:
    """Write a site to a folder of its own, and print what was measured."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("home", type=Path)
    parser.add_argument("--with-sql", type=Path)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        begun, site = time.perf_counter(), Path(folder) / "site"
        written = export_site(Home(asked.home), site, lambda *_: None, sql_package=asked.with_sql)
        used = resource.getrusage(resource.RUSAGE_SELF)
        print(
            f"{written.pages:,} pages, {written.files:,} files, {written.bytes / 1e6:,.1f} MB"
            f" in {time.perf_counter() - begun:.0f} s; {used.ru_utime + used.ru_stime:.0f} s of processor time,"
            f" at most {used.ru_maxrss / 1e3:.0f} MB of memory"
        )
        measure_files(site)
        if asked.with_sql is not None:
            measure_statements(site)


if __name__ == "__main__":
    main()
