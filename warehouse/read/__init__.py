"""Answers from the published warehouse."""
