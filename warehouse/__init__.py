"""Keep the warehouse and hand it out: publish, build `sql/`, check, answer."""
