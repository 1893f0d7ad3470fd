"""`sql/` as a graph: run it, check it."""
