"""Evidence files that came with responses, given out as files that no browser opens by itself."""

from __future__ import annotations

from fastapi.responses import Response

from workflows.queries.queries import Queries


def download(queries: Queries, organisation: str, window: str, number: int) -> Response:
    """The evidence file of a response, to be kept; it is never run or shown here.

    Raises Refused where there is none, or where names are withheld.
    """
    content = queries.evidence_files.get(organisation, window, number)
    headers = {
        "Content-Disposition": f'attachment; filename="paper-of-response-{number}"',
        "Cache-Control": "no-store",
    }
    return Response(content, headers=headers, media_type="application/octet-stream")
