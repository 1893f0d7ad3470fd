"""A server of files on a port of this machine, which answers ranges of bytes as a CDN does and counts them."""

from __future__ import annotations

import re
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any


@dataclass
class FileServer:
    """Its address, and what it answered: path, status, bytes of the body."""

    address: str = ""
    answers: list[tuple[str, int, int]] = field(default_factory=list)

    def sent_bytes(self) -> int:
        """The bytes of all bodies."""
        return sum(size for _, _, size in self.answers)


@contextmanager
def serving_files(folder: Path) -> Iterator[FileServer]:
    """Serve the files of a folder until the block ends."""
    served = FileServer()
    with _Server(("127.0.0.1", 0), partial(_Handler, served, folder)) as server:
        served.address = f"http://127.0.0.1:{server.server_address[1]}"
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield served
        finally:
            server.shutdown()
            thread.join(timeout=10)


class _Server(ThreadingHTTPServer):
    def handle_error(self, request: Any, client_address: Any) -> None:
        """Print what went wrong, unless it is a browser that left in the middle."""
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)


class _Handler(SimpleHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def __init__(self, served: FileServer, folder: Path, *rest: object) -> None:
        self._served = served
        super().__init__(*rest, directory=str(folder))  # type: ignore[arg-type]  # what the server hands to every handler

    def log_message(self, *_: object) -> None:
        """Print nothing."""

    def do_GET(self) -> None:  # the name that the class asks for
        self._answer()

    def do_HEAD(self) -> None:  # as above
        self._answer()

    def _answer(self) -> None:
        file = Path(self.translate_path(self.path))
        if not file.is_file():
            self._served.answers.append((self.path, 404, 0))
            self.send_error(404)
            return
        content, status, place = file.read_bytes(), 200, ""
        if wanted := re.fullmatch(r"bytes=(\d+)-(\d*)", self.headers.get("Range", "")):
            first, last = int(wanted[1]), min(int(wanted[2] or len(content) - 1), len(content) - 1)
            status, place = 206, f"bytes {first}-{last}/{len(content)}"
            content = content[first : last + 1]
        self.send_response(status)
        self.send_header("Content-Type", self.guess_type(str(file)))
        self.send_header("Content-Length", str(len(content)))
        self.send_header("Accept-Ranges", "bytes")
        if place:
            self.send_header("Content-Range", place)
        self.end_headers()
        body = b"" if self.command == "HEAD" else content
        self._served.answers.append((self.path, status, len(body)))
        self.wfile.write(body)
