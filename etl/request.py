"""What a run is asked to do."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from nascar_warehouse.etl.outcome import NoProgress, Progress, RunResult

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from nascar_warehouse.etl.documents import Fetcher, Selection, Source
    from nascar_warehouse.warehouse.storage.home import Home


@dataclass(frozen=True)
class Job:
    """What to do, and where the result goes."""

    command: str
    home: Home
    sources: Sequence[Source]
    """What the warehouse is made of."""
    asked: Sequence[tuple[Source, Fetcher]]
    """What is fetched first."""
    selection: Selection
    keep: int
    """The number of snapshots."""
    full_refresh: bool = False
    """Read every document again."""
    resume: bool = False
    """Build also where a rollback restored an earlier warehouse."""
    as_of: datetime | None = None
    """Leave out what was fetched later."""
    accepted: frozenset[str] = frozenset()
    """Ids of document versions to use although they lost rows."""
    wait_seconds: float = 0
    """How long to wait for another process that is writing."""
    is_sweep: bool = False
    """No source was named: all are asked."""
    progress: Progress = field(default_factory=NoProgress)
    result: RunResult = field(default_factory=RunResult)
    """Filled as the job goes on, so that the caller has it also when the job fails."""

    def named_documents(self) -> set[str]:
        """The index documents of the seasons that were named, as problems name them; none if no season was named."""
        if self.selection.seasons is None:
            return set()
        return {
            f"{index.source_id} {index.key}"
            for source, _ in self.asked
            for index in source.index_documents(self.selection)
        }
