"""Certificates of servers in PEM files."""

from __future__ import annotations

from pathlib import Path

from adapters.files import bounded_files
from domain.ports.certificates import Certificate
from domain.ports.errors import Unavailable


def read_certificate(path: Path) -> Certificate:
    """The first certificate of a file, which is the server's own. Raises Unavailable."""
    from cryptography import x509  # noqa: PLC0415 (8 MB, which few commands need)

    try:
        found = x509.load_pem_x509_certificate(bounded_files.read_file(path))
    except ValueError as error:
        raise Unavailable(f"{path} holds no certificate in PEM.") from error
    try:
        names = found.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
        hosts = names.get_values_for_type(x509.DNSName)
        addresses = names.get_values_for_type(x509.IPAddress)
    except x509.ExtensionNotFound:
        hosts, addresses = [], []
    return Certificate(
        names=[*hosts, *map(str, addresses)],
        since=found.not_valid_before_utc,
        until=found.not_valid_after_utc,
    )
