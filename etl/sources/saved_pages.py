"""The fetcher of what a user saved in a folder: which documents of a source its files are.

A file that is no race page is refused before it is kept: under its file's name it would stay a problem when the file
is long gone. What is kept of a page in a web archive is its record, with its address, its time and its digest.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from nascar_warehouse.etl.documents import UNCONDITIONAL, Document, Response
from nascar_warehouse.etl.sources.saved_files import ARCHIVES, PageFiles, Place, is_saved
from nascar_warehouse.warehouse.errors import SourceChanged, UsageError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from nascar_warehouse.etl.documents import Selection, Validators

_ADVICE = (
    "give --pages a folder with race pages of Racing-Reference, saved from a browser or in a web archive, or box scores"
)


class Identity(Protocol):
    """Which race a page is about."""

    @property
    def key(self) -> str:
        """The name of the document."""

    @property
    def series_id(self) -> str:
        """cup, nxs or truck."""

    @property
    def season(self) -> int:
        """The season of the race."""

    @property
    def url(self) -> str | None:
        """The address that the page states for itself."""


@dataclass(slots=True)
class _Saved:
    """The places of one document, and which race it is about, or why it is no race page."""

    key: str
    identity: Identity | None = None
    fault: SourceChanged | None = None
    places: list[Place] = field(default_factory=list)

    @property
    def names(self) -> str:
        """The names of the files."""
        return ", ".join(place.name for place in self.places)


class SavedPages:
    """The fetcher of saved pages: the files of one folder, without what browsers put in folders beside them."""

    def __init__(
        self,
        folder: str | Path,
        identify: Callable[[bytes, bool], Identity | None],
        suffixes: tuple[str, ...],
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        """Look at every file with one of the suffixes; `UsageError` if the folder is none or has nothing to read.

        `identify` gets the content of a file, or of a record of an archive and True. It returns None for what is no
        page of the source, and raises `SourceChanged` for one that cannot be read.
        """
        self._now = now
        self._identify = identify
        self._files = PageFiles()
        try:
            place = Path(folder).expanduser().resolve(strict=True)
            paths = sorted(path for path in place.iterdir() if is_saved(path) and path.is_file())
        except (OSError, RuntimeError, ValueError) as error:
            raise UsageError(f"the folder {folder} cannot be opened: {error}", _ADVICE) from error
        if not paths:
            raise UsageError(f"there is no saved page in the folder {folder}", _ADVICE)
        self.origin = str(place)
        self._by_url = _by_url(self._documents(path for path in paths if is_saved(path, suffixes)))
        self._files.close()

    def documents(self, source_id: str, selection: Selection) -> list[Document]:
        """The pages of the wanted seasons and series, and what is no race page, so that the run reports it."""
        return [
            Document(source_id, saved.key, url, is_index=True)
            for url, saved in self._by_url.items()
            if saved.identity is None or _is_wanted(saved.identity, selection)
        ]

    def fetch(self, url: str, *, validators: Validators = UNCONDITIONAL) -> Response:  # noqa: ARG002  # reading is cheaper than comparing
        """The bytes of a page. A file that is no race page, or two of one race that differ, raise `SourceChanged`.

        Of several records of web archives it is the one that was captured last.
        """
        saved = self._by_url[url]
        if saved.fault is not None:
            raise saved.fault
        places = saved.places
        if all(place.captured_at for place in places):
            places = [max(places, key=lambda place: place.captured_at)]
        contents = {self._files.read(place) for place in places}
        if len(contents) > 1:
            raise SourceChanged(
                f"{saved.names} are pages of one race, {saved.key}, and differ", "keep the one that was saved last"
            )
        return Response(url, 200, contents.pop(), None, None, self._now())

    def close(self) -> None:
        """Close the files."""
        self._files.close()

    def _documents(self, paths: Iterable[Path]) -> list[_Saved]:
        """The documents that the files are; pages of one race are one document."""
        documents: dict[str, _Saved] = {}
        for path in paths:
            for place, found in self._look_at(path):
                documents.setdefault(found.key, found).places.append(place)
        return list(documents.values())

    def _look_at(self, path: Path) -> Iterator[tuple[Place, _Saved]]:
        """The pages of a file, and what is wrong with it."""
        has_page = False
        try:
            for place in self._files.places(path):
                if found := self._saved(place):
                    has_page = True
                    yield place, found
            if not has_page and is_saved(path, ARCHIVES):
                raise SourceChanged("there is no race page in it", _ADVICE)
        except SourceChanged as error:
            yield Place(path), _faulty(Place(path), error)

    def _saved(self, place: Place) -> _Saved | None:
        """The document of a page, or what is wrong with it; None for what is no page of the source."""
        try:
            identity = self._identify(self._files.read(place), place.length > 0)
        except SourceChanged as error:
            return _faulty(place, error)
        return _Saved(identity.key, identity) if identity else None


def _faulty(place: Place, error: SourceChanged) -> _Saved:
    return _Saved(place.name, fault=SourceChanged(f"the file {place.name}: {error.problem}", error.advice))


def _is_wanted(identity: Identity, selection: Selection) -> bool:
    is_season = selection.seasons is None or identity.season in selection.seasons
    return is_season and identity.series_id in selection.series


def _by_url(documents: Iterable[_Saved]) -> dict[str, _Saved]:
    """Documents by the address that the page gives itself, or by the file's name: a site may call all its pages one."""
    found: dict[str, _Saved] = {}
    for saved in documents:
        url = saved.identity.url if saved.identity else None
        found[url if url and url not in found else saved.places[0].name] = saved
    return found
