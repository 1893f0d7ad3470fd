"""What the data means: one file a relation, one folder a schema; `warehouse/build/scripts.py` reads them."""
