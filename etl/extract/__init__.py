"""Ask for documents that are due and keep what arrives."""
