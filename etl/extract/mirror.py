"""The publishers, an HTTP mirror of them, or a folder that replaces them.

`open_fetcher` returns the right `Fetcher`; the caller does not need to know where the bytes come from. This module does
not import an HTTP client, so a run with a folder does not pay for one.
"""

from __future__ import annotations

import errno
import os
import stat
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from nascar_warehouse.etl.documents import (
    BODY_LIMIT_BYTES,
    RATE_PER_SECOND,
    UNCONDITIONAL,
    HostUnavailable,
    Response,
    too_large,
)
from nascar_warehouse.etl.extract.urls import MIRROR_ADVICE, byte_range, file_parts
from nascar_warehouse.warehouse.errors import MachineFailure, UsageError

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from nascar_warehouse.etl.documents import Fetcher, Validators

_MISSING_ERRORS = frozenset({errno.ENOENT, errno.ENOTDIR, errno.ENAMETOOLONG})


def open_fetcher(
    mirror: str | None,
    *,
    contact: str | None = None,
    rate_per_second: float = RATE_PER_SECOND,
    body_limit_bytes: int = BODY_LIMIT_BYTES,
    max_requests: int | None = None,
    host_rates: Mapping[str, float] | None = None,
    strict_hosts: Collection[str] = (),
) -> Fetcher:
    """Open the publishers, without a mirror, or the folder or http(s) URL that `mirror` names.

    Every HTTP request carries `contact`, an e-mail address or a URL; at most `max_requests` are made. The rate applies
    to publishers, not to mirrors; `host_rates` are those that are asked more slowly, `strict_hosts`
    those where nothing is tried again after a refusal.
    """
    if mirror and not mirror.lower().startswith(("http://", "https://")):
        return FolderMirror(mirror, body_limit_bytes=body_limit_bytes)
    from nascar_warehouse.etl.extract.fetch import HttpFetcher

    return HttpFetcher(
        contact=contact,
        rate_per_second=rate_per_second,
        mirror=mirror,
        body_limit_bytes=body_limit_bytes,
        max_requests=max_requests,
        host_rates=host_rates,
        strict_hosts=strict_hosts,
    )


class FolderMirror:
    """A folder X that replaces the sources: `https://HOST/PATH?QUERY` is the file X/HOST/PATH?QUERY."""

    def __init__(self, folder: str | Path, *, body_limit_bytes: int = BODY_LIMIT_BYTES) -> None:
        if "://" in str(folder):
            raise UsageError(f"the mirror {folder} is neither a folder nor an http(s) address", MIRROR_ADVICE)
        try:
            self._folder = Path(folder).expanduser().resolve(strict=True)
        except (OSError, RuntimeError, ValueError) as error:
            raise UsageError(f"the mirror {folder} cannot be opened: {error}", MIRROR_ADVICE) from error
        if not self._folder.is_dir():
            raise UsageError(f"the mirror {folder} is not a folder", MIRROR_ADVICE)
        self.origin = str(self._folder)
        self._body_limit_bytes = body_limit_bytes
        self._plain_folders = {self.origin}

    def fetch(self, url: str, *, validators: Validators = UNCONDITIONAL) -> Response:
        """Read the file of `url`; a missing file is a 404, an unchanged one a 304 that reads nothing."""
        found = self._find(url)
        if found is None:
            return Response(url, 404, b"", None, None, datetime.now(UTC))
        path, info = found
        # Archives may unpack with all modification times equal; the inode's change time still differs.
        etag = f'"{info.st_mtime_ns:x}-{info.st_ctime_ns:x}-{info.st_size:x}"'
        if etag == validators.etag:
            return Response(url, 304, b"", etag, validators.last_modified, datetime.now(UTC))
        from email.utils import formatdate  # here, since most files are as they were

        part = byte_range(url)
        if (part[1] - part[0] + 1 if part else info.st_size) > self._body_limit_bytes:
            raise too_large(url, self._body_limit_bytes)
        try:
            body = _read_part(path, *part) if part else path.read_bytes()
        except OSError as error:
            raise self._unreadable(url, error) from error
        return Response(url, 200, body, etag, formatdate(info.st_mtime, usegmt=True), datetime.now(UTC))

    def has_file(self, url: str) -> bool:
        """Whether there is anything at the place of `url`, readable or not."""
        return os.path.lexists(self._path(url))

    def close(self) -> None:
        """Nothing is open."""

    def _path(self, url: str) -> str:
        names = [name for name in file_parts(url) if name not in {"", "."}]
        return os.path.join(self.origin, *names)  # noqa: PTH118  # ten times faster than pathlib, once a document

    def _find(self, url: str) -> tuple[Path, os.stat_result] | None:
        """Look for the file of `url`; None if nothing is there. Raises `MachineFailure` for what is not a file."""
        path = self._path(url)
        try:
            info = os.lstat(path)
            has_link = stat.S_ISLNK(info.st_mode) or self._has_link(os.path.dirname(path))  # noqa: PTH120  # as above
            if has_link:
                path = os.path.realpath(path, strict=True)
                info = os.stat(path)  # noqa: PTH116  # as above
        except OSError as error:
            if error.errno not in _MISSING_ERRORS:
                raise self._unreadable(url, error) from error
            if not self._folder.is_dir():
                raise HostUnavailable(f"the mirror {self.origin} is gone", MIRROR_ADVICE) from error
            return None
        if has_link and not Path(path).is_relative_to(self._folder):
            raise MachineFailure(
                f"in the mirror {self.origin} the file of {url} is a link that leads out of the mirror",
                "put the file itself there",
            )
        if not stat.S_ISREG(info.st_mode):
            raise MachineFailure(
                f"in the mirror {self.origin} there is no file for {url}, but a folder or a device",
                "remove it, or put the document there as a file",
            )
        return Path(path), info

    def _has_link(self, folder: str) -> bool:
        """Whether a folder, or one between it and the mirror's folder, is a link.

        A plain one is looked at once: who may change the folders of a mirror may as well change its files.
        """
        if folder in self._plain_folders:
            return False
        if stat.S_ISLNK(os.lstat(folder).st_mode) or self._has_link(os.path.dirname(folder)):  # noqa: PTH120  # as above
            return True
        self._plain_folders.add(folder)
        return False

    def _unreadable(self, url: str, error: Exception) -> MachineFailure:
        return MachineFailure(
            f"in the mirror {self.origin} the file of {url} cannot be read: {error}",
            "give this user permission to read it, or put a readable copy there",
        )


def _read_part(path: Path, first: int, last: int) -> bytes:
    """Read the bytes of a file from the first to the last, or to its end."""
    with path.open("rb") as file:
        file.seek(first)
        return file.read(max(0, last - first + 1))
