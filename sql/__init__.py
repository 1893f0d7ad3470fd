"""What the data means: one file a relation, one folder a schema; Python reads them through `warehouse.scripts`."""
