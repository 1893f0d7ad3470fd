"""The files of a folder of saved pages: each a page, a text, or a web archive (WARC, WACZ) with records of pages in it.

Only the records of race pages are of interest: what was asked for at the address of one and was answered. Files are
hostile until they are read: everything is decompressed piece by piece, and what is larger than any page is refused.
"""

from __future__ import annotations

import gzip
import re
import zipfile
import zlib
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from typing import IO, TYPE_CHECKING, cast

from nascar_warehouse.etl.documents import BODY_LIMIT_BYTES, too_large
from nascar_warehouse.warehouse.errors import MachineFailure, SourceChanged

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

PAGES = (".html", ".htm", ".xhtml", ".mht", ".mhtml")
TEXTS = (".txt", ".pdf")
ARCHIVES = (".warc", ".warc.gz", ".wacz")
_WARCS = (".warc", ".warc.gz")

RACE_PAGE = re.compile(
    r"https?://(?:www\.)?racing-reference\.info(?::(?:80|443))?/race(?:-results)?/(?P<page>[^/?#]{1,150}/[WBC])/?",
    re.IGNORECASE,
)
"""The address of a race page; `page` is its end, which is the same however the rest is written."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a page is: a file, or a record of a file or of a member of a zip. Only a record has a `length`."""

    path: Path
    member: str = ""
    offset: int = 0
    length: int = 0
    captured_at: str = ""

    @property
    def name(self) -> str:
        """The name of the file, also where it is no text, and where in it the record is."""
        name = self.path.name.encode(errors="backslashreplace").decode()
        member = f"/{self.member}" if self.member else ""
        return f"{name}{member}#{self.offset}" if self.length else name


def is_saved(path: Path, suffixes: tuple[str, ...] = (*PAGES, *TEXTS, *ARCHIVES)) -> bool:
    """Whether the name of a file ends like that of a page, a text or a web archive."""
    return path.name.lower().endswith(suffixes)


class PageFiles:
    """Finds and reads pages; the archive that was read last stays open, so that reading on in it starts where it is."""

    def __init__(self) -> None:
        self._stack = ExitStack()
        self._last: tuple[Path, str] | None = None
        self._stream: IO[bytes] | None = None

    def places(self, path: Path) -> Iterator[Place]:
        """Yield the pages of a file; raises `SourceChanged` where an archive is damaged, after those before it."""
        if not is_saved(path, ARCHIVES):
            yield Place(path)
            return
        with _translated(path):
            for member in _members(path):
                yield from _records(path, member)

    def read(self, place: Place) -> bytes:
        """The bytes of a file or of a record; `SourceChanged` if they are too many or damaged."""
        with _translated(place.path):
            size = place.length or place.path.stat().st_size
            if size > BODY_LIMIT_BYTES:
                raise too_large(place.name, BODY_LIMIT_BYTES)
            if not place.length:
                return place.path.read_bytes()
            stream = self._open(place)
            stream.seek(place.offset)
            return stream.read(place.length)

    def close(self) -> None:
        """Close the archive that was read last."""
        self._stack.close()
        self._last = None

    def _open(self, place: Place) -> IO[bytes]:
        wanted = (place.path, place.member)
        if self._stream is None or self._last != wanted:
            self.close()
            self._stream = _open_archive(place.path, place.member, self._stack)
            self._last = wanted
        return self._stream


def _members(path: Path) -> list[str]:
    """The archives in a file: that of a WARC is itself, a WACZ has some in a folder (WACZ 1.1, "archive")."""
    if is_saved(path, _WARCS):
        return [""]
    with zipfile.ZipFile(path) as packed:
        names = [name for name in packed.namelist() if name.isprintable()]
    return [name for name in names if name.startswith("archive/") and name.lower().endswith(_WARCS)]


def _open_archive(path: Path, member: str, stack: ExitStack) -> IO[bytes]:
    """The records of an archive, decompressed."""
    if member:
        stream = stack.enter_context(stack.enter_context(zipfile.ZipFile(path)).open(member))
    else:
        stream = cast("IO[bytes]", stack.enter_context(path.open("rb")))
    if not (member or path.name).lower().endswith(".gz"):
        return stream
    return cast("IO[bytes]", stack.enter_context(gzip.GzipFile(fileobj=stream)))


def _records(path: Path, member: str) -> Iterator[Place]:
    from nascar_warehouse.etl.formats.archive import frames_of

    with ExitStack() as stack:
        for frame in frames_of(_open_archive(path, member, stack)):
            url = frame.header.get("warc-target-uri", "").strip("<>")
            if frame.header.get("warc-type") == "response" and RACE_PAGE.fullmatch(url):
                yield Place(path, member, frame.offset, frame.length, frame.header.get("warc-date", "unknown"))


@contextmanager
def _translated(path: Path) -> Iterator[None]:
    """Damaged archives become `SourceChanged`, and files that cannot be read `MachineFailure`."""
    try:
        yield
    except (EOFError, gzip.BadGzipFile, zlib.error, zipfile.BadZipFile, RuntimeError) as error:
        raise SourceChanged(
            f"unexpected content: an archive that is damaged or cut off ({error})", "take another copy of the archive"
        ) from error
    except OSError as error:
        raise MachineFailure(
            f"the saved page {path} cannot be read: {error}", "give this user permission to read it, or take it away"
        ) from error
