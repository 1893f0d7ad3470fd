"""The problems of one source in one run, with one problem for each host that is not asked any more."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING

from nascar_warehouse.etl.documents import NETWORK, HostUnavailable
from nascar_warehouse.etl.extract.urls import host_name
from nascar_warehouse.etl.outcome import DocumentProblem
from nascar_warehouse.warehouse.errors import SourceUnavailable

if TYPE_CHECKING:
    from datetime import datetime, timedelta

    from nascar_warehouse.etl.documents import Disallowed, Document, Response
    from nascar_warehouse.warehouse.errors import NascarError

_REFUSED_ADVICE = (
    "set NASCAR_CONTACT to an address that the publisher can write to, and run the same command again later; "
    "open the address in a browser to see whether it answers there"
)


class Problems:
    """Collects what could not be fetched from the hosts of a source."""

    def __init__(self, source_id: str, origin: str) -> None:
        self._source_id = source_id
        self._via = "" if origin == NETWORK else f" (asked of the mirror {origin})"
        self._failed: list[tuple[str, DocumentProblem]] = []
        self._refused: list[DocumentProblem] = []
        self._disallowed: list[DocumentProblem] = []
        self._stopped: dict[str, tuple[DocumentProblem, str]] = {}
        self._unfetched: Counter[str] = Counter()
        self._useless: list[str] = []

    def is_stopped(self, document: Document) -> bool:
        """Whether the document's host is not asked any more."""
        return bool(self._stopped) and host_name(document.url) in self._stopped

    def count_unfetched(self, document: Document) -> None:
        """Count a document that is due and was not asked for, because its host is not asked any more."""
        self._unfetched[host_name(document.url)] += 1

    def fail(self, document: Document, error: NascarError) -> None:
        """Add a document that could not be fetched; `HostUnavailable` ends the run with its host."""
        host = host_name(document.url)
        problem = DocumentProblem.of(f"{document.source_id} {document.key}", error)
        if not isinstance(error, HostUnavailable):
            self._failed.append((host, problem))
            return
        # A host that fails is one problem, with the documents that failed before.
        before = [earlier for failed_host, earlier in self._failed if failed_host == host]
        self._failed = [(failed_host, earlier) for failed_host, earlier in self._failed if failed_host != host]
        self._unfetched[host] += len(before)
        self._stopped.setdefault(host, (problem, "fetched"))

    def refuse(self, document: Document, response: Response) -> None:
        """Add a document that the host refuses although it answers for others."""
        text = f"{self._refusal(document, response)}, although the host answers for other documents"
        error = SourceUnavailable(text, _REFUSED_ADVICE)
        self._refused.append(DocumentProblem.of(f"{document.source_id} {document.key}", error))

    def stop(self, document: Document, response: Response) -> None:
        """Add a host that refuses programs: it is not asked any more in this run."""
        error = SourceUnavailable(self._refusal(document, response), _REFUSED_ADVICE)
        problem = DocumentProblem.of(f"{document.source_id} {document.key}", error)
        self._stopped.setdefault(host_name(document.url), (problem, "asked for"))

    def note_useless(self, document: Document, fault: str) -> None:
        """Note a document whose content arrived and is of no use."""
        self._useless.append(f"{document.source_id} {document.key} is of no use: {fault}")

    def warnings(self) -> list[str]:
        """Return one text for all documents that are of no use; empty if there are none."""
        more = f"; nor are {len(self._useless) - 1} others" if len(self._useless) > 1 else ""
        return [f"{self._useless[0]}{more}"] if self._useless else []

    def pause(self, key: str, refused_at: datetime, pause: timedelta) -> None:
        """Add that nothing is asked for, because the source refused a document less than its pause ago."""
        error = SourceUnavailable(
            f"refused at {refused_at:%Y-%m-%d %H:%M} UTC; nothing of {self._source_id} is asked for before "
            f"{refused_at + pause:%Y-%m-%d %H:%M} UTC",
            "run the same command again then; everything fetched so far is kept",
        )
        self._refused.append(DocumentProblem.of(f"{self._source_id} {key}", error))

    def disallow(self, document: Document, error: Disallowed) -> None:
        """Add a document that robots.txt forbids programs to ask for."""
        self._disallowed.append(DocumentProblem.of(f"{document.source_id} {document.key}", error))

    def disallowed(self) -> list[DocumentProblem]:
        """Return one problem for all documents that robots.txt forbids; empty if there are none."""
        if not self._disallowed:
            return []
        first, count = self._disallowed[0], len(self._disallowed) - 1
        return [replace(first, problem=f"{first.problem} and {count} other documents" if count else first.problem)]

    def all(self) -> list[DocumentProblem]:
        """Return every other problem, that of a host with the number of documents that were not fetched."""
        hosts = [
            replace(problem, problem=problem.problem + self._not_done(host, verb))
            for host, (problem, verb) in self._stopped.items()
        ]
        return [*hosts, *self._refused, *(problem for _, problem in self._failed)]

    def _not_done(self, host: str, verb: str) -> str:
        count = self._unfetched[host]
        if not count:
            return ""
        documents = f"{count} other document{'s were' if count > 1 else ' was'} not {verb}"
        return f"; {documents}, the host {host} is not asked again in this run"

    def _refusal(self, document: Document, response: Response) -> str:
        how = f"HTTP {response.status}" + (", a challenge page" if response.status == 200 else "")
        return f"{document.url}{self._via}: refused ({how})"
