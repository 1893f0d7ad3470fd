"""The API by its own description: no value makes an unexpected error, and every answer is as the description says."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

import pytest
from hypothesis import HealthCheck, Phase, given, settings

from nascar_warehouse.warehouse.explorer.openapi import describe
from nascar_warehouse.warehouse.explorer.settings import ServerSettings
from tests.warehouse.explorer.conftest import visit_home

if TYPE_CHECKING:
    from schemathesis.checks import CheckFunction

pytestmark = pytest.mark.slow

FORMS = ("json", "csv", "parquet")
CASES_OF_A_PATH = {"json": 3, "csv": 1, "parquet": 1}


def paths_of(form: str) -> list[str]:
    endings = tuple(f".{other}" for other in FORMS[1:])
    return [
        path for path in describe()["paths"] if path.endswith(f".{form}") or (form == "json") > path.endswith(endings)
    ]


def test_every_path_has_a_form() -> None:
    assert sorted(describe()["paths"]) == sorted(path for form in FORMS for path in paths_of(form))


@pytest.mark.parametrize("mode", ["positive", "negative"])
@pytest.mark.parametrize("form", FORMS)
def test_an_answer_is_as_the_description_says(home_of_almanac: Path, form: str, mode: str) -> None:
    """Values that the description allows, and others that it does not: those are refused."""
    import schemathesis  # Half a second.
    from schemathesis.specs.openapi.checks import negative_data_rejection, positive_data_acceptance

    visit, log = visit_home(home_of_almanac, ServerSettings(requests_per_second=1e6, requests_in_burst=1_000_000))
    schema = schemathesis.openapi.from_dict(describe())
    statuses: set[int] = set()

    for path in paths_of(form):
        operation = schema[path]["GET"]
        if mode == "negative" and not describe()["paths"][path]["get"]["parameters"]:
            continue

        @settings(
            max_examples=CASES_OF_A_PATH[form],
            derandomize=True,
            database=None,
            deadline=None,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        )
        @given(case=operation.as_strategy(generation_mode=schemathesis.GenerationMode(mode)))
        def ask(case: schemathesis.Case[Any]) -> None:
            query = {name: value for name, value in (case.query or {}).items() if value is not None}
            answer = visit(f"{case.formatted_path}?{urlencode(query, doseq=True, errors='surrogatepass')}")
            statuses.add(answer.status_code)
            has_empty = any(str(value).strip() == "" for value in query.values())
            # What the description allows may still be no name of a driver, and an empty value counts as left out.
            excluded: list[CheckFunction] = [
                positive_data_acceptance,
                *([negative_data_rejection] if has_empty else []),
            ]
            case.validate_response(answer, excluded_checks=excluded)

        ask()

    assert (200 if mode == "positive" else 400) in statuses
    assert statuses <= {200, 400, 404}
    assert [] == [line for line in log if '"error"' in line]
