"""Bring data in: fetch documents, keep their bytes, parse them into frames and load them."""
