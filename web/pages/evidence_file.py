"""Evidence files that came with responses, given out as files that no browser opens by itself."""

from __future__ import annotations

from fastapi.responses import Response

from workflows.queries.queries import Queries


def download(queries: Queries, organisation: str, window: str, number: int) -> Response:
    """The evidence file of a response, to be kept; it is never run or shown here.

    A message that came by mail is called one; of what any other file is, nothing is said. Raises
    Refused where there is none, or where names are withheld.
    """
    file = queries.evidence_files.get(organisation, window, number)
    name = f"message-of-response-{number}.eml" if file.by_mail else f"paper-of-response-{number}"
    headers = {
        "Content-Disposition": f'attachment; filename="{name}"',
        "Cache-Control": "no-store",
    }
    media_type = "message/rfc822" if file.by_mail else "application/octet-stream"
    return Response(file.content, headers=headers, media_type=media_type)
