"""The standard streams and the arguments of the program, whatever the shell that starts it made of them."""

from __future__ import annotations

import errno
import io
import os
import sys
from contextlib import suppress
from pathlib import Path

from nascar_warehouse.warehouse.errors import MachineFailure, UsageError

_OUTPUT_ERRORS = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO, errno.EBADF}


def prepare_streams() -> None:
    """Open the null device for each stream that was closed, and let the output take letters that its encoding lacks.

    A file that is opened while a stream is closed would get its number, and what is printed. A letter that the encoding
    lacks is written as its number in hexadecimal.
    """
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:
            setattr(sys, name, Path(os.devnull).open(mode, encoding="utf-8"))  # noqa: SIM115  # it stays open
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")


def decode_arguments() -> None:
    """Take arguments for UTF-8, as they are written today, also where the locale says that they are ASCII."""
    for number, argument in enumerate(sys.argv):
        with suppress(UnicodeDecodeError):
            sys.argv[number] = os.fsencode(argument).decode()


def flush_streams() -> None:
    """Write what is left; raises `MachineFailure` when the output cannot take it. A closed pipe has had enough."""
    try:
        with suppress(BrokenPipeError):
            for stream in filter(None, (sys.stdout, sys.stderr)):
                stream.flush()
    except OSError as error:
        raise as_output_failure(error) from error


def is_output_error(error: OSError) -> bool:
    """Whether an error that names no file is one of writing to the standard output."""
    return error.filename is None and error.errno in _OUTPUT_ERRORS


def as_output_failure(error: OSError) -> MachineFailure:
    """The error of a standard output that cannot take what is printed."""
    return MachineFailure(
        f"the output cannot be written: {error.strerror or error}", "free some space, or send it elsewhere"
    )


def read_standard_input() -> str:
    """All of the standard input as text; raises `UsageError` when it is not UTF-8."""
    content = sys.stdin.buffer.read()
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise UsageError(
            f"the standard input is not UTF-8 text (byte {error.start})", "save the file as UTF-8"
        ) from error
