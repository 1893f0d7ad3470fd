"""Bytes and text to values; no I/O."""
