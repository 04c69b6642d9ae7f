"""Croissant: what is in an export, in JSON-LD that dataset search engines read."""

from typing import Any

from curate.publish.export_formats import ExportFormat, text
from curate.publish.licences import terms_of
from schemas.manifest import Manifest
from schemas.recipe import Recipe

CONTEXT: dict[str, Any] = {
    "@language": "en",
    "@vocab": "https://schema.org/",
    "citeAs": "cr:citeAs",
    "column": "cr:column",
    "conformsTo": "dct:conformsTo",
    "cr": "http://mlcommons.org/croissant/",
    "data": {"@id": "cr:data", "@type": "@json"},
    "dataType": {"@id": "cr:dataType", "@type": "@vocab"},
    "dct": "http://purl.org/dc/terms/",
    "equivalentProperty": "cr:equivalentProperty",
    "examples": {"@id": "cr:examples", "@type": "@json"},
    "extract": "cr:extract",
    "field": "cr:field",
    "fileObject": "cr:fileObject",
    "fileProperty": "cr:fileProperty",
    "fileSet": "cr:fileSet",
    "format": "cr:format",
    "includes": "cr:includes",
    "isLiveDataset": "cr:isLiveDataset",
    "jsonPath": "cr:jsonPath",
    "key": "cr:key",
    "md5": "cr:md5",
    "parentField": "cr:parentField",
    "path": "cr:path",
    "rai": "http://mlcommons.org/croissant/RAI/",
    "recordSet": "cr:recordSet",
    "references": "cr:references",
    "regex": "cr:regex",
    "repeated": "cr:repeated",
    "replace": "cr:replace",
    "samplingRate": "cr:samplingRate",
    "sc": "https://schema.org/",
    "separator": "cr:separator",
    "source": "cr:source",
    "subField": "cr:subField",
    "transform": "cr:transform",
}


RECORD: tuple[dict[str, Any], ...] = (
    *map(text, ("id", "kind", "lang")),
    {"name": "messages", "list": [text("role"), text("content")]},
)
"""The columns that are described of a file that declares its columns itself."""


def croissant(
    manifest: Manifest, recipe: Recipe, export_format: ExportFormat, files: dict[str, tuple[int, str]], rows: int
) -> dict[str, Any]:
    """Describe an export. `files` are its data files by name, with size and sha256, `rows` counts what is in them."""
    licence = terms_of(recipe.licence)

    return {
        "@context": CONTEXT,
        "@type": "sc:Dataset",
        "conformsTo": "http://mlcommons.org/croissant/1.0",
        "name": manifest.name,
        "description": f"{rows} training {export_format.unit.en}, version {manifest.id}. See README.md.",
        "identifier": manifest.id,
        "version": "1.0.0",
        "license": licence.url if licence else recipe.licence or "not stated",
        "distribution": [
            {
                "@type": "cr:FileObject",
                "@id": name,
                "name": name,
                "contentUrl": name,
                "contentSize": f"{size} B",
                "encodingFormat": export_format.media_type,
                "sha256": sha256,
            }
            for name, (size, sha256) in files.items()
        ],
        "recordSet": [_record_set(name, export_format) for name in files],
    }


def _record_set(file: str, export_format: ExportFormat) -> dict[str, Any]:
    """Describe the columns of one file: those of text, and the conversation with a field for each key of a message."""
    name = file.partition(".")[0]
    fields = []
    for feature in export_format.features or RECORD:
        path = f"{name}/{feature['name']}"
        source = {"fileObject": {"@id": file}, "extract": {"column": feature["name"]}}
        if "dtype" in feature:
            fields.append(_field(path, source))
        elif isinstance(feature.get("list"), list):
            keys = [
                _field(f"{path}/{key['name']}", {**source, "transform": {"jsonPath": key["name"]}})
                for key in feature["list"]
            ]
            conversation = _field(path, source)
            del conversation["dataType"]
            fields.append({**conversation, "repeated": True, "subField": keys})

    return {"@type": "cr:RecordSet", "@id": name, "name": name, "field": fields}


def _field(path: str, source: dict[str, Any]) -> dict[str, Any]:
    return {"@type": "cr:Field", "@id": path, "name": path, "dataType": "sc:Text", "source": source}
