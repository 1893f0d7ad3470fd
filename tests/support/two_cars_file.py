"""A whole file of nascaR.data, of a race of two cars."""

from __future__ import annotations

from tests.support.nascar_results_files import as_parquet, placeholder, results

TWO_CARS = results(1, "Ann Winner", "Bob Second")
GOOD = as_parquet(*TWO_CARS, placeholder())
