"""A document: its symbol, masthead and language versions; published when all are out."""

from domain.documents.document import Document as Document
from domain.documents.document import Version as Version
