"""The pages in `docs/` that are made from the files in `sql/`; `python -m tests.support.generated_docs` writes them.

At a release, `python -m tests.support.generated_docs --release` writes `sql/contract.csv` too.
"""

from __future__ import annotations

import csv
import io
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from nascar_warehouse.warehouse.export.relations import Relation, read_relations
from nascar_warehouse.warehouse.read.contract import read_public_columns
from nascar_warehouse.warehouse.read.dictionary import describe_relations
from nascar_warehouse.warehouse.read.questions import NamedQuestion, read_questions
from nascar_warehouse.warehouse.read.references import find_target
from nascar_warehouse.warehouse.read.table import markdown_line
from nascar_warehouse.warehouse.storage.connection import open_published
from nascar_warehouse.warehouse.storage.home import Home
from tests.support.commands import run_on

DOCS = Path(__file__).resolve().parents[2] / "docs"
WRITE = "python -m tests.support.generated_docs"


def questions_page() -> str:
    """`docs/questions.md`: every named question with an example."""
    questions = read_questions().values()
    rows = "\n".join(map(_question_row, questions))
    return f"""\
<!-- Made from sql/questions by `{WRITE}`; do not edit. -->
# Questions

`nascar ask` lists these {len(questions)} questions, `nascar ask QUESTION` answers one. A driver, a track, an event or a team is an id or words of a name.
`--series` is the Cup unless you say otherwise, `--season` takes one season or a range. Each answer says on the error stream for how many races what it
needs is known: what is not known is not counted. `marts.fact_coverage` counts for each season where the fact that an answer rests on is known.

| question | example | further options | rests on |
| --- | --- | --- | --- |
{rows}
"""


def _question_row(question: NamedQuestion) -> str:
    fact = ", ".join(question.coverage.facts).replace("_", " ") if question.coverage else ""
    used = question.example.split()
    options = " ".join(option for option in question.options.split() if option.strip("[]") not in used)
    return markdown_line([question.what, f"`{question.command}`", f"`{options}`" if options else "", fact])


def dictionary_page(home: Home) -> str:
    """`docs/data-dictionary.md`: every public relation with its columns, and how those of core refer to each other."""
    with open_published(home) as con:
        relations = read_relations(con)
    with_section = {relation.name for relation in relations}
    overview = "\n".join(
        markdown_line(
            [
                f"[`{name}`](#{name.replace('.', '')})" if name in with_section else f"`{name}`",
                kind,
                grain or "",
                description,
            ]
        )
        for name, kind, grain, description in describe_relations(home).values
    )
    sections = "\n".join(map(_relation_section, relations))
    return f"""\
<!-- Made from sql/ by `{WRITE}`; do not edit. -->
# Data dictionary

Every table, view and macro of `core`, `marts` and `ops`, as `nascar describe` prints them. The grain is the columns that no two rows share.
`nascar lineage RELATION.COLUMN` traces a column to what sources sent.

## All relations

| relation | kind | grain | what it is |
| --- | --- | --- | --- |
{overview}

## How the relations of core refer to each other

```mermaid
{_diagram([relation for relation in relations if relation.schema == "core"])}
```

## The columns of each

{sections}"""


def _diagram(relations: Sequence[Relation]) -> str:
    """The references between relations, in Mermaid; the names of columns stand at the lines."""
    names = {relation.name for relation in relations}
    lines = ["erDiagram"]
    for relation in relations:
        columns: dict[str, list[str]] = {}
        for column in relation.columns:
            target = find_target(relation.name, column.name)
            if target in names and target != relation.name:
                columns.setdefault(str(target), []).append(column.name)
        lines += [
            f'  {relation.short_name} }}o--|| {target.partition(".")[2]} : "{", ".join(of_target)}"'
            for target, of_target in columns.items()
        ]
    return "\n".join(lines)


def _relation_section(relation: Relation) -> str:
    lines = [
        markdown_line([column.name, column.type, f"`{target}`" if target else "", column.description])
        for column in relation.columns
        for target in [find_target(relation.name, column.name)]
    ]
    table = "\n".join(["| column | type | refers to | meaning |", "| --- | --- | --- | --- |", *lines])
    return f"""\
### {relation.name}

{relation.description}. One row for each {", ".join(relation.grain)}.

{table}
"""


def contract_file(home: Home) -> str:
    """`sql/contract.csv`: the public schema as it is now."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(["relation", "column_name", "type"])
    writer.writerows([*key, kind] for key, kind in read_public_columns(home).items())
    return out.getvalue()


def pages(home: Home) -> dict[str, str]:
    """The text of each page by its name; the home has a warehouse of the facts that come with the program."""
    return {"questions.md": questions_page(), "data-dictionary.md": dictionary_page(home)}


def _write_all() -> None:
    with tempfile.TemporaryDirectory() as folder:
        home = Home(Path(folder))
        run_on(home.root, "build")
        for name, text in pages(home).items():
            (DOCS / name).write_text(text, encoding="utf-8")
        if "--release" in sys.argv:
            (DOCS.parent / "sql" / "contract.csv").write_text(contract_file(home), encoding="utf-8")


if __name__ == "__main__":
    _write_all()
