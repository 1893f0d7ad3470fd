"""Write the pages of the explorer as files: those to start with, and every page that they link to."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from starlette.routing import compile_path

from nascar_warehouse.warehouse.explorer.page import Asked, NotFound
from nascar_warehouse.warehouse.rows import Rows
from nascar_warehouse.warehouse.website.addresses import Address, make_links_relative

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from pathlib import Path

    from nascar_warehouse.warehouse.explorer.answer import Answer
    from nascar_warehouse.warehouse.explorer.published import Snapshot
    from nascar_warehouse.warehouse.explorer.site import Site
    from nascar_warehouse.warehouse.read.sandbox import Answer as SandboxAnswer
    from nascar_warehouse.warehouse.read.sandbox import Limits

    Page = Callable[[Asked], Answer]
    Progress = Callable[[int, int], object]

READ_BY_SCRIPTS = ("/search", "/sql")
"""Pages that read the query of their address in the browser: one file each."""
_THREADS = 2
_AT_ONCE = 200


class PageWriter:
    """Renders pages by their address, in threads, and follows their links."""

    def __init__(self, snapshot: Snapshot, site: Site, pages: Mapping[str, Page], folder: Path) -> None:
        self._snapshot = snapshot
        self._site = site
        self._routes = [(compile_path(path)[0], page) for path, page in pages.items()]
        self._folder = folder
        self._known: set[Address] = set()
        self._files: dict[str, Address] = {}
        self._linked: set[str] = set()
        self._own = threading.local()
        self.written = 0

    def write(self, starts: Iterable[Address], progress: Progress) -> list[str]:
        """Write these pages and what they link to; `progress` gets how many are written and how many are known.

        Returns the linked files that are no pages. Raises `RuntimeError` for a link that shows nothing: a site with
        a dead link is not written.
        """
        waiting = list(dict.fromkeys(starts))
        self._known.update(waiting)
        with ThreadPoolExecutor(_THREADS) as threads:
            while waiting:
                now, waiting = waiting[:_AT_ONCE], waiting[_AT_ONCE:]
                for links in threads.map(self._write_page, now):
                    waiting += [link for link in links if link not in self._known]
                    self._known.update(links)
                self.written += len(now)
                progress(self.written, len(self._known))
        return sorted(self._linked)

    def _write_page(self, address: Address) -> list[Address]:
        """Write one page; returns the pages that it links to."""
        if self._files.setdefault(address.file, address) != address:
            raise RuntimeError(f"{address} and {self._files[address.file]} would be one file")
        links: list[Address] = []

        def find(link: str) -> str:
            parts = urlsplit(link)
            if self._find_page(parts.path) is None:
                self._linked.add(parts.path.removeprefix("/"))
                return link.removeprefix("/")
            is_read_by_script = parts.path in READ_BY_SCRIPTS
            target = Address(parts.path) if is_read_by_script else Address.parse(link)
            links.append(target)
            query = f"?{parts.query}" if is_read_by_script and parts.query else ""
            return target.file + query + (f"#{parts.fragment}" if parts.fragment else "")

        content = make_links_relative(self._render(address).content.decode(), address.file, find)
        file = self._folder / address.file
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(content, encoding="utf-8")
        return list(dict.fromkeys(links))

    def _render(self, address: Address) -> Answer:
        found = self._find_page(address.path)
        if found is None:
            raise RuntimeError(f"{address.path} is no page of the site")
        page, ids = found
        query = dict(address.query)
        try:
            return page(Asked(self._own_snapshot(), self._site, address.path, ids, query, _no_status, _no_sql))
        except NotFound as error:
            raise RuntimeError(f"a page links to {address.path}: {error.problem}") from error

    def _find_page(self, path: str) -> tuple[Page, dict[str, str]] | None:
        for pattern, page in self._routes:
            if match := pattern.match(path):
                return page, match.groupdict()
        return None

    def _own_snapshot(self) -> Snapshot:
        """The snapshot with the cursor of this thread."""
        if not hasattr(self._own, "snapshot"):
            self._own.snapshot = replace(self._snapshot, con=self._snapshot.con.cursor())
        snapshot: Snapshot = self._own.snapshot
        return snapshot


def _no_status() -> Rows:
    """What `nascar status` says of now is not for files that are read later."""
    return Rows(["what", "name", "state", "at", "detail", "next"], [])


def _no_sql(_: str, __: Limits) -> SandboxAnswer:
    """No page of the site runs a statement while it is written."""
    raise RuntimeError("a page of the static site runs a statement")
