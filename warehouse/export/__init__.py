"""The published warehouse in other forms, to be taken away."""
