"""Queries: everything that is shown is read here."""
