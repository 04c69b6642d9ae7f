"""The style sheet and the scripts: all in the package, each at an address that holds the digest of its bytes.

The scripts that others wrote stand in `static/` with their licences; `static/SOURCES.md` says from where, and a test
holds their digests.
"""

from functools import cache
from importlib.resources import files

from fastapi import APIRouter
from fastapi.responses import Response

from curate.web.ground.bench import missing
from schemas.bilingual import Bilingual
from schemas.digest import digest_bytes

ASSETS = {
    "page.css": (
        "text/css; charset=utf-8",
        (("curate.report", "templates/tokens.css"), ("curate.web", "static/page.css")),
    ),
    "page.js": ("text/javascript; charset=utf-8", (("curate.web", "static/page.js"),)),
    "htmx.min.js": ("text/javascript; charset=utf-8", (("curate.web", "static/htmx.min.js"),)),
    "icon.svg": ("image/svg+xml", (("curate.web", "static/icon.svg"),)),
}
"""The kind of each, and the files that it is made of."""
FOREVER = "private, max-age=31536000, immutable"

router = APIRouter()


@cache
def asset(name: str) -> bytes:
    """Read an asset."""
    return b"".join(files(package).joinpath(path).read_bytes() for package, path in ASSETS[name][1])


def asset_address(name: str) -> str:
    """Give the address of an asset; it changes with its bytes."""
    return f"/static/{digest_bytes(asset(name))[:12]}/{name}"


@router.get("/static/{digest}/{name}")
def static(digest: str, name: str) -> Response:
    if name not in ASSETS or asset_address(name) != f"/static/{digest}/{name}":
        raise missing(Bilingual("there is no such file", "没有这个文件"))
    return Response(asset(name), media_type=ASSETS[name][0], headers={"Cache-Control": FOREVER})
