"""The explorer: pages on the published warehouse, for reading in a browser."""
