"""Race pages of Racing-Reference that a person saved from a browser. The site turns programs away: nothing is fetched.

A folder holds the pages, saved as "HTML only" or "complete". A document is named after the race that its page is
about, so a page that is saved again is a new version of it, whatever the file is called. A file that is no race page
is refused before it is kept: under its file's name it would stay a problem when the file is long gone.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from nascar_warehouse.etl.documents import (
    BODY_LIMIT_BYTES,
    UNCONDITIONAL,
    Access,
    Document,
    Fetcher,
    Parsed,
    Response,
    Selection,
    Source,
    Table,
    Validators,
    too_large,
)
from nascar_warehouse.etl.sources.racing_reference_page import identify, read_page
from nascar_warehouse.etl.sources.racing_reference_schema import PageResult, RacePage
from nascar_warehouse.warehouse.errors import MachineFailure, SourceChanged, UsageError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from nascar_warehouse.etl.sources.racing_reference_schema import Identity

_SUFFIXES = frozenset({".html", ".htm", ".xhtml", ".mht", ".mhtml"})
_ADVICE = "give --pages a folder with race pages of Racing-Reference, saved from a browser as HTML"


@dataclass(slots=True)
class _Saved:
    """The files that are one document, and which race it is about, or why it is no race page."""

    key: str
    identity: Identity | None = None
    fault: SourceChanged | None = None
    paths: list[Path] = field(default_factory=list)

    @property
    def names(self) -> str:
        """The names of the files, also where they are no text."""
        return ", ".join(map(_name, self.paths))


class SavedPages:
    """The fetcher of saved pages: the files of one folder, without what browsers put in folders beside them."""

    def __init__(self, folder: str | Path, now: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        """Look at every page; `UsageError` if the folder is none or has no page."""
        self._now = now
        try:
            place = Path(folder).expanduser().resolve(strict=True)
            paths = sorted(path for path in place.iterdir() if path.suffix.lower() in _SUFFIXES and path.is_file())
        except (OSError, RuntimeError, ValueError) as error:
            raise UsageError(f"the folder {folder} cannot be opened: {error}", _ADVICE) from error
        if not paths:
            raise UsageError(f"there is no saved page in the folder {folder}", _ADVICE)
        self.origin = str(place)
        self._by_url = _by_url(_by_key(paths))

    def documents(self, source_id: str, selection: Selection) -> list[Document]:
        """The pages of the wanted seasons and series, and what is no race page, so that a person hears of it."""
        return [
            Document(source_id, saved.key, url, is_index=True)
            for url, saved in self._by_url.items()
            if saved.identity is None or _is_wanted(saved.identity, selection)
        ]

    def fetch(self, url: str, *, validators: Validators = UNCONDITIONAL) -> Response:  # noqa: ARG002  # reading is cheaper than comparing
        """The bytes of a page. A file that is no race page, or two of one race that differ, raise `SourceChanged`."""
        saved = self._by_url[url]
        if saved.fault is not None:
            raise saved.fault
        contents = {_read(path) for path in saved.paths}
        if len(contents) > 1:
            raise SourceChanged(
                f"{saved.names} are pages of one race, {saved.key}, and differ", "keep the one that was saved last"
            )
        return Response(url, 200, contents.pop(), None, None, self._now())

    def close(self) -> None:
        """Nothing is held open."""


class RacingReferencePages(Source):
    """The source; see the module. Without saved pages nothing is asked for, and what is kept is still read."""

    source_id = "racing_reference_pages"
    access: Access = "saved"
    order = 50
    tables = {  # noqa: RUF012  # a constant of the class, read through the protocol
        "racing_reference_pages": Table(RacePage, ("series_id", "season", "race_number")),
        "racing_reference_pages_results": Table(
            PageResult,
            ("series_id", "season", "race_number", "position", "car_number"),
            race=("series_id", "season", "race_number"),
        ),
    }
    margin_columns = {"racing_reference_pages": "margin_text"}  # noqa: RUF012  # as above

    def __init__(self, saved: SavedPages | None = None) -> None:
        self._saved = saved

    def index_documents(self, selection: Selection) -> list[Document]:
        """The saved pages, none without a folder: no address of this source is ever given to anybody else."""
        return self._saved.documents(self.source_id, selection) if self._saved else []

    def season_of(self, key: str) -> int | None:
        """The middle of the key."""
        return int(key.split("/")[1])

    def parse(self, key: str, content: bytes) -> Parsed:
        """The race of a page, and its results."""
        identity, page, results, new_columns = read_page(content)
        if identity.key != key:
            raise SourceChanged(
                f"unexpected content: this is the page of {identity.key}", "save the page again, and read it again"
            )
        return Parsed({"racing_reference_pages_results": results, "racing_reference_pages": [page]}, new_columns)

    def open_local(self, folder: str | None) -> tuple[Source, Fetcher] | None:
        """The pages saved in a folder; `UsageError` if it has none."""
        if folder is None:
            return None
        saved = SavedPages(folder)
        return RacingReferencePages(saved), saved


def _is_wanted(identity: Identity, selection: Selection) -> bool:
    is_season = selection.seasons is None or identity.season in selection.seasons
    return is_season and identity.series_id in selection.series


def _by_key(paths: Iterable[Path]) -> list[_Saved]:
    """The documents that the files are; files of one race are one document."""
    documents: dict[str, _Saved] = {}
    for path in paths:
        try:
            identity = identify(_read(path))
            found = _Saved(identity.key, identity)
        except SourceChanged as error:
            fault = SourceChanged(f"the file {_name(path)}: {error.problem}", error.advice)
            found = _Saved(_name(path), fault=fault)
        documents.setdefault(found.key, found).paths.append(path)
    return list(documents.values())


def _by_url(documents: Iterable[_Saved]) -> dict[str, _Saved]:
    """Documents by the address that the page gives itself, or by the file's name: a site may call all its pages one."""
    found: dict[str, _Saved] = {}
    for saved in documents:
        url = saved.identity.url if saved.identity else None
        found[url if url and url not in found else _name(saved.paths[0])] = saved
    return found


def _read(path: Path) -> bytes:
    try:
        if path.stat().st_size > BODY_LIMIT_BYTES:
            raise too_large(_name(path), BODY_LIMIT_BYTES)
        return path.read_bytes()
    except OSError as error:
        raise MachineFailure(
            f"the saved page {path} cannot be read: {error}", "give this user permission to read it, or take it away"
        ) from error


def _name(path: Path) -> str:
    """The file's name, also where it is no text."""
    return path.name.encode(errors="backslashreplace").decode()


SOURCE = RacingReferencePages()
