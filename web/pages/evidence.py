"""Papers that came with responses, given out as files that no browser opens by itself."""

from __future__ import annotations

from fastapi.responses import Response

from workflows.queries.queries import Queries


def evidence_file(reading: Queries, organisation: str, window: str, number: int) -> Response:
    """The paper of a response, to be kept; whatever somebody sent, it is never run or shown here.

    Raises Refused where there is none, or where names are withheld.
    """
    paper = reading.evidence(organisation, window, number)
    headers = {
        "Content-Disposition": f'attachment; filename="paper-of-response-{number}"',
        "X-Content-Type-Options": "nosniff",
        "Cache-Control": "no-store",
    }
    return Response(paper, headers=headers, media_type="application/octet-stream")
