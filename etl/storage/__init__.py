"""The two SQLite files of a home: kept documents and the run log."""
