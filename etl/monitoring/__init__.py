"""What people and schedulers see of a run: log, metrics, status, progress."""
