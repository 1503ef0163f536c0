"""Receipts: their signed form, and making them from the record."""
