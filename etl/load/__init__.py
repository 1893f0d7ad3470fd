"""Document versions to raw tables."""
