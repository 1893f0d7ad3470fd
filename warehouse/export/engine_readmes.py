"""The README of an export for another engine."""

SPARK = """# NASCAR warehouse for Spark

- `data/SCHEMA/NAME/`: a table as Parquet
- `tables/` and `views/`: the statement that creates each relation, with comments; `manifest.json` lists them in order
- `load.py`: creates all of them

```sh
spark-submit --conf spark.sql.catalogImplementation=hive load.py
```

creates them in the Hive catalogue of your configuration, or in one in the current folder. Without the setting Spark
keeps a catalogue in memory only, and nothing is left after the load. Where the configuration has a catalogue of another
kind, leave the setting out. In a notebook:

```python
from pathlib import Path
from load import load

load(spark, Path("."), location="s3a://bucket/nascar")  # location: where the cluster finds a copy of this folder
spark.table("marts.closest_finishes").where("rank <= 10").show()
```

Tables read the files where they are: keep the folder, or copy it first. Load again after each export; what an earlier
load created is replaced. Spark 3.4 or newer is needed, for times without a zone.

Spark sorts NULL first and gives rows of a view in no order: write ORDER BY. `manifest.json` has the number of rows of
each relation, and whom to credit. Schemas other than core, marts and ops hold only what views read.
"""

POSTGRES = """# NASCAR warehouse for PostgreSQL

- `data/SCHEMA/NAME.csv`: a table as CSV, since PostgreSQL does not read Parquet
- `tables/` and `views/`: the statement that creates each relation, with comments
- `load.sql`: creates and fills all of them in one transaction

```sh
createdb nascar
cd THIS_FOLDER && psql --file load.sql nascar
psql nascar --command "SELECT * FROM marts.closest_finishes WHERE rank <= 10 ORDER BY rank, race_date"
```

Load again after each export: readers see the old rows until the new ones are complete. Views of your own that read
these stop the load: create them after it, in a schema of your own, and drop them before the next one.
PostgreSQL 12 or newer is needed.

`manifest.json` has the number of rows of each relation, and whom to credit. Schemas other than core, marts and ops
hold only what views read.
"""
