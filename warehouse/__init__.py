"""Keep the warehouse and hand it out: paths, publishing, SQL scripts, checks and read-only queries."""

__version__ = "0.1.0"
