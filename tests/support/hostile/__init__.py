"""Statements of strangers who want more than to read: by class, with places for the paths that they aim at.

`{home}` is the folder of the warehouse, `{file}` the published file, `{outside}` a text file beside it with a secret,
`{here}` the current folder. In a class of `REFUSED` no statement may run at all; one of `BOUNDED` may answer, within its
limits.
"""

from __future__ import annotations

from tests.support.hostile import changing, deceiving, exhausting, reaching, unlisted

REFUSED = {
    "files": reaching.FILES,
    "copies": reaching.COPIES,
    "objects": reaching.OBJECTS,
    "attachments": reaching.ATTACHMENTS,
    "extensions": reaching.EXTENSIONS,
    "settings": changing.SETTINGS,
    "secrets": changing.SECRETS,
    "logging": changing.LOGGING,
    "explanations": deceiving.EXPLANATIONS,
    "prepared": deceiving.PREPARED,
    "stacked": deceiving.STACKED,
    "tricks": deceiving.TRICKS,
    "catalogue": changing.CATALOGUE,
    "kinds": unlisted.KINDS,
    "ways": unlisted.WAYS,
}

BOUNDED = {
    "functions": exhausting.FUNCTIONS,
    "recursion": exhausting.RECURSION,
    "joins": exhausting.JOINS,
    "lists": exhausting.LISTS,
    "strings": exhausting.STRINGS,
    "patterns": exhausting.PATTERNS,
    "spills": exhausting.SPILLS,
    "answers": exhausting.ANSWERS,
    "huge": exhausting.HUGE,
    "nested": exhausting.NESTED,
    "computed": exhausting.COMPUTED,
}
