"""What the operating system keeps a process from doing, whatever the engine in it is made to do.

Limits of memory, of files and of time hold on every POSIX system. Landlock (Linux 5.13 and later) also closes the file
system and the network; elsewhere the published file is read-only, and `docs/operations.md` says to let another user
read.
"""

from __future__ import annotations

import ctypes
import os
import re
import resource
import signal
import struct
import sys
from pathlib import Path

# Numbers and structures from linux/landlock.h, linux/prctl.h and the system call table; Landlock came after the
# tables of the architectures were made one, so its numbers are the same everywhere.
_CREATE_RULESET, _ADD_RULE, _RESTRICT_SELF = 444, 445, 446
_GET_VERSION = 1
_RULE_PATH_BENEATH = 1
_ACCESS_READ_FILE = 1 << 2
_FILE_RIGHTS_BY_VERSION = {1: (1 << 13) - 1, 2: (1 << 14) - 1, 3: (1 << 15) - 1, 4: (1 << 15) - 1, 5: (1 << 16) - 1}
_NETWORK_RIGHTS = 0b11
"""Bind and connect with TCP; since version 4."""
_SCOPES = 0b11
"""Abstract sockets and signals to processes outside; since version 6."""
_SIZES = Path("/proc/self/status")
_SIZE = re.compile(r"^(VmData|RssAnon):\s*([0-9]+) kB$", re.MULTILINE)
_PR_SET_PDEATHSIG = 1
_PR_SET_NO_NEW_PRIVS = 38


def end_with_parent() -> None:
    """Have the system end this process when the one that forked it ends, on Linux."""
    if sys.platform == "linux":
        _c_library().prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)


def allow_reading_only(path: Path) -> bool:
    """Close the file system and TCP to this thread and the threads it starts, all but reading one file.

    Files that are open stay so. Returns whether the system can do that; `OSError` when it should and does not.
    """
    if sys.platform != "linux":
        return False
    library = _c_library()
    version = library.syscall(_CREATE_RULESET, None, 0, _GET_VERSION)
    if version < 1:
        return False
    rights = _FILE_RIGHTS_BY_VERSION.get(version, _FILE_RIGHTS_BY_VERSION[5])
    attributes = struct.pack("=QQQ", rights, _NETWORK_RIGHTS if version >= 4 else 0, _SCOPES if version >= 6 else 0)
    size = 8 if version < 4 else 16 if version < 6 else 24
    ruleset = _checked(library.syscall(_CREATE_RULESET, attributes[:size], size, 0))
    file = os.open(path, os.O_PATH | os.O_CLOEXEC)
    try:
        rule = struct.pack("=Qi", _ACCESS_READ_FILE, file)
        _checked(library.syscall(_ADD_RULE, ruleset, _RULE_PATH_BENEATH, rule, 0))
        _checked(library.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0))
        _checked(library.syscall(_RESTRICT_SELF, ruleset, 0))
    finally:
        os.close(file)
        os.close(ruleset)
    return True


def forbid_growing_files() -> None:
    """Let no file grow and no core be written; a write that would is an error of the statement."""
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


class MemoryLimit:
    """Limits the memory of this process. Make it before the file system is closed: it needs a file of /proc."""

    def __init__(self) -> None:
        self._sizes = _SIZES.open() if _SIZES.exists() else None

    def set(self, more_bytes: int) -> None:
        """Let this process take so many bytes more than it has now.

        The limit is one of writable addresses: those of libraries are no memory, and what an allocator has reserved
        counts when it becomes writable. What is writable and was never touched is part of what the process may take.
        Where the system does not say what a process has, only the engine's own limit holds.
        """
        if self._sizes is None:
            return
        with self._sizes as file:
            sizes = {name: int(kilobytes) * 1024 for name, kilobytes in _SIZE.findall(file.read())}
        limit = max(sizes["RssAnon"] + more_bytes, sizes["VmData"] + more_bytes // 2)
        resource.setrlimit(resource.RLIMIT_DATA, (limit, limit))


def _c_library() -> ctypes.CDLL:
    library = ctypes.CDLL(None, use_errno=True)
    library.syscall.restype = ctypes.c_long
    return library


def _checked(result: int) -> int:
    if result < 0:
        error = ctypes.get_errno()
        raise OSError(error, os.strerror(error))
    return result
