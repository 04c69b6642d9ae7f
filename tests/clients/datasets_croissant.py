"""Validates a Croissant file with mlcroissant, and reads the rows that it describes."""

import json
import logging
import sys
from itertools import islice

import mlcroissant

logged: list[str] = []


class Listening(logging.Handler):
    def emit(self, record: logging.LogRecord) -> None:
        logged.append(record.getMessage())


logging.getLogger().addHandler(Listening())
logging.getLogger("absl").addHandler(Listening())
described = mlcroissant.Dataset(jsonld=sys.argv[1])
issues = described.metadata.ctx.issues
sets = {s.name: [f.name for f in s.fields] for s in described.metadata.record_sets}
rows = [
    {name: value.decode() if isinstance(value, bytes) else value for name, value in row.items()}
    for name in sets
    for row in islice(described.records(record_set=name), 5)
]
print(
    json.dumps(
        {
            "errors": sorted(issues.errors),
            "warnings": sorted(issues.warnings),
            "sets": sets,
            "rows": rows,
            "logged": logged,
        },
        ensure_ascii=False,
        default=str,
    )
)
