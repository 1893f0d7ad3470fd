"""The pages in `docs/` that are made from the files in `sql/`; `python -m tests.support.generated_docs` writes them."""

from __future__ import annotations

from pathlib import Path

from nascar_warehouse.warehouse.read.questions import NamedQuestion, read_questions

DOCS = Path(__file__).resolve().parents[2] / "docs"
WRITE = "python -m tests.support.generated_docs"


def questions_page() -> str:
    """`docs/questions.md`: every named question with an example."""
    questions = read_questions().values()
    sections = "\n".join(map(_question_section, questions))
    return f"""\
<!-- Made from sql/questions by `{WRITE}`; do not edit. -->
# Questions

`nascar ask` lists these {len(questions)} questions, `nascar ask QUESTION` answers one. A driver, a track or a team is an id or words of a name.
Options in brackets may be left out; `--series` is the Cup unless you say otherwise, `--season` takes one season or a range. Each answer says on the
error stream for how many races what it needs is known: what is not known is not counted.

{sections}"""


def _question_section(question: NamedQuestion) -> str:
    coverage = ""
    if question.coverage:
        fact = question.coverage.fact.replace("_", " ")
        coverage = f" Rests on the {fact} of each race; `marts.fact_coverage` counts where it is known."
    return f"""\
## {question.name}

{question.what}{coverage} Options: `{question.options}`

```sh
{question.command}
```
"""


def pages() -> dict[str, str]:
    """The text of each page by its name."""
    return {"questions.md": questions_page()}


if __name__ == "__main__":
    for name, text in pages().items():
        (DOCS / name).write_text(text, encoding="utf-8")
