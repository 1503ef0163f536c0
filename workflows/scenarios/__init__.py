"""Scenarios: case files played against the real rules, with what is expected."""
