"""The commands of `nascar`, by what they do."""
