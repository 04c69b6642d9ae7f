"""The polars frame that carries records through the stages; its schema follows `Record`."""

import types
from typing import Any, Literal, Union, get_args, get_origin

import polars as pl
from pydantic import BaseModel

from schemas.record import Record


def _dtype(annotation: Any) -> Any:
    """Find the polars type of a pydantic field."""
    origin = get_origin(annotation)
    if origin in (Union, types.UnionType):
        return _dtype(next(a for a in get_args(annotation) if a is not type(None)))
    if origin is Literal or annotation is str:
        return pl.String
    if annotation is int:
        return pl.Int64
    if origin is tuple:
        return pl.List(_dtype(get_args(annotation)[0]))
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return pl.Struct({name: _dtype(field.annotation) for name, field in annotation.model_fields.items()})
    raise TypeError(f"no polars type for {annotation}")


SCHEMA = pl.Schema({name: _dtype(field.annotation) for name, field in Record.model_fields.items()})
"""id, messages: list of {role, content}, kind, lang, source: {file, digest, rows}, parent, group, tags."""


def frame_of(records: list[dict[str, Any]]) -> pl.DataFrame:
    """Build a frame with SCHEMA from plain dictionaries that have the fields of `Record`."""
    return pl.DataFrame(records, schema=SCHEMA)


def has_tag(tag: str) -> pl.Expr:
    """Tell whether a record of a frame has a tag; see schemas/tags.py."""
    return pl.col("tags").list.contains(tag)
