"""Loads a folder with `datasets.load_dataset` as a user would, and prints what came out of it."""

import json
import sys

import datasets

loaded = datasets.load_dataset(sys.argv[1])
split = loaded["train"]
print(
    json.dumps(
        {
            "splits": {name: rows.num_rows for name, rows in loaded.items()},
            "columns": split.column_names,
            "rows": [split[n] for n in range(min(split.num_rows, int(sys.argv[2])))],
        },
        ensure_ascii=False,
    )
)
