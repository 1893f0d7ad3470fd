"""Make ready for a build while documents are still coming.

Reading files, hashing and compressing leave a processor free, and what a build needs takes a third of a second to be
imported and read. So a thread does that as soon as something new has come.
"""

from __future__ import annotations

import functools
import threading
from contextlib import suppress


@functools.cache
def expect_build() -> None:
    """Begin, once in a process; whoever needs the same finds it there or waits for it."""
    threading.Thread(target=_make_ready, name="foresight", daemon=True).start()


def _make_ready() -> None:
    # What is wrong here is wrong again, and told, where it is needed.
    with suppress(Exception):
        from warehouse.scripts import read_scripts

        read_scripts()
