"""One module a publisher: what its documents are called, where they are, and what their bytes mean."""
