"""The commands of the program by name; the options of a command are read only when it runs.

Typer reads those of every command at each start, which takes longer than our imports. The list of commands in the help
needs only the first sentence of each.
"""

from __future__ import annotations

import inspect
from collections.abc import Mapping
from functools import cache
from typing import TYPE_CHECKING, Any

from typer.core import TyperCommand, TyperGroup
from typer.main import get_command_from_info, get_command_name
from typer.models import CommandInfo

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


class Commands(Mapping[str, Any]):
    """Name → command, in the order of the functions that they are made of."""

    def __init__(self, *functions: Callable[..., object]) -> None:
        self._functions = {get_command_name(function.__name__): function for function in functions}

    def __getitem__(self, name: str) -> Any:
        return _make_command(self._functions[name])

    def __iter__(self) -> Iterator[str]:
        return iter(self._functions)

    def __len__(self) -> int:
        return len(self._functions)

    def summaries(self, width: int) -> list[tuple[str, str]]:
        """The first sentence of each command, in at most so many characters."""
        return [
            (name, TyperCommand(name, help=inspect.getdoc(function)).get_short_help_str(width))
            for name, function in self._functions.items()
        ]


def group_of(*functions: Callable[..., object]) -> type[TyperGroup]:
    """The class of a group that has these functions as its commands."""
    known = Commands(*functions)

    class Group(TyperGroup):
        """A group whose commands are made when they are asked for."""

        def __init__(self, **attributes: Any) -> None:
            super().__init__(**attributes | {"commands": known})

        def list_commands(self, ctx: Any) -> list[str]:  # noqa: ARG002  # as the group of Typer has it
            """The names, in the order given."""
            return list(known)

        def format_commands(self, ctx: Any, formatter: Any) -> None:  # noqa: ARG002  # as above
            """Write the list of commands, without making any."""
            width = formatter.width - 6 - max(map(len, known))
            with formatter.section("Commands"):
                formatter.write_dl(known.summaries(width))

    return Group


@cache
def _make_command(function: Callable[..., object]) -> Any:
    return get_command_from_info(CommandInfo(callback=function), pretty_exceptions_short=False, rich_markup_mode=None)
