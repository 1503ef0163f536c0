"""Proofs of a sender's text: a file beside the receipt, valid also after an erasure."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from domain.canonical import canonical_json
from domain.event_proofs import commitment, event_hash, sealed_place
from domain.ports.codec import Codec
from domain.ports.text_proofs import FORMAT, ProvedText, TextProof
from workflows.receipts.format import Receipt


class InvalidTextProof(Exception):
    """A file proves no text of the response that a receipt is of; the message says why."""


def format_text_proof(proof: TextProof, codec: Codec) -> bytes:
    """The whole file, in JSON."""
    return canonical_json(codec.to_plain(proof)) + b"\n"


def verify_text_proof(content: bytes, receipt: Receipt, codec: Codec) -> tuple[ProvedText, ...]:
    """The texts that are proved to have been in the event of a receipt. Raises InvalidTextProof.

    The receipt must have been verified before: its signature covers the hash of the event.
    """
    try:
        proof: TextProof = codec.from_plain(json.loads(content), TextProof)
        sealed: Mapping[str, Any] = json.loads(proof.state)["fact"]["sealed"]
    except (ValueError, KeyError, TypeError) as error:
        raise InvalidTextProof("the file is no proof of a text") from error
    _require(proof.format == FORMAT, f"its format is {proof.format!r}, not {FORMAT!r}")
    place = (proof.organisation, proof.stream, proof.version)
    of_receipt = (receipt.organisation, f"window/{receipt.window}", receipt.version)
    _require(place == of_receipt, "it is of another response than the receipt")
    hash_ = event_hash(*place, proof.name, proof.state.encode())
    _require(hash_ == receipt.event_hash, "its event is not the one that the receipt states")
    _require(proof.texts, "it holds no text")
    for text in proof.texts:
        shown = canonical_json({"salt": text.salt, "value": text.value})
        found = commitment(sealed_place(*place, text.path), shown)
        same = found == sealed.get(text.path, {}).get("commitment")
        _require(same, f"the event does not commit to this {text.path}")
    return proof.texts


def _require(holds: object, because: str) -> None:
    if not holds:
        raise InvalidTextProof(because)
