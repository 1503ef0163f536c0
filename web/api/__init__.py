"""The record as JSON."""
