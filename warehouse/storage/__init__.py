"""Files of a home: published warehouse, snapshots, lock, disk."""
